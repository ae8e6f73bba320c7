"""What became of the approved households: who waits, who lives in a home, who is paid a subsidy, who has left."""

from typing import Any, NamedTuple

from benefits.models import Account, AllotmentPolicy, Grant, Home, Offer, ReviewPolicy, Tenancy, Turn
from bureau.models import Posting
from bureau.roles import Role
from housing_credit.large.checks import FIRST, OURS, LargeError
from housing_credit.large.rows import drawn, next_id

CITY = "321200"
# Of the households approved for a home, the first ones have it: up to which share, and what they are now.
HOUSED = (("signed", 0.60), ("offered", 0.62), ("waiting", 1.01))
LIVED = ((0.955, "running"), (0.98, "ordered"), (0.985, "court"), (1.01, "returned"))
HAVE_HOMES = 0.58
PAID = ((0.03, "stopped"), (0.97, "paid"), (1.01, "awaiting"))
LEAST = 250  # days from approval to the end of who has lived in a home meanwhile; others have given up their place
SETTLED = 45  # days after the keys were back
BEHIND = 8  # months of arrears at most


class Hands(NamedTuple):
    """Who does what, and by which rules; keys of rows, as SQL."""

    cashier: str
    officer: str
    other_officer: str
    allotment: str
    reviewing: str


def hands() -> Hands:
    """Those at work today. Raises `LargeError` where somebody is missing."""
    postings = Posting.objects.current().filter(office__code=CITY).order_by("pk")
    cashier = postings.filter(role=Role.CASHIER).values_list("staff", flat=True).first()
    officers = list(postings.filter(role=Role.HOUSING_OFFICER).values_list("staff", flat=True)[:2])
    rules = [
        model._default_manager.order_by("-effective_from").values_list("pk", flat=True).first()
        for model in (AllotmentPolicy, ReviewPolicy)
    ]
    if cashier is None or len(officers) < 2 or None in rules:
        raise LargeError("There is nobody to let homes and to pay: seed the demonstration's people first.")
    return Hands(*map(str, (cashier, *officers, *rules)))


def lay(cursor: Any) -> None:
    """A table of this connection with a line for each approved household."""
    of_home = "CASE WHEN place < {have} THEN CASE {lived} END {others} END".format(
        have=HAVE_HOMES,
        lived=" ".join(f"WHEN life_r < {share} THEN '{name}'" for share, name in LIVED),
        others=" ".join(f"WHEN place < {share} THEN '{name}'" for name, share in HOUSED),
    )
    of_closed = f"CASE WHEN over_on - approved >= {LEAST} THEN 'ended' ELSE 'given_up' END"
    of_subsidy = " ".join(f"WHEN place < {share} THEN '{name}'" for share, name in PAID)
    keys = {
        "turn": (Turn, "kind = 'public_rental'"),
        "home": (Home, "has_offer"),
        "offer": (Offer, "has_offer"),
        "account": (Account, "has_home"),
        "tenancy": (Tenancy, "has_home"),
        "subsidy": (Grant, "kind = 'rental_subsidy'"),
    }
    ids = ", ".join(f"CASE WHEN {when} THEN {next_id(model)} END AS {name}" for name, (model, when) in keys.items())
    cursor.execute("DROP TABLE IF EXISTS large_life")
    cursor.execute(
        f"""
        CREATE TEMP TABLE large_life AS
        WITH approved AS (
            SELECT split_part(reference, '-', 2)::int - {FIRST} AS n, a.id AS app, reference, kind,
                current_check_id AS chk, applicant_name AS name, office_code AS code,
                (p.closed_at AT TIME ZONE 'Asia/Shanghai')::date AS approved,
                CASE status WHEN 'closed' THEN (status_since AT TIME ZONE 'Asia/Shanghai')::date END AS over_on,
                percent_rank() OVER (PARTITION BY kind, status ORDER BY p.closed_at, a.id) AS place
            FROM applications_application a JOIN applications_publicnotice p ON p.application_id = a.id
            WHERE status IN ('approved', 'closed') AND reference ~ '{OURS}'
        ), told AS (
            SELECT *, {drawn("life")} AS life_r FROM approved
        ), stated AS (
            SELECT *, CASE
                WHEN over_on IS NOT NULL THEN CASE kind WHEN 'rental_subsidy' THEN 'paid_out' ELSE {of_closed} END
                WHEN kind = 'rental_subsidy' THEN CASE {of_subsidy} END ELSE {of_home} END AS state FROM told
        ), begun AS (
            SELECT *, state IN ('signed', 'running', 'ordered', 'court', 'returned', 'ended') AS has_home,
                state IN ('offered', 'signed', 'running', 'ordered', 'court', 'returned', 'ended') AS has_offer,
                state IN ('running', 'ordered', 'court', 'returned', 'ended') AS has_keys,
                CASE WHEN state IN ('signed', 'offered') THEN current_date - 5 - n %% 20
                    ELSE approved + 8 + n * 13 %% 60 END AS offered_on
            FROM stated
        ), lived AS (
            SELECT *, CASE WHEN has_home THEN offered_on + 4 END AS signed_on,
                CASE WHEN has_keys THEN offered_on + 10 END AS handed_on,
                round(120 + n * 37 %% 480 + 0.35 * (n %% 3), 2) AS rent
            FROM begun
        )
        SELECT *, CASE state WHEN 'returned' THEN current_date - 15 - n %% 40 WHEN 'ended' THEN over_on - {SETTLED} END
                AS back_on,
            CASE WHEN state = 'running' AND n %% 12 = 0 THEN 1 + n / 12 %% {BEHIND}
                WHEN state IN ('ordered', 'court') THEN n %% {BEHIND} WHEN state = 'returned' THEN n %% 4 ELSE 0 END
                AS behind,
            (ARRAY['changed', 'voluntary', 'unfit', 'breach'])[1 + n %% 4] AS reason, {ids}
        FROM lived ORDER BY approved, n
        """,  # noqa: S608 -- our own words
        [],
    )
    cursor.execute("ANALYZE large_life")
