"""Work, trade and money of invented people, as seen by insurer, fund, registry, tax offices and banks."""

from typing import Any

from verification.mock_departments.lives import Life
from verification.mock_departments.marks import Records, hash_of, month, record_key, tail, yuan
from verification.mock_departments.questions import Asked, Household
from verification.mock_departments.relative_dates import months_before


def insurance(household: Household, person: Asked, lived: Life, source: str, seed: int) -> Records:
    """social_security: contributions of a worker or a resident, or the pension."""
    number = record_key("SB", tail(person, seed))
    paid: dict[str, Any] = {
        "kind": "insurance",
        "record_key": number,
        "record_type": "1",
        "person_no": number,
        "scheme": "2",
        "status": "1",
        "months_paid": 12,
        "last_month": month(household, 1),
        "division_code": "321202",
    }
    if lived.pension:
        started = months_before(household.asof_date, 12 * max(lived.age - 60, 0))
        return [
            {
                "kind": "insurance",
                "record_key": record_key(number, "P"),
                "record_type": "2",
                "scheme": "1",
                "status": "1",
                "monthly_amount": yuan(lived.pension),
                "start_date": started,
            }
        ]
    if lived.job is None:
        return [paid] if 16 <= lived.age < 60 else []
    job = lived.job
    return [
        paid
        | {
            "scheme": "1",
            "months_paid": job.months,
            "employer_name": job.employer,
            "employer_code": job.employer_code,
            "month_base": yuan(job.wage),
        }
    ]


def fund(household: Household, person: Asked, lived: Life, source: str, seed: int) -> Records:
    """provident_fund: the account of somebody employed for half a year."""
    if lived.job is None or lived.job.months < 6:
        return []
    number = tail(person, seed)
    return [
        {
            "kind": "fund",
            "record_key": record_key("GJJ", number),
            "account_no": f"****{number[-4:]}",
            "employer_name": lived.job.employer,
            "employer_code": lived.job.employer_code,
            "status": "1",
            "month_base": yuan(lived.job.wage),
            "unit_ratio": "0.08",
            "person_ratio": "0.08",
            "monthly_amount": yuan(lived.job.wage * 16 // 100),
            "balance": yuan(lived.job.wage * (6 + int(number) % 18) * 16 // 100),
            "last_month": month(household, 1),
        }
    ]


def business(household: Household, person: Asked, lived: Life, source: str, seed: int) -> Records:
    """market_regulation: a sole trader's shop."""
    if not lived.shop_capital:
        return []
    key = record_key("GTH", tail(person, seed))
    capital = f"{lived.shop_capital / 10_000:.6f}"
    return [
        {
            "kind": "business",
            "record_key": key,
            "role": "03",
            "entity_name": lived.shop_name,
            "registered_capital": capital,
            "paid_in_capital": capital,
            "status": "1",
            "founded_date": months_before(household.asof_date, 40),
            "impostor_status": "0",
        }
    ]


def income_tax(household: Household, person: Asked, lived: Life, source: str, seed: int) -> Records:
    """local_tax: wages of the past 12 months."""
    job = lived.job
    if job is None:
        return []
    return [
        {
            "kind": "tax",
            "record_key": record_key("GS", tail(person, seed), month(household, 1)),
            "record_type": "01",
            "income_type": "01",
            "period_from": month(household, job.months),
            "period_to": month(household, 1),
            "declared_income": yuan(job.wage * job.months),
            "tax_paid": yuan(max(0, job.wage - 5_000) * job.months * 3 // 100),
            "unit_name": job.employer,
            "unit_code": job.employer_code,
        }
    ]


def sales_tax(household: Household, person: Asked, lived: Life, source: str, seed: int) -> Records:
    """state_tax: sales of a sole trader."""
    if not lived.shop_capital:
        return []
    return [
        {
            "kind": "tax",
            "record_key": record_key("XS", tail(person, seed), month(household, 1)),
            "record_type": "02",
            "period_from": month(household, 12),
            "period_to": month(household, 1),
            "sales_amount": yuan(lived.shop_capital * 2),
            "tax_paid": yuan(lived.shop_capital // 50),
        }
    ]


def deposit(household: Household, person: Asked, lived: Life, source: str, seed: int) -> Records:
    """A bank: one current account."""
    account = lived.accounts.get(source)
    if account is None:
        return []
    return [
        {
            "kind": "deposit",
            "record_key": f"{hash_of(account.number, seed):016x}",
            "account_type": "D",
            "account_no": f"************{account.number[-4:]}",
            "account_status": "0",
            "open_date": months_before(household.asof_date, 60),
            "balance": yuan(account.balance),
            "average_6m": yuan(account.daily_mean),
            "average_12m": yuan(account.daily_mean),
            "inflow_6m": yuan(account.balance // 4),
            "outflow_6m": yuan(account.balance // 5),
            "large_outflow_6m": yuan(0),
            "joint": False,
        }
    ]
