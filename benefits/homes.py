"""What there is to let: enter estates and homes, take a home out of use, have it repaired, put it back."""

from collections.abc import Sequence
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from msgspec import Struct

from benefits import moves
from benefits.models import Estate, Home
from bureau import divisions, numbers, timeline, workdays
from bureau.errors import NotAllowedError, UnfitDataError
from bureau.lifecycle import make_move
from bureau.models import Office, Staff
from bureau.moves import Move
from bureau.roles import Role

HOME = "FY"  # 房源: how numbers begin
MOST_AT_ONCE = 200
LARGEST = Decimal(1000)  # m² of a flat
MOST_ROOMS = 9
LONGEST_UNIT = 20  # characters


class Flat(Struct, frozen=True, kw_only=True):
    """A flat to be entered."""

    unit: str
    floor: int
    area: Decimal
    rooms: int


@transaction.atomic
def enter_estate(*, name: str, address: str, office_code: str, by: Staff) -> Estate:
    """An estate in the charge of a district or street. Raises `UnfitDataError` for a name that is there already."""
    _need_officer(by, office_code)
    if not Office.objects.filter(code=office_code).exists() or divisions.tier_of(office_code) == "window":
        raise UnfitDataError(_("Choose the district or street in which it lies."))
    if Estate.objects.filter(name=name.strip()).exists():
        text = _("There is an estate of this name.")
        raise UnfitDataError(text, {"name": [text]})
    return Estate.objects.create(name=name.strip(), address=address.strip(), office_code=office_code)


@transaction.atomic
def enter(estate: Estate, building: str, flats: Sequence[Flat], *, has_lift: bool = False, by: Staff) -> list[Home]:
    """Homes of one building, each with its number; all of them or none.

    Raises `UnfitDataError` for a flat that is there already or stands twice in the list, and for none or too many.
    """
    _need_officer(by, estate.office_code)
    if not 1 <= len(flats) <= MOST_AT_ONCE:
        raise UnfitDataError(_("Enter 1 to %(most)s flats at a time.") % {"most": MOST_AT_ONCE})
    units = [flat.unit for flat in flats]
    known = Home.objects.filter(estate=estate, building=building, unit__in=units).values_list("unit", flat=True)
    twice = sorted({*known} | {unit for unit in units if units.count(unit) > 1})
    if twice:
        # Translators: 下列房号重复或已登记：%(units)s
        raise UnfitDataError(_("Entered already or twice: %(units)s") % {"units": ", ".join(twice)})
    today = workdays.today()
    last = numbers.take(HOME, on=today, count=len(flats))
    rows = [
        Home(
            number=f"{HOME}{today.year}-{last - len(flats) + place:06d}",
            estate=estate,
            building=building,
            unit=flat.unit,
            area=flat.area,
            rooms=flat.rooms,
            floor=flat.floor,
            has_lift=has_lift,
            office_code=estate.office_code,
        )
        for place, flat in enumerate(flats, start=1)
    ]
    try:
        with transaction.atomic():
            made = Home.objects.bulk_create(rows)
    except IntegrityError:
        raise UnfitDataError(_("Somebody else has entered one of these flats meanwhile.")) from None
    timeline.record_many(Home, [home.pk for home in made], "entered", by=by)
    return made


def make(home: Home, move: Move, *, note: str, by: Staff) -> None:
    """Take a home out of use, have it repaired, or put it back, with a note why.

    Raises `UnfitDataError` without one; for any other move the system alone makes it.
    """
    if move not in (moves.TAKE_OUT, moves.TO_REPAIR, moves.READY):
        raise NotAllowedError(_("Your posting does not include this work."))
    if not note.strip():
        raise UnfitDataError(_("Give the reason."))
    make_move(home, move, by=by, note=note.strip())


def _need_officer(by: Staff, office_code: str) -> None:
    if not by.has_role(Role.HOUSING_OFFICER, office_code):
        raise NotAllowedError(_("Your posting does not include this work."))
