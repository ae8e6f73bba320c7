"""Webhooks: what arrives, signed; what is tried again, given up, sent again; where nothing is sent to."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone

from bureau.errors import MoveRefusedError
from bureau.fields import blind_index
from credit import hooks, partners, signing
from credit.models import Delivery, Grant, Partner, PartnerCall, RegistryEvent
from tests.factories import credit as cases

pytestmark = pytest.mark.django_db


class Department(ThreadingHTTPServer):
    """A department that takes events: `status` is how it answers, `got` what it was sent."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.status = 204
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}/take?from=housing"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def department() -> Iterator[Department]:
    server = Department()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def follower(people, department):
    """A department with a webhook, and the secret of it."""
    Partner.objects.filter(code="civil_affairs").update(webhook_url=department.url)
    partner = Partner.objects.get(code="civil_affairs")
    return partner, partners.renew_webhook_secret(partner)


@pytest.fixture
def known(follower, later):
    """An event to send."""
    return cases.recorded(later)


def go():
    hooks.lay_out_due()
    return hooks.deliver_due()


def due_again():
    Delivery.objects.update(not_before=timezone.now())


def test_an_event_arrives_once_signed_with_the_secret_of_the_webhook(follower, known, department):
    _partner, secret = follower
    assert go() == 1
    assert go() == 0
    (path, headers, body) = department.got[0]
    assert path == "/take?from=housing"
    event = json.loads(body)["event"]
    assert (event["what"], event["subject"]) == ("recorded", {"id_number": cases.HUSBAND.identifier})
    signature = signing.read(headers)
    message = signing.Message("POST", "/take", "from=housing", body)
    assert signature.is_of(message, signing.key_of(secret))
    assert signature.is_timely(time.time())
    assert len(department.got) == 1
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.last_error) == ("delivered", 1, "")


def test_the_person_finds_it_among_who_was_told(known, department):
    go()
    call = PartnerCall.objects.get(subject_index=blind_index(cases.HUSBAND.identifier))
    assert (call.outcome, call.claimed, call.partner.code) == ("told", "webhook", "civil_affairs")


@pytest.mark.parametrize("status", [500, 404, 302])
def test_another_answer_is_a_failure_and_is_tried_again_later_each_time(known, department, status):
    department.status = status
    assert go() == 0
    first = Delivery.objects.get()
    assert (first.state, first.attempts) == ("waiting", 1)
    assert str(status) in first.last_error
    assert go() == 0
    assert len(department.got) == 1
    assert department.got[0][0] != "/elsewhere"
    due_again()
    go()
    second = Delivery.objects.get()
    assert second.not_before - timezone.now() > timedelta(seconds=40)
    department.status = 200
    due_again()
    assert go() == 1


def test_who_never_answers_is_given_up_and_sent_to_again_by_an_officer(known, department):
    department.status = 503
    for _ in range(hooks.MOST_ATTEMPTS):
        due_again()
        go()
    dead = Delivery.objects.dead().get()
    due_again()
    assert go() == 0
    assert len(department.got) == hooks.MOST_ATTEMPTS
    department.status = 200
    hooks.resend(dead)
    assert go() == 1
    with pytest.raises(MoveRefusedError):
        hooks.resend(dead)


def test_nobody_there_is_a_failure(known, department):
    department.shutdown()
    department.server_close()
    assert go() == 0
    assert "no_connection" in Delivery.objects.get().last_error


def test_nothing_is_laid_out_for_who_is_not_granted_not_served_or_has_no_webhook(known, people):
    partners.end(Grant.objects.get(partner__code="civil_affairs", endpoint="events"), by=people["credit"])
    assert hooks.lay_out_due() == 0
    assert not Delivery.objects.exists()


def test_a_new_webhook_begins_with_what_comes_then(people, later, department):
    cases.recorded(later)
    Partner.objects.filter(code="civil_affairs").update(webhook_url=department.url)
    partners.renew_webhook_secret(Partner.objects.get(code="civil_affairs"))
    assert RegistryEvent.objects.exists()
    assert go() == 0


def test_laying_out_twice_lays_out_once(known):
    assert hooks.lay_out_due() == 1
    Partner.objects.update(told_up_to=0)
    hooks.lay_out_due()
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://dept.example.gov.cn/take", True),
        ("http://dept.example.gov.cn/take", False),
        ("http://127.0.0.1:8000/", True),
        ("ftp://dept.example.gov.cn/", False),
        ("https://user:word@dept.example.gov.cn/", False),
        ("https://", False),
        ("https://dept.example.gov.cn:99999/", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_where_we_send_to(url, allowed):
    assert hooks.is_allowed(url) is allowed


def test_in_production_not_even_to_this_machine_without_https(settings):
    settings.DEMO = False
    assert not hooks.is_allowed("http://127.0.0.1:8000/")
    assert hooks.is_allowed("https://127.0.0.1:8000/")


def test_an_address_that_is_no_longer_allowed_is_not_sent_to(known, department):
    hooks.lay_out_due()
    Partner.objects.update(webhook_url="http://dept.example.gov.cn/take")
    assert hooks.deliver_due() == 0
    assert not department.got
    assert "not_allowed" in Delivery.objects.get().last_error
