"""The desks: opinions read, an opinion given (forward, return, reject), the application withdrawn."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from applications import guards, intake, moves, tiers
from applications.forms.casework import AnswerForm, ObjectionForm, OpinionForm, WordsForm
from applications.models import Application, Opinion
from applications.views.frame import (
    OPINION_MOVES,
    act_frame,
    case_of,
    frame,
    looked,
    page_token,
    require,
    staff_of,
    unchanged,
)
from applications.views.said import done
from bureau.moves import available
from bureau.roles import Role

BEFORE_CHECK = (*moves.UNDER_REVIEW, Application.Status.CHECK_DUE)
# Where a sanction of a member stands in the way of the next step
SANCTION_STOPS = (*BEFORE_CHECK, Application.Status.CHECKED, Application.Status.ON_NOTICE)
VERBS = {
    Opinion.Outcome.FORWARD.value: tiers.forward,
    Opinion.Outcome.RETURN.value: tiers.return_for_correction,
    Opinion.Outcome.REJECT.value: tiers.reject,
}


@require_GET
def review(request: HttpRequest, reference: str) -> HttpResponse:
    """Opinions, decision, public notice, and what this person may do about them."""
    case = case_of(request, reference)
    return review_page(request, case)


def review_page(request: HttpRequest, case: Application, *, status: int = 200, **changed: Any) -> HttpResponse:
    """The review tab, written down as seen; `changed` puts a form as it was typed in the place of the empty one."""
    looked(request, case, "opinions")
    return render(request, "applications/review.html", _review(request, case) | changed, status=status)


def _review(request: HttpRequest, case: Application) -> dict[str, Any]:
    staff = staff_of(request)
    possible = available(case, staff, moves.TABLE)
    notices = list(case.notices.select_related("document").prefetch_related("objections__settled_by"))
    return frame(request, case, "case_review") | {
        "opinions": case.opinions.select_related("by", "office").order_by("-at"),
        "decisions": case.decisions.select_related("by", "letter").order_by("-at"),
        "notices": notices,
        "may_opine": any(move in OPINION_MOVES for move in possible),
        "may_decide": [move for move in possible if move in (moves.PUBLISH, moves.REFUSE, moves.RECHECK)],
        "may_object": any(notice.closed_at is None for notice in notices),
        "may_answer": staff.has_role(Role.HOUSING_OFFICER, case.office_code) and not guards.not_decided_by(case, staff),
        "ungranted": guards.without_authorisation(case) if case.status in BEFORE_CHECK else [],
        "held": guards.nobody_is_barred(case, None) if case.status in SANCTION_STOPS else None,
        "opinion_form": OpinionForm(initial={"token": page_token(case)}),
        "objection_form": ObjectionForm(),
        "answer_form": AnswerForm(),
    }


@require_http_methods(["GET", "POST"])
def opinion(request: HttpRequest, reference: str) -> HttpResponse:
    """The desk's opinion. A rejection is asked about once more before it is written."""
    case = case_of(request, reference)
    if request.method == "GET":  # somebody signed in again after the form was sent
        return redirect("applications:case_review", reference)
    form = OpinionForm(request.POST)
    if not form.is_valid():
        return review_page(request, case, status=422, opinion_form=form)
    outcome = form.cleaned_data["outcome"]
    if outcome == Opinion.Outcome.REJECT and not form.cleaned_data["confirmed"]:
        return _confirm_rejection(request, case, form)
    with unchanged(case, form.cleaned_data["token"]):
        VERBS[outcome](case, by=staff_of(request), opinion=form.words(), **form.ground())
    done(request, case)
    return redirect("applications:queue")


def _confirm_rejection(request: HttpRequest, case: Application, form: OpinionForm) -> HttpResponse:
    looked(request, case, "overview")
    context = act_frame(request, case, "case_review") | {
        "form": form,
        "words": form.words(),
        # Translators: 驳回申请
        "heading": _("Reject the application"),
    }
    return render(request, "applications/reject.html", context)


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """The household takes its application back; its check stops and its authorisations end."""
    case = case_of(request, reference)
    form = WordsForm(request.POST or None, initial={"token": page_token(case)})
    form.fields["opinion"].label = _("Why the household withdraws")
    if request.method == "POST" and form.is_valid():
        with unchanged(case, form.cleaned_data["token"]):
            intake.withdraw(case, by=staff_of(request), reason=form.cleaned_data["opinion"])
        done(request, case)
        return redirect("applications:case", reference)
    require(request, case, moves.WITHDRAW)
    looked(request, case, "overview")
    context = act_frame(request, case, "case_review") | {"form": form}
    return render(request, "applications/withdraw.html", context, status=422 if form.errors else 200)
