"""The pages of the scorecard: a month of all sources, twelve months of one, and the lists behind the figures."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from verification import scorecards
from verification.models import FAILURES, Dispute, Exchange, Source, Tally
from verification.scorecards import Line
from verification.wording.scorecards import columns, month_name, note_of, state_of, text_of, value_of

MOST_MONTHS = 36  # that can be chosen
LISTS = {"failed": "scorecard_failed", "contradicted": "scorecard_contradicted"}  # figures behind which there is one
WIDE, HIGH, STEP = 28, 100, 40  # of the columns of the picture, and from one to the next


def month_choices() -> list[tuple[str, str]]:
    """The months of which there are figures, the newest first."""
    first, month = scorecards.first_month(), scorecards.this_month()
    found = [month]
    while first is not None and month > first and len(found) < MOST_MONTHS:
        month = scorecards.next_month(month, -1)
        found.append(month)
    return [(f"{each:%Y-%m}", month_name(each)) for each in found]


def month_in(query: Mapping[str, Any]) -> date:
    """The month that an address asks for; the running one where it names none that there is."""
    wanted = query.get("month", "")
    known = {name for name, _words in month_choices()}
    return datetime.strptime(wanted, "%Y-%m").date() if wanted in known else scorecards.this_month()  # noqa: DTZ007


def month_context(month: date, sort: str) -> dict[str, Any]:
    """The table of a month."""
    card = scorecards.card(month)
    return {
        "card": card,
        "month": f"{month:%Y-%m}",
        "month_words": month_name(month),
        "state": state_of(card),
        "columns": columns(),
        "rows": [_row(line, _source_page(line)) for line in _sorted(card.lines, sort)],
        "total": _row(card.total, ""),
    }


def _sorted(lines: list[Line], sort: str) -> list[Line]:
    """By a column, those without a figure last; else in the order of the sources."""
    key = sort.removeprefix("-")
    if key not in {column.key for column in columns()}:
        return lines
    known = [(value, line) for line in lines if (value := value_of(line, key)) is not None]
    known.sort(key=lambda pair: pair[0], reverse=sort.startswith("-"))
    return [line for _value, line in known] + [line for line in lines if value_of(line, key) is None]


def _row(line: Line, url: str) -> dict[str, Any]:
    # Translators: 合计
    name = line.source.name if line.source else _("All sources")
    return {"name": name, "url": url, "cells": list(_cells(line))}


def _cells(line: Line) -> Iterator[dict[str, Any]]:
    for column in columns():
        url = ""
        if column.key in LISTS and line.source and value_of(line, column.key):
            address = reverse(f"verification:{LISTS[column.key]}", args=[line.source.code])
            url = f"{address}?{urlencode({'month': f'{line.row.month:%Y-%m}'})}"
        yield {
            "label": column.label,
            "text": text_of(line, column.key),
            "note": note_of(line, column.key),
            "url": url,
        }


def _source_page(line: Line) -> str:
    return reverse("verification:scorecard_source", args=[line.source.code]) if line.source else ""


def source_context(source: Source) -> dict[str, Any]:
    """Twelve months of one source as a picture, and as a table those of which there are figures."""
    lines = scorecards.history(source)
    first = scorecards.first_month() or scorecards.this_month()
    counted = [line for line in lines if line.row.month >= first]
    rows = [{**_row(line, ""), "name": month_name(line.row.month)} for line in counted]
    for row, line in zip(rows, counted, strict=True):
        row["url"], row["is_month"] = f"{reverse('verification:scorecard')}?month={line.row.month:%Y-%m}", True
    heads = columns()
    return {
        "source": source,
        "columns": heads,
        "rows": rows,
        "bars": list(_bars(lines)),
        "chart_title": next(column.label for column in heads if column.key == "share"),
    }


def _bars(lines: Iterable[Line]) -> Iterator[dict[str, Any]]:
    """One column a month, the oldest first: how much of the asked was in time."""
    for place, line in enumerate(reversed(list(lines))):
        share = line.row.in_time_share
        height = 0 if share is None else max(round(share * HIGH), 1)
        yield {
            "x": place * STEP,
            "middle": place * STEP + WIDE // 2,
            "y": HIGH - height + 14,
            "height": height,
            "month": f"{line.row.month.month}",
            "text": "--" if share is None else f"{share * 100:.0f}",
        }


def failed_requests(source: Source, month: date, sort: str = "") -> QuerySet[Exchange]:
    """The requests over the wire that brought no answer in a month, the newest first: those that are counted."""
    counted = Tally.objects.filter(source=source, month=month, calls=1)
    sorts = [sort] if sort in FAILURES else FAILURES
    rows: QuerySet[Exchange] = Exchange.objects.filter(
        source=source, pk__in=counted.values("exchange"), outcome__in=sorts
    )
    return rows.defer("request", "reply").order_by("-asked_at", "-pk")


def contradicted_lines(source: Source, month: date) -> QuerySet[Dispute]:
    """The lines of the answers of a month that the source has corrected, the newest first."""
    return scorecards.contradicted(source, month).order_by("-settled_at", "-pk")
