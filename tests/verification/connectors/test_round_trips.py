import asyncio
import gzip
import hmac
import logging
import socket
import time
from email.utils import formatdate

import pytest

from tests.verification.connectors.source import (
    LI,
    SECRET,
    Source,
    failure,
    head,
    question,
    replying,
    saved,
    signed,
    sm3,
    unsigned,
)
from verification.connector import SourceRefusedError, SourceUnavailableError
from verification.connectors import connector_for
from verification.facts import Outcome, Person
from verification.wire.transport import retry_after

NONE = saved("gov_json", "none")


@pytest.mark.parametrize(
    ("dialect", "path"),
    [
        ("gov_json", "/housing_bureau/v1/queries"),
        ("bank_xml", "/icbc/query"),
        ("province_batch", "/province/v1/batches"),
    ],
)
def test_a_request_is_signed_as_the_contract_says(dialect, path):
    source = Source(dialect, unsigned(503))
    failure(source)
    [request] = source.requests
    headers = request.headers
    assert (request.method, request.path, headers["x-check-key"]) == ("POST", path, "check-centre-01")
    text = f"POST\n{path}\n{headers['x-check-time']}\n{headers['x-check-nonce']}\n{sm3(request.body)}"
    assert headers["x-check-signature"] == hmac.new(SECRET, text.encode(), "sm3").hexdigest()
    assert abs(int(headers["x-check-time"]) - time.time()) < 5
    assert len(headers["x-check-nonce"]) == 32


def test_the_same_questions_have_the_same_number_under_a_fresh_nonce():
    source = Source("gov_json", replying(NONE))
    source.ask()
    source.ask()
    source.ask(question("gov_json", "Q-3"))
    first, again, other = source.requests
    assert first.number == again.number != other.number
    assert first.headers["x-check-nonce"] != again.headers["x-check-nonce"]


@pytest.mark.parametrize("off", [-400, 400])
def test_a_stale_answer_is_refused(off):
    error = failure(Source("gov_json", replying(NONE, at=time.time() + off)))
    assert (error.outcome, "300 seconds" in str(error)) == (Outcome.BROKEN, True)


def test_a_clock_that_is_a_little_off_is_accepted():
    assert Source("gov_json", replying(NONE, at=time.time() - 200)).ask().answers


def test_a_wrong_signature_is_refused_and_kept_as_evidence():
    error = failure(Source("gov_json", replying(NONE, secret=b"another")))
    assert (error.outcome, "signature" in str(error)) == (Outcome.BROKEN, True)
    assert b"Q-20261122-000001" in error.reply


def test_an_unsigned_answer_is_refused():
    assert failure(Source("gov_json", unsigned(200, body=NONE))).outcome == Outcome.BROKEN


def test_a_signature_of_undecodable_bytes_is_refused():
    async def script(request, writer):
        lines = signed(request, 200, b"{}").encode().rsplit(b":", 1)[0]
        writer.write(head(200, 2)[:-2] + lines + b": \xff\xfe\r\n\r\n{}")

    assert failure(Source("gov_json", script)).outcome == Outcome.BROKEN


def test_an_answer_to_an_earlier_request_cannot_be_replayed():
    kept = []

    async def replay(request, writer):
        content = NONE.replace(b"@REQUEST@", request.number.encode())
        kept.append(head(200, len(content), signed(request, 200, content)) + content)
        writer.write(kept[0])

    source = Source("gov_json", replay)
    assert source.ask().answers
    assert failure(source).outcome == Outcome.BROKEN


def test_an_answer_changed_on_its_way_is_refused():
    async def script(request, writer):
        content = NONE.replace(b"@REQUEST@", request.number.encode())
        forged = content.replace(b'"result_code": 1', b'"result_code": 3')
        writer.write(head(200, len(forged), signed(request, 200, content)) + forged)

    assert failure(Source("gov_json", script)).outcome == Outcome.BROKEN


@pytest.mark.parametrize("status", [400, 401, 403, 413])
@pytest.mark.parametrize("dialect", ["gov_json", "bank_xml", "province_batch"])
def test_a_refusal_is_final_and_keeps_what_the_source_wrote(dialect, status):
    error = failure(Source(dialect, unsigned(status, body=b'{"error":"no"}')), SourceRefusedError)
    assert (error.outcome, error.reply) == (Outcome.REFUSED, b'{"error":"no"}')
    assert error.request


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_source_says_when_to_come_again(status):
    error = failure(Source("gov_json", unsigned(status, "Retry-After: 7\r\n")))
    assert (error.outcome, error.retry_after) == (Outcome.UNAVAILABLE, 7)
    assert failure(Source("gov_json", unsigned(status))).retry_after is None


@pytest.mark.parametrize("status", [204, 302, 404, 500, 502])
def test_any_other_status_may_pass(status):
    source = Source("gov_json", unsigned(status, "Location: /elsewhere\r\n"))
    assert failure(source).outcome == Outcome.UNAVAILABLE
    assert len(source.requests) == 1


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("99999999", 86_400),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
        ("soon", None),
        ("", None),
        ("-5", None),
        ("١٢", None),
        ("9" * 5000, None),
    ],
)
def test_retry_after_is_read_in_both_its_forms(value, seconds):
    assert retry_after(value) == seconds


