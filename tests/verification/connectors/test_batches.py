from tests.verification.connectors.source import Source, failure, replying, saved, unsigned
from verification.connector import SourcePendingError
from verification.facts import Outcome, ReplyMode

ACCEPTED = saved("province_batch", "accepted")
RESULT = saved("province_batch", "result")
TICKET = "T20261122-00017"


def test_a_batch_is_handed_in_then_asked_for_then_read():
    source = Source("province_batch", replying(ACCEPTED, 202), replying(ACCEPTED, 202), replying(RESULT))
    pending = failure(source, SourcePendingError)
    assert (pending.ticket, pending.retry_after, pending.outcome) == (TICKET, 5, Outcome.TIMEOUT)
    assert failure(source, SourcePendingError, ticket=TICKET).ticket == TICKET
    exchange = source.ask(ticket=TICKET)
    [answer] = exchange.answers
    assert answer.mode == ReplyMode.BATCH
    assert [reply.outcome for reply in answer.replies] == [Outcome.NONE, Outcome.FOUND]
    assert answer.replies[1].records[0].county_code == "321003"
    assert exchange.request == source.requests[0].body
    assert [(request.method, request.path, request.body == b"") for request in source.requests] == [
        ("POST", "/province/v1/batches", False),
        ("GET", f"/province/v1/batches/{TICKET}", True),
        ("GET", f"/province/v1/batches/{TICKET}", True),
    ]


def test_a_batch_whose_ticket_is_forgotten_is_handed_in_again():
    source = Source("province_batch", unsigned(404), replying(ACCEPTED, 202))
    assert failure(source, SourcePendingError, ticket="T-old").ticket == TICKET
    assert [request.method for request in source.requests] == ["GET", "POST"]


def test_a_ticket_that_could_lead_elsewhere_is_not_followed():
    source = Source("province_batch", replying(saved("province_batch", "accepted_with_bad_ticket"), 202))
    assert failure(source).outcome == Outcome.BROKEN
    assert failure(source, ticket="../secret").outcome == Outcome.BROKEN
    assert [request.method for request in source.requests] == ["POST", "POST"]


def test_an_unsigned_receipt_is_refused():
    assert failure(Source("province_batch", unsigned(202, body=ACCEPTED))).outcome == Outcome.BROKEN
