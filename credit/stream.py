"""The stream of the registry: what others are to know, written in the transaction in which it comes true."""

from collections.abc import Sequence
from datetime import date

from django.db import connection

from credit.clocks import Kind
from credit.models import RegistryEvent, Sanction

What = RegistryEvent.What
LANE = 7_120_004  # of the advisory lock: writers follow one another, so that keys are in the order of their commits
MOST = 1000


def tell(what: RegistryEvent.What, sanction: Sanction, *, on: date, because: str = "") -> RegistryEvent:
    """Write what came about of a measure, inside the caller's transaction, which holds the lane to its end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LANE])
    return RegistryEvent.objects.create(
        what=what,
        sanction=sanction,
        subject_id=sanction.subject_id,
        kind=sanction.kind,
        on=on,
        holds_from=sanction.holds_from,
        holds_until=sanction.ends_on(),
        because=because,
        disputed=sanction.disputed,
    )


def after(cursor: int, *, kinds: Sequence[Kind] = (Kind.SHARING,), limit: int = MOST) -> list[RegistryEvent]:
    """What came about after the one with this key, the oldest first, at most `limit` of them."""
    found = RegistryEvent.objects.filter(pk__gt=cursor, kind__in=list(kinds))
    return list(found.select_related("sanction__case__act", "subject").order_by("pk")[:limit])
