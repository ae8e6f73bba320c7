"""Scopes of the trials of standards."""

from typing import TYPE_CHECKING, Any, Self

from bureau.querysets import ScopedQuerySet
from bureau.roles import Role

if TYPE_CHECKING:
    from bureau.models import Staff


class TrialQuerySet(ScopedQuerySet[Any]):
    """Trials of standards."""

    def visible_to(self, staff: "Staff") -> Self:
        """Those of this person's area. Administrators, who enter standards, have them all: a trial names no household,
        its rows do.
        """
        return self.all() if staff.holds(Role.ADMINISTRATOR) else super().visible_to(staff)

    def under_way(self) -> Self:
        """Trials of which households are still to be worked out."""
        return self.filter(finished_at__isnull=True)

    def best_first(self) -> Self:
        """Signed ones first, then the newest."""
        return self.order_by("signed_at", "-number")


class TrialRowQuerySet(ScopedQuerySet[Any]):
    """Households whose result would be another one."""

    def of_trial(self, trial_id: int) -> Self:
        """Those of a trial, in the order in which they were assessed."""
        return self.filter(trial_id=trial_id).order_by("assessment_id")
