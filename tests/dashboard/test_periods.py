"""Periods as they stand in an address, and how they are divided."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from housing_credit.dashboard.periods import ALL, MOST_SPANS, SIZES_OF, divided, span_of

TODAY = date(2026, 11, 29)
SINCE = date(2014, 2, 3)


@pytest.mark.parametrize(
    ("code", "begins", "ends"),
    [
        ("2025", date(2025, 1, 1), date(2026, 1, 1)),
        ("2025-Q4", date(2025, 10, 1), date(2026, 1, 1)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 4, 1)),
        ("2025-12", date(2025, 12, 1), date(2026, 1, 1)),
        ("2026-02", date(2026, 2, 1), date(2026, 3, 1)),
    ],
)
def test_a_code_names_days(code, begins, ends):
    assert span_of(code, TODAY) == (code, begins, ends)


@pytest.mark.parametrize(
    "code", ["", "all", "2027", "2026-12", "2026-13", "1999", "2026-Q5", "２０２６", "9" * 40, "2026-1"]
)
def test_what_names_no_time_that_has_begun_is_all_time(code):
    assert span_of(code, TODAY) == ALL


@given(
    code=st.one_of(
        st.just(""),
        st.builds("{:04}".format, st.integers(2014, 2026)),
        st.builds("{:04}-Q{}".format, st.integers(2014, 2026), st.integers(1, 4)),
        st.builds("{:04}-{:02}".format, st.integers(2014, 2026), st.integers(1, 12)),
    ),
    size=st.sampled_from(["month", "quarter", "year", "nonsense"]),
    since=st.dates(date(2014, 1, 1), TODAY),
)
def test_the_spans_of_a_period_follow_each_other_and_cover_it_up_to_today(code, size, since):
    period = span_of(code, TODAY)
    spans = divided(period, size, since=since, today=TODAY)
    assert spans
    assert spans[0].begins <= (period.begins or since)
    assert spans[-1].begins <= TODAY
    assert spans[-1].ends > min(TODAY, (period.ends or date.max) - timedelta(days=1))
    assert all(before.ends == after.begins for before, after in zip(spans, spans[1:], strict=False))
    assert all(span_of(span.code, TODAY) == span for span in spans)
    assert len(spans) <= MOST_SPANS or spans[0].size == SIZES_OF[period.size][0]
