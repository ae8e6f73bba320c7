"""The addresses of the check centre. A check is addressed by its number; nothing of a person stands in an address."""

from django.urls import path

from verification.views import acts, reading

app_name = "verification"

urlpatterns = [
    path("", reading.checks, name="list"),
    path("<str:number>/", reading.check, name="check"),
    path("<str:number>/progress/", reading.progress, name="progress"),
    path("<str:number>/exchanges/<int:pk>/", reading.exchange, name="exchange"),
    path("<str:number>/findings/<int:pk>/confirm/", acts.confirm, name="confirm"),
    path("<str:number>/findings/<int:pk>/dismiss/", acts.dismiss, name="dismiss"),
    path("<str:number>/conclude/", acts.conclude, name="conclude"),
    path("<str:number>/ask-again/", acts.ask_again, name="ask_again"),
    path("<str:number>/cancel/", acts.cancel, name="cancel"),
]
