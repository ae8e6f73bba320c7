"""Payment lists of subsidies: draft, approve, send, take in the bank's receipt; the files of a list."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from benefits import moves, payment_files, payments
from benefits.bank_files import LARGEST_FILE
from benefits.models import PaymentList
from benefits.views.scope import require_ledger, staff_of
from bureau import audit, masks, workdays
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.models import Staff
from bureau.moves import why_not
from bureau.roles import Role

PAGE_SIZE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
S = PaymentList.Status
TONES = {S.DRAFTED: "warning", S.APPROVED: "info", S.SENT: "info", S.ANSWERED: "success", S.DROPPED: "neutral"}
OUTCOMES = {"": "neutral", "paid": "success", "failed": "danger", "dropped": "neutral"}
DEEDS = {"approve": moves.APPROVE_LIST, "send": moves.SEND_LIST, "discard": moves.DROP_LIST}


class DraftForm(forms.Form):
    """The month up to which is paid."""

    # Translators: 发放月份
    month = forms.CharField(
        label=gettext_lazy("Month"), max_length=7, widget=forms.TextInput(attrs={"type": "month"}), help_text="2026-11"
    )

    def clean_month(self) -> date:
        """Its first day."""
        try:
            return date.fromisoformat(f"{self.cleaned_data['month']}-01")
        except ValueError:
            raise forms.ValidationError(_("Enter a month, such as 2026-11.")) from None


class ReceiptForm(forms.Form):
    """The bank's answer."""

    file = forms.FileField(label=gettext_lazy("Receipt of the bank (xlsx)"))


class DiscardForm(forms.Form):
    """Why a list is given up."""

    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=200)


@require_http_methods(["GET", "POST"])
@never_cache
def payment_lists(request: HttpRequest) -> HttpResponse:
    """The lists, the newest first; draft another."""
    staff = require_ledger(request)
    may = staff.holds(Role.CASHIER, Role.HOUSING_OFFICER)
    form, status = DraftForm(initial={"month": f"{workdays.today():%Y-%m}"}), 200
    if request.method == "POST":
        form, status = DraftForm(request.POST), 422
        if form.is_valid():
            try:
                found = payments.draft(form.cleaned_data["month"], by=staff)
            except (UnfitDataError, MoveRefusedError) as error:
                form.add_error(None, str(error))
                status = 422 if isinstance(error, UnfitDataError) else 409
            else:
                messages.success(request, _("%(number)s was drafted.") % {"number": found})
                return redirect("benefits:payment", found.number)
    rows = PaymentList.objects.visible_to(staff).select_related("drafted_by", "approved_by", "sent_by")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = [{"row": row, "tone": TONES[S(row.status)]} for row in page.object_list]
    context = {"page": page, "rows": shown, "form": form if may else None}
    return render(request, "benefits/payments.html", context, status=status)


def list_of(request: HttpRequest, number: str) -> tuple[PaymentList, Staff]:
    """The list in this person's scope, else 404."""
    staff = staff_of(request)
    rows = PaymentList.objects.visible_to(staff).select_related("drafted_by", "approved_by", "sent_by")
    return get_object_or_404(rows, number=number), staff


@require_GET
@never_cache
def payment_page(request: HttpRequest, number: str) -> HttpResponse:
    """The cover and the rows of a list, and what can be done with it."""
    found, staff = list_of(request, number)
    _look(request, staff, found, "look")
    return render(request, "benefits/payment.html", _context(request, found, staff))


def _context(request: HttpRequest, found: PaymentList, staff: Staff) -> dict[str, Any]:
    rows = found.rows.select_related("grant").order_by("place")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    deeds = {name: why_not(found, move, staff) is None for name, move in DEEDS.items()}
    return {
        "found": found,
        "tags": [(TONES[S(found.status)], found.get_status_display())],
        "capitals": payment_files.in_capitals(found.amount),
        "page": page,
        "rows": [
            {"row": row, "tone": OUTCOMES[row.outcome], "account": masks.bank_card(row.bank_account)}
            for row in page.object_list
        ],
        "deeds": deeds,
        "discard_form": DiscardForm() if deeds["discard"] else None,
        "receipt_form": ReceiptForm() if _may_answer(found, staff) else None,
        "may_download": found.approved_by_id is not None and staff.holds(Role.CASHIER, Role.HOUSING_OFFICER),
        "ended": payments.newly_ended(found),
        "actions": [],
    }


def _may_answer(found: PaymentList, staff: Staff) -> bool:
    return found.status == S.SENT and staff.has_role(Role.CASHIER, found.office_code)


@require_POST
@never_cache
def payment_deed(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Approve it, say that it was sent, or give it up."""
    found, staff = list_of(request, number)
    if name == "approve":
        payments.approve(found, by=staff)
    elif name == "send":
        payments.send(found, by=staff)
    elif name == "discard":
        payments.discard(found, reason=request.POST.get("reason", ""), by=staff)
    else:
        raise Http404
    messages.success(request, _("Done: %(what)s.") % {"what": DEEDS[name].label})
    return redirect("benefits:payment", found.number)


@require_POST
@never_cache
def payment_receipt(request: HttpRequest, number: str) -> HttpResponse:
    """Bring in the bank's answer, or show what is wrong with it."""
    found, staff = list_of(request, number)
    form, faults = ReceiptForm(request.POST, request.FILES), []
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            payments.answer(found, file.read(LARGEST_FILE + 1), name=file.name or "", by=staff)
        except UnfitDataError as error:
            form.add_error(None, str(error))
            faults = error.fields.get("file", [])
        else:
            messages.success(request, _("The answer of the bank was brought in."))
            return redirect("benefits:payment", found.number)
    _look(request, staff, found, "look")
    context = _context(request, found, staff) | {"receipt_form": form, "faults": faults}
    return render(request, "benefits/payment.html", context, status=422)


@require_GET
@never_cache
def payment_file(request: HttpRequest, number: str, which: str) -> HttpResponse:
    """The workbook for the bank, with whole accounts; or the report that is kept, without. Each download is noted."""
    found, staff = list_of(request, number)
    if which not in {"bank", "report"}:
        raise Http404
    if which == "bank" and not staff.holds(Role.CASHIER, Role.HOUSING_OFFICER):
        raise NotAllowedError(_("Your posting does not include this work."))
    content = payments.for_the_bank(found) if which == "bank" else payments.report(found)
    _look(request, staff, found, "download")
    disposition = content_disposition_header(as_attachment=True, filename=f"{found.number}-{which}.xlsx") or ""
    headers = {"Content-Disposition": disposition}
    return HttpResponse(content, content_type=XLSX, headers=headers)


def _look(request: HttpRequest, staff: Staff, found: PaymentList, action: str) -> None:
    number = request.META.get("REQUEST_NUMBER", "")
    audit.look(staff, found, purpose="casework", action=action, fields=["rows"], request_number=number)
