"""The addresses of the dashboard. Nothing of a person stands in one."""

from django.urls import path

from housing_credit.dashboard import views

app_name = "dashboard"

urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("figures/<slug:code>/", views.figure, name="figure"),
]
