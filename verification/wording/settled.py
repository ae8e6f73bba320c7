"""What a person said of a finding in words: who, when, in which check, why, and what would bring it back."""

from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from verification.comparison.findings import UNIT_VALUES
from verification.models import Finding
from verification.statement.fingerprints import holds_within
from verification.wording.amounts import quantity

# In what the amount of a finding is counted; those on a criterion in the unit of the criterion, others have no amount.
UNITS = {
    "undeclared_home": "m2",
    "undeclared_transfer": "m2",
    "understated_income": "cny",
    "undeclared_vehicle": "cny",
    "sold_vehicle_unregistered": "cny",
    "undeclared_deposit": "cny",
    "moved_deposits": "cny",
    "undeclared_business": "cny",
    "disowned_business": "cny",
}
SAID: dict[str, str | Promise] = {
    # Translators: %(day)s 由%(who)s在 %(check)s 中认定属实：%(why)s
    "confirmed": _("Confirmed on %(day)s in %(check)s by %(who)s: %(why)s"),
    # Translators: %(day)s 由%(who)s在 %(check)s 中排除：%(why)s
    "dismissed": _("Dismissed on %(day)s in %(check)s by %(who)s: %(why)s"),
}


def finding_unit(finding: Finding) -> str:
    """In what its amount is counted; empty for a finding without an amount."""
    if finding.kind == "over_limit":
        return str(finding.params.get("unit", ""))
    return UNITS.get(finding.kind, "")


def said_of(finding: Finding) -> list[str]:
    """What was said of a settled finding: settled by whom and why, and whether that was taken back."""
    who = finding.settled_by.name if finding.settled_by else "--"
    day = _day(finding.settled_at)
    told = {"day": day, "who": who, "why": finding.reason, "check": finding.check_ordered.number}
    return [str(SAID[finding.state]) % told, *taken_back(finding)]


def taken_back(finding: Finding) -> list[str]:
    """Who took a dismissal back and why; nothing where it stands."""
    if not hasattr(finding, "reopening"):
        return []
    reopening = finding.reopening
    told = {"day": _day(reopening.at), "who": reopening.by.name, "why": reopening.reason}
    # Translators: %(day)s 由%(who)s撤销排除：%(why)s
    return [gettext("Taken back on %(day)s by %(who)s: %(why)s") % told]


def since_then(earlier: Finding, now: Finding) -> str:
    """What has changed since an earlier finding on the same thing was settled; empty where nothing material has."""
    unit = finding_unit(now)
    if not unit or earlier.amount is None or now.amount is None or not set(earlier.marks).isdisjoint(now.marks):
        return ""
    low, high = _holds(earlier, unit)
    if low <= now.amount and (high is None or now.amount < high):
        # Translators: 该疑点涉及此后的期间。
        return gettext("It is about a later period now.")
    told = {"was": quantity(earlier.amount, unit), "now": quantity(now.amount, unit)}
    # Translators: 此后：%(was)s → %(now)s
    return gettext("Since then: %(was)s → %(now)s") % told


def comes_back(finding: Finding) -> str:
    """What would bring a dismissed finding back."""
    unit = finding_unit(finding)
    if not unit or finding.amount is None:
        # Translators: 来源登记发生变化时
        return gettext("when the source tells of another record")
    low, high = _holds(finding, unit)
    told = {"low": quantity(low, unit), "high": quantity(high, unit)}
    if high is None:
        # Translators: 低于 %(low)s 时
        return gettext("below %(low)s") % told
    # Translators: 达到 %(high)s 时
    words = gettext("from %(high)s on") % told
    if low:
        # Translators: 低于 %(low)s 或达到 %(high)s 时
        words = gettext("below %(low)s, or from %(high)s on") % told
    if finding.kind == "understated_income":
        # Translators: %(words)s；最迟一年后
        return gettext("%(words)s; after a year at the latest") % {"words": words}
    return words


def _day(at: datetime | None) -> str:
    """The day of the office."""
    return f"{timezone.localtime(at):%Y-%m-%d}" if at else "--"


def _holds(finding: Finding, unit: str) -> tuple[Decimal, Decimal | None]:
    """Between which amounts, in its own unit, it is the same finding."""
    worth = Decimal(UNIT_VALUES.get(unit, 1))
    low, high = holds_within((finding.amount or Decimal(0)) * worth)
    return low / worth, None if high is None else high / worth
