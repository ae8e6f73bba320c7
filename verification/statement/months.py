"""Whole months before a check, counted from the year 0."""

from datetime import date


def last_month(on: date) -> int:
    """The last whole month before a day."""
    return on.year * 12 + on.month - 2


def month_of(value: str | date) -> int:
    """A month (YYYY-MM) or the month of a day."""
    if isinstance(value, date):
        return value.year * 12 + value.month - 1
    return int(value[:4]) * 12 + int(value[5:7]) - 1


def within(first: str | date | None, last: str | date | None, begin: int, end: int) -> int:
    """How many months of a span lie within the period; an open end reaches to its edge."""
    low = max(begin, month_of(first)) if first else begin
    high = min(end, month_of(last)) if last else end
    return max(0, high - low + 1)
