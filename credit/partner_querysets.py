"""Scopes of what departments were sent and have acknowledged."""

from datetime import datetime
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Subquery


class DeliveryQuerySet(models.QuerySet[Any]):
    """Deliveries of events."""

    def due(self, now: datetime) -> Self:
        """Those to be tried now, the oldest first."""
        return self.filter(state="waiting", not_before__lte=now).order_by("not_before", "pk")

    def dead(self) -> Self:
        """Those that were given up."""
        return self.filter(state="dead")


class AcknowledgementQuerySet(models.QuerySet[Any]):
    """What departments say that they did."""

    def still_applied(self) -> Self:
        """Released here, still punished there: the newest that a department said of a record is that it applies it,
        and the newest that we told of the record is its end. With the event of that end as `ending` and `ended_at`.
        """
        events = apps.get_model("credit", "RegistryEvent")._default_manager.filter(
            subject=OuterRef("event__subject"), sanction__case=OuterRef("event__sanction__case"), kind="sharing"
        )
        newest = events.order_by("-pk")
        later = self.model._default_manager.filter(
            partner=OuterRef("partner"), record=OuterRef("record"), pk__gt=OuterRef("pk")
        )
        rows = self.filter(~Exists(later), state="applied").annotate(
            ending=Subquery(newest.values("what")[:1]),
            ended_on=Subquery(newest.values("on")[:1]),
            ended_at=Subquery(newest.values("at")[:1]),
            ending_event=Subquery(newest.values("pk")[:1]),
        )
        return rows.filter(ending__in=["lifted", "withdrawn"], ending_event__gt=F("event_id")).order_by(
            "ended_on", "pk"
        )
