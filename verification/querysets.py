"""Scopes of the check centre's tables."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Case, Count, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact
from django.utils import timezone

from bureau.querysets import ScopedQuerySet, within
from bureau.roles import CASE_ROLES, Role

if TYPE_CHECKING:
    from bureau.models import Staff
    from verification.models import Check

HOUR = timedelta(hours=1)


class SourceQuerySet(models.QuerySet[Any]):
    """Sources."""

    def in_force(self, on: date) -> Self:
        """Sources in use whose agreement covers the day."""
        begun = Q(agreement_from__isnull=True) | Q(agreement_from__lte=on)
        return self.filter(begun, Q(agreement_to__isnull=True) | Q(agreement_to__gt=on), enabled=True)

    def out_of_force(self, on: date) -> Self:
        """Sources that are switched off, or whose agreement does not cover the day."""
        return self.exclude(pk__in=self.in_force(on))

    def down_for_good(self, now: datetime) -> Self:
        """Sources that have failed for longer than their patience, and not a single time otherwise."""
        since = ExpressionWrapper(now - F("patience_hours") * Value(HOUR), output_field=models.DateTimeField())
        return self.filter(
            Q(last_success_at__isnull=True) | Q(last_success_at__lte=since),
            patience_hours__isnull=False,
            failures_in_row__gte=F("circuit_failures"),
        )


class StandardQuerySet(models.QuerySet[Any]):
    """Standards."""

    def in_force(self, programme: str, on: date) -> Self:
        """Our own standard of the programme on the day: none or one."""
        return self.filter(
            Q(effective_to__isnull=True) | Q(effective_to__gte=on),
            programme=programme,
            in_use=True,
            effective_from__lte=on,
        ).order_by("-effective_from")


class CheckQuerySet(ScopedQuerySet[Any]):
    """Checks."""

    def lock(self) -> None:
        """Lock them in the order of their numbers, before their inquiries: so does whoever works on checks."""
        list(self.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))

    def visible_to(self, staff: "Staff") -> Self:
        """Checks of this person's offices; a housing officer sees those of a case of which one has been concluded."""
        early = within(staff.scopes_as(*(CASE_ROLES - {Role.HOUSING_OFFICER})))
        if not staff.holds(Role.HOUSING_OFFICER):
            return self.filter(early)
        concluded = self.model._default_manager.filter(subject=OuterRef("subject"), status="concluded")
        return self.filter(early | (within(staff.scopes_as(Role.HOUSING_OFFICER)) & Exists(concluded)))

    def all_answers_in(self) -> Self:
        """Checks still being asked although no inquiry of theirs is open any more."""
        # One probe per check, stopping at the first open row: as a join it was planned by the open rows of yesterday.
        an_open_one = RawSQL(  # noqa: S611 -- no value in it
            "(SELECT i.id FROM verification_inquiry i WHERE i.check_ordered_id = verification_check.id"
            " AND COALESCE(i.state = 'open', false) LIMIT 1)",
            (),
        )
        return self.filter(status="asking").annotate(an_open_one=an_open_one).filter(an_open_one=None)

    def of_round(self, round_id: int) -> Self:
        """The checks of a round."""
        return self.filter(round_id=round_id)

    def to_assess(self) -> Self:
        """Checks whose answers are complete and not assessed yet; one that failed on these answers, after its pause."""
        waiting = Q(assess_failed_at__gte=F("status_since"), assess_after__gt=timezone.now())
        return self.filter(status="settled").exclude(waiting)

    def concluded(self) -> Self:
        """Checks that a person has concluded."""
        return self.filter(status="concluded").select_related("conclusion")


class InquiryQuerySet(models.QuerySet[Any]):
    """Inquiries."""

    def worn_out(self, check_ids: list[int]) -> Self:
        """Open inquiries of these checks whose last allowed attempt was lost with its worker."""
        now = timezone.now()
        lost = self.filter(check_ordered__in=check_ids, lease_until__lte=now, attempts__gte=F("source__max_attempts"))
        return lost.exclude(**on_a_list(now)).filter(STILL_OPEN)

    def unanswered(self) -> Self:
        """Inquiries still open, and those that ended without an answer; of checks that are not over."""
        # Each by its own index: as a list of states it was looked for in all inquiries.
        either = Q(state="open") | Q(state="failed")
        return self.filter(either, check_ordered__status__in=["asking", "settled", "assessed"])

    def waiting_for(self, sources: Sequence[int]) -> Self:
        """Open inquiries to these sources that no worker has out."""
        now = timezone.now()
        unleased = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
        return self.filter(unleased, state="open", source__in=sources).exclude(**on_a_list(now))

    def waiting_too_long(self) -> Self:
        """Inquiries that have waited in this run for longer than the patience of their source, which was tried even
        after that and failed.

        Nobody's patience runs out while a person holds the source or the round, or while the source is not to be asked.
        """
        patience = ExpressionWrapper(F("source__patience_hours") * Value(HOUR), output_field=models.DurationField())
        ended = ExpressionWrapper(Coalesce("asked_at", "not_before") + patience, output_field=models.DateTimeField())
        return (
            self.alias(patience_ended_at=ended)
            .filter(source__last_failure_at__gte=F("patience_ended_at"))
            .exclude(check_ordered__round__status="paused")
            .exclude(Exists(live_holds()))
        )

    def with_obstacles(self) -> Self:
        """Each with what keeps it from being asked at this moment, besides its source's own state: `is_held`,
        `maintained_until`, `round_status`, and the request list that it is on: `list_number`, `list_due_on`.
        """
        now = timezone.now()
        windows = apps.get_model("verification", "Maintenance")._default_manager
        lists = apps.get_model("verification", "ManualRequest")._default_manager.filter(lease=OuterRef("lease"))
        current = windows.filter(source=OuterRef("source"), starts_at__lte=now, ends_at__gt=now)
        return self.annotate(
            is_held=Exists(live_holds()),
            maintained_until=Subquery(current.order_by("-ends_at").values("ends_at")[:1]),
            round_status=F("check_ordered__round__status"),
            list_number=Subquery(lists.values("number")[:1]),
            list_due_on=Subquery(lists.values("due_on")[:1]),
        )

    def not_on_a_list(self) -> Self:
        """Inquiries that no request list has out and no worker either."""
        now = timezone.now()
        return self.exclude(**on_a_list(now)).exclude(state="open", lease_until__gt=now)


