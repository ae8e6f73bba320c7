"""The addresses of the supervision pages."""

from django.urls import path

from housing_credit.supervision import views

app_name = "supervision"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("stuck/", views.stuck, name="stuck"),
    path("stuck/<slug:code>/", views.trouble, name="trouble"),
    path("fairness/", views.fair, name="fairness"),
]
