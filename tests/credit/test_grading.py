"""Grades of persons and employers as the registry stands: only what persons have found counts."""

from datetime import timedelta

import pytest
from django.utils import translation

from bureau import workdays
from bureau.fields import blind_index
from credit import cases, grading
from credit.clocks import Event
from credit.models import Case, Lead, Party, Policy, Sanction
from credit.policies import Letter, Severity, SubjectKind, When
from tests.factories import credit as factory
from tests.factories.credit import COMPANY, HUSBAND, WIFE, staff

pytestmark = pytest.mark.django_db
HIS, HERS = blind_index(HUSBAND.identifier), blind_index(WIFE.identifier)


def letters(on=None):
    found = grading.grades([HIS, HERS], on=on or workdays.today())
    return found[HIS].letter, found[HERS].letter


def test_who_is_unknown_has_an_a_and_is_told_why(people):
    found = grading.grade(blind_index("321299199001019170"), on=workdays.today())
    assert (found.letter, found.reasons, found.known) == (Letter.A, (), False)
    with translation.override("zh-hans"):
        assert grading.summary(found) == "诚信档案中无记录。没有失信记录的，即为 A 级。"


@pytest.mark.parametrize("stage", [factory.lead, factory.case, factory.proposed, factory.heard, factory.seated])
def test_nothing_before_a_finding_lowers_a_grade(people, stage):
    stage()
    assert letters() == (Letter.A, Letter.A)
    assert Lead.objects.count() == 1


def test_a_case_that_the_panel_does_not_find_lowers_nothing(people):
    assert factory.voted(None, None, Severity.GENERAL).status == Case.Status.NOT_FOUND
    assert letters() == (Letter.A, Letter.A)


def test_a_finding_holds_down_who_acted_and_nobody_else(people):
    case = factory.found_by_panel()
    assert letters() == (Letter.B, Letter.A)
    (reason,) = grading.grade(HIS, on=workdays.today()).reasons
    assert (reason.cap.when, reason.cases) == (When.FOUND, (case.number,))


def test_cured_in_time_leaves_no_record_and_keeps_from_the_best_grade_for_a_year(people, later):
    case = factory.notified()
    cases.correct(case.cure_items.get(), by=staff("credit"), on=workdays.today(), proof="回执")
    cases.close_as_cured(case, by=staff("credit"))
    assert letters() == (Letter.B, Letter.A)
    later(days=366)
    assert letters() == (Letter.A, Letter.A)


def test_a_record_is_a_d_for_the_household_until_its_day_without_a_hand(people, later):
    factory.recorded(later)
    assert letters() == (Letter.D, Letter.D)
    ends = max(row.ends_on() for row in Sanction.objects.all())
    assert letters(ends - timedelta(days=1)) == (Letter.D, Letter.D)
    assert letters(ends) == (Letter.B, Letter.A)
    later(to=ends)
    assert letters() == (Letter.B, Letter.A)


def test_a_withdrawn_record_counts_no_more(people, later):
    case = factory.recorded(later)
    later(days=10)
    cases.withdraw(case, by=staff("credit"), reason="事实有误")
    assert letters() == (Letter.A, Letter.A)
    assert letters(workdays.today() - timedelta(days=1)) == (Letter.D, Letter.D)


def test_a_disputed_record_does_not_count_and_is_named(people, later):
    case = factory.recorded(later)
    Sanction.objects.filter(case=case).update(disputed=True)
    assert letters() == (Letter.A, Letter.A)
    assert grading.grade(HIS, on=workdays.today()).left_out == (case.number,)


def test_an_employer_is_graded_by_the_same_rules(people, later):
    lead = factory.lead(kind=Lead.Kind.PATTERN, about=[COMPANY], act_code="U01")
    case = factory.recorded(later, lead=lead, actor_kind="employer", act_code="U01", severity=Severity.SERIOUS)
    found = grading.grade(blind_index(COMPANY.identifier), on=workdays.today())
    assert (found.letter, found.reasons[0].cases) == (Letter.D, (case.number,))
    assert case.parties.get(part=Party.Part.ACTOR).subject.kind == SubjectKind.EMPLOYER


def test_an_event_that_is_told_late_changes_the_grade_from_its_own_day(people, later):
    case = factory.recorded(later)
    later(days=30)
    cases.tell(case, Event.REPAIRED, on=workdays.today(), basis="信用修复决定", by=staff("credit"))
    assert letters()[0] == Letter.D  # the ban runs on
    assert grading.grade(HIS, on=workdays.today()).reasons[0].until


def test_many_are_graded_with_four_queries(people, later, django_assert_num_queries):
    factory.recorded(later)
    unknown = [blind_index(f"3212991990010191{place:02}") for place in range(50)]
    with django_assert_num_queries(4):
        found = grading.grades([HIS, HERS, *unknown], on=workdays.today())
    assert len(found) == 52


def test_without_a_policy_or_rules_nobody_is_graded(people):
    Policy.objects.update(in_use=False)
    found = grading.grade(HIS, on=workdays.today())
    assert found.letter is None
    assert grading.summary(found) == "The policy in force has no rules for grades, so nobody is graded."


def test_a_household_stands_as_its_worst_member(people, later):
    factory.found_by_panel()
    found = grading.grades([HIS, HERS], on=workdays.today())
    assert grading.worst(found.values()) == found[HIS]


def test_every_rule_is_told_in_both_languages(people):
    policy = Policy.objects.in_force(workdays.today()).first()
    assert policy.content["grading"]
    for language in ("en", "zh-hans"):
        with translation.override(language):
            rules = grading._rules_of(workdays.today())
            told = [grading.rule_in_words(cap) for cap in rules]
            assert len(set(told)) == len(rules)
            assert all("%(" not in text for text in told)
    assert told[1] == "因一般失信行为的惩戒措施尚在执行：不高于 C 级"
