"""The three desks through their pages: forward, return, reject, withdraw; who may, who may not, and when."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test import Client

from applications import intake, moves, tiers
from applications.models import Application
from bureau import workdays
from bureau.errors import NotAllowedError
from bureau.fields import blind_index
from bureau.models import Document, Office, Posting, Relative
from bureau.moves import why_not
from tests.factories.applications import FAMILY, MOTHER, at_city, at_district, check_due, submitted

pytestmark = pytest.mark.django_db
S = Application.Status
WORDS = "情况属实，同意上报。"


def send(client, case, outcome, *, reason="", opinion=WORDS, token=None, **more):
    """Fill the desk's form in as its page shows it."""
    now = Application.objects.get(pk=case.pk).status_since.isoformat() if token is None else token
    form = {"outcome": outcome, "reason": reason, "opinion": opinion, "token": now, **more}
    return client.post(f"/applications/{case.reference}/opinion/", form)


def status_of(case):
    return Application.objects.get(pk=case.pk).status


def test_street_district_and_city_hand_the_case_on_one_after_the_other(people, as_user):
    case = submitted(people["window"])
    for person, status in (("street", S.AT_DISTRICT), ("district", S.AT_CITY), ("check", S.CHECK_DUE)):
        answer = send(as_user(person), case, "forward")
        assert (answer.status_code, status_of(case)) == (302, status)
    assert list(case.opinions.values_list("tier", "outcome")) == [
        ("street", "forward"),
        ("district", "forward"),
        ("city", "forward"),
    ]


@pytest.mark.parametrize("outcome", ["forward", "return", "reject"])
@pytest.mark.parametrize("person", ["district", "check"])
def test_a_higher_tier_cannot_act_on_what_a_lower_has_not_decided(people, as_user, person, outcome):
    case = submitted(people["window"])
    reasons = {"return": "other", "reject": "other"}
    answer = send(as_user(person), case, outcome, reason=reasons.get(outcome, ""), confirmed="on")
    assert answer.status_code in {403, 409}
    assert status_of(case) == S.AT_STREET
    assert not case.opinions.exists()


@pytest.mark.parametrize(("person", "status"), [("window", 403), ("housing", 404), ("auditor", 403), ("window2", 404)])
def test_who_has_no_desk_gives_no_opinion(people, as_user, person, status):
    case = submitted(people["window"])
    assert send(as_user(person), case, "forward").status_code == status
    assert status_of(case) == S.AT_STREET


def test_the_clerk_who_keyed_a_case_cannot_review_it_from_another_posting(people):
    case = submitted(people["window"])
    clerk = type(people["window"]).objects.get(pk=people["window"].pk)
    Posting.objects.create(staff=clerk, office=Office.objects.get(code="321202001"), role="reviewer")
    with pytest.raises(NotAllowedError, match="keyed"):
        tiers.forward(case, by=clerk, opinion=WORDS)
    assert not case.opinions.exists()


def test_nobody_signs_a_case_twice(people):
    case = at_district(people)
    reviewer = type(people["street"]).objects.get(pk=people["street"].pk)
    Posting.objects.create(staff=reviewer, office=Office.objects.get(code="321202"), role="reviewer")
    with pytest.raises(NotAllowedError, match="already signed"):
        tiers.forward(case, by=reviewer, opinion=WORDS)
    assert status_of(case) == S.AT_DISTRICT


def test_the_case_of_a_declared_relative_is_refused(people, as_user):
    case = submitted(people["window"])
    Relative.objects.create(staff=people["street"], person_index=blind_index(MOTHER.id_number), relation="姐妹")
    answer = send(as_user("street"), case, "forward")
    assert answer.status_code == 403
    assert "declared relative" in answer.content.decode()
    assert status_of(case) == S.AT_STREET


def test_the_own_case_is_refused(people):
    case = submitted(people["window"])
    people["street"].person_index = blind_index(MOTHER.id_number)
    assert why_not(case, moves.FORWARD, people["street"]).forbidden


def test_two_officers_with_the_same_page_open_do_not_both_decide(people, as_user):
    case = submitted(people["window"])
    token = case.status_since.isoformat()
    colleague = people["district"]
    Posting.objects.create(staff=colleague, office=Office.objects.get(code="321202001"), role="reviewer")
    assert send(as_user("street"), case, "forward", token=token).status_code == 302
    late = send(as_user("district"), case, "reject", reason="other", token=token, confirmed="on")
    assert late.status_code == 409
    assert "Nothing was written" in late.content.decode()
    assert status_of(case) == S.AT_DISTRICT
    assert case.opinions.count() == 1
    assert not Document.objects.filter(kind="refusal").exists()


