"""The administration of benefits: by which policy homes are allotted. Homes are entered by housing officers on their
own pages; households' data are not here.
"""

from django.contrib import admin

from benefits.models import AllotmentPolicy
from bureau.admin_shapes import KeptAdmin


@admin.register(AllotmentPolicy)
class AllotmentPolicyAdmin(KeptAdmin):
    """Groups of priority and what follows from an offer, by the day from which they hold."""

    list_display = ("effective_from", "answer_days", "refusals", "contract_months", "leave_days", "basis")
