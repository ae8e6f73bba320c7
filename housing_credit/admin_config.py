"""Puts our front door before Django's admin (INSTALLED_APPS)."""

from django.contrib.admin.apps import AdminConfig


class SystemAdminConfig(AdminConfig):
    """Django's admin as the bureau runs it."""

    default_site = "housing_credit.admin_site.SystemSite"
