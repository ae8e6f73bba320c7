"""Income of the period before the check, by person and kind, with the netting of several sources for one income.

What is used is the larger of declared and found, per person and kind. Wages are those reported for income tax where
these cover the months that insurance was paid for, else the largest of tax, insurance base × months and fund base ×
months.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal

from msgspec import Struct

from verification.figures import Figure, Step, per_head
from verification.records.assistance import Assistance, AssistanceStatus, AssistanceType
from verification.records.fund import Fund, FundStatus
from verification.records.insurance import Insurance, InsuranceRecordType, InsuranceScheme, InsuranceStatus
from verification.records.tax import IncomeType, Tax, TaxType
from verification.statement.household import age_of, is_male
from verification.statement.sheet import DECLARED, NOTHING, STANDARD, Found, Sheet, group_key, sum_of

KINDS = ("wages", "business", "property", "transfers", "other")
CENT = Decimal("0.01")
EMPLOYMENT = "employment"  # the part of wages that several sources tell of
COUNTED_ASSISTANCE = {AssistanceType.UNEMPLOYMENT, AssistanceType.LOW_INCOME, AssistanceType.OTHER}
_TAXED = {
    IncomeType.WAGES: ("wages", EMPLOYMENT),
    IncomeType.SERVICES: ("wages", "services"),
    IncomeType.ROYALTIES: ("wages", "royalties"),
    IncomeType.BUSINESS: ("business", "taxed_business"),
    IncomeType.LETTING: ("property", "letting"),
    IncomeType.INTEREST: ("property", "interest"),
    IncomeType.OCCASIONAL: ("other", "occasional"),
    IncomeType.TRANSFER: ("other", "capital"),
}


class Earning(Struct, frozen=True, kw_only=True):
    """An income that a source tells of, for the period, before netting."""

    found: Found
    kind: str
    sort: str
    amount: Decimal  # CNY within the period
    months: int = 0
    excluded: str = ""  # why it never counts
    factor: Decimal = Decimal(1)


def count_income(sheet: Sheet) -> tuple[Figure, Decimal]:
    """CNY per head a month with a step for the total, and the part of it that only contribution bases tell of.

    The figure is None when nobody is left to share it.
    """
    test = sheet.standard.tier.income
    months = test.months if test else 12
    earnings = [*_earnings(sheet, months)]
    for person in sheet.persons:
        own = [earning for earning in earnings if earning.found.person == person]
        for kind in KINDS:
            of_kind = [earning for earning in own if earning.kind == kind]
            if of_kind or getattr(sheet.persons[person].income, kind):
                _net(sheet, person, kind, of_kind, months)
        if person in sheet.living:
            _impute(sheet, person, months)
    total = sheet.total("income")
    steps = (*total.steps, Step(code="income_total", amount=total.value or NOTHING, lines=total.lines))
    shares = len(sheet.living) * months
    estimated = sum_of(line for line in sheet.lines if line.used and line.text.get("basis") in {"insurance", "fund"})
    figure = Figure(value=per_head(total.value or NOTHING, shares), lines=total.lines, steps=steps)
    return figure, per_head(estimated, shares) or NOTHING


def _net(sheet: Sheet, person: str, kind: str, earnings: list[Earning], months: int) -> None:
    """Write the lines of one person and kind: the larger of declared and found is used."""
    declared = (getattr(sheet.persons[person].income, kind) * months / 12).quantize(CENT)
    alive = person in sheet.living
    used = _choose(sheet, earnings) if alive else []
    found = sum((earning.amount * earning.factor for earning in used), NOTHING)
    declared_is_more = declared > found
    if declared:
        counts = alive and declared_is_more
        reason = "" if counts else "found_is_more" if alive else "deceased"
        sheet.add("income", kind, person, DECLARED, declared if counts else NOTHING, reason=reason, amount=declared)
    for earning in earnings:
        reason = _reason(sheet, earning, used, alive=alive, declared_is_more=declared_is_more)
        _write(sheet, earning, reason, months)


def _reason(sheet: Sheet, earning: Earning, used: list[Earning], *, alive: bool, declared_is_more: bool) -> str:
    if earning.excluded:
        return earning.excluded
    if not alive:
        return "deceased"
    if earning not in used:
        return "set_aside" if _is_aside(sheet, [earning]) else "netted"
    return "declared_is_more" if declared_is_more else ""


def _write(sheet: Sheet, earning: Earning, reason: str, months: int) -> None:
    record = earning.found.record
    text = {"sort": earning.sort, "months": f"{earning.months or months}"}
    if isinstance(record, Tax) and record.unit_name:
        text["unit"] = record.unit_name
    elif isinstance(record, Fund | Insurance) and record.employer_name:
        text["unit"] = record.employer_name
    if earning.sort == EMPLOYMENT:
        text["basis"] = f"{record.kind}"
    if earning.factor != 1:
        text["factor"] = f"{earning.factor}"
    sheet.add(
        "income",
        earning.kind,
        earning.found.person,
        earning.found.source,
        NOTHING if reason else earning.amount * earning.factor,
        reason=reason,
        amount=earning.amount,
        text=text,
        record_key=record.record_key,
        data_date=earning.found.data_date,
    )


def _choose(sheet: Sheet, earnings: list[Earning]) -> list[Earning]:
    """What counts of the found earnings of one person and kind, after netting those that tell of the same money."""
    open_ones = [earning for earning in earnings if not earning.excluded]
    groups: dict[tuple[str, str], list[Earning]] = {}
    for earning in open_ones:
        groups.setdefault((earning.sort, earning.found.source), []).append(earning)
    kept = {key: group for key, group in groups.items() if not _is_aside(sheet, group)}
    rivals = [group for (sort, _), group in kept.items() if sort == EMPLOYMENT]
    traders = [group for (sort, _), group in kept.items() if sort in {"taxed_business", "sales"}]
    rest = [group for (sort, _), group in kept.items() if sort not in {EMPLOYMENT, "taxed_business", "sales"}]
    return [
        earning
        for group in (*_best_of(rivals, _wage_rank), *_best_of(traders, _trade_rank), *rest)
        for earning in group
    ]


def _is_aside(sheet: Sheet, group: list[Earning]) -> bool:
    first = group[0]
    key = group_key(earning.found.record.record_key for earning in group)
    amount = sum((earning.amount * earning.factor for earning in group), NOTHING)
    return sheet.is_set_aside(first.found.source, key, ("understated_income",), amount, period=first.kind)


def _best_of(
    rivals: list[list[Earning]], rank: Callable[[list[Earning], int], tuple[bool, Decimal]]
) -> Iterable[list[Earning]]:
    if not rivals:
        return []
    insured = max(sum(earning.months for earning in group) for group in rivals)
    return [max(rivals, key=lambda group: rank(group, insured))]


def _wage_rank(group: list[Earning], insured_months: int) -> tuple[bool, Decimal]:
    """Reported wages come first where they cover the months worked; otherwise the largest sum."""
    is_tax = isinstance(group[0].found.record, Tax)
    covers = is_tax and sum(earning.months for earning in group) >= insured_months
    return covers, sum((earning.amount for earning in group), NOTHING)


def _trade_rank(group: list[Earning], insured_months: int) -> tuple[bool, Decimal]:
    """Taxed business income comes before an estimate from sales."""
    return group[0].sort == "taxed_business", sum((earning.amount * earning.factor for earning in group), NOTHING)


def _earnings(sheet: Sheet, months: int) -> Iterable[Earning]:
    end = sheet.on.year * 12 + sheet.on.month - 2  # the last whole month before the check, months counted from year 0
    for found, tax in sheet.records(Tax):
        yield from _taxed(sheet, found, tax, end - months + 1, end)
    insured: dict[str, int] = {}
    for found, paid in sheet.records(Insurance):
        yield from _insured(found, paid, months, end)
        if paid.scheme is InsuranceScheme.EMPLOYEES and paid.months_paid is not None:
            insured[found.person] = min(insured.get(found.person, 0) + paid.months_paid, months)
    for found, fund in sheet.records(Fund):
        if fund.month_base and fund.status is FundStatus.NORMAL:
            # The fund does not say for how many months it was paid; who is insured as an employee is paid for as long.
            paid_months = insured.get(found.person) or _within(None, fund.last_month, end - months + 1, end)
            yield Earning(
                found=found, kind="wages", sort=EMPLOYMENT, amount=fund.month_base * paid_months, months=paid_months
            )
    yield from _aided(sheet, months)


def _taxed(sheet: Sheet, found: Found, tax: Tax, first: int, last: int) -> Iterable[Earning]:
    """Income and sales within the period; a declaration that reaches beyond it counts by its share of months."""
    if tax.tax_type is TaxType.DEED or tax.period_from is None or tax.period_to is None:
        return
    whole = _month(tax.period_to) - _month(tax.period_from) + 1
    inside = _within(tax.period_from, tax.period_to, first, last)
    stated = tax.sales_amount if tax.tax_type is TaxType.BUSINESS else tax.declared_income
    amount = ((stated or NOTHING) * inside / whole).quantize(CENT)
    if tax.tax_type is TaxType.BUSINESS:
        yield Earning(
            found=found, kind="business", sort="sales", amount=amount, months=inside, factor=sheet.standard.sales_margin
        )
    elif tax.income_type is not None:
        kind, sort = _TAXED[tax.income_type]
        excluded = "capital_not_income" if sort == "capital" else "" if inside else "outside_period"
        yield Earning(found=found, kind=kind, sort=sort, amount=amount, months=inside, excluded=excluded)


def _insured(found: Found, record: Insurance, months: int, end: int) -> Iterable[Earning]:
    if record.record_type is InsuranceRecordType.CONTRIBUTIONS:
        paid = min(record.months_paid or 0, months)
        if record.scheme is InsuranceScheme.EMPLOYEES and record.month_base:
            yield Earning(found=found, kind="wages", sort=EMPLOYMENT, amount=record.month_base * paid, months=paid)
        return
    start, stop = record.started_on, record.ended_on
    drawn = _within(f"{start:%Y-%m}" if start else None, f"{stop:%Y-%m}" if stop else None, end - months + 1, end)
    ended = record.status is InsuranceStatus.ENDED and stop is None
    sort = "pension" if record.record_type is InsuranceRecordType.PENSION else "unemployment"
    yield Earning(
        found=found,
        kind="transfers",
        sort=sort,
        amount=(record.monthly_amount or NOTHING) * drawn,
        months=drawn,
        excluded="ended" if ended else "" if drawn else "outside_period",
    )


def _aided(sheet: Sheet, months: int) -> Iterable[Earning]:
    """Assistance. What meets need (dibao, tekun, disability …) is no income; a family's grant counts once."""
    families = set()
    for found, aid in sheet.records(Assistance):
        if aid.status is not AssistanceStatus.RUNNING or not aid.monthly_amount:
            continue
        family = (found.source, aid.assistance_type, aid.family_no or aid.record_key)
        excluded = "" if aid.assistance_type in COUNTED_ASSISTANCE else "assistance_not_income"
        yield Earning(
            found=found,
            kind="transfers",
            sort=f"{aid.assistance_type}",
            amount=aid.monthly_amount * months,
            months=months,
            excluded="family_counted_once" if family in families else excluded,
        )
        families.add(family)


def _impute(sheet: Sheet, key: str, months: int) -> None:
    """Bring an able member of working age without proof up to the city minimum wage (as Xuzhou counts)."""
    rule, person = sheet.standard.minimum_wage, sheet.persons[key]
    age = age_of(person, sheet.on)
    if rule is None or age is None or person.employment in rule.excused or person.incapable:
        return
    if person.disability == "severe" or person.health == "severe_illness":
        return
    if not rule.age_from <= age < (rule.male_to if is_male(person) else rule.female_to):
        return
    earned = sum_of(line for line in sheet.lines if line.section == "income" and line.person == key and line.used)
    short = rule.monthly_wage * months - earned
    if short > 0:
        text = {"monthly_wage": f"{rule.monthly_wage}", "months": f"{months}"}
        sheet.add("income", "minimum_wage", key, STANDARD, short, reason="imputed", amount=short, text=text)


def _month(text: str) -> int:
    return int(text[:4]) * 12 + int(text[5:7]) - 1


def _within(first: str | None, last: str | None, begin: int, end: int) -> int:
    """How many months of a span lie within the period; an open end reaches to its edge."""
    low = max(begin, _month(first)) if first else begin
    high = min(end, _month(last)) if last else end
    return max(0, high - low + 1)
