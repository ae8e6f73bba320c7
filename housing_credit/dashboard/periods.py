"""Years, quarters and months: as they stand in an address, and as days. Plain Python."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

CODE: Final = re.compile(r"(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?", re.ASCII)
MONTHS_OF: Final = {"month": 1, "quarter": 3, "year": 12}
# Into what a period can be divided, the usual first.
SIZES_OF: Final = {
    "all": ("year", "quarter", "month"),
    "year": ("month", "quarter"),
    "quarter": ("month",),
    "month": ("month",),
}
MOST_SPANS: Final = 24  # columns of a chart; of more months come quarters, of more quarters years
OLDEST: Final = 2000


class Span(NamedTuple):
    """Days from one up to, not with, another. The code is `2026`, `2026-Q4` or `2026-11`; empty: all time."""

    code: str
    begins: date | None = None
    ends: date | None = None

    @property
    def size(self) -> str:
        """year, quarter, month or all."""
        return {0: "all", 4: "year"}.get(len(self.code), "quarter" if "Q" in self.code else "month")


ALL: Final = Span("")


def span_of(code: str, today: date) -> Span:
    """What the code names; all time where it names nothing, or what is still to come."""
    found = CODE.fullmatch(code)
    if not found or not OLDEST <= int(found["year"]) <= today.year:
        return ALL
    year = int(found["year"])
    if found["quarter"]:
        span = _span(year, int(found["quarter"]) * 3 - 2, "quarter")
    elif found["month"]:
        span = _span(year, int(found["month"]), "month")
    else:
        span = _span(year, 1, "year")
    return span if span.begins and span.begins <= today else ALL


def _span(year: int, month: int, size: str) -> Span:
    begins = date(year, month, 1)
    after = year * 12 + month - 1 + MONTHS_OF[size]
    code = {"year": f"{year}", "quarter": f"{year}-Q{month // 3 + 1}", "month": f"{year}-{month:02}"}[size]
    return Span(code, begins, date(after // 12, after % 12 + 1, 1))


def divided(period: Span, size: str, *, since: date, today: date) -> list[Span]:
    """The spans of this size in the period, from `since` up to today; larger ones where they would be too many."""
    if size not in SIZES_OF[period.size]:
        size = SIZES_OF[period.size][0]
    first = period.begins or date(since.year, 1, 1)
    until = min(period.ends or date.max, today + timedelta(days=1))
    found = list(_spans(first, until, size))
    larger = {"month": "quarter", "quarter": "year"}.get(size)
    if len(found) > MOST_SPANS and larger and larger in SIZES_OF[period.size]:
        return divided(period, larger, since=since, today=today)
    return found


def _spans(first: date, until: date, size: str) -> Iterator[Span]:
    """Those that begin before `until`, from the one in which the first day lies."""
    months = MONTHS_OF[size]
    span = _span(first.year, (first.month - 1) // months * months + 1, size)
    while span.begins and span.ends and span.begins < until:
        yield span
        span = _span(span.ends.year, span.ends.month, size)


def choices(since: date, today: date) -> list[tuple[int, list[Span]]]:
    """By year, the newest first: the year, its quarters and months that have begun."""
    return [
        (year, [span for span in _of_year(year) if span.begins and span.begins <= today])
        for year in range(today.year, min(since.year, today.year) - 1, -1)
    ]


def _of_year(year: int) -> list[Span]:
    quarters = [_span(year, month, "quarter") for month in (1, 4, 7, 10)]
    return [_span(year, 1, "year"), *quarters, *(_span(year, month, "month") for month in range(1, 13))]
