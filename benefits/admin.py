"""The administration of benefits: by which policies homes are allotted and reviews held. Homes are entered by housing
officers on their own pages; households' data are not here.
"""

from django.contrib import admin

from benefits.models import AllotmentPolicy, ReviewPolicy
from bureau.admin_shapes import KeptAdmin


@admin.register(AllotmentPolicy)
class AllotmentPolicyAdmin(KeptAdmin):
    """Groups of priority and what follows from an offer, by the day from which they hold."""

    list_display = ("effective_from", "answer_days", "refusals", "contract_months", "leave_days", "basis")


@admin.register(ReviewPolicy)
class ReviewPolicyAdmin(KeptAdmin):
    """How the yearly review is held, by the day from which it holds; a review keeps to the one it was opened by."""

    list_display = ("effective_from", "report_days", "demands_report", "grace_days", "basis")
