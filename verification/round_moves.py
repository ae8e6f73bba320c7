"""The life of a round on one screen."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau.models import Staff
from bureau.moves import Move, Text
from bureau.roles import Role
from verification.models import Round

RUNNING, PAUSED = Round.Status.RUNNING, Round.Status.PAUSED
CLOSED, CANCELLED = Round.Status.CLOSED, Round.Status.CANCELLED
OPEN_CHECKS = ("asking", "settled", "assessed")


def is_filled(found: Round, by: Staff) -> Text | None:
    """Its population has been ordered to the last household."""
    return None if found.filled_at else _("Households are still being ordered.")


def nothing_open(found: Round, by: Staff) -> Text | None:
    """No check of it is still being asked or awaits its conclusion."""
    left = found.checks.filter(status__in=OPEN_CHECKS).count()
    return _("%(count)s checks are still open.") % {"count": left} if left else None


OFFICERS = frozenset({Role.CHECK_OFFICER})
# Translators: 暂停批次
PAUSE = Move("pause", gettext_lazy("Pause the round"), {RUNNING: PAUSED}, who=OFFICERS)
# Translators: 继续批次
RESUME = Move("resume", gettext_lazy("Go on with the round"), {PAUSED: RUNNING}, who=OFFICERS, tone="primary")
CLOSE = Move(
    "close",
    # Translators: 办结批次
    gettext_lazy("Close the round"),
    {RUNNING: CLOSED},
    who=OFFICERS,
    needs=(is_filled, nothing_open),
    tone="primary",
)
CANCEL = Move(
    "cancel",
    # Translators: 取消批次
    gettext_lazy("Cancel the round"),
    {RUNNING: CANCELLED, PAUSED: CANCELLED},
    who=OFFICERS,
    tone="danger",
)

TABLE = (PAUSE, RESUME, CLOSE, CANCEL)
