"""Scopes of control persons and control questions."""

from datetime import date, datetime
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from verification.querysets import live_holds


class KnownAnswerQuerySet(models.QuerySet[Any]):
    """Known answers."""

    def to_ask(self, on: date) -> Self:
        """Those in use, of control persons in use whose authorisation covers the day."""
        authorised = Q(person__valid_to__isnull=True) | Q(person__valid_to__gte=on)
        return self.filter(authorised, in_use=True, person__in_use=True)


class CanaryQuerySet(models.QuerySet[Any]):
    """Control questions."""

    def due(self, now: datetime) -> Self:
        """Those that can be asked: their round runs, and their source is in force, not held and not maintained."""
        in_force = apps.get_model("verification", "Source")._default_manager.in_force(timezone.localdate(now))
        windows = apps.get_model("verification", "Maintenance")._default_manager
        maintained = windows.filter(source=OuterRef("source"), starts_at__lte=now, ends_at__gt=now)
        unleased = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
        waiting = self.filter(unleased, state="waiting", not_before__lte=now, round__status="running")
        return waiting.filter(~Exists(live_holds("round")), ~Exists(maintained), source__in=in_force)
