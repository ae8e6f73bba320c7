"""One yearly review over everybody in benefit, of which most households have been through."""

from typing import Any

import msgspec

from benefits.models import Review, ReviewRound, SelfReport
from bureau.models import TimelineEntry
from housing_credit.large.checks import FIRST, MOST, declared, lay_checks
from housing_credit.large.life import CITY, Hands
from housing_credit.large.rows import drawn, insert, next_id, sealed
from verification.comparison import Change, Changes
from verification.facts import Outcome
from verification.models import Assessment, Check, Conclusion, Delta, Finding, Round, Source

OPENED, CLOSED = 60, 35  # days ago: the window to report
STATES = (
    (0.04, "reporting"),
    (0.09, "unanswered"),
    (0.29, "checking"),
    (0.39, "to_decide"),
    (0.92, "renewed"),
    (0.97, "changed"),
    (1.01, "to_exit"),
)


def lay(cursor: Any, by: Hands) -> None:
    """The round, its checks and the review of each household."""
    cursor.execute(f"SELECT {next_id(Round)}, {next_id(ReviewRound)}")  # noqa: S608 -- our own words
    checked_in, review_round = map(str, cursor.fetchone())
    states = " ".join(f"WHEN review_r < {share} THEN '{name}'" for share, name in STATES)
    cursor.execute("DROP TABLE IF EXISTS large_review")
    cursor.execute(
        f"""
        CREATE TEMP TABLE large_review AS
        WITH told AS (
            SELECT n + {MOST} AS n, app, tenancy, subsidy, chk AS chk_before, reference, code, kind, rent,
                date_trunc('minute', now()) - interval '{CLOSED - 1} days' AS at0, {drawn("review")} AS review_r
            FROM large_life WHERE state IN ('signed', 'running', 'paid', 'stopped')
        ), stated AS (
            SELECT *, CASE {states} END AS state FROM told
        ), put AS (
            SELECT *, state NOT IN ('reporting', 'unanswered') AS is_checked,
                state IN ('to_decide', 'renewed', 'changed', 'to_exit') AS is_concluded, at0 AS since,
                CASE WHEN state = 'to_exit' THEN 'unfit' ELSE 'fit' END AS outcome,
                0 AS d0, 0 AS d1, 0 AS d2, 0 AS d3, 10 AS d4
            FROM stated
        )
        SELECT p.*, {next_id(Review)} AS review, c.checker, CASE WHEN is_checked THEN {next_id(Check)} END AS chk,
            CASE WHEN is_checked THEN {next_id(Assessment)} END AS ass,
            CASE WHEN is_checked THEN {next_id(Finding)} END AS fnd,
            CASE WHEN is_concluded THEN {next_id(Conclusion)} END AS con
        FROM put p CROSS JOIN large_city c
        """,  # noqa: S608 -- our own words
        [],
    )
    _rounds(cursor, by, checked_in, review_round)
    lay_checks(cursor, "large_review", round_id=checked_in, queue="'rounds'")
    _deltas(cursor, checked_in)
    _reviews(cursor, by, review_round)


def _rounds(cursor: Any, by: Hands, checked_in: str, review_round: str) -> None:
    one = "(SELECT count(*) FILTER (WHERE is_checked) AS households FROM large_review) l"
    insert(
        cursor,
        Round,
        one,
        id=checked_in,
        number=f"'PC' || extract(year FROM current_date) || '-{FIRST}'",
        name="'年度复核'",
        population="'{}'::jsonb",
        office_code=f"'{CITY}'",
        households="households",
        filled_at=f"now() - interval '{CLOSED - 1} days'",
        opened_by_id=by.officer,
        opened_at=f"now() - interval '{CLOSED} days'",
    )
    insert(
        cursor,
        ReviewRound,
        one,
        id=review_round,
        number=f"'NS' || extract(year FROM current_date) || '-{FIRST}'",
        name="'年度复核'",
        kinds="ARRAY['public_rental', 'rental_subsidy']",
        office_code=f"'{CITY}'",
        policy_id=by.reviewing,
        status="'checking'",
        opened_on=f"current_date - {OPENED}",
        reports_until=f"current_date - {CLOSED}",
        answers_until="current_date - 5",
        opened_by_id=by.officer,
        round_id=checked_in,
    )


def _deltas(cursor: Any, checked_in: str) -> None:
    """What changed since the check before: for most households nothing, else a source that is silent now."""
    code = Source.objects.order_by("place", "code").values_list("code", flat=True)[0]
    silent = Change(kind="source_silent", weight=1, name=str(Outcome.TIMEOUT), source=code)
    told, nothing = (sealed(Delta, "content", msgspec.json.encode(Changes(changes))) for changes in ((silent,), ()))
    has_changed = "(outcome = 'unfit' OR n %% 7 = 0)"
    insert(
        cursor,
        Delta,
        "large_review l JOIN (SELECT check_ordered_id, id AS before FROM verification_assessment) a"
        " ON a.check_ordered_id = l.chk_before WHERE is_checked",
        check_ordered_id="chk",
        assessment_id="ass",
        before_id="before",
        round_id=checked_in,
        office_code="code",
        weight=f"CASE WHEN {has_changed} THEN 1 + n %% 900 ELSE 0 END",
        kinds=f"CASE WHEN {has_changed} THEN ARRAY['source_silent'] ELSE ARRAY[]::text[] END",
        content=f"CASE WHEN {has_changed} THEN {told} ELSE {nothing} END",
    )


def _reviews(cursor: Any, by: Hands, review_round: str) -> None:
    decided = "CASE WHEN state IN ('changed', 'to_exit') THEN {} END"
    reported = "CASE WHEN state <> 'unanswered' AND n %% 3 = 0 THEN current_date - 50 + n %% 12 END"
    insert(
        cursor,
        Review,
        "large_review",
        id="review",
        review_round_id=review_round,
        application_id="app",
        tenancy_id="tenancy",
        grant_id="subsidy",
        office_code="code",
        status="CASE state WHEN 'to_decide' THEN 'checking' ELSE state END",
        status_since="CASE WHEN is_concluded THEN at0 + interval '11 days' ELSE at0 END",
        reported_on=reported,
        check_ordered_id="chk",
        reminded_on="CASE WHEN state = 'unanswered' THEN current_date - 34 END",
        amount_before="CASE WHEN state = 'changed' THEN rent END",
        amount_after="CASE WHEN state = 'changed' THEN rent + 60 END",
        decided_by_id=decided.format(by.other_officer),
        decided_on=decided.format("current_date - 20"),
    )
    insert(
        cursor,
        SelfReport,
        f"large_review WHERE {reported} IS NOT NULL",
        review_id="review",
        made_on=reported,
        events=sealed(SelfReport, "events", []),
        declared=sealed(SelfReport, "declared", msgspec.json.encode(declared())),
        digest="md5('r' || n) || md5('d' || n)",
        by_id=by.officer,
    )
    insert(
        cursor,
        TimelineEntry,
        "large_review",
        subject_kind="'benefits.review'",
        subject_id="review",
        event="'opened'",
        at=f"now() - interval '{OPENED} days'",
    )
