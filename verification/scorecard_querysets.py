"""Scopes of the scorecard's tables."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models

from bureau.querysets import ScopedQuerySet, within
from bureau.roles import Role

if TYPE_CHECKING:
    from bureau.models import Staff


class ScorecardRowQuerySet(models.QuerySet[Any]):
    """Months that have ended."""

    def totals(self) -> Self:
        """The rows of all sources together: one for each month that is frozen."""
        return self.filter(source=None)


class ScorecardPaperQuerySet(ScopedQuerySet[Any]):
    """Scorecards on paper."""

    def visible_to(self, staff: "Staff") -> Self:
        """Those of this person's offices, for who has to do with how the sources fare."""
        return self.filter(within(staff.scopes_as(Role.CHECK_OFFICER, Role.AUDITOR)))
