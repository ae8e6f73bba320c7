"""What may happen in a household between two reviews, and what it makes of the declaration. Plain Python.

An event is a question about the benefit, never an accusation: who tells of one in time leaves without a mark.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from gettext import gettext as _  # marks the msgids; Django's catalogue translates them where they are shown

from msgspec import Struct
from msgspec.structs import replace

from verification.facts import Declared, DeclaredHome, DeclaredPerson, DeclaredVehicle, Income


class Kind(StrEnum):
    """The questions at the window."""

    INCOME = "income"
    JOB = "job"
    HOME_GOT = "home_got"
    HOME_GONE = "home_gone"
    VEHICLE = "vehicle"
    MARRIED = "married"
    DIVORCED = "divorced"
    BORN = "born"
    DIED = "died"
    OTHER = "other"


WORDS: Mapping[str, str] = {
    # Translators: 收入变化
    Kind.INCOME: _("Income has changed"),
    # Translators: 工作变动
    Kind.JOB: _("New work, or work has ended"),
    # Translators: 新取得住房（购买、继承、受赠）
    Kind.HOME_GOT: _("A home was bought, inherited or given"),
    # Translators: 住房已转让
    Kind.HOME_GONE: _("A home was sold or given away"),
    # Translators: 购置车辆
    Kind.VEHICLE: _("A vehicle was bought"),
    # Translators: 结婚
    Kind.MARRIED: _("A member has married"),
    # Translators: 离婚
    Kind.DIVORCED: _("A member was divorced"),
    # Translators: 出生、收养
    Kind.BORN: _("Birth or adoption"),
    # Translators: 死亡
    Kind.DIED: _("A member has died"),
    # Translators: 其他变化（存款、经营、户籍等）
    Kind.OTHER: _("Something else, such as savings, a business, the household register"),
}

# Which event a finding of a check would have been, had the household reported it.
TOLD_BY: Mapping[str, frozenset[str]] = {
    "undeclared_home": frozenset({Kind.HOME_GOT}),
    "undeclared_transfer": frozenset({Kind.HOME_GONE}),
    "understated_income": frozenset({Kind.INCOME, Kind.JOB}),
    "undeclared_vehicle": frozenset({Kind.VEHICLE}),
    "sold_vehicle_unregistered": frozenset({Kind.VEHICLE}),
    "marriage_mismatch": frozenset({Kind.MARRIED, Kind.DIVORCED}),
    "recent_divorce_one_household": frozenset({Kind.DIVORCED}),
    "deceased_member": frozenset({Kind.DIED}),
    "undeclared_deposit": frozenset({Kind.OTHER}),
    "moved_deposits": frozenset({Kind.OTHER}),
    "undeclared_business": frozenset({Kind.OTHER, Kind.JOB}),
    "disowned_business": frozenset({Kind.OTHER}),
}
MARITAL = {Kind.MARRIED: "20", Kind.DIVORCED: "40"}  # GB/T 2261.2


class Event(Struct, frozen=True, kw_only=True):
    """One thing that happened: to whom, when, and what was said of it."""

    kind: str
    member: str = ""  # key
    on: date | None = None
    words: str = ""
    amount: Decimal | None = None  # wages of twelve months
    area: Decimal | None = None  # of a home
    address: str = ""  # of a home
    plate: str = ""


def declared_after(declared: Declared, events: Iterable[Event]) -> Declared:
    """The declaration as the events have changed it. Who joined the household applies to join the benefit."""
    for event in events:
        declared = _after(declared, event)
    return declared


def _after(declared: Declared, event: Event) -> Declared:
    if event.kind == Kind.HOME_GOT and event.area is not None:
        home = DeclaredHome(owner=event.member, address=event.address, area=event.area, acquired_on=event.on)
        return replace(declared, homes=(*declared.homes, home))
    if event.kind == Kind.HOME_GONE:
        homes = (replace(row, sold_on=event.on) if row.address == event.address else row for row in declared.homes)
        return replace(declared, homes=tuple(homes))
    if event.kind == Kind.VEHICLE and event.plate:
        bought = DeclaredVehicle(owner=event.member, plate=event.plate, price=event.amount, purchased_on=event.on)
        return replace(declared, vehicles=(*declared.vehicles, bought))
    if event.kind == Kind.DIED:
        return _without(declared, event.member)
    if event.kind in {Kind.INCOME, Kind.JOB, *MARITAL}:
        persons = (_changed(each, event) if each.key == event.member else each for each in declared.persons)
        return replace(declared, persons=tuple(persons))
    return declared


def _changed(person: DeclaredPerson, event: Event) -> DeclaredPerson:
    if event.kind in MARITAL:
        return replace(person, marital=MARITAL[Kind(event.kind)])
    if event.amount is None:
        return person
    income: Income = replace(person.income, wages=event.amount)
    return replace(person, income=income, employment="employed" if event.amount else person.employment)


def _without(declared: Declared, member: str) -> Declared:
    """Without a member who has died; the last one stays, whose death the sources have to tell."""
    persons = tuple(each for each in declared.persons if each.key != member)
    if not persons or len(persons) == len(declared.persons):
        return declared
    return Declared(
        persons=persons,
        homes=tuple(row for row in declared.homes if row.owner != member),
        vehicles=tuple(row for row in declared.vehicles if row.owner != member),
        assets=tuple(row for row in declared.assets if row.owner != member),
        businesses=tuple(row for row in declared.businesses if row.owner != member),
        assistance=tuple(row for row in declared.assistance if row.owner != member),
    )
