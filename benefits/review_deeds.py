"""What can be done about a yearly review, about the review of a household, and about a visit, deed by deed."""

from typing import Any

from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _

from benefits import duties, moves, reckoning, review_moves, review_rounds, reviews, self_reports, visit_moves, visits
from benefits.deed import Deed
from benefits.forms import WhyForm
from benefits.models import Review, Visit
from benefits.review_forms import FindingsForm, ReportForm, TextForm, VisitForm
from bureau import workdays
from bureau.errors import UnfitDataError
from bureau.forms import offer
from bureau.models import Staff
from bureau.moves import Text
from bureau.roles import Role
from verification.models import Conclusion

S = Review.Status
DECIDED = frozenset({S.CHECKING, S.RENEWED, S.CHANGED, S.TO_EXIT})

ROUNDS = (
    Deed(
        "order_checks",
        review_moves.ORDER_CHECKS.label,
        lambda found, _data, by: review_rounds.order_checks(found, by=by),
        move=review_moves.ORDER_CHECKS,
        # Translators: 申报期满或者各户均已申报后，向各来源发起核对。
        why=_("Once the window has closed or everyone has reported, all sources are asked about every household."),
    ),
    Deed(
        "close",
        review_moves.CLOSE.label,
        lambda found, _data, by: review_rounds.close(found, by=by),
        move=review_moves.CLOSE,
        # Translators: 各户均已办结后才能办结。
        why=_("Every household has its outcome; nothing more is changed in this review."),
    ),
)


def _report(review: Review, data: dict[str, Any], by: Staff) -> None:
    self_reports.take(review, data["events"], by=by, words=data["words"], made_on=data["made_on"])


class _ReportForm(ReportForm):
    def clean(self) -> dict[str, Any]:
        """With the changes put together."""
        return {**self.cleaned_data, "events": self.events()}


class _ReferForm(FindingsForm):
    def offer(self) -> None:
        """Those that can be referred."""
        rows = [each for each in duties.candidates_once(self.subject) if not each.why_not]
        offer(self, "findings", [(str(each.finding.pk), each.text) for each in rows])


def amount_of(review: Review) -> reckoning.Reckoned:
    """What is due by the check. Raises `UnfitDataError` where it cannot be worked out."""
    found = reviews.amounts_of([review])[review.pk]
    if found.due is None:
        raise UnfitDataError(found.why_not)
    return found.due


def _concluded_as(outcome: str) -> Any:
    def fits(review: Review) -> Text | None:
        conclusion = getattr(review.check_ordered, "conclusion", None)
        if conclusion is None or conclusion.outcome != outcome:
            # Translators: 核对结论与此不符。
            return gettext_now("The check was not concluded like this.")
        return None

    return fits


def _nobody_alive(review: Review) -> Text | None:
    if not reviews.nobody_is_alive(review):
        return gettext_now("The death of every adult has to be told by two sources and confirmed by a person.")
    return None


def _unfit_and_alive(review: Review) -> Text | None:
    if reviews.nobody_is_alive(review):
        return gettext_now("All adults of this household are dead; that is another outcome.")
    return _concluded_as(Conclusion.Outcome.UNFIT)(review)  # type: ignore[no-any-return]  # a guard gives Any


def _silent_too_long(review: Review) -> Text | None:
    late = review.review_round.answers_until < workdays.today()
    if not late or review.tenancy is None or review.tenancy.status not in {"signed", "running"}:
        return gettext_now("The household still has time to answer, or lives in no home.")
    return None


def _not_referred(review: Review) -> Text | None:
    if review.review_round.answers_until >= workdays.today() or review.referrals.exists():
        return gettext_now("The household still has time to answer, or has answered.")
    return None


def _has_candidates(review: Review) -> Text | None:
    if not any(not each.why_not for each in duties.candidates_once(review)):
        return gettext_now("There is nothing to be referred.")
    return None


