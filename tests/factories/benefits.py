"""Households in benefit, reached through the work modules: approved, waiting, housed, paid a subsidy."""

import copy
from datetime import timedelta
from typing import Any

import time_machine
from django.utils import timezone

from applications import decisions, publicity
from applications.models import Application
from benefits import allotting, subsidies, tenancies
from benefits.models import Estate, Grant, Home, Tenancy, Turn
from tests.factories import applications
from tests.programs import Departments

NOTICE_DAYS = 11


def approved(people: Any, departments: Departments, scenario: str = "fit", kind: str = "public_rental") -> Application:
    """A case whose notice has run its days without an objection."""
    case = applications.concluded(people, departments, scenario, "fit", kind)
    with later(-NOTICE_DAYS):  # its notice has run by now
        decisions.grant(case, by=people["housing"], opinion="符合条件，同意保障。")
    assert publicity.close_due() == 1
    case.refresh_from_db()
    return case


def waiting(people: Any, departments: Departments, scenario: str = "fit") -> Turn:
    """A household on the waiting list."""
    case = approved(people, departments, scenario)
    allotting.register_due()
    return Turn.objects.get(application=case)


def home(rooms: int = 2, area: str = "50.00") -> Home:
    """A vacant home."""
    estate, _new = Estate.objects.get_or_create(
        name="凤城家园", defaults={"address": "泰州市海陵区凤凰东路", "office_code": "321202001"}
    )
    number = Home.objects.count() + 1
    return Home.objects.create(
        number=f"FY2099-{number:06d}",
        estate=estate,
        building="9",
        unit=str(number),
        area=area,
        rooms=rooms,
        floor=1,
        office_code=estate.office_code,
    )


def signed(people: Any, departments: Departments, scenario: str = "fit") -> Tenancy:
    """A household that has taken the home it was offered."""
    turn = waiting(people, departments, scenario)
    offer = allotting.offer(turn, home(), by=people["housing"])
    return tenancies.accept(offer, by=people["housing"])


def running(people: Any, departments: Departments, scenario: str = "fit") -> Tenancy:
    """A household that lives in its home."""
    tenancy = signed(people, departments, scenario)
    tenancies.hand_over(tenancy, by=people["housing"])
    return Tenancy.objects.get(pk=tenancy.pk)


def paid(people: Any, departments: Departments, scenario: str = "fit") -> Grant:
    """A household whose subsidy is paid every month."""
    case = approved(people, departments, scenario, "rental_subsidy")
    subsidies.grant_due()
    grant = Grant.objects.get(application=case)
    subsidies.set_up(grant, bank="江苏银行泰州分行", account="6228480012345678901", rent_paid=None, by=people["window"])
    grant.refresh_from_db()
    return grant


def copies(tenancy: Tenancy, count: int) -> list[Tenancy]:
    """As many households more, each with a home, an account and the rent of this one; written in sets."""
    cases = _copied(tenancy.application, count, "reference", status="closed", current_check=None)
    turns = _copied(tenancy.offer.turn, count, "number", application=cases)
    homes = _copied(tenancy.home, count, "number", unit=[f"c{place}" for place in range(count)])
    offers = _copied(tenancy.offer, count, turn=turns, home=homes)
    accounts = _copied(tenancy.account, count, "number")
    own = {"application": cases, "offer": offers, "home": homes, "account": accounts}
    rows = _copied(tenancy, count, "number", **own)
    _copied(tenancy.rents.get(), count, tenancy=rows)
    return rows


def _copied(row: Any, count: int, numbered: str = "", **changed: Any) -> list[Any]:
    """Rows like this one: a list gives each its own value."""
    made = []
    for place in range(count):
        fresh = copy.copy(row)
        fresh._state = copy.copy(row._state)
        fresh._state.adding, fresh._state.fields_cache = True, {}
        fresh.pk = None
        if numbered:
            setattr(fresh, numbered, f"{getattr(row, numbered)[:7]}9{place:05d}")
        for name, value in changed.items():
            setattr(fresh, name, value[place] if isinstance(value, list) else value)
        made.append(fresh)
    return type(row).objects.bulk_create(made)


def later(days: int) -> Any:
    """So many days on, for the length of a block."""
    return time_machine.travel(timezone.now() + timedelta(days=days), tick=True)
