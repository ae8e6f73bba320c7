"""How a value is written on a screen: money, areas, dates, masks. Missing is `--`, never 0 (docs/screens.md)."""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone

from bureau import masks

register = template.Library()

MISSING = "--"

Number = Decimal | int | float


def _is_missing(value: object) -> bool:
    return value is None or value == ""


@register.filter
def dash(value: object) -> object:
    """The value itself, or `--` when there is none. Zero and False are values."""
    return MISSING if _is_missing(value) else value


@register.filter
def money(value: Number | str | None, decimals: int = 2) -> str:
    """CNY with thousands separators, `12,345.60`; the unit stands in the column header."""
    return MISSING if value is None or value == "" else f"{Decimal(str(value)):,.{decimals}f}"


@register.filter
def difference(value: Number | str | None, decimals: int = 2) -> str:
    """Verified less declared, always with its sign: `+1,200.00`, `-35.00`, `0.00`."""
    if value is None or value == "":
        return MISSING
    amount = Decimal(str(value))
    return f"{amount:+,.{decimals}f}" if amount else f"{amount:,.{decimals}f}"


@register.filter
def area(value: Number | str | None) -> str:
    """Square metres with two decimals, `52.30`; the unit stands in the column header."""
    return money(value)


@register.filter
def amount_of(value: int | None) -> str:
    """A count with thousands separators, in either language."""
    return MISSING if value is None else f"{value:,}"


@register.filter
def percent(value: Number | None, decimals: int = 1) -> str:
    """A ratio from 0 to 1 as `26.3%`, rounded."""
    return MISSING if value is None else f"{Decimal(str(value)) * 100:.{decimals}f}%"


@register.filter
def milliseconds(value: int | None) -> str:
    """How long a source took, `1,204`; the unit stands in the column header."""
    return amount_of(value)


@register.filter
def day(value: date | datetime | None) -> str:
    """`2019-12-08`, in Asia/Shanghai when a moment is given."""
    if value is None:
        return MISSING
    if isinstance(value, datetime):
        value = _local(value)
    return value.isoformat()[:10]  # strftime writes the year 1 as it is


@register.filter
def moment(value: date | datetime | None) -> str:
    """`2019-12-08 14:08`; a plain date stays a date, so that no 00:00 is made up."""
    if value is None or not isinstance(value, datetime):
        return day(value)
    return _local(value).isoformat(" ", "minutes")[:16]


@register.filter
def clock(value: datetime | None) -> str:
    """`14:08:31`, for exchanges of the same day."""
    return MISSING if value is None else f"{_local(value):%H:%M:%S}"


def _local(value: datetime) -> datetime:
    """In Asia/Shanghai. A moment at either end of the calendar, as a source may have sent it, has no local time."""
    try:
        return timezone.localtime(value) if timezone.is_aware(value) else value
    except OverflowError:
        return value


@register.filter
def mask_name(value: str | None) -> str:
    """`仲*妮`."""
    return masks.name(value) if value else MISSING


@register.filter
def mask_id(value: str | None, level: str = "casework") -> str:
    """An ID number at the level public (1/1), internal (3/3) or casework (6/4)."""
    return masks.id_number(value, masks.IdLevel[level.upper()]) if value else MISSING


@register.filter
def mask_phone(value: str | None) -> str:
    """`186****1402`."""
    return masks.phone(value) if value else MISSING


@register.filter
def mask_card(value: str | None) -> str:
    """`**** 8813`: the last four digits of an account."""
    return masks.bank_card(value) if value else MISSING


@register.filter
def mask_address(value: str | None) -> str:
    """The divisions of an address, and nothing of road, estate and door."""
    return masks.address(value) if value else MISSING
