"""The addresses of the departments' door."""

from django.urls import path

from credit.api import standing

urlpatterns = [
    path("standing", standing.StandingDoor.as_view(), name="credit_standing"),
    path("standings", standing.StandingsDoor.as_view(), name="credit_standings"),
]
