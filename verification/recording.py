"""Write what the sources answered: in sets, idempotent by lease, with the exchange kept as evidence."""

import random
import uuid
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import connection, transaction
from django.utils import timezone
from psycopg2.extras import Json, execute_values

from bureau import ciphers, lifecycle
from verification import moves
from verification.claiming import Due
from verification.connector import (
    Answer,
    Exchange,
    SourceError,
    SourcePendingError,
    SourceRefusedError,
    SourceUnavailableError,
)
from verification.facts import Outcome, Question
from verification.models import Check, Inquiry, Source
from verification.models import Exchange as ExchangeRow
from verification.querysets import InquiryQuerySet

ANSWERED, PENDING = "answered", "pending"  # outcomes of an exchange besides the failures
LONGEST_PAUSE = 300.0  # seconds
LONGEST_PENDING = timedelta(days=5)  # a batch still at work after that is not waited for any longer
HEALTH_IS_FRESH = timedelta(seconds=10)  # a success noted this lately is not noted again
GIVEN_UP_AT_A_TIME = 5000
Row = tuple[Any, ...]
RETRIED = {Outcome.BROKEN, Outcome.UNAVAILABLE, Outcome.TIMEOUT}  # what asking again can mend

UPDATE = """
UPDATE verification_inquiry i SET state = v.state, reason = v.reason, answer = v.answer, outcomes = v.outcomes,
    answered_at = v.answered_at, milliseconds = v.milliseconds, exchange_id = v.exchange_id, not_before = v.not_before,
    ticket = v.ticket, attempts = i.attempts - v.given_back, lease = NULL, lease_until = NULL
FROM (VALUES %s)
    AS v (id, state, reason, answer, outcomes, answered_at, milliseconds, exchange_id, not_before, ticket, given_back)
WHERE i.id = v.id AND i.lease = v.lease_held AND i.state = 'open'
RETURNING i.check_ordered_id
"""


@dataclass(eq=False)
class Batch:
    """Households put to one source in one request."""

    source: Source
    ticket: str
    rows: list[Due]
    questions: list[Question]
    asked_at: datetime


@dataclass
class Settling:
    """What becomes of one inquiry."""

    row: Due
    state: str
    reason: str = ""
    answer: Answer | None = None
    not_before: datetime | None = None
    ticket: str = ""
    pending: bool = False


def record(lease: uuid.UUID, results: Sequence[tuple[Batch, "Future[Exchange]"]]) -> list[int]:
    """Write what these batches brought; returns the ids of the checks whose last answer this was."""
    now = timezone.now()
    read = [(batch, *_read(batch, future, now)) for batch, future in results]
    for _batch, evidence, settlings in read:
        evidence.settled = sum(settling.state != "open" for settling in settlings)
    with transaction.atomic():
        _lock({row.check_ordered.pk for batch, _evidence, _settlings in read for row in batch.rows})
        ExchangeRow.objects.bulk_create([evidence for _batch, evidence, _settlings in read])
        touched = _update(lease, [value for each in read for value in _values(*each, now)])
        _note_health([(batch.source, evidence.outcome) for batch, evidence, _settlings in read], now)
        return settle(sorted(touched))


def _lock(check_ids: Iterable[int]) -> None:
    """Lock the checks before their inquiries, by number: whoever works on a check takes them in this order."""
    rows = Check.objects.filter(pk__in=list(check_ids)).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


def _read(batch: Batch, future: "Future[Exchange]", now: datetime) -> tuple[ExchangeRow, list[Settling]]:
    """The evidence row of a finished call and what it means for each household.

    An error that no connector should raise is this source's broken answer here, so that it takes nothing from the
    others; `asking.ask` raises it when they are written.
    """
    error = future.exception()
    if error is None:
        exchange = future.result()
        answers = {answer.reference: answer for answer in exchange.answers}
        settlings = [
            _settle_row(row, answers.get(question.reference), now)
            for row, question in zip(batch.rows, batch.questions, strict=True)
        ]
        evidence = _evidence(batch, ANSWERED, "", exchange.request, exchange.reply, now)
        evidence.request_number = exchange.request_number
        return evidence, settlings
    if not isinstance(error, SourceError):
        error = SourceUnavailableError(f"our own error: {type(error).__name__}", outcome=Outcome.BROKEN)
    settlings = [_settle_error(row, error, now) for row in batch.rows]
    outcome = PENDING if isinstance(error, SourcePendingError) else str(error.outcome)
    return _evidence(batch, outcome, str(error)[:200], error.request, error.reply, now), settlings


