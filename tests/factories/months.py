"""Months of a source as they might have been: households ordered, requests that took so long and brought this or that.

The clock is moved; claiming, recording and counting are the real ones, only the call itself is invented.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from datetime import datetime, timedelta

import msgspec
import time_machine
from django.utils import timezone

from tests.verification.household import FATHER
from verification import asking, claiming, orders, recording
from verification.connector import (
    Answer,
    Exchange,
    Reply,
    SourceError,
    SourcePendingError,
    SourceRefusedError,
    SourceUnavailableError,
)
from verification.facts import Declared, Outcome, RecordKind
from verification.models import Check, Inquiry

_numbers = itertools.count(1)
ANSWERED = "answered"
FAILURES: dict[str, SourceError] = {
    **{str(each): SourceUnavailableError("invented", outcome=each) for each in
       (Outcome.TIMEOUT, Outcome.BROKEN, Outcome.UNAVAILABLE)},
    "refused": SourceRefusedError("invented"),
    "pending": SourcePendingError("invented", ticket="T1", retry_after=60.0),
}  # fmt: skip


def at(text: str) -> datetime:
    """A moment by the clock of the city: `at("2026-10-31 23:59:50")`."""
    return timezone.make_aware(datetime.fromisoformat(text))


def ordered(count: int, when: datetime, *, purpose: str = "public_rental") -> list[Check]:
    """So many households of one person, ordered then; every source that is in use is to be asked."""
    grants = {"m1": orders.Grant("泰房权〔2026〕0001号", tuple(RecordKind))}
    with time_machine.travel(when, tick=False):
        return orders.place_many(
            [
                orders.Order(
                    subject=f"MONTH-{next(_numbers)}",
                    purpose=purpose,
                    programme="public_rental",
                    office_code="321202001001",
                    declared=Declared(persons=(msgspec.structs.replace(FATHER),)),
                    grants=grants,
                    accepted_on=timezone.localdate(),
                )
                for _ in range(count)
            ],
            by=None,
            queue="checks",
        )


def call(checks: Iterable[Check], when: datetime, *, seconds: float, brings: str = ANSWERED) -> None:
    """Put what is due of these households to the source then; the reply or failure comes so many seconds later."""
    sent(checks, when)(when + timedelta(seconds=seconds), brings)


def sent(checks: Iterable[Check], when: datetime) -> Callable[[datetime, str], None]:
    """Put what is due of these households to the source then; the result brings reply or failure at another moment."""
    ids = [check.pk for check in checks]
    Inquiry.objects.filter(check_ordered__in=ids, state="open", lease=None).update(not_before=when)
    with time_machine.travel(when, tick=False):
        lease, rows = claiming.claim(ids)
        assert rows
        batches = list(asking._batches(asking.questions(rows)))

    def came(then: datetime, brings: str) -> None:
        with time_machine.travel(then, tick=False):
            recording.record(lease, [(batch, _future(batch, brings)) for batch in batches], Counter())
            claiming.give_back(lease)

    return came


def _future(batch: recording.Batch, brings: str) -> "Future[Exchange]":
    future: Future[Exchange] = Future()
    if brings != ANSWERED:
        future.set_exception(FAILURES[brings])
        return future
    nothing = tuple(Reply(person=person.key, outcome=Outcome.NONE) for person in batch.questions[0].persons)
    answers = tuple(
        Answer(reference=question.reference, replies=nothing, replied_at=timezone.now()) for question in batch.questions
    )
    future.set_result(Exchange(request=b"request", reply=b"reply", request_number="R1", answers=answers))
    return future
