"""Income of the period before the check, by person and kind, with the netting of several sources for one income.

What is used is the larger of declared and found, per person and kind. Wages are those reported for income tax where
these cover the months that insurance was paid for, else the largest of tax, insurance base × months and fund base ×
months.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TypedDict

from verification.figures import Figure, Step, per_head
from verification.records.assistance import AssistanceType
from verification.records.fund import Fund, FundStatus
from verification.records.insurance import Insurance, InsuranceRecordType, InsuranceScheme, InsuranceStatus
from verification.records.tax import IncomeType, Tax, TaxType
from verification.statement.bounds import bounded, stands_in
from verification.statement.grants import families, place_grants, shared_grants
from verification.statement.household import age_of, is_male
from verification.statement.months import last_month, month_of, within
from verification.statement.netting import EMPLOYMENT, SALES, TAXED, Earning, Netted, net, total
from verification.statement.sheet import DECLARED, NOTHING, STANDARD, Found, Sheet, sum_of

KINDS = ("wages", "business", "property", "transfers", "other")
CENT = Decimal("0.01")
UNEMPLOYMENT = AssistanceType.UNEMPLOYMENT.value  # by the same word whether social security or civil affairs tell
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


def count_income(sheet: Sheet) -> Figure:
    """CNY per head a month with a step for the total. The figure is None when nobody is left to share it."""
    months, end = sheet.months, last_month(sheet.on)
    own = [*_earnings(sheet, months, end)]
    grants = place_grants(sheet, families(sheet, months, end), own, _income_of)
    earnings = [*own, *grants]
    for person in sheet.persons:
        for kind in KINDS:
            of_kind = [each for each in earnings if each.found.person == person and each.kind == kind]
            if of_kind or getattr(sheet.persons[person].income, kind):
                _net(sheet, person, kind, of_kind)
        if person in sheet.living:
            _impute(sheet, person)
    counted = sheet.total("income")
    steps = (*counted.steps, Step(code="income_total", amount=counted.value or NOTHING, lines=counted.lines))
    figure = Figure(
        value=per_head(counted.value or NOTHING, len(sheet.living) * months), lines=counted.lines, steps=steps
    )
    return bounded(sheet, figure, _certain(sheet, earnings), shared_grants(grants))


def _income_of(sheet: Sheet, person: str, earnings: Iterable[Earning]) -> Decimal:
    """What a living member's income comes to on these earnings, in all kinds and with the minimum wage, CNY."""
    kinds: dict[str, list[Earning]] = {kind: [] for kind in KINDS}
    for earning in earnings:
        if earning.found.person == person:
            kinds[earning.kind].append(earning)
    earned = NOTHING
    for kind, of_kind in kinds.items():
        declared = _declared(sheet, person, kind)
        earned += max(declared, total(net(sheet, of_kind).used)) if of_kind else declared
    return earned + _short_of_minimum(sheet, person, earned)


def _certain(sheet: Sheet, earnings: Sequence[Earning]) -> dict[str, Decimal]:
    """What each living member's income comes to at least, whatever the silent sources may say."""
    if not sheet.silent:
        return {}
    certain = [earning for earning in earnings if not stands_in(sheet, earning)]
    return {person: _income_of(sheet, person, certain) for person in sheet.living}


def _declared(sheet: Sheet, person: str, kind: str) -> Decimal:
    """What a member declared of a kind, for the period."""
    of_year: Decimal = getattr(sheet.persons[person].income, kind)
    return (of_year * sheet.months / 12).quantize(CENT)


def _net(sheet: Sheet, person: str, kind: str, earnings: list[Earning]) -> None:
    """Write the lines of one person and kind: the larger of declared and found is used."""
    declared = _declared(sheet, person, kind)
    alive = person in sheet.living
    netted = net(sheet, earnings) if alive else Netted()
    declared_is_more = declared > total(netted.used)
    if declared:
        counts = alive and declared_is_more
        reason = "" if counts else "found_is_more" if alive else "deceased"
        sheet.add("income", kind, person, DECLARED, declared if counts else NOTHING, reason=reason, amount=declared)
    for earning in earnings:
        reason = _reason(earning, netted, alive=alive, declared_is_more=declared_is_more)
        _write(sheet, earning, reason)


