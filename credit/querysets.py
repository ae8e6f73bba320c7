"""Scopes of the registry."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from bureau.querysets import ScopedQuerySet, within
from bureau.roles import Role, Tier
from credit.clocks import Kind

if TYPE_CHECKING:
    from bureau.models import Staff

REGISTRY_ROLES = (Role.CREDIT_OFFICER, Role.AUDITOR)


class LeadQuerySet(ScopedQuerySet[Any]):
    """Leads."""

    def visible_to(self, staff: "Staff") -> Self:
        """Those of this person's offices, for who keeps the registry and who audits it."""
        return self.filter(within(staff.scopes_as(*REGISTRY_ROLES)))


class CaseQuerySet(ScopedQuerySet[Any]):
    """Credit cases."""

    def visible_to(self, staff: "Staff") -> Self:
        """Those of this person's offices, for who keeps the registry and who audits it; and those whose panel one
        sits on, while one is a member of the panel.
        """
        seated = Q(pk__in=self.model._default_manager.filter(seats__by=staff).values("pk"))
        own = seated & within(staff.scopes_as(Role.PANEL_MEMBER))
        return self.filter(within(staff.scopes_as(*REGISTRY_ROLES)) | own)

    def locked(self, pk: int) -> Any:
        """The case as it stands, locked: whoever writes on it follows whoever moves it."""
        return self.select_for_update(of=("self",)).get(pk=pk)


class SubjectQuerySet(ScopedQuerySet[Any]):
    """Persons and employers."""

    def visible_to(self, staff: "Staff") -> Self:
        """Those whom a lead or a case in this person's scope is about, for who keeps the registry and who audits it;
        a ban that was entered by hand belongs to the city.
        """
        cases, leads = (apps.get_model("credit", name)._default_manager for name in ("Case", "Lead"))
        mine = within(staff.scopes_as(*REGISTRY_ROLES))
        parties = self.model._meta.get_field("parties").related_model._default_manager
        about = Q(Exists(parties.filter(subject=OuterRef("pk"), case__in=cases.filter(mine))))
        about |= Q(Exists(leads.filter(mine, subjects=OuterRef("pk"))))
        if any(seat.role in REGISTRY_ROLES and seat.office.tier == Tier.CITY for seat in staff.seats):
            by_hand = self.model._meta.get_field("sanctions").related_model._default_manager.filter(case=None)
            about |= Q(Exists(by_hand.filter(subject=OuterRef("pk"))))
        return self.filter(about)

    def named(self, name: str) -> Self:
        """Persons whose name begins so, employers whose name has it in it."""
        return self.filter(Q(kind="person", name__startswith=name) | Q(kind="employer", name__contains=name))


class PolicyQuerySet(models.QuerySet[Any]):
    """Policies on dishonest acts."""

    def in_force(self, on: date) -> Self:
        """Of our own: those in force on the day, the newest first."""
        return self.filter(_covers(on), in_use=True).order_by("-effective_from")


class ActQuerySet(models.QuerySet[Any]):
    """Dishonest acts."""

    def in_force(self, on: date) -> Self:
        """Those that the catalogue names on the day."""
        return self.filter(_covers(on))


class AnnouncementQuerySet(ScopedQuerySet[Any]):
    """Announcements. They are masked: who checks one need not see its case."""

    def visible_to(self, staff: "Staff") -> Self:
        """Those of this person's offices, for who writes and checks them and who audits."""
        return self.filter(within(staff.scopes_as(*REGISTRY_ROLES, Role.CHECK_OFFICER)))

    def running(self, on: date) -> Self:
        """Those that are out on the day; no sweep has to run for one to come down."""
        return self.filter(appeared_on__lte=on, comes_down_on__gt=on, taken_down_on=None)

    def to_take_down(self, on: date) -> Self:
        """Those whose day has come and of which that is not noted yet."""
        return self.filter(appeared_on__isnull=False, taken_down_on=None, comes_down_on__lte=on)

    def in_state(self, state: str, on: date) -> Self:
        """Those that stand there on the day."""
        return self.filter(announcement_state(state, on))


def announcement_state(state: str, on: date) -> Q:
    """Which announcements stand there on the day (credit.models.Announcement.state)."""
    down = Q(taken_down_on__isnull=False) | Q(comes_down_on__isnull=False, comes_down_on__lte=on)
    return {
        "to_check": Q(checked_at=None, taken_down_on=None),
        "checked": Q(checked_at__isnull=False, appeared_on=None, taken_down_on=None),
        "out": Q(appeared_on__isnull=False) & ~down,
        "down": down,
    }[state]


class LetterTextQuerySet(models.QuerySet[Any]):
    """Texts of letters."""

    def in_force(self, on: date) -> Self:
        """Those by which letters are written on the day: one of each letter and recipient."""
        return self.filter(_covers(on))


def _covers(on: date) -> Q:
    """The days of a row, both ends included, hold this one."""
    return Q(Q(effective_to__isnull=True) | Q(effective_to__gte=on), effective_from__lte=on)


class SanctionQuerySet(models.QuerySet[Any]):
    """Sanctions. Whether one holds follows from its dates alone: no sweep has to run for it to end."""

    def holding(self, on: date) -> Self:
        """Measures in force on the day."""
        return self.filter(Q(lifted_on__isnull=True) | Q(lifted_on__gt=on), holds_from__lte=on).filter(
            Q(holds_until__isnull=True) | Q(holds_until__gt=on)
        )

    def bans(self) -> Self:
        """Bans on benefits."""
        return self.filter(kind=Kind.BAN)

    def to_note(self, on: date) -> Self:
        """Those whose end has come by the day and was told to nobody yet."""
        over = Q(holds_until__lte=on) | Q(lifted_on__lte=on)
        return self.filter(over, end_noted_at=None)

    def against(self, indexes: Iterable[bytes], kind: str = "person") -> Self:
        """Measures against the persons, or employers, with these blind indexes."""
        return self.filter(subject__kind=kind, subject__identifier_index__in=list(indexes)).select_related("subject")