def _evidence(batch: Batch, outcome: str, detail: str, request: bytes, reply: bytes, now: datetime) -> ExchangeRow:
    return ExchangeRow(
        source=batch.source,
        number=uuid.uuid4(),
        asked_at=batch.asked_at,
        ended_at=now,
        outcome=outcome,
        detail=detail,
        households=len(batch.rows),
        round_id=batch.rows[0].check_ordered.round_id,
        request=request,
        reply=reply,
        request_digest=ciphers.sm3(request).hex(),
        reply_digest=ciphers.sm3(reply).hex(),
    )


def _settle_row(row: Due, answer: Answer | None, now: datetime) -> Settling:
    if answer is None:
        return _put_off(row, Outcome.BROKEN, now, None)
    faulty = [reply.outcome for reply in answer.replies if reply.outcome in RETRIED]
    if faulty and row.attempts < row.source.max_attempts:
        return _put_off(row, faulty[0], now, None)
    return Settling(row, "answered", answer=answer)


def _settle_error(row: Due, error: SourceError, now: datetime) -> Settling:
    if isinstance(error, SourcePendingError):
        if now - row.asked_at > LONGEST_PENDING:
            return Settling(row, "failed", reason=Outcome.TIMEOUT)
        return Settling(
            row, "open", not_before=now + timedelta(seconds=error.retry_after), ticket=error.ticket, pending=True
        )
    if isinstance(error, SourceRefusedError):
        return Settling(row, "failed", reason=error.outcome)
    retry_after = error.retry_after if isinstance(error, SourceUnavailableError) else None
    return _put_off(row, error.outcome, now, retry_after)


def _put_off(row: Due, outcome: Outcome, now: datetime, retry_after: float | None) -> Settling:
    """Back off with jitter in the row; after the last attempt a named end state."""
    if row.attempts >= row.source.max_attempts:
        return Settling(row, "failed", reason=outcome)
    pause = retry_after if retry_after is not None else row.source.backoff_seconds * 2 ** (row.attempts - 1)
    pause = min(pause, LONGEST_PAUSE) * random.uniform(0.8, 1.2)  # noqa: S311 -- jitter, not a secret
    return Settling(row, "open", reason=outcome, not_before=now + timedelta(seconds=pause))


def _values(batch: Batch, evidence: ExchangeRow, settlings: Iterable[Settling], now: datetime) -> Iterator[Row]:
    """One row of `UPDATE` per household of the batch."""
    answer_field = Inquiry._meta.get_field("answer")
    took = round((now - batch.asked_at).total_seconds() * 1000)
    for settling in settlings:
        answered = settling.state == "answered"
        answer = answer_field.get_db_prep_save(msgspec.json.encode(settling.answer), connection) if answered else None
        yield (
            settling.row.pk,
            settling.state,
            str(settling.reason),
            answer,
            Json(_outcomes(batch, settling)),
            now if settling.state != "open" else None,
            took,
            evidence.pk,
            settling.not_before or now,
            settling.ticket,
            1 if settling.pending else 0,
        )


def _update(lease: uuid.UUID, values: Sequence[Row]) -> set[int]:
    """Write the rows that our lease still holds; the ids of their checks."""
    sql = UPDATE.replace("v.lease_held", f"'{lease}'::uuid")
    template = "(%s, %s, %s, %s::bytea, %s::jsonb, %s::timestamptz, %s::int, %s::bigint, %s::timestamptz, %s, %s::int)"
    with connection.cursor() as cursor:
        rows = execute_values(cursor.cursor, sql, values, template=template, page_size=1000, fetch=True)
    return {row[0] for row in rows}


