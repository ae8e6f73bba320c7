"""What a person said of the findings of a case in its earlier checks, beside those of this one."""

from collections.abc import Iterable, Mapping
from typing import Any

from verification import wording
from verification.models import Check, Finding
from verification.wording.settled import comes_back, said_of, since_then
from verification.wording.terms import source_name


class Earlier:
    """The findings that a person settled in earlier checks of the case; one query."""

    def __init__(self, check: Check) -> None:
        rows = Finding.objects.settled_before(check).select_related("settled_by", "check_ordered", "reopening__by")
        self._rows = list(rows.defer("check_ordered__declared"))

    def beside(self, row: Finding) -> list[str]:
        """What was said of the same thing before, and what has changed since; the newest word alone."""
        for earlier in self._rows:
            if earlier.about and earlier.about == row.about:
                changed = since_then(earlier, row)
                return [*said_of(earlier), *([changed] if changed else [])]
        return []

    def dismissed(
        self, shown: Iterable[Finding], members: Mapping[str, str], names: Mapping[str, str]
    ) -> list[dict[str, Any]]:
        """Those whose dismissal keeps them from coming back, in words; not those of which this check tells anew."""
        told = {row.about for row in shown}
        return [
            {
                "row": row,
                "text": wording.finding_text(row.kind, row.params, names=names),
                "member": members.get(row.member, ""),
                "source": source_name(row.source_code, names),
                "comes_back": comes_back(row),
            }
            for row in self._rows
            if row.state == Finding.State.DISMISSED and not hasattr(row, "reopening") and row.about not in told
        ]
