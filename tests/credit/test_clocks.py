"""A clock holds on a day or it does not, by what happened up to that day and by nothing else."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from credit import clocks
from credit.clocks import Clock, Event, Happened, Kind, Reason, Rule, Span, Term

BASIS = "泰州市市区住房保障诚信管理办法（2017）"
RECORDED_ON = date(2024, 5, 10)
BAN = Rule(kind=Kind.BAN, basis=BASIS, term=Term(years=3))
FROM_RETURN = Rule(
    kind=Kind.BAN, basis=BASIS, term=Term(years=5), begins_with=Event.HOME_RETURNED, holds_meanwhile=True
)
PUBLIC = Rule(
    kind=Kind.PUBLICATION,
    basis="信用修复管理办法（2026）",
    term=Term(years=3),
    at_least=Term(years=1),
    ended_by=(Event.REPAIRED,),
    after_deceit=Term(years=3),
    stops_by_order=True,
)
SHARED = Rule(kind=Kind.SHARING, basis=BASIS, term=Term(years=3), ended_by=(Event.REPAIRED, Event.CORRECTED))


def clock(rule, *happened):
    """The clock of a record entered on 10 May 2024 to which this happened: (event, year, month, day)."""
    more = [Happened(date(*day), event) for event, *day in happened]
    return clocks.run([rule], [Happened(RECORDED_ON, Event.RECORDED), *more])[0]


def test_without_a_record_nothing_holds():
    (found,) = clocks.run([BAN], [Happened(RECORDED_ON, Event.CORRECTED)])
    assert found.why_not(date(2025, 1, 1)) is Reason.NOT_RECORDED
    assert found.spans() == ()
    assert found.ends_on is None


@pytest.mark.parametrize(("years", "end"), [(1, date(2025, 5, 10)), (3, date(2027, 5, 10)), (5, date(2029, 5, 10))])
def test_a_ban_holds_from_its_record_for_its_years_and_not_a_day_longer(years, end):
    ban = clock(Rule(kind=Kind.BAN, basis=BASIS, term=Term(years=years)))
    assert ban.spans() == (Span(RECORDED_ON, end, Reason.OVER),)
    days = [RECORDED_ON - timedelta(days=1), RECORDED_ON, end - timedelta(days=1), end]
    assert [ban.holds(day) for day in days] == [False, True, True, False]


@pytest.mark.parametrize(
    ("start", "term", "end"),
    [
        (date(2024, 2, 29), Term(years=1), date(2025, 3, 1)),
        (date(2024, 2, 29), Term(years=4), date(2028, 2, 29)),
        (date(2026, 1, 31), Term(months=1), date(2026, 3, 1)),
        (date(2026, 8, 31), Term(months=3), date(2026, 12, 1)),
        (date(2026, 11, 30), Term(months=3), date(2027, 3, 1)),
        (date(2026, 12, 31), Term(years=1, months=2), date(2028, 3, 1)),
        (date(2026, 10, 31), Term(months=1), date(2026, 12, 1)),
        (date(2026, 12, 15), Term(months=1), date(2027, 1, 15)),
        (date(2026, 12, 15), Term(), date(2026, 12, 15)),
    ],
)
def test_a_term_ends_on_the_same_day_of_the_month_or_on_the_first_of_the_next(start, term, end):
    assert term.after(start) == end


def test_a_ban_from_the_return_of_the_home_holds_without_an_end_until_it_is_returned():
    waiting = clock(FROM_RETURN)
    assert waiting.holds(date(2050, 1, 1))
    assert waiting.ends_on is None
    returned = clock(FROM_RETURN, (Event.HOME_RETURNED, 2025, 1, 20))
    assert returned.spans() == (Span(RECORDED_ON, date(2030, 1, 20), Reason.OVER),)


def test_it_can_also_wait_for_the_return_without_holding():
    rule = Rule(kind=Kind.BAN, basis=BASIS, term=Term(years=5), begins_with=Event.HOME_RETURNED)
    assert clock(rule).why_not(date(2025, 1, 1)) is Reason.NOT_BEGUN
    returned = clock(rule, (Event.HOME_RETURNED, 2025, 1, 20))
    assert returned.spans() == (Span(date(2025, 1, 20), date(2030, 1, 20), Reason.OVER),)


def test_a_home_returned_before_the_record_counts_from_its_return_and_bans_from_the_record():
    returned = clock(FROM_RETURN, (Event.HOME_RETURNED, 2024, 1, 20))
    assert returned.spans() == (Span(RECORDED_ON, date(2029, 1, 20), Reason.OVER),)


def test_a_repair_ends_publication_but_not_before_its_least_time():
    early = clock(PUBLIC, (Event.REPAIRED, 2024, 9, 1))
    late = clock(PUBLIC, (Event.REPAIRED, 2026, 2, 3))
    assert early.spans() == (Span(RECORDED_ON, date(2025, 5, 10), Reason.REPAIRED),)
    assert late.spans() == (Span(RECORDED_ON, date(2026, 2, 3), Reason.REPAIRED),)


def test_a_repair_does_not_end_a_ban_that_does_not_name_it():
    assert clock(BAN, (Event.REPAIRED, 2024, 9, 1)).ends_on == date(2027, 5, 10)


def test_correction_ends_sharing():
    assert clock(SHARED, (Event.CORRECTED, 2024, 9, 1)).spans()[-1].because is Reason.CORRECTED


@pytest.mark.parametrize("rule", [BAN, FROM_RETURN, PUBLIC, SHARED])
def test_what_is_withdrawn_ends_on_that_day(rule):
    found = clock(rule, (Event.WITHDRAWN, 2024, 12, 5))
    assert found.spans() == (Span(RECORDED_ON, date(2024, 12, 5), Reason.WITHDRAWN),)


def test_an_order_stops_publication_until_it_is_lifted_and_the_term_runs_on():
    found = clock(PUBLIC, (Event.SUSPENDED, 2024, 8, 1), (Event.RESUMED, 2024, 10, 1))
    assert found.spans() == (
        Span(RECORDED_ON, date(2024, 8, 1), Reason.SUSPENDED),
        Span(date(2024, 10, 1), date(2027, 5, 10), Reason.OVER),
    )
    assert clock(BAN, (Event.SUSPENDED, 2024, 8, 1)).holds(date(2024, 9, 1))


def test_false_papers_take_the_repair_back_and_bar_another_for_three_years():
    found = clock(
        PUBLIC,
        (Event.REPAIRED, 2025, 6, 1),
        (Event.DECEIVED, 2026, 1, 15),
        (Event.REPAIRED, 2027, 1, 1),
    )
    assert found.spans() == (
        Span(RECORDED_ON, date(2025, 6, 1), Reason.REPAIRED),
        Span(date(2026, 1, 15), date(2029, 1, 15), Reason.OVER),
    )


def test_false_papers_after_the_term_make_it_public_anew():
    found = clock(PUBLIC, (Event.DECEIVED, 2028, 1, 15))
    assert found.spans() == (
        Span(RECORDED_ON, date(2027, 5, 10), Reason.OVER),
        Span(date(2028, 1, 15), date(2031, 1, 15), Reason.OVER),
    )


DAYS = st.dates(date(2016, 1, 1), date(2036, 1, 1))
HAPPENED = st.lists(st.builds(Happened, on=DAYS, event=st.sampled_from(Event)), max_size=9)
RULES = st.sampled_from([BAN, FROM_RETURN, PUBLIC, SHARED])


@given(rule=RULES, happened=HAPPENED, other=st.randoms(use_true_random=False))
def test_the_order_in_which_events_become_known_changes_nothing(rule, happened, other):
    shuffled = [*happened, *happened]  # each told twice
    other.shuffle(shuffled)
    assert clocks.run([rule], happened) == clocks.run([rule], shuffled)


@given(rule=RULES, happened=HAPPENED, day=DAYS)
def test_what_happens_later_changes_nothing_of_a_day(rule, happened, day):
    known_then = [each for each in happened if each.on <= day]
    assert clocks.run([rule], happened)[0].why_not(day) == clocks.run([rule], known_then)[0].why_not(day)


@given(rule=RULES, happened=HAPPENED, day=DAYS)
def test_the_spans_are_the_days_on_which_it_holds(rule, happened, day):
    (found,) = clocks.run([rule], happened)
    inside = [span for span in found.spans() if span.begins <= day and (span.until is None or day < span.until)]
    assert found.holds(day) == bool(inside)


@given(rule=RULES, happened=HAPPENED)
@example(rule=PUBLIC, happened=[Happened(RECORDED_ON, Event.RECORDED), Happened(date(2030, 1, 1), Event.DECEIVED)])
def test_no_clock_holds_longer_than_its_basis_allows(rule, happened):
    (found,) = clocks.run([rule], happened)
    started = [each.on for each in happened if each.event is rule.begins_with]
    deceits = [each.on for each in happened if each.event is Event.DECEIVED]
    if rule.holds_meanwhile and not started:
        return  # it waits for the home
    latest = max([rule.term.after(min(started)) if started else date.min, *map(rule.after_deceit.after, deceits)])
    for span in found.spans():
        assert span.until is not None
        assert span.begins < span.until <= latest


@given(happened=HAPPENED, days=st.lists(DAYS, min_size=1, max_size=6))
def test_a_sweep_that_runs_late_twice_or_never_finds_the_same_dates(happened, days):
    """A sweep writes down what has ended by the day it runs; whoever runs later writes the same of those days."""

    def written(day):
        (found,) = clocks.run([PUBLIC], [each for each in happened if each.on <= day])
        return [span for span in found.spans() if span.until is not None and span.until <= day]

    seen: list[Span] = []
    for day in sorted(days):
        seen += [span for span in written(day) if span not in seen]
    assert seen == written(max(days))


def test_a_clock_can_be_read_without_the_database():
    assert Clock(BAN, ()).why_not(RECORDED_ON) is Reason.NOT_RECORDED
