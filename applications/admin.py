"""The administration of the procedure: its time limits. Applications are households' data and are not here."""

from django.contrib import admin

from applications.models import PatternThreshold, Procedure
from bureau.admin_shapes import KeptAdmin


@admin.register(Procedure)
class ProcedureAdmin(KeptAdmin):
    """Time limits by the day from which they hold; the acceptance date of a case chooses among them."""

    list_display = ("effective_from", "street_days", "district_days", "city_days", "check_days", "decision_days",
                    "correction_days", "notice_days", "basis")  # fmt: skip


@admin.register(PatternThreshold)
class PatternThresholdAdmin(KeptAdmin):
    """From when on contradicted certificates of one employer are a pattern, by the day from which it holds."""

    list_display = ("effective_from", "months", "tolerance", "least_contradicted", "least_share", "basis")
