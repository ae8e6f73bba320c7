"""Estates with their homes, and the waiting list with what was offered."""

from typing import Any

from benefits.models import Estate, Home, Offer, Turn
from benefits.waiting import GROUPS
from bureau.models import TimelineEntry
from housing_credit.large.checks import FIRST, MOST
from housing_credit.large.life import Hands
from housing_credit.large.rows import insert, next_id

HOMES_IN_AN_ESTATE = 400
OF_TURN = """CASE state WHEN 'waiting' THEN 'waiting' WHEN 'offered' THEN 'offered' WHEN 'given_up' THEN 'given_up'
    ELSE 'housed' END"""
OF_HOME = """CASE state WHEN 'offered' THEN 'offered' WHEN 'returned' THEN 'repair'
    WHEN 'ended' THEN CASE n %% 2 WHEN 0 THEN 'vacant' ELSE 'repair' END ELSE 'let' END"""


def lay(cursor: Any, by: Hands) -> None:
    """The homes of all who have or had one, some that nobody has lived in yet, and everybody's place."""
    _estates(cursor)
    _homes(cursor)
    _turns(cursor, by)
    _offers(cursor, by)


def _estates(cursor: Any) -> None:
    cursor.execute("DROP TABLE IF EXISTS large_estate")
    cursor.execute(
        f"""
        CREATE TEMP TABLE large_estate AS
        SELECT {next_id(Estate)} AS estate, district, k, count(*) OVER (PARTITION BY district) AS many
        FROM (SELECT left(code, 6) AS district, count(*) AS homes FROM large_life WHERE has_offer GROUP BY 1) AS d,
            generate_series(0, homes / {HOMES_IN_AN_ESTATE}) AS k
        """  # noqa: S608 -- our own words
    )
    insert(
        cursor,
        Estate,
        "large_estate",
        id="estate",
        name="'安居苑' || district || '-' || k",
        address="'泰州市' || district || '路' || k || '号'",
        office_code="district",
    )


def _homes(cursor: Any) -> None:
    flat = {
        "building": "(n / 7 %% 30 + 1)::text",
        "unit": "'W' || n",
        "area": "32.5 + n %% 30",
        "rooms": "1 + n %% 3",
        "floor": "1 + n %% 11",
        "has_lift": "n %% 2 = 0",
        "office_code": "e.district",
        "estate_id": "e.estate",
    }
    of_estate = "JOIN large_estate e ON e.district = left(l.code, 6) AND e.k = l.n %% e.many"
    insert(
        cursor,
        Home,
        f"large_life l {of_estate} WHERE home IS NOT NULL",
        id="home",
        number=f"'FY' || extract(year FROM approved) || '-' || ({FIRST} + n)",
        status=OF_HOME,
        status_since="coalesce(back_on, signed_on, offered_on)",
        **flat,
    )
    insert(
        cursor,
        Home,
        f"(SELECT {MOST} + n AS n, code FROM large_life WHERE has_offer AND n %% 40 = 0) l {of_estate}",  # noqa: S608 -- our own words
        number=f"'FY' || extract(year FROM current_date) || '-' || ({FIRST} + n)",
        status="CASE n / 40 %% 10 WHEN 0 THEN 'withdrawn' ELSE 'vacant' END",
        status_since="current_date - n %% 90",
        **flat,
    )


def _turns(cursor: Any, by: Hands) -> None:
    groups, behind = list(GROUPS), len(GROUPS)
    named = " ".join(f"WHEN {place} THEN ARRAY['{code}']" for place, code in enumerate(groups))
    insert(
        cursor,
        Turn,
        "large_life WHERE turn IS NOT NULL",
        id="turn",
        number=f"'LH' || extract(year FROM approved) || '-' || ({FIRST} + n)",
        application_id="app",
        office_code="code",
        status=OF_TURN,
        status_since="coalesce(signed_on, CASE WHEN has_offer THEN offered_on END, approved)",
        approved_on="approved",
        registered_on="approved",
        policy_id=by.allotment,
        groups=f"(CASE n %% 12 {named} ELSE ARRAY[]::text[] END)",
        rank=f"least(n %% 12, {behind})",
        persons="2",
        rooms="1",
    )
    insert(
        cursor,
        TimelineEntry,
        "large_life WHERE turn IS NOT NULL",
        subject_kind="'benefits.turn'",
        subject_id="turn",
        event="'registered'",
        at="approved",
    )


def _offers(cursor: Any, by: Hands) -> None:
    insert(
        cursor,
        Offer,
        "large_life WHERE offer IS NOT NULL",
        id="offer",
        turn_id="turn",
        home_id="home",
        offered_on="offered_on",
        answer_by="offered_on + 14",
        answer="CASE WHEN has_home THEN 'accepted' ELSE '' END",
        answered_on="CASE WHEN has_home THEN signed_on END",
        by_id=by.officer,
    )
