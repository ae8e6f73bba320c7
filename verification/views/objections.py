"""The pages of objections to results: the list, one objection, and each act on it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, Count, Q, QuerySet, When
from django.forms import Form
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bureau import audit, sending, workdays
from bureau.confirming import reason_page
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.forms import ReasonForm, ask_reason
from bureau.moves import why_not
from verification import objection_moves, objections
from verification.forms import ObjectionFilterForm
from verification.models import Dispute, Objection
from verification.pages.forms import AnswerObjectionForm, DecideForm, ReplyForm
from verification.pages.objections import objection_context, rows_of
from verification.views.scope import looked, require_centre, require_shown, staff_of

PAGE_SIZE = 25
S = Objection.Status
OPEN = (S.RECEIVED, S.RECHECKING)


@require_GET
def objection_list(request: HttpRequest) -> HttpResponse:
    """The objections in scope by status, the most urgent first; found by their number, the check's or the case's."""
    require_centre(request)
    form = ObjectionFilterForm(request.GET)
    found = _filtered(Objection.objects.visible_to(staff_of(request)), form)
    counted = found.aggregate(all=Count("pk"), **{name: Count("pk", Q(status=name)) for name in S.values})
    tab = request.GET.get("tab", "")
    rows = found.filter(status=tab) if tab in S.values else found
    rows = rows.select_related("check_ordered").order_by(
        Case(When(status__in=OPEN, then=0), default=1), "due_on", "-pk"
    )
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "rows": rows_of(page.object_list), "tabs": _tabs(request, tab, counted)}
    return render(request, "verification/objections.html", context)


def _filtered(found: QuerySet[Objection], form: ObjectionFilterForm) -> QuerySet[Objection]:
    if not form.is_valid():
        return found
    if wanted := form.cleaned_data["q"].strip():
        named = Q(number__iexact=wanted) | Q(subject__iexact=wanted) | Q(check_ordered__number__iexact=wanted)
        found = found.filter(named)
    if form.cleaned_data["overdue"]:
        found = found.filter(due_on__lt=workdays.today(), status__in=OPEN)
    return found


def _tabs(request: HttpRequest, tab: str, counted: dict[str, int]) -> list[dict[str, Any]]:
    tabs = []
    for name, label in [("", _("All")), *S.choices]:
        query = request.GET.copy()
        query.pop("page", None)
        query["tab"] = name
        url = f"{reverse('verification:objections')}?{query.urlencode()}"
        current = name == (tab if tab in S.values else "")
        tabs.append({"label": label, "url": url, "current": current, "count": counted[name or "all"]})
    return tabs


def objection_of(request: HttpRequest, number: str) -> Objection:
    """The objection in this person's scope, else 404; shown with its case to those who have that before them."""
    rows = Objection.objects.visible_to(staff_of(request))
    chosen = rows.select_related("check_ordered__conclusion__report__superseded_by", "letter", "recheck", "received_by")
    found: Objection = get_object_or_404(chosen, number=number)
    require_shown(request, found.check_ordered)
    return found


@require_GET
@never_cache
def objection(request: HttpRequest, objection_number: str) -> HttpResponse:
    """One objection: what is disputed, the proof, what was done about each line, the new check, the answer."""
    return _page(request, objection_of(request, objection_number))


def _page(request: HttpRequest, found: Objection, status: int = 200, **forms: Any) -> HttpResponse:
    looked(request, found.check_ordered, "objection")
    context = objection_context(found, staff_of(request), **forms)
    wrong = [*(forms.get("forms") or {}).values(), *filter(None, [forms.get("answer")])]
    return render(request, "verification/objection.html", context | {"wrong": wrong}, status=status)


@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, objection_number: str, line: int) -> HttpResponse:
    """Decide on a disputed line."""
    found = objection_of(request, objection_number)
    if request.method == "GET":  # somebody signed in again after the form was sent
        return redirect("verification:objection", objection_number)
    dispute = _line(found, line)
    _require(request, found, objection_moves.DECIDE)
    form = DecideForm(request.POST, prefix=f"line-{line}")
    if form.is_valid() and _done(form, lambda: objections.decide(dispute, by=staff_of(request), **form.cleaned_data)):
        # Translators: 已处理第 %(line)s 行。
        messages.success(request, _("Line %(line)s has been decided on.") % {"line": line})
        return redirect("verification:objection", objection_number)
    return _page(request, found, 422, forms={line: form})


