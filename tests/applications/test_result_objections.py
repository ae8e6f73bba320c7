"""From the window's objection to the new decision, through the pages, on each path that it can take."""

import itertools

import pytest
from django.urls import reverse

from applications import decisions, intake, publicity, result_objections, signing
from applications.models import Application
from bureau import workdays
from bureau.models import Document, TimelineEntry
from tests.factories.applications import concluded, draft, household_of
from tests.factories.objection_pages import act, check_again, decide, form, fresh, object_to, page, reply
from tests.factories.objections import SCENARIO, line_of, set_right, text_of

pytestmark = pytest.mark.django_db
S = Application.Status


@pytest.fixture
def unfit(people, sources):
    """A case that lies before its decision, its household concluded as unfit for a hidden flat."""
    return concluded(people, sources, SCENARIO, "unfit")


@pytest.fixture
def refused(unfit, people):
    decisions.refuse(unfit, by=people["housing"], opinion="住房面积超过标准。")
    return unfit


# --- the paths ------------------------------------------------------------------------------------------------------


def test_asked_again_and_corrected_a_refused_case_is_decided_anew_on_the_new_report(refused, people, as_user, sources):
    shown = as_user("window").get(page(refused)).content.decode()
    assert "84.00" in shown
    objection = object_to(refused, as_user)
    assert fresh(refused).status == S.REFUSED
    decide(as_user, objection, "ask_again")
    set_right(sources)
    check = check_again(as_user, objection)

    old = refused.current_check.conclusion.report
    old.refresh_from_db()
    assert old.superseded_by == check.conclusion.report
    told = as_user("window").get(reverse("check_document", args=[old.check_code])).content.decode()
    assert "Genuine, but superseded" in told
    assert check.conclusion.report.number in told
    result_objections.take_up_due()
    assert fresh(refused).status == S.REFUSED  # not before it is answered

    act(as_user, objection, "answer", answer="经重新查询，登记已更正，异议成立。")
    assert objection.outcome == "upheld"
    assert result_objections.take_up_due() == 1
    assert result_objections.take_up_due() == 0
    case = fresh(refused)
    assert (case.status, case.current_check) == (S.CHECKED, check)
    assert case.due_on is not None
    assert case.decisions.get().superseded_at is not None
    assert case.members.filter(live=True).count() == case.household_size

    documents = as_user("window").get(reverse("applications:case_documents", args=[case.reference])).content.decode()
    for number in (old.number, check.conclusion.report.number, objection.letter.number):
        assert number in documents
    overview = as_user("window").get(reverse("applications:case", args=[case.reference])).content.decode()
    assert objection.number in overview
    decisions.grant(case, by=people["housing"], opinion="重新核对符合条件。")
    assert fresh(refused).status == S.ON_NOTICE


def test_a_maintained_correction_request_leaves_the_refusal_as_it_is(refused, as_user):
    objection = object_to(refused, as_user)
    decide(as_user, objection, "correction")
    letter = objection.disputes.get().letter
    assert as_user("check2").get(reverse("document_pdf", args=[letter.pk])).status_code == 200
    reply(as_user, objection, "maintained")
    act(as_user, objection, "answer", answer="部门维持原数据，异议不成立。")
    assert objection.outcome == "not_upheld"
    assert result_objections.take_up_due() == 0
    assert fresh(refused).status == S.REFUSED
    assert "异议不成立" in text_of(Document.objects.get(pk=objection.letter_id))
    again = as_user("window").post(page(refused), form(refused))
    assert again.status_code == 409
    assert objection.number in again.content.decode()


def test_a_case_before_its_decision_waits_and_goes_on_where_the_objection_is_refused(unfit, people, as_user):
    objection = object_to(unfit, as_user)
    assert fresh(unfit).due_on is None
    assert unfit not in Application.objects.on_desk_of(people["housing"].seats)
    for name in ("refuse", "recheck", "grant"):
        answer = as_user("housing").get(reverse(f"applications:case_{name}", args=[unfit.reference]))
        assert answer.status_code == 409
        assert objection.number in answer.content.decode()
    assert objection.number in as_user("housing").get(unfit.get_absolute_url()).content.decode()
    decide(as_user, objection, "refuse", "证明材料与该房屋无关。")
    act(as_user, objection, "answer", answer="证明材料不足。")
    assert result_objections.take_up_due() == 1
    assert result_objections.take_up_due() == 0
    case = fresh(unfit)
    assert (case.status, case.current_check) == (S.CHECKED, unfit.current_check)
    assert case.due_on is not None
    assert unfit in Application.objects.on_desk_of(people["housing"].seats)


def test_a_new_check_before_the_decision_is_what_is_decided_on_also_where_nothing_was_corrected(unfit, as_user, people):
    objection = object_to(unfit, as_user)
    decide(as_user, objection, "correction")
    reply(as_user, objection, "corrected")
    check = check_again(as_user, objection)
    act(as_user, objection, "answer", answer="该来源反馈与前次一致。")
    assert objection.outcome == "not_upheld"
    assert result_objections.take_up_due() == 1
    case = fresh(unfit)
    assert case.current_check == check
    decisions.refuse(case, by=people["housing"], opinion="住房面积超过标准。")
    assert fresh(unfit).status == S.REFUSED


