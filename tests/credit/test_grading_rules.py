"""A grade follows from what persons decided and from the rules of the day, with every reason told and no points."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bureau.dated_policy import PolicyError
from credit.clocks import Term
from credit.policies import Cap, Letter, Severity, When, read_policy, sample_policies
from credit.policies.grading import Deed, History, Measure, graded
from credit.policies.reading import SAMPLES

GENERAL, MORE_SERIOUS, SERIOUS = Severity.GENERAL, Severity.MORE_SERIOUS, Severity.SERIOUS
DAY = date(2024, 5, 10)
TAIZHOU = next(policy for policy in sample_policies() if policy.id == "taizhou-2017").grading


def deed(case="SX1", severity=MORE_SERIOUS, **more):
    values = {"found_on": date(2024, 4, 1), "recorded_on": DAY, **more}
    return Deed(case=case, severity=severity, **values)


def measure(case="SX1", severity=MORE_SERIOUS, begins=DAY, ends_on=date(2027, 5, 10), **more):
    return Measure(case, severity, begins, ends_on, **more)


ONE_RECORD = History((measure(),), (deed(),))


def grade(history, on, caps=TAIZHOU):
    return graded(history, caps, on=on)


def letters(history, *days):
    return [grade(history, day).letter.value for day in days]


def test_who_has_no_record_has_an_a():
    found = grade(History(), DAY)
    assert (found.letter, found.reasons, found.known) == (Letter.A, (), False)


def test_a_measure_that_runs_gives_the_letter_of_its_severity():
    assert letters(ONE_RECORD, DAY) == ["D"]
    general = History((measure(severity=GENERAL),), (deed(severity=GENERAL),))
    assert letters(general, DAY) == ["C"]


def test_on_the_day_of_release_the_grade_rises_by_itself_and_again_after_two_years():
    days = date(2027, 5, 9), date(2027, 5, 10), date(2029, 5, 9), date(2029, 5, 10)
    assert letters(ONE_RECORD, *days) == ["D", "B", "B", "A"]


def test_each_reason_names_its_rule_its_cases_and_its_end():
    (reason,) = grade(ONE_RECORD, DAY).reasons
    assert (reason.cap.when, reason.cases, reason.until) == (When.RUNNING, ("SX1",), date(2027, 5, 10))
    assert reason.cap.basis


def test_a_measure_without_an_end_says_none():
    open_ = History((measure(ends_on=None), measure("SX2")), (deed(),))
    assert grade(open_, DAY).reasons[0].until is None


def test_a_member_of_the_household_is_held_down_by_the_ban_alone():
    member = History((measure(),), ())
    assert letters(member, DAY, date(2027, 5, 10)) == ["D", "A"]


def test_a_finding_keeps_from_the_best_grade_until_it_is_corrected_or_recorded():
    pending = History((), (deed(recorded_on=None),))
    assert letters(pending, date(2024, 3, 31), date(2024, 4, 1), date(2030, 1, 1)) == ["A", "B", "B"]
    cured = History((), (deed(recorded_on=None, cured_on=date(2024, 4, 20)),))
    assert letters(cured, date(2024, 4, 20), date(2025, 4, 19), date(2025, 4, 20)) == ["B", "B", "A"]
    assert grade(cured, date(2024, 4, 20)).reasons[0].cap.when is When.CURED


def test_two_records_within_five_years_are_a_c_even_when_both_are_over():
    twice = History(
        (
            measure("SX1", GENERAL, date(2020, 1, 10), date(2021, 1, 10)),
            measure("SX2", GENERAL, date(2022, 3, 1), date(2023, 3, 1)),
        ),
        (
            deed("SX1", GENERAL, found_on=date(2019, 12, 1), recorded_on=date(2020, 1, 10)),
            deed("SX2", GENERAL, found_on=date(2022, 2, 1), recorded_on=date(2022, 3, 1)),
        ),
    )
    assert letters(twice, date(2023, 3, 1), date(2025, 1, 9), date(2025, 1, 10)) == ["C", "C", "B"]
    found = grade(twice, date(2024, 1, 1)).reasons
    assert [(each.cap.when, each.until) for each in found] == [
        (When.RECORDED, date(2025, 1, 10)),
        (When.RELEASED, date(2025, 3, 1)),
    ]


def test_what_was_withdrawn_counts_no_more_from_its_day_on():
    withdrawn = History((measure(ends_on=date(2024, 9, 1)),), (deed(withdrawn_on=date(2024, 9, 1)),))
    assert letters(withdrawn, date(2024, 8, 31), date(2024, 9, 1)) == ["D", "A"]


def test_what_is_disputed_does_not_count_and_is_named():
    disputed = History((measure(disputed=True),), (deed(),))
    found = grade(disputed, DAY)
    assert (found.letter, found.left_out, found.known) == (Letter.A, ("SX1",), True)


def test_without_rules_nobody_is_graded():
    assert grade(ONE_RECORD, DAY, ()).letter is None


SOME_DAY = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@st.composite
def histories(draw):
    """Records of any severity; each measure follows its record."""
    measures, deeds = [], []
    for number in range(draw(st.integers(0, 4))):
        recorded, severity = draw(SOME_DAY), draw(st.sampled_from([*Severity]))
        years = {GENERAL: 1, MORE_SERIOUS: 3, SERIOUS: 5}[severity]
        measures.append(measure(f"SX{number}", severity, recorded, Term(years=years).after(recorded)))
        deeds.append(deed(f"SX{number}", severity, found_on=recorded, recorded_on=recorded))
    return History(tuple(measures), tuple(deeds))


@given(histories(), SOME_DAY)
def test_the_grade_is_its_worst_reason_and_lasts_until_it_says(history, day):
    found = grade(history, day)
    assert found.letter == max((reason.cap.letter for reason in found.reasons), default=Letter.A)
    assert all(reason.until is None or reason.until > day for reason in found.reasons)
    for reason in found.reasons:
        later = grade(history, reason.until)
        again = [each for each in later.reasons if each.cap == reason.cap]
        assert all(each.since and each.since > reason.since or each.until > reason.until for each in again)


@given(histories(), SOME_DAY)
def test_one_record_more_never_betters_a_grade(history, day):
    more = History(
        (*history.measures, measure("SX9", GENERAL, date(2023, 6, 1), date(2024, 6, 1))),
        (*history.deeds, deed("SX9", GENERAL, found_on=date(2023, 5, 1), recorded_on=date(2023, 6, 1))),
    )
    assert grade(more, day).letter >= grade(history, day).letter


@given(histories(), SOME_DAY)
def test_the_order_of_what_is_known_changes_nothing(history, day):
    turned = History(history.measures[::-1], history.deeds[::-1])
    assert grade(turned, day) == grade(history, day)


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"letter": "A"}, "grading[2].letter", "letter"),
        ({"letter": "E"}, "grading[2].letter", "shape"),
        ({"when": "suspected"}, "grading[2].when", "shape"),
        ({"severities": ["light"]}, "grading[2].severities[0]", "shape"),
        ({"at_least": 0}, "grading[2].at_least", "positive"),
        ({"within": {}}, "grading[2].within", "within"),
        ({"within": {"months": -1}}, "grading[2].within", "within"),
        ({"when": "running"}, "grading[2].within", "within"),
        ({"when": "released"}, "grading[2].at_least", "count"),
        ({"basis": " "}, "grading[2].basis", "basis"),
        ({"points": 3}, "grading[2]", "shape"),
    ],
)
def test_each_fault_of_a_grading_rule_is_told_by_its_field(change, field, code):
    content = json.loads((SAMPLES / "taizhou-2017.json").read_text())
    content["grading"][2] |= change
    assert problems(content)[field] == code


def test_a_severity_whose_measures_run_without_a_rule_is_a_fault():
    content = json.loads((SAMPLES / "taizhou-2017.json").read_text())
    del content["grading"][1]
    assert problems(content) == {"grading": "running"}


def test_a_rule_stands_once_and_names_severities_of_its_policy():
    content = json.loads((SAMPLES / "lianyungang-2019.json").read_text())
    content["grading"].append(content["grading"][0])
    content["grading"][3]["severities"] = ["more_serious"]
    assert problems(content) == {"grading[6]": "twice", "grading[3].severities": "severity"}


def problems(content):
    with pytest.raises(PolicyError) as caught:
        read_policy(json.dumps(content).encode())
    return {problem.field: problem.code for problem in caught.value.problems}


def test_both_samples_say_that_their_rules_are_presets():
    for policy in sample_policies():
        assert policy.grading
        assert any("信用等级" in line for line in policy.unconfirmed)
        assert all(isinstance(cap, Cap) for cap in policy.grading)
