"""The addresses of the registry. Leads and cases go by their number; nothing of a person stands in an address."""

from django.urls import path

from credit.views import cases, leads, registry

app_name = "credit"

urlpatterns = [
    path("registry/", registry.search, name="registry"),
    path("files/<int:pk>/", registry.file, name="file"),
    path("leads/", leads.lead_list, name="leads"),
    path("leads/new/", leads.new_lead, name="lead_new"),
    path("leads/<str:number>/", leads.lead_page, name="lead"),
    path("leads/<str:number>/dismiss/", leads.dismiss, name="dismiss"),
    path("cases/", cases.case_list, name="cases"),
    path("cases/<str:number>/", cases.case_page, name="case"),
    path("cases/<str:number>/<slug:name>/", cases.deed, name="deed"),
]
