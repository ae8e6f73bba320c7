"""Turn complete answers into a statement, a comparison and findings: pure arithmetic in the middle, sets at both ends.

Everything the arithmetic was given is kept with the result, so that any decision can be replayed years later.
"""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import msgspec
from django.db import transaction

from bureau import ciphers, lifecycle
from verification import moves
from verification.comparison import Assessed, ProposedFinding
from verification.comparison import assess as work_out
from verification.connector import Answer, Reply
from verification.facts import Declared, Evidence, Outcome, RecordKind
from verification.models import Assessment, Check, Finding, Inquiry
from verification.standards import Standard
from verification.statement import Heard

SWEEP_SIZE = 200


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


@transaction.atomic
def assess(check_ids: Sequence[int]) -> None:
    """Assess the settled checks among these, as one set: three reads, one write per table, no query per household."""
    if not check_ids:
        return
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
    heard = _heard(checks)
    dismissed = _dismissed(checks)
    versions = _versions(checks)
    standards = _Standards()
    rows, proposals = [], {}
    for check in checks:
        inputs = Inputs(
            declared=_declarations.decode(check.declared),
            heard=tuple(heard.get(check.pk, ())),
            standard=standards.of(check),
            on=check.as_of,
            set_aside=tuple(sorted(dismissed.get(check.subject, ()))),
        )
        result = inputs.work_out()
        rows.append(_row(check, versions.get(check.pk, 0) + 1, inputs, result))
        proposals[check.pk] = result.comparison.findings
    Assessment.objects.bulk_create(rows, batch_size=500)
    _file_findings(checks, proposals)


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


def _heard(checks: Sequence[Check]) -> Mapping[int, list[Heard]]:
    """What the sources said of each check, also where they said nothing."""
    wanted = {check.pk: check for check in checks}
    heard: dict[int, list[Heard]] = {}
    rows = (
        Inquiry.objects.filter(check_ordered__in=wanted).exclude(state="cancelled").select_related("source", "exchange")
    )
    unread = ("source__secret", "exchange__request", "exchange__reply")
    for row in rows.defer(*unread).order_by("check_ordered_id", "source__place"):
        heard.setdefault(row.check_ordered_id, []).append(_hear(row, wanted[row.check_ordered_id]))
    return heard


def _hear(row: Inquiry, check: Check) -> Heard:
    answer = _answers.decode(row.answer) if row.answer is not None else None
    replies = {reply.person: reply for reply in answer.replies} if answer else {}
    why_not = Outcome(row.reason or Outcome.NOT_ASKED)
    members = _declarations.decode(check.declared).persons
    return Heard(
        source=row.source.code,
        kinds=tuple(RecordKind(kind) for kind in row.source.kinds),
        replies=tuple(
            replies.get(member.key) or Reply(person=member.key, outcome=_silence(row, member.key, why_not))
            for member in members
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


def _dismissed(checks: Iterable[Check]) -> Mapping[str, set[str]]:
    """Fingerprints that a person has dismissed in any check of the same case: they do not come back."""
    found: dict[str, set[str]] = {}
    rows = Finding.objects.filter(check_ordered__subject__in={check.subject for check in checks}, state="dismissed")
    for subject, fingerprint in rows.values_list("check_ordered__subject", "fingerprint"):
        found.setdefault(subject, set()).add(fingerprint)
    return found


def _versions(checks: Iterable[Check]) -> Mapping[int, int]:
    latest: dict[int, int] = {}
    for pk, version in Assessment.objects.filter(check_ordered__in=[c.pk for c in checks]).values_list(
        "check_ordered_id", "version"
    ):
        latest[pk] = max(version, latest.get(pk, 0))
    return latest


def _file_findings(checks: Sequence[Check], proposals: Mapping[int, Sequence[ProposedFinding]]) -> None:
    """New ones are opened, settled ones stay settled, open ones that are gone lapse, lapsed ones that are back are
    opened.
    """
    existing = {(f.check_ordered_id, f.fingerprint): f for f in Finding.objects.filter(check_ordered__in=checks)}
    proposed = {(pk, finding.fingerprint): finding for pk, findings in proposals.items() for finding in findings}
    Finding.objects.bulk_create(
        [_finding(pk, finding) for (pk, mark), finding in proposed.items() if (pk, mark) not in existing],
        batch_size=1000,
    )
    gone = [f.pk for mark, f in existing.items() if mark not in proposed and f.state == "open"]
    back = [f.pk for mark, f in existing.items() if mark in proposed and f.state == "lapsed"]
    Finding.objects.filter(pk__in=gone).update(state="lapsed")
    Finding.objects.filter(pk__in=back).update(state="open")


def _finding(check_id: int, finding: ProposedFinding) -> Finding:
    return Finding(
        check_ordered_id=check_id,
        fingerprint=finding.fingerprint,
        kind=finding.kind,
        member=finding.member,
        source_code=finding.source,
        weight=finding.weight,
        params=finding.params,
        supports=list(finding.supports),
    )
