"""The staff of a replay: who does what, and by what rule, on what the page shows to that person."""

from functools import lru_cache

from bureau.models import Staff
from verification.models import Finding

ROUNDS, CITY_DESK, DECIDES, CASHIER, CREDIT = "check2", "check", "housing", "cashier", "credit"
PANEL = ("panel", "panel2", "panel3")


@lru_cache(maxsize=500)
def staff(username: str) -> Staff:
    """Somebody of the demonstration."""
    return Staff.objects.get(username=username)


def clerk(window: str) -> Staff:
    """Who sits at a window."""
    return staff(f"w{window}")


def reviewer(tier: str, office_code: str) -> Staff:
    """Who reviews at the tier for the window of this code."""
    if tier == "city":
        return staff(CITY_DESK)
    return staff(f"r{office_code[:9] if tier == 'street' else office_code[:6]}")


def holds(finding: Finding) -> bool:
    """Whether what a finding says is so.

    A car of which a contract of sale was shown is not the household's any more, whatever the register says. Of all else
    the record at its source is taken for true: it differs by more than the standard tolerates, else there were no
    finding.
    """
    return not (finding.kind == "sold_vehicle_unregistered" and finding.params.get("proof"))
