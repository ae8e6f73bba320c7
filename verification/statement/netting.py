"""Of several sources that tell of one income the larger is used, the others are shown.

One income is what one payer pays of one sort. Payers are told apart by their code, else by their name; who pays is
unknown where a source gives neither (a record of the same key in another source may name it). What an unknown payer
pays may be the same money as anything that the source does not tell of itself, so the sum is the larger of two: every
named payer once; and what one source tells without a payer, with the named payers of which that source tells as well.
"""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from itertools import chain

from msgspec import Struct

from verification.records.tax import Tax
from verification.statement.fingerprints import group_key, own_key
from verification.statement.sheet import NOTHING, Found, Sheet

EMPLOYMENT = "employment"  # the part of wages that tax offices, insurance and fund each tell of
TAXED, SALES = "taxed_business", "sales"  # a trade by its tax declaration, or estimated from its sales


class Earning(Struct, frozen=True, kw_only=True):
    """An income that a source tells of, for the period, before netting."""

    found: Found
    kind: str
    sort: str
    amount: Decimal  # CNY within the period
    months: int = 0
    span: tuple[int, int] | None = None  # first and last of these months, where the source tells which they are
    excluded: str = ""  # why it never counts
    factor: Decimal = Decimal(1)
    payer_code: str = ""
    payer_name: str = ""

    @property
    def worth(self) -> Decimal:
        """What it adds where it counts, CNY."""
        return self.amount * self.factor


class Netted(Struct, frozen=True):
    """What became of the earnings of one person and kind."""

    used: Sequence[Earning] = ()
    unused: dict[int, str] = {}  # why not, by the identity of the earning

    def reason(self, earning: Earning) -> str:
        """Why an earning does not count; empty where it does."""
        return earning.excluded or self.unused.get(id(earning), "")


def net(sheet: Sheet, earnings: Sequence[Earning]) -> Netted:
    """Net the earnings of one person and kind.

    A finding rests on what counts of a source, so what is set aside is found by netting, and the rest netted anew.
    """
    left = {id(earning): earning for earning in earnings if not earning.excluded}
    unused: dict[int, str] = {}
    while True:
        used = _net([*left.values()])
        groups = (*_by_source(left.values()), *_by_source(used))
        dropped = {id(earning) for group in groups if _is_aside(sheet, group) for earning in group}
        if not dropped:
            outdone = left.keys() - {id(earning) for earning in used}
            return Netted(used, unused | dict.fromkeys(outdone, "netted"))
        unused |= dict.fromkeys(dropped, "set_aside")
        left = {key: earning for key, earning in left.items() if key not in dropped}


def _by_source(earnings: Iterable[Earning]) -> Iterable[list[Earning]]:
    groups: dict[tuple[str, str], list[Earning]] = {}
    for earning in earnings:
        groups.setdefault((earning.sort, earning.found.source), []).append(earning)
    return groups.values()


def _is_aside(sheet: Sheet, group: Sequence[Earning]) -> bool:
    first = group[0]
    key = own_key(first.found.person, group_key(earning.found.record.record_key for earning in group))
    return sheet.is_set_aside(first.found.source, key, ("understated_income",), total(group), first.kind, sheet.on)


def _net(earnings: Sequence[Earning]) -> list[Earning]:
    """What counts. Tax, insurance and fund tell of one employment, tax declaration and sales of one trade."""
    sorts: dict[str, list[Earning]] = {}
    for earning in earnings:
        basis = f"{earning.found.record.kind}" if earning.sort == EMPLOYMENT else ""
        sorts.setdefault(f"{earning.sort} {basis}".strip(), []).append(earning)
    told = {sort: once(group) for sort, group in sorts.items()}
    wages = [group for group in told.values() if group[0].sort == EMPLOYMENT]
    trade = [group for group in told.values() if group[0].sort in {TAXED, SALES}]
    rest = [group for group in told.values() if group[0].sort not in {EMPLOYMENT, TAXED, SALES}]
    return [*chain.from_iterable((*_best_of(wages, _wage_rank), *_best_of(trade, _trade_rank), *rest))]


def once(earnings: Sequence[Earning]) -> list[Earning]:
    """Each income once, where it is the largest, of all that the sources tell of one sort."""
    payers, unnamed = _payers(earnings)
    best = [max(sources.values(), key=total) for sources in payers]
    ways = [[*chain.from_iterable(best)]] if best else []
    for source, group in unnamed.items():
        also = [chosen for sources, chosen in zip(payers, best, strict=True) if source in sources]
        ways.append([*group, *chain.from_iterable(also)])
    return max(ways, key=total)


Told = dict[str, list[Earning]]  # by source


def _payers(earnings: Sequence[Earning]) -> tuple[Sequence[Told], Told]:
    """What each payer pays, by source, and what is paid by nobody knows whom."""
    codes = {each.payer_name: each.payer_code for each in earnings if each.payer_code and each.payer_name}
    named = [each.payer_code or codes.get(each.payer_name, each.payer_name) for each in earnings]
    keys = {each.found.record.record_key: payer for each, payer in zip(earnings, named, strict=True) if payer}
    payers: dict[str, Told] = {}
    for each, payer in zip(earnings, named, strict=True):
        payer = payer or keys.get(each.found.record.record_key, "")
        payers.setdefault(payer, {}).setdefault(each.found.source, []).append(each)
    unnamed = payers.pop("", {})
    return [*payers.values()], unnamed


def _best_of(
    rivals: list[list[Earning]], rank: Callable[[list[Earning], int], tuple[bool, Decimal]]
) -> Iterable[list[Earning]]:
    if not rivals:
        return []
    insured = max(map(_months_of, rivals))
    return [max(rivals, key=lambda group: rank(group, insured))]


def _months_of(group: list[Earning]) -> int:
    """How many months they cover: one in which two employers pay is one month.

    Where a source does not tell which months they were, they are taken to follow each other, up to a year.
    """
    told = {month for each in group if each.span for month in range(each.span[0], each.span[1] + 1)}
    return len(told) + min(12, sum(each.months for each in group if each.span is None))


def _wage_rank(group: list[Earning], insured_months: int) -> tuple[bool, Decimal]:
    """Reported wages come first where they cover the months worked; otherwise the largest sum."""
    is_tax = isinstance(group[0].found.record, Tax)
    covers = is_tax and _months_of(group) >= insured_months
    return covers, total(group)


def _trade_rank(group: list[Earning], insured_months: int) -> tuple[bool, Decimal]:
    """Taxed business income comes before an estimate from sales."""
    return group[0].sort == TAXED, total(group)


def total(earnings: Iterable[Earning]) -> Decimal:
    """What they add together, CNY."""
    return sum((earning.worth for earning in earnings), NOTHING)
