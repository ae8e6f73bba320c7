"""A demonstration has something to let: three estates with their homes."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from benefits.models import Estate, Home
from bureau import numbers

HOME = "FY"  # 房源: how numbers begin
FLATS = ((1, "32.50"), (2, "48.60"), (2, "52.00"), (3, "59.80"))  # of each floor: rooms and m²
ENTERED_ON = date(2024, 1, 2)


class EstateSeed(NamedTuple):
    """An estate with so many floors in one building."""

    name: str
    address: str
    office_code: str
    floors: int


ESTATES = (
    EstateSeed("凤城家园", "泰州市海陵区凤凰东路", "321202001", 6),
    EstateSeed("口岸新居", "泰州市高港区柴墟东路", "321203001", 4),
    EstateSeed("罗塘雅苑", "泰州市姜堰区罗塘西路", "321204001", 4),
)


def seed_homes() -> int:
    """Enter the estates that are missing, with their homes; returns how many homes are new."""
    return sum(_enter(seed) for seed in ESTATES if not Estate.objects.filter(name=seed.name).exists())


def _enter(seed: EstateSeed) -> int:
    estate = Estate.objects.create(name=seed.name, address=seed.address, office_code=seed.office_code)
    flats = [(floor, place, *flat) for floor in range(1, seed.floors + 1) for place, flat in enumerate(FLATS, start=1)]
    last = numbers.take(HOME, on=ENTERED_ON, count=len(flats))
    homes = [
        Home(
            number=f"{HOME}{ENTERED_ON.year}-{last - len(flats) + place:06d}",
            estate=estate,
            building="1",
            unit=f"{floor}0{door}",
            area=Decimal(area),
            rooms=rooms,
            floor=floor,
            office_code=seed.office_code,
        )
        for place, (floor, door, rooms, area) in enumerate(flats, start=1)
    ]
    return len(Home.objects.bulk_create(homes))
