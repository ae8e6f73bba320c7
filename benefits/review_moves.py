"""The lives of a yearly review and of each household's review in it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from benefits.models import Review, ReviewRound
from benefits.moves import APART, OFFICER, WINDOW
from bureau.models import Staff
from bureau.moves import Guard, Move, Text
from bureau.roles import Role
from verification.models import Check, Objection

S, R = Review.Status, ReviewRound.Status
CHECKERS = frozenset({Role.CHECK_OFFICER})


# --- about the person (403) -----------------------------------------------------------------------------------------


def not_concluded_by(review: Review, by: Staff) -> Text | None:
    """Who concluded the check, or settled a finding of it, does not decide what follows."""
    check = review.check_ordered
    if check is None:
        return None
    conclusion = getattr(check, "conclusion", None)
    if (conclusion and conclusion.by_id == by.pk) or check.findings.filter(settled_by=by).exists():
        return _("You concluded the check of this household; somebody else decides.")
    return None


def not_reported_to(review: Review, by: Staff) -> Text | None:
    """Who took down the household's report does not decide on it."""
    if review.reports.filter(by=by).exists():
        return _("You took down this household's report; somebody else decides.")
    return None


# --- about the case (409) -------------------------------------------------------------------------------------------


def is_concluded(review: Review, _by: Staff | None) -> Text | None:
    """A person has concluded the check."""
    check = review.check_ordered
    if check is None or check.status != Check.Status.CONCLUDED:
        return _("The check of this household has not been concluded.")
    return None


def no_objection(review: Review, _by: Staff | None) -> Text | None:
    """Nobody objects to the result."""
    found = Objection.objects.open().filter(subject=review.application.reference).first()
    # Translators: 异议 %(number)s 尚未答复。
    return _("Objection %(number)s is open.") % {"number": found.number} if found else None


def nothing_open(found: ReviewRound, _by: Staff) -> Text | None:
    """Every household has its outcome."""
    left = found.reviews.open().count()
    # Translators: 还有 %(n)s 户未办结。
    return _("%(n)s households have no outcome yet.") % {"n": left} if left else None


APART_FROM_IT: tuple[Guard, ...] = (*APART, not_concluded_by, not_reported_to)
READY: tuple[Guard, ...] = (is_concluded, no_objection)

# --- a yearly review ------------------------------------------------------------------------------------------------

ORDER_CHECKS = Move(
    "order_checks",
    # Translators: 发起年审核对
    gettext_lazy("Order the checks"),
    {R.REPORTING: R.CHECKING},
    who=CHECKERS,
    tone="primary",
)
ORDER_BY_CALENDAR = Move("checks_ordered", gettext_lazy("Order the checks"), {R.REPORTING: R.CHECKING})
CLOSE = Move(
    "close_review",
    # Translators: 办结年审
    gettext_lazy("Close the yearly review"),
    {R.CHECKING: R.CLOSED},
    who=OFFICER,
    needs=(nothing_open,),
    tone="primary",
)
ROUNDS = (ORDER_CHECKS, ORDER_BY_CALENDAR, CLOSE)

# --- the review of a household --------------------------------------------------------------------------------------

BEGIN_CHECK = Move("begin_check", pgettext_lazy("review", "Check ordered"), {S.REPORTING: S.CHECKING})
MISS = Move("miss_report", gettext_lazy("Not answered"), {S.REPORTING: S.UNANSWERED})
ANSWER_LATE = Move(
    "answer_late",
    # Translators: 补办年审
    gettext_lazy("Answer late"),
    {S.UNANSWERED: S.REPORTING},
    who=WINDOW,
    may=APART,
)
CHECK_FELL_THROUGH = Move("check_fell_through", gettext_lazy("Check cancelled"), {S.CHECKING: S.REPORTING})
CHECK_ANEW = Move(
    "check_anew",
    # Translators: 重新核对
    gettext_lazy("Check again"),
    {S.CHECKING: S.REPORTING},
    who=CHECKERS,
    may=APART,
    needs=(is_concluded,),
)
RENEW_AS_IT_IS = Move("renew_as_it_is", gettext_lazy("Renewed"), {S.CHECKING: S.RENEWED})
RENEW = Move(
    "renew_benefit",
    # Translators: 继续保障
    pgettext_lazy("benefit", "Renew"),
    {S.CHECKING: S.RENEWED},
    who=OFFICER,
    may=APART_FROM_IT,
    needs=READY,
    tone="primary",
)
CHANGE = Move(
    "change_amount",
    # Translators: 调整金额
    gettext_lazy("Renew with another amount"),
    {S.CHECKING: S.CHANGED},
    who=OFFICER,
    may=APART_FROM_IT,
    needs=READY,
    tone="primary",
)
SEND_OUT = Move(
    "send_out",
    # Translators: 责令退出
    gettext_lazy("End the benefit"),
    {S.CHECKING: S.TO_EXIT},
    who=OFFICER,
    may=APART_FROM_IT,
    needs=READY,
    tone="danger",
)
FIND_DEAD = Move(
    "find_dead",
    # Translators: 认定户内成人均已死亡
    gettext_lazy("Nobody is alive"),
    {S.CHECKING: S.DEAD},
    who=OFFICER,
    may=APART_FROM_IT,
    needs=READY,
)
OVER = Move(
    "benefit_over",
    pgettext_lazy("review", "Benefit ended meanwhile"),
    {S.REPORTING: S.OVER, S.CHECKING: S.OVER, S.UNANSWERED: S.OVER},
)
REVIEWS = (
    *(BEGIN_CHECK, MISS, ANSWER_LATE, CHECK_FELL_THROUGH, CHECK_ANEW, RENEW_AS_IT_IS, RENEW, CHANGE, SEND_OUT),
    *(FIND_DEAD, OVER),
)
