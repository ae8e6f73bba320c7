"""Who works here: the roles of a posting and the tiers of an office."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Tier(TextChoices):
    """The tiers of offices; an office code of 321200 is the city, 6 digits a district, 9 a street, 12 a window."""

    CITY = "city", _("City")
    DISTRICT = "district", _("District")
    STREET = "street", _("Street")
    WINDOW = "window", _("Window")


class Role(TextChoices):
    """What a posting entitles its holder to do.

    Administrators see no household's data (separation of duties, GB/T 22239).
    """

    CLERK = "clerk", _("Window clerk")
    REVIEWER = "reviewer", _("Reviewer")
    CHECK_OFFICER = "check_officer", _("Check officer")
    HOUSING_OFFICER = "housing_officer", _("Housing officer")
    # Translators: 财务人员
    CASHIER = "cashier", _("Cashier")
    CREDIT_OFFICER = "credit_officer", _("Credit officer")
    # Translators: 认定小组成员
    PANEL_MEMBER = "panel_member", _("Panel member")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


# Who works on households' cases; who sees them at all. A credit officer sees a household once it has a credit case.
CASEWORK = frozenset({Role.CLERK, Role.REVIEWER, Role.CHECK_OFFICER, Role.HOUSING_OFFICER})
CASE_ROLES = CASEWORK | {Role.AUDITOR}
CREDIT_WORK = frozenset({Role.CREDIT_OFFICER, Role.PANEL_MEMBER})  # on credit cases and their letters

# At which tiers a role is held. Only the city orders checks, decides and keeps the registry (clause A2).
TIERS: Mapping[Role, frozenset[Tier]] = {
    Role.CLERK: frozenset({Tier.WINDOW}),
    Role.REVIEWER: frozenset({Tier.STREET, Tier.DISTRICT}),
    Role.CHECK_OFFICER: frozenset({Tier.CITY}),
    Role.HOUSING_OFFICER: frozenset({Tier.CITY}),
    Role.CASHIER: frozenset({Tier.CITY}),
    Role.CREDIT_OFFICER: frozenset({Tier.CITY}),
    Role.PANEL_MEMBER: frozenset({Tier.CITY}),
    Role.AUDITOR: frozenset({Tier.CITY, Tier.DISTRICT}),
    Role.ADMINISTRATOR: frozenset({Tier.CITY}),
}


def belongs_at(role: str, tier: str) -> bool:
    """Whether this role is held at an office of this tier."""
    return tier in TIERS.get(Role(role), frozenset())
