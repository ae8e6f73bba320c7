"""Replies meant to harm: none reaches a statement, kills a worker or holds up the others; each is kept and told."""

import asyncio
import os
import random
import threading
import time
from concurrent.futures import Future

import pytest

from tests import programs
from tests.factories.checks import order_scenario
from tests.verification.connectors.source import Source as Played
from tests.verification.connectors.source import head, replying, saved, signed
from verification import asking, assessing, calling
from verification.models import Check, Exchange, Source
from verification.pages import board

OVERSIZED = 50_000_000
LARGEST = 8 * 1024 * 1024  # bytes of a reply that are read and kept
XML = b'<?xml version="1.0" encoding="GB18030"?>'
NOISE = random.Random(1).randbytes(100_000)  # no compression helps here

pytestmark = pytest.mark.django_db(transaction=True)


async def oversized(request, writer):
    """Fifty megabytes, rightly signed as far as that can be known before they are read."""
    writer.write(head(200, OVERSIZED, signed(request, 200, b"")))
    for _ in range(OVERSIZED // len(NOISE)):
        writer.write(NOISE)
        await writer.drain()


async def truncated(request, writer):
    body = saved("gov_json", "none").replace(b"@REQUEST@", request.number.encode())
    writer.write(head(200, len(body), signed(request, 200, body)) + body[: len(body) // 2])
    await writer.drain()
    writer.close()


def bomb():
    """A billion laughs, in the bank's own encoding."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return XML + f'<!DOCTYPE R [<!ENTITY l0 "ha">{entities}]><RESPONSE><HEAD>&l9;</HEAD></RESPONSE>'.encode()


def hostile(secrets):
    """What each of these sources sends, by code; `secrets` sign for them."""

    def signed_as(code, body):
        return replying(body, secret=secrets[code])

    broken_text = XML + b"<RESPONSE><HEAD><REQNO>@REQUEST@</REQNO></HEAD>\x81\x20\xff\xff</RESPONSE>"
    return {
        "police": signed_as("police", b'{"answers": 7, "request_no": "@REQUEST@"}'),
        "social_security": signed_as("social_security", saved("gov_json", "found")),  # of another household
        "housing_bureau": truncated,
        "market_regulation": oversized,
        "provident_fund": signed_as("provident_fund", b"[" * 1_000_000),
        "local_tax": replying(saved("gov_json", "found"), secret=b"another"),
        "icbc": signed_as("icbc", broken_text),
        "abc": signed_as("abc", bomb()),
    }


@pytest.fixture
def attacked(sources):
    """Eight sources send the above; the others are as always. Yields their codes."""
    rows = {source.code: source for source in Source.objects.all()}
    scripts = hostile({code: bytes.fromhex(row.secret) for code, row in rows.items()})

    async def script(request, writer):
        await scripts[request.path.split("/")[1]](request, writer)

    port, over = Future(), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(serve(Played("gov_json", script), port, over)))
    thread.start()
    for code in scripts:
        Source.objects.filter(code=code).update(url=f"http://127.0.0.1:{port.result(timeout=10)}/{code}")
    Source.objects.update(max_attempts=2, backoff_seconds=0.1, circuit_failures=1000)
    yield set(scripts)
    over.set()
    thread.join(timeout=10)


async def serve(played, port, over):
    """Serve in a loop of its own until it is over; tells the port."""
    server = await asyncio.start_server(played._serve, "127.0.0.1", 0)
    port.set_result(server.sockets[0].getsockname()[1])
    while not over.is_set():
        await asyncio.sleep(0.05)
    server.close()


def asked_to_the_end(check):
    """Asked in this process until every source has answered or failed."""
    deadline = time.monotonic() + 30
    while check.status != Check.Status.ASSESSED:
        assert time.monotonic() < deadline
        asking.ask_due()
        check.refresh_from_db()
    return check


def assert_nothing_of_it_counts(check, attacked):
    rows = {row.source.code: row for row in check.inquiries.select_related("source")}
    assert {code: (rows[code].state, rows[code].reason) for code in attacked} == dict.fromkeys(
        attacked, ("failed", "broken")
    )
    assert {row.state for code, row in rows.items() if code not in attacked} == {"answered"}
    result = assessing.result_of(check.assessments.get())
    assert not [line for line in result.statement.lines if line.source in attacked]
    assert set(result.statement.completeness.missing) == attacked
    assert result.comparison.proposed == "incomplete"


def test_no_hostile_reply_reaches_a_statement_and_each_is_kept_and_told(attacked, sources, people):
    check = asked_to_the_end(order_scenario(sources, "fit"))

    assert_nothing_of_it_counts(check, attacked)
    kept = Exchange.objects.filter(source__code__in=attacked)
    assert set(kept.values_list("outcome", flat=True)) == {"broken"}
    assert kept.count() == 2 * len(attacked)
    assert all(exchange.request and exchange.reply and exchange.detail for exchange in kept)
    for row in board.board_context(people["check"])["rows"]:
        is_hostile = row["source"].code in attacked
        assert (row["failed"], row["share"]) == ((1, 0.0) if is_hostile else (0, 1.0)), row["source"].code


def test_an_oversized_reply_is_kept_cut_with_its_size_told(attacked, sources):
    asked_to_the_end(order_scenario(sources, "fit"))

    for exchange in Exchange.objects.filter(source__code="market_regulation"):
        assert len(exchange.reply) <= LARGEST + 1
        assert str(OVERSIZED) in exchange.detail


def test_hostile_replies_hold_up_neither_the_loop_nor_other_sources(attacked, sources):
    asked_to_the_end(order_scenario(sources, "fit"))  # the loop of this process runs from now on
    loop = calling._loops[os.getpid()].loop
    longest, stop = 0.0, threading.Event()

    async def look():
        nonlocal longest
        while not stop.is_set():
            started = time.monotonic()
            await asyncio.sleep(0.01)
            longest = max(longest, time.monotonic() - started)

    looking = asyncio.run_coroutine_threadsafe(look(), loop)
    check = order_scenario(sources, "fit")
    asked_to_the_end(check)
    stop.set()
    looking.result(timeout=10)

    assert longest < 1.0, "seconds for which nobody else was served"
    quick = check.inquiries.exclude(source__code__in=[*attacked, "province"])
    assert max(quick.values_list("milliseconds", flat=True)) < 3000


@pytest.mark.faults
def test_no_hostile_reply_kills_a_worker(attacked, sources, worker):
    said = worker.log.stat().st_size  # earlier workers of this process wrote into the same log
    first = order_scenario(sources, "fit")
    second = order_scenario(sources, "hidden-car")

    def are_assessed():
        return Check.objects.filter(pk__in=[first.pk, second.pk], status="assessed").count() == 2

    programs.wait_until(are_assessed, "both checks are assessed")
    assert worker.process.poll() is None
    assert_nothing_of_it_counts(first, attacked)
    assert b"raised unexpected" not in worker.log.read_bytes()[said:]