def _outcomes(batch: Batch, settling: Settling) -> dict[str, str]:
    """Per member what came of it; the members who were not asked about, for want of an authorisation, say so."""
    if settling.answer is not None:
        outcomes = {reply.person: str(reply.outcome) for reply in settling.answer.replies}
    else:
        question = batch.questions[batch.rows.index(settling.row)]
        outcomes = {person.key: str(settling.reason) for person in question.persons} if settling.state != "open" else {}
    return outcomes


def _note_health(calls: Iterable[tuple[Source, str]], now: datetime) -> None:
    """Count failures in a row; past the source's limit its circuit opens, and the next claim lets one household
    through.

    A success that tells nothing new is not written: workers need not queue for the rows of 24 sources.
    """
    failed, well = [], []
    for source, outcome in calls:
        if outcome not in {ANSWERED, PENDING, Outcome.REFUSED}:
            failed.append(source.pk)
        elif source.failures_in_row or not source.last_success_at or now - source.last_success_at > HEALTH_IS_FRESH:
            well.append(source.pk)
    if failed or well:
        rows = Source.objects.filter(pk__in=[*failed, *well]).order_by("pk")
        list(rows.select_for_update(no_key=True).values_list("pk", flat=True))  # two workers lock in one order
    for pk in failed:
        with connection.cursor() as cursor:
            cursor.execute(NOTE_FAILURE, {"id": pk, "now": now})
    if well:
        Source.objects.filter(pk__in=well).update(failures_in_row=0, open_until=None, last_success_at=now)


NOTE_FAILURE = """
UPDATE verification_source SET failures_in_row = failures_in_row + 1, last_failure_at = %(now)s,
    open_until = CASE WHEN failures_in_row + 1 >= circuit_failures
                      THEN %(now)s + make_interval(secs => circuit_seconds) ELSE open_until END
WHERE id = %(id)s
"""


@transaction.atomic(savepoint=False)
def settle(check_ids: Sequence[int]) -> list[int]:
    """Move the checks whose last inquiry is in from asking to settled; returns their ids.

    The row lock orders two workers.
    """
    if not check_ids:
        return []
    locked = list(
        Check.objects.filter(pk__in=check_ids, status="asking")
        .order_by("pk")
        .select_for_update()
        .values_list("pk", flat=True)
    )
    return list(lifecycle.make_moves(Check.objects.filter(pk__in=locked).all_answers_in(), moves.SETTLE))


@transaction.atomic
def leave_unasked(lease: uuid.UUID, inquiry_ids: Sequence[int]) -> list[int]:
    """Nobody's authorisation covers these any more: they end as not asked; returns the checks that settled by it."""
    rows = Inquiry.objects.filter(pk__in=inquiry_ids, lease=lease, state="open")
    checks = sorted(set(rows.values_list("check_ordered_id", flat=True)))
    _lock(checks)
    rows.update(state="not_asked", reason=str(Outcome.NOT_ASKED), lease=None, lease_until=None)
    return settle(checks)


def give_up_hopeless() -> int:
    """Inquiries from which nothing can come any more end without an answer; returns how many.

    The last allowed attempt died with its worker: timed out. The source was switched off, or its agreement ended, while
    they waited: unavailable.
    """
    today = timezone.localdate()
    return _give_up(Inquiry.objects.worn_out(), Outcome.TIMEOUT) + _give_up(
        Inquiry.objects.waiting_for(Source.objects.out_of_force(today)), Outcome.UNAVAILABLE
    )


def _give_up(hopeless: InquiryQuerySet, reason: Outcome) -> int:
    rows = list(hopeless.values_list("pk", "check_ordered_id")[:GIVEN_UP_AT_A_TIME])
    if not rows:
        return 0
    with transaction.atomic():
        checks = sorted({check for _pk, check in rows})
        _lock(checks)
        still = hopeless.filter(pk__in=[pk for pk, _check in rows])
        still.update(state="failed", reason=str(reason), answered_at=timezone.now(), lease=None, lease_until=None)
        settle(checks)
    return len(rows)


def evidence_of(row: Inquiry) -> dict[str, Any]:
    """Where an answer comes from, in plain values."""
    exchange = row.exchange
    return {"number": str(exchange.number), "digest": exchange.reply_digest} if exchange else {}
