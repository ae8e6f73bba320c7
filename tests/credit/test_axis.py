"""The drawing of measures: bars lie where their days are, in the order in which they are given."""

from datetime import date

from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from credit import axis
from credit.axis import Band

TODAY = date(2026, 6, 1)


def band(begins, until, look="ban"):
    return Band("限制申请", look, begins, until, holds=True)


def test_nothing_is_drawn_of_nothing():
    assert axis.drawn([], today=TODAY) is None


def test_years_are_named_from_the_first_day_to_the_last():
    drawing = axis.drawn([band(date(2024, 5, 10), date(2027, 5, 10))], today=TODAY)
    assert [year.year for year in drawing.years] == [2024, 2025, 2026, 2027]
    assert drawing.years[0].x == axis.LEFT
    assert drawing.bars[0].x < drawing.today < drawing.bars[0].x + drawing.bars[0].width


def test_of_many_years_some_are_named():
    drawing = axis.drawn([band(date(1996, 1, 1), date(2031, 1, 1))], today=TODAY)
    assert len(drawing.years) <= axis.MOST_YEARS


def test_a_measure_without_an_end_goes_to_the_edge():
    drawing = axis.drawn([band(date(2024, 5, 10), None)], today=TODAY)
    assert drawing.bars[0].is_open
    assert drawing.bars[0].x + drawing.bars[0].width == axis.RIGHT


DAY = st.dates(date(2015, 1, 1), date(2035, 12, 31))


@given(st.lists(st.tuples(DAY, st.none() | DAY), min_size=1, max_size=6), DAY)
def test_every_bar_lies_inside_and_below_the_one_before(spans, today):
    bands = [band(begins, max(begins, until) if until else None) for begins, until in spans]
    drawing = axis.drawn(bands, today=today)
    assert len(drawing.bars) == len(bands)
    for bar in drawing.bars:
        assert axis.LEFT <= bar.x <= axis.RIGHT
        assert bar.width >= 2
        assert bar.x + bar.width <= axis.RIGHT + 2
        assert 0 < bar.label_y < bar.y < bar.y + axis.BAR <= drawing.height
    assert [bar.y for bar in drawing.bars] == sorted({bar.y for bar in drawing.bars})


@given(st.lists(st.tuples(DAY, st.none() | DAY), min_size=1, max_size=6), DAY)
def test_no_upright_line_crosses_a_label(spans, today):
    bands = [band(begins, max(begins, until) if until else None) for begins, until in spans]
    drawing = axis.drawn(bands, today=today)
    for strip in drawing.strips:
        assert 0 < strip.top < strip.bottom <= drawing.height
        for bar in drawing.bars:
            assert strip.bottom <= bar.label_y - axis.ABOVE or bar.label_y + axis.BELOW <= strip.top
    for bar in drawing.bars:  # but every bar
        assert any(strip.top <= bar.y and bar.y + axis.BAR <= strip.bottom for strip in drawing.strips)


def test_the_drawing_draws_its_lines_between_the_labels():
    drawing = axis.drawn([band(date(2024, 5, 10), date(2027, 5, 10))], today=TODAY)
    picture = render_to_string("credit/_axis.html", {"axis": drawing})
    assert picture.count("<path") == len(drawing.years) + 1
    assert "<line" not in picture
    for strip in drawing.strips:
        assert f"M{drawing.today} {strip.top}V{strip.bottom}" in picture