def _reason(earning: Earning, netted: Netted, *, alive: bool, declared_is_more: bool) -> str:
    if not alive:
        return earning.excluded or "deceased"
    return netted.reason(earning) or ("declared_is_more" if declared_is_more else "")


def _write(sheet: Sheet, earning: Earning, reason: str) -> None:
    record = earning.found.record
    text = {"sort": earning.sort, "months": f"{earning.months}"}
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


def _earnings(sheet: Sheet, months: int, end: int) -> Iterable[Earning]:
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
            paid_months = insured.get(found.person) or within(None, fund.last_month, end - months + 1, end)
            yield Earning(
                found=found,
                kind="wages",
                sort=EMPLOYMENT,
                amount=fund.month_base * paid_months,
                months=paid_months,
                **_payer(fund.employer_code, fund.employer_name),
            )


def _taxed(sheet: Sheet, found: Found, tax: Tax, first: int, last: int) -> Iterable[Earning]:
    """Income and sales within the period; a declaration that reaches beyond it counts by its share of months."""
    if tax.tax_type is TaxType.DEED or tax.period_from is None or tax.period_to is None:
        return
    begin, end = month_of(tax.period_from), month_of(tax.period_to)
    whole, span = end - begin + 1, (max(begin, first), min(end, last))
    inside = within(tax.period_from, tax.period_to, first, last)
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
            span=span,
            factor=sheet.standard.sales_margin,
            **payer,
        )
    elif tax.income_type is not None:
        kind, sort = _TAXED[tax.income_type]
        excluded = "capital_not_income" if sort == "capital" else "" if inside else "outside_period"
        yield Earning(
            found=found, kind=kind, sort=sort, amount=amount, months=inside, span=span, excluded=excluded, **payer
        )


def _insured(found: Found, record: Insurance, months: int, end: int) -> Iterable[Earning]:
    if record.record_type is InsuranceRecordType.CONTRIBUTIONS:
        paid = min(record.months_paid or 0, months)
        if record.scheme is InsuranceScheme.EMPLOYEES and record.month_base:
            payer = _payer(record.employer_code, record.employer_name)
            amount = record.month_base * paid
            yield Earning(found=found, kind="wages", sort=EMPLOYMENT, amount=amount, months=paid, **payer)
        return
    drawn = within(record.started_on, record.ended_on, end - months + 1, end)
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


def _short_of_minimum(sheet: Sheet, key: str, earned: Decimal) -> Decimal:
    """What an able member of working age without proof lacks to the city minimum wage (as Xuzhou counts)."""
    rule, person = sheet.standard.minimum_wage, sheet.persons[key]
    age = age_of(person, sheet.on)
    if rule is None or age is None or person.employment in rule.excused or person.incapable:
        return NOTHING
    if person.disability == "severe" or person.health == "severe_illness":
        return NOTHING
    if not rule.age_from <= age < (rule.male_to if is_male(person) else rule.female_to):
        return NOTHING
    return max(NOTHING, rule.monthly_wage * sheet.months - earned)


def _impute(sheet: Sheet, key: str) -> None:
    """Bring a member who lacks it up to the minimum wage."""
    rule = sheet.standard.minimum_wage
    earned = sum_of(line for line in sheet.lines if line.section == "income" and line.person == key and line.used)
    short = _short_of_minimum(sheet, key, earned)
    if rule and short:
        text = {"monthly_wage": f"{rule.monthly_wage}", "months": f"{sheet.months}"}
        sheet.add("income", "minimum_wage", key, STANDARD, short, reason="imputed", amount=short, text=text)


class Payer(TypedDict):
    """Who pays an earning, as far as the source says so."""

    payer_code: str
    payer_name: str


def _payer(code: str, name: str) -> Payer:
    """Codes and names as they are compared: without white space, in capitals."""
    return {"payer_code": "".join(code.split()).upper(), "payer_name": "".join(name.split()).upper()}
