"""Turn complete answers into a statement, a comparison and findings: pure arithmetic in the middle, sets at both ends.

Everything the arithmetic was given is kept with the result, so that any decision can be replayed years later.
"""

import logging
import traceback
import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import msgspec
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Max
from django.utils import timezone

from bureau import ciphers, lifecycle
from verification import moves
from verification.comparison import Assessed
from verification.comparison import assess as work_out
from verification.connector import Answer, Reply
from verification.facts import Declared, Evidence, Outcome, RecordKind
from verification.filing import Filed
from verification.models import Assessment, Check, Inquiry
from verification.standards import Standard
from verification.statement import Heard

SWEEP_SIZE = 200
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)  # of a check that cannot be assessed

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


_answers = msgspec.json.Decoder(Answer)
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
    return zlib.compress(msgspec.json.encode(value), 1)


def assess_due() -> int:
    """The sweep: checks that settled while nobody was there to assess them; returns how many."""
    ids = list(Check.objects.to_assess().order_by("queue", "pk").values_list("pk", flat=True)[:SWEEP_SIZE])
    assess(ids)
    return len(ids)


def assess(check_ids: Sequence[int]) -> None:
    """Assess the settled checks among these, as one set.

    One that cannot be assessed does not hold up the others: then each is assessed by itself, and what fails stays
    settled with the reason, is logged, and is tried again after a pause. A database that is not there is nobody's
    fault and is raised.
    """
    if not check_ids:
        return
    try:
        _assess(check_ids)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("A set of %d checks could not be assessed; each is assessed by itself.", len(check_ids))
        for check_id in check_ids:
            _assess_alone(check_id)


def _assess_alone(check_id: int) -> None:
    try:
        _assess([check_id])
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        where = _where(error)
        log.exception("Check %d could not be assessed: %s", check_id, where)
        _put_off(check_id, where)


def _where(error: Exception) -> str:
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


@transaction.atomic
def _assess(check_ids: Sequence[int]) -> None:
    """Three reads, one write per table, no query per household."""
    locked = (
        Check.objects.filter(pk__in=check_ids)
        .to_assess()
        .order_by("pk")
        .select_for_update(of=("self",), skip_locked=True)
    )
    checks = list(locked.select_related("standard"))
    write(checks)
    lifecycle.make_moves(Check.objects.filter(pk__in=[check.pk for check in checks]), moves.ASSESS)


def write(checks: Sequence[Check]) -> None:
    """Work out and store a new version of the assessment of each check, and bring its findings in line with it."""
    declarations = {check.pk: _declarations.decode(check.declared) for check in checks}
    heard = _heard(checks, declarations)
    filed = Filed(checks)
    versions = _versions(checks)
    standards = _Standards()
    rows: list[Assessment] = []
    for check in checks:
        inputs = Inputs(
            declared=declarations[check.pk],
            heard=tuple(heard.get(check.pk, ())),
            standard=standards.of(check),
            on=check.as_of,
            set_aside=tuple(sorted(filed.dismissed.get(check.subject, ()))),
        )
        result = inputs.work_out()
        rows.append(_row(check, versions.get(check.pk, 0) + 1, inputs, result))
        filed.bring_in_line(check.pk, result.comparison.findings)
    Assessment.objects.bulk_create(rows, batch_size=500)
    filed.save()


def _row(check: Check, version: int, inputs: Inputs, result: Assessed) -> Assessment:
    packed = msgspec.json.encode(result)
    return Assessment(
        check_ordered=check,
        version=version,
        on=inputs.on,
        standard=check.standard,
        rules_version=result.rules_version,
        inputs=pack(inputs),
        result=zlib.compress(packed, 1),
        result_digest=ciphers.sm3(packed).hex(),
        proposed=result.comparison.proposed,
        asked=result.statement.completeness.asked,
        answered=result.statement.completeness.answered,
    )


class _Standards:
    """The standards of a set of checks, each read once."""

    def __init__(self) -> None:
        self._read: dict[int, Standard] = {}

    def of(self, check: Check) -> Standard:
        """The standard that binds the check."""
        if check.standard_id not in self._read:
            self._read[check.standard_id] = msgspec.convert(check.standard.content, Standard, strict=False)
        return self._read[check.standard_id]


def _heard(checks: Sequence[Check], declarations: Mapping[int, Declared]) -> Mapping[int, list[Heard]]:
    """What the sources said of each check, also where they said nothing."""
    wanted = {check.pk: check for check in checks}
    heard: dict[int, list[Heard]] = {}
    rows = (
        Inquiry.objects.filter(check_ordered__in=wanted).exclude(state="cancelled").select_related("source", "exchange")
    )
    unread = ("source__secret", "exchange__request", "exchange__reply")
    for row in rows.defer(*unread).order_by("check_ordered_id", "source__place"):
        check, declared = wanted[row.check_ordered_id], declarations[row.check_ordered_id]
        heard.setdefault(row.check_ordered_id, []).append(_hear(row, check, declared))
    return heard


def _hear(row: Inquiry, check: Check, declared: Declared) -> Heard:
    answer = _answers.decode(row.answer) if row.answer is not None else None
    replies = {reply.person: reply for reply in answer.replies} if answer else {}
    why_not = Outcome(row.reason or Outcome.NOT_ASKED)
    return Heard(
        source=row.source.code,
        kinds=tuple(RecordKind(kind) for kind in row.source.kinds),
        replies=tuple(
            replies.get(member.key) or Reply(person=member.key, outcome=_silence(row, member.key, why_not))
            for member in declared.persons
        ),
        evidence=_evidence(row, answer),
        required=_is_required(row.source.code, row.source.policy, check),
    )


def _silence(row: Inquiry, member: str, why_not: Outcome) -> Outcome:
    return Outcome(row.outcomes.get(member, Outcome.NOT_ASKED if row.answer is not None else why_not))


def _is_required(code: str, policy: str, check: Check) -> bool:
    """The dated standard decides; where it does not name the source, the source's own policy does."""
    content = check.standard.content
    if code in content["required_sources"]:
        return True
    return code not in content.get("sources_that_may_be_missing", ()) and policy == "must_answer"


def _evidence(row: Inquiry, answer: Answer | None) -> Evidence | None:
    if row.exchange is None:
        return None
    return Evidence(
        source=row.source.code,
        request_number=row.exchange.request_number or str(row.exchange.number),
        replied_at=answer.replied_at if answer else row.answered_at,
        data_date=next((reply.data_date for reply in answer.replies if reply.data_date), None) if answer else None,
        digest=row.exchange.reply_digest,
    )


def _versions(checks: Iterable[Check]) -> Mapping[int, int]:
    rows = Assessment.objects.filter(check_ordered__in=[check.pk for check in checks])
    latest = rows.values("check_ordered").annotate(latest=Max("version"))
    return dict(latest.values_list("check_ordered", "latest"))
