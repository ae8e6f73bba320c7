"""Write what became of many inquiries, in one statement and only while our lease holds.

Few rows travel as VALUES; many are staged by COPY first, which PostgreSQL reads at twice the pace of a long statement.
"""

import io
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from psycopg2.extras import execute_values

from bureau.querysets import array_of

MANY = 200  # rows from which staging pays, measured
NOTHING_BACK: Mapping[int, int] = {}

COLUMNS = "id, state, reason, answer, outcomes, answered_at, milliseconds, exchange_id, not_before, ticket, given_back"
# The lease is hidden from the planner, who would take it for rare and look for it in the whole table, row by row.
UPDATE = f"""
WITH back AS (
    UPDATE verification_lease e SET places = greatest(e.places - b.places, 0)
    FROM unnest('%s'::bigint[], '%s'::int[]) AS b (source_id, places)
    WHERE e.source_id = b.source_id AND e.token = '%s'
)
UPDATE verification_inquiry i SET state = v.state, reason = v.reason, answer = v.answer, outcomes = v.outcomes,
    answered_at = v.answered_at, milliseconds = v.milliseconds, exchange_id = v.exchange_id, not_before = v.not_before,
    ticket = v.ticket, attempts = i.attempts - v.given_back, lease = NULL, lease_until = NULL
FROM %s AS v ({COLUMNS})
WHERE i.id = v.id AND COALESCE(i.lease = '%s'::uuid AND i.state = 'open', false)
RETURNING i.id, i.check_ordered_id
"""  # noqa: S608 -- the columns above
TEMPLATE = "(%s, %s, %s, %s::bytea, %s::jsonb, %s::timestamptz, %s::int, %s::bigint, %s::timestamptz, %s, %s::int)"
STAGE = """
CREATE TEMPORARY TABLE IF NOT EXISTS inquiry_stage (
    id bigint, state text, reason text, answer bytea, outcomes jsonb, answered_at timestamptz, milliseconds int,
    exchange_id bigint, not_before timestamptz, ticket text, given_back int
) ON COMMIT DELETE ROWS
"""
# Of a staged table the planner knows nothing: by id, row after row, is never wrong, and a hash over a whole round is.
BY_ID = "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off"


class Ended(NamedTuple):
    """What becomes of one inquiry: the columns of `UPDATE` in their order."""

    inquiry: int
    state: str
    reason: str
    answer: bytes | None  # sealed
    outcomes: str  # JSON
    answered_at: datetime | None
    milliseconds: int
    exchange: int
    not_before: datetime
    ticket: str
    given_back: int  # attempts that do not count


def write(lease: uuid.UUID, rows: Sequence[Ended], back: Mapping[int, int] = NOTHING_BACK) -> dict[int, int]:
    """Write the rows that the lease still holds, inside the caller's transaction; the check of each inquiry written.

    `back`: how many households are no longer out at each source, by its id.
    """
    if not rows:
        return {}
    came_back = (array_of(back.keys()), array_of(back.values()), lease)
    with connection.cursor() as cursor:
        if len(rows) < MANY:
            sql = UPDATE % (*came_back, "(VALUES %s)", lease)
            return dict(execute_values(cursor.cursor, sql, rows, template=TEMPLATE, page_size=MANY, fetch=True))
        cursor.execute(STAGE)
        copied = _copied(rows)
        sql = f"COPY inquiry_stage ({COLUMNS}) FROM STDIN"
        cursor.cursor.copy_expert(sql, io.BytesIO(copied), size=len(copied))  # in one piece: each waits for its turn
        cursor.execute(BY_ID)
        cursor.execute(UPDATE % (*came_back, "inquiry_stage", lease))
        return dict(cursor.fetchall())


def _copied(rows: Iterable[Ended]) -> bytes:
    """The rows in the text form of COPY."""
    return "".join(map(_line, rows)).encode()


def _line(row: Ended) -> str:
    """Numbers and moments as they are; texts with what COPY takes for its own marks written out."""
    answer = r"\N" if row.answer is None else rf"\\x{row.answer.hex()}"
    answered_at = r"\N" if row.answered_at is None else row.answered_at
    return (
        f"{row.inquiry}\t{_text(row.state)}\t{_text(row.reason)}\t{answer}\t{_text(row.outcomes)}\t{answered_at}"
        f"\t{row.milliseconds}\t{row.exchange}\t{row.not_before}\t{_text(row.ticket)}\t{row.given_back}\n"
    )


def _text(text: str) -> str:
    if not text or text.isalnum():
        return text
    return text.replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")
