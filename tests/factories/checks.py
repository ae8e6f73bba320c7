"""Checks of the mock departments' scenarios, ordered through the work module."""

import itertools

import msgspec
from django.utils import timezone

from tests.programs import Departments
from verification import orders
from verification.facts import Declared, RecordKind
from verification.models import Check, Inquiry

_numbers = itertools.count(1)


def order_scenario(departments: Departments, scenario: str, *, kinds: tuple[str, ...] = tuple(RecordKind)) -> Check:
    """A check of a pinned household, every member of which has authorised these record kinds."""
    return orders.place(orders_of(departments, scenario, 1, kinds=kinds)[0], by=None)


def orders_of(
    departments: Departments, scenario: str, count: int, *, kinds: tuple[str, ...] = tuple(RecordKind)
) -> list[orders.Order]:
    """So many orders of a pinned household, each as of another case."""
    papers = departments.papers(scenario)
    declared = msgspec.convert(papers["household"], Declared, strict=False)
    return [
        orders.Order(
            subject=f"TEST-{scenario}-{next(_numbers)}",
            purpose="rehearsal",
            programme=papers["kind"],
            office_code="321202001001",
            declared=declared,
            grants={person.key: orders.Grant("泰房权〔2026〕0001号", kinds) for person in declared.persons},
            accepted_on=timezone.localdate(),
        )
        for _ in range(count)
    ]


def answer_anew(inquiry: Inquiry, answer: bytes) -> None:
    """A new run of an inquiry, answered with this."""
    rows = Inquiry.objects.filter(pk=inquiry.pk)
    rows.update(state="open", runs=inquiry.runs + 1)
    rows.update(state="answered", answer=answer)
