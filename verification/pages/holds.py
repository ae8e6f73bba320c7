"""What the page before a release shows: why the source is held, and on what that rests."""

from typing import Any

from bureau.models import Staff
from bureau.roles import Role
from verification import orders
from verification.models import Hold
from verification.pages.canaries import canaries_context


def hold_context(held: Hold, staff: Staff) -> dict[str, Any]:
    """The hold; of one for wrong answers about control persons, what was said of them."""
    may_release = held.released_at is None and staff.has_role(Role.CHECK_OFFICER, orders.CITY)
    context: dict[str, Any] = {"held": held, "may_release": may_release}
    return context | canaries_context(held.source) if held.ground == Hold.Ground.CANARY else context
