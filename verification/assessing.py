"""Turn complete answers into a statement, a comparison and findings: pure arithmetic in the middle, sets at both ends.

Everything the arithmetic was given is kept with the result, so that any decision can be replayed years later.
"""

import logging
import traceback
import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Max, prefetch_related_objects
from django.utils import timezone
from isal import isal_zlib

from bureau import bell, ciphers, lifecycle
from bureau.models import Staff
from verification import doubt, hearing, moves
from verification.comparison import NEAR, Assessed
from verification.comparison import assess as work_out
from verification.deltas import Deltas
from verification.facts import Declared
from verification.filing import Filed
from verification.models import Assessment, Check
from verification.querysets import CheckQuerySet
from verification.standards import Standard
from verification.statement import Heard

SWEEP_SIZE = 200
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)  # of a check that cannot be assessed
NOTHING_TOLD: hearing.JustTold = {}

log = logging.getLogger(__name__)


class Inputs(msgspec.Struct, frozen=True):
    """All that a result follows from: with these and the rules of that version it can be worked out again."""

    declared: Declared
    heard: tuple[Heard, ...]
    standard: Standard
    on: date
    set_aside: tuple[str, ...] = ()

    def work_out(self) -> Assessed:
        """Statement, comparison, findings and proposed conclusion."""
        return work_out(self.declared, self.heard, self.standard, on=self.on, set_aside=frozenset(self.set_aside))


_declarations = msgspec.json.Decoder(Declared)
_inputs = msgspec.json.Decoder(Inputs)
_results = msgspec.json.Decoder(Assessed)


def declared_of(check: Check) -> Declared:
    """What the household of a check declared."""
    return _declarations.decode(check.declared)


def inputs_of(assessment: Assessment) -> Inputs:
    """What an assessment was worked out from."""
    return _inputs.decode(zlib.decompress(assessment.inputs))


def result_of(assessment: Assessment) -> Assessed:
    """What it came to."""
    return _results.decode(zlib.decompress(assessment.result))


def pack(value: msgspec.Struct) -> bytes:
    """A struct as it is stored: JSON, compressed."""
    return isal_zlib.compress(msgspec.json.encode(value), 1)


def assess_due() -> int:
    """The sweep: checks that settled while nobody was there to assess them; returns how many."""
    ids = list(Check.objects.to_assess().order_by("queue", "pk").values_list("pk", flat=True)[:SWEEP_SIZE])
    assess(ids)
    return len(ids)


def assess(check_ids: Sequence[int], told: hearing.JustTold = NOTHING_TOLD) -> None:
    """Assess the settled checks among these, as one set. `told`: answers that the caller has just recorded.

    One that cannot be assessed does not hold up the others: then each is assessed by itself, and what fails stays
    settled with the reason, is logged, and is tried again after a pause. A database that is not there is nobody's
    fault and is raised.
    """
    if not check_ids:
        return
    try:
        _assess(check_ids, told)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("A set of %d checks could not be assessed; each is assessed by itself.", len(check_ids))
        for check_id in check_ids:
            _assess_alone(check_id, told)


def _assess_alone(check_id: int, told: hearing.JustTold) -> None:
    try:
        _assess([check_id], told)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        where = place_of(error)
        log.exception("Check %d could not be assessed: %s", check_id, where)
        _put_off(check_id, where)


def place_of(error: Exception) -> str:
    """What went wrong and where in our code. The error's own text may quote what a source said."""
    ours = [
        frame for frame in traceback.extract_tb(error.__traceback__) if "verification" in Path(frame.filename).parts
    ]
    place = f" ({Path(ours[-1].filename).name}, {ours[-1].lineno})" if ours else ""
    return f"{type(error).__name__}{place}"


