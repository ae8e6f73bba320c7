"""The way of a department's program: short, and with all that its answer needs."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from credit import answering
from credit.models import PartnerCall
from tests.factories.partners import NOBODY, Caller

pytestmark = pytest.mark.django_db


@pytest.fixture(name="caller")
def _caller():
    return Caller()


def test_it_has_neither_session_nor_person(caller):
    answer = caller.ask(NOBODY)
    assert answer.status_code == 200
    assert not answer.cookies
    assert not hasattr(answer.wsgi_request, "session")
    assert not hasattr(answer.wsgi_request, "user")


def test_its_statements_carry_no_person_for_the_history_of_changes(caller):
    with CaptureQueriesContext(connection) as sent:
        caller.ask(NOBODY)
    assert sent.captured_queries
    assert not [query for query in sent.captured_queries if "pghistory" in query["sql"]]


def test_its_answer_has_length_number_and_the_headers_of_every_answer(caller):
    answer = caller.ask(NOBODY)
    assert int(answer["Content-Length"]) == len(answer.content)
    assert answer["X-Request-Number"]
    assert answer["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("language", "words"), [("en", "This purpose has not been granted."), ("zh-hans", "该查询用途未获授权。")]
)
def test_a_refusal_is_in_the_language_of_the_program(caller, language, words):
    caller.client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    answer = caller.ask(NOBODY, purpose="hardship_worker")
    assert answer.status_code == 403
    assert answer.json()["message"] == words


def test_an_unknown_address_of_the_door_is_refused_as_any_other(caller):
    answer = caller.post("nowhere", {"id_number": NOBODY})
    assert answer.status_code == 401
    assert answer.json()["code"] == "not_authenticated"


def test_a_request_to_a_foreign_host_is_refused(caller, settings):
    settings.ALLOWED_HOSTS = ["housing.example"]
    assert caller.ask(NOBODY).status_code == 400
    assert not PartnerCall.objects.exists()


def test_a_failure_is_told_in_the_one_shape(caller, monkeypatch):
    def fail(*_args, **_options):
        raise ZeroDivisionError

    monkeypatch.setattr(answering, "answer_one", fail)
    caller.client.raise_request_exception = False
    answer = caller.ask(NOBODY)
    assert answer.status_code == 500
    assert answer.json()["code"] == "failed"
    assert set(json.loads(answer.content)) == {"code", "message", "fields"}
