"""Subsidies with their amounts, and the lists by which the bank paid them."""

from typing import Any

from benefits.models import Exit, Grant, PaymentList, PaymentRow, SubsidyTerm
from housing_credit.large.checks import FIRST
from housing_credit.large.life import CITY, Hands
from housing_credit.large.rows import insert, next_id, sealed

LISTS = 6  # months of which payment lists are kept
BANK, CARD = "江苏银行泰州分行", "6228480012345678901"
PAID_FROM = "(date_trunc('month', approved::timestamp) + interval '1 month')::date"
STOPPED = "('stopped', 'paid_out')"
GRANTS = "large_life WHERE subsidy IS NOT NULL"


def lay(cursor: Any, by: Hands) -> None:
    """Every subsidy, how it ends where it has, and the lists of the last months."""
    card, none = sealed(Grant, "bank_account", CARD), sealed(Grant, "bank_account", "")
    insert(
        cursor,
        Grant,
        GRANTS,
        id="subsidy",
        number=f"'BF' || extract(year FROM approved) || '-' || ({FIRST} + n)",
        application_id="app",
        office_code="code",
        status="CASE state WHEN 'paid' THEN 'running' WHEN 'paid_out' THEN 'ended' ELSE state END",
        granted_on="approved",
        payee="name",
        bank=f"CASE state WHEN 'awaiting' THEN '' ELSE '{BANK}' END",
        bank_account=f"CASE state WHEN 'awaiting' THEN {none} ELSE {card} END",
        rent_paid="CASE WHEN state <> 'awaiting' THEN rent + 600 END",
        paid_from=f"CASE WHEN state <> 'awaiting' THEN {PAID_FROM} END",
        stopped_from=f"CASE WHEN state IN {STOPPED} THEN"
        " date_trunc('month', coalesce(over_on, current_date)::timestamp)::date END",
    )
    insert(
        cursor,
        SubsidyTerm,
        f"{GRANTS} AND state <> 'awaiting'",
        grant_id="subsidy",
        from_month=PAID_FROM,
        amount="rent",
        working="'[]'::jsonb",
        standard="(SELECT code FROM verification_standard WHERE in_use ORDER BY effective_from DESC LIMIT 1)",
        by_id=by.officer,
        at="approved",
    )
    insert(
        cursor,
        Exit,
        "large_life WHERE state = 'paid_out'",
        grant_id="subsidy",
        reason="reason",
        text="'经核查认定。'",
        ordered_on="over_on - 10",
        by_id=by.officer,
        ended_on="over_on",
    )
    _lists(cursor, by)


def _lists(cursor: Any, by: Hands) -> None:
    """One a month; the newest is still to be approved."""
    cursor.execute("DROP TABLE IF EXISTS large_list")
    cursor.execute(
        f"""
        CREATE TEMP TABLE large_list AS
        SELECT {next_id(PaymentList)} AS list, s.* FROM (
            SELECT m::date AS month, count(*) AS many, sum(rent) AS total, m = this AS is_newest
            FROM date_trunc('month', current_date::timestamp) AS this,
                generate_series(this - interval '{LISTS - 1} months', this, interval '1 month') AS m
                JOIN large_life ON state = 'paid' AND {PAID_FROM} <= m::date
            GROUP BY m, this ORDER BY m
        ) s
        """  # noqa: S608 -- our own words
    )
    insert(
        cursor,
        PaymentList,
        "large_list",
        id="list",
        number=f"'FF' || extract(year FROM month) || '-' || ({FIRST} + extract(month FROM month))",
        month="month",
        turn="1 + (SELECT count(*) FROM benefits_paymentlist p WHERE p.month = large_list.month)",
        office_code=f"'{CITY}'",
        status="CASE WHEN is_newest THEN 'drafted' ELSE 'answered' END",
        households="many",
        persons="many * 2",
        amount="total",
        drafted_on="month",
        drafted_by_id=by.cashier,
        approved_by_id=f"CASE WHEN NOT is_newest THEN {by.officer} END",
        sent_by_id=f"CASE WHEN NOT is_newest THEN {by.cashier} END",
    )
    insert(
        cursor,
        PaymentRow,
        f"large_list, large_life WHERE state = 'paid' AND {PAID_FROM} <= month",
        list_id="list",
        place="row_number() OVER (PARTITION BY list ORDER BY n)",
        grant_id="subsidy",
        month="month",
        amount="rent",
        payee="name",
        bank=f"'{BANK}'",
        bank_account=sealed(PaymentRow, "bank_account", CARD),
        persons="2",
        outcome="CASE WHEN is_newest THEN '' ELSE 'paid' END",
        answered_on="CASE WHEN NOT is_newest THEN month + 20 END",
    )
