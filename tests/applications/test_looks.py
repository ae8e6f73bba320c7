"""Every page that shows something of a household is written down: also one that answers a form with what is wrong."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from applications import intake
from applications.models import Application, PublicNotice
from bureau.models import AuditEntry
from tests.applications import windows
from tests.factories.applications import checking, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(people):
    return submitted(people["window"])


def looks(subject):
    return [entry.fields for entry in AuditEntry.objects.of(subject)]


def test_the_access_log_writes_its_own_reader_down(case, as_user):
    shown = as_user("street").get(f"/applications/{case.reference}/audit/").content.decode()
    assert looks(case) == [["access log"]]
    assert "Access log" in shown


def test_the_review_page_with_an_opinion_sent_back_is_a_look(case, as_user):
    answer = as_user("street").post(f"/applications/{case.reference}/opinion/", {"outcome": "forward", "opinion": ""})
    assert answer.status_code == 422
    assert looks(case) == [["opinions"]]


def test_the_review_page_with_an_objection_or_its_answer_sent_back_is_a_look(case, as_user, people):
    for status in ("checked", case.status):  # it was checked once, so a housing officer has it in scope
        Application.objects.filter(pk=case.pk).update(**{"status": status})
    notice = PublicNotice.objects.create(
        application=case, opens_on="2026-01-05", closes_on="2026-01-12", masked_name="张*", household_size=3
    )
    objection = notice.objections.create(text="另有房产", recorded_by=people["street"])
    address = f"/applications/{case.reference}/objections/"
    assert as_user("street").post(address, {"text": ""}).status_code == 422
    assert as_user("housing").post(f"{address}{objection.pk}/answer/", {"answer": ""}).status_code == 422
    assert looks(case) == [["opinions"], ["opinions"]]


def test_who_was_checked_once_is_kept_with_the_case_by_the_database_alone(case, as_user):
    mine, page = Application.objects.filter(pk=case.pk), f"/applications/{case.reference}/"
    mine.update(was_checked=True)
    assert not mine.get().was_checked
    assert as_user("housing").get(page).status_code == 404
    for status in ("checked", case.status):
        mine.update(**{"status": status})
    mine.update(was_checked=False)
    assert mine.get().was_checked
    assert as_user("housing").get(page).status_code == 200


def test_the_page_that_asks_once_more_before_a_rejection_is_a_look(case, as_user):
    form = {"outcome": "reject", "reason": "other", "opinion": "不符合条件。", "token": case.status_since.isoformat()}
    assert as_user("street").post(f"/applications/{case.reference}/opinion/", form).status_code == 200
    assert looks(case) == [["overview"]]


def test_the_page_to_withdraw_is_a_look_and_only_for_who_can_withdraw(case, as_user):
    address = f"/applications/{case.reference}/withdraw/"
    for other in ("street", "district", "check", "auditor"):
        assert as_user(other).get(address).status_code == 403
        assert as_user(other).post(address, {"opinion": ""}).status_code == 403
    assert looks(case) == []
    client = as_user("window")
    assert client.get(address).status_code == 200
    assert client.post(address, {"opinion": ""}).status_code == 422
    assert looks(case) == [["overview"], ["overview"]]


def test_a_case_that_is_over_has_no_page_to_withdraw(case, as_user, people):
    intake.withdraw(case, by=people["window"], reason="迁往外地")
    assert as_user("window").get(f"/applications/{case.reference}/withdraw/").status_code == 409


@pytest.mark.parametrize("more", [{"add": "1"}, {"remove": "0"}, {"rows-0-area": "?"}])
def test_a_section_shown_again_after_it_was_sent_is_a_look(people, as_user, more):
    application = windows.keyed(people["window"])
    form = windows.post_of(windows.SECTIONS["homes"], version=str(application.draft.version)) | more
    answer = as_user("window").post(f"/applications/{application.reference}/intake/homes/", form)
    assert answer.status_code in {200, 422}
    assert looks(application) == [["homes"]]


@pytest.mark.parametrize("step", ["record", "scan"])
def test_the_signing_page_sent_back_is_a_look(people, as_user, step):
    application = windows.keyed(people["window"])
    answer = as_user("window").post(f"/applications/{application.reference}/intake/signing/{step}/", {})
    assert answer.status_code == 422
    assert looks(application) == [["signing"]]


def test_the_progress_fetched_by_itself_is_a_look_once_in_ten_minutes(people, as_user):
    check = checking(people).current_check
    client = as_user("street")
    for _time in range(3):
        assert client.get(f"/checks/{check.number}/progress/").status_code == 200
    assert looks(check) == [["progress"]]
    as_user("auditor").get(f"/checks/{check.number}/progress/")
    assert len(looks(check)) == 2
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        as_user("street").get(f"/checks/{check.number}/progress/")
    assert len(looks(check)) == 3


def test_the_progress_within_the_page_of_its_case_is_the_look_at_that_page(people, as_user):
    case = checking(people)
    client = as_user("street")
    client.get(f"/applications/{case.reference}/check/")
    client.get(f"/checks/{case.current_check.number}/progress/")
    assert looks(case) == [["check"]]
    assert looks(case.current_check) == []