@pytest.mark.parametrize("token", ["", "nonsense", "2020-01-01T00:00:00+00:00"])
def test_a_page_without_the_present_state_of_the_case_is_stale(people, as_user, token):
    case = submitted(people["window"])
    assert send(as_user("street"), case, "forward", token=token).status_code == 409
    assert status_of(case) == S.AT_STREET


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"outcome": "forward", "opinion": "  "}, "Fill in: Opinion in words"),
        ({"outcome": "return", "opinion": "缺材料", "reason": ""}, "Choose the main reason"),
        ({"outcome": "return", "opinion": "缺材料", "reason": "has_benefit"}, "Choose the main reason"),
        ({"outcome": "reject", "opinion": "不符合", "reason": ""}, "Choose the main reason"),
        ({"outcome": "approve", "opinion": "同意"}, "Select a valid choice"),
        ({"outcome": "forward", "opinion": "字" * 2001}, "at most 2000"),
    ],
)
def test_a_wrong_form_is_answered_with_what_to_correct_and_keeps_what_was_typed(people, as_user, fields, words):
    case = submitted(people["window"])
    answer = send(as_user("street"), case, **fields)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "error-summary" in page
    assert fields["opinion"].strip() in page
    assert status_of(case) == S.AT_STREET


def test_a_rejection_is_confirmed_on_a_page_that_shows_its_words_and_writes_nothing_yet(people, as_user):
    case = submitted(people["window"])
    client = as_user("street")
    asked = send(client, case, "reject", reason="has_benefit", opinion="已承租公租房。")
    page = asked.content.decode()
    assert asked.status_code == 200
    assert "Already has another housing benefit: 已承租公租房。" in page
    assert status_of(case) == S.AT_STREET
    assert (
        send(client, case, "reject", reason="has_benefit", opinion="已承租公租房。", confirmed="on").status_code == 302
    )
    assert status_of(case) == S.REJECTED
    assert Document.objects.of(case).filter(kind="refusal").count() == 1


def test_a_rejected_household_may_apply_anew(people):
    case = submitted(people["window"])
    tiers.reject(case, by=people["street"], opinion="材料不实")
    assert submitted(people["window"]).status == S.AT_STREET


def test_an_opinion_that_is_opened_by_address_leads_to_the_review_page(people, as_user):
    case = submitted(people["window"])
    answer = as_user("street").get(f"/applications/{case.reference}/opinion/")
    assert (answer.status_code, answer.url) == (302, f"/applications/{case.reference}/review/")


def test_a_form_without_its_csrf_token_is_refused(people):
    case = submitted(people["window"])
    client = Client(enforce_csrf_checks=True)
    client.force_login(people["street"], backend="django.contrib.auth.backends.ModelBackend")
    assert send(client, case, "forward").status_code == 403
    assert status_of(case) == S.AT_STREET


# Time limits

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=SHANGHAI)


@pytest.fixture
def ordinary(monkeypatch):
    """The household is not in the fast lane, where every stage is shorter."""
    monkeypatch.setattr("applications.fast_lane.all_at_a", lambda _grades: False)


def test_every_tier_has_its_working_days_from_when_the_case_came(people, ordinary):
    with time_machine.travel(at(date(2026, 9, 28)), tick=True):  # before the long October holidays
        case = submitted(people["window"])
        assert case.due_on == workdays.add_workdays(date(2026, 9, 28), 5)
        assert case.due_on > date(2026, 10, 7)
    with time_machine.travel(at(date(2026, 9, 30)), tick=True):
        tiers.forward(case, by=people["street"], opinion=WORDS)
        assert case.due_on == workdays.add_workdays(date(2026, 9, 30), 5)


def test_the_clock_stands_still_while_a_case_is_returned(people, ordinary):
    monday = date(2026, 3, 9)
    with time_machine.travel(at(monday), tick=True):
        case = submitted(people["window"])
    with time_machine.travel(at(date(2026, 3, 11)), tick=True):  # two of five working days gone
        tiers.return_for_correction(case, by=people["street"], opinion="缺收入证明")
        assert case.due_on == workdays.add_workdays(date(2026, 3, 11), 10)
    with time_machine.travel(at(date(2026, 3, 23)), tick=True):
        case.refresh_from_db()
        intake.submit(case, FAMILY, by=people["window"])
        case.refresh_from_db()
        assert case.status == S.AT_STREET
        assert case.due_on == workdays.add_workdays(date(2026, 3, 23), 3)


