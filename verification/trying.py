"""Replay the households of a trial against its standard: batch by batch, few reads, one write per table and batch.

Nothing but the trial's own tables is written. Each batch is one transaction, so that a worker that dies costs a batch,
and several may work side by side. The same text, households and rules give the same digest, whoever worked them out.
"""

import logging
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import msgspec
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from bureau import ciphers
from verification import assessing
from verification.comparison import Comparison, Tried, trial_kind, tried
from verification.comparison.trying import FAILED, STAYS
from verification.models import Assessment, Check, Trial, TrialBatch, TrialRow
from verification.rules import RULES_VERSION
from verification.standards import Standard

BATCH = 100  # households
TURN = 10.0  # seconds that a worker gives to one trial before others have theirs
CHUNK = 2000
INVENTED = "rehearsal"  # checks about invented people count only where their round is named

log = logging.getLogger(__name__)


class Population(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose results are tried: of the standard's programme, by district and by the day of their conclusion; or those
    of a round.
    """

    districts: tuple[str, ...] = ()  # division codes; none: all
    since: date | None = None
    until: date | None = None  # included
    round: str = ""  # its number


class Counts(msgspec.Struct, frozen=True):
    """Households by district and kind, and those that differ by what turned and kind."""

    districts: dict[str, dict[str, int]] = {}
    criteria: dict[str, dict[str, int]] = {}


def population_of(trial: Trial) -> Population:
    """The population as it was chosen."""
    return msgspec.convert(trial.population, Population, strict=False)


def counts_of(trial: Trial) -> Counts:
    """What came of a trial; of one that is under way, of the batches that are done."""
    if trial.counts is not None:
        return msgspec.convert(trial.counts, Counts)
    return _sum(trial.batches.exclude(done_at=None).values_list("counts", flat=True))


def assessments_of(programme: str, population: Population) -> list[int]:
    """The ids of what is replayed: of each case the newest conclusion's, of a round the newest of each check."""
    rows = Assessment.objects.filter(_in_districts(population), standard__programme=programme)
    if population.round:
        done = rows.filter(
            check_ordered__round__number=population.round, check_ordered__status__in=["assessed", "concluded"]
        )
        newest = done.order_by("check_ordered_id", "-version").distinct("check_ordered_id")
    else:
        days = {"conclusion__at__date__gte": population.since, "conclusion__at__date__lte": population.until}
        concluded = rows.filter(conclusion__isnull=False, **{name: day for name, day in days.items() if day})
        newest = (
            concluded.exclude(check_ordered__purpose=INVENTED)
            .order_by("check_ordered__subject", "-check_ordered_id")
            .distinct("check_ordered__subject")
        )
    return sorted(newest.values_list("pk", flat=True))


def _in_districts(population: Population) -> Q:
    chosen = Q()
    for district in population.districts:
        chosen |= Q(check_ordered__office_code__startswith=district)
    return chosen


def lay_out(trial: Trial, ids: Sequence[int]) -> None:
    """Put the households on batches; from now on they are worked out, and who is concluded later is not among them."""
    parts = [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]
    TrialBatch.objects.bulk_create(
        [TrialBatch(trial=trial, number=number, assessments=part) for number, part in enumerate(parts, 1)],
        batch_size=500,
    )


def work(trial_id: int, *, seconds: float = TURN) -> bool:
    """Work out batches that nobody else has at hand for so long; whether the trial is finished.

    A trial that is finished already stays as it is.
    """
    ends = time.monotonic() + seconds
    while _one_batch(trial_id):
        if time.monotonic() >= ends:
            break
    return _finish(trial_id)


@transaction.atomic
def _one_batch(trial_id: int) -> bool:
    to_do = TrialBatch.objects.filter(trial=trial_id, done_at=None).select_related("trial").defer("trial__counts")
    batch = to_do.order_by("number").select_for_update(of=("self",), skip_locked=True).first()
    if batch is None:
        return False
    standard = msgspec.convert(batch.trial.content, Standard, strict=False)
    rows = _rows(batch, standard)
    kinds = {row.assessment_id: row.kind for row in rows}
    districts, criteria = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for pk, office in _offices(batch.assessments):
        districts[office[:6], kinds.get(pk, STAYS)] += 1
    for row in rows:
        criteria.update((name, row.kind) for name in row.criteria)
    TrialRow.objects.bulk_create(rows)
    batch.counts = msgspec.to_builtins(Counts(_nested(districts), _nested(criteria)))
    batch.done_at = timezone.now()
    batch.save(update_fields=["counts", "done_at"])
    return True


def _offices(ids: Sequence[int]) -> QuerySet[Assessment, Any]:
    rows: QuerySet[Assessment, Any] = Assessment.objects.order_by().filter(pk__in=ids)
    return rows.values_list("pk", "check_ordered__office_code")


def _rows(batch: TrialBatch, standard: Standard) -> list[TrialRow]:
    """The households of a batch that differ. What stands is read only of those, where today's rules wrote it."""
    replayed = Assessment.objects.filter(pk__in=batch.assessments).defer("result").order_by("pk")
    told: dict[int, tuple[Comparison | None, Comparison]] = {}
    failures: dict[int, str] = {}
    assessments = {row.pk: row for row in replayed}
    for row in assessments.values():
        try:
            before, after = _work_out(row, standard)
        except Exception as error:
            log.exception("Assessment %d could not be tried against %s.", row.pk, standard.id)
            failures[row.pk] = assessing.place_of(error)
        else:
            if (before.proposed if before else row.proposed) != after.proposed:
                told[row.pk] = before, after
    standing = _standing([pk for pk, (before, _after) in told.items() if before is None])
    found = {pk: tried(before or standing[pk], after) for pk, (before, after) in told.items()}
    offices = dict(Check.objects.filter(assessments__in=[*found, *failures]).values_list("pk", "office_code"))
    differ = sorted([*found, *failures])
    return [_row(batch, assessments[pk], offices, found.get(pk), failures.get(pk, "")) for pk in differ]


def _work_out(row: Assessment, standard: Standard) -> tuple[Comparison | None, Comparison]:
    """As it stands by today's rules (None: as it is written, they wrote it), and as it would by the other standard."""
    inputs = assessing.inputs_of(row)
    before = None if row.rules_version == RULES_VERSION else inputs.work_out().comparison
    return before, msgspec.structs.replace(inputs, standard=standard).work_out().comparison


def _standing(ids: Sequence[int]) -> dict[int, Comparison]:
    rows = Assessment.objects.filter(pk__in=ids).defer("inputs") if ids else ()
    return {row.pk: assessing.result_of(row).comparison for row in rows}


def _row(batch: TrialBatch, row: Assessment, offices: dict[int, str], found: Tried | None, failure: str) -> TrialRow:
    common = {
        "trial_id": batch.trial_id,
        "assessment_id": row.pk,
        "check_ordered_id": row.check_ordered_id,
        "office_code": offices[row.check_ordered_id],
    }
    if found is None:
        nothing = msgspec.json.encode(Tried(was=row.proposed, now=""))
        return TrialRow(**common, kind=FAILED, was=row.proposed, content=nothing, failure=failure)
    return TrialRow(
        **common,
        kind=trial_kind(found.was, found.now),
        was=found.was,
        now=found.now,
        criteria=list(found.criteria),
        content=msgspec.json.encode(found),
    )


def _nested(counted: Counter[tuple[str, str]]) -> dict[str, dict[str, int]]:
    nested: dict[str, dict[str, int]] = {}
    for (place, kind), number in sorted(counted.items()):
        nested.setdefault(place, {})[kind] = number
    return nested


def _sum(parts: Iterable[Any]) -> Counts:
    """Counts of batches added up, in a lasting order."""
    districts, criteria = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for part in parts:
        counts = msgspec.convert(part, Counts)
        for counted, told in ((districts, counts.districts), (criteria, counts.criteria)):
            for place, kinds in told.items():
                counted.update({(place, kind): number for kind, number in kinds.items()})
    return Counts(_nested(districts), _nested(criteria))


@transaction.atomic
def _finish(trial_id: int) -> bool:
    """Add up and seal, once every batch is done; whether it is."""
    trial = Trial.objects.select_for_update(of=("self",)).get(pk=trial_id)
    if trial.is_finished:
        return True
    if trial.batches.filter(done_at=None).exists():
        return False
    counts = _sum(trial.batches.order_by("number").values_list("counts", flat=True))
    trial.counts, trial.finished_at = msgspec.to_builtins(counts), timezone.now()
    trial.result_digest = digest(trial, counts)
    trial.save(update_fields=["counts", "finished_at", "result_digest"])
    return True


def digest(trial: Trial, counts: Counts) -> str:
    """SM3 over the text, the households and what came of each: the same for a second run of the same."""
    told = (
        (trial.content_digest, trial.population_digest, RULES_VERSION),
        (counts.districts, counts.criteria),
        *_told(trial),
    )
    return ciphers.sm3(b"\n".join(msgspec.json.encode(line) for line in told)).hex()


def _told(trial: Trial) -> Iterator[tuple[Any, ...]]:
    rows = TrialRow.objects.of_trial(trial.pk).values_list("assessment_id", "was", "now", "criteria")
    yield from rows.iterator(chunk_size=CHUNK)


def digest_of(content: object) -> str:
    """SM3 of anything that JSON can hold, keys in order."""
    return ciphers.sm3(msgspec.json.encode(content, order="deterministic")).hex()
