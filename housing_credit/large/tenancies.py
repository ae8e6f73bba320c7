"""Tenancies from the contract to the keys: accounts, leases, rents, visits, and how those end that have ended."""

from typing import Any

from benefits.models import Account, Contract, Exit, RentTerm, Tenancy, Visit
from bureau.models import TimelineEntry
from housing_credit.large.checks import FIRST
from housing_credit.large.life import Hands
from housing_credit.large.rows import insert, sealed

HAVE = "large_life WHERE has_home"
THIS_MONTH = "date_trunc('month', current_date::timestamp)::date"
LEASES = """(
    SELECT *, signed_on + again * interval '36 months' AS begins FROM large_life, generate_series(0, 1) AS again
    WHERE has_home
) l WHERE begins < coalesce(back_on, current_date)"""
LEFT = "('ordered', 'court', 'returned', 'ended')"
VISITS = ("planned", "planned", "in_order", "in_order", "in_order", "in_order", "in_order", "found", "confirmed")
FOUND = ("vacant", "sublet", "changed_use", "damaged")


def lay(cursor: Any, by: Hands) -> None:
    """Every tenancy with what stands around it, but for its money."""
    insert(
        cursor,
        Account,
        HAVE,
        id="account",
        number=f"'ZH' || extract(year FROM signed_on) || '-' || ({FIRST} + n)",
        office_code="code",
        opened_on="signed_on",
    )
    insert(
        cursor,
        Tenancy,
        HAVE,
        id="tenancy",
        number=f"'ZL' || extract(year FROM signed_on) || '-' || ({FIRST} + n)",
        application_id="app",
        offer_id="offer",
        home_id="home",
        account_id="account",
        office_code="code",
        tenant_name="name",
        status="state",
        status_since="coalesce(back_on, CASE WHEN state IN ('ordered', 'court') THEN current_date - n %% 60 END,"
        " handed_on, signed_on)",
        signed_on="signed_on",
        handed_over_on="handed_on",
        given_back_on="back_on",
        billed_until="CASE WHEN back_on IS NOT NULL THEN date_trunc('month', back_on::timestamp)::date"
        f" WHEN has_keys THEN {THIS_MONTH} END",
    )
    _terms(cursor, by)
    _exits(cursor, by)
    _visits(cursor, by)
    _days(cursor)


def _terms(cursor: Any, by: Hands) -> None:
    """The leases, one after the other until today, and the rent."""
    insert(
        cursor,
        Contract,
        LEASES,
        number=f"'HT' || extract(year FROM begins) || '-' || ({FIRST} + n)",
        tenancy_id="tenancy",
        begins_on="begins::date",
        ends_on="(begins + interval '36 months')::date - 1",
        deposit="500",
        by_id=by.officer,
    )
    insert(
        cursor,
        RentTerm,
        HAVE,
        tenancy_id="tenancy",
        kind="'contract'",
        from_month="date_trunc('month', signed_on::timestamp)::date",
        amount="rent",
        working="'[]'::jsonb",
        standard="(SELECT code FROM verification_standard WHERE in_use ORDER BY effective_from DESC LIMIT 1)",
        by_id=by.officer,
        at="signed_on",
    )


def _exits(cursor: Any, by: Hands) -> None:
    ordered = "coalesce(back_on, current_date - n %% 60) - 30"
    insert(
        cursor,
        Exit,
        f"large_life WHERE state IN {LEFT}",
        tenancy_id="tenancy",
        reason="reason",
        text="'经核查认定。'",
        ordered_on=ordered,
        leave_by=f"CASE WHEN reason <> 'voluntary' OR back_on IS NULL THEN {ordered} + 15 END",
        by_id=by.officer,
        ended_on="back_on",
        condition="CASE WHEN back_on IS NULL THEN '' ELSE '完好' END",
    )


def _visits(cursor: Any, by: Hands) -> None:
    """Of one home in twenty: to come, in order, found and settled."""
    states = ", ".join(f"'{state}'" for state in VISITS)
    findings = ", ".join(f"'{finding}'" for finding in FOUND)
    source = f"""(
        SELECT *, (ARRAY[{states}])[1 + n / 20 %% {len(VISITS)}] AS is_now,
            (ARRAY[{findings}])[1 + n / 20 %% {len(FOUND)}] AS misuse
        FROM large_life l JOIN large_desk k USING (code) WHERE state = 'running' AND n %% 20 = 0
    ) v"""  # noqa: S608 -- our own words
    settled, visited = "CASE WHEN is_now = 'confirmed' THEN {} END", "CASE WHEN is_now <> 'planned' THEN {} END"
    insert(
        cursor,
        Visit,
        source,
        number=f"'RH' || extract(year FROM current_date) || '-' || ({FIRST} + n)",
        tenancy_id="tenancy",
        office_code="code",
        status="is_now",
        ground="CASE n / 20 %% 3 WHEN 0 THEN 'risk' ELSE 'random' END",
        planned_on="current_date - 40",
        due_on="current_date - 10 + n / 20 %% 40",
        planned_by_id=by.officer,
        visitor_id=visited.format("clerk"),
        visited_on=visited.format("current_date - 20"),
        finding="CASE is_now WHEN 'planned' THEN '' WHEN 'in_order' THEN 'in_order' ELSE misuse END",
        words=f"CASE is_now WHEN 'planned' THEN {sealed(Visit, 'words', '')} ELSE {sealed(Visit, 'words', '入户')} END",
        settled_by_id=settled.format(by.officer),
        settled_on=settled.format("current_date - 12"),
        reason="CASE is_now WHEN 'confirmed' THEN '属实' ELSE '' END",
    )


def _days(cursor: Any) -> None:
    for event, day in (("signed", "signed_on"), ("hand_over", "handed_on"), ("give_back", "back_on")):
        insert(
            cursor,
            TimelineEntry,
            f"large_life WHERE {day} IS NOT NULL",
            subject_kind="'benefits.tenancy'",
            subject_id="tenancy",
            event=f"'{event}'",
            at=f"{day} + time '10:00'",
        )
