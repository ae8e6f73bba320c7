"""Registers the dashboard, which keeps its exports."""

from django.apps import AppConfig


class DashboardConfig(AppConfig):
    """The dashboard."""

    name = "housing_credit.dashboard"
    label = "dashboard"
