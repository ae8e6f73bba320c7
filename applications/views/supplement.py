"""Papers that follow in the fast lane: what was promised by when, and bringing it in."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications import accepting, guards, receipts
from applications.forms.papers import SupplyForm
from applications.models import Application, Supplement
from applications.views.frame import act_frame, case_of, looked, staff_of
from bureau import masks, workdays
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError


@require_http_methods(["GET", "POST"])
def supply(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Bring a promised paper in, at the household's window."""
    case, staff = case_of(request, reference), staff_of(request)
    found = get_object_or_404(case.supplements.select_related("application"), pk=pk)
    if not accepting.may_supply(case, staff):
        ended = guards.own_window(case, staff) is None
        text = _("The case has ended; no paper is brought to it any more.")
        raise MoveRefusedError(text) if ended else NotAllowedError(_("This case belongs to another window."))
    form = SupplyForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            accepting.supply(found, form.cleaned_data["file"], by=staff)
        except UnfitDataError as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("The paper has been brought in."))
            return redirect("applications:case", reference)
    looked(request, case, "papers")
    context = act_frame(request, case, "case_papers") | {"form": form, "row": _row(found, workdays.today())}
    return render(request, "applications/supply.html", context, status=422 if form.errors else 200)


def supplement_rows(case: Application) -> list[dict[str, Any]]:
    """The papers that were promised, each with where it stands today."""
    today = workdays.today()
    return [_row(each, today) for each in case.supplements.select_related("recorded_by", "paper")]


def _row(row: Supplement, today: date) -> dict[str, Any]:
    return {
        "row": row,
        "name": str(receipts.PAPER_NAMES[row.section]),
        "days_left": workdays.workdays_between(today, row.due_on) if row.is_open else None,
        "late": row.due_on < today if row.is_open else False,
    }


def lane_of(case: Application) -> dict[str, Any] | None:
    """Why the case goes first: the grade of each member on the day, as it was then. None for any other case."""
    given = case.fast_lanes.filter(ended_at=None).first() if case.fast else None
    if given is None:
        return None
    names = {member.key: masks.name(member.name) for member in case.members.defer("id_number")}
    return {"row": given, "grades": [{**each, "name": names.get(each["key"], "--")} for each in given.grades]}
