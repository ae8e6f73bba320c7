"""What a check officer does: settle findings, conclude, ask again, cancel. Each goes back to the page it came from."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bureau.confirming import WhyForm, reason_page
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.models import Staff
from bureau.moves import why_not
from verification import conclusions, findings, moves, orders, pages, wording
from verification.models import Check, Finding
from verification.pages.conclusion import outcomes_of
from verification.pages.findings import describe
from verification.pages.forms import ConcludeForm, ConfirmForm, DismissForm, SettleForm
from verification.pages.household import read
from verification.views.scope import back, check_of, looked, staff_of

Settle = Callable[..., Finding]


@require_POST
def confirm(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The finding holds."""
    return _settle(request, number, pk, ConfirmForm, "confirm", findings.confirm)


@require_POST
def dismiss(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The finding does not hold; the household is assessed anew."""
    return _settle(request, number, pk, DismissForm, "dismiss", findings.dismiss)


def _settle(
    request: HttpRequest, number: str, pk: int, form_class: type[SettleForm], name: str, settle: Settle
) -> HttpResponse:
    check = check_of(request, number)
    finding = get_object_or_404(Finding.objects.select_related("settled_by"), pk=pk, check_ordered=check)
    form = form_class(request.POST, prefix=f"{name}-{pk}")
    if not form.is_valid():
        return _settle_page(request, check, finding, form, name)
    settle(finding, by=staff_of(request), reason=form.text)
    what = wording.finding_name(finding.kind)
    done = _("Confirmed: %(what)s.") if name == "confirm" else _("Dismissed: %(what)s. The check is assessed anew.")
    messages.success(request, done % {"what": what})
    return redirect(back(request, check))


def _settle_page(request: HttpRequest, check: Check, finding: Finding, form: SettleForm, name: str) -> HttpResponse:
    """The one finding with the form as it was typed and what is wrong with it."""
    looked(request, check, "findings")
    context = {
        "check": check,
        "finding": describe(finding, read(check), wording.source_names()),
        "form": form,
        "name": name,
        "next": back(request, check),
    }
    return render(request, "verification/settle.html", context, status=422)


@require_http_methods(["GET", "POST"])
def reopen(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A dismissal of this check or of an earlier one of the case is taken back, after a reason."""
    check = check_of(request, number)
    rows = Finding.objects.select_related("check_ordered", "settled_by", "reopening")
    finding = get_object_or_404(rows, pk=pk, check_ordered__subject=check.subject)
    staff = staff_of(request)
    findings.require_reopenable(finding, findings.newest_check(finding)[0], staff)
    looked(request, check, "findings")
    return reason_page(
        request,
        # Translators: 撤销排除：%(what)s
        title=_("Take back the dismissal: %(what)s") % {"what": wording.finding_name(finding.kind)},
        # Translators: 撤销后立即重新比对；反馈中仍有该情况的，须重新认定。原认定及理由照旧保留。
        warning=_(
            "The check is assessed anew at once. Where the answers still hold the finding, it is to be settled again. "
            "What was said of it is kept."
        ),
        # Translators: 撤销排除
        action=_("Take back the dismissal"),
        after=back(request, check),
        do=lambda reason: findings.reopen(finding, by=staff, reason=reason),
        summary=[
            (_("Finding"), wording.finding_text(finding.kind, finding.params)),
            (_("Reason"), finding.reason),
            (_("By"), finding.settled_by.name if finding.settled_by else ""),
        ],
    )


@require_POST
def conclude(request: HttpRequest, number: str) -> HttpResponse:
    """Conclude; the numbered report follows."""
    check = check_of(request, number)
    form = _conclude_form(check, staff_of(request), request.POST)
    if form.is_valid():
        try:
            conclusion = conclusions.conclude(check, by=staff_of(request), **form.cleaned_data)
        except UnfitDataError as error:
            _note(form, error)
        else:
            report = conclusion.report.number if conclusion.report else ""
            messages.success(request, _("Concluded. Report %(report)s.") % {"report": report})
            return redirect(back(request, check))
    looked(request, check, "conclusion")
    context = pages.conclusion_context(check, staff_of(request), form) | {"check": check, "next": back(request, check)}
    return render(request, "verification/conclude.html", context, status=422)


def _conclude_form(check: Check, staff: Staff, data: Any) -> ConcludeForm:
    """The form with what is possible now; a check that cannot be concluded at all is refused as such."""
    found = read(check)
    reason = why_not(check, moves.CONCLUDE, staff)
    if reason or found is None:
        refused = NotAllowedError if reason and reason.forbidden else MoveRefusedError
        raise refused(reason.text if reason else _("It has not been assessed yet."))
    outcomes = outcomes_of(check, found, staff)
    if blocked := next((each["why_not"] for each in outcomes if each["value"] == data.get("outcome")), ""):
        raise MoveRefusedError(blocked)
    return ConcludeForm(data, possible=[each["value"] for each in outcomes if not each["why_not"]])


def _note(form: ConcludeForm, error: UnfitDataError) -> None:
    """What the work module would not accept, beside its field."""
    for field, problems in (error.fields or {"": [str(error)]}).items():
        form.add_error(field if field in form.fields else None, problems)


@require_POST
def ask_again(request: HttpRequest, number: str) -> HttpResponse:
    """Put the silent sources back in the queue, or the one that is named."""
    check = check_of(request, number)
    codes = [code for code in request.POST.getlist("source") if code]
    asked = orders.ask_again(check, by=staff_of(request), source_codes=codes)
    messages.success(request, _("%(count)s sources are asked again.") % {"count": asked})
    return redirect(back(request, check))


@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Stop a check, after the page has told what that does."""
    check = check_of(request, number)
    if reason := why_not(check, moves.CANCEL, staff_of(request)):
        raise (NotAllowedError if reason.forbidden else MoveRefusedError)(reason.text)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        orders.cancel(check, by=staff_of(request), reason=form.cleaned_data["reason"])
        messages.success(request, _("Check %(number)s has been cancelled.") % {"number": number})
        return redirect(back(request, check))
    context = {
        "title": _("Cancel check %(number)s") % {"number": number},
        "warning": _("Sources that have not been asked yet are not asked any more."),
        "consequence": _("Its case goes back to where a check can be ordered. Answers already in are kept."),
        "summary": [(_("Case"), check.subject), (_("Status"), check.get_status_display())],
        "form": form,
        "action": _("Cancel the check"),
        "cancel_url": back(request, check),
    }
    return render(request, "_parts/confirm_page.html", context, status=422 if form.errors else 200)
