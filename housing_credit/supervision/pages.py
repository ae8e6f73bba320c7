"""What the supervision pages show."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau import workdays
from bureau.models import Staff
from housing_credit.dashboard import districts
from housing_credit.dashboard.counting import count
from housing_credit.dashboard.figure import Figure
from housing_credit.dashboard.forms import FilterForm
from housing_credit.dashboard.pages import list_url
from housing_credit.supervision import stuck_benefits, stuck_cases, stuck_credit
from housing_credit.supervision.stuck_cases import CENTRE
from housing_credit.supervision.trouble import Line, Text, Trouble
from verification.pages.board import board_context

SHOWN = 5  # of each kind on the board
PAGE_SIZE = 50
# The parts of the board by code, in their order; each is worked out by a request of its own.
PARTS: Mapping[str, tuple[Text, Sequence[Trouble]]] = {
    # Translators: 申请与核对
    "cases": (gettext_lazy("Applications and checks"), stuck_cases.TROUBLES),
    # Translators: 住房与补贴
    "benefits": (gettext_lazy("Homes and subsidies"), stuck_benefits.TROUBLES),
    "credit": (gettext_lazy("Credit registry"), stuck_credit.TROUBLES),
}
TROUBLES: Mapping[str, Trouble] = {trouble.code: trouble for _label, part in PARTS.values() for trouble in part}


def this_month() -> str:
    """The period in which it is counted what was done."""
    return f"{workdays.today():%Y-%m}"


def overview(staff: Staff, form: FilterForm) -> dict[str, Any]:
    """The districts side by side, the desks with their time limits, the sources that fail."""
    counts = count(districts.FIGURES, form.chosen, form.spans)
    names = {code: name for code, name in form.districts.items() if not code.endswith("00")}
    return {
        "figures": districts.FIGURES,
        "districts": [_row(name, counts.in_district, code, form) for code, name in names.items()],
        "total": _row(_("All together"), lambda figure, _code: counts.total(figure), "", form),
        "desks": list(_desks(form)),
        "sources": _sources(staff),
        "reads_sources": staff.holds(*CENTRE),
    }


def _row(label: str, value: Any, district: str, form: FilterForm) -> dict[str, Any]:
    narrowed = {"district": district} if district else {}
    cells = [_cell(figure, value(figure.code, district), form, narrowed) for figure in districts.FIGURES]
    return {"label": label, "cells": cells}


def _cell(figure: Figure, value: int, form: FilterForm, narrowed: Mapping[str, str]) -> dict[str, Any]:
    return {"label": figure.label, "value": value, "url": list_url(figure, form, narrowed), "look": figure.look}


def _desks(form: FilterForm) -> Iterator[dict[str, Any]]:
    """By the desk where the cases lie: how many, and how they stand to their time limits. One statement."""
    figures = districts.FIGURES[:-1]
    base = districts.FIGURES[0].base
    counted = {figure.code: Count("pk", filter=figure.part) for figure in figures}
    stages = dict(base.rows().model.Status.choices)
    rows = {row["status"]: row for row in base.of(form.chosen).order_by().values("status").annotate(**counted)}
    for stage, label in stages.items():
        if stage in rows:
            cells = [_cell(figure, rows[stage][figure.code], form, {"stage": stage}) for figure in figures]
            yield {"label": label, "cells": cells}


def _sources(staff: Staff) -> list[dict[str, Any]]:
    """The sources that are held, out of use, slow or failing: of whom there is something to be said."""
    return [row for row in board_context(staff)["rows"] if row["held"] or row["failed"] or row["words"]]


def parts_for(staff: Staff) -> dict[str, Text]:
    """The parts of the board in which this person sees anything, by code."""
    return {code: label for code, (label, part) in PARTS.items() if any(each.is_for(staff) for each in part)}


def board(staff: Staff, code: str) -> list[dict[str, Any]]:
    """Every kind of being stuck of a part that this person sees, with its first rows; two queries at most for each."""
    _label, part = PARTS[code]
    return [_kind(trouble, staff) for trouble in part if trouble.is_for(staff)]


def _kind(trouble: Trouble, staff: Staff) -> dict[str, Any]:
    rows = trouble.rows(staff)
    keys = _keys(rows)
    lines = trouble.lines(_whole(rows, keys[:SHOWN]), staff) if keys else []
    return {"trouble": trouble, "count": len(keys), "lines": lines, "is_cut": len(keys) > SHOWN}


def page_of(trouble: Trouble, staff: Staff, number: str | None) -> tuple[Page[Any], list[Line]]:
    """A page of everything that is stuck in this way."""
    rows = trouble.rows(staff)
    page = Paginator(_keys(rows), PAGE_SIZE).get_page(number)
    return page, trouble.lines(_whole(rows, page.object_list), staff)


def _keys(rows: QuerySet[Any] | Sequence[Any]) -> Sequence[Any]:
    """All of them in their order, by key alone. Asked for the first few, the database would walk through every row by
    the order's index and look whether it is stuck; most are not.
    """
    return list(rows.values_list("pk", flat=True)) if isinstance(rows, QuerySet) else rows


def _whole(rows: QuerySet[Any] | Sequence[Any], keys: Iterable[Any]) -> list[Any]:
    """The rows of these keys, in their order."""
    return list(rows.filter(pk__in=list(keys)) if isinstance(rows, QuerySet) else keys)
