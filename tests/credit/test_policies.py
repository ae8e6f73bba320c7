"""A policy is read strictly, chosen by the day, and says for how long what follows."""

import json
from datetime import date

import pytest

from bureau.dated_policy import PolicyError
from credit import clocks
from credit.clocks import Event, Happened, Kind, Reason
from credit.policies import Severity, SubjectKind, read_policy, sample_policies
from credit.policies.reading import SAMPLES

TAIZHOU = "taizhou-2017"
DAY = date(2024, 5, 10)


def plain(code=TAIZHOU):
    return json.loads((SAMPLES / f"{code}.json").read_text())


def sample(code=TAIZHOU):
    return next(policy for policy in sample_policies() if policy.id == code)


def problems(content):
    with pytest.raises(PolicyError) as caught:
        read_policy(json.dumps(content).encode())
    return {problem.field: problem.code for problem in caught.value.problems}


def ends(policy, severity, kind, *, from_return=False, happened=()):
    """The last day of each clock of a record of 10 May 2024."""
    rules = policy.grade(severity).rules(kind, from_return=from_return)
    events = [Happened(DAY, Event.RECORDED), *happened]
    return {clock.rule.kind: clock.ends_on for clock in clocks.run(rules, events)}


@pytest.mark.parametrize(("severity", "years"), [("general", 1), ("more_serious", 3), ("serious", 5)])
def test_taizhou_bans_for_one_three_and_five_years(severity, years):
    found = ends(sample(), Severity(severity), SubjectKind.PERSON)
    assert found[Kind.BAN] == date(2024 + years, 5, 10)


def test_persons_are_not_published_and_employers_are_not_banned_from_housing():
    for policy in sample_policies():
        for grade in policy.grades:
            assert Kind.PUBLICATION not in {rule.kind for rule in grade.person}
            assert Kind.BAN not in {rule.kind for rule in grade.employer}


def test_no_publication_is_longer_than_three_years():
    for policy in sample_policies():
        for grade in policy.grades:
            public = [rule for rule in grade.employer if rule.kind is Kind.PUBLICATION]
            assert all(rule.term.in_months <= 36 for rule in public)


def test_an_act_that_ends_with_the_return_of_the_home_counts_from_there():
    returned = Happened(date(2025, 1, 20), Event.HOME_RETURNED)
    args = (sample(), Severity.SERIOUS, SubjectKind.PERSON)
    assert ends(*args, from_return=True)[Kind.BAN] is None
    found = ends(*args, from_return=True, happened=[returned])
    assert found == {Kind.BAN: date(2030, 1, 20), Kind.SHARING: date(2029, 5, 10)}


def test_repair_ends_sharing_and_leaves_the_ban():
    repaired = Happened(date(2024, 9, 2), Event.REPAIRED)
    found = ends(sample(), Severity.SERIOUS, SubjectKind.PERSON, happened=[repaired])
    assert found == {Kind.BAN: date(2029, 5, 10), Kind.SHARING: date(2024, 9, 2)}


def test_lianyungang_knows_two_grades_and_says_what_was_not_found():
    policy = sample("lianyungang-2019")
    assert [grade.severity for grade in policy.grades] == [Severity.GENERAL, Severity.SERIOUS]
    assert not policy.knows(Severity.MORE_SERIOUS)
    assert policy.unconfirmed
    with pytest.raises(KeyError):
        policy.grade(Severity.MORE_SERIOUS)


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"id": " "}, "id", "empty"),
        ({"city": "3212"}, "city", "division"),
        ({"effective_to": "2017-03-06"}, "effective_to", "order"),
        ({"cure_days": 0}, "cure_days", "positive"),
        ({"panel_members": 2}, "panel_members", "panel"),
        ({"grades": []}, "grades", "empty"),
        ({"bans": 1}, "$", "shape"),
        ({"defence_workdays": "five"}, "defence_workdays", "shape"),
    ],
)
def test_each_fault_is_told_by_its_field(change, field, code):
    assert problems(plain() | change) == {field: code}


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"basis": ""}, "basis", "basis"),
        ({"term": {}}, "term", "term"),
        ({"term": {"years": -1}}, "term", "term"),
        ({"at_least": {"years": 2}}, "at_least", "least"),
        ({"begins_with": "repaired"}, "begins_with", "begin"),
        ({"ended_by": ["recorded"]}, "ended_by", "end"),
        ({"after_deceit": {"years": 3}}, "after_deceit", "deceit"),
        ({"kind": "sharing"}, "kind", "clock"),
    ],
)
def test_each_fault_of_a_rule_is_told_by_its_field(change, field, code):
    content = plain()
    content["grades"][0]["person"][0] |= change
    assert problems(content)[f"grades[0].person[0].{field}"] == code


def test_a_severity_stands_once():
    content = plain()
    content["grades"][1]["severity"] = "general"
    assert problems(content) == {"grades[0].severity": "twice", "grades[1].severity": "twice"}


def test_what_is_not_json_is_told():
    with pytest.raises(PolicyError) as caught:
        read_policy(b"{")
    assert caught.value.problems[0].code == "json"


def test_a_withdrawn_record_ends_every_clock():
    withdrawn = Happened(date(2024, 7, 1), Event.WITHDRAWN)
    for policy in sample_policies():
        for grade in policy.grades:
            for kind in SubjectKind:
                for clock in clocks.run(grade.rules(kind), [Happened(DAY, Event.RECORDED), withdrawn]):
                    assert clock.spans()[-1].because is Reason.WITHDRAWN
