"""The pages of a case: who may open them, what they show, what they hide, and that every look is written down."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from msgspec.structs import replace

from applications import intake, tiers
from applications.forms.casework import OpinionForm
from bureau import workdays
from bureau.models import AuditEntry, Posting
from credit import sanctions
from credit.policies import Severity
from tests.factories.applications import (
    CHILD,
    FATHER,
    MOTHER,
    at_city,
    at_district,
    check_due,
    checking,
    draft,
    sign_all,
    submitted,
)
from verification.facts import Declared

pytestmark = pytest.mark.django_db
TABS = ("", "household/", "check/", "statement/", "review/", "papers/", "documents/", "timeline/", "audit/")


def page(case, tab=""):
    return f"/applications/{case.reference}/{tab}"


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("window", 200),
        ("street", 200),
        ("district", 200),
        ("check", 200),
        ("housing", 404),
        ("auditor", 200),
        ("window2", 404),
        ("admin", 404),
    ],
)
def test_every_tab_opens_for_those_in_scope_and_is_a_404_for_others(people, as_user, person, status):
    case = submitted(people["window"])
    client = as_user(person)
    assert {tab: client.get(page(case, tab)).status_code for tab in TABS} == dict.fromkeys(TABS, status)


def test_the_reviewer_of_the_other_street_sees_nothing(people, as_user):
    case = submitted(people["window"])
    Posting.objects.filter(staff=people["street"]).delete()
    Posting.objects.create(
        staff=people["street"], office_id=people["window2"].seats[0].office.parent_id, role="reviewer"
    )
    assert as_user("street").get(page(case)).status_code == 404


def test_a_posting_that_has_ended_opens_nothing(people, as_user):
    case = submitted(people["window"])
    Posting.objects.filter(staff=people["street"]).update(to_on="2026-01-01")
    assert as_user("street").get(page(case)).status_code == 404


def test_a_draft_has_no_case_page(people, as_user):
    case = draft(people["window"])
    for person in ("window", "street", "auditor"):
        assert {as_user(person).get(page(case, tab)).status_code for tab in TABS} == {404}


def test_no_tab_shows_an_id_number(people, as_user):
    case = checking(people)
    client = as_user("check")
    shown = "".join(client.get(page(case, tab)).content.decode() for tab in TABS)
    for person in (FATHER, MOTHER):
        assert person.id_number not in shown
        assert person.id_number[6:14] not in shown


def test_every_look_at_a_household_is_written_down(people, as_user):
    case = submitted(people["window"])
    client = as_user("street")
    for seen, tab in enumerate(TABS, start=1):
        client.get(page(case, tab))
        assert AuditEntry.objects.of(case).count() == seen, tab
    for entry in AuditEntry.objects.of(case):
        assert (entry.staff, entry.action, entry.reference) == (people["street"], "look", case.reference)
        assert entry.purpose
        assert entry.fields


def test_a_look_that_was_refused_is_no_look(people, as_user):
    case = submitted(people["window"])
    as_user("window2").get(page(case))
    assert not AuditEntry.objects.exists()


def test_an_id_number_is_shown_on_request_and_that_is_written_down(people, as_user):
    case = submitted(people["window"])
    client = as_user("street")
    part = client.post(page(case, "household/m2/reveal/"), headers={"hx-request": "true"})
    assert MOTHER.id_number in part.content.decode()
    assert "<html" not in part.content.decode()
    entry = AuditEntry.objects.of(case).get(action="reveal")
    assert entry.fields == ["id_number:m2"]
    assert "Revealed" in client.get(page(case, "audit/")).content.decode()


def test_without_script_the_whole_page_answers_with_that_one_number(people, as_user):
    case = submitted(people["window"])
    shown = as_user("street").post(page(case, "household/m2/reveal/")).content.decode()
    assert MOTHER.id_number in shown
    assert FATHER.id_number not in shown


def test_a_number_is_revealed_by_post_only_in_scope_only_and_of_members_only(people, as_user):
    case = submitted(people["window"])
    assert as_user("street").get(page(case, "household/m2/reveal/")).status_code == 302
    assert as_user("window2").post(page(case, "household/m2/reveal/")).status_code == 404
    assert as_user("street").post(page(case, "household/m9/reveal/")).status_code == 404
    assert not AuditEntry.objects.filter(action="reveal").exists()


def test_the_identity_bar_masks_the_name_and_tells_who_has_the_case(people, as_user):
    case = submitted(people["window"])  # in the fast lane: nobody of it is known to the registry
    context = as_user("street").get(page(case)).context
    assert context["name"] == "张*, household of 3"
    assert ("neutral", "No sanction") in context["tags"]
    assert context["holder"]
    assert context["days_left"] == 2
    assert ("success", "Fast lane") in context["tags"]


def test_a_sanction_that_came_later_shows_in_the_identity_bar(people, as_user):
    case = submitted(people["window"])
    sanctions.impose(
        name=MOTHER.name,
        id_number=MOTHER.id_number,
        severity=Severity.GENERAL,
        act="隐瞒收入",
        basis="泰政规〔2017〕2号",
        banned_from=workdays.today(),
        by=people["credit"],
    )
    assert ("danger", "Under a sanction") in as_user("street").get(page(case)).context["tags"]


@pytest.mark.parametrize(
    ("bring", "person", "expected"),
    [
        (lambda people: submitted(people["window"]), "street", ["Give an opinion"]),
        (lambda people: submitted(people["window"]), "district", []),
        (lambda people: submitted(people["window"]), "window", ["Withdraw the application"]),
        (at_district, "street", []),
        (at_district, "district", ["Give an opinion"]),
        (at_city, "check", ["Give an opinion"]),
        (at_city, "district", []),
        (check_due, "check", ["Order the check"]),
        (checking, "check", []),
        (checking, "auditor", []),
    ],
)
def test_the_actions_are_those_of_the_table_of_moves(people, as_user, bring, person, expected):
    case = bring(people)
    assert [action["label"] for action in as_user(person).get(page(case)).context["actions"]] == expected


def test_a_returned_case_offers_its_clerk_to_correct_it(people, as_user):
    case = submitted(people["window"])
    tiers.return_for_correction(case, by=people["street"], opinion="缺收入证明")
    labels = [action["label"] for action in as_user("window").get(page(case)).context["actions"]]
    assert labels == ["Correct and hand in again", "Withdraw the application"]
    assert not as_user("street").get(page(case)).context["actions"]


def test_earlier_versions_of_the_declaration_stay_to_be_read(people, as_user):
    case = submitted(people["window"])
    tiers.return_for_correction(case, by=people["street"], opinion="工作单位有误")
    changed = Declared(persons=(replace(FATHER, employer_name="泰州船舶修理厂"), MOTHER, CHILD))
    sign_all(case, changed, people["window"])
    intake.submit(case, changed, by=people["window"])
    client = as_user("street")
    assert "泰州船舶修理厂" in client.get(page(case, "household/")).content.decode()
    earlier = client.get(page(case, "household/"), {"version": 1}).content.decode()
    assert "泰州船舶修理厂" not in earlier
    assert "An earlier version" in earlier
    for wrong in ("9", "x", "-1"):
        assert client.get(page(case, "household/"), {"version": wrong}).status_code == 404


def test_the_steps_tell_who_agreed_and_where_the_case_is(people, as_user):
    case = at_city(people)
    steps = as_user("check").get(page(case)).context["steps"]
    assert [step["state"] for step in steps] == ["done", "done", "current", "todo", "todo", "todo", "todo"]
    assert people["street"].name in steps[0]["who"]


def test_a_return_shows_at_the_desk_that_asked_for_it(people, as_user):
    case = at_district(people)
    tiers.return_for_correction(case, by=people["district"], opinion="请补充住房证明")
    steps = as_user("district").get(page(case)).context["steps"]
    assert [step["state"] for step in steps][:3] == ["done", "returned", "todo"]


def test_a_rejection_stops_the_steps(people, as_user):
    case = submitted(people["window"])
    tiers.reject(case, by=people["street"], opinion="已享受公租房")
    steps = as_user("district").get(page(case)).context["steps"]
    assert [step["state"] for step in steps] == ["stopped"]  # what is never reached any more is left out


def test_opinions_on_an_earlier_declaration_are_struck_through(people, as_user):
    case = at_district(people)
    tiers.return_for_correction(case, by=people["district"], opinion="请更正工作单位")
    changed = Declared(persons=(replace(FATHER, employer_name="泰州船舶修理厂"), MOTHER, CHILD))
    sign_all(case, changed, people["window"])
    intake.submit(case, changed, by=people["window"])
    shown = as_user("street").get(page(case, "review/")).content.decode()
    for language, words in (("en", "declaration changed"), ("zh-hans", "申报")):
        entries = as_user("street", language).get(page(case, "timeline/")).context["entries"]
        assert words in entries[0]["text"]
    assert "<s>家庭情况属实" in shown
    assert "No longer valid" in shown


def test_the_timeline_names_every_event_in_words(people, as_user):
    case = checking(people)
    entries = as_user("check").get(page(case, "timeline/")).context["entries"]
    titles = [str(entry["title"]) for entry in entries]
    assert titles[0] in {"Sources asked", "Check ordered"}
    assert titles[-1] == "Draft opened"
    assert not [title for title in titles if "_" in title or title.islower()]


def test_papers_and_signatures_of_every_member_are_listed(people, as_user):
    case = submitted(people["window"])
    context = as_user("street").get(page(case, "papers/")).context
    assert [row["row"].title for row in context["attachments"]] == ["signed papers"]
    assert len(context["signatures"]) == 6
    assert {row["name"] for row in context["signatures"]} == {"张三", "李四", "张小"}


def test_the_receipt_is_among_the_documents(people, as_user):
    case = submitted(people["window"])
    documents = as_user("street").get(page(case, "documents/")).context["documents"]
    assert [document.kind for document in documents][0] == "receipt"
    assert '<td data-label="Title">Receipt</td>' in as_user("street").get(page(case, "documents/")).content.decode()


def test_the_reasons_of_an_opinion_are_grouped_by_what_they_are_for_and_named_once():
    choices = OpinionForm().fields["reason"].choices
    assert [str(name) for name, _rows in choices] == ["", "Return for correction", "Reject", "other"]
    assert [str(value) for value, _label in choices].count("other") == 1
    form = OpinionForm({"outcome": "reject", "reason": "other", "opinion": "x"})
    assert form.is_valid()


def test_an_overview_costs_a_bounded_number_of_queries(people, as_user):
    case = at_city(people)
    client = as_user("check")
    client.get(page(case))
    with CaptureQueriesContext(connection) as caught:
        client.get(page(case))
    assert len(caught) <= 29  # three of them for the fast lane and the papers that follow


def test_the_page_is_in_chinese_unless_asked_otherwise(people, as_user):
    case = submitted(people["window"])
    assert '<html lang="zh-hans">' in as_user("street", "zh-hans").get(page(case)).content.decode()
    assert '<html lang="en">' in as_user("street", "en").get(page(case)).content.decode()


def test_the_auditor_reads_offices_and_documents_in_the_language_of_the_page(people, as_user):
    case = submitted(people["window"])
    client = as_user("street")
    receipt = client.get(page(case, "documents/")).context["documents"][0]
    client.get(f"/documents/{receipt.pk}/")
    for language, office, kind in (("en", "Subdistrict", "Receipt"), ("zh-hans", "街道", "受理")):
        auditor = as_user("auditor", language)
        for answer in (auditor.post("/audit/", {"reference": case.reference}), auditor.get(page(case, "audit/"))):
            shown = answer.content.decode()
            assert office in shown
            assert kind in shown
    searches = AuditEntry.objects.filter(action="search").values_list("purpose", flat=True)
    assert list(searches) == [f"{case.reference} → {entry.split()[-1]}" for entry in searches]