@transaction.atomic
def _put_off(check_id: int, reason: str) -> None:
    """Keep why a check could not be assessed, and when it is tried again: each time twice as late."""
    check = Check.objects.select_for_update(of=("self",)).get(pk=check_id)
    if check.status != Check.Status.SETTLED:
        return  # somebody cancelled it meanwhile
    now = timezone.now()
    check.assess_failures = check.assess_failures + 1 if check.is_stuck else 1
    check.assess_failed_at, check.assess_failure = now, reason
    check.assess_after = now + min(FIRST_PAUSE * 2 ** min(check.assess_failures - 1, 20), LONGEST_PAUSE)
    check.save(update_fields=["assess_failures", "assess_failed_at", "assess_failure", "assess_after"])


def put_back(checks: CheckQuerySet, *, by: Staff | None, note: str) -> int:
    """These are compared anew, since what may be heard of their sources has changed; returns how many."""
    moved = lifecycle.make_moves(checks, moves.ASSESS_AGAIN, by=by, note=note)
    bell.ring("verification.assess_due_checks")
    return len(moved)


@transaction.atomic
def _assess(check_ids: Sequence[int], told: hearing.JustTold) -> None:
    """Few reads, one write per table, no query per household."""
    doubt.wait()
    locked = (
        Check.objects.filter(pk__in=check_ids)
        .to_assess()
        .order_by("pk")
        .select_for_update(of=("self",), skip_locked=True)
    )
    checks = list(locked)
    prefetch_related_objects(checks, "standard")  # each standard is read once, not once per household
    write(checks, told)
    lifecycle.make_moves(Check.objects.filter(pk__in=[check.pk for check in checks]), moves.ASSESS)


def write(checks: Sequence[Check], told: hearing.JustTold = NOTHING_TOLD) -> None:
    """Work out and store a new version of the assessment of each check, bring findings and delta in line with it."""
    doubt.wait()
    declarations = {check.pk: _declarations.decode(check.declared) for check in checks}
    heard = hearing.heard(checks, declarations, told)
    filed, deltas = Filed(checks), Deltas(checks)
    versions = _versions(checks)
    standards = _Standards()
    rows: list[Assessment] = []
    for check in checks:
        inputs = Inputs(
            declared=declarations[check.pk],
            heard=heard.get(check.pk, ()),
            standard=standards.of(check),
            on=check.as_of,
            set_aside=tuple(sorted(filed.dismissed.get(check.subject, ()))),
        )
        result = inputs.work_out()
        rows.append(_row(check, versions.get(check.pk, 0) + 1, inputs, result))
        deltas.add(rows[-1], result, filed.settled_of(check))
        filed.bring_in_line(check.pk, result.comparison.findings)
    Assessment.objects.bulk_create(rows, batch_size=500)
    filed.save()
    deltas.save()


def _row(check: Check, version: int, inputs: Inputs, result: Assessed) -> Assessment:
    packed = msgspec.json.encode(result)
    return Assessment(
        check_ordered=check,
        version=version,
        on=inputs.on,
        standard=check.standard,
        rules_version=result.rules_version,
        inputs=pack(inputs),
        result=isal_zlib.compress(packed, 1),
        result_digest=ciphers.sm3(packed).hex(),
        proposed=result.comparison.proposed,
        asked=result.statement.completeness.asked,
        answered=result.statement.completeness.answered,
        round_id=check.round_id,
        **_near(result),
    )


def _near(result: Assessed) -> dict[str, Any]:
    """What would change the result alone, where it is within a tenth of its line."""
    near = result.near
    return {} if near is None or near.share > NEAR else {"near_criterion": near.criterion, "near_share": near.share}


class _Standards:
    """The standards of a set of checks, each read once."""

    def __init__(self) -> None:
        self._read: dict[int, Standard] = {}

    def of(self, check: Check) -> Standard:
        """The standard that binds the check."""
        if check.standard_id not in self._read:
            self._read[check.standard_id] = msgspec.convert(check.standard.content, Standard, strict=False)
        return self._read[check.standard_id]


def _versions(checks: Iterable[Check]) -> Mapping[int, int]:
    rows = Assessment.objects.filter(check_ordered__in=[check.pk for check in checks])
    latest = rows.values("check_ordered").annotate(latest=Max("version"))
    return dict(latest.values_list("check_ordered", "latest"))
