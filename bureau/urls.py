"""Documents, the public check of a document, and the audit trail: addresses without a prefix of their own."""

from django.urls import path

from bureau import views

urlpatterns = [
    path("documents/<int:pk>/", views.document_pdf, name="document_pdf"),
    path("verify/<str:check_code>/", views.check_document, name="check_document"),
    path("audit/", views.audit_list, name="audit_list"),
]
