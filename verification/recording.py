"""Write what the sources answered: in sets, idempotent by lease, with the exchange kept as evidence."""

import random
import uuid
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import connection, transaction
from django.utils import timezone

from bureau import lifecycle
from verification import hits, moves, tallying, writing_back
from verification.claiming import Due
from verification.connector import (
    Answer,
    Exchange,
    SourceError,
    SourcePendingError,
    SourceRefusedError,
    SourceUnavailableError,
)
from verification.evidence import keep, round_trip
from verification.facts import Outcome, Question
from verification.hearing import Told
from verification.models import Check, Inquiry, Source, Tally
from verification.models import Exchange as ExchangeRow
from verification.writing_back import Ended

ANSWERED, PENDING = "answered", "pending"  # outcomes of an exchange besides the failures
USELESS = "nothing in the answer can be read or is about those who were asked about"
LONGEST_PAUSE = 300.0  # seconds
LONGEST_PENDING = timedelta(days=5)  # a batch still at work after that is not waited for any longer
HEALTH_IS_FRESH = timedelta(seconds=10)  # a success noted this lately is not noted again
RETRIED = {Outcome.BROKEN, Outcome.UNAVAILABLE, Outcome.TIMEOUT}  # what asking again can mend


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


def record(
    lease: uuid.UUID, results: Sequence[tuple[Batch, "Future[Exchange]"]], waiting: Counter[int]
) -> tuple[list[int], dict[int, Told]]:
    """Write what these batches brought.

    `waiting` counts, by check, the inquiries of this claim that have not come to their end; it is counted down here,
    and only checks at which it reaches 0 are looked at. Returns the ids of those that are complete, and the answers
    that were written, by inquiry.
    """
    now = timezone.now()
    read = [(batch, *_read(batch, future, now)) for batch, future in results]
    for _batch, evidence, settlings in read:
        evidence.settled = sum(settling.state != "open" for settling in settlings)
    with transaction.atomic():
        Check.objects.filter(pk__in={row.check_ordered.pk for batch, *_ in read for row in batch.rows}).lock()
        keep([row for _batch, row, _settlings in read])
        back: Counter[int] = Counter()
        for batch, _evidence, _settlings in read:
            back[batch.source.pk] += len(batch.rows)
        written = writing_back.write(lease, [row for each in read for row in _rows(*each, now)], back)
        resting = _note_health([(batch.source, evidence.outcome) for batch, evidence, _settlings in read], now)
        tallying.write(_tallies(read, resting, written))
        settled = settle(_counted_down(waiting, read))
    told = {
        each.row.pk: Told(each.row.check_ordered.pk, batch.source.pk, now, evidence.pk, each.answer)
        for batch, evidence, many in read
        for each in many
        if each.answer and each.row.pk in written
    }
    return settled, told


def _counted_down(waiting: Counter[int], read: Iterable[tuple[Batch, ExchangeRow, list[Settling]]]) -> list[int]:
    """The checks of which this claim waits for nothing any more."""
    ended = Counter(
        each.row.check_ordered.pk for _batch, _evidence, many in read for each in many if each.state != "open"
    )
    waiting.subtract(ended)
    return sorted(check for check in ended if not waiting[check])


def _read(batch: Batch, future: "Future[Exchange]", now: datetime) -> tuple[ExchangeRow, list[Settling]]:
    """The evidence row of a finished call and what it means for each household.

    An error that no connector should raise is this source's broken answer here, so that it takes nothing from the
    others; `asking.ask` raises it when they are written.
    """
    sway = random.uniform(0.8, 1.2)  # noqa: S311 -- jitter, not a secret
    error = future.exception()
    if error is None:
        exchange = future.result()
        answers = {answer.reference: answer for answer in exchange.answers}
        settlings = [
            _settle_row(row, answers.get(question.reference), now, sway)
            for row, question in zip(batch.rows, batch.questions, strict=True)
        ]
        useless = all(_is_useless(answers.get(question.reference)) for question in batch.questions)
        outcome, detail = (str(Outcome.BROKEN), USELESS) if useless else (ANSWERED, "")
        evidence = _evidence(batch, outcome, detail, exchange, now)
        evidence.request_number = exchange.request_number
        evidence.told, evidence.hits = hits.counted(each.answer for each in settlings if each.answer)
        return evidence, settlings
    if not isinstance(error, SourceError):
        error = SourceUnavailableError(f"our own error: {type(error).__name__}", outcome=Outcome.BROKEN)
    settlings = [_settle_error(row, error, now, sway) for row in batch.rows]
    outcome = PENDING if isinstance(error, SourcePendingError) else str(error.outcome)
    return _evidence(batch, outcome, str(error)[:200], error, now), settlings


