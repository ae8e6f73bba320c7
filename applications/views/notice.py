"""Public notices: the board of those that run, and the objections against one."""

from itertools import groupby

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from applications import publicity
from applications.forms.casework import AnswerForm, ObjectionForm
from applications.models import NoticeObjection, PublicNotice
from applications.views.desk import review_page
from applications.views.frame import case_of, staff_of
from bureau import divisions, workdays
from bureau.models import Office

ON_A_PAGE = 100


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """The notices that run today, by district, as they are to be printed and posted.

    Everybody who is signed in sees all of them: they are public, and hold no more than is published.
    """
    running = (
        PublicNotice.objects.running(workdays.today()).select_related("application", "document").defer("document__data")
    )
    page = Paginator(running.order_by("application__office_code", "pk"), ON_A_PAGE).get_page(request.GET.get("page"))
    names = {office.code: office.name for office in Office.objects.exclude(tier="window")}
    lines = [
        {
            "notice": notice,
            "kind": notice.application.get_kind_display(),
            "street": names.get(divisions.ancestor(notice.application.office_code, "street"), "--"),
            "district": divisions.ancestor(notice.application.office_code, "district"),
        }
        for notice in page.object_list
    ]
    groups = [
        {"district": names.get(code, code), "lines": list(found)}
        for code, found in groupby(lines, key=lambda line: str(line["district"]))
    ]
    return render(request, "applications/notices.html", {"groups": groups, "page": page, "total": page.paginator.count})


@require_http_methods(["GET", "POST"])
def object_to(request: HttpRequest, reference: str) -> HttpResponse:
    """Record an objection against the running notice of a case."""
    case = case_of(request, reference)
    if request.method == "GET":  # somebody signed in again after the form was sent
        return redirect("applications:case_review", reference)
    notice = get_object_or_404(case.notices.order_by("-pk")[:1])
    form = ObjectionForm(request.POST)
    if not form.is_valid():
        return review_page(request, case, status=422, objection_form=form)
    publicity.object_to(
        notice, text=form.cleaned_data["text"], objector=form.cleaned_data["objector"], by=staff_of(request)
    )
    messages.success(request, _("The objection has been recorded. The notice does not close while it is open."))
    return redirect("applications:case_review", reference)


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Settle an objection."""
    case = case_of(request, reference)
    if request.method == "GET":
        return redirect("applications:case_review", reference)
    objection = get_object_or_404(NoticeObjection.objects.filter(notice__application=case), pk=pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return review_page(request, case, status=422, answer_form=form, answering=objection.pk)
    values = form.cleaned_data
    publicity.answer_objection(objection, upheld=values["upheld"], answer=values["answer"], by=staff_of(request))
    messages.success(request, _("The objection has been answered."))
    return redirect("applications:case_review", reference)