REVIEWS = (
    Deed(
        "report",
        # Translators: 登记年度申报
        _("Take down its report"),
        _report,
        _ReportForm,
        stages=frozenset({S.REPORTING, S.UNANSWERED}),
        who=moves.WINDOW,
        fits=lambda review: None if review.check_ordered is None else gettext_now("The check has been ordered."),
        # Translators: 生活变化只作了解，不作认定；按期申报的，不作为失信线索。没有变化的，直接登记。
        why=_(
            "Changes are questions, not accusations: who reports one in time leaves without a mark. Where nothing "
            "has changed, leave them empty."
        ),
        tone="primary",
    ),
    Deed(
        "renew_review",
        review_moves.RENEW.label,
        lambda review, data, by: reviews.renew(review, reason=data["reason"], by=by),
        WhyForm,
        move=review_moves.RENEW,
        fits=_concluded_as(Conclusion.Outcome.FIT),
        # Translators: 金额按核对结果计算，自次月起执行；停发的补贴自次月恢复，不补发。
        why=_(
            "The amount follows from the check and holds from next month. A subsidy that was stopped is paid again "
            "from next month, without the rest."
        ),
    ),
    Deed(
        "send_out",
        review_moves.SEND_OUT.label,
        lambda review, data, by: reviews.send_out(review, text=data["text"], by=by),
        TextForm,
        move=review_moves.SEND_OUT,
        fits=_unfit_and_alive,
        # Translators: 租赁责令腾退，补贴自次月终止。
        why=_("A tenant is ordered to leave, with days to do so; a subsidy ends from next month."),
    ),
    Deed(
        "find_dead",
        review_moves.FIND_DEAD.label,
        lambda review, data, by: reviews.find_dead(review, text=data["text"], by=by),
        TextForm,
        move=review_moves.FIND_DEAD,
        fits=_nobody_alive,
        # Translators: 收回住房或终止补贴，不作失信认定。
        why=_("The home is taken back, or the subsidy ends. Nobody is at fault."),
    ),
    Deed(
        "check_anew",
        review_moves.CHECK_ANEW.label,
        lambda review, data, by: reviews.check_anew(review, reason=data["reason"], by=by),
        WhyForm,
        move=review_moves.CHECK_ANEW,
        fits=_concluded_as(Conclusion.Outcome.INCOMPLETE),
        # Translators: 在同一批次重新发起核对。
        why=_("All sources are asked again, in the same round."),
    ),
    Deed(
        "refer",
        # Translators: 移送未申报的变化
        _("Refer what was not reported"),
        lambda review, data, by: duties.refer_findings(review, data["findings"], by=by),
        _ReferForm,
        stages=DECIDED,
        who=frozenset({Role.HOUSING_OFFICER, Role.CHECK_OFFICER}),
        fits=_has_candidates,
        # Translators: 每项经人工确认的疑点作为一条失信线索移送；已按期申报的不移送。
        why=_("Each confirmed finding becomes a lead of the registry; what was reported in time does not."),
    ),
    Deed(
        "order_out_silent",
        # Translators: 逾期未年审，责令腾退
        _("Order to leave: the review was not answered"),
        lambda review, data, by: reviews.order_out_silent(review, text=data["text"], by=by),
        TextForm,
        stages=frozenset({S.UNANSWERED}),
        fits=_silent_too_long,
        # Translators: 家庭仍可补办；补办后可撤销决定。
        why=_("The household can still answer; the order can then be taken back."),
        tone="danger",
    ),
    Deed(
        "refer_silence",
        # Translators: 移送：不参加年审
        _("Refer that it was not answered"),
        lambda review, _data, by: duties.refer_silence(review, by=by),
        stages=frozenset({S.UNANSWERED}),
        fits=_not_referred,
        # Translators: 作为失信线索移送一次。
        why=_("It becomes a lead of the registry, once."),
    ),
)


class _VisitForm(VisitForm):
    def clean(self) -> dict[str, Any]:
        """With the photographs put together."""
        return {**self.cleaned_data, "photographs": self.photographs()}


def _record(visit: Visit, data: dict[str, Any], by: Staff) -> None:
    visits.record(
        visit,
        finding=Visit.Finding(data["finding"]),
        words=data["words"],
        on=data["on"],
        photographs=data["photographs"],
        by=by,
    )


def _can_be_ordered_out(visit: Visit) -> Text | None:
    if visit.exit_id is not None or visit.tenancy.status != "running":
        return gettext_now("An order to leave follows from a confirmed finding, once.")
    return None


VISITS = (
    Deed(
        "record",
        visit_moves.RECORD.label,
        _record,
        _VisitForm,
        move=visit_moves.RECORD,
        # Translators: 发现问题的，须写明情况并附照片，由他人核实后才有后果。
        why=_(
            "Whatever is not in order wants words and a photograph; it has no consequence until another person has "
            "confirmed it."
        ),
    ),
    Deed(
        "confirm",
        visit_moves.CONFIRM.label,
        lambda visit, data, by: visits.confirm(visit, reason=data["reason"], by=by),
        WhyForm,
        move=visit_moves.CONFIRM,
        # Translators: 随即作为失信线索移送。
        why=_("It becomes a lead of the registry at once."),
    ),
    Deed(
        "dismiss",
        visit_moves.DISMISS.label,
        lambda visit, data, by: visits.dismiss(visit, reason=data["reason"], by=by),
        WhyForm,
        move=visit_moves.DISMISS,
        # Translators: 检查结果和不成立的理由留存。
        why=_("The finding stays on file with the reason."),
    ),
    Deed(
        "order_out",
        # Translators: 依据检查结果责令腾退
        _("Order to leave for this breach"),
        lambda visit, data, by: visits.order_out(visit, text=data["text"], by=by),
        TextForm,
        stages=frozenset({Visit.Status.CONFIRMED}),
        fits=_can_be_ordered_out,
        why=_("A tenant is ordered to leave, with days to do so; a subsidy ends from next month."),
        tone="danger",
    ),
    Deed(
        "cancel",
        visit_moves.CANCEL.label,
        lambda visit, data, by: visits.cancel(visit, reason=data["reason"], by=by),
        WhyForm,
        move=visit_moves.CANCEL,
        # Translators: 不再检查。
        why=_("The visit is not made."),
    ),
)
