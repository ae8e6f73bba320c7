"""The life of a visit on one screen."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from benefits import moves
from benefits.models import Visit
from bureau.models import Staff
from bureau.moves import Guard, Move, Text
from bureau.roles import Role

S = Visit.Status
VISITORS = frozenset({Role.REVIEWER, Role.CLERK, Role.HOUSING_OFFICER})


def no_relative_of(visit: Visit, by: Staff) -> Text | None:
    """Nobody visits, or decides on, a declared relative."""
    return moves.no_relative_of(visit.tenancy, by)


def not_visited_by(visit: Visit, by: Staff) -> Text | None:
    """Who found something does not confirm it."""
    if visit.visitor_id == by.pk:
        # Translators: 检查人不得核实本人的检查结果。
        return _("You made this visit; another person confirms what you found.")
    return None


APART: tuple[Guard, ...] = (no_relative_of,)
FOUND_IN_ORDER = Move(
    "found_in_order",
    pgettext_lazy("visit", "In order"),
    {S.PLANNED: S.IN_ORDER},
    who=VISITORS,
    may=APART,
)
RECORD = Move(
    "record_visit",
    # Translators: 登记检查结果
    gettext_lazy("Write down what was found"),
    {S.PLANNED: S.FOUND},
    who=VISITORS,
    may=APART,
    tone="primary",
)
CONFIRM = Move(
    "confirm_visit",
    # Translators: 核实属实
    pgettext_lazy("visit", "Confirm the finding"),
    {S.FOUND: S.CONFIRMED},
    who=moves.OFFICER,
    may=(no_relative_of, not_visited_by),
    tone="primary",
)
DISMISS = Move(
    "dismiss_visit",
    # Translators: 不成立
    pgettext_lazy("visit", "Dismiss the finding"),
    {S.FOUND: S.DISMISSED},
    who=moves.OFFICER,
    may=(no_relative_of, not_visited_by),
)
CANCEL = Move(
    "cancel_visit",
    # Translators: 取消检查
    gettext_lazy("Cancel the visit"),
    {S.PLANNED: S.CANCELLED},
    who=moves.OFFICER,
    may=APART,
)
TABLE = (FOUND_IN_ORDER, RECORD, CONFIRM, DISMISS, CANCEL)
