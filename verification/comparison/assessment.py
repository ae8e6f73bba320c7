"""The whole arithmetic of a check in one call: statement, comparison, proposed conclusion. It can be replayed."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from verification.comparison.differences import differences
from verification.comparison.findings import Compared, ProposedFinding, propose_all
from verification.comparison.outcome import FIT, INCOMPLETE, NEAR, UNFIT, Comparison, NearLine
from verification.facts import Declared
from verification.figures import Criterion
from verification.rules import RULES_VERSION, judge_all
from verification.standards import Standard
from verification.statement import Heard, Statement, assemble

NONE_ASIDE: frozenset[str] = frozenset()


class Assessed(Struct, frozen=True, kw_only=True):
    """The result of a check, as it is stored. Encodes with `msgspec.json`; the same inputs encode to the same bytes."""

    statement: Statement
    comparison: Comparison
    standard: str
    rules_version: str
    near: NearLine | None = None


def assess(
    declared: Declared, heard: Sequence[Heard], standard: Standard, *, on: date, set_aside: frozenset[str] = NONE_ASIDE
) -> Assessed:
    """Assess a household as of a day. `set_aside`: marks of findings that a person dismissed."""
    statement = assemble(declared, heard, standard, on=on, set_aside=set_aside)
    comparison = compare(declared, statement, standard, on=on, set_aside=set_aside)
    return Assessed(
        statement=statement,
        comparison=comparison,
        standard=standard.id,
        rules_version=RULES_VERSION,
        near=near_line(comparison, statement),
    )


def compare(
    declared: Declared, statement: Statement, standard: Standard, *, on: date, set_aside: frozenset[str] = NONE_ASIDE
) -> Comparison:
    """Compare a statement with the declaration and the standard.

    Raises ValueError when the statement is of another day. A failed criterion whose finding a person dismissed does not
    make the household unfit; it leaves the check incomplete, until the person has said which record is wrong.
    """
    if statement.on != on:
        raise ValueError("the statement is of another day")
    criteria = judge_all(statement.figures, standard)
    compared = Compared(
        declared=declared,
        statement=statement,
        standard=standard,
        differences=differences(declared, statement, standard),
        criteria=criteria,
    )
    findings = tuple(finding for finding in propose_all(compared) if set_aside.isdisjoint(finding.marks))
    proposed, reasons = _propose(statement, criteria, findings)
    return Comparison(
        criteria=criteria,
        differences=compared.differences,
        findings=findings,
        proposed=proposed,
        reasons=reasons,
        tier=_place(statement, standard) if proposed == FIT else "",
    )


def _propose(
    statement: Statement, criteria: tuple[Criterion, ...], findings: tuple[ProposedFinding, ...]
) -> tuple[str, tuple[str, ...]]:
    """Unfit by any failed criterion; else incomplete by any answer that is kept back, open criterion, silent source,
    old data of a source that is needed, or mismatch; else fit.
    """
    failed = [f"{finding.params['criterion']}.failed" for finding in findings if finding.kind == "over_limit"]
    if failed:
        return UNFIT, tuple(sorted(failed))
    words = {False: "dismissed", None: "open"}
    open_ones = [f"{each.name}.{words[each.met]}" for each in criteria if not each.met]
    in_doubt = statement.completeness.in_doubt
    doubted = [f"kept_back:{source}" for source in in_doubt]
    missing = [f"missing:{source}" for source in statement.completeness.missing if source not in in_doubt]
    stale = [f"stale:{source}" for source, each in statement.completeness.old.items() if each.leaves_open]
    mismatched = [f"mismatch:{source}:{person}" for source, person in statement.completeness.mismatched]
    reasons = (*doubted, *open_ones, *missing, *stale, *mismatched)
    return (INCOMPLETE if reasons else FIT), reasons


def _place(statement: Statement, standard: Standard) -> str:
    """The neediest tier whose every criterion the household meets."""
    for tier in standard.tiers:
        if all(criterion.met for criterion in judge_all(statement.figures, standard.at(tier))):
            return tier.code
    return ""


def near_line(comparison: Comparison, statement: Statement) -> NearLine | None:
    """The one fact that would change the result, or None where none alone would.

    For a household that is not unfit: the criterion that is nearest to its line, within a tenth of the limit. For one
    that fails a single criterion: that one, with the smallest line without which it would be met.
    """
    failed = [criterion for criterion in comparison.criteria if criterion.met is False]
    if len(failed) > 1:
        return None
    measured = failed or comparison.criteria
    near = [each for each in (_near(criterion) for criterion in measured) if each is not None]
    if failed:
        return _with_line(near[0], failed[0], statement) if near else None
    close = [each for each in near if each.share <= NEAR and each.criterion not in {"vehicles", "one_benefit"}]
    return min(close, key=lambda each: each.share, default=None)


def _near(criterion: Criterion) -> NearLine | None:
    if criterion.distance is None or not criterion.limit:
        return None
    share = (abs(criterion.distance) / criterion.limit).quantize(Decimal("0.0001"))
    return NearLine(criterion=criterion.name, distance=criterion.distance, share=share)


def _with_line(near: NearLine, criterion: Criterion, statement: Statement) -> NearLine:
    """The smallest line of the figure that outweighs the distance; figures per head are weighed in total."""
    if criterion.value is None or not criterion.value:
        return near
    lines = [statement.line(number) for number in criterion.lines]
    total = sum(line.counted for line in lines)
    needed = total * -near.distance / criterion.value
    enough = sorted((line for line in lines if line.counted > needed), key=lambda line: (line.counted, line.number))
    return replace(near, line=enough[0].number) if enough else near
