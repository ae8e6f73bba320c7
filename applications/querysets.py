"""Scopes of applications: what a desk has before it, what it waits for, what it has done."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Count, Exists, F, Func, OuterRef, Q, Value

from bureau import workdays
from bureau.querysets import ScopedQuerySet, array_of, within
from bureau.roles import CASE_ROLES, Role, Tier
from verification.models import Objection

if TYPE_CHECKING:
    from bureau.models import Posting, Staff

# Which status lies on whose desk. The window's own drafts and returned cases are its clerk's.
DESKS: dict[tuple[str, str], tuple[str, ...]] = {
    (Role.CLERK, Tier.WINDOW): ("draft", "returned"),
    (Role.REVIEWER, Tier.STREET): ("at_street",),
    (Role.REVIEWER, Tier.DISTRICT): ("at_district",),
    (Role.CHECK_OFFICER, Tier.CITY): ("at_city", "check_due", "checking"),
    (Role.HOUSING_OFFICER, Tier.CITY): ("checked", "on_notice"),
}
LIVE = ("at_street", "at_district", "at_city", "check_due", "checking", "checked", "on_notice", "returned", "approved")
NOT_HANDED_IN = ("draft", "discarded")
ENDED = ("approved", "closed", "refused", "rejected", "withdrawn", "discarded")


class ApplicationQuerySet(ScopedQuerySet[Any]):
    """Applications."""

    def visible_to(self, staff: "Staff") -> Self:
        """Cases of this person's offices and those below them; a window clerk sees the own window's only.

        A housing officer sees a case once it was checked. What has not been handed in is seen at its window, and
        nowhere above it.
        """
        windows = [seat.office.code for seat in staff.seats if seat.role == Role.CLERK]
        handed_in = ~Q(status__in=NOT_HANDED_IN) | Q(office_code__in=windows)
        early = within(staff.scopes_as(*(CASE_ROLES - {Role.HOUSING_OFFICER})))
        decided = within(staff.scopes_as(Role.HOUSING_OFFICER)) & Q(was_checked=True)
        return self.filter(early | decided if staff.holds(Role.HOUSING_OFFICER) else early).filter(handed_in)

    def keyed_in_part_by(self, staff: "Staff") -> Self:
        """Cases that this person opened, typed in, handed in, or recorded a signature for."""
        hands: tuple[tuple[str, str, Any], ...] = (
            ("draft", "typed_by__contains", [staff.pk]),
            ("declarations", "by", staff),
            ("commitments", "recorded_by", staff),
            ("authorisations", "recorded_by", staff),
        )
        clauses = Q(keyed_by=staff)
        for relation, field, value in hands:
            rows = self.model._meta.get_field(relation).related_model._default_manager.filter(**{field: value})
            clauses |= Q(pk__in=rows.values("application"))
        return self.filter(clauses)

    def on_desk_of(self, seats: "Iterable[Posting]") -> Self:
        """What waits for one of these postings to act (待办)."""
        clauses = Q(pk__in=[])
        for seat in seats:
            statuses = DESKS.get((seat.role, seat.office.tier))
            if statuses:
                clauses |= Q(status__in=statuses) & within([_prefix(seat)])
        waiting = Exists(_objected("current_check"))  # its clock stands still until the objection is answered
        mine = self.filter(clauses).exclude(waiting, status="checked", due_on=None)
        return mine.exclude(~Exists(_in_the_way()), status="on_notice", due_on=None)

    def under_way(self) -> Self:
        """Submitted and not ended (在办)."""
        return self.exclude(status__in=(*ENDED, "draft"))

    def ended(self) -> Self:
        """Approved, closed, refused, rejected, withdrawn or discarded (已办)."""
        return self.filter(status__in=ENDED)

    def being_checked(self) -> Self:
        """Cases whose check has been ordered and not taken up."""
        return self.filter(status="checking")

    def to_decide_anew(self) -> Self:
        """Cases whose household was checked again after an objection: one that lay before the decision always, any
        other where the objection was upheld or the conclusion is another.
        """
        answered = Objection.objects.filter(status="answered", recheck__conclusion__isnull=False)
        another = ~Q(recheck__conclusion__outcome=F("check_ordered__conclusion__outcome"))
        changed = answered.filter(
            Q(outcome__in=["upheld", "partly"]) | another, check_ordered=OuterRef("current_check")
        )
        # From the objections, not from all that was ever refused.
        return self.filter(
            Q(status="checked") | Exists(changed),
            current_check__in=answered.values("check_ordered"),
            status__in=["checked", "on_notice", "refused"],
        )

    def halted(self) -> Self:
        """Cases whose clock stood still for an objection that has ended."""
        ended = Objection.objects.filter(check_ordered=OuterRef("current_check"))
        waiting = Exists(_objected("current_check"))
        return self.filter(~waiting, Exists(ended), status="checked", due_on=None)

    def owing_papers(self, late_on: date | None = None) -> Self:
        """Cases under way of which a promised paper is still to come; late on the day, when one is given."""
        rows = self.model._meta.get_field("supplements").related_model._default_manager.filter(
            application=OuterRef("pk"), supplied_at=None
        )
        owed = rows.filter(due_on__lt=late_on) if late_on else rows
        return self.exclude(status__in=ENDED).filter(Exists(owed), fast=True)

    def with_person(self, index: bytes) -> Self:
        """Cases in which a person takes part, by the blind index of the ID number."""
        return self.filter(members__id_index=index).distinct()


def _in_the_way() -> models.QuerySet[Any]:
    """Objections, of the case outside, that are open or were upheld. While there is none a notice runs by itself."""
    objections: models.QuerySet[Any] = apps.get_model("applications", "NoticeObjection")._default_manager.all()
    return objections.filter(Q(settled_at=None) | Q(upheld=True), notice__application=OuterRef("pk"))


def _objected(check: str) -> models.QuerySet[Any]:
    """Open objections to the result of a check, named by the case outside."""
    return Objection.objects.open().filter(check_ordered=OuterRef(check))


def _prefix(seat: "Posting") -> str:
    code = seat.office.code
    return code[:4] if seat.office.tier == Tier.CITY else code


class AccessSlipQuerySet(ScopedQuerySet[Any]):
    """Access slips."""

    def visible_to(self, staff: "Staff") -> Self:
        """Those of the own window; all in scope for who audits them. Nobody else on the way works from them."""
        windows = [seat.office.code for seat in staff.seats if seat.role == Role.CLERK]
        return self.filter(Q(office_code__in=windows) | within(staff.scopes_as(Role.AUDITOR)))


class StayQuerySet(models.QuerySet[Any]):
    """Times at desks."""

    def in_workdays(self) -> Self:
        """Each with its working days by the calendar as it is known today, as `workdays`: the first does not count."""
        since, counted = workdays.counted()

        def until(day: str) -> Func:
            ahead = Func(F(day), Value(since), template="%(expressions)s", arg_joiner=" - ")
            return Func(
                Value(array_of(counted)),
                ahead,
                template="((%(expressions)s + 1])",
                arg_joiner="::int[])[",
                output_field=models.IntegerField(),
            )

        return self.annotate(workdays=until("left_on") - until("entered_on"))


class AuthorisationQuerySet(models.QuerySet[Any]):
    """Authorisations to check."""

    def live(self, on: date) -> Self:
        """Neither ended nor run out on the day."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), ended_at=None)


class NoticeQuerySet(models.QuerySet[Any]):
    """Public notices."""

    def due_to_close(self, on: date) -> Self:
        """Notices that have run their days; no objection to them is open or was upheld, none to the result is open."""
        standing = Q(objections__isnull=False) & (Q(objections__settled_at__isnull=True) | Q(objections__upheld=True))
        return self.annotate(in_the_way=Count("objections", filter=standing)).filter(
            ~Exists(_objected("application__current_check")), closed_at__isnull=True, closes_on__lte=on, in_the_way=0
        )

    def running(self, on: date) -> Self:
        """Notices that are up on the day."""
        return self.filter(closed_at__isnull=True, opens_on__lte=on, closes_on__gt=on)
