"""Set a round under faults against the faultless one: what was lost, doubled, wrong, or left unnamed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from django.db.models import Count

from housing_credit.faults import ledger
from housing_credit.faults.rounds import Held
from verification import assessing
from verification.comparison import Assessed
from verification.facts import Outcome
from verification.models import Assessment, Check, Inquiry

AT_A_TIME = 500  # assessments decoded at a time


@dataclass
class Verdict:
    """What went wrong, a sentence per check."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """How much of each."""
        return {kind: len(sentences) for kind, sentences in vars(self).items()}

    def told(self) -> list[str]:
        """Every sentence, with its kind."""
        return [f"{kind}: {sentence}" for kind, sentences in vars(self).items() for sentence in sentences]


def judge(faultless: Held, held: Held, *, down: str = "") -> Verdict:
    """The verdict on a round of the same households. `down`: the source that never answered in it."""
    verdict = Verdict()
    checks = list(Check.objects.of_round(held.round.pk).only("number", "subject", "status").order_by("pk"))
    verdict.lost = list(_lost(held, checks))
    verdict.doubled = list(_doubled(held, checks))
    expected = dict(_results(faultless))
    for subject, result in _results(held):
        told, number = result.told, f"{result.number} ({subject})"
        if subject not in expected or told != expected[subject].told:
            verdict.wrong.append(f"{number} {_difference(expected.get(subject), result)}")
        if down and not result.names(down):
            verdict.unnamed.append(f"{number} does not say that {down} has not answered")
    return verdict


# --- lost and doubled -----------------------------------------------------------------------------------------------


def _lost(held: Held, checks: Sequence[Check]) -> Iterator[str]:
    """Households without a check, checks that were not assessed, inquiries still open."""
    there = {check.subject for check in checks}
    yield from (f"{order.subject} has no check" for order in held.orders if order.subject not in there)
    rows = Inquiry.objects.filter(check_ordered__round=held.round, state="open")
    open_at: dict[int, list[str]] = {}
    for check_id, code in rows.order_by("pk").values_list("check_ordered", "source__code"):
        open_at.setdefault(check_id, []).append(code)
    for check in checks:
        if check.status != Check.Status.ASSESSED or check.pk in open_at:
            yield f"{check.number} ({check.subject}) is {check.status}, open at {', '.join(open_at.get(check.pk, ()))}"


def _doubled(held: Held, checks: Sequence[Check]) -> Iterator[str]:
    """Checks with anything that happened twice; nobody asked again and nobody settled a finding in this round."""
    numbers = {check.pk: f"{check.number} ({check.subject})" for check in checks}
    said: dict[int, list[str]] = {}
    for check_id, kind in ledger.twice(held.round.pk):
        said.setdefault(check_id, []).append(f"{kind} twice")
    ours = Check.objects.of_round(held.round.pk)
    for check_id, count in ours.annotate(n=Count("assessments")).filter(n__gt=1).values_list("pk", "n"):
        said.setdefault(check_id, []).append(f"{count} assessments")
    for check_id in ours.filter(inquiries__runs__gt=1).distinct().values_list("pk", flat=True):
        said.setdefault(check_id, []).append("asked anew by nobody")
    for subject in ours.values("subject").annotate(n=Count("pk")).filter(n__gt=1).values_list("subject", flat=True):
        twice = next(check.pk for check in reversed(checks) if check.subject == subject)
        said.setdefault(twice, []).append("a second check of this household")
    yield from (f"{numbers[check_id]}: {', '.join(what)}" for check_id, what in sorted(said.items()))


# --- wrong and unnamed ----------------------------------------------------------------------------------------------


class Result(msgspec.Struct, frozen=True):
    """What the newest assessment of a household came to."""

    number: str  # of the check
    told: dict[str, Any]  # what must be as in the faultless round
    silent_at: frozenset[str]  # sources of which the statement says that they did not answer of any member

    def names(self, down: str) -> bool:
        """Whether the statement names this source as unanswered."""
        return down in self.silent_at


def _results(held: Held) -> Iterator[tuple[str, Result]]:
    """By household: the newest assessment."""
    newest = (
        Assessment.objects.filter(check_ordered__round=held.round)
        .order_by("check_ordered_id", "-version")
        .distinct("check_ordered_id")
        .select_related("check_ordered")
        .defer("inputs", "check_ordered__declared")
    )
    prefix = f"{held.round.name}-"
    for row in newest.iterator(chunk_size=AT_A_TIME):
        result = assessing.result_of(row)
        yield (
            row.check_ordered.subject.removeprefix(prefix),
            Result(row.check_ordered.number, _told(result), _silent(result)),
        )


def _told(result: Assessed) -> dict[str, Any]:
    """Conclusion, figures, lines and fingerprints; completeness and evidence aside."""
    return {
        "conclusion": result.comparison.proposed,
        "tier": result.comparison.tier,
        "figures": msgspec.json.encode(result.statement.figures),
        "lines": msgspec.json.encode(result.statement.lines),
        "criteria": msgspec.json.encode(result.comparison.criteria),
        "findings": sorted(finding.fingerprint for finding in result.comparison.findings),
    }


def _silent(result: Assessed) -> frozenset[str]:
    outcomes = result.statement.completeness.outcomes
    return frozenset(
        source
        for source, said in outcomes.items()
        if said and not any(Outcome(word).is_answer for word in said.values())
    )


def _difference(expected: Result | None, found: Result) -> str:
    if expected is None:
        return "is of a household that the faultless round does not have"
    parts = [part for part in found.told if found.told[part] != expected.told[part]]
    silent = ", ".join(sorted(found.silent_at - expected.silent_at)) or "none"
    return (
        f"has other {', '.join(parts)} than {expected.number}: {found.told['conclusion']} and not"
        f" {expected.told['conclusion']}; silent here and not there: {silent}"
    )
