"""The city's offices and how their codes nest: who holds an office's code sees the codes that begin like it.

Plain Python. Codes follow GB/T 2260 (6 digits: city or district), the statistical street code (9 digits) and a window
number of three more digits; 321271 is no GB/T 2260 code but the statistical one of the development zone.
`data/offices.csv` lists the offices. `data/areas.csv` says to which management area (管辖区域) a street belonged from
when, as an area has no division code; its dates stand for the merger of 2021 and are to be confirmed by the bureau.
"""

import csv
import re
from datetime import date
from pathlib import Path
from typing import Final, Literal, NamedTuple

Tier = Literal["city", "district", "street", "window"]

DISTRICT_DIGITS: Final = 6  # with which the code of every office of a district begins
CODE_SHAPE: Final = re.compile(r"\d{6}(?:\d{3}(?:\d{3})?)?", re.ASCII)
DATA: Final = Path(__file__).parent / "data"


class OfficeSeed(NamedTuple):
    """An office as it is first set up. `area` is empty where the area is the district itself."""

    code: str
    name_zh: str
    name_en: str
    place_zh: str
    place_en: str
    tier: Tier
    parent_code: str | None
    area: str
    area_en: str


class AreaSpan(NamedTuple):
    """A street's management area from a day until the day before another; no end while `until_on` is None."""

    street: str
    area_zh: str
    area_en: str
    from_on: date
    until_on: date | None


def tier_of(code: str) -> Tier:
    """City, district, street or window, by the shape of the code. ValueError for what is no office code."""
    if not CODE_SHAPE.fullmatch(code):
        raise ValueError("an office code has 6, 9 or 12 digits")
    if len(code) == 6:
        return "city" if code.endswith("00") else "district"
    return "street" if len(code) == 9 else "window"


def parent_of(code: str) -> str | None:
    """The code of the office one tier up; None above the city."""
    match tier_of(code):
        case "city":
            return None
        case "district":
            return code[:4] + "00"
        case "street":
            return code[:6]
        case "window":
            return code[:9]


def scope_prefix(code: str) -> str:
    """What every code in this office's scope begins with: 3212 for the city office 321200, else the code itself."""
    return code[:4] if tier_of(code) == "city" else code


def covers(code: str, other: str) -> bool:
    """Whether the other office is this one or lies in its scope."""
    return other.startswith(scope_prefix(code))


def ancestor(code: str, tier: Tier) -> str:
    """The code itself or of the office above it at that tier. ValueError when the code stands higher."""
    above: str | None = code
    while above is not None and tier_of(above) != tier:
        above = parent_of(above)
    if above is None:
        raise ValueError(f"{code} has no {tier} above it")
    return above


def area_of(code: str, on: date) -> AreaSpan | None:
    """The management area of a street or window on that day; None where it is the district itself."""
    street = code[:9]
    return next(
        (
            span
            for span in AREAS
            if span.street == street and span.from_on <= on and (span.until_on is None or on < span.until_on)
        ),
        None,
    )


def _areas() -> tuple[AreaSpan, ...]:
    with (DATA / "areas.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            AreaSpan(
                street=row["street"],
                area_zh=row["area_zh"],
                area_en=row["area_en"],
                from_on=date.fromisoformat(row["from_on"]),
                until_on=date.fromisoformat(row["until_on"]) if row["until_on"] else None,
            )
            for row in csv.DictReader(file)
        )


def _offices() -> tuple[OfficeSeed, ...]:
    with (DATA / "offices.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_office(row) for row in csv.DictReader(file))


def _office(row: dict[str, str]) -> OfficeSeed:
    code = row["code"]
    area = area_of(code, date.max)
    return OfficeSeed(
        code=code,
        name_zh=row["office_zh"],
        name_en=row["office_en"],
        place_zh=row["place_zh"],
        place_en=row["place_en"],
        tier=tier_of(code),
        parent_code=parent_of(code),
        area=area.area_zh if area else "",
        area_en=area.area_en if area else "",
    )


AREAS: Final = _areas()
OFFICES: Final = _offices()
_BY_CODE: Final = {office.code: office for office in OFFICES}


def place_name(code: str, *, lang: str = "zh") -> str:
    """Where an office sits, from the district down: 海陵区城东街道, or "Chengdong Subdistrict, Hailing District"."""
    chain = [_BY_CODE[each] for each in dict.fromkeys((code[:6], code[:9])) if each in _BY_CODE]
    if lang == "zh":
        return "".join(dict.fromkeys(office.place_zh for office in chain))
    return ", ".join(dict.fromkeys(office.place_en for office in reversed(chain)))