def _evidence(batch: Batch, outcome: str, detail: str, told: Exchange | SourceError, now: datetime) -> ExchangeRow:
    return round_trip(
        batch.source,
        told,
        asked_at=batch.asked_at,
        ended_at=told.ended_at or now,
        outcome=outcome,
        detail=detail,
        households=len(batch.rows),
        round_id=batch.rows[0].check_ordered.round_id,
    )


def _is_useless(answer: Answer | None) -> bool:
    """Whether a household was not answered, or nothing of what was said of it can be read or is about its members."""
    return answer is None or all(reply.outcome == Outcome.BROKEN for reply in answer.replies)


def _settle_row(row: Due, answer: Answer | None, now: datetime, sway: float) -> Settling:
    if answer is None or _is_useless(answer):
        return _put_off(row, Outcome.BROKEN, now, sway)
    faulty = [reply.outcome for reply in answer.replies if reply.outcome in RETRIED]
    if faulty and row.attempts < row.source.max_attempts:
        return _put_off(row, faulty[0], now, sway)
    return Settling(row, "answered", answer=answer)


def _settle_error(row: Due, error: SourceError, now: datetime, sway: float) -> Settling:
    if isinstance(error, SourcePendingError):
        if now - row.asked_at > LONGEST_PENDING:
            return Settling(row, "failed", reason=Outcome.TIMEOUT)
        return Settling(
            row, "open", not_before=now + timedelta(seconds=error.retry_after), ticket=error.ticket, pending=True
        )
    if isinstance(error, SourceRefusedError):
        return Settling(row, "failed", reason=error.outcome)
    retry_after = error.retry_after if isinstance(error, SourceUnavailableError) else None
    return _put_off(row, error.outcome, now, sway, retry_after)


def _put_off(row: Due, outcome: Outcome, now: datetime, sway: float, retry_after: float | None = None) -> Settling:
    """Back off, swaying as one with what was asked in the same request; after the last attempt a named end state."""
    if row.attempts >= row.source.max_attempts:
        return Settling(row, "failed", reason=outcome)
    pause = retry_after if retry_after is not None else row.source.backoff_seconds * 2 ** (row.attempts - 1)
    pause = min(pause, LONGEST_PAUSE) * sway
    return Settling(row, "open", reason=outcome, not_before=now + timedelta(seconds=pause))


def _rows(batch: Batch, evidence: ExchangeRow, settlings: Iterable[Settling], now: datetime) -> Iterator[Ended]:
    """What is to be written, per household of the batch."""
    seal = Inquiry._meta.get_field("answer").sealed
    took = round((evidence.ended_at - batch.asked_at).total_seconds() * 1000)
    for question, settling in zip(batch.questions, settlings, strict=True):
        yield Ended(
            inquiry=settling.row.pk,
            state=settling.state,
            reason=str(settling.reason),
            answer=seal(msgspec.json.encode(settling.answer)) if settling.state == "answered" else None,
            outcomes=msgspec.json.encode(_outcomes(question, settling)).decode(),
            answered_at=now if settling.state != "open" else None,
            milliseconds=took,
            exchange=evidence.pk,
            not_before=settling.not_before or now,
            ticket=settling.ticket,
            given_back=1 if settling.pending else 0,
        )