def live_holds(of_round: str = "check_ordered__round") -> "models.QuerySet[Any]":
    """The live holds that keep an inquiry from being asked: of its source everywhere, or in its round."""
    in_its_round = Q(round__isnull=True) | Q(round=OuterRef(of_round))
    holds = apps.get_model("verification", "Hold")._default_manager
    return holds.filter(in_its_round, released_at__isnull=True, source=OuterRef("source"))


def on_a_list(now: datetime) -> dict[str, Any]:
    """What an inquiry that went out on a request list looks like.

    It carries the lease of the list and is not due before the list has run out. The time of the lease itself is over,
    so that it takes no room from what is asked over the wire. No worker leaves a row so.
    """
    return {"state": "open", "lease__isnull": False, "lease_until__lte": now, "not_before__gt": now}


# "Open" for statements that name their checks, hidden from the planner: how many rows are open changes from none to
# millions within minutes, and an index of the open rows, taken for empty, was read whole for every check.
STILL_OPEN = Exact(Coalesce(Case(When(state="open", then=True)), False, output_field=models.BooleanField()), True)


class LeaseQuerySet(models.QuerySet[Any]):
    """Leases."""

    def run_out(self) -> Self:
        """Leases that were not brought back in time: their worker is dead."""
        return self.filter(until__lte=timezone.now())


class ManualRequestQuerySet(models.QuerySet[Any]):
    """Request lists."""

    def open(self) -> Self:
        """Lists whose reply is awaited."""
        return self.filter(returned_at__isnull=True, taken_back_at__isnull=True)


class RoundQuerySet(ScopedQuerySet[Any]):
    """Rounds."""

    def under_way(self) -> Self:
        """Rounds that are neither closed nor cancelled."""
        return self.filter(status__in=["running", "paused"])

    def to_fill(self) -> Self:
        """Running rounds whose population has not been ordered to the end."""
        return self.filter(status="running", filled_at__isnull=True)


class HoldQuerySet(models.QuerySet[Any]):
    """Holds."""

    def live(self) -> Self:
        """Holds that nobody has released."""
        return self.filter(released_at__isnull=True)

    def in_doubt(self) -> Self:
        """Holds that put answers in doubt which no officer has let stand."""
        return self.filter(doubted_from__isnull=False).exclude(verdict="stand")


class Percentile(models.Aggregate):
    """The value below which this share of the values lies, in between where it falls between two."""

    function = "percentile_cont"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"

    def __init__(self, expression: Any, share: float) -> None:
        super().__init__(expression, share=share, output_field=models.DurationField())


class ExchangeQuerySet(models.QuerySet[Any]):
    """Round trips."""

    def fared(self, since: datetime, until: datetime) -> "models.QuerySet[Any, dict[str, Any]]":
        """By source, of the calls over the wire begun from a moment until another: how many, how many answered, how
        long they took.

        `calls`, `answered`, `households`, and the median and 95th percentile of the answered ones as `median`, `p95`.
        """
        took = models.ExpressionWrapper(models.F("ended_at") - models.F("asked_at"), models.DurationField())
        answered = Q(outcome="answered")
        rows: models.QuerySet[Any, dict[str, Any]] = (
            self.filter(asked_at__gte=since, asked_at__lt=until, manual_request__isnull=True)
            .order_by()
            .values("source")
            .annotate(
                calls=Count("pk"),
                answered=Count("pk", answered),
                households=Sum("households"),
                median=Percentile(Case(When(answered, then=took)), 0.5),
                p95=Percentile(Case(When(answered, then=took)), 0.95),
            )
        )
        return rows


class DeltaQuerySet(models.QuerySet[Any]):
    """Deltas."""

    def of_round(self, round_id: int) -> Self:
        """Those of the checks of a round, the weightiest first."""
        return self.filter(round_id=round_id).order_by("-weight", "pk")

    def changed(self) -> Self:
        """Those of households of which something has changed."""
        return self.filter(weight__gt=0)


class FindingQuerySet(models.QuerySet[Any]):
    """Findings."""

    def open(self) -> Self:
        """Findings that a person still has to settle."""
        return self.filter(state="open")

    def confirmed(self) -> Self:
        """Findings that a person has confirmed."""
        return self.filter(state="confirmed")

    def settled_before(self, check: "Check") -> Self:
        """What a person settled in earlier checks of the same case, the newest word first."""
        earlier = self.filter(check_ordered__subject=check.subject, check_ordered__lt=check.pk)
        return earlier.filter(state__in=["confirmed", "dismissed"]).order_by("-settled_at", "-pk")


class ObjectionQuerySet(ScopedQuerySet[Any]):
    """Objections to the results of checks."""

    def open(self) -> Self:
        """Objections whose answer is still to come."""
        return self.filter(status__in=("received", "rechecking"))
