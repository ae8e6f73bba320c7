"""The addresses of the departments' door."""

from django.urls import path

from credit.api import events, standing

urlpatterns = [
    path("standing", standing.StandingDoor.as_view(), name="credit_standing"),
    path("standings", standing.StandingsDoor.as_view(), name="credit_standings"),
    path("events", events.EventsDoor.as_view(), name="credit_events"),
    path("acknowledgements", events.AcknowledgementsDoor.as_view(), name="credit_acknowledgements"),
]
