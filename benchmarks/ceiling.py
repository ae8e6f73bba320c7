"""The raw ceiling: the same signed HTTP batches as ours, and `COPY` of the undigested replies. Nothing is decoded.

The bodies are written beforehand into files, one per chunk of households; as many processes as our workers have take
turns at them (`ceiling_process.py`).
"""

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.synchronize import Barrier
from pathlib import Path

import msgspec
from django.db import connection
from django.utils import timezone

from benchmarks.ceiling_process import COUNT, TABLE, Call, Chunk, work
from verification.asking import config_of
from verification.facts import Person, Question, RecordKind
from verification.models import Dialect, Source
from verification.orders import Order
from verification.wire import json_envelope, xml_envelope

START_SECONDS, WORK_SECONDS = 60, 3600


class Team:
    """Processes that wait for the word."""

    def __init__(self, pids: Sequence[int], barrier: Barrier) -> None:
        self.pids = pids
        self._barrier = barrier

    def run(self) -> None:
        """Let them work; returns when all rows are in the database. BrokenBarrierError when one of them failed."""
        self._barrier.wait(START_SECONDS)
        self._barrier.wait(WORK_SECONDS)


@contextmanager
def team(count: int, orders: Sequence[Order], *, size: int, folder: Path) -> Iterator[Team]:
    """Have so many processes ready to put these households to all sources, `size` at a time."""
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
    _write_chunks(orders, folder, size)
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(count + 1)
    files = sorted(folder.iterdir())
    members = [
        context.Process(target=work, args=(files[place::count], os.environ["DATABASE_URL"], barrier), daemon=True)
        for place in range(count)
    ]
    for member in members:
        member.start()
    try:
        barrier.wait(START_SECONDS)
        yield Team([member.pid or 0 for member in members], barrier)
    finally:
        for member in members:
            member.terminate()
            member.join()


def rows() -> int:
    """How many rows there are: one for each household and source."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT)
        return int(cursor.fetchone()[0])


def _write_chunks(orders: Sequence[Order], folder: Path, size: int) -> None:
    """Write the requests, one file per `size` households."""
    folder.mkdir()
    # Who hands out tickets is asked first, as ours does.
    sources = sorted(Source.objects.all(), key=lambda source: source.dialect != Dialect.PROVINCE_BATCH)
    for first in range(0, len(orders), size):
        part = orders[first : first + size]
        chunk = Chunk(first, len(part), [_call(source, part) for source in sources])
        (folder / f"{first:08d}").write_bytes(msgspec.msgpack.encode(chunk))


def _call(source: Source, orders: Sequence[Order]) -> Call:
    questions = [_question(order, source) for order in orders]
    number = f"ceiling-{questions[0].reference}"
    has_tickets = source.dialect == Dialect.PROVINCE_BATCH
    if source.dialect == Dialect.BANK_XML:
        path, content_type, body = "/query", xml_envelope.CONTENT_TYPE, xml_envelope.write_request(number, questions)
    else:
        path = "/v1/batches" if has_tickets else "/v1/queries"
        content_type, body = json_envelope.CONTENT_TYPE, json_envelope.write_request(number, questions)
    return Call(source.pk, config_of(source), path, content_type, body, has_tickets)


def _question(order: Order, source: Source) -> Question:
    today = timezone.localdate()
    return Question(
        reference=f"{order.subject}-c-{source.code}",
        persons=tuple(Person(person.key, person.name, person.id_number) for person in order.declared.persons),
        purpose=order.purpose,
        authorisation=order.subject,
        kinds=tuple(RecordKind(kind) for kind in source.kinds),
        as_of=today,
        since=today.replace(year=today.year - 5, day=min(today.day, 28)),
    )
