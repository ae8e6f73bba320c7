"""Between which bounds an income per head lies while answers are still out that could change what is counted already.

Contribution bases and sales stand in for what a tax office would tell, fund bases for months that the insurance would
tell, and a grant may prove to be another member's. A death that may yet be told of takes an income and a head away.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from msgspec.structs import replace

from verification.facts import RecordKind
from verification.figures import Figure, per_head
from verification.statement.netting import EMPLOYMENT, SALES, Earning
from verification.statement.sheet import NOTHING, Sheet, sum_of


def stands_in(sheet: Sheet, earning: Earning) -> bool:
    """Whether the answer of a silent source could take this earning away."""
    person, kind = earning.found.person, earning.found.record.kind
    if kind is RecordKind.ASSISTANCE:
        return bool(sheet.silent_on(RecordKind.ASSISTANCE) or sheet.silent_on(RecordKind.INSURANCE))
    if earning.sort not in {EMPLOYMENT, SALES}:
        return False
    taxed = kind is RecordKind.TAX and earning.sort == EMPLOYMENT
    if not taxed and person in sheet.silent_on(RecordKind.TAX):
        return True
    return kind is RecordKind.FUND and person in sheet.silent_on(RecordKind.INSURANCE)


def bounded(sheet: Sheet, figure: Figure, certain: dict[str, Decimal], shared: Decimal) -> Figure:
    """The figure with what it comes to at least, and at most whoever may have died.

    `certain` is what each living member has at least, `shared` the grants that would pass to another member.
    """
    unsure = sheet.silent_on(RecordKind.REGISTRATION)
    if not certain or figure.value is None:
        return figure
    if not unsure:
        return replace(figure, least=per_head(sum(certain.values(), NOTHING), len(certain) * sheet.months))
    counted = {person: _counted(sheet, person) for person in certain}
    least = min(_shares(certain, unsure, sheet.months, richest_first=False))
    most = max(_shares(counted, unsure, sheet.months, richest_first=True, besides=shared))
    return replace(figure, least=least, most=max(most, figure.value))


def _counted(sheet: Sheet, person: str) -> Decimal:
    return sum_of(line for line in sheet.lines if line.section == "income" and line.used and line.person == person)


def _shares(
    incomes: dict[str, Decimal],
    unsure: Iterable[str],
    months: int,
    *,
    richest_first: bool,
    besides: Decimal = NOTHING,
) -> Iterator[Decimal]:
    """The income per head of those who are surely alive with none, one, two … of the others."""
    doubtful = sorted((incomes[person] for person in unsure), reverse=richest_first)
    sure = [income for person, income in incomes.items() if person not in {*unsure}]
    for others in range(len(doubtful) + 1):
        kept = [*sure, *doubtful[:others]]
        moved = besides if others < len(doubtful) else NOTHING
        share = per_head(sum(kept, moved), len(kept) * months)
        if share is not None:
            yield share
