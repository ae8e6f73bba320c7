"""The query log of the departments: one statement writes a request's rows, uses up its nonce and counts its quota.

Cheap on purpose: what is asked about one subject costs one insertion beside the reading of the answer.
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
from credit.callers import Found, this_minute
from credit.prepared import Prepared

SLOTS = 16  # of PartnerUse: as many as threads that are likely to write at the same time
_thread, _threads = threading.local(), itertools.count()

# The first row carries the nonce. Where that was used before, the statement writes nothing and returns nothing.
WRITE = """
WITH first AS (
    INSERT INTO credit_partnercall (at, partner_id, key_id, claimed, endpoint, purpose_id, request_number, day,
                                    subject_kind, subject_index, outcome, nonce)
    VALUES (%(at)s, %(partner)s, %(key)s, %(claimed)s, %(endpoint)s, %(purpose)s, %(request)s, %(day)s,
            %(kind)s, %(index)s, %(outcome)s, %(nonce)s)
    ON CONFLICT (key_id, nonce) WHERE nonce IS NOT NULL DO NOTHING
    RETURNING id
)"""
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
    given: dict[str, Any] = {
        "at": timezone.now(),
        "partner": call.found.partner if call.found else call.partner,
        "key": call.found.key if call.found else None,
        "claimed": call.claimed,
        "endpoint": call.endpoint,
        "purpose": call.purpose,
        "request": call.request_number,
        "day": call.day,
        "kind": first.kind,
        "index": first.index,
        "outcome": first.outcome,
        "nonce": call.nonce,
    }
    if spent:
        given |= {"slot": _slot(), "count": spent, "today": workdays.today(), "minute": this_minute()}
    if others:
        given |= {
            "kinds": [line.kind for line in others],
            "indexes": [line.index for line in others],
            "outcomes": [line.outcome for line in others],
        }
    return bool(STATEMENTS[spent > 0, bool(others)].rows(given))


def _slot() -> int:
    """The row of this thread. Two processes of eight threads, started one after the other, have sixteen."""
    number: int | None = getattr(_thread, "number", None)
    if number is None:
        number = _thread.number = next(_threads)
    return (os.getpid() * 8 + number) % SLOTS


def refused(call: Call, code: str) -> str:
    """Write down that a request was refused, and return why: that its nonce was used before, when it was."""
    if write(call, [Line(code)]):
        return code
    call.nonce = None
    write(call, [Line("replayed_nonce")])
    return "replayed_nonce"
