"""The query log of the departments: one statement writes a request's rows, uses up its nonce and counts its quota.

Cheap on purpose: what is asked about one subject is looked up and written down by a single statement.
"""

import itertools
import os
import threading
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from msgspec import Struct

from bureau import workdays
from credit.callers import STANDS, ChangedError, Found, this_minute
from credit.models import PartnerCall
from credit.prepared import Prepared
from credit.standing import NONE, SHARED_SQL, Shared

SLOTS = 16  # of PartnerUse: as many as are likely to write at the same time
_thread, _threads = threading.local(), itertools.count()

# The first row carries the nonce. Where that was used before, the statement writes nothing and returns nothing.
FIRST = """first AS (
    INSERT INTO credit_partnercall (at, partner_id, key_id, claimed, endpoint, purpose_id, request_number, day,
                                    subject_kind, subject_index, outcome, nonce)
    SELECT %(at)s, %(partner)s, %(key)s, %(claimed)s, %(endpoint)s, %(purpose)s, %(request)s, %(day)s,
           %(kind)s, %(index)s, {outcome}, %(nonce)s {source}
    ON CONFLICT (key_id, nonce) WHERE nonce IS NOT NULL DO NOTHING
    RETURNING id
)"""
WRITE = "WITH " + FIRST.format(outcome="%(outcome)s", source="")
# One subject is looked up by the statement that writes the line: nothing is told that is not written. It looks at the
# caller too: nothing is told to one who may no longer ask.
TOLD = SHARED_SQL.format(these="= %(index)s").replace("%(on)s", "%(day)s")
HIT_OR_NONE = f"CASE WHEN EXISTS (SELECT FROM told) THEN '{PartnerCall.HIT}' ELSE '{PartnerCall.NONE}' END"
TELL = f"WITH caller AS ({STANDS}), told AS ({TOLD}), " + FIRST.format(outcome=HIT_OR_NONE, source="FROM caller")
SPEND = """, spent AS (
    INSERT INTO credit_partneruse AS u (partner_id, slot, day, in_day, minute, in_minute)
    SELECT %(partner)s, %(slot)s, %(today)s, %(count)s, %(minute)s, %(count)s FROM first
    ON CONFLICT (partner_id, slot) DO UPDATE SET
        in_day = EXCLUDED.in_day + CASE WHEN u.day = EXCLUDED.day THEN u.in_day ELSE 0 END,
        in_minute = EXCLUDED.in_minute + CASE WHEN u.minute = EXCLUDED.minute THEN u.in_minute ELSE 0 END,
        day = EXCLUDED.day, minute = EXCLUDED.minute
)"""
MORE = """, more AS (
    INSERT INTO credit_partnercall (at, partner_id, key_id, claimed, endpoint, purpose_id, request_number, day,
                                    subject_kind, subject_index, outcome)
    SELECT %(at)s, %(partner)s, %(key)s, %(claimed)s, %(endpoint)s, %(purpose)s, %(request)s, %(day)s,
           each.kind, each.index, each.outcome
    FROM first, unnest(%(kinds)s::text[], %(indexes)s::bytea[], %(outcomes)s::text[]) AS each(kind, index, outcome)
)"""
READ = " SELECT id FROM first"
READ_TOLD = """
SELECT first.id IS NOT NULL, told.identifier_index IS NOT NULL, told.until, told.basis, told.severity, told.disputed
FROM caller LEFT JOIN first ON true LEFT JOIN told ON true ORDER BY told.until NULLS LAST"""
TYPES = {
    "at": "timestamptz",
    "partner": "bigint",
    "key": "bigint",
    "claimed": "text",
    "endpoint": "text",
    "purpose": "bigint",
    "request": "text",
    "day": "date",
    "kind": "text",
    "index": "bytea",
    "outcome": "text",
    "nonce": "uuid",
}
OF_SPENDING = {"slot": "smallint", "count": "integer", "today": "date", "minute": "integer"}
OF_MORE = {"kinds": "text[]", "indexes": "bytea[]", "outcomes": "text[]"}
# By whether it spends, and whether it has more rows than one.
STATEMENTS = {
    (False, False): Prepared("credit_note", WRITE + READ, **TYPES),
    (True, False): Prepared("credit_note_one", WRITE + SPEND + READ, **TYPES, **OF_SPENDING),
    (False, True): Prepared("credit_note_bad", WRITE + MORE + READ, **TYPES, **OF_MORE),
    (True, True): Prepared("credit_note_many", WRITE + SPEND + MORE + READ, **TYPES, **OF_SPENDING, **OF_MORE),
}
OF_TELLING = {name: kind for name, kind in TYPES.items() if name != "outcome"} | OF_SPENDING
ANSWER_ONE = Prepared("credit_answer_one", TELL + SPEND + READ_TOLD, **OF_TELLING)


class Call(Struct, kw_only=True):
    """A request, as far as it is known."""

    endpoint: str
    request_number: str
    found: Found | None = None
    partner: int | None = None  # where nobody calls: what we send by ourselves
    claimed: str = ""
    nonce: str | None = None
    purpose: int | None = None
    day: date | None = None


class Line(Struct, frozen=True):
    """What the log says of one subject."""

    outcome: str
    kind: str = ""
    index: bytes | None = None


def write(call: Call, lines: Sequence[Line], *, spent: int = 0) -> bool:
    """Write a request down, with one row for each subject, and count what it `spent`. False, and nothing is written,
    when its nonce was used before.
    """
    first, *others = lines
    given = _of_call(call) | {"kind": first.kind, "index": first.index, "outcome": first.outcome}
    if spent:
        given |= _spending(spent)
    if others:
        given |= {
            "kinds": [line.kind for line in others],
            "indexes": [line.index for line in others],
            "outcomes": [line.outcome for line in others],
        }
    return bool(STATEMENTS[spent > 0, bool(others)].rows(given))


def answer_one(call: Call, kind: str, index: bytes) -> Shared | None:
    """What is shared of one subject on the day of the call, written down and counted by the statement that reads it.

    None, and nothing is written, when the nonce was used before; `ChangedError` when the caller may no longer ask.
    """
    rows = ANSWER_ONE.rows(_of_call(call) | {"kind": kind, "index": index} | _spending(1))
    if not rows:
        raise ChangedError
    told = NONE
    for written, hit, *record in rows:
        if not written:
            return None
        if hit:
            told = told.and_then(*record)
    return told


def _of_call(call: Call) -> dict[str, Any]:
    return {
        "at": timezone.now(),
        "partner": call.found.partner if call.found else call.partner,
        "key": call.found.key if call.found else None,
        "claimed": call.claimed,
        "endpoint": call.endpoint,
        "purpose": call.purpose,
        "request": call.request_number,
        "day": call.day,
        "nonce": call.nonce,
    }


def _spending(count: int) -> dict[str, Any]:
    return {"slot": _slot(), "count": count, "today": workdays.today(), "minute": this_minute()}


def _slot() -> int:
    """The row of this thread: processes that are started one after the other have different ones."""
    number: int | None = getattr(_thread, "number", None)
    if number is None:
        number = _thread.number = next(_threads)
    return (os.getpid() + number) % SLOTS


def refused(call: Call, code: str) -> str:
    """Write down that a request was refused, and return why: that its nonce was used before, when it was."""
    if write(call, [Line(code)]):
        return code
    call.nonce = None
    write(call, [Line("replayed_nonce")])
    return "replayed_nonce"
