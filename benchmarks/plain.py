"""The plain way: a chord of 24 tasks for each household, one HTTP call and one ORM save each. An honest baseline.

Connectors, encryption and matching are ours; database, HTTP and Redis connections are kept. Workers:
`celery -A benchmarks.plain worker`.
"""

import os
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, ClassVar

import aiohttp
import django
import msgspec
import uvloop
from celery import Celery, Task, chord
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "housing_credit.settings")
django.setup()

# Imported only now: models need the settings.
from django.db import connection, models  # noqa: E402
from django.utils import timezone  # noqa: E402

from bureau.fields import ProtectedBytesField  # noqa: E402
from verification.asking import config_of  # noqa: E402
from verification.connector import Answer, SourcePendingError, SourceUnavailableError  # noqa: E402
from verification.connectors import connector_for  # noqa: E402
from verification.facts import Declared, Person, Question, RecordKind  # noqa: E402
from verification.models import Source  # noqa: E402
from verification.orders import Order  # noqa: E402
from verification.records.deposit import Deposit  # noqa: E402

QUEUE = "plain"
LOOK_EVERY = 0.05  # seconds

# Not the current application of a command that also rings for our own tasks; a worker makes it so for itself.
app = Celery("plain", set_as_current=False)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf["CELERY_DB_REUSE_MAX"] = 10_000
app.conf.update(
    task_default_queue=QUEUE,
    task_ignore_result=False,  # a chord counts results
    result_backend=settings.CELERY_BROKER_URL,
    result_expires=600,
)


class Household(models.Model):
    """A household to be asked about."""

    subject = models.CharField(max_length=40, unique=True)
    declared = ProtectedBytesField()

    objects: ClassVar = models.Manager()

    class Meta:
        app_label = "benchmarks"

    def __str__(self) -> str:
        return self.subject


class Reply(models.Model):
    """What one source said of it."""

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="replies")
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+")
    answer = ProtectedBytesField()

    objects: ClassVar = models.Manager()

    class Meta:
        app_label = "benchmarks"
        constraints = (models.UniqueConstraint(fields=["household", "source"], name="plain_reply_is_one"),)

    def __str__(self) -> str:
        return f"{self.household} {self.source}"


class Report(models.Model):
    """A sum over all answers of a household: that it is there says that all 24 are in."""

    household = models.OneToOneField(Household, on_delete=models.CASCADE, related_name="report")
    deposits = models.DecimalField(max_digits=14, decimal_places=2)
    answers = models.PositiveSmallIntegerField()

    objects: ClassVar = models.Manager()

    class Meta:
        app_label = "benchmarks"

    def __str__(self) -> str:
        return f"{self.household}: {self.deposits}"


def create_tables() -> None:
    """In the arena's database; no migration of ours knows them."""
    with connection.schema_editor() as editor:
        for model in (Household, Reply, Report):
            editor.create_model(model)


def run(orders: Sequence[Order], say: Callable[[int], None]) -> None:
    """Put these households to all sources; returns when every report is in the database.

    `say` hears now and then how many are.
    """
    there = Report.objects.count()
    sources = list(Source.objects.values_list("pk", flat=True))
    for order in orders:
        household = Household.objects.create(subject=order.subject, declared=msgspec.json.encode(order.declared))
        header = [ask_source.s(household.pk, source) for source in sources]
        chord(header)(assemble.s(household.pk))
    while (done := Report.objects.count() - there) < len(orders):
        say(done)
        time.sleep(LOOK_EVERY)


@app.task(name="plain.ask_source", bind=True, max_retries=None)
def ask_source(self: "Task[Any, Any]", household_id: int, source_id: int, ticket: str = "") -> None:
    """One household, one source, one call, one save."""
    household, source = Household.objects.get(pk=household_id), _source(source_id)
    connector = connector_for(config_of(source), source.dialect, _http())
    try:
        exchange = _loop().run_until_complete(connector.ask([_question(household, source)], ticket=ticket))
    except SourcePendingError as pending:
        raise self.retry(args=(household_id, source_id, pending.ticket), countdown=pending.retry_after) from None
    except SourceUnavailableError as error:
        raise self.retry(countdown=2, exc=error) from None
    Reply.objects.update_or_create(
        household=household, source=source, defaults={"answer": msgspec.json.encode(exchange.answers[0])}
    )


@app.task(name="plain.assemble")
def assemble(_results: Any, household_id: int) -> None:
    """When all 24 are in: add up what the banks said."""
    answers = [_answers.decode(reply.answer) for reply in Reply.objects.filter(household=household_id)]
    deposits = sum(
        (
            record.balance
            for answer in answers
            for reply in answer.replies
            for record in reply.records
            if isinstance(record, Deposit)
        ),
        Decimal(0),
    )
    Report.objects.update_or_create(household_id=household_id, defaults={"deposits": deposits, "answers": len(answers)})


_declarations = msgspec.json.Decoder(Declared)
_answers = msgspec.json.Decoder(Answer)


def _question(household: Household, source: Source) -> Question:
    today = timezone.localdate()
    persons = _declarations.decode(household.declared).persons
    return Question(
        reference=f"{household.subject}-{source.code}",
        persons=tuple(Person(person.key, person.name, person.id_number) for person in persons),
        purpose="rehearsal",
        authorisation=household.subject,
        kinds=tuple(RecordKind(kind) for kind in source.kinds),
        as_of=today,
        since=today.replace(year=today.year - 5, day=min(today.day, 28)),
    )


@lru_cache(maxsize=100)
def _source(source_id: int) -> Source:
    """Read once per process: a source is not what is measured."""
    return Source.objects.get(pk=source_id)


@cache
def _loop() -> Any:
    """The loop of this process."""
    return uvloop.new_event_loop()


@cache
def _http() -> aiohttp.ClientSession:
    """The kept connections of this process."""

    async def make() -> aiohttp.ClientSession:
        return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), auto_decompress=False)

    session: aiohttp.ClientSession = _loop().run_until_complete(make())
    return session
