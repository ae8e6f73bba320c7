"""Departments ask how a subject stands: who is answered, what is told, what is refused, what is written down."""

import json
import time
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from bureau import workdays
from bureau.fields import blind_index
from credit import partners
from credit.models import Grant, Lead, Partner, PartnerCall, PartnerKey, PartnerUse, Purpose, Sanction, Subject
from tests.factories import credit as cases
from tests.factories.partners import BASE, NOBODY, Caller

pytestmark = pytest.mark.django_db
NUMBER = cases.HUSBAND.identifier


@pytest.fixture
def caller(people):
    return Caller()


@pytest.fixture
def known(later):
    """The husband is in the archive."""
    return cases.recorded(later)


def log():
    return list(PartnerCall.objects.order_by("pk").values_list("outcome", flat=True))


def written():
    """How many rows there are of what a refused request must not touch."""
    return [model.objects.count() for model in (Subject, Sanction, Lead, Grant, PartnerKey, PartnerUse)]


def test_a_subject_of_whom_nothing_is_shared_is_none(caller):
    answer = caller.ask(NOBODY)
    assert answer.status_code == 200, answer.content
    assert answer.json() == {"hit": False, "until": None, "basis": "", "disputed": False}


def test_a_hit_tells_until_and_basis_and_nothing_else(known, people):
    answer = Caller().ask(NUMBER)
    assert answer.status_code == 200
    told = answer.json()
    assert set(told) == {"hit", "until", "basis", "disputed"}
    assert (told["hit"], told["disputed"]) == (True, False)
    assert told["until"] > workdays.today().isoformat()
    assert told["basis"]


def test_an_old_number_in_lower_case_with_blanks_is_the_same_person(known):
    assert Caller().ask(f" {NUMBER.lower()} ").json()["hit"]


def test_a_day_before_the_record_knows_nothing_of_it(known):
    assert not Caller().ask(NUMBER, on="2020-01-01").json()["hit"]


def test_a_query_is_one_row_with_who_asked_about_whom_to_what_purpose(caller):
    answer = caller.ask(NOBODY)
    row = PartnerCall.objects.get()
    assert (row.partner, row.key, row.purpose.code) == (caller.partner, caller.key, "dibao_review")
    assert (row.endpoint, row.outcome, row.day) == ("standing", "none", workdays.today())
    assert row.subject_index == blind_index(NOBODY)
    assert row.request_number == answer["X-Request-Number"]


def test_many_are_answered_in_their_order_and_a_bad_number_harms_no_other(known, people):
    subjects = [{"id_number": NUMBER}, {"id_number": "32129919830625917X"}, {"credit_code": cases.COMPANY.identifier}]
    answer = Caller().post("standings", {"purpose": "dibao_review", "subjects": subjects})
    assert answer.status_code == 200
    hit, bad, none = answer.json()["answers"]
    assert hit["answer"]["hit"]
    assert not none["answer"]["hit"]
    assert bad["problem"]["code"] == "bad_identifier"
    assert set(bad["problem"]) == {"code", "message", "fields"}
    assert log() == ["hit", "bad_identifier", "none"]
    assert PartnerCall.objects.filter(subject_index=blind_index(NUMBER)).count() == 1


def test_five_hundred_are_answered_by_few_queries(caller, django_assert_max_num_queries):
    subjects = [{"id_number": NOBODY}] * 500
    with django_assert_max_num_queries(4):
        answer = caller.post("standings", {"purpose": "dibao_review", "subjects": subjects})
    assert len(answer.json()["answers"]) == 500
    assert PartnerCall.objects.count() == 500


