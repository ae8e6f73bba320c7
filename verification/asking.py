"""Ask the sources what is due of a set of checks: claim, call, record.

0. a source whose chain of evidence is broken is held first: what cannot be written down is not asked;
1. claim (one statement): lease the due inquiries within each source's limits and open circuits; counts as an attempt;
2. call (no transaction): one batch per source and `batch_size` households, all at once;
3. record (short transactions, as answers arrive): only while the lease is ours, so a second answer changes nothing.
A worker killed anywhere leaves leases that run out, and its rows fall due again.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from datetime import date
from itertools import groupby

import msgspec
from django.utils import timezone

from bureau import bell
from verification import assessing, calling, claiming, evidence, giving_up, recording
from verification.claiming import Due
from verification.connector import Exchange, SourceConfig, SourceError
from verification.facts import Declared, Person, Question, RecordKind
from verification.hearing import Told
from verification.models import Check, Dialect, Inquiry, Source
from verification.querysets import STILL_OPEN
from verification.recording import Batch

# Answers that arrive this close together are written in one transaction: nobody looks at a round by the millisecond.
COALESCE_SECONDS = {"checks": 0.004, "rounds": 0.1}
CLOCK_SLACK = 0.002  # seconds after a row falls due, so that it is due when the bell is heard
SWEEP_SIZE = 200  # checks a sweep takes at a time
LOOK_BACK_YEARS = 5  # homes sold and compensation received within these years still count

_declared = msgspec.json.Decoder(Declared)


def ask(check_ids: Sequence[int]) -> None:
    """Ask what is due of these checks, record the answers as they come, and assess what is complete."""
    evidence.hold_broken()
    lease, inquiries = claiming.claim(check_ids)
    asked = questions(inquiries)
    if uncovered := [row.pk for row, question in asked if not question.persons]:
        assessing.assess(recording.leave_unasked(lease, uncovered))
    # Who hands out tickets is asked first: it has us come back a second later at the least.
    batches = sorted(_batches(asked), key=lambda batch: batch.source.dialect != Dialect.PROVINCE_BATCH)
    pending = {_call(batch): batch for batch in batches}
    bugs: list[BaseException] = []
    told: dict[int, Told] = {}
    waiting = Counter(row.check_ordered.pk for row, question in asked if question.persons)
    pause = min((COALESCE_SECONDS[row.check_ordered.queue] for row in inquiries), default=0.0)
    left = {row.check_ordered.pk for row in inquiries}
    while pending:
        done, _ = wait(pending, return_when=FIRST_COMPLETED)
        done |= wait(pending, timeout=pause).done
        settled, just_told = recording.record(lease, [(pending.pop(future), future) for future in done], waiting)
        told |= just_told
        assessing.assess(settled, told)
        left.difference_update(settled)
        bugs += [error for future in done if (error := future.exception()) and not isinstance(error, SourceError)]
    if inquiries:
        claiming.give_back(lease)
        _come_back(sorted(left))
    if bugs:
        raise BaseExceptionGroup("connectors raised what they never should", bugs)


def _come_back(check_ids: Sequence[int]) -> None:
    """Ring for what this call put off (a batch at work, a source to be retried), so that it need not await the sweep.

    Only who claimed something rings, and only for checks that it did not see settled, so that rings do not multiply.
    """
    if not check_ids:
        return
    put_off = Inquiry.objects.filter(STILL_OPEN, check_ordered__in=check_ids, lease_until__isnull=True)
    fields = ("not_before", "check_ordered__queue")
    first = put_off.select_related("check_ordered").only(*fields).order_by("not_before").first()
    if first is not None:
        task = "verification.ask_checks" if first.check_ordered.queue == "checks" else "verification.ask_round"
        wait_seconds = max((first.not_before - timezone.now()).total_seconds(), 0.0) + CLOCK_SLACK
        bell.ring(task, list(check_ids), after=wait_seconds)


def ask_due() -> int:
    """The sweep: give up what has worn out its attempts, ask whatever is due, single checks first; returns how many
    checks were taken up.
    """
    giving_up.give_up_hopeless()
    due = [claiming.due_checks(queue, SWEEP_SIZE) for queue in ("checks", "rounds")]
    for check_ids in due:
        if check_ids:
            ask(check_ids)
    return sum(map(len, due))


def settle_due() -> int:
    """The sweep: checks whose last answer came in while two workers looked past each other."""
    return len(recording.settle(list(Check.objects.all_answers_in().values_list("pk", flat=True)[:2000])))


def questions(inquiries: Sequence[Due]) -> list[tuple[Due, Question]]:
    """What each inquiry puts to its source; no persons where no authorisation covers anybody any more."""
    households = _Households(timezone.localdate())
    return [(row, households.question(row, row.source)) for row in inquiries]


def _batches(asked: Sequence[tuple[Due, Question]]) -> Iterator[Batch]:
    """Group what is to be asked by source, round and ticket, at most `batch_size` households each; nobody, nothing."""
    covered = sorted((each for each in asked if each[1].persons), key=_together)
    for _key, group in groupby(covered, key=_together):
        rows = list(group)
        first = rows[0][0]
        for start in range(0, len(rows), first.source.batch_size):
            part = rows[start : start + first.source.batch_size]
            yield Batch(
                first.source, first.ticket, [row for row, _ in part], [question for _, question in part], timezone.now()
            )


def _together(each: tuple[Due, Question]) -> tuple[int, int, str]:
    """What goes in one request has this in common."""
    row = each[0]
    return row.source.pk, row.check_ordered.round_id or 0, row.ticket


def _call(batch: Batch) -> "Future[Exchange]":
    return calling.submit(config_of(batch.source), batch.source.dialect, batch.questions, batch.ticket)


def config_of(source: Source) -> SourceConfig:
    """What a connector needs to know of a source."""
    return SourceConfig(
        code=source.code,
        url=source.url,
        key_id=source.key_id,
        secret=bytes.fromhex(source.secret),
        kinds=tuple(RecordKind(kind) for kind in source.kinds),
        connect_seconds=source.connect_seconds,
        read_seconds=source.read_seconds,
        total_seconds=source.total_seconds,
    )


class _Households:
    """The households of one claim, each decoded once however many sources are asked about it."""

    def __init__(self, today: date) -> None:
        self._today = today.isoformat()
        self._persons: dict[int, tuple[Person, ...]] = {}
        self._grants: dict[int, list[tuple[str, frozenset[str], str]]] = {}  # member, kinds and number, valid today
        self._kinds: dict[int, tuple[RecordKind, ...]] = {}
        self._covered: dict[tuple[int, tuple[RecordKind, ...]], tuple[tuple[Person, ...], str]] = {}

    def question(self, row: Due, source: Source) -> Question:
        """The household put to the source: only the persons whose authorisation covers what the source keeps, today."""
        check = row.check_ordered
        if check.pk not in self._persons:
            self._open(check)
        if source.pk not in self._kinds:
            self._kinds[source.pk] = tuple(map(RecordKind, source.kinds))
        kinds = self._kinds[source.pk]
        if (check.pk, kinds) not in self._covered:  # fourteen banks keep the same
            self._covered[check.pk, kinds] = self._covered_of(check, kinds)
        persons, authorisation = self._covered[check.pk, kinds]
        return Question(
            reference=f"{check.number}-{source.code}-{row.runs}.{row.attempts}",
            persons=persons,
            purpose=check.purpose,
            authorisation=authorisation,
            kinds=kinds,
            as_of=check.as_of,
            since=_since(check, source),
        )

    def _covered_of(self, check: Check, kinds: Iterable[RecordKind]) -> tuple[tuple[Person, ...], str]:
        """Who may be asked about these kinds, and by the number of which authorisation."""
        covered = {key: number for key, granted, number in self._grants[check.pk] if not granted.isdisjoint(kinds)}
        persons = tuple(person for person in self._persons[check.pk] if person.key in covered)
        return persons, next(iter(covered.values()), "")

    def _open(self, check: Check) -> None:
        declared = _declared.decode(check.declared)
        self._persons[check.pk] = tuple(Person(each.key, each.name, each.id_number) for each in declared.persons)
        self._grants[check.pk] = [
            (key, frozenset(grant["kinds"]), grant["number"])
            for key, grant in check.authorisations.items()
            if (grant["valid_to"] or self._today) >= self._today
        ]


def _since(check: Check, source: Source) -> date:
    if RecordKind.HOUSING in source.kinds:
        return check.as_of.replace(year=check.as_of.year - LOOK_BACK_YEARS, day=min(check.as_of.day, 28))
    return check.since
