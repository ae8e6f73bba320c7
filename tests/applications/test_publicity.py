"""Public notices: what is published, until when, and what an objection does."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from applications import decisions, publicity
from applications.models import Application, NoticeObjection, PublicNotice
from bureau import divisions, workdays
from bureau.errors import NotAllowedError, StaleError
from bureau.fields import blind_index
from bureau.models import Document, Relative, Staff
from tests.applications.windows import printed
from tests.factories.applications import concluded, household_of

pytestmark = pytest.mark.django_db
S = Application.Status
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def on_notice(people, sources):
    case = concluded(people, sources, "fit", "fit")
    decisions.grant(case, by=people["housing"], opinion="符合条件，拟予保障。")
    return case


def on(day):
    return time_machine.travel(datetime.combine(day, time(0, 5), SHANGHAI), tick=True)


def status_of(case):
    return Application.objects.get(pk=case.pk).status


def record(client, case, text="该户名下另有房产", objector=""):
    return client.post(f"/applications/{case.reference}/objections/", {"text": text, "objector": objector})


def answer(client, case, upheld, text="经查证。"):
    objection = NoticeObjection.objects.get(notice__application=case)
    address = f"/applications/{case.reference}/objections/{objection.pk}/answer/"
    return client.post(address, {"upheld": upheld, "answer": text})


def test_a_notice_shows_the_masked_name_and_nothing_that_tells_who_it_is(people, as_user, sources, on_notice):
    household = household_of(sources, "fit")
    page = as_user("window2").get("/notices/").content.decode()
    assert "刘*明" in page
    for person in household.persons:
        assert person.name not in page
        assert person.id_number[6:14] not in page
    assert on_notice.reference not in page
    assert household.homes[0].address not in page


def test_the_printed_notice_tells_the_place_and_has_no_empty_column(on_notice):
    text = printed(on_notice.notices.get().document)
    assert divisions.place_name(on_notice.office_code) in text
    for word in ("街道办事处", "保障类别", "现住房面积", "--"):
        assert word not in text


def test_the_board_is_for_everybody_who_is_signed_in(people, as_user, on_notice, client):
    for person in people:
        assert as_user(person).get("/notices/").status_code == 200
    assert client.get("/notices/").status_code == 302


def test_a_notice_closes_by_itself_on_its_day_and_not_before(people, on_notice):
    notice = on_notice.notices.get()
    assert notice.closes_on - notice.opens_on == timedelta(days=10)
    with on(notice.last_day):
        assert publicity.close_due() == 0
        assert PublicNotice.objects.running(workdays.today()).count() == 1
    assert status_of(on_notice) == S.ON_NOTICE
    with on(notice.closes_on):
        assert PublicNotice.objects.running(workdays.today()).count() == 0
        assert publicity.close_due() == 1
        assert publicity.close_due() == 0
    assert status_of(on_notice) == S.APPROVED
    assert Document.objects.of(on_notice).filter(kind="approval").count() == 1
    assert on_notice.notices.get().closed_at is not None


def test_a_sweep_that_was_missed_for_days_approves_all_the_same(people, on_notice):
    with on(on_notice.notices.get().closes_on + timedelta(days=30)):
        assert publicity.close_due() == 1
    assert status_of(on_notice) == S.APPROVED


def test_an_open_objection_keeps_the_notice_from_closing(people, as_user, on_notice):
    assert record(as_user("street"), on_notice).status_code == 302
    with on(on_notice.notices.get().closes_on):
        assert publicity.close_due() == 0
    assert status_of(on_notice) == S.ON_NOTICE


def test_an_objection_that_was_not_upheld_lets_the_notice_close(people, as_user, on_notice):
    record(as_user("street"), on_notice)
    assert answer(as_user("housing2"), on_notice, "no", "查无此房产。").status_code == 302
    with on(on_notice.notices.get().closes_on):
        assert publicity.close_due() == 1
    assert status_of(on_notice) == S.APPROVED


def test_an_upheld_objection_leads_to_another_check_and_never_to_approval(people, as_user, on_notice):
    record(as_user("street"), on_notice)
    assert answer(as_user("housing2"), on_notice, "yes").status_code == 302
    with on(on_notice.notices.get().closes_on):
        assert publicity.close_due() == 0
    token = Application.objects.get(pk=on_notice.pk).status_since.isoformat()
    sent = as_user("housing").post(
        f"/applications/{on_notice.reference}/recheck/", {"opinion": "异议成立，重新核对。", "token": token}
    )
    assert sent.status_code == 302
    assert status_of(on_notice) == S.CHECK_DUE
    assert on_notice.notices.get().closed_at is not None
    assert on_notice.decisions.get().superseded_at is not None
    page = as_user("housing").get(f"/applications/{on_notice.reference}/review/").content.decode()
    assert "<s>符合条件，拟予保障。</s>" in page


def test_windows_desks_and_the_housing_officer_record_objections_and_nobody_else(as_user, on_notice):
    for person, status in {"check": 403, "auditor": 403, "window2": 404}.items():
        assert record(as_user(person), on_notice).status_code == status, person
    assert not NoticeObjection.objects.exists()
    for person in ("window", "street", "housing"):
        assert record(as_user(person), on_notice).status_code == 302, person
    assert NoticeObjection.objects.count() == 3


def test_only_a_housing_officer_answers_an_objection(as_user, on_notice):
    record(as_user("street"), on_notice)
    for person, status in {"window": 403, "street": 403, "check": 403, "window2": 404}.items():
        assert answer(as_user(person), on_notice, "no").status_code == status, person
    assert NoticeObjection.objects.get().settled_at is None


def test_nobody_answers_an_objection_against_a_relative(people, on_notice):
    notice = on_notice.notices.get()
    objection = publicity.object_to(notice, text="另有房产", objector="", by=people["street"])
    member = on_notice.members.first()
    Relative.objects.create(staff=people["housing2"], person_index=blind_index(member.id_number), relation="兄")
    later = Staff.objects.get(pk=people["housing2"].pk)  # as the next request knows this person
    with pytest.raises(NotAllowedError, match="relative"):
        publicity.answer_objection(objection, upheld=False, answer="不属实", by=later)


def test_an_objection_is_answered_once(people, as_user, on_notice):
    record(as_user("street"), on_notice)
    assert answer(as_user("housing2"), on_notice, "no").status_code == 302
    assert answer(as_user("housing2"), on_notice, "yes").status_code == 409
    assert NoticeObjection.objects.get().upheld is False


def test_nothing_is_recorded_against_a_notice_that_has_closed(people, on_notice):
    notice = on_notice.notices.get()
    with on(notice.closes_on):
        publicity.close_due()
        with pytest.raises(StaleError):
            publicity.object_to(notice, text="太晚了", objector="", by=people["street"])


def test_a_wrong_objection_form_says_what_to_correct(as_user, on_notice):
    for text in ("", "   "):
        sent = record(as_user("street"), on_notice, text=text)
        assert (sent.status_code, "Fill in: What is objected" in sent.content.decode()) == (422, True)
    record(as_user("street"), on_notice)
    sent = answer(as_user("housing2"), on_notice, "maybe")
    assert (sent.status_code, "Select a valid choice" in sent.content.decode()) == (422, True)
    assert NoticeObjection.objects.get().settled_at is None


def test_the_name_of_an_objector_is_kept_unreadable_and_shown_masked(people, as_user, on_notice):
    record(as_user("street"), on_notice, objector="高守义")
    page = as_user("housing").get(f"/applications/{on_notice.reference}/review/").content.decode()
    assert "高*义" in page
    assert "高守义" not in page


def test_objections_are_in_the_timeline_without_the_objectors_name(people, as_user, on_notice):
    record(as_user("street"), on_notice, objector="高守义")
    page = as_user("housing").get(f"/applications/{on_notice.reference}/timeline/").content.decode()
    assert "Objection to the notice received" in page
    assert "高守义" not in page