def test_one_is_answered_by_one_statement_once_the_caller_is_known(caller, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert caller.ask(NOBODY).status_code == 200
    with django_assert_num_queries(1):
        assert caller.ask(NOBODY).status_code == 200


def refusals(caller):
    """Every refusal of a signed request: code, status, and a request that meets it."""
    one = {"purpose": "dibao_review", "id_number": NOBODY}
    many = {"purpose": "dibao_review", "subjects": [{"id_number": NOBODY}] * 501}
    tomorrow = (workdays.today() + timedelta(days=1)).isoformat()
    post = caller.post
    return {
        "not_signed": lambda: post("standing", one, headers={"X-Credit-Key": caller.key.key_id}),
        "unknown_key": lambda: post("standing", one, key="nobody-1"),
        "stale_time": lambda: post("standing", one, now=time.time() - 301),
        "bad_signature": lambda: post("standing", one, signature="0" * 64),
        "purpose_not_granted": lambda: post("standing", {**one, "purpose": "hardship_worker"}),
        "bad_identifier": lambda: post("standing", {**one, "id_number": "321299196707125015"}),
        "too_many_subjects": lambda: post("standings", many),
        "parse_error": lambda: post("standing", b"[" * 100_000),
        "body_too_large": lambda: post("standing", b" " * (10 * 1024 * 1024 + 1)),
        "method_not_allowed": lambda: caller.get("standing"),
        "invalid": lambda: post("standing", {**one, "on": tomorrow}),
    }


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("not_signed", 401),
        ("unknown_key", 401),
        ("stale_time", 401),
        ("bad_signature", 401),
        ("purpose_not_granted", 403),
        ("bad_identifier", 422),
        ("too_many_subjects", 422),
        ("parse_error", 400),
        ("body_too_large", 413),
        ("method_not_allowed", 405),
        ("invalid", 422),
    ],
)
def test_what_is_refused_has_its_own_code_and_writes_nothing_but_the_log(caller, code, status):
    before = written()
    answer = refusals(caller)[code]()
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert set(answer.json()) == {"code", "message", "fields"}
    assert answer.json()["message"].isascii()
    assert written() == before
    assert log() == [code]


@pytest.mark.parametrize(
    "wrong",
    [
        b"null",
        b"1",
        b"\xff",
        {},
        {"purpose": 1, "id_number": NOBODY},
        {"purpose": "dibao_review"},
        {"purpose": "dibao_review", "id_number": NOBODY, "credit_code": "x"},
        {"purpose": "dibao_review", "id_number": 321299196707125014},
        {"purpose": "dibao_review", "id_number": NOBODY, "one": "2020-01-01"},
        {"purpose": "dibao_review", "id_number": NOBODY, "on": "20200101"},
        {"purpose": "dibao_review", "id_number": NOBODY, "on": 5},
        {"purpose": "dibao_review", "id_number": "\0"},
        {"purpose": "dibao_review\0", "id_number": NOBODY},
    ],
)
def test_what_cannot_be_read_is_refused_and_written_down(caller, wrong):
    answer = caller.post("standing", wrong)
    assert answer.status_code in {400, 403, 422}
    assert len(log()) == 1


def test_a_changed_body_query_or_path_does_not_fit_the_signature(caller):
    body = json.dumps({"purpose": "dibao_review", "id_number": NOBODY}).encode()
    signed = caller.headers("POST", BASE + "standing", body=body)
    assert caller.post("standing", body + b" ", headers=signed).json()["code"] == "bad_signature"
    assert caller.post("standings", body, headers=signed).json()["code"] == "bad_signature"
    assert caller.post("standing?x=1", body, headers=signed).json()["code"] == "bad_signature"
    assert caller.post("standing", body, headers=signed).status_code == 200


def test_a_replayed_request_is_refused_and_tells_nothing(caller):
    body = json.dumps({"purpose": "dibao_review", "id_number": NOBODY}).encode()
    signed = caller.headers("POST", BASE + "standing", body=body)
    assert caller.post("standing", body, headers=signed).status_code == 200
    again = caller.post("standing", body, headers=signed)
    assert (again.status_code, again.json()["code"]) == (401, "replayed_nonce")
    assert log() == ["none", "replayed_nonce"]
    assert sum(PartnerUse.objects.values_list("in_day", flat=True)) == 1


def test_a_refused_request_has_used_up_its_nonce_too(caller):
    body = json.dumps({"purpose": "hardship_worker", "id_number": NOBODY}).encode()
    signed = caller.headers("POST", BASE + "standing", body=body)
    assert caller.post("standing", body, headers=signed).json()["code"] == "purpose_not_granted"
    assert caller.post("standing", body, headers=signed).json()["code"] == "replayed_nonce"


def test_a_revoked_key_ends_at_once(caller, people):
    assert caller.ask(NOBODY).status_code == 200
    partners.revoke(caller.key, reason="lost", by=people["credit"])
    assert caller.ask(NOBODY).json()["code"] == "revoked_key"


