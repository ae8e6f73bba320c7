"""Invented households in any number, always the same ones, for commands that measure and rehearse.

What they declare comes from the mock departments themselves, so that sources and declarations agree; about one in ten
then leaves out half of its largest asset, so that there is something to find.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec
from django.utils import timezone
from stdnum.cn import ric

from housing_credit import rehearsal
from verification.facts import Declared, RecordKind
from verification.orders import Grant, Order

SEED = 20171130
DIVISION = "321299"  # never given out
AT_A_TIME = 200  # households per call of the control panel
UNDERSTATING = 0.1  # share of the households
DAYS = 365
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹"
GIVEN = "建国秀英志强丽华文军晓燕海涛玉兰宏伟春梅子涵浩宇欣怡俊杰雪莲永康"

Member = dict[str, str]  # key, name, id_number


def orders(count: int, *, prefix: str) -> list[Order]:
    """The first `count` households, in a list."""
    return list(stream(count, prefix=prefix))


def stream(count: int, *, prefix: str) -> Iterator[Order]:
    """The first `count` households as orders of a check, one subject each, every member with a live authorisation.

    The mock departments must answer; a longer list begins with the shorter one.
    """
    made = 0
    draw = random.Random(SEED)  # noqa: S311 -- invented people, not a secret
    for batch in _batches(_households(count)):
        for papers in rehearsal.control("declarations", batch, "POST"):
            if draw.random() < UNDERSTATING:
                _understate(papers)
            made += 1
            yield _order(f"{prefix}-{made:06d}", msgspec.convert(papers, Declared, strict=False))


def _order(subject: str, declared: Declared) -> Order:
    grant = Grant(subject, tuple(kind.value for kind in RecordKind))
    return Order(
        subject=subject,
        purpose="rehearsal",
        programme="public_rental",
        office_code=rehearsal.CITY,
        declared=declared,
        grants={person.key: grant for person in declared.persons},
        accepted_on=timezone.localdate(),
    )


def _understate(papers: dict[str, Any]) -> None:
    """Halve the largest asset of a declaration, if there is any."""
    if papers["assets"]:
        largest = max(papers["assets"], key=lambda asset: Decimal(asset["amount"]))
        largest["amount"] = f"{Decimal(largest['amount']) / 2:.2f}"


def _households(count: int) -> Iterator[list[Member]]:
    """One to four persons, 2.5 on average: an adult, a spouse, children."""
    draw = random.Random(SEED)  # noqa: S311
    today = date(timezone.localdate().year, 1, 1)  # the same people all the year
    taken: set[str] = set()
    for _ in range(count):
        yield _household(draw, draw.randint(1, 4), today, taken)


def _household(draw: random.Random, size: int, today: date, taken: set[str]) -> list[Member]:
    age, male, surname = draw.randint(26, 68), draw.random() < 0.5, draw.choice(SURNAMES)
    persons = [(age, male, surname)]
    if size > 1:
        persons.append((max(23, age + draw.randint(-6, 6)), not male, draw.choice(SURNAMES)))
    persons += [(draw.randint(1, 17), draw.random() < 0.5, surname) for _ in range(size - 2)]
    return [
        {
            "key": f"m{place}",
            "name": family_name + "".join(draw.sample(GIVEN, 2)),
            "id_number": _id_number(draw, years, is_male, today, taken),
        }
        for place, (years, is_male, family_name) in enumerate(persons, start=1)
    ]


def _id_number(draw: random.Random, age: int, male: bool, today: date, taken: set[str]) -> str:
    """A valid number that nobody of this population has yet. The scenarios' people have orders from 900 on."""
    while True:
        born = today - timedelta(days=age * DAYS + draw.randrange(DAYS))
        order = draw.randrange(100, 900, 2) + (1 if male else 0)
        first = f"{DIVISION}{born:%Y%m%d}{order:03d}"
        if first not in taken:
            taken.add(first)
            return first + ric.calc_check_digit(f"{first}0")


def _batches(households: Iterator[list[Member]]) -> Iterator[Sequence[list[Member]]]:
    batch: list[list[Member]] = []
    for household in households:
        batch.append(household)
        if len(batch) == AT_A_TIME:
            yield batch
            batch = []
    if batch:
        yield batch
