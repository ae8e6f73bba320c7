"""Income of the period before the check, by person and kind, with the netting of several sources for one income.

What is used is the larger of declared and found, per person and kind. Wages are those reported for income tax where
these cover the months that insurance was paid for, else the largest of tax, insurance base × months and fund base ×
months.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import TypedDict

from verification.figures import Figure, Step, per_head
from verification.records.assistance import Assistance, AssistanceStatus, AssistanceType
from verification.records.fund import Fund, FundStatus
from verification.records.insurance import Insurance, InsuranceRecordType, InsuranceScheme, InsuranceStatus
from verification.records.tax import IncomeType, Tax, TaxType
from verification.statement.household import age_of, is_male
from verification.statement.netting import EMPLOYMENT, SALES, TAXED, Earning, Netted, net, total
from verification.statement.sheet import DECLARED, NOTHING, STANDARD, Found, Sheet, sum_of

KINDS = ("wages", "business", "property", "transfers", "other")
CENT = Decimal("0.01")
UNEMPLOYMENT = AssistanceType.UNEMPLOYMENT.value  # by the same word whether social security or civil affairs tell
COUNTED_ASSISTANCE = {AssistanceType.UNEMPLOYMENT, AssistanceType.LOW_INCOME, AssistanceType.OTHER}
_TAXED = {
    IncomeType.WAGES: ("wages", EMPLOYMENT),
    IncomeType.SERVICES: ("wages", "services"),
    IncomeType.ROYALTIES: ("wages", "royalties"),
    IncomeType.BUSINESS: ("business", TAXED),
    IncomeType.LETTING: ("property", "letting"),
    IncomeType.INTEREST: ("property", "interest"),
    IncomeType.OCCASIONAL: ("other", "occasional"),
    IncomeType.TRANSFER: ("other", "capital"),
}


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
    counted = sheet.total("income")
    steps = (*counted.steps, Step(code="income_total", amount=counted.value or NOTHING, lines=counted.lines))
    shares = len(sheet.living) * months
    estimated = sum_of(line for line in sheet.lines if line.used and line.text.get("basis") in {"insurance", "fund"})
    figure = Figure(value=per_head(counted.value or NOTHING, shares), lines=counted.lines, steps=steps)
    return figure, per_head(estimated, shares) or NOTHING


def _net(sheet: Sheet, person: str, kind: str, earnings: list[Earning], months: int) -> None:
    """Write the lines of one person and kind: the larger of declared and found is used."""
    declared = (getattr(sheet.persons[person].income, kind) * months / 12).quantize(CENT)
    alive = person in sheet.living
    netted = net(sheet, earnings) if alive else Netted()
    declared_is_more = declared > total(netted.used)
    if declared:
        counts = alive and declared_is_more
        reason = "" if counts else "found_is_more" if alive else "deceased"
        sheet.add("income", kind, person, DECLARED, declared if counts else NOTHING, reason=reason, amount=declared)
    for earning in earnings:
        reason = _reason(earning, netted, alive=alive, declared_is_more=declared_is_more)
        _write(sheet, earning, reason, months)


def _reason(earning: Earning, netted: Netted, *, alive: bool, declared_is_more: bool) -> str:
    if not alive:
        return earning.excluded or "deceased"
    return netted.reason(earning) or ("declared_is_more" if declared_is_more else "")


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
        NOTHING if reason else earning.worth,
        reason=reason,
        amount=earning.amount,
        text=text,
        record_key=record.record_key,
        data_date=earning.found.data_date,
    )


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
                found=found,
                kind="wages",
                sort=EMPLOYMENT,
                amount=fund.month_base * paid_months,
                months=paid_months,
                **_payer(fund.employer_code, fund.employer_name),
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
    payer = _payer(tax.unit_code, tax.unit_name)
    if tax.tax_type is TaxType.BUSINESS:
        yield Earning(
            found=found,
            kind="business",
            sort=SALES,
            amount=amount,
            months=inside,
            factor=sheet.standard.sales_margin,
            **payer,
        )
    elif tax.income_type is not None:
        kind, sort = _TAXED[tax.income_type]
        excluded = "capital_not_income" if sort == "capital" else "" if inside else "outside_period"
        yield Earning(found=found, kind=kind, sort=sort, amount=amount, months=inside, excluded=excluded, **payer)


def _insured(found: Found, record: Insurance, months: int, end: int) -> Iterable[Earning]:
    if record.record_type is InsuranceRecordType.CONTRIBUTIONS:
        paid = min(record.months_paid or 0, months)
        if record.scheme is InsuranceScheme.EMPLOYEES and record.month_base:
            payer = _payer(record.employer_code, record.employer_name)
            amount = record.month_base * paid
            yield Earning(found=found, kind="wages", sort=EMPLOYMENT, amount=amount, months=paid, **payer)
        return
    drawn = _within(record.started_on, record.ended_on, end - months + 1, end)
    ended = record.status is InsuranceStatus.ENDED and record.ended_on is None
    sort = "pension" if record.record_type is InsuranceRecordType.PENSION else UNEMPLOYMENT
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
    running = [
        (found, aid)
        for found, aid in sheet.records(Assistance)
        if aid.status is AssistanceStatus.RUNNING and aid.monthly_amount
    ]
    counted = _once_a_family(sheet, running)
    for found, aid in running:
        excluded = "" if aid.assistance_type in COUNTED_ASSISTANCE else "assistance_not_income"
        yield Earning(
            found=found,
            kind="transfers",
            sort=f"{aid.assistance_type}",
            amount=(aid.monthly_amount or NOTHING) * months,
            months=months,
            excluded=excluded if id(found) in counted else "family_counted_once",
            payer_code=aid.county_code,
        )


def _once_a_family(sheet: Sheet, running: Sequence[tuple[Found, Assistance]]) -> set[int]:
    """Of each grant the record that counts, whichever sources and members it is told by and of.

    The one of a living member; of unemployment aid that of who also draws the benefit, which is the same money; then
    the largest.
    """
    drawing = {
        found.person for found, paid in sheet.records(Insurance) if paid.record_type is InsuranceRecordType.UNEMPLOYMENT
    }
    families: dict[tuple[str, str, str], list[tuple[Found, Assistance]]] = {}
    for found, aid in running:
        family = (f"{aid.assistance_type}", aid.county_code, aid.family_no or aid.record_key)
        families.setdefault(family, []).append((found, aid))

    def weight(told: tuple[Found, Assistance]) -> tuple[bool, bool, Decimal]:
        found, aid = told
        draws = aid.assistance_type is AssistanceType.UNEMPLOYMENT and found.person in drawing
        return found.person in sheet.living, draws, aid.monthly_amount or NOTHING

    return {id(max(told, key=weight)[0]) for told in families.values()}


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


class Payer(TypedDict):
    """Who pays an earning, as far as the source says so."""

    payer_code: str
    payer_name: str


def _payer(code: str, name: str) -> Payer:
    """Codes and names as they are compared: without white space, in capitals."""
    return {"payer_code": "".join(code.split()).upper(), "payer_name": "".join(name.split()).upper()}


def _month(value: str | date) -> int:
    """A month (YYYY-MM) or the month of a day, counted from the year 0."""
    if isinstance(value, date):
        return value.year * 12 + value.month - 1
    return int(value[:4]) * 12 + int(value[5:7]) - 1


def _within(first: str | date | None, last: str | date | None, begin: int, end: int) -> int:
    """How many months of a span lie within the period; an open end reaches to its edge."""
    low = max(begin, _month(first)) if first else begin
    high = min(end, _month(last)) if last else end
    return max(0, high - low + 1)
