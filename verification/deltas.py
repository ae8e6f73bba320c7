"""What changed since the last concluded check of a case, kept with the assessment of the next. In sets.

A first check of a case has no delta. A set without any check concluded before costs one small query.
"""

import zlib
from collections.abc import Mapping, Sequence

import msgspec

from verification.comparison import Assessed, Change, Changes, changes
from verification.models import Assessment, Check, Conclusion, Delta

_results = msgspec.json.Decoder(Assessed)
_changes = msgspec.json.Decoder(Changes)


def changes_of(delta: Delta) -> tuple[Change, ...]:
    """The changes that a delta holds, the weightiest first."""
    return _changes.decode(delta.content).changes


class Deltas:
    """The deltas of a set of checks."""

    def __init__(self, checks: Sequence[Check]) -> None:
        last = _last_concluded(checks)
        results = dict(Assessment.objects.filter(pk__in=last.values()).values_list("pk", "result")) if last else {}
        self._before: Mapping[int, tuple[int, bytes]] = {check: (pk, results[pk]) for check, pk in last.items()}
        self._rows: list[Delta] = []

    def add(self, row: Assessment, result: Assessed, dismissed: frozenset[str]) -> None:
        """Compare an assessment with that of the last concluded check of its case, where there is one."""
        if row.check_ordered_id not in self._before:
            return
        before, packed = self._before[row.check_ordered_id]
        found = changes(_results.decode(zlib.decompress(packed)), result, dismissed)
        delta = Delta(
            check_ordered=row.check_ordered,
            assessment=row,
            before_id=before,
            round_id=row.round_id,
            office_code=row.check_ordered.office_code,
            weight=sum(change.weight for change in found),
            kinds=sorted({change.kind for change in found}),
            content=msgspec.json.encode(Changes(found)),
        )
        self._rows.append(delta)

    def save(self) -> None:
        """Write them, once the assessments are; those of an earlier version of the assessment give way."""
        if not self._rows:
            return
        for row in self._rows:
            row.assessment_id = row.assessment.pk
        columns = ["assessment", "before", "weight", "kinds", "content"]
        Delta.objects.bulk_create(
            self._rows, batch_size=500, update_conflicts=True, unique_fields=["check_ordered"], update_fields=columns
        )


def _last_concluded(checks: Sequence[Check]) -> dict[int, int]:
    """By check, the assessment on which the last conclusion before it rests, in the same case."""
    subjects = {check.subject for check in checks}
    concluded = Conclusion.objects.filter(check_ordered__subject__in=subjects).order_by("check_ordered")
    of_case: dict[str, list[tuple[int, int]]] = {}
    for subject, number, assessment in concluded.values_list("check_ordered__subject", "check_ordered", "assessment"):
        of_case.setdefault(subject, []).append((number, assessment))
    return {
        check.pk: assessment
        for check in checks
        for number, assessment in of_case.get(check.subject, ())  # in order: the last one stays
        if number < check.pk
    }
