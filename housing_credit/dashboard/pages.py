"""What the pages show: tiles, charts and tables of the figures, and the list behind each number."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page
from django.db.models import Min
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau import workdays
from bureau.models import Staff
from bureau.paging import page_of
from credit.models import Happening, Sanction
from housing_credit.dashboard import charts, columns
from housing_credit.dashboard.counting import Counts, count
from housing_credit.dashboard.figure import Figure, Group
from housing_credit.dashboard.forms import ALL_TIME, FilterForm
from housing_credit.dashboard.notice import GROUPS
from housing_credit.dashboard.times import FIGURES as TIMES
from housing_credit.dashboard.times import Took, took
from housing_credit.dashboard.words import period_name, size_name
from housing_credit.templatetags import look
from verification.models import Conclusion
from verification.wording import source_names

PAGE_SIZE = 50
# How a column that looks so is written, and its class.
LOOKS: Mapping[str, tuple[Callable[[Any], object], str]] = {
    "date": (look.day, "date"),
    "number": (look.amount_of, "number"),
    "money": (look.money, "number"),
}
TIMES_PART = "times"
# The parts of the dashboard by code, in their order; each is worked out by a request of its own.
PARTS: Mapping[str, str | Promise] = {
    **{group.code: group.label for group in GROUPS},
    # Translators: 各环节用时（工作日）
    TIMES_PART: gettext_lazy("Time at each desk, in working days"),
}


def first_day() -> date:
    """The first day of which anything is counted."""
    concluded = Conclusion.objects.aggregate(first=Min("at"))["first"]
    others = [
        Happening.objects.aggregate(first=Min("on"))["first"],
        Sanction.objects.aggregate(first=Min("holds_from"))["first"],
    ]
    days = [concluded.astimezone(workdays.SHANGHAI).date()] if concluded else []
    found: date = min([*days, *(day for day in others if day), workdays.today()])
    return found


def dashboard_context(form: FilterForm, codes: Sequence[str]) -> dict[str, Any]:
    """These parts of the dashboard, worked out: groups of the notice's figures, and how long cases lay at each desk."""
    groups = [group for group in GROUPS if group.code in codes]
    return {
        "form": form,
        "period": period_name(form.chosen.period),
        "groups": groups_of(groups, form),
        "times": times_of(form) if TIMES_PART in codes else None,
        "kind_left_out": bool(form.chosen.kind),
    }


def groups_of(groups: Sequence[Group], form: FilterForm) -> list[dict[str, Any]]:
    """Groups of figures with their tiles, charts and tables, by time, by district and by source."""
    figures = [figure for group in groups for figure in group.figures]
    counts = count(figures, form.chosen, form.spans)
    return [_group(group, form, counts) | _sources(group, form, counts) for group in groups]


def _sources(group: Group, form: FilterForm, counts: Counts) -> dict[str, Any]:
    """Of a group whose rows are of sources: a row for each of which anything was counted."""
    if not group.by_source:
        return {}
    first = group.figures[0].code
    return {
        "source_rows": [
            _row(name, group, lambda figure, code=code: counts.of_source(figure, code), form, {"source": code})
            for code, name in source_names().items()
            if counts.of_source(first, code)
        ]
    }


def times_of(form: FilterForm) -> dict[str, Any]:
    """How long cases lay at each desk: all together with a chart, and by district."""
    found = took(form.chosen)
    nothing = Took(0)
    shown = [(figure, found.get((figure.code, ""), nothing)) for figure in TIMES]
    districts = {code: name for code, name in form.districts.items() if not code.endswith("00")}
    if form.chosen.district:
        districts = {code: name for code, name in districts.items() if code == form.chosen.district}
    return {
        "rows": [{"figure": figure, "took": each, "url": list_url(figure, form, {})} for figure, each in shown],
        "chart": charts.bars(
            [str(figure.label) for figure, _took in shown],
            [charts.Series(_("Median"), [each.median or 0 for _figure, each in shown], "solid")],
        ),
        "district_rows": [
            {
                "label": name,
                "cells": [
                    {
                        "figure": figure,
                        "took": found.get((figure.code, code), nothing),
                        "url": list_url(figure, form, {"district": code}),
                    }
                    for figure in TIMES
                ],
            }
            for code, name in districts.items()
        ],
    }