def test_an_unchanged_case_goes_back_to_the_tier_that_returned_it(people):
    case = at_city(people)
    tiers.return_for_correction(case, by=people["check"], opinion="扫描件不清晰")
    intake.submit(case, FAMILY, by=people["window"])
    case.refresh_from_db()
    assert case.status == S.AT_CITY
    assert case.opinions.filter(valid=True, outcome="forward").count() == 2


def test_what_is_overdue_is_told_and_can_still_be_done(people, as_user):
    case = submitted(people["window"])
    Application.objects.filter(pk=case.pk).update(due_on=date(2026, 1, 5))
    client = as_user("street")
    assert "overdue" in client.get(f"/applications/{case.reference}/").content.decode()
    assert send(client, case, "forward").status_code == 302


# Withdrawal and order


def withdraw(client, case, opinion="自愿放弃"):
    token = Application.objects.get(pk=case.pk).status_since.isoformat()
    return client.post(f"/applications/{case.reference}/withdraw/", {"opinion": opinion, "token": token})


def test_the_household_takes_its_application_back_at_its_window(people, as_user):
    case = submitted(people["window"])
    assert withdraw(as_user("window"), case).status_code == 302
    assert status_of(case) == S.WITHDRAWN
    assert not case.authorisations.filter(ended_at=None).exists()


def test_a_withdrawal_needs_words_and_the_own_window(people, as_user):
    case = submitted(people["window"])
    assert withdraw(as_user("window"), case, opinion=" ").status_code == 422
    assert withdraw(as_user("street"), case).status_code == 403
    assert withdraw(as_user("window2"), case).status_code == 404
    assert status_of(case) == S.AT_STREET


def order(client, case):
    token = Application.objects.get(pk=case.pk).status_since.isoformat()
    return client.post(f"/applications/{case.reference}/order/", {"token": token})


def test_the_order_page_tells_what_is_sent_where_before_anything_is_sent(people, as_user):
    case = check_due(people)
    context = as_user("check").get(f"/applications/{case.reference}/order/").context
    assert len(context["sources"]) == 24
    assert {source["persons"] for source in context["sources"]} == {3}
    assert all(person["grant"].number for person in context["persons"])
    assert status_of(case) == S.CHECK_DUE


def test_the_check_officer_orders_once(people, as_user):
    case = check_due(people)
    client = as_user("check")
    token = case.status_since.isoformat()
    first = client.post(f"/applications/{case.reference}/order/", {"token": token})
    again = client.post(f"/applications/{case.reference}/order/", {"token": token})
    assert (first.status_code, again.status_code) == (302, 409)
    case.refresh_from_db()
    assert case.status == S.CHECKING
    assert case.current_check.inquiries.count() == 24


@pytest.mark.parametrize(("person", "status"), [("street", 403), ("housing", 404), ("auditor", 403), ("window2", 404)])
def test_only_a_check_officer_orders(people, as_user, person, status):
    case = check_due(people)
    assert as_user(person).get(f"/applications/{case.reference}/order/").status_code == status
    assert order(as_user(person), case).status_code == status
    assert status_of(case) == S.CHECK_DUE


def test_a_check_cannot_be_ordered_before_the_tiers_have_agreed(people, as_user):
    case = at_district(people)
    assert order(as_user("check"), case).status_code == 409
    assert as_user("check").get(f"/applications/{case.reference}/order/").status_code == 409


@pytest.mark.django_db(transaction=True)
def test_two_opinions_sent_at_the_very_same_moment_end_in_one(people, as_user):
    case = submitted(people["window"])
    token = case.status_since.isoformat()
    Posting.objects.create(staff=people["district"], office=Office.objects.get(code="321202001"), role="reviewer")
    clients = [as_user("street"), as_user("district")]
    together = Barrier(len(clients))

    def act(client):
        together.wait()
        try:
            return send(client, case, "forward", token=token).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as pool:
        answers = sorted(pool.map(act, clients))
    assert answers == [302, 409]
    assert status_of(case) == S.AT_DISTRICT
    assert case.opinions.count() == 1
