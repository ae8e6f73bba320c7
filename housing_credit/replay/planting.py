"""What households keep from the window: each a truth that the departments know and the declaration does not. Plain
Python.

The first table breaks the standard; the second is as wrong and breaks nothing, or looks wrong and is not.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from housing_credit.replay import truth
from housing_credit.replay.people import BANKS, Someone
from housing_credit.replay.truth import Known

Declaration = dict[str, Any]
Hide = Callable[[Sequence[Someone], dict[str, Known], Declaration, random.Random], None]


def _grown(people: Sequence[Someone], draw: random.Random) -> Someone:
    return draw.choice([person for person in people if person.bank])


def _other_bank(person: Someone, draw: random.Random) -> str:
    return draw.choice([bank for bank in BANKS if bank != person.bank])


def _plate(draw: random.Random) -> str:
    return f"苏M9{draw.randrange(10_000):04d}{draw.choice('ABCDEFGH')}"


def _flat(people: Sequence[Someone], known: dict[str, Known], _: Declaration, draw: random.Random) -> None:
    owner = _grown(people, draw)
    truth.add(known[owner.key], truth.flat(owner, 22 * len(people) + draw.randint(20, 60)))


def _second_car(people: Sequence[Someone], known: dict[str, Known], declared: Declaration, draw: random.Random) -> None:
    """One car is declared, the other not."""
    owner, plate = _grown(people, draw), _plate(draw)
    truth.add(known[owner.key], truth.car(plate, 60_000, since="-5y"))
    truth.add(known[owner.key], truth.car(_plate(draw), 1_000 * draw.randint(50, 90)))
    declared["vehicles"].append({"owner": owner.key, "plate": plate, "price": "72000.00", "purchased_on": "2008-05-06"})


def _dear_car(people: Sequence[Someone], known: dict[str, Known], _: Declaration, draw: random.Random) -> None:
    owner = _grown(people, draw)
    truth.add(known[owner.key], truth.car(_plate(draw), 1_000 * draw.randint(140, 260)))


def _deposits(people: Sequence[Someone], known: dict[str, Known], _: Declaration, draw: random.Random) -> None:
    owner = _grown(people, draw)
    balance = len(people) * 1_000 * draw.randint(240, 400)
    number = f"{draw.randrange(10**12):012d}"
    truth.add(known[owner.key], {_other_bank(owner, draw): [truth.account(number, balance)]})


def _wages(people: Sequence[Someone], known: dict[str, Known], declared: Declaration, draw: random.Random) -> None:
    """Who is paid by far more than is declared; who has a pension only, has money at a bank instead."""
    earner = next((person for person in people if person.wage), None)
    if earner is None:
        _deposits(people, known, declared, draw)
        return
    known[earner.key] |= truth.wages(earner, len(people) * 100 * draw.randint(47, 70))


def _business(people: Sequence[Someone], known: dict[str, Known], _: Declaration, draw: random.Random) -> None:
    owner = _grown(people, draw)
    truth.add(known[owner.key], truth.share(owner, 10_000 * draw.randint(40, 90)))


UNFIT: Mapping[str, Hide] = {
    "flat": _flat,
    "second_car": _second_car,
    "dear_car": _dear_car,
    "deposits": _deposits,
    "wages": _wages,
    "business": _business,
}


def _forgotten(people: Sequence[Someone], known: dict[str, Known], _: Declaration, draw: random.Random) -> None:
    """An account that was not declared, larger than the tolerance and far below the line."""
    owner = _grown(people, draw)
    number = f"{draw.randrange(10**12):012d}"
    truth.add(known[owner.key], {_other_bank(owner, draw): [truth.account(number, 1_000 * draw.randint(20, 60))]})


def _small_car(people: Sequence[Someone], known: dict[str, Known], _: Declaration, draw: random.Random) -> None:
    """The only car, and a cheap one."""
    owner = _grown(people, draw)
    truth.add(known[owner.key], truth.car(_plate(draw), 1_000 * draw.randint(30, 80)))


def _sold_car(people: Sequence[Someone], known: dict[str, Known], declared: Declaration, draw: random.Random) -> None:
    """Sold, with a contract, and never registered over: besides the one that the household has."""
    owner, plate, own = _grown(people, draw), _plate(draw), _plate(draw)
    for each in (plate, own):
        truth.add(known[owner.key], truth.car(each, 46_000, since="-8y"))
        row = {"owner": owner.key, "plate": each, "price": "72000.00", "purchased_on": "2006-05-06"}
        sold = {"sold_on": "2013-12-02", "proof": f"二手车买卖合同 TZ-2013-{draw.randrange(1000):04d}"}
        declared["vehicles"].append(row | (sold if each == plate else {}))


HARMLESS: Mapping[str, Hide] = {"forgotten": _forgotten, "small_car": _small_car, "sold_car": _sold_car}