def _group(group: Group, form: FilterForm, counts: Counts) -> dict[str, Any]:
    spans, districts = form.spans, _districts(form, counts, group)
    shown = _charted(group)
    labels = [period_name(span) for span in spans]
    codes = [span.code for span in spans]
    return {
        "label": group.label,
        "code": group.code,
        "tiles": [_tile(figure, form, counts) for figure in group.figures],
        "figures": group.figures,
        "is_empty": not any(counts.in_span(figure.code, span) for figure in group.figures for span in spans),
        "is_of_all_kinds": not any(base.kind for base in group.bases),
        "by_time": size_name(spans[0].size),
        "time_chart": charts.columns(
            codes,
            [
                charts.Series(str(each.label), [int(counts.in_span(each.code, span)) for span in spans], each.look)
                for each in shown
            ],
        ),
        "time_rows": [
            _row(label, group, lambda code, span=span: counts.in_span(code, span), form, {"period": span.code})
            for label, span in zip(labels, spans, strict=True)
        ],
        "district_chart": charts.bars(
            list(districts.values()),
            [
                charts.Series(
                    str(each.label), [int(counts.in_district(each.code, code)) for code in districts], each.look
                )
                for each in shown
            ],
        ),
        "district_rows": [
            _row(name, group, lambda code, place=place: counts.in_district(code, place), form, {"district": place})
            for place, name in districts.items()
        ],
    }


def _charted(group: Group) -> Sequence[Figure]:
    """Of parts the parts are drawn, one upon the other; else the first figure alone."""
    return group.figures[1:] if group.is_parts else group.figures[:1]


def _districts(form: FilterForm, counts: Counts, group: Group) -> dict[str, str]:
    """The districts that are shown, by code: what was chosen, or all; the city's own office where it has any."""
    if form.chosen.district:
        return {form.chosen.district: form.districts[form.chosen.district]}
    counted = counts.districts(group.figures)
    return {code: name for code, name in form.districts.items() if not code.endswith("00") or code in counted}


def _tile(figure: Figure, form: FilterForm, counts: Counts) -> dict[str, Any]:
    value = counts.total(figure.code)
    whole = counts.total(figure.share_of) if figure.share_of else 0
    return {
        "label": figure.label,
        "value": value,
        "is_money": bool(figure.amount),
        "share": value / whole if whole else None,
        "url": list_url(figure, form, {}),
        "definition": figure.definition,
    }


def _row(label: str, group: Group, value: Any, form: FilterForm, narrowed: Mapping[str, str]) -> dict[str, Any]:
    return {"label": label, "cells": list(_cells(group, value, form, narrowed))}


def _cells(group: Group, value: Any, form: FilterForm, narrowed: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for figure in group.figures:
        counted, whole = value(figure.code), value(figure.share_of) if figure.share_of else 0
        share = counted / whole if whole and group.by_share else None
        url = list_url(figure, form, narrowed)
        yield {"label": figure.label, "value": counted, "is_money": bool(figure.amount), "share": share, "url": url}


def list_url(figure: Figure, form: FilterForm, narrowed: Mapping[str, str]) -> str:
    """The list that makes a number: the filters of the page, one of them narrowed to the cell."""
    chosen = form.chosen
    period = "" if figure.base.is_now else chosen.period.code or ALL_TIME
    wanted = {
        "period": period,
        "district": chosen.district,
        "kind": chosen.kind,
        "source": chosen.source,
        "stage": chosen.stage,
        **narrowed,
    }
    return f"{reverse('dashboard:figure', args=[figure.code])}?{urlencode({k: v for k, v in wanted.items() if v})}"


def list_page(figure: Figure, form: FilterForm, number: str | None) -> Page[Any]:
    """A page of the rows behind a figure."""
    return page_of(figure.base.listed(figure.rows(form.chosen)), PAGE_SIZE, number)


def list_rows(figure: Figure, rows: Sequence[Any], staff: Staff) -> Iterator[dict[str, Any]]:
    """The rows as they are shown to this person: masked, and with a link for who may open them."""
    roles = roles_of(staff)
    shown = columns.seen(figure.base.columns, roles)
    for row in rows:
        url = figure.base.url(row) if figure.base.seen_by & roles else ""
        yield {"url": url, "cells": [_shown(column, column.value(row)) for column in shown]}


def _shown(column: columns.Column, value: Any) -> dict[str, Any]:
    written, looks = LOOKS.get(column.look, (look.dash, ""))
    return {"label": column.label, "text": written(value), "looks": looks}


def shows_persons(figure: Figure, staff: Staff) -> bool:
    """Whether the list shows a person to this member of staff; then each look is written down."""
    return any(column.seen_by for column in columns.seen(figure.base.columns, roles_of(staff)))


def roles_of(staff: Staff) -> frozenset[str]:
    """The roles held today."""
    return frozenset(seat.role for seat in staff.seats)
