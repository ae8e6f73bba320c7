"""The numbers of the figures: by span of the period and by district, in one statement for each base."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import DateField, F, Value
from django.db.models.functions import Cast, TruncMonth

from bureau import workdays
from bureau.querysets import district_of
from housing_credit.dashboard.base import Base, Chosen
from housing_credit.dashboard.figure import Figure, Number
from housing_credit.dashboard.periods import Span

Key = tuple[str, str, str]  # figure, code of the span, district


class Counts:
    """What was counted, by figure, span and district, and by source where rows are of one."""

    def __init__(
        self,
        spans: Sequence[Span],
        cells: Mapping[Key, Number],
        stocks: frozenset[str],
        sources: Mapping[tuple[str, str], Number],
    ) -> None:
        """`stocks`: figures of which only the last span counts in the whole period."""
        self._sources = sources
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

    def of_source(self, figure: str, source: str) -> Number:
        """In the whole period, of one source."""
        return self._sources.get((figure, source), 0)

    def districts(self, figures: Sequence[Figure]) -> set[str]:
        """Those in which some of these figures counted anything."""
        codes = {figure.code for figure in figures}
        return {district for (code, district), value in self._in_district.items() if value and code in codes}


def _add(sums: dict[Any, Number], key: Any, value: Number) -> None:
    sums[key] = sums.get(key, 0) + value


def count(figures: Sequence[Figure], chosen: Chosen, spans: Sequence[Span]) -> Counts:
    """The numbers of these figures. The spans cover the period."""
    cells: dict[Key, Number] = {}
    sources: dict[tuple[str, str], Number] = {}
    for base in dict.fromkeys(figure.base for figure in figures):
        mine = [figure for figure in figures if figure.base == base]
        if base.is_now:
            cells |= _now(base, mine, chosen, spans)
        elif base.is_stock:
            cells |= _stock(base, mine, chosen, spans)
        else:
            _flow(base, mine, chosen, spans, cells, sources)
    return Counts(spans, cells, frozenset(figure.code for figure in figures if figure.base.is_stock), sources)


def _now(base: Base, figures: Sequence[Figure], chosen: Chosen, spans: Sequence[Span]) -> dict[Key, Number]:
    counted = {figure.code: figure.counted() for figure in figures}
    rows = base.of(chosen).order_by().values(n_district=district_of(base.office)).annotate(**counted)
    return {(figure.code, spans[-1].code, row["n_district"]): row[figure.code] for row in rows for figure in figures}


def _flow(
    base: Base,
    figures: Sequence[Figure],
    chosen: Chosen,
    spans: Sequence[Span],
    cells: dict[Key, Number],
    sources: dict[tuple[str, str], Number],
) -> None:
    zone = workdays.SHANGHAI if base.has_moments else None
    month = Cast(TruncMonth(base.day, tzinfo=zone), DateField())
    source = F(base.source) if base.source else Value("")
    counted = {figure.code: figure.counted() for figure in figures}
    rows = base.of(chosen).order_by().values(n_month=month, n_district=district_of(base.office), n_source=source)
    months = _Months(spans)
    for day, district, code, *numbers in rows.annotate(**counted).values_list(
        "n_month", "n_district", "n_source", *counted
    ):
        span = months[day]
        for figure, number in zip(counted, numbers, strict=True):
            if number:
                _add(cells, (figure, span, district), number)
                _add(sources, (figure, code), number)


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
    rows = base.anywhen(chosen).order_by().values(n_district=district_of(base.office)).annotate(**counted)
    return {
        (figure.code, span.code, row["n_district"]): row[f"{figure.code}_{place}"]
        for row in rows
        for place, span in enumerate(spans)
        for figure in figures
    }
