"""Scopes of the registry."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    pass


class SanctionQuerySet(models.QuerySet[Any]):
    """Sanctions. Whether one holds follows from its dates alone: no sweep has to run for it to end."""

    def holding(self, on: date) -> Self:
        """Bans in force on the day."""
        return self.filter(Q(lifted_on__isnull=True) | Q(lifted_on__gt=on), banned_from__lte=on, banned_until__gt=on)

    def against(self, indexes: Iterable[bytes]) -> Self:
        """Bans against the persons with these blind indexes."""
        return self.filter(subject__kind="person", subject__identifier_index__in=list(indexes)).select_related(
            "subject"
        )
