"""Assistance as income: what meets need (dibao, tekun, disability …) is none; a family's grant counts once.

Whichever sources and members it is told by and of, one record of it counts: of a living member; of unemployment aid
that of who also draws the benefit, which is the same money; then the largest. Where that leaves several members, it is
the family's and no one's own, and counts with whom it adds the least.
"""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from msgspec.structs import replace

from verification.records.assistance import Assistance, AssistanceStatus, AssistanceType
from verification.records.insurance import Insurance, InsuranceRecordType
from verification.statement.months import within
from verification.statement.netting import Earning
from verification.statement.sheet import NOTHING, Found, Sheet

COUNTED = {AssistanceType.UNEMPLOYMENT, AssistanceType.LOW_INCOME, AssistanceType.OTHER}
ONCE = "family_counted_once"
Family = list[Earning]
IncomeOf = Callable[[Sheet, str, Iterable[Earning]], Decimal]


def families(sheet: Sheet, months: int, end: int) -> list[Family]:
    """The records of each grant that is paid, or was within the period; the largest grant first."""
    grants: dict[tuple[str, str, str], Family] = {}
    for found, aid in sheet.records(Assistance):
        if aid.monthly_amount and aid.status is not AssistanceStatus.PAUSED:
            key = (f"{aid.assistance_type}", aid.county_code, aid.family_no or aid.record_key)
            grants.setdefault(key, []).append(_earning(found, aid, months, end))
    return [grants[key] for key in sorted(grants, key=lambda key: (-max(each.worth for each in grants[key]), key))]


def _earning(found: Found, aid: Assistance, months: int, end: int) -> Earning:
    paid = within(aid.granted_from, aid.granted_to, end - months + 1, end)
    ended = aid.status is AssistanceStatus.ENDED and aid.granted_to is None
    excluded = "" if aid.assistance_type in COUNTED else "assistance_not_income"
    return Earning(
        found=found,
        kind="transfers",
        sort=f"{aid.assistance_type}",
        amount=(aid.monthly_amount or NOTHING) * paid,
        months=paid,
        excluded=excluded or ("ended" if ended else "" if paid else "outside_period"),
        payer_code=aid.county_code,
    )


def place_grants(sheet: Sheet, grants: Sequence[Family], own: Sequence[Earning], income_of: IncomeOf) -> list[Earning]:
    """Every record of every grant, of each grant one that counts."""
    placed: list[Earning] = []
    for family in grants:
        chosen = _chosen(sheet, family, [*own, *placed], income_of)
        placed += [each if each is chosen else replace(each, excluded=each.excluded or ONCE) for each in family]
    return placed


def _chosen(sheet: Sheet, family: Family, others: Sequence[Earning], income_of: IncomeOf) -> Earning:
    drawing = {
        found.person for found, paid in sheet.records(Insurance) if paid.record_type is InsuranceRecordType.UNEMPLOYMENT
    }

    def weight(each: Earning) -> tuple[bool, bool, bool, Decimal]:
        draws = each.sort == AssistanceType.UNEMPLOYMENT.value and each.found.person in drawing
        return not each.excluded, each.found.person in sheet.living, draws, each.worth

    def adds(each: Earning) -> Decimal:
        person = each.found.person
        return income_of(sheet, person, [*others, each]) - income_of(sheet, person, others)

    most = max(map(weight, family))
    best = [each for each in family if weight(each) == most]
    if len({each.found.person for each in best}) == 1 or not most[0]:
        return best[0]
    return min(best, key=lambda each: (adds(each), sheet.persons[each.found.person].id_number))


def shared_grants(grants: Iterable[Earning]) -> Decimal:
    """What would pass to another member with the death of its holder, CNY."""
    told = [*grants]
    shared = {_key(each) for each in told if each.excluded == ONCE}
    return sum((each.worth for each in told if not each.excluded and _key(each) in shared), NOTHING)


def _key(earning: Earning) -> tuple[str, str]:
    return earning.sort, earning.payer_code
