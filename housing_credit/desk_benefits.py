"""What the home page tells of benefits: each figure with exactly the list that makes it."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from benefits.models import Home, Tenancy, Turn
from benefits.tenancies import RENEWED_WITHIN, months_after
from bureau import workdays
from bureau.models import Staff
from bureau.roles import Role

Figure = dict[str, Any]


def figures(staff: Staff) -> Iterator[Figure]:
    """For housing officers: what is to be let, handed over, answered, renewed, left."""
    if not staff.holds(Role.HOUSING_OFFICER):
        return
    yield from _of_the_list(staff)
    yield from _of_tenancies(staff)


def _of_the_list(staff: Staff) -> Iterator[Figure]:
    turns = Turn.objects.visible_to(staff)
    vacant = Home.objects.visible_to(staff).vacant().count()
    # Translators: 空置可配租住房
    yield _figure(_("Homes vacant"), vacant, "homes", "tab=vacant", _("That can be offered today"))
    waiting = turns.filter(status=Turn.Status.WAITING).count()
    # Translators: 轮候家庭
    yield _figure(_("Households waiting"), waiting, "waiting", "tab=waiting", _("Approved for a home, not offered one"))
    offered = turns.filter(status=Turn.Status.OFFERED).count()
    # Translators: 待答复配租
    yield _figure(_("Offers to be answered"), offered, "waiting", "tab=offered", _("By the household, at its window"))
    late = turns.late(workdays.today()).count()
    # Translators: 逾期未答复配租
    yield _figure(_("Offers not answered"), late, "waiting", "due=late", _("Their last day is over"), "danger")


def _of_tenancies(staff: Staff) -> Iterator[Figure]:
    today, tenancies = workdays.today(), Tenancy.objects.visible_to(staff)
    signed = tenancies.filter(status=Tenancy.Status.SIGNED).count()
    # Translators: 待交房
    yield _figure(_("Homes to hand over"), signed, "tenancies", "tab=signed", _("The lease is signed"))
    ending = tenancies.lease_ends_by(months_after(today, RENEWED_WITHIN)).count()
    # Translators: 三个月内到期合同
    yield _figure(_("Leases that end"), ending, "tenancies", "due=ends", _("Within 3 months"), "warning")
    staying = tenancies.beyond_last_day(today).count()
    # Translators: 逾期未腾退家庭
    label, definition = _("Households that stay on"), _("Ordered to leave by a day that is over")
    yield _figure(label, staying, "tenancies", "due=late", definition, "danger")


def _figure(label: str, value: int, page: str, query: str, definition: str, tone: str = "") -> Figure:
    url = f"{reverse(f'benefits:{page}')}?{query}"
    return {"label": label, "value": value, "url": url, "definition": definition, "tone": tone if value else ""}
