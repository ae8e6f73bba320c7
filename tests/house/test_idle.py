"""A session ends half an hour after its last use; that it is used is written down once a minute."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

pytestmark = pytest.mark.django_db


def writes(client) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get("/").status_code == 200
    return sum(each["sql"].startswith("UPDATE") and "django_session" in each["sql"] for each in seen.captured_queries)


def test_the_use_of_a_session_is_written_down_once_a_minute(people, as_user):
    client, now = as_user("window"), timezone.now()
    for seconds, expected in ((0, 0), (58, 0), (61, 1), (62, 0)):
        with time_machine.travel(now + timedelta(seconds=seconds), tick=False):
            assert writes(client) == expected


def test_a_session_that_is_used_goes_on_and_an_idle_one_ends(people, as_user):
    client, now = as_user("window"), timezone.now()
    for minutes in (20, 40, 60):
        with time_machine.travel(now + timedelta(minutes=minutes), tick=False):
            assert client.get("/").status_code == 200
    with time_machine.travel(now + timedelta(minutes=91), tick=False):
        assert client.get("/").status_code == 302


def test_whoever_is_not_signed_in_gets_no_session(client):
    assert client.get("/sign-in/").status_code == 200
    assert "sessionid" not in client.cookies


@pytest.mark.parametrize("host", ["testserver", "foreign.example"])
def test_a_made_up_session_makes_none(client, host):
    client.cookies["sessionid"] = "a" * 32
    assert client.get("/sign-in", headers={"host": host}).status_code in {301, 302, 400}
    assert not Session.objects.exists()
