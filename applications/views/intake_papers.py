"""Papers of a draft: take in, list, take out, open."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications import accepting, certificates, intake
from applications.forms import codes
from applications.forms.household import Household
from applications.forms.papers import PaperForm
from applications.models import Application, Attachment
from applications.receipts import needed
from applications.views.frame import looked, opened, staff_of
from applications.views.intake import open_draft_of
from bureau import sending
from bureau.errors import UnfitDataError
from bureau.forms import ReasonForm, ask_reason


@require_http_methods(["GET", "POST"])
def papers(request: HttpRequest, reference: str) -> HttpResponse:
    """The papers of the application, and a form for one more."""
    application = open_draft_of(request, reference)
    household = Household(application.draft.sections)
    people = household.people
    form = PaperForm(request.POST or None, request.FILES or None, people=people)
    if request.method == "POST" and form.is_valid() and _attached(request, application, form):
        return redirect("applications:papers", reference)
    looked(request, application, "papers")
    names = {person.key: person.name for person in people}
    context = {"application": application, "form": form, **_listed(application, names, needed(household.declared))}
    context["may_promise"] = household.has_persons and accepting.following(application, household.declared)
    return render(request, "applications/intake/papers.html", context, status=422 if form.errors else 200)


def _attached(request: HttpRequest, application: Application, form: PaperForm) -> bool:
    data, certified = form.cleaned_data, form.certified()
    told: dict[str, Any] = {"title": form.title_or_kind(), "member_key": data["member_key"], "by": staff_of(request)}
    try:
        if certified:
            certificates.attach(application, data["file"], certified, **told)
        else:
            intake.attach(application, data["file"], section=data["section"], **told)
    except UnfitDataError as error:
        form.add_error("file", str(error))
        return False
    return True


def _listed(application: Application, names: dict[str, str], wanted: Mapping[str, Any]) -> dict[str, Any]:
    kinds = {value: label for value, label in [*codes.PAPERS, codes.SIGNED_PAPERS]}
    rows = list(application.attachments.select_related("uploaded_by", "removed_by", "certificate"))
    kept = [row for row in rows if row.removed_at is None]
    present = {row.section for row in kept}
    return {
        "papers": [(row, kinds.get(row.section, ""), names.get(row.member_key, "")) for row in kept],
        "removed": [row for row in rows if row.removed_at is not None],
        "wanted": [str(name) for kind, name in wanted.items() if kind not in present],
    }


def papers_in_scope(request: HttpRequest, reference: str) -> QuerySet[Attachment]:
    """The papers of an application that this person may see."""
    cases = Application.objects.visible_to(staff_of(request))
    application: Application = get_object_or_404(cases, reference=reference)
    return application.attachments.select_related("application")


@require_http_methods(["GET", "POST"])
def paper(request: HttpRequest, reference: str, pk: int) -> HttpResponse | FileResponse:
    """Open a paper: decrypted, written down as a download. Also one taken out: it stays with the file.

    An auditor, who only reads, says why first.
    """
    found = get_object_or_404(papers_in_scope(request, reference), pk=pk)
    reason = ""
    if not staff_of(request).works_on(found.application.office_code):
        asked = ReasonForm(request.POST or None)
        if not asked.is_valid():
            return ask_reason(request, asked, found.title)
        reason = asked.cleaned_data["reason"]
    opened(request, found.application, "paper", reason=reason)
    return sending.scan(found.file, called=f"{reference}-{found.pk}", content_type=found.content_type)


@require_http_methods(["GET", "POST"])
def remove_paper(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Take a paper out, after asking."""
    application = open_draft_of(request, reference)
    found = get_object_or_404(application.attachments.filter(removed_at=None), pk=pk)
    if request.method == "POST":
        intake.remove_attachment(found, by=staff_of(request))
        return redirect("applications:papers", reference)
    looked(request, application, "papers")
    context = {
        "title": _("Take this paper out?"),
        # Translators: 材料将从申请中移除，移除人和时间会留存
        "warning": _("The paper leaves the application; who took it out, and when, is kept."),
        "summary": [(_("Paper"), found.title), (_("Brought in"), found.uploaded_by)],
        "action": _("Take it out"),
        "cancel_url": reverse("applications:papers", args=[reference]),
    }
    return render(request, "applications/intake/confirm.html", context)
