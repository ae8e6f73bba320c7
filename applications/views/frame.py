"""What every page of a case shares: the case in scope, its identity bar, what may be done to it now, its tabs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from applications import moves
from applications.models import Application
from applications.views.rows import days_left, holder, tone_of
from bureau import audit, masks, workdays
from bureau.errors import MoveRefusedError, NotAllowedError, StaleError
from bureau.locking import lock
from bureau.models import Staff
from bureau.moves import Move, available, why_not
from bureau.roles import Role
from credit import standing

S = Application.Status
PURPOSE = "casework"
OPINION_MOVES = (moves.FORWARD, moves.RETURN, moves.REJECT)
# The page on which each move is made; the three of the desk share one form.
PAGES = {
    moves.ORDER: "applications:case_order",
    moves.PUBLISH: "applications:case_grant",
    moves.REFUSE: "applications:case_refuse",
    moves.RECHECK: "applications:case_recheck",
    moves.OBJECT: "applications:case_object_to_result",
    moves.WITHDRAW: "applications:case_withdraw",
}


def staff_of(request: HttpRequest) -> Staff:
    """The signed-in member of staff; the login middleware lets nobody else come this far."""
    staff: Staff = request.user  # type: ignore[assignment]
    return staff


def case_of(request: HttpRequest, reference: str) -> Application:
    """The case in this person's scope, else 404. A draft has no case page: nothing has been handed in."""
    cases = Application.objects.visible_to(staff_of(request)).exclude(status=S.DRAFT)
    chosen = cases.select_related("office", "keyed_by", "declaration", "current_check__conclusion__by")
    case: Application = get_object_or_404(chosen, reference=reference)
    return case


def looked(request: HttpRequest, case: Application, *fields: str, action: str = "look") -> None:
    """Write down that this person saw these parts of the household's data."""
    _note(request, case, fields, action)


def opened(request: HttpRequest, case: Application, *fields: str, reason: str) -> None:
    """Write down that this person opened a paper; an auditor with the reason that was given."""
    _note(request, case, fields, "download", reason)


def _note(request: HttpRequest, case: Application, fields: Sequence[str], action: str, reason: str = "") -> None:
    staff, number = staff_of(request), request.META.get("REQUEST_NUMBER", "")
    purpose = audit.purpose_of(staff, case.office_code, PURPOSE, reason)
    audit.look(staff, case, purpose=purpose, action=action, fields=fields, request_number=number)


def require_casework(request: HttpRequest, case: Application) -> None:
    """What is shown unmasked is shown to those who work on the case."""
    if not staff_of(request).works_on(case.office_code):
        raise NotAllowedError(_("Only those who work on the case see this unmasked."))


def require(request: HttpRequest, case: Application, move: Move) -> None:
    """No page for what cannot be done: the same refusal (403, 409) as the move itself would meet."""
    if reason := why_not(case, move, staff_of(request)):
        raise (NotAllowedError if reason.forbidden else MoveRefusedError)(reason.text)


def page_token(case: Application) -> str:
    """The state of the case that a page was drawn from; its forms send it back."""
    return case.status_since.isoformat()


@contextmanager
def unchanged(case: Application, token: str) -> Iterator[None]:
    """Lock the case and do one thing to it, only while it is still as the page showed it.

    Raises `StaleError` (409) when somebody was faster; then nothing is written.
    """
    with transaction.atomic():
        lock(case)
        if token != page_token(case):
            raise StaleError(
                _("Somebody else has dealt with this case meanwhile: it is now “%(status)s”. Nothing was written.")
                % {"status": case.get_status_display()}
            )
        yield


def frame(request: HttpRequest, case: Application, tab: str) -> dict[str, Any]:
    """The context of a case page: identity bar, actions, tabs."""
    staff = staff_of(request)
    return {
        "case": case,
        "title": f"{case.reference} · {masks.name(case.applicant_name)}",
        "name": _("%(name)s, household of %(count)s")
        % {"name": masks.name(case.applicant_name), "count": case.household_size},
        "tags": _tags(case),
        "actions": _actions(case, staff),
        "holder": holder(case),
        "days_left": days_left(case, workdays.today()),
        "subnav": _subnav(case, tab),
        "token": page_token(case),
    }


def act_frame(request: HttpRequest, case: Application, tab: str) -> dict[str, Any]:
    """The same for the page of an act: its one button stands in its form, so the bar offers none."""
    return frame(request, case, tab) | {"actions": []}


def _tags(case: Application) -> list[tuple[str, object]]:
    found = standing.standings(
        [member.id_index for member in case.members.defer("id_number")], on=workdays.today()
    ).values()
    blocked = any(row.blocked for row in found)
    # Translators: 诚信限制
    credit = ("danger", _("Under a sanction")) if blocked else ("neutral", _("No sanction"))
    # Translators: 守信快办
    fast = [("success", _("Fast lane"))] if case.fast else []
    return [(tone_of(case), case.get_status_display()), *fast, credit]


def _actions(case: Application, staff: Staff) -> list[dict[str, str]]:
    """What this person can do now, from the table of moves alone; at most one of them is the primary button."""
    possible = available(case, staff, moves.TABLE)
    actions = []
    if any(move in OPINION_MOVES for move in possible):
        # Translators: 审核并写意见
        actions.append(_action(_("Give an opinion"), "applications:case_review", case, "primary", "#opinion"))
    if case.status == S.RETURNED and may_correct(case, staff):
        # Translators: 补正
        actions.append(_action(_("Correct and hand in again"), "applications:task_list", case, "primary"))
    for move in possible:
        if move in PAGES:
            tone = "" if move.tone == "default" else move.tone
            actions.append(_action(str(move.label), PAGES[move], case, tone))
    return actions


def may_correct(case: Application, staff: Staff) -> bool:
    """Whether a returned case is this person's to correct: a clerk's of its own window."""
    return any(seat.role == Role.CLERK and seat.office.code == case.office_code for seat in staff.seats)


def _action(label: str, page: str, case: Application, tone: str, anchor: str = "") -> dict[str, str]:
    return {"label": label, "url": reverse(page, args=[case.reference]) + anchor, "tone": tone}


def _subnav(case: Application, current: str) -> Sequence[dict[str, object]]:
    labels = {
        # Translators: 概况
        "case": _("Overview"),
        # Translators: 家庭与申报
        "case_household": _("Household and declaration"),
        # Translators: 核对结果
        "case_check": _("Check"),
        # Translators: 比对与资格
        "case_statement": _("Comparison and eligibility"),
        # Translators: 审批
        "case_review": _("Review and decision"),
        # Translators: 材料
        "case_papers": _("Papers"),
        # Translators: 文书
        "case_documents": _("Documents"),
        # Translators: 时间线
        "case_timeline": _("Timeline"),
        # Translators: 访问记录
        "case_audit": _("Access log"),
    }
    return [
        {"label": label, "url": reverse(f"applications:{name}", args=[case.reference]), "current": name == current}
        for name, label in labels.items()
    ]
