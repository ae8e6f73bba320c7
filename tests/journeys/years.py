"""A calendar that goes on for years, for us and for the mock departments, and a household's way into a home."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import time_machine
from django.urls import reverse

from applications import checks, publicity
from applications.models import Application
from bureau import workdays
from tests.factories import applications as given
from tests.journeys.walker import Walker
from tests.programs import Departments
from verification.models import Check, Source

Sign = Callable[..., Any]


class Years:
    """Today at ten o'clock; `to` a day or so many `days` on. Whoever is signed in signs in anew for each page."""

    def __init__(self, traveller: Any, departments: Departments, sign_in: Sign) -> None:
        self._traveller, self.departments, self._sign_in = traveller, departments, sign_in
        self._tell()

    def to(self, day: date) -> None:
        """Go on to a day."""
        self._traveller.move_to(datetime(day.year, day.month, day.day, 10, tzinfo=workdays.SHANGHAI))
        self._tell()

    def on(self, days: int) -> None:
        """Go on by so many days."""
        self.to(workdays.today() + timedelta(days=days))

    def _tell(self) -> None:
        now = datetime.now(workdays.SHANGHAI)
        assert self.departments.ask("/control/clock", "PUT", {"now": now.isoformat()})
        Source.objects.update(open_until=None, failures_in_row=0)

    def as_(self, username: str) -> Walker:
        """One of the cast, signed in now."""
        return Walker(self._sign_in(username))


@contextmanager
def years(first: date, departments: Departments, sign_in: Sign) -> Iterator[Years]:
    """From this day on."""
    begin = datetime(first.year, first.month, first.day, 10, tzinfo=workdays.SHANGHAI)
    with time_machine.travel(begin, tick=True) as traveller:
        try:
            yield Years(traveller, departments, sign_in)
        finally:
            departments.ask("/control/clock", "PUT", {"now": None})


def page(name: str, *args: Any) -> str:
    """The address of a page."""
    return reverse(name, args=args)


def handed_in(it: Years, people: Any, scenario: str = "fit", kind: str = "public_rental") -> Application:
    """The window has taken the application; the way of typing it in has journeys of its own."""
    return given.submitted(people["window"], given.household_of(it.departments, scenario), kind)


def agreed(it: Years, case: Application) -> None:
    """Street, district and city forward it, each with an opinion; the city orders the check."""
    for who, words in (("street", "入户走访，情况属实。"), ("district", "经复核，同意上报。"), ("check", "同意核对。")):
        it.as_(who).open(page("applications:case_review", case.reference)).send(
            "/opinion/", outcome="forward", opinion=words
        )
        it.on(1)
    it.as_("check").open(page("applications:case_order", case.reference)).send()
    case.refresh_from_db()


def concluded(it: Years, check: Check, outcome: str, who: str = "check") -> None:
    """The answers are in; the officer confirms what stands open and concludes."""
    given.ask_all(check)
    officer = it.as_(who)
    address = page("verification:check", check.number)
    for finding in check.findings.open():
        officer.open(address).send(f"/findings/{finding.pk}/confirm/", reason="plain")
    officer.open(address).send("/conclude/", outcome=outcome, opinion="材料与来源信息已逐项比对。")
    check.refresh_from_db()
    assert check.conclusion.outcome == outcome


def approved(it: Years, people: Any, scenario: str = "fit", kind: str = "public_rental") -> Application:
    """From the window to the approval."""
    case = handed_in(it, people, scenario, kind)
    agreed(it, case)
    assert case.current_check is not None
    concluded(it, case.current_check, "fit")
    checks.take_up_due()
    it.as_("housing").open(page("applications:case_grant", case.reference)).send(opinion="符合条件，同意保障。")
    it.on(11)
    assert publicity.close_due() == 1
    case.refresh_from_db()
    return case
