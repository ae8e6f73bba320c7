"""Scopes of benefits, and sums of the ledger."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.db import connection, models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from bureau.querysets import ScopedQuerySet, array_of, within
from bureau.roles import Role
from credit.models import Lead
from verification.models import Finding

if TYPE_CHECKING:
    from bureau.models import Staff

REVIEWED_TENANCIES, REVIEWED_GRANTS = ("signed", "running"), ("running", "stopped")
OPEN_REVIEWS = ("reporting", "checking", "unanswered")
VISIT_ROLES = (Role.CLERK, Role.REVIEWER, Role.HOUSING_OFFICER, Role.AUDITOR)
LIVE_TENANCIES = ("signed", "running", "ordered", "court")
HOME_ROLES = (Role.REVIEWER, Role.HOUSING_OFFICER, Role.AUDITOR)
LEDGER_ROLES = (Role.CASHIER, Role.HOUSING_OFFICER, Role.AUDITOR)
NOTHING = Decimal("0.00")


class HomeQuerySet(ScopedQuerySet[Any]):
    """Homes."""

    def visible_to(self, staff: "Staff") -> Self:
        """Those of this person's offices, for who lets, inspects or audits them."""
        return self.filter(within(staff.scopes_as(*HOME_ROLES)))

    def vacant(self) -> Self:
        """That can be offered."""
        return self.filter(status="vacant")


class TurnQuerySet(ScopedQuerySet[Any]):
    """Places on the waiting list."""

    def waiting(self) -> Self:
        """Households that wait, also those which have an offer before them."""
        return self.filter(status__in=["waiting", "offered"])

    def in_order(self) -> Self:
        """Whose turn it is first."""
        return self.order_by("rank", "approved_on", "number")

    def before(self, turn: Any) -> Self:
        """Who waits for a home of as many rooms and stands before this one."""
        ahead = Q(rank__lt=turn.rank) | Q(rank=turn.rank, approved_on__lt=turn.approved_on)
        ahead |= Q(rank=turn.rank, approved_on=turn.approved_on, number__lt=turn.number)
        return self.filter(ahead, status="waiting", rooms=turn.rooms)

    def late(self, on: date) -> Self:
        """Whose offer has not been answered by its last day."""
        return self.filter(status="offered", offers__answer="", offers__answer_by__lt=on)

    def places(self, keys: Iterable[int]) -> Mapping[int, int]:
        """By key the place among all who wait for a home of as many rooms; who does not wait has none. One query."""
        with connection.cursor() as cursor:
            cursor.execute(PLACES, {"keys": array_of(keys)})
            return dict(cursor.fetchall())


# Counted over everybody who waits, whoever asks: a place does not depend on its reader.
PLACES = """
SELECT id, place FROM (
    SELECT id, row_number() OVER (PARTITION BY rooms ORDER BY rank, approved_on, number) AS place
    FROM benefits_turn WHERE status = 'waiting'
) AS ordered WHERE id = ANY(%(keys)s::bigint[])
"""


class TenancyQuerySet(ScopedQuerySet[Any]):
    """Tenancies."""

    def lease_ends_by(self, day: date) -> Self:
        """Running, and the last contract ends by the day."""
        longer = Q(contracts__ends_on__gt=day)
        return self.filter(status="running").exclude(pk__in=self.model._default_manager.filter(longer).values("pk"))

    def beyond_last_day(self, on: date) -> Self:
        """Ordered to leave by a day that is over, and still there."""
        over = Q(exits__rescinded_at=None, exits__ended_on=None, exits__leave_by__lt=on)
        return self.filter(over, status__in=["ordered", "court"])

    def live(self) -> Self:
        """The household holds the home."""
        return self.filter(status__in=LIVE_TENANCIES)

    def in_benefit(self) -> Self:
        """The household lives there by right: not ordered to leave."""
        return self.filter(status__in=["signed", "running"])

    def at_risk(self) -> Self:
        """Where a visit has found something before, the last review was not answered, or the order to leave was taken
        back.
        """
        found = self.model._default_manager.filter(
            Q(visits__status="confirmed") | Q(reviews__status="unanswered") | Q(exits__rescinded_at__isnull=False)
        )
        return self.filter(pk__in=found.values("pk"))


