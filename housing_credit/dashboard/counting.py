"""The numbers of the figures: by span of the period and by district, in one statement for each base."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import CharField, DateField, F
from django.db.models.functions import Cast, Substr, TruncMonth

from bureau import workdays
from bureau.divisions import DISTRICT_DIGITS
from housing_credit.dashboard.base import Base, Chosen
from housing_credit.dashboard.figure import Figure, Number
from housing_credit.dashboard.periods import Span

Key = tuple[str, str, str]  # figure, code of the span, district


class Counts:
    """What was counted, by figure, span and district."""

    def __init__(self, spans: Sequence[Span], cells: Mapping[Key, Number], stocks: frozenset[str]) -> None:
        """`stocks`: figures of which only the last span counts in the whole period."""
        self._in_span: dict[tuple[str, str], Number] = {}
        self._in_district: dict[tuple[str, str], Number] = {}
        self._total: dict[str, Number] = {}
        for (figure, span, district), value in cells.items():
            _add(self._in_span, (figure, span), value)
            if figure not in stocks or span == spans[-1].code:
                _add(self._in_district, (figure, district), value)
                _add(self._total, figure, value)

    def total(self, figure: str) -> Number:
        """In the whole period."""
        return self._total.get(figure, 0)

    def in_span(self, figure: str, span: Span) -> Number:
        """In one span of the period."""
        return self._in_span.get((figure, span.code), 0)

    def in_district(self, figure: str, district: str) -> Number:
        """In the whole period, of one district."""
        return self._in_district.get((figure, district), 0)

    def districts(self, figures: Sequence[Figure]) -> set[str]:
        """Those in which some of these figures counted anything."""
        codes = {figure.code for figure in figures}
        return {district for (code, district), value in self._in_district.items() if value and code in codes}


def _add(sums: dict[Any, Number], key: Any, value: Number) -> None:
    sums[key] = sums.get(key, 0) + value


def count(figures: Sequence[Figure], chosen: Chosen, spans: Sequence[Span]) -> Counts:
    """The numbers of these figures. The spans cover the period."""
    cells: dict[Key, Number] = {}
    for base in dict.fromkeys(figure.base for figure in figures):
        mine = [figure for figure in figures if figure.base == base]
        if base.is_now:
            cells |= _now(base, mine, chosen, spans)
        else:
            cells |= (_stock if base.is_stock else _flow)(base, mine, chosen, spans)
    return Counts(spans, cells, frozenset(figure.code for figure in figures if figure.base.is_stock))


def _district(base: Base) -> Substr:
    return Substr(F(base.office), 1, DISTRICT_DIGITS, output_field=CharField())


def count_by_source(figures: Sequence[Figure], chosen: Chosen) -> dict[tuple[str, str], Number]:
    """By figure and code of the source, in the whole period; of bases whose rows are of a source."""
    cells: dict[tuple[str, str], Number] = {}
    for base in dict.fromkeys(figure.base for figure in figures if figure.base.source):
        mine = [figure for figure in figures if figure.base == base]
        counted = {figure.code: figure.counted() for figure in mine}
        for row in base.of(chosen).order_by().values(n_source=F(base.source)).annotate(**counted):
            cells |= {(figure.code, row["n_source"]): row[figure.code] for figure in mine}
    return cells


def _now(base: Base, figures: Sequence[Figure], chosen: Chosen, spans: Sequence[Span]) -> dict[Key, Number]:
    counted = {figure.code: figure.counted() for figure in figures}
    rows = base.of(chosen).order_by().values(n_district=_district(base)).annotate(**counted)
    return {(figure.code, spans[-1].code, row["n_district"]): row[figure.code] for row in rows for figure in figures}


def _flow(base: Base, figures: Sequence[Figure], chosen: Chosen, spans: Sequence[Span]) -> dict[Key, Number]:
    zone = workdays.SHANGHAI if base.has_moments else None
    month = Cast(TruncMonth(base.day, tzinfo=zone), DateField())
    counted = {figure.code: figure.counted() for figure in figures}
    rows = base.of(chosen).order_by().values(n_month=month, n_district=_district(base)).annotate(**counted)
    months = _Months(spans)
    cells: dict[Key, Number] = {}
    for row in rows:
        for figure in figures:
            key = (figure.code, months[row["n_month"]], row["n_district"])
            cells[key] = cells.get(key, 0) + row[figure.code]
    return cells


class _Months(dict[date, str]):
    """The code of the span in which a month lies; what lies before the first or after the last counts with it."""

    def __init__(self, spans: Sequence[Span]) -> None:
        super().__init__()
        self.spans = spans

    def __missing__(self, month: date) -> str:
        begun = [span.code for span in self.spans if span.begins is None or span.begins <= month]
        self[month] = begun[-1] if begun else self.spans[0].code
        return self[month]


def _stock(base: Base, figures: Sequence[Figure], chosen: Chosen, spans: Sequence[Span]) -> dict[Key, Number]:
    holding: Any = base.holding
    counted = {
        f"{figure.code}_{place}": figure.counted(holding(replace(chosen, period=span).last_day))
        for place, span in enumerate(spans)
        for figure in figures
    }
    rows = base.anywhen(chosen).order_by().values(n_district=_district(base)).annotate(**counted)
    return {
        (figure.code, span.code, row["n_district"]): row[f"{figure.code}_{place}"]
        for row in rows
        for place, span in enumerate(spans)
        for figure in figures
    }
