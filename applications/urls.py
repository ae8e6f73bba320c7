"""Every address of this floor: the window's pages and the case pages under /applications/, the notice board."""

from django.urls import include, path

from applications import urls_cases, urls_intake

app_name = "applications"
urlpatterns = [
    path("applications/", include([*urls_intake.urlpatterns, *urls_cases.urlpatterns])),
    path("access-slips/", include(urls_cases.access_slips)),
    path("notices/", include(urls_cases.notices)),
    path("employers/", include(urls_cases.employers_board)),
]