class GrantQuerySet(ScopedQuerySet[Any]):
    """Subsidies."""

    def in_benefit(self) -> Self:
        """Not ended."""
        return self.exclude(status="ended")


class ExitQuerySet(models.QuerySet[Any]):
    """Ways out of a benefit."""

    def standing(self) -> Self:
        """Not taken back."""
        return self.filter(rescinded_at=None)

    def overdue(self, on: date) -> Self:
        """Orders to leave whose last day is over while the household is still there."""
        return self.standing().filter(ended_on=None, leave_by__lt=on)

    def to_refer(self, on: date) -> Self:
        """Overdue, and the registry does not know of it yet."""
        origin = Concat(Value("exit:"), Cast(OuterRef("pk"), models.CharField()))
        return self.overdue(on).exclude(Exists(Lead.objects.filter(kind=Lead.Kind.DUTY, origin=origin)))


class VisitQuerySet(ScopedQuerySet[Any]):
    """Visits to homes."""

    def visible_to(self, staff: "Staff") -> Self:
        """Those of this person's offices, for who visits, confirms or audits."""
        return self.filter(within(staff.scopes_as(*VISIT_ROLES)))

    def open(self) -> Self:
        """To be made, or to be confirmed."""
        return self.filter(status__in=["planned", "found"])

    def late(self, on: date) -> Self:
        """Not made by their last day."""
        return self.filter(status="planned", due_on__lt=on)


class ReviewRoundQuerySet(ScopedQuerySet[Any]):
    """Yearly reviews."""

    def visible_to(self, staff: "Staff") -> Self:
        """Those with a household in this person's scope."""
        seen = self.model._meta.get_field("reviews").related_model._default_manager.visible_to(staff)
        return self.filter(Exists(seen.filter(review_round=OuterRef("pk"))))

    def due_to_check(self, on: date) -> Self:
        """Whose window to report has closed."""
        return self.filter(status="reporting", reports_until__lt=on)


class ReviewQuerySet(ScopedQuerySet[Any]):
    """Reviews of households."""

    def open(self) -> Self:
        """Without an outcome yet."""
        return self.filter(status__in=OPEN_REVIEWS)

    def of_live_benefit(self) -> Self:
        """Of a household that has its benefit still, by right."""
        return self.filter(Q(tenancy__status__in=REVIEWED_TENANCIES) | Q(grant__status__in=REVIEWED_GRANTS))

    def to_notify(self, on: date) -> Self:
        """Whose notice has not gone out, while they can report."""
        return self.filter(status="reporting", letter=None, reported_on=None, review_round__reports_until__gte=on)

    def to_check(self) -> Self:
        """Whose check is to be ordered: the window has closed, or every household has reported."""
        return self.filter(status="reporting", review_round__status="checking")

    def to_decide(self) -> Self:
        """Whose check a person has concluded."""
        return self.filter(status="checking", check_ordered__status="concluded")

    def with_new_findings(self) -> Self:
        """Whose check has a finding that a person confirmed and that no earlier check of the household knew."""
        ours = Finding.objects.filter(check_ordered=OuterRef("check_ordered"), state="confirmed", gone_at=None)
        earlier = Finding.objects.filter(
            state="confirmed",
            check_ordered__subject=OuterRef("check_ordered__subject"),
            check_ordered__lt=OuterRef("check_ordered"),
            marks__overlap=OuterRef("marks"),
        )
        return self.filter(Exists(ours.exclude(Exists(earlier))))

    def to_remind(self) -> Self:
        """Who has not reported, and was not told so."""
        return self.filter(status="unanswered", reminded_on=None)

    def silent_too_long(self, on: date) -> Self:
        """Who has not answered the reminder in time and lives in a home: an officer decides."""
        return self.filter(
            status="unanswered", review_round__answers_until__lt=on, tenancy__status__in=REVIEWED_TENANCIES
        )


class PaymentListQuerySet(ScopedQuerySet[Any]):
    """Payment lists of subsidies."""

    def visible_to(self, staff: "Staff") -> Self:
        """Those of this person's offices, for who approves, sends or audits them."""
        return self.filter(within(staff.scopes_as(*LEDGER_ROLES)))
