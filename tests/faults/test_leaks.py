"""ID numbers stand in no plain column, log, address, message or file: whole cases are run, and everything searched."""

import base64
import contextlib
import io
import json
import logging
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.urls import reverse

from housing_credit import demo_journey, request_log
from tests import programs
from verification.models import Check

SCENARIOS = ("hidden-car", "old-15-digit-id", "rare-character-name")
ADDRESSES = re.compile(r'(?:href|src|action|formaction|hx-get|hx-post|data-[a-z-]+)="([^"]*)"')
TABS = (
    "case",
    "case_household",
    "case_check",
    "case_statement",
    "case_review",
    "case_papers",
    "case_documents",
    "case_timeline",
    "case_audit",
)


def forms_of(number: str) -> list[bytes]:
    """Every way in which a number could lie about: both lengths; as text, in hex, in base64, in two-byte characters."""
    numbers = [number] if number[6:8] != "19" else [number, number[:6] + number[8:17]]
    forms = []
    for text in numbers:
        plain = text.encode("ascii")  # the same bytes in UTF-8 and in GB18030
        wide = text.encode("utf-16-le")
        full_width = text.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
        forms += [plain, plain.hex().encode(), wide, wide.hex().encode()]
        forms += [full_width.encode(), full_width.encode("gb18030"), full_width.encode().hex().encode()]
        forms += [base64.b64encode(b"\0" * shift + plain)[4:-4] for shift in range(3)]
    return forms


def leaks(haystack: bytes, numbers: list[str]) -> list[str]:
    """The numbers that are in there, masked: a failing test must not leak them either."""
    lower = haystack.lower()
    return [
        number[:6] for number in numbers if any(form in haystack or form.lower() in lower for form in forms_of(number))
    ]


def dump() -> Iterator[tuple[str, bytes]]:
    """Every row of every table as text (bytea in hex), by table; sessions also opened."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT t::text FROM {table} t")  # noqa: S608 -- the database's own names
            yield table, "\n".join(row[0] for row in cursor.fetchall()).encode()
    yield "sessions", json.dumps([session.get_decoded() for session in Session.objects.all()]).encode()


def search_dump(numbers: list[str]) -> dict[str, list[str]]:
    return {table: found for table, content in dump() if (found := leaks(content, numbers))}


@pytest.fixture
def heard() -> Iterator[io.StringIO]:
    """What this process writes to its log, as it is written to stderr."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(request_log.formatter())
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def overheard() -> Iterator[list[str]]:
    """Every command that anybody sends to Redis, the bodies of messages opened."""
    commands: list[str] = []
    client = redis.Redis.from_url(django_settings.REDIS_URL)

    def listen() -> None:
        with contextlib.suppress(redis.RedisError, ValueError, OSError, AttributeError), client.monitor() as monitor:
            for command in monitor.listen():
                commands.append(command["command"])

    threading.Thread(target=listen, daemon=True).start()
    programs.wait_until(lambda: client.ping() and commands, "Redis is being watched")
    yield commands
    client.close()


def opened(command: str) -> str:
    """A command with the base64 bodies of its messages as text."""
    bodies = re.findall(r'"body\\*": \\*"([A-Za-z0-9+/=]+)', command)
    return command + " ".join(base64.b64decode(body).decode("utf-8", "replace") for body in bodies)


class Visitor:
    """Signs in, looks at pages, and notes every address that was asked for, sent to or offered."""

    def __init__(self) -> None:
        self.addresses: list[str] = []

    def note(self, response):
        self.addresses += [response.wsgi_request.get_full_path(), response.headers.get("Location", "")]
        if "html" in response.headers.get("Content-Type", ""):
            self.addresses += ADDRESSES.findall(response.content.decode())
        return response


def take_through(scenario: str):
    """From the window to the decision; the real workers ask and assess meanwhile."""
    said: list[str] = []
    case = demo_journey.submit(scenario, say=said.append)
    check = demo_journey.wait_for(demo_journey.review(case, say=said.append))
    demo_journey.decide(case, demo_journey.conclude(check, say=said.append), say=said.append)
    return case, said


