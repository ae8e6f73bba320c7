"""Check the answers, submit, and what happens next; or give the draft up."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from applications import accepting, deadlines, drafting, fast_lane, guards, intake, problems, signing
from applications.forms.household import Household
from applications.forms.sections import SECTIONS
from applications.models import Application
from applications.models.lane import ESSENTIAL_PAPERS
from applications.views.frame import looked, staff_of
from applications.views.intake import EDITABLE, draft_of, open_draft_of
from applications.views.supplement import supplement_rows
from bureau import workdays
from bureau.errors import MoveRefusedError, UnfitDataError
from bureau.fields import blind_index
from bureau.models import Document
from verification.models import Source

S = Application.Status
Problem = tuple[str, str]  # what is to be corrected, and where


@require_http_methods(["GET", "POST"])
def answers(request: HttpRequest, reference: str) -> HttpResponse:
    """Every answer with its change link, the sums, and what is in the way; then submit."""
    application = open_draft_of(request, reference)
    household = Household(application.draft.sections)
    found = list(_problems(application, household))
    if request.method == "POST" and not found:
        try:
            accepting.hand_in(application, household.declared, by=staff_of(request))
            return redirect("applications:submitted", reference)
        except (UnfitDataError, MoveRefusedError) as error:
            application.refresh_from_db()
            found = [(str(error), "")]
    looked(request, application, "all sections")
    context = {
        "application": application,
        "problems": found,
        "lane": _lane(application, household),
        "refused": request.method == "POST",
        **_shown(application, household),
    }
    return render(request, "applications/intake/answers.html", context, status=422 if request.method == "POST" else 200)


def _problems(application: Application, household: Household) -> Iterator[Problem]:
    """What keeps the application from being submitted, each with the page where it is put right."""
    for bound in household.unfinished():
        url = f"{_url('section', application, bound.section.name)}?check=answers"
        # Translators: “%(section)s”尚未填完 / 有误
        text = (
            _("“%(section)s” is not complete.")
            if bound.state in {"not_started", "in_progress"}
            else _("“%(section)s” has errors.")
        )
        yield text % {"section": bound.section.label}, url
    declared = household.declared
    if not household.has_persons:
        return
    if lacking := accepting.obstacle(application, declared, fast=_is_fast(application, household)):
        yield lacking, _url("papers", application)
    members = f"{_url('section', application, 'members')}?check=answers"
    for found in (problems.of_household, problems.of_standing):
        yield from ((text, members) for text in found(declared))
    yield from ((text, members) for text in problems.of_other_cases(application, declared))
    changed = signing.declaration_changed(application, declared)
    for person in signing.unsigned(application, declared):
        # Translators: 申报内容在签署后有变动
        anew = _("The declaration has changed since it was signed: %(name)s signs the commitment anew.")
        text = _("%(name)s has not signed the commitment and the authorisation.")
        is_anew = changed and person.relation == guards.APPLICANT
        yield (anew if is_anew else text) % {"name": person.name}, _url("signing", application)


def _is_fast(application: Application, household: Household) -> bool:
    return fast_lane.would_be([blind_index(person.id_number) for person in household.declared.persons])


def _lane(application: Application, household: Household) -> dict[str, Any] | None:
    """That the household goes first, and what may follow until when; nothing for any other."""
    if not household.has_persons or not _is_fast(application, household):
        return None
    today = workdays.today()
    days = deadlines.procedure_on(today).supplement_days
    lacking = accepting.missing(application, household.declared) if application.submitted_at is None else {}
    follow = [str(name) for kind, name in lacking.items() if kind not in ESSENTIAL_PAPERS]
    return {"follow": follow, "until": workdays.add_workdays(today, days)}


def _url(name: str, application: Application, *args: Any) -> str:
    return reverse(f"applications:{name}", args=[application.reference, *args])


def _shown(application: Application, household: Household) -> dict[str, Any]:
    done = frozenset(name for name in SECTIONS if household[name].is_valid())
    return {
        "sections": [household[name] for name in SECTIONS],
        "totals": drafting.totals(household.declared, done),
        "papers": application.attachments.filter(removed_at=None),
        "signatures": application.commitments.filter(ended_at=None).select_related("scan"),
        "names": {person.key: person.name for person in household.people},
    }


def _ahead(application: Application, accepted_on: date) -> list[str]:
    """What still comes, from the desk that has the case now; no word of desks that it has passed."""
    limits = deadlines.procedure_on(accepted_on)
    days = {each: deadlines.days_of(application, each) for each in (S.AT_STREET, S.AT_DISTRICT, S.AT_CITY)}
    desks = {
        # Translators: 街道审核
        S.AT_STREET: _("The street reviews the application"),
        S.AT_DISTRICT: _("The district reviews it"),
        S.AT_CITY: _("The city reviews it"),
    }
    here = S(application.status)
    lines = []
    if here in desks:
        # Translators: %(what)s，截至 %(day)s。
        now = _("%(what)s, until %(day)s.") % {"what": desks[here], "day": application.due_on}
        later = list(desks)[list(desks).index(here) + 1 :]
        # Translators: %(what)s，%(days)s 个工作日内。
        lines = [
            now,
            *(_("%(what)s, within %(days)s working days.") % {"what": desks[s], "days": days[s]} for s in later),
        ]
    sources = Source.objects.in_force(workdays.today()).count()
    return [
        *lines,
        # Translators: 核对中心在 %(days)s 个工作日内向 %(sources)s 个来源核对。
        _("The check centre asks the %(sources)s sources, within %(days)s working days.")
        % {"days": limits.check_days, "sources": sources},
        # Translators: 住房保障部门在 %(days)s 个工作日内作出决定；拟准予的，公示 %(notice)s 天。
        _(
            "The housing office decides within %(days)s working days. "
            "An intended grant is on public notice for %(notice)s days."
        )
        % {"days": deadlines.days_of(application, S.CHECKED), "notice": limits.notice_days},
    ]


@require_GET
def submitted(request: HttpRequest, reference: str) -> HttpResponse:
    """The number, what happens next and within how many days, the receipt."""
    application = draft_of(request, reference)
    if application.status in EDITABLE or application.accepted_on is None:
        return redirect("applications:task_list", reference)
    looked(request, application, "confirmation")
    context = {
        "application": application,
        "resubmitted": application.opinions.filter(outcome="return").exists(),
        "ahead": _ahead(application, application.accepted_on),
        "supplements": supplement_rows(application),
        "receipt": Document.objects.of(application).filter(kind="receipt").first(),
    }
    return render(request, "applications/intake/submitted.html", context)


@require_http_methods(["GET", "POST"])
def discard(request: HttpRequest, reference: str) -> HttpResponse:
    """Give the draft up, after asking."""
    application = open_draft_of(request, reference)
    if request.method == "POST":
        intake.discard(application, by=staff_of(request))
        return redirect("home")
    looked(request, application, "applicant")
    context = {
        "title": _("Discard this draft?"),
        # Translators: 已填写的内容将被删除，无法恢复
        "warning": _("What was typed is deleted and cannot be brought back."),
        "consequence": _("The number and the record of who discarded it stay."),
        "summary": [(_("Reference"), application.reference), (_("Applicant"), application.applicant_name or "--")],
        "action": _("Discard the draft"),
        "cancel_url": _url("task_list", application),
    }
    return render(request, "applications/intake/confirm.html", context)
