"""Dates written as offsets, so that pinned truths stay valid: "-4m" is four months ago, "month-1" is last month."""

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Any

_DAY = re.compile(r"^-(?=\d)(?:(\d+)y)?(?:(\d+)m)?(?:(\d+)d)?$")
_MONTH = re.compile(r"^month-(\d+)$")


def months_before(day: date, months: int) -> date:
    """The same day of the month so many months earlier, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def resolve(value: Any, today: date) -> Any:
    """The JSON value with every offset in it turned into a date ("2026-07-22") or a month ("2026-07")."""
    if isinstance(value, dict):
        return {key: resolve(inner, today) for key, inner in value.items()}
    if isinstance(value, list):
        return [resolve(inner, today) for inner in value]
    if not isinstance(value, str):
        return value
    if found := _DAY.match(value):
        years, months, days = (int(part or 0) for part in found.groups())
        return (months_before(today, years * 12 + months) - timedelta(days=days)).isoformat()
    if found := _MONTH.match(value):
        return f"{months_before(today.replace(day=1), int(found[1])):%Y-%m}"
    return value
