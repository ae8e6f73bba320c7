"""How often programs may call, and how often a password may be wrong."""

from base64 import b64encode

import pytest
from django.core.cache import cache
from django.test import Client
from rest_framework.throttling import UserRateThrottle

from bureau.api_sign_in import FailedSignIns
from tests.api_cases import caller

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forgotten():
    cache.clear()
    yield
    cache.clear()


def test_a_program_that_calls_too_often_waits(people, monkeypatch):
    monkeypatch.setattr(UserRateThrottle, "rate", "3/minute", raising=False)
    program = caller(people["check"])
    answers = [program.get("/api/v1/me") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].json()["code"] == "throttled"
    assert int(answers[-1]["Retry-After"]) <= 60
    assert caller(people["street"]).get("/api/v1/me").status_code == 200


def test_wrong_passwords_from_one_address_are_not_even_looked_at_any_more(people, monkeypatch):
    monkeypatch.setattr(FailedSignIns, "rate", "3/minute", raising=False)

    def status(name, password, **meta):
        basic = "Basic " + b64encode(f"{name}:{password}".encode()).decode()
        return Client(headers={"authorization": basic}, **meta).get("/api/v1/me").status_code

    assert [status(f"nobody-{number}", "wrong") for number in range(4)] == [401, 401, 401, 429]
    assert status("nobody-9", "wrong", HTTP_X_FORWARDED_FOR="192.0.2.7") == 429
    assert status("nobody-9", "wrong", REMOTE_ADDR="192.0.2.7") == 401
