"""Households drawn at random for the properties of the arithmetic: who they are, what they declared, what was found.

What two records say of one thing may differ (the area of a home, the price behind a plate), one thing may be told of
several members (a home, a vehicle, a joint account, a family's grant), and members die.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.verification.household import (
    ACCOUNT,
    CAR,
    CHILD,
    DIBAO,
    FATHER,
    FLAT,
    FUND,
    INSURED,
    LOCAL,
    MOTHER,
    ON,
    SHARE,
    WAGES,
    Told,
    hear,
)
from verification.comparison import Assessed, assess
from verification.facts import (
    Declared,
    DeclaredAsset,
    DeclaredBusiness,
    DeclaredHome,
    DeclaredPerson,
    DeclaredVehicle,
    Income,
    Outcome,
)
from verification.figures import Figure, Figures
from verification.standards import Standard
from verification.statement import Heard

PROPERTY = settings(max_examples=30, deadline=None, derandomize=True)  # of a whole household
GRANDFATHER = replace(CHILD, key="m4", name="张老", id_number="321299195001010012", relation="51", employment="retired")
PEOPLE = (FATHER, MOTHER, CHILD, GRANDFATHER)
UNITS = {"321202001001GB00001F0001000" + str(unit): area for unit, area in enumerate(("45.5", "60", "88.37"), 1)}
MONTHS = tuple(f"{year}-{month:02}" for year in (2025, 2026) for month in range(1, 13))
PLATES = ("苏M00001", "苏M00002", "苏M00003")
DEATH = {"deceased": True, "death_date": "2026-09-01"}
FUNERAL = {"kind": "registration", "record_type": "03", "cremation_date": "2026-09-03"}


class Household(NamedTuple):
    """A declaration and what the sources found, by source and person."""

    declared: Declared
    told: Told

    @property
    def keys(self) -> list[str]:
        """The keys of its members."""
        return [person.key for person in self.declared.persons]

    def assess(self, standard: Standard, silent: dict[str, Outcome] | None = None) -> Assessed:
        """The household assessed, these sources silent."""
        return assess(self.declared, self.heard(silent), standard, on=ON)

    def heard(self, silent: dict[str, Outcome] | None = None) -> list[Heard]:
        """What the 24 sources said; the silent ones nothing at all."""
        told = {place: records for place, records in self.told.items() if place[0] not in (silent or {})}
        told |= {place: [] for place in self.told if place not in told}
        return hear(told, silent=silent, persons=len(self.keys))


def cents(most: int) -> st.SearchStrategy[str]:
    """An amount of up to so many whole units, with two decimals."""
    return st.integers(0, most * 100).map(lambda amount: f"{Decimal(amount) / 100:.2f}")


def _with(base: dict[str, Any], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(fields).map(lambda drawn: base | drawn)


def _period(record: dict[str, Any]) -> dict[str, Any]:
    first, last = sorted((record["period_from"], record["period_to"]))
    return record | {"period_from": first, "period_to": last}


SHARES = st.sampled_from(
    [{"share_type": "0"}, {"share_type": "1", "owner_count": 3}, {"share_type": "1", "owner_count": 2}]
    + [{"share_type": "2", "share_ratio": ratio} for ratio in ("0.5", "0.3333", "0.6667", "1")]
)
RIGHTS = st.sampled_from(
    [{}, {}, {"record_type": "02", "contract_no": "C"}, {"use": "20"}]
    + [{"status": "0", "transferred_on": day} for day in ("2024-01-01", "2021-11-22", "2021-11-21")]
)
HOME = st.builds(lambda unit, other, share, right: FLAT | unit | other | share | right, st.sampled_from(
    [{"unit_no": unit, "area": area, "address": f"济川东路{unit[-1]}号"} for unit, area in UNITS.items()]
), st.sampled_from([{}, {}, {"unit_no": None}, {"area": "62.5"}]), SHARES, RIGHTS)  # fmt: skip
VEHICLE = st.builds(lambda car, gone: car | gone, _with(
    CAR,
    plate_no=st.sampled_from([*PLATES, None, None]),
    vehicle_class=st.sampled_from("KKKMC"),
    use_nature=st.sampled_from(["A", "A", None, "D"]),
    insured_value=st.one_of(st.none(), cents(160_000)),
), st.sampled_from([{}, {}, {"status": "5"}, {"status": "6", "status_date": "2026-01-01"}]))  # fmt: skip
MONEY = _with(
    ACCOUNT,
    account_type=st.sampled_from("DTWFBS"),
    balance=cents(400_000),
    product_value=st.one_of(st.none(), cents(50_000)),
    average_6m=st.one_of(st.none(), cents(600_000)),
    large_outflow_6m=st.one_of(st.none(), cents(300_000)),
)
TAXED = _with(
    WAGES,
    income_type=st.sampled_from(["01", "01", "01", "02", "03", "04", "05", "06", "07", "08"]),
    period_from=st.sampled_from(MONTHS),
    period_to=st.sampled_from(MONTHS),
    declared_income=cents(200_000),
).map(_period)
SALES = _with(WAGES, record_type=st.just("02"), sales_amount=cents(900_000)).map(
    lambda record: {name: value for name, value in record.items() if name != "income_type"}
)
PAID_IN = _with(
    INSURED, scheme=st.sampled_from("112"), month_base=cents(9_000), months_paid=st.integers(min_value=0, max_value=12)
)
DRAWN = _with(
    INSURED,
    record_type=st.sampled_from("23"),
    monthly_amount=cents(4_000),
    start_date=st.sampled_from(["2010-04-01", "2026-04-01"]),
    end_date=st.sampled_from([None, "2026-06-30"]),
)
SAVED = _with(FUND, status=st.sampled_from("112"), month_base=cents(9_000))
CAPITAL = _with(
    SHARE,
    entity_name=st.sampled_from(["甲公司", "乙公司"]),
    credit_code=st.none(),
    paid_in_capital=st.one_of(st.none(), cents(30)),
    registered_capital=cents(90),
    role=st.sampled_from(["01", "02", "03"]),
    status=st.sampled_from("1123"),
    impostor_status=st.sampled_from("0001"),
)
AID = _with(
    DIBAO,
    aid_type=st.sampled_from(["01", "03", "05", "06", "07", "99"]),
    monthly_amount=cents(2_000),
    status=st.sampled_from("1123"),
    family_no=st.sampled_from([None, "F-1", "F-1"]),
    from_date=st.sampled_from(["2020-01-01", "2026-05-20"]),
    to_date=st.sampled_from([None, None, "2026-06-30"]),
)
FOUND: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "housing_bureau": HOME,
    "police": VEHICLE,
    "icbc": MONEY,
    "abc": MONEY,
    "local_tax": TAXED,
    "state_tax": SALES,
    "social_security": st.one_of(PAID_IN, DRAWN),
    "provident_fund": SAVED,
    "market_regulation": CAPITAL,
    "civil_affairs": AID,
    "province": AID,
}
TRAILS = ("average_6m", "large_outflow_6m")  # by which money that was moved away is known


@st.composite
def households(
    draw: st.DrawFn, *, moved: bool | None = None, deaths: bool = True, without: Sequence[str] = ()
) -> Household:
    """One to four persons with up to two records per source; `without` these sources or sections of the declaration.

    `moved`: whether banks tell of money that was moved away; left out, either. `deaths`: the dead need no answer.
    """
    people = draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=4, unique=True))
    moved = draw(st.booleans()) if moved is None else moved
    joint = draw(st.sampled_from([None, None, "icbc", "abc"]))
    persons, told = [], {}
    chosen = {source: st.lists(record, min_size=1, max_size=2) for source, record in FOUND.items()}
    per_person = st.fixed_dictionaries({}, optional={each: chosen[each] for each in chosen if each not in without})
    earned = st.fixed_dictionaries({}, optional=dict.fromkeys(("wages", "business", "transfers"), cents(150_000)))
    for place, person in enumerate(people, 1):
        income = Income(**{kind: Decimal(amount) for kind, amount in draw(earned).items()})
        persons.append(replace(person, key=f"m{place}", income=income))
        for source, records in draw(per_person).items():
            told[source, f"m{place}"] = [
                _marked(record, f"{source}-{place if source != joint else 0}-{number}", moved=moved)
                for number, record in enumerate(records)
            ]
        death, funeral = (
            ({}, False) if not deaths else draw(st.sampled_from([({}, False)] * 6 + [(DEATH, False), ({}, True)]))
        )
        told.setdefault(("police", f"m{place}"), []).append(LOCAL | {"record_key": f"HK-{place}"} | death)
        if funeral:
            told.setdefault(("civil_affairs", f"m{place}"), []).append(FUNERAL | {"record_key": f"BZ-{place}"})
    declared = Declared(persons=tuple(persons), **_declared(draw, persons, without=without))
    return Household(declared, told)


def _marked(record: dict[str, Any], key: str, *, moved: bool) -> dict[str, Any]:
    """The record under a key of its own, a vehicle for which none was drawn under its own plate; no empty fields."""
    record = {name: value for name, value in record.items() if value is not None and (moved or name not in TRAILS)}
    own = {"plate_no": f"苏M{key[-3::2]}"} if record["kind"] == "vehicle" and "plate_no" not in record else {}
    return record | {"record_key": key} | own


def _declared(draw: st.DrawFn, persons: list[DeclaredPerson], *, without: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    """Things that no register knows, and some that one knows: homes, plates, businesses, declared once or twice."""
    owner, amount = st.sampled_from([person.key for person in persons]), cents(200_000).map(Decimal)
    kinds = ["deposit", "fund", "security", "claim"]
    areas, prices = st.sampled_from([Decimal("45.5"), Decimal(47)]), st.sampled_from([None, 90_000, 130_000])
    address, name = st.sampled_from(["济川东路1号", "老宅"]), st.sampled_from(["甲公司", "摊位"])
    sections: dict[str, st.SearchStrategy[Any]] = {
        "assets": st.builds(
            DeclaredAsset, owner=owner, asset_type=st.sampled_from(kinds), institution=st.just("x"), amount=amount
        ),
        "homes": st.builds(DeclaredHome, owner=owner, address=address, area=areas),
        "vehicles": st.builds(
            DeclaredVehicle,
            owner=owner,
            plate=st.sampled_from(["苏M99999", "", PLATES[0]]),
            price=prices.map(lambda price: price and Decimal(price)),
        ),
        "businesses": st.builds(DeclaredBusiness, owner=owner, name=name, capital=amount),
    }
    return {name: tuple(draw(st.lists(each, max_size=2))) for name, each in sections.items() if name not in without}


def values(figures: Figures) -> dict[str, Any]:
    """What the figures come to, without the numbers of the lines beneath them."""
    told = {name: getattr(figures, name) for name in figures.__struct_fields__}
    return {name: each.value if isinstance(each, Figure) else each for name, each in told.items()}


def encoded(assessed: Assessed) -> bytes:
    """An assessment as it is stored."""
    return msgspec.json.encode(assessed)
