"""What a comparison comes to: criteria, findings, the conclusion proposed to the officer, how near the line it is."""

from decimal import Decimal

from msgspec import Struct

from verification.comparison.differences import Difference
from verification.comparison.findings import ProposedFinding
from verification.figures import Criterion

NEAR = Decimal("0.1")  # of the limit

FIT, UNFIT, INCOMPLETE = "fit", "unfit", "incomplete"


class Comparison(Struct, frozen=True, kw_only=True):
    """`proposed` is fit, unfit or incomplete; a person concludes. `reasons` say why not fit; `tier`, fit for which."""

    criteria: tuple[Criterion, ...]
    differences: tuple[Difference, ...]
    findings: tuple[ProposedFinding, ...]  # the weightiest first
    proposed: str
    reasons: tuple[str, ...] = ()
    tier: str = ""

    def criterion(self, name: str) -> Criterion | None:
        """The criterion of this name."""
        return next((criterion for criterion in self.criteria if criterion.name == name), None)


class NearLine(Struct, frozen=True, kw_only=True):
    """The criterion that a single fact would turn: how far it stands from its line, and that fact's line, if any."""

    criterion: str
    distance: Decimal
    share: Decimal  # of the limit
    line: int | None = None
