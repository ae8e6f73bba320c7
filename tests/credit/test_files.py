"""The credit file: what stands against somebody today, why it ends when it ends, who belongs to the household."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from bureau import workdays
from bureau.models import AuditEntry, Office, Posting, Staff
from bureau.roles import Role
from credit import cases, file_pages, files, remedies, sanctions
from credit.clocks import Event
from credit.models import Case, Lead, Partner, PartnerCall, Purpose, Sanction, Subject
from credit.policies import Severity
from tests.factories import credit as factory
from tests.factories.credit import COMPANY, HUSBAND, WIFE, Named, staff

pytestmark = pytest.mark.django_db
SECOND_WIFE = Named("沈月", "321299199001019125")


def subject(named=HUSBAND):
    return Subject.objects.get(name=named.name)


def page(client, of=HUSBAND, query=""):
    return client.get(reverse("credit:file", args=[subject(of).pk]) + query)


def context(of=HUSBAND, username="credit", **more):
    values = {"whole": False, **more}
    return file_pages.file_context(subject(of), staff(username), **values)


@pytest.fixture
def record(people, later):
    return factory.recorded(later)


def test_the_file_says_how_one_stands_today_by_what_and_until_when(record, as_user):
    text = page(as_user("credit")).content.decode()
    ends = Sanction.objects.filter(subject=subject(), kind="ban").get().ends_on()
    assert "Banned" in text
    assert str(ends) in text
    assert record.number in text
    assert "3 years from" in text
    assert f"so that it holds no more on {ends}" in text
    assert "Grade D" in text


def test_the_file_is_read_in_chinese_too(record, as_user):
    text = page(as_user("credit", "zh-hans")).content.decode()
    assert "家庭行为档案" in text
    assert "信用等级 D" in text
    assert "起满 3年" in text


def test_the_axis_has_a_bar_for_each_line_of_the_table_behind_it(record, as_user):
    shown = context()
    assert len(shown["axis"].bars) == len(shown["measures"]) == Sanction.objects.filter(subject=subject()).count()
    text = page(as_user("credit")).content.decode()
    assert '<svg viewBox="0 0 480' in text
    assert 'role="img"' in text
    assert "style=" not in text


def test_after_its_day_nothing_holds_and_the_file_keeps_what_was(record, later):
    later(to=max(row.ends_on() for row in Sanction.objects.all()))
    shown = context()
    assert not shown["standing"].blocked
    assert not shown["holding"]
    assert shown["measures"]
    assert shown["grade"][1] == "Grade B"


def test_who_was_never_recorded_has_a_file_without_measures(people):
    factory.case()
    shown = context()
    assert shown["axis"] is None
    assert shown["grade"][1] == "Grade A"
    assert len(shown["cases"]) == 1


def test_a_ban_that_waits_for_the_return_of_the_home_says_so(people, later):
    case = factory.recorded(later, act_code="F08")
    row = Sanction.objects.filter(subject=subject(), kind="ban").get()
    assert "after the home is returned" in file_pages.why_it_ends(files.measures_of([subject()], [case])[0])
    cases.tell(case, Event.HOME_RETURNED, on=workdays.today(), basis="收房单", by=staff("credit"))
    again = files.measures_of([subject()], files.cases_of([subject()], Case.objects.all()))
    ban = next(each for each in again if each.pk == row.pk)
    assert f"3 years from {workdays.today()} (The home was returned)" in file_pages.why_it_ends(ban)


def test_a_withdrawn_measure_says_that_it_was_withdrawn(record, later):
    later(days=3)
    cases.withdraw(record, by=staff("credit"), reason="事实有误")
    whys = {each["why"] for each in context()["measures"]}
    assert whys == {f"The finding was withdrawn on {workdays.today()}."}


def test_a_ban_by_hand_is_on_file_with_its_dates(people):
    sanctions.impose(
        name=HUSBAND.name,
        id_number=HUSBAND.identifier,
        severity=Severity.GENERAL,
        act="隐瞒车辆",
        basis="市办法",
        banned_from=workdays.today(),
        by=staff("admin"),
    )
    shown = context()
    assert shown["measures"][0]["case"] is None
    assert shown["measures"][0]["why"].startswith("Its last day is the day before")


def test_the_household_is_merged_when_asked_for(record, as_user):
    own, whole = context(), context(whole=True)
    assert {each["name"] for each in own["measures"]} == {HUSBAND.name}
    assert {each["name"] for each in whole["measures"]} == {HUSBAND.name, WIFE.name}
    assert WIFE.name in page(as_user("credit"), query="?of=household").content.decode()


def test_who_moved_household_has_both_linked_with_their_days(people, later):
    first = factory.case()
    later(days=400)
    lead = factory.lead(about=[HUSBAND, SECOND_WIFE], origin="finding:2")
    second = factory.case(lead=lead)
    homes = files.households(subject(), files.cases_of([subject()], Case.objects.all()))
    assert [(home.since, home.until) for home in homes] == [
        (second.occurred_on, None),
        (first.occurred_on, second.occurred_on),
    ]
    assert [{each.name for each in home.members} for home in homes] == [
        {HUSBAND.name, SECOND_WIFE.name},
        {HUSBAND.name, WIFE.name},
    ]
    shown = context(WIFE)
    assert [member["name"] for member in shown["homes"][0]["members"]] == [HUSBAND.name]


def test_a_case_about_one_alone_and_a_child_that_joins_are_the_same_household(people):
    factory.case()
    alone = factory.lead(about=[HUSBAND], origin="finding:2")
    factory.case(lead=alone)
    with_child = factory.lead(about=[HUSBAND, WIFE, SECOND_WIFE], origin="finding:3")
    factory.case(lead=with_child)
    homes = files.households(subject(), files.cases_of([subject()], Case.objects.all()))
    assert len(homes) == 1
    assert len(homes[0].members) == 3


def test_an_employer_is_linked_with_its_families_and_no_household_is_made_of_them(people, as_user):
    lead = factory.lead(kind=Lead.Kind.PATTERN, about=[COMPANY, HUSBAND, SECOND_WIFE], act_code="U01")
    case = factory.case(lead=lead, actor_kind="employer", act_code="U01")
    shown = context(COMPANY)
    assert shown["homes"] == []
    assert {each["name"] for each in shown["links"]} == {HUSBAND.name, SECOND_WIFE.name}
    assert set(shown["links"][0]["numbers"]) == {case.number, lead.number}
    assert "File of an employer" in page(as_user("credit"), COMPANY).content.decode()
    assert context(HUSBAND)["homes"] == []
    assert [each["name"] for each in context(HUSBAND)["links"]] == [COMPANY.name]


def test_every_look_is_recorded_also_at_who_is_shown_beside(record, as_user):
    page(as_user("credit"))
    seen = AuditEntry.objects.filter(subject_kind="credit.subject", purpose="credit")
    assert {(entry.subject_id, tuple(entry.fields)) for entry in seen} == {
        (subject().pk, ("file",)),
        (subject(WIFE).pk, ("name", "grade")),
    }


def test_an_auditor_reads_a_file_masked(record, as_user):
    text = page(as_user("auditor"), query="?of=household").content.decode()
    assert HUSBAND.name not in text
    assert WIFE.name not in text
    assert HUSBAND.identifier not in text
    assert "321************176" in text
    assert AuditEntry.objects.filter(subject_kind="credit.subject", purpose="audit").exists()


@pytest.mark.parametrize("username", ["window", "street", "check", "housing", "panel", "admin"])
def test_nobody_else_opens_a_file(people, as_user, username):
    factory.case()
    assert page(as_user(username)).status_code == 403


def test_a_file_outside_the_scope_does_not_exist(people, as_user):
    factory.case()
    people["far"] = Staff.objects.create(username="far", name="顾远")
    Posting.objects.create(staff=people["far"], office=Office.objects.get(code="321203"), role=Role.AUDITOR)
    assert page(as_user("far")).status_code == 404


def test_a_file_takes_the_same_queries_however_much_is_on_it(people, later, django_assert_max_num_queries):
    factory.recorded(later)
    later(days=1)
    for place in range(2, 6):
        factory.case(lead=factory.lead(origin=f"finding:{place}"), occurred_on=workdays.today() - timedelta(days=place))
    with translation.override("en"), django_assert_max_num_queries(42):
        shown = context(whole=True)
    assert len(shown["cases"]) == 5


def test_who_asked_and_what_others_were_told_is_on_file(record, as_user):
    partner = Partner.objects.create(code="x-office", name_zh="市民政局", name_en="Civil affairs office")
    purpose = Purpose.objects.create(code="x-purpose", name_zh="低保审核", name_en="Allowance review")
    PartnerCall.objects.create(
        partner=partner,
        purpose=purpose,
        endpoint="standing",
        subject_kind="person",
        subject_index=HUSBAND.identifier,
        outcome="hit",
    )
    text = page(as_user("credit")).content.decode()
    assert "Civil affairs office" in text
    assert "Allowance review" in text
    assert "Civil affairs office" not in page(as_user("credit"), WIFE).content.decode()


def test_an_objection_stands_on_the_file_and_its_record_counts_no_more(record, as_user):
    dispute = remedies.dispute(record, subject(), by=staff("credit"), text="事实有误", received_on=workdays.today())
    text = page(as_user("credit")).content.decode()
    assert dispute.number in text
    assert "Disputed" in text
    assert "Grade A" in text
    assert f"Not counted while disputed: {record.number}" in text
