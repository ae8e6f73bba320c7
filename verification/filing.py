"""The findings on file, brought in line with what an assessment proposes. A person's word on one is never changed."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils import timezone

from verification.comparison import ProposedFinding
from verification.models import Check, Finding

# What becomes of a finding on file, by how it stands ("gone": confirmed and gone).
_GONE = {"open": "lapsed", "confirmed": "gone"}
_BACK = {"lapsed": "open", "gone": "confirmed"}
_CHANGES: Mapping[str, Callable[[], dict[str, Any]]] = {
    "lapsed": lambda: {"state": "lapsed"},
    "open": lambda: {"state": "open"},
    "gone": lambda: {"gone_at": timezone.now()},
    "confirmed": lambda: {"gone_at": None},
}


class Filed:
    """The findings that are already on file for the cases of a set of checks, read once."""

    def __init__(self, checks: Sequence[Check]) -> None:
        subjects = {check.subject for check in checks}
        rows = Finding.objects.filter(check_ordered__subject__in=subjects)
        fields = ("pk", "check_ordered_id", "check_ordered__subject", "fingerprint", "state", "gone_at")
        self.dismissed: dict[str, set[str]] = {}
        self.states: dict[tuple[int, str], tuple[int, str]] = {}  # of (check, fingerprint): pk and state
        for pk, check, subject, fingerprint, state, gone_at in rows.values_list(*fields):
            self.states[check, fingerprint] = (pk, "gone" if gone_at else state)
            if state == "dismissed":
                self.dismissed.setdefault(subject, set()).add(fingerprint)

        self._new: list[Finding] = []
        self._now: dict[str, list[int]] = {state: [] for state in _CHANGES}

    def bring_in_line(self, check_id: int, proposed: Sequence[ProposedFinding]) -> None:
        """New ones are to be added; open ones that are gone lapse, lapsed ones that are back open again.

        A confirmed one that is gone stays as it was settled, and carries nothing while it is gone.
        """
        marks = {finding.fingerprint for finding in proposed}
        mine = {mark: filed for (check, mark), filed in self.states.items() if check == check_id}
        for mark, (pk, state) in mine.items():
            becomes = (_BACK if mark in marks else _GONE).get(state)
            if becomes:
                self._now[becomes].append(pk)
        self._new += [_finding(check_id, finding) for finding in proposed if finding.fingerprint not in mine]

    def save(self) -> None:
        """Write what has changed, in sets."""
        Finding.objects.bulk_create(self._new, batch_size=1000)
        for becomes, ids in self._now.items():
            if ids:
                Finding.objects.filter(pk__in=ids).update(**_CHANGES[becomes]())


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