@require_http_methods(["GET", "POST"])
def reply(request: HttpRequest, objection_number: str, line: int) -> HttpResponse:
    """Write down what a department answered."""
    found = objection_of(request, objection_number)
    if request.method == "GET":
        return redirect("verification:objection", objection_number)
    dispute = _line(found, line)
    _require(request, found, objection_moves.WRITE_REPLY)
    form = ReplyForm(request.POST, prefix=f"line-{line}")
    if form.is_valid() and _done(
        form, lambda: objections.write_reply(dispute, by=staff_of(request), **form.cleaned_data)
    ):
        messages.success(request, _("The reply has been written down."))
        return redirect("verification:objection", objection_number)
    return _page(request, found, 422, forms={line: form})


@require_POST
def check_again(request: HttpRequest, objection_number: str) -> HttpResponse:
    """Place the new check."""
    check = objections.check_again(objection_of(request, objection_number), by=staff_of(request))
    messages.success(request, _("Check %(number)s has been ordered.") % {"number": check.number})
    return redirect("verification:objection", objection_number)


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, objection_number: str) -> HttpResponse:
    """Answer the household with a letter."""
    found = objection_of(request, objection_number)
    if request.method == "GET":
        return redirect("verification:objection", objection_number)
    _require(request, found, objection_moves.ANSWER)
    form = AnswerObjectionForm(request.POST)
    if form.is_valid():
        text = form.cleaned_data["answer"]
        if _done(form, lambda: objections.answer(found, text=text, by=staff_of(request))):
            # Translators: 异议已答复：%(outcome)s。
            messages.success(request, _("Answered: %(outcome)s.") % {"outcome": found.get_outcome_display()})
            return redirect("verification:objection", objection_number)
    return _page(request, found, 422, answer=form)


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, objection_number: str) -> HttpResponse:
    """The household takes its objection back, after a reason."""
    found = objection_of(request, objection_number)
    _require(request, found, objection_moves.WITHDRAW)
    return reason_page(
        request,
        title=_("Withdraw objection %(number)s") % {"number": found.number},
        # Translators: 尚未答复的数据行不再处理，正在进行的重新核对随之取消。
        warning=_("Its lines are not looked into any more, and a new check that still runs is dropped."),
        action=_("Withdraw the objection"),
        after=reverse("verification:objection", args=[found.number]),
        do=lambda reason: objections.withdraw(found, by=staff_of(request), reason=reason),
        summary=[(_("Case"), found.subject), (_("Received on"), f"{found.received_on}")],
    )


@require_http_methods(["GET", "POST"])
def proof(request: HttpRequest, objection_number: str, pk: int) -> HttpResponse | FileResponse:
    """Open a proof: decrypted, written down as a download. An auditor, who only reads, says why first."""
    objected = objection_of(request, objection_number)
    found = get_object_or_404(objected.proofs, pk=pk)
    staff, reason = staff_of(request), ""
    if not staff.works_on(objected.office_code):
        asked = ReasonForm(request.POST or None)
        if not asked.is_valid():
            return ask_reason(request, asked, found.title)
        reason = asked.cleaned_data["reason"]
    audit.look(
        staff,
        objected.check_ordered,
        purpose=audit.purpose_of(staff, objected.office_code, "check", reason),
        action="download",
        fields=["proof"],
        request_number=request.META.get("REQUEST_NUMBER", ""),
    )
    return sending.scan(found.file, called=f"{objection_number}-{found.pk}", content_type=found.content_type)


def _line(found: Objection, line: int) -> Dispute:
    dispute: Dispute = get_object_or_404(found.disputes, line=line)
    return dispute


def _require(request: HttpRequest, found: Objection, move: Any) -> None:
    """No form for what cannot be done: the refusal that the move itself would meet."""
    if reason := why_not(found, move, staff_of(request)):
        raise (NotAllowedError if reason.forbidden else MoveRefusedError)(reason.text)


def _done(form: Form, act: Any) -> bool:
    """Do it; what the work module would not take stands beside its field then."""
    try:
        act()
    except UnfitDataError as error:
        for field, problems in (error.fields or {"": [str(error)]}).items():
            form.add_error(field if field in form.fields else None, problems)
        return False
    return True
