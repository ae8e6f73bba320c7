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
_COLUMNS = ("pk", "fingerprint", "marks", "about", "state", "turn", "gone_at", "reopening")


class _Row:
    """A finding on file."""

    def __init__(
        self, pk: int, fingerprint: str, marks: list[str], about: str, state: str, turn: int, gone: Any, taken_back: Any
    ) -> None:
        self.pk, self.fingerprint, self.about, self.turn = pk, fingerprint, about, turn
        self.state = "gone" if gone else state
        self.marks = {fingerprint, *marks}
        self.stands = taken_back is None  # a dismissal that was taken back stands for nothing

    @property
    def is_dismissed(self) -> bool:
        """Whether a person's word keeps it away."""
        return self.stands and self.state == "dismissed"

    def is_of(self, finding: ProposedFinding) -> bool:
        """Whether this is the proposed finding; of a confirmed one also after a small change of its amount."""
        if self.state in {"confirmed", "gone"}:
            return not self.marks.isdisjoint((finding.fingerprint, *finding.marks))
        return self.fingerprint == finding.fingerprint


class Filed:
    """The findings that are already on file for the cases of a set of checks, read once."""

    def __init__(self, checks: Sequence[Check]) -> None:
        self.dismissed: dict[str, set[str]] = {}  # by case: the marks of what was dismissed
        self._about: dict[str, set[str]] = {}  # and what it was about
        self._rows: dict[int, list[_Row]] = {}
        rows = Finding.objects.filter(check_ordered__subject__in={check.subject for check in checks})
        for check, subject, *columns in rows.values_list("check_ordered", "check_ordered__subject", *_COLUMNS):
            row = _Row(*columns)
            self._rows.setdefault(check, []).append(row)
            if row.is_dismissed:
                self.dismissed.setdefault(subject, set()).update(row.marks)
                self._about.setdefault(subject, set()).add(row.about)

        self._new: list[Finding] = []
        self._now: dict[str, list[int]] = {state: [] for state in _CHANGES}

    def settled_of(self, check: Check) -> frozenset[str]:
        """The marks of what was dismissed in the case of a check, and what it was about."""
        return frozenset({*self.dismissed.get(check.subject, ()), *self._about.get(check.subject, ())})

    def bring_in_line(self, check_id: int, proposed: Sequence[ProposedFinding]) -> None:
        """New ones are to be added; open ones that are gone lapse, lapsed ones that are back open again.

        A confirmed one that is gone stays as it was settled, and carries nothing while it is gone.
        """
        mine = self._rows.get(check_id, [])
        left = [row for row in mine if row.stands]
        there = []
        for finding in proposed:
            known = next((row for row in left if row.is_of(finding)), None)
            if known is None:
                turn = sum(row.fingerprint == finding.fingerprint for row in mine) + 1
                self._new.append(_finding(check_id, finding, turn))
            else:
                left.remove(known)
                there.append(known)
        for rows, changes in ((there, _BACK), (left, _GONE)):
            for row in rows:
                if becomes := changes.get(row.state):
                    self._now[becomes].append(row.pk)

    def save(self) -> None:
        """Write what has changed, in sets."""
        Finding.objects.bulk_create(self._new, batch_size=1000)
        for becomes, ids in self._now.items():
            if ids:
                Finding.objects.filter(pk__in=ids).update(**_CHANGES[becomes]())


def _finding(check_id: int, finding: ProposedFinding, turn: int) -> Finding:
    return Finding(
        check_ordered_id=check_id,
        fingerprint=finding.fingerprint,
        marks=list(finding.marks),
        about=finding.about,
        turn=turn,
        kind=finding.kind,
        member=finding.member,
        source_code=finding.source,
        weight=finding.weight,
        amount=finding.amount,
        params=finding.params,
        supports=list(finding.supports),
    )
