"""Departments follow the stream, say what they made of it, and are found out when they still punish."""

import json

import pytest
from django.db import DatabaseError, transaction

from bureau.fields import blind_index
from credit import cases as work
from credit.models import Acknowledgement, PartnerCall, RegistryEvent
from tests.factories import credit as cases
from tests.factories.partners import Caller

pytestmark = pytest.mark.django_db
NUMBER = cases.HUSBAND.identifier


@pytest.fixture
def known(later):
    """The husband is in the archive."""
    return cases.recorded(later)


@pytest.fixture
def caller(known):
    return Caller()


def withdraw(case):
    work.withdraw(case, by=cases.staff("credit"), reason="复核后撤销")


def shared():
    return list(RegistryEvent.objects.filter(kind="sharing").order_by("pk"))


def log():
    return list(PartnerCall.objects.order_by("pk").values_list("outcome", flat=True))


def test_a_subscriber_learns_of_whom_what_and_until_when_and_nothing_of_the_case(caller, known):
    told = caller.get("events").json()
    assert set(told) == {"events", "cursor", "more"}
    event = told["events"][0]
    assert set(event) == {
        *("cursor", "what", "record", "subject", "on", "holds_from", "until", "basis", "disputed"),
    }
    assert (event["what"], event["subject"]) == ("recorded", {"id_number": NUMBER})
    assert event["record"].startswith(known.number)
    assert (told["cursor"], told["more"]) == (event["cursor"], False)


def test_who_reads_on_gets_what_came_after_and_the_withdrawal_in_its_turn(caller, known):
    first = caller.get("events").json()
    assert caller.get("events", f"after={first['cursor']}").json()["events"] == []
    withdraw(known)
    second = caller.get("events", f"after={first['cursor']}&limit=1").json()
    assert [each["what"] for each in second["events"]] == ["withdrawn"]
    assert second["events"][0]["record"] == first["events"][0]["record"]
    assert second["more"]
    assert not caller.ask(NUMBER).json()["hit"]


def test_who_was_told_of_a_person_stands_in_the_log_under_that_person(caller):
    caller.get("events")
    assert PartnerCall.objects.filter(subject_index=blind_index(NUMBER), outcome="told").count() == 1
    caller.get("events", "after=999999")
    assert PartnerCall.objects.filter(subject_index=None, outcome="told").count() == 1


def test_who_follows_no_events_reads_none(known):
    other = Caller("trade_unions")
    assert other.get("events").json()["code"] == "endpoint_not_granted"
    assert other.post("acknowledgements", {"record": "x", "cursor": 1, "state": "applied"}).status_code == 403
    assert log() == ["endpoint_not_granted"] * 2


@pytest.mark.parametrize(
    "query", ["after=x", "after=-1", "limit=0", "limit=501", "limit=", "after=9" + "9" * 19, "one=1", "after=%D9%A1"]
)
def test_a_query_that_cannot_be_meant_is_refused(caller, query):
    answer = caller.get("events", query)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert log() == ["invalid"]


def said(caller, **other):
    event = shared()[0]
    return {"record": event.sanction.record_key, "cursor": event.pk, "state": "applied"} | other


def test_an_acknowledgement_is_kept_once_however_often_it_is_sent(caller):
    answers = [caller.post("acknowledgements", said(caller)) for _ in range(2)]
    assert [each.status_code for each in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert Acknowledgement.objects.count() == 1
    assert log() == ["taken", "taken"]
    with pytest.raises(DatabaseError), transaction.atomic():
        Acknowledgement.objects.update(state="lifted")


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"record": "SX2020-000001-1"}, "unknown_record"),
        ({"cursor": 999_999}, "unknown_record"),
        ({"state": "lifted"}, "wrong_state"),
        ({"state": "gone"}, "invalid"),
        ({"state": []}, "invalid"),
        ({"cursor": "1"}, "invalid"),
        ({"cursor": True}, "invalid"),
        ({"cursor": 2**63}, "invalid"),
        ({"record": 5}, "invalid"),
        ({"record": "\0"}, "invalid"),
        ({"more": 5}, "invalid"),
    ],
)
def test_an_acknowledgement_of_what_is_not_is_refused_and_nothing_is_written_but_the_log(caller, other, code):
    answer = caller.post("acknowledgements", said(caller, **other))
    assert answer.json()["code"] == code
    assert not Acknowledgement.objects.exists()
    assert log() == [code]


def test_an_event_that_is_not_shared_cannot_be_acknowledged(caller):
    ban = RegistryEvent.objects.filter(kind="ban").first()
    body = {"record": ban.sanction.record_key, "cursor": ban.pk, "state": "applied"}
    assert caller.post("acknowledgements", body).json()["code"] == "unknown_record"


def test_a_replayed_acknowledgement_writes_nothing(caller):
    body = json.dumps(said(caller)).encode()
    signed = caller.headers("POST", "/api/v1/credit/acknowledgements", body=body)
    assert caller.post("acknowledgements", body, headers=signed).status_code == 200
    assert caller.post("acknowledgements", body, headers=signed).json()["code"] == "replayed_nonce"
    assert Acknowledgement.objects.count() == 1


def test_released_here_and_still_punished_there_is_found_until_the_department_has_lifted(caller, known):
    still = Acknowledgement.objects.still_applied
    caller.post("acknowledgements", said(caller))
    assert not still().exists()
    withdraw(known)
    found = still().get()
    assert (found.partner, found.ending) == (caller.partner, "withdrawn")
    ending = shared()[-1]
    lifted = {"record": ending.sanction.record_key, "cursor": ending.pk, "state": "lifted"}
    assert caller.post("acknowledgements", lifted).status_code == 200
    assert not still().exists()


def test_who_never_said_that_it_applies_a_record_is_not_in_the_report(caller, known):
    withdraw(known)
    assert not Acknowledgement.objects.still_applied().exists()