def look_around(visitor: Visitor, as_user, case, number: str) -> None:
    for username in ("window", "street", "check", "housing", "auditor"):
        client = as_user(username)
        for tab in TABS:
            assert visitor.note(client.get(reverse(f"applications:{tab}", args=[case.reference]))).status_code < 500
        assert visitor.note(client.post(reverse("search"), {"q": number})).status_code == 200
    clerk = as_user("window")
    for path in (f"/applications/{number}/", f"/checks/{number}/", f"/api/v1/applications/{number}"):
        assert clerk.get(path).status_code == 404  # somebody types a number into the address
    assert clerk.post(reverse("applications:start"), {"kind": "public_rental"}).status_code in {200, 302, 422}


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_no_id_number_lies_about_anywhere(worker, sources, as_user, settings, heard, overheard, client):
    settings.MOCK_DEPARTMENTS_URL = sources.url
    persons = [person for name in SCENARIOS for person in sources.papers(name)["household"]["persons"]]
    numbers = [person["id_number"] for person in persons]
    visitor, said, before = Visitor(), [], worker.log.stat().st_size

    client.post(reverse("login"), {"username": numbers[0], "password": numbers[1]})
    for name in SCENARIOS:
        case, told = take_through(name)
        said += told
        own = sources.papers(name)["household"]["persons"][0]["id_number"]
        look_around(visitor, as_user, case, own)
    assert Check.objects.filter(status="concluded").count() == len(SCENARIOS)

    assert search_dump(numbers) == {}
    assert leaks("\n".join(visitor.addresses).encode(), numbers) == []
    assert leaks("\n".join(said).encode(), numbers) == []
    assert "request" in heard.getvalue()
    assert leaks(heard.getvalue().encode(), numbers) == []
    assert b"verification.ask_checks" in worker.log.read_bytes()[before:]
    assert leaks(worker.log.read_bytes(), numbers) == []
    assert leaks(sources.log.read_bytes(), numbers) == []
    messages = "\n".join(opened(command) for command in overheard)
    assert "verification.ask_checks" in messages
    assert leaks(messages.encode(), numbers) == []
    for file in Path(settings.PROTECTED_ROOT).rglob("*"):
        assert not file.is_file() or leaks(file.read_bytes(), numbers) == []


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["text", "jsonb", "bytea"])
@pytest.mark.parametrize("length", [18, 15])
def test_the_search_finds_a_number_planted_in_a_plain_column(kind, length):
    number = "321299198306259176"
    planted = number if length == 18 else number[:6] + number[8:17]
    value = {"text": f"'{planted}'", "jsonb": f"'[\"{planted}\"]'", "bytea": f"'{planted}'::bytea"}[kind]
    assert search_dump([number]) == {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"CREATE TABLE scratch (planted {kind})")
        cursor.execute(f"INSERT INTO scratch VALUES ({value})")  # noqa: S608 -- our own words
        assert search_dump([number]) == {"public.scratch": ["321299"]}
        transaction.set_rollback(True)
    assert search_dump([number]) == {}


@pytest.mark.parametrize("shift", [0, 1, 2])
def test_the_search_finds_a_number_in_the_body_of_a_message(shift):
    number = "321299198306259176"
    message = base64.b64encode(b" " * shift + number.encode() + b"]]").decode()
    assert leaks(opened(json.dumps({"body": message})).encode(), [number]) == ["321299"]
    assert leaks(message.encode(), [number]) == ["321299"]
    assert leaks(b"321299198306259177", [number]) == []


def test_a_log_line_never_shows_an_id_number_whoever_wrote_it():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(request_log.formatter())
    numbers = ("32129919860529924X", "321299850412901")
    record = logging.LogRecord("django.request", 30, "f", 1, "Not Found: /cases/%s/ %s", numbers, None)
    handler.emit(record)
    assert "Not Found: /cases/" in stream.getvalue()
    assert leaks(stream.getvalue().encode(), ["32129919860529924X", "321299198504129014"]) == []
