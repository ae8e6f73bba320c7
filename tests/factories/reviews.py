"""Yearly reviews over tenants of our own making: households like the one of a scenario, each with its own numbers."""

import copy
import json
from collections.abc import Mapping
from typing import Any

import msgspec
from stdnum.cn import ric

from applications import checks, decisions, publicity
from applications.models import Application
from benefits import allotting, review_rounds, tenancies
from benefits.models import Review, ReviewRound, Tenancy, Turn
from tests.factories import applications, benefits
from tests.factories.later import REASON, SCENARIOS
from tests.programs import Departments
from verification import conclusions, findings
from verification.facts import Declared
from verification.models import Check, Source

WINDOW = 40  # days before today on which a review was opened, so that its window has closed
KINDS = ["public_rental", "rental_subsidy"]


class Town:
    """Households like that of the scenario “fit”; what departments know of each can be changed."""

    def __init__(self, departments: Departments, count: int) -> None:
        self.departments = departments
        pinned = (SCENARIOS / "fit.json").read_text()
        numbers = [person["id_number"] for person in json.loads(pinned)["people"]]
        papers = json.dumps(departments.papers("fit")["household"])
        self.declared: list[Declared] = []
        self.people: list[list[dict[str, Any]]] = []
        for place in range(count):
            swap = {number: _another(number, place) for number in numbers}
            self.people.append(json.loads(_swapped(pinned, swap))["people"])
            self.declared.append(msgspec.convert(json.loads(_swapped(papers, swap)), Declared, strict=False))
        self.tell({})

    def tell(self, told: Mapping[tuple[int, int, str], list[dict[str, Any]]]) -> None:
        """From now on a source tells of a person (household, member, source) also these records."""
        people = copy.deepcopy(self.people)
        for (household, member, source), records in told.items():
            holding = people[household][member]["known"].setdefault(source, {})
            holding["records"] = [*holding.get("records", []), *records]
        everyone = [person for household in people for person in household]
        assert self.departments.ask("/control/people", "POST", {"people": everyone}) == {"pinned": len(everyone)}

    def tenants(self, people: Any) -> list[Tenancy]:
        """All of them live in homes, by the real flow; in the order of the households."""
        cases = [applications.checking(people, declared) for declared in self.declared]
        ask([case.current_check for case in cases])
        for case in cases:
            conclude(case.current_check, people["check"])
        checks.take_up_due()
        with benefits.later(-benefits.NOTICE_DAYS):
            for case in cases:
                decisions.grant(Application.objects.get(pk=case.pk), by=people["housing"], opinion="同意保障。")
        publicity.close_due()
        allotting.register_due()
        return [_housed(case, people) for case in cases]


def _housed(case: Application, people: Any) -> Tenancy:
    turn = Turn.objects.get(application=case)
    offer = allotting.offer(turn, benefits.home(), by=people["housing"], reason="批量配租")
    tenancy = tenancies.accept(offer, by=people["housing"])
    tenancies.hand_over(tenancy, by=people["housing"])
    return Tenancy.objects.get(pk=tenancy.pk)


def _another(number: str, place: int) -> str:
    """Another ID number of the same birthday and sex."""
    order = 100 + 2 * place + int(number[16]) % 2
    body = f"{number[:14]}{order}"
    return body + str(ric.calc_check_digit(f"{body}0"))


def _swapped(text: str, swap: Mapping[str, str]) -> str:
    for old, new in swap.items():
        text = text.replace(old, new)
    return text


def opened(people: Any, *, days_ago: int = WINDOW) -> ReviewRound:
    """A yearly review of the whole city that was opened so many days ago."""
    with benefits.later(-days_ago):
        return review_rounds.open_round("2026年度年审", KINDS, "321200", by=people["housing"])


def checked(found: ReviewRound, people: Any) -> list[Review]:
    """The checks of a review ordered, asked over HTTP, and concluded as they are proposed, all findings confirmed."""
    review_rounds.order_due()
    review_rounds.fill(found.pk)
    rows = list(found.reviews.filter(status="checking").select_related("check_ordered"))
    ask([row.check_ordered for row in rows if row.check_ordered])
    for row in rows:
        assert row.check_ordered is not None
        conclude(row.check_ordered, people["check"])
    return list(found.reviews.order_by("pk"))


def ask(asked: list[Any]) -> None:
    """Put every question of these checks over HTTP until the answers are assessed."""
    Source.objects.update(open_until=None, failures_in_row=0)
    for check in asked:
        applications.ask_all(check)


def conclude(check: Check, by: Any) -> None:
    """Every finding confirmed, and the conclusion as it is proposed."""
    check.refresh_from_db()
    for finding in check.findings.open():
        findings.confirm(finding, by=by, reason=REASON)
    newest = check.assessments.order_by("-version")[0]
    conclusions.conclude(check, outcome=newest.proposed, opinion="材料与来源信息已逐项比对。", by=by)
