"""What the page before a release shows: why the source is held, on what that rests, and what is in doubt by it."""

from collections.abc import Iterator
from typing import Any

from bureau.models import Staff
from bureau.roles import Role
from verification import doubt, flood, orders, wording
from verification.models import Hold
from verification.pages.canaries import canaries_context


def hold_context(held: Hold, staff: Staff) -> dict[str, Any]:
    """The hold, the hit rates that led to it, the newest control questions, how many households wait for the release.

    `concluded` are those that were concluded on answers in doubt: nothing is taken back by itself.
    """
    may_release = held.released_at is None and staff.has_role(Role.CHECK_OFFICER, orders.CITY)
    context: dict[str, Any] = {"held": held, "may_release": may_release, "rates": list(_rates(held))}
    if held.doubted_from is not None:
        context["waiting"] = doubt.checks(held, *doubt.OPEN).count()
        context["concluded"] = doubt.checks(held, "concluded").count()
    return context | canaries_context(held.source)


def _rates(held: Hold) -> Iterator[dict[str, Any]]:
    rows = list(held.hit_rates.select_related("round").order_by("pk"))
    bands = flood.usual(rows)
    for row in rows:
        band = bands.get((row.source_id, row.kind))
        yield {
            "row": row,
            "kind": wording.record_kind(row.kind),
            "low": None if band is None else max(band.low, 0.0),
            "high": None if band is None else min(band.high, 1.0),
        }