def test_retry_after_as_a_date_is_counted_from_now():
    assert 55 < retry_after(formatdate(time.time() + 60, usegmt=True)) <= 60


def test_a_silent_source_times_out():
    async def script(request, writer):
        await asyncio.sleep(1)

    assert failure(Source("gov_json", script, read_seconds=0.1)).outcome == Outcome.TIMEOUT


def test_a_source_that_drips_is_cut_off_after_the_total_time():
    async def script(request, writer):
        writer.write(head(200, 1000, signed(request, 200, b"")))
        for _ in range(20):
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.05)

    started = time.monotonic()
    error = failure(Source("gov_json", script, read_seconds=0.5, total_seconds=0.3))
    assert (error.outcome, error.reply.strip()) == (Outcome.TIMEOUT, b"")
    assert error.reply
    assert time.monotonic() - started < 1


def test_a_source_that_nobody_serves_is_unavailable():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        source = Source("gov_json", unsigned(200))

        async def run():
            async with source.connector() as connector:
                connector.config = type(connector.config)(
                    code="x", url=url, key_id="k", secret=b"s", kinds=connector.config.kinds
                )
                await connector.ask([question("gov_json")])

        with pytest.raises(SourceUnavailableError) as caught:
            asyncio.run(run())
    assert caught.value.outcome == Outcome.UNAVAILABLE
    assert caught.value.request


def test_an_answer_that_breaks_off_is_broken():
    async def script(request, writer):
        content = NONE.replace(b"@REQUEST@", request.number.encode())
        writer.write(head(200, len(content), signed(request, 200, content)) + content[:100])
        await writer.drain()
        writer.close()

    error = failure(Source("gov_json", script))
    assert (error.outcome, error.reply) == (Outcome.BROKEN, error.reply[:100])


def test_an_answer_that_is_not_http_is_unavailable_and_not_quoted():
    async def script(request, writer):
        writer.write(b"HELLO " + LI.id_number.encode() + b"\r\n\r\n")
        await writer.drain()
        writer.close()

    assert failure(Source("gov_json", script)).outcome == Outcome.UNAVAILABLE


@pytest.mark.parametrize("says_its_length", [True, False])
def test_an_oversized_answer_is_not_read_to_its_end(says_its_length):
    sent = 0

    async def script(request, writer):
        nonlocal sent
        start = head(200, 50_000_000, signed(request, 200, b""))
        if not says_its_length:
            start = start.replace(b"Content-Length: 50000000", b"Connection: close")
        writer.write(start)
        while sent < 50_000_000:
            writer.write(b" " * 100_000)
            await writer.drain()
            sent += 100_000

    error = failure(Source("gov_json", script, largest_reply=200_000))
    assert (error.outcome, len(error.reply) <= 200_001) == (Outcome.BROKEN, True)
    assert sent < 20_000_000


def test_a_compressed_answer_is_refused():
    async def script(request, writer):
        content = gzip.compress(NONE)
        writer.write(head(200, len(content), signed(request, 200, content) + "Content-Encoding: gzip\r\n") + content)

    assert failure(Source("gov_json", script)).outcome == Outcome.BROKEN


def test_what_a_dialect_cannot_say_is_refused_before_it_is_sent():
    source = Source("bank_xml", unsigned(200))
    for person in (Person("m1", "王\x00", LI.id_number), Person("m1", "王\ud800", LI.id_number)):
        with pytest.raises(SourceRefusedError):
            source.ask(question("bank_xml", persons=(person,)))
    with pytest.raises(SourceRefusedError):
        Source("gov_json", unsigned(200)).ask(question("gov_json", persons=(Person("m1", "\ud800", LI.id_number),)))
    assert source.requests == []


def test_a_cancelled_call_stays_cancelled():
    async def script(request, writer):
        await asyncio.sleep(1)

    async def run():
        async with Source("gov_json", script).connector() as connector:
            await asyncio.wait_for(connector.ask([question("gov_json")]), 0.1)

    with pytest.raises(TimeoutError):
        asyncio.run(run())


def test_id_numbers_reach_no_log(caplog):
    with caplog.at_level(logging.DEBUG):
        Source("gov_json", replying(NONE)).ask()
        failure(Source("gov_json", replying(b'{"id_no":"' + LI.id_number.encode())))
    assert LI.id_number not in caplog.text


def test_an_unknown_dialect_has_no_connector():
    with pytest.raises(KeyError):
        connector_for(None, "soap", None)


@pytest.mark.parametrize(
    "value",
    [
        "Mon, 01 Jan 2024 00:00:00 +99999999999999999999",
        "1 Jan 20240000000000000000 0:0 GMT",
        "Mon, 32 Jan 2024 00:00:00 GMT",
        "Mon, 01 Jan 0000 00:00:00 GMT",
        "1" * 400,
    ],
)
@pytest.mark.parametrize("dialect", ["gov_json", "bank_xml", "province_batch"])
def test_a_crafted_retry_after_is_no_more_than_a_source_that_is_busy(dialect, value):
    error = failure(Source(dialect, unsigned(503, f"Retry-After: {value}\r\n")))
    assert (error.outcome, error.retry_after in {None, 0.0}) == (Outcome.UNAVAILABLE, True)
