"""The addresses of the supervision pages."""

from django.urls import path

from housing_credit.supervision import views

app_name = "supervision"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("stuck/", views.stuck, name="stuck"),
    path("stuck/parts/<slug:code>/", views.part, name="part"),
    path("stuck/<slug:code>/", views.trouble, name="trouble"),
    path("fairness/", views.fair, name="fairness"),
    path("fairness/<slug:code>/", views.fair_part, name="fairness_part"),
]
