"""The addresses of the dashboard. Nothing of a person stands in one."""

from django.urls import path

from housing_credit.dashboard import export_views, views

app_name = "dashboard"

urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("parts/<slug:code>/", views.part, name="part"),
    path("export/", export_views.begin, name="export"),
    path("exports/", export_views.history, name="exports"),
    path("exports/progress/", export_views.progress, name="exports_progress"),
    path("exports/<int:pk>/file/", export_views.file, name="export_file"),
    path("figures/<slug:code>/", views.figure, name="figure"),
]