def test_withdrawn_at_the_window_the_decision_is_due_again(unfit, as_user):
    objection = object_to(unfit, as_user)
    address = reverse("verification:objection_withdraw", args=[objection.number])
    assert as_user("check2").get(address).status_code == 403
    assert as_user("window").post(address, {"reason": ""}).status_code == 422
    assert as_user("window").post(address, {"reason": "家庭已核实，撤回。"}).status_code == 302
    objection.refresh_from_db()
    assert objection.status == "withdrawn"
    assert result_objections.take_up_due() == 1
    assert fresh(unfit).due_on is not None
    assert object_to(unfit, as_user).number != objection.number


def test_a_notice_does_not_end_while_the_household_objects(people, sources, as_user, monkeypatch):
    case = concluded(people, sources, "fit", "fit")
    decisions.grant(case, by=people["housing"], opinion="符合条件。")
    line = line_of(case.current_check, "social_security")
    objection = object_to(case, as_user, lines=[line])
    decide(as_user, objection, "refuse", "参保记录清楚。")
    closes_on = case.notices.get().closes_on
    monkeypatch.setattr(workdays, "today", lambda: closes_on)
    assert publicity.close_due() == 0
    act(as_user, objection, "answer", answer="不成立。")
    assert publicity.close_due() == 1


# --- what goes on around it -----------------------------------------------------------------------------------------


def test_the_objection_ends_with_its_application(unfit, people, as_user):
    objection = object_to(unfit, as_user)
    decide(as_user, objection, "ask_again")
    act(as_user, objection, "check_again")
    intake.withdraw(fresh(unfit), by=people["window"], reason="家庭撤回申请。")
    objection.refresh_from_db()
    objection.recheck.refresh_from_db()
    assert (objection.status, objection.recheck.status) == ("withdrawn", "cancelled")
    assert result_objections.take_up_due() == 0
    assert TimelineEntry.objects.of(objection).filter(event="end_with_case").exists()


def test_a_household_that_has_applied_anew_meanwhile_is_not_taken_up_twice(refused, people, as_user, sources):
    objection = object_to(refused, as_user)
    decide(as_user, objection, "ask_again")
    set_right(sources)
    check_again(as_user, objection)
    declared = household_of(sources, SCENARIO)
    other = intake.submit(draft(people["window"], declared), declared, by=people["window"])
    act(as_user, objection, "answer", answer="异议成立。")
    assert result_objections.take_up_due() == 0
    assert fresh(refused).status == S.REFUSED
    why = "Answered, but the case cannot be decided anew yet"
    pages = (refused.get_absolute_url(), reverse("verification:objection", args=[objection.number]))
    name = refused.members.get(key="m2").name
    for username, address in itertools.product(("window", "check2", "auditor"), pages):
        told = as_user(username).get(address).content.decode()
        assert why in told
        assert "one person, one benefit" in told
        assert name not in told.split(why)[1].split("</div>")[0]
    copy = as_user("window").get(reverse("applications:case_copy", args=[refused.reference])).content.decode()
    assert "the result of the new check after an objection" in copy
    assert "is being checked again" not in copy
    intake.withdraw(other, by=people["window"], reason="以原申请为准。")
    assert all(why not in as_user("window").get(address).content.decode() for address in pages)
    assert result_objections.take_up_due() == 1
    assert fresh(refused).status == S.CHECKED


def test_the_page_of_an_objection_leads_to_its_case_and_tells_what_was_done_about_which_line(unfit, as_user):
    objection = object_to(unfit, as_user)
    decide(as_user, objection, "correction")
    reply(as_user, objection, "maintained")
    line = objection.disputes.get().line
    for username in ("window", "check2", "auditor", "housing"):
        shown = as_user(username).get(reverse("verification:objection", args=[objection.number]))
        assert f'href="{unfit.get_absolute_url()}"' in shown.content.decode()
        assert as_user(username).get(unfit.get_absolute_url()).status_code == 200
        assert [entry["title"] for entry in shown.context["entries"]] == [
            f"A department answered · Line {line}: Maintains its record",
            f"Decided on a disputed line · Line {line}: Send a correction request",
            "Objection to the result received",
        ]


def test_who_takes_the_authorisation_back_is_not_asked_about_in_the_new_check_either(unfit, people, as_user):
    objection = object_to(unfit, as_user)
    decide(as_user, objection, "ask_again")
    act(as_user, objection, "check_again")
    signing.withdraw_authorisation(fresh(unfit), "m2", by=people["window"], reason="本人要求撤回授权。")
    objection.recheck.refresh_from_db()
    assert "m2" not in objection.recheck.authorisations
    assert "m1" in objection.recheck.authorisations
