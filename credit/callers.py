"""Who calls: the key, its department and all that it is granted, by one query.

What was found is remembered, and never believed alone: a statement that answers by it asks `STANDS` in the same breath.
So a revoked key, an ended grant or a used-up quota ends with the next request.
"""

import time
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from msgspec import Struct

from bureau import workdays
from credit.models import PartnerKey
from credit.prepared import Prepared
from credit.refusals import CallRefusedError
from credit.signing import Message, Signature

FIND = Prepared(
    "credit_caller",
    """
SELECT k.id, k.partner_id, k.digest, k.expires_on, k.revoked_at, p.active, p.quota_day, p.quota_minute,
    (SELECT ARRAY[coalesce(sum(in_day) FILTER (WHERE day = %(today)s), 0),
                  coalesce(sum(in_minute) FILTER (WHERE minute = %(minute)s), 0)]
     FROM credit_partneruse u WHERE u.partner_id = p.id),
    (SELECT array_agg(g.endpoint || ' ' || r.code || ' ' || r.id)
     FROM credit_grant g JOIN credit_purpose r ON r.id = g.purpose_id AND r.active
     WHERE g.partner_id = p.id AND g.from_on <= %(today)s AND (g.to_on IS NULL OR g.to_on > %(today)s))
FROM credit_partnerkey k JOIN credit_partner p ON p.id = k.partner_id
WHERE k.key_id = %(key_id)s
""",
    key_id="text",
    today="date",
    minute="integer",
)
# A row, for as long as what was found of the caller still holds for one subject more.
STANDS = """
SELECT FROM credit_partnerkey k JOIN credit_partner p ON p.id = k.partner_id
WHERE k.id = %(key)s AND k.revoked_at IS NULL AND k.expires_on > %(today)s AND p.active
    AND EXISTS (
        SELECT FROM credit_grant g JOIN credit_purpose r ON r.id = g.purpose_id AND r.active
        WHERE g.partner_id = p.id AND g.purpose_id = %(purpose)s AND g.endpoint = %(endpoint)s
            AND g.from_on <= %(today)s AND (g.to_on IS NULL OR g.to_on > %(today)s))
    AND (SELECT coalesce(sum(in_day) FILTER (WHERE day = %(today)s), 0) < p.quota_day
            AND coalesce(sum(in_minute) FILTER (WHERE minute = %(minute)s), 0) < p.quota_minute
         FROM credit_partneruse u WHERE u.partner_id = p.id)
"""

_found: dict[str, "Found"] = {}  # by key id: at most as many as there are keys


class ChangedError(Exception):
    """What was found of the caller holds no longer; nothing is written."""


class Found(Struct, frozen=True):
    """A key as it stood in the database when it was found."""

    key: int
    partner: int
    digest: bytes  # sealed
    expires_on: date
    revoked_at: datetime | None
    active: bool
    quota_day: int
    quota_minute: int
    used: list[int]
    grants: list[str] | None

    @property
    def granted(self) -> Mapping[tuple[str, str], int]:
        """The id of a purpose by endpoint and code."""
        words = (grant.split(" ") for grant in self.grants or ())
        return {(endpoint, code): int(number) for endpoint, code, number in words}

    def purpose(self, endpoint: str, code: str) -> int:
        """The id of the purpose that is granted at the endpoint; `CallRefusedError` when none is."""
        granted = self.granted
        if (endpoint, code) in granted:
            return granted[endpoint, code]
        elsewhere = any(known == code for _endpoint, known in granted)
        raise CallRefusedError("endpoint_not_granted" if elsewhere else "purpose_not_granted")

    def any_purpose(self, endpoint: str) -> int:
        """The id of a purpose for which the endpoint is granted; `CallRefusedError` when there is none."""
        for (known, _code), number in self.granted.items():
            if known == endpoint:
                return number
        raise CallRefusedError("endpoint_not_granted")

    def spend(self, count: int) -> None:
        """Refuse what goes beyond the quota of the day or the minute."""
        in_day, in_minute = self.used
        if in_day + count > self.quota_day or in_minute + count > self.quota_minute:
            raise CallRefusedError("quota_used_up")


def find(key_id: str) -> Found | None:
    """The key as it stands now, its department, what that may ask today and what it has asked so far."""
    given: dict[str, Any] = {"key_id": key_id, "today": workdays.today(), "minute": this_minute()}
    for row in FIND.rows(given):
        found = _found[key_id] = Found(row[0], row[1], bytes(row[2]), *row[3:])
        return found
    return None


def remembered(key_id: str) -> Found | None:
    """The key as this process found it last, for an answer whose statement asks whether it `STANDS`."""
    return _found.get(key_id)


def check(found: Found, signature: Signature, message: Message) -> None:
    """Refuse a key that is over, a department that is not served, a time that is off, a signature that is wrong."""
    if found.revoked_at is not None:
        raise CallRefusedError("revoked_key")
    if found.expires_on <= workdays.today():
        raise CallRefusedError("expired_key")
    if not found.active:
        raise CallRefusedError("partner_closed")
    if not signature.is_timely(time.time()):
        raise CallRefusedError("stale_time")
    if not signature.is_of(message, _opened(found.digest)):
        raise CallRefusedError("bad_signature")


def this_minute() -> int:
    """Minutes since 1970."""
    return int(time.time() // 60)


@lru_cache(maxsize=1024)
def _opened(sealed: bytes) -> bytes:
    """The digest, opened. That a seal was opened before says nothing of whether its key is still good: `find` does."""
    field: Any = PartnerKey._meta.get_field("digest")
    opened: bytes = field.opened(sealed)
    return opened