def _outcomes(question: Question, settling: Settling) -> dict[str, str]:
    """Per member what came of it; the members who were not asked about, for want of an authorisation, say so."""
    if settling.answer is not None:
        return {reply.person: str(reply.outcome) for reply in settling.answer.replies}
    if settling.state == "open":
        return {}
    return {person.key: str(settling.reason) for person in question.persons}


def _tallies(
    read: Iterable[tuple[Batch, ExchangeRow, list[Settling]]], resting: Mapping[int, float], written: Container[int]
) -> Iterator[Tally]:
    """What these calls add to the scorecards of their sources; `resting` by the place of the call."""
    for place, (batch, evidence, settlings) in enumerate(read):
        rows = [(each.row, each.state, each.reason) for each in settlings]
        yield from tallying.of_call(
            evidence, rows, written=written, ticket=batch.ticket, resting_seconds=resting.get(place, 0.0)
        )


def _note_health(calls: Sequence[tuple[Source, str]], now: datetime) -> dict[int, float]:
    """Count failures in a row; past the source's limit its circuit opens, and the next claim lets one household
    through. Returns by the place of the call for how many seconds more the circuit is open by it.

    A success that tells nothing new is not written: workers need not queue for the rows of 24 sources.
    """
    failed, well, resting = [], [], {}
    for place, (source, outcome) in enumerate(calls):
        if outcome not in {ANSWERED, PENDING, Outcome.REFUSED}:
            failed.append((place, source.pk))
        elif source.failures_in_row or not source.last_success_at or now - source.last_success_at > HEALTH_IS_FRESH:
            well.append(source.pk)
    if failed or well:
        rows = Source.objects.filter(pk__in=[*(pk for _place, pk in failed), *well]).order_by("pk")
        list(rows.select_for_update(no_key=True).values_list("pk", flat=True))  # two workers lock in one order
    for place, pk in failed:
        with connection.cursor() as cursor:
            cursor.execute(NOTE_FAILURE, {"id": pk, "now": now})
            resting[place] = float(cursor.fetchone()[0])
    if well:
        Source.objects.filter(pk__in=well).update(failures_in_row=0, open_until=None, last_success_at=now)
    return resting


NOTE_FAILURE = """
WITH before AS (SELECT open_until AS until FROM verification_source WHERE id = %(id)s)
UPDATE verification_source SET failures_in_row = failures_in_row + 1, last_failure_at = %(now)s,
    open_until = CASE WHEN failures_in_row + 1 >= circuit_failures
                      THEN %(now)s + make_interval(secs => circuit_seconds) ELSE open_until END
FROM before WHERE id = %(id)s
RETURNING greatest(0, COALESCE(EXTRACT(epoch FROM open_until - greatest(before.until, %(now)s)), 0))
"""


@transaction.atomic(savepoint=False)
def settle(check_ids: Sequence[int]) -> list[int]:
    """Move the checks whose last inquiry is in from asking to settled; returns their ids.

    The row lock orders two workers.
    """
    if not check_ids:
        return []
    Check.objects.filter(pk__in=check_ids).lock()
    complete = list(Check.objects.filter(pk__in=check_ids).all_answers_in().order_by().values_list("pk", flat=True))
    return list(lifecycle.make_moves(Check.objects.filter(pk__in=complete), moves.SETTLE)) if complete else []


@transaction.atomic
def leave_unasked(lease: uuid.UUID, inquiry_ids: Sequence[int]) -> list[int]:
    """Nobody's authorisation covers these any more: they end as not asked; returns the checks that settled by it."""
    rows = Inquiry.objects.filter(pk__in=inquiry_ids, lease=lease, state="open")
    checks = sorted(set(rows.values_list("check_ordered_id", flat=True)))
    Check.objects.filter(pk__in=checks).lock()
    rows.update(state="not_asked", reason=str(Outcome.NOT_ASKED), lease=None, lease_until=None)
    return settle(checks)


def evidence_of(row: Inquiry) -> dict[str, Any]:
    """Where an answer comes from, in plain values."""
    exchange = row.exchange
    return {"number": str(exchange.number), "digest": exchange.reply_digest} if exchange else {}