def test_a_key_ends_on_its_day_and_the_new_one_goes_on(people, later):
    old = Caller()
    key, secret = partners.rotate(old.key, old_until=workdays.today() + timedelta(days=7), by=people["credit"])
    new = Caller(key=key, secret=secret)
    later(days=6)
    assert [each.ask(NOBODY).status_code for each in (old, new)] == [200, 200]
    later(days=1)
    assert old.ask(NOBODY).json()["code"] == "expired_key"
    assert new.ask(NOBODY).status_code == 200


def test_a_department_that_is_not_served_is_refused(caller):
    Partner.objects.filter(pk=caller.partner.pk).update(active=False)
    assert caller.ask(NOBODY).json()["code"] == "partner_closed"


def test_a_grant_for_another_endpoint_is_none_for_this_one(people):
    union = Caller("trade_unions")
    body = {"purpose": "hardship_worker", "subjects": [{"id_number": NOBODY}]}
    assert union.post("standings", body).json()["code"] == "endpoint_not_granted"
    assert union.post("standing", {"purpose": "hardship_worker", "id_number": NOBODY}).status_code == 200


def test_a_grant_that_has_ended_or_is_to_come_is_none(caller, people):
    for granted in Grant.objects.filter(partner=caller.partner, endpoint="standing"):
        partners.end(granted, by=people["credit"])
    assert caller.ask(NOBODY).json()["code"] == "endpoint_not_granted"
    tomorrow = workdays.today() + timedelta(days=1)
    purpose = Purpose.objects.get(code="dibao_review")
    partners.grant(caller.partner, purpose, "standing", basis="x", by=people["credit"], from_on=tomorrow)
    assert caller.ask(NOBODY).json()["code"] == "endpoint_not_granted"


def test_the_quotas_of_minute_and_day_are_used_up_and_come_anew(caller, later):
    Partner.objects.filter(pk=caller.partner.pk).update(quota_minute=2, quota_day=3)
    assert [caller.ask(NOBODY).status_code for _ in range(3)] == [200, 200, 429]
    assert log()[-1] == "quota_used_up"
    two = {"purpose": "dibao_review", "subjects": [{"id_number": NOBODY}] * 2}
    Partner.objects.filter(pk=caller.partner.pk).update(quota_minute=10)
    refused = caller.post("standings", two)
    assert (refused.json()["code"], refused["Retry-After"]) == ("quota_used_up", "60")
    later(days=1)
    assert caller.post("standings", two).status_code == 200


def test_the_log_and_what_it_points_to_are_kept_by_the_database(caller):
    caller.ask(NOBODY)
    for table in ("credit_partnercall", "credit_partner", "credit_partnerkey", "credit_grant", "credit_purpose"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608
    with pytest.raises(DatabaseError), transaction.atomic():
        PartnerCall.objects.update(outcome="none")


def test_the_database_revives_no_key_and_prolongs_no_grant(caller, people):
    partners.revoke(caller.key, reason="lost", by=people["credit"])
    keys = PartnerKey.objects.filter(pk=caller.key.pk)
    grants = Grant.objects.filter(partner=caller.partner)
    partners.end(grants.first(), by=people["credit"])
    for change in (
        lambda: keys.update(revoked_at=None, revoked_by=None, revoked_because=""),
        lambda: keys.update(expires_on="2040-01-01"),
        lambda: grants.update(to_on=None),
        lambda: grants.update(endpoint="events"),
        lambda: PartnerKey.objects.create(
            partner=caller.partner, key_id=caller.key.key_id, digest=b"x", expires_on=timezone.localdate()
        ),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_secret_is_in_no_column(caller):
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest::text FROM credit_partnerkey")
        kept = cursor.fetchone()[0]
    assert caller.secret not in kept
    assert caller.key.digest.hex() not in kept
    assert caller.key.digest != bytes.fromhex(caller.secret)


def test_who_is_not_signed_is_written_down_so_often_a_minute_and_no_more(settings, people, monkeypatch):
    monkeypatch.setattr("credit.api.door.FailedCalls.rate", "2/minute", raising=False)
    answers = [Client().post(BASE + "standing").json()["code"] for _ in range(3)]
    assert answers == ["not_signed", "not_signed", "too_many_failures"]
    assert log() == ["not_signed", "not_signed"]


def test_laying_the_ground_again_adds_no_department_and_no_grant(people):
    before = written()
    call_command("seed", verbosity=0)
    assert written() == before
