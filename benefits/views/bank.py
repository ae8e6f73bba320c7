"""Statements of the bank: bring one in, see what became of its lines, settle by hand those that wait."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from benefits import statements
from benefits.bank_files import LARGEST_FILE
from benefits.models import Account, Statement, StatementLine, Tenancy
from benefits.querysets import LEDGER_ROLES
from benefits.statement_files import COLUMNS, HEAD
from benefits.views.scope import require_ledger, staff_of
from bureau import audit
from bureau.errors import MoveRefusedError, UnfitDataError
from bureau.models import Staff
from bureau.roles import Role

PAGE_SIZE = 50
TONES = {"posted": "success", "waiting": "warning", "ignored": "neutral", "returned": "neutral"}
ACTS = ("assign", "ignore", "send_back")


class UploadForm(forms.Form):
    """A file of the bank."""

    file = forms.FileField(label=gettext_lazy("File of the bank (xlsx or CSV)"))


class SettleForm(forms.Form):
    """What is done about a line that waits."""

    act = forms.ChoiceField(
        # Translators: 处理方式
        label=gettext_lazy("What is done"),
        choices=[
            # Translators: 入账到以下租赁或账户
            ("assign", gettext_lazy("Post it on this tenancy or account")),
            # Translators: 已退回付款人
            ("send_back", gettext_lazy("The money went back to the payer")),
            # Translators: 与租金无关
            ("ignore", gettext_lazy("It is no rent")),
        ],
        widget=forms.RadioSelect,
    )
    # Translators: 租赁编号或账户编号
    number = forms.CharField(label=gettext_lazy("Number of the tenancy or account"), max_length=20, required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=200,
        required=False,
        # Translators: 入账无需填写。
        help_text=gettext_lazy("Not needed for posting it."),
    )


@require_http_methods(["GET", "POST"])
@never_cache
def statement_list(request: HttpRequest) -> HttpResponse:
    """Those brought in, the newest first; bring in another."""
    staff = require_ledger(request)
    form, faults, status = UploadForm(), [], 200
    if request.method == "POST":
        form, status = UploadForm(request.POST, request.FILES), 422
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                found = statements.bring_in(file.read(LARGEST_FILE + 1), name=file.name or "", by=staff)
            except UnfitDataError as error:
                form.add_error(None, str(error))
                faults = error.fields.get("file", [])
            else:
                # Translators: 已导入 %(number)s。
                messages.success(request, _("%(number)s was brought in.") % {"number": found})
                return redirect("benefits:statement", found.number)
    page = Paginator(Statement.objects.select_related("by"), PAGE_SIZE).get_page(request.GET.get("page"))
    waiting = StatementLine.objects.filter(state=StatementLine.State.WAITING)
    context = {
        "page": page,
        "form": form if staff.holds(Role.CASHIER) else None,
        "faults": faults,
        "head": HEAD,
        "columns": COLUMNS,
        "waiting": waiting.select_related("statement").order_by("on", "pk")[:PAGE_SIZE],
    }
    return render(request, "benefits/statements.html", context, status=status)


def statement_of(request: HttpRequest, number: str) -> tuple[Statement, Staff]:
    """The statement, for who sees the ledger; it is there for nobody else."""
    staff = staff_of(request)
    if not staff.holds(*LEDGER_ROLES):
        raise Http404
    return get_object_or_404(Statement.objects.select_related("by"), number=number), staff


@require_GET
@never_cache
def statement_page(request: HttpRequest, number: str) -> HttpResponse:
    """The reconciliation: what the bank says, what was posted, what waits; and every line."""
    found, staff = statement_of(request, number)
    audit.look(
        staff, found, purpose="casework", fields=["lines"], request_number=request.META.get("REQUEST_NUMBER", "")
    )
    rows = found.lines.select_related("account__tenancy", "settled_by").order_by("row")
    if (tab := request.GET.get("tab", "")) in TONES:
        rows = rows.filter(state=tab)
    sums = statements.sums_of(found)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "found": found,
        "sums": [
            (label, TONES[state], sums.lines[state], sums.amounts[state])
            for state, label in StatementLine.State.choices
        ],
        "total": sums.total,
        "even": sums.total == found.total,
        "tabs": _tabs(found, sums, tab),
        "page": page,
        "rows": [{"row": row, "tone": TONES[row.state]} for row in page.object_list],
        "unmasked": staff.holds(Role.CASHIER),
        "may_settle": staff.holds(Role.CASHIER),
    }
    return render(request, "benefits/statement.html", context)


def _tabs(found: Statement, sums: statements.Sums, current: str) -> list[dict[str, Any]]:
    address = reverse("benefits:statement", args=[found.number])
    tabs = [{"label": _("All"), "url": address, "current": current not in TONES, "count": found.lines_count}]
    for state, label in StatementLine.State.choices:
        url = f"{address}?tab={state}"
        tabs.append({"label": label, "url": url, "current": state == current, "count": sums.lines[state]})
    return tabs


@require_http_methods(["GET", "POST"])
@never_cache
def statement_line(request: HttpRequest, number: str, row: int) -> HttpResponse:
    """One line that waits: post it on a tenancy, send it back, or say why it is no rent."""
    found, staff = statement_of(request, number)
    statements.need_cashier(staff)
    line = get_object_or_404(found.lines.select_related("account__tenancy"), row=row)
    audit.look(
        staff, found, purpose="casework", fields=["lines"], request_number=request.META.get("REQUEST_NUMBER", "")
    )
    form, status = SettleForm(), 200
    if request.method == "POST":
        form, status = SettleForm(request.POST), 422
        if form.is_valid():
            try:
                _settle(line, form.cleaned_data, staff)
            except (UnfitDataError, MoveRefusedError) as error:
                form.add_error(None, str(error))
                status = 422 if isinstance(error, UnfitDataError) else 409
            else:
                messages.success(request, _("The line was settled."))
                return redirect("benefits:statement", found.number)
    context = {"found": found, "line": line, "form": form, "candidates": _candidates(line, staff)}
    return render(request, "benefits/statement_line.html", context, status=status)


def _settle(line: StatementLine, data: dict[str, Any], by: Staff) -> None:
    if data["act"] == "ignore":
        statements.ignore(line, reason=data["reason"], by=by)
    elif data["act"] == "send_back":
        statements.send_back(line, reason=data["reason"], by=by)
    else:
        number = data["number"].strip().upper()
        seen = Account.objects.visible_to(by)
        account = seen.filter(number=number).first() or seen.filter(tenancy__number=number).first()
        if account is None:
            raise UnfitDataError(_("No tenancy or account has this number."))
        statements.assign(line, account, by=by)


def _look(request: HttpRequest, found: Statement) -> None:
    number = request.META.get("REQUEST_NUMBER", "")
    audit.look(staff_of(request), found, purpose="casework", fields=["lines"], request_number=number)


def _candidates(line: StatementLine, staff: Staff) -> list[Tenancy]:
    """Tenancies of the payer's name, and those that the remark names."""
    told = statements.NAMED.findall(line.remark.upper())
    rows = Tenancy.objects.filter(account__in=Account.objects.visible_to(staff)).select_related(
        "account", "home__estate"
    )
    named = rows.filter(number__in=told) | rows.filter(account__number__in=told) | rows.filter(tenant_name=line.payer)
    return list(named.select_related("account", "home__estate").order_by("-pk")[:20])
