"""What was asked: inquiries of checks under way and of some that are over, and the queries of departments."""

from datetime import datetime
from typing import Any

import msgspec
from django.db import connection, transaction

from bureau.workdays import SHANGHAI
from credit.models import Partner, PartnerCall
from housing_credit.large.checks import OURS
from housing_credit.large.rows import insert, sealed
from verification.connector import Answer, Reply
from verification.facts import Outcome
from verification.models import Inquiry

KEPT_OF = 25  # of so many checks that are over one has its inquiries
FAILED_OF = 400
DAYS = 300


def fill(households: int) -> None:
    """The inquiries of what `households` has laid, and two queries for each household."""
    with transaction.atomic(), connection.cursor() as cursor:
        _inquiries(cursor)
        _queries(cursor, households * 2)


def _inquiries(cursor: Any) -> None:
    replies = tuple(Reply(person=key, outcome=Outcome.NONE) for key in ("m1", "m2"))
    answer = Answer(reference="large", replies=replies, replied_at=datetime(2026, 1, 1, 9, tzinfo=SHANGHAI))
    source = f"""(
        SELECT c.id AS chk, c.ordered_at, s.id AS source, (c.id * 31 + s.id) %% {FAILED_OF} = 0 AS is_failed
        FROM verification_check c CROSS JOIN verification_source s
        WHERE c.number ~ '{OURS}' AND (c.status = 'assessed' OR c.id %% {KEPT_OF} = 0)
    ) l"""  # noqa: S608 -- our own words
    told = "CASE WHEN NOT is_failed THEN {} END"
    insert(
        cursor,
        Inquiry,
        source,
        check_ordered_id="chk",
        source_id="source",
        state="CASE WHEN is_failed THEN 'failed' ELSE 'answered' END",
        reason="CASE WHEN is_failed THEN 'timeout' ELSE '' END",
        attempts="1",
        not_before="ordered_at",
        asked_at="ordered_at",
        first_asked_at="ordered_at",
        answered_at=told.format("ordered_at + interval '2 s'"),
        milliseconds="200 + chk %% 900",
        outcomes='CASE WHEN is_failed THEN \'{}\' ELSE \'{"m1": "none", "m2": "none"}\' END::jsonb',
        answer=told.format(sealed(Inquiry, "answer", msgspec.json.encode(answer))),
    )


def _queries(cursor: Any, count: int) -> None:
    if not Partner.objects.exists():
        return
    insert(
        cursor,
        PartnerCall,
        f"""(
            SELECT g.n, p.id AS partner FROM generate_series(1, {count}) AS g(n)
            JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place, count(*) OVER () AS many FROM credit_partner) p
                ON p.place = 1 + g.n %% p.many ORDER BY g.n
        ) l""",  # noqa: S608 -- our own words
        at=f"now() - (1 - n / {count}.0) * interval '{DAYS} days'",
        partner_id="partner",
        endpoint="'standing'",
        purpose_id="(SELECT min(id) FROM credit_purpose)",
        subject_kind="'person'",
        subject_index="sha256(('large subject ' || n / 9)::bytea)",
        day="current_date",
        outcome="CASE n %% 9 WHEN 0 THEN 'hit' ELSE 'none' END",
        request_number="lpad(to_hex(n), 12, '0')",
    )
