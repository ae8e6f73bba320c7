"""Commitment and authorisation: print both, take in the scan, record who signed."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from applications import accepting, intake, signing
from applications.forms import codes
from applications.forms.household import Household
from applications.forms.papers import ScanForm, SignerForm, SigningForm
from applications.models import Application
from applications.views.frame import looked, staff_of
from applications.views.intake import open_draft_of
from bureau import workdays
from bureau.errors import MoveRefusedError, UnfitDataError
from bureau.models import Document
from verification.facts import Declared, DeclaredPerson

FORMS = {
    # Translators: 守信承诺书
    "commitment": gettext_lazy("Commitment of honesty"),
    # Translators: 核对授权书
    "authorisation": gettext_lazy("Authorisation to check"),
}
Signers = list[tuple[DeclaredPerson, bool, SignerForm]]


def _persons(application: Application) -> Household:
    """The household, its persons entered without a mistake; else 409 that says so."""
    household = Household(application.draft.sections)
    if not household.has_persons:
        raise MoveRefusedError(_("Enter the applicant and the members without a mistake first; the papers name them."))
    return household


@require_GET
def sign_page(request: HttpRequest, reference: str) -> HttpResponse:
    """The three steps: print, scan, record."""
    application = open_draft_of(request, reference)
    household = _persons(application)
    return _page(request, application, household)


@require_POST
def print_form(request: HttpRequest, reference: str, which: str) -> HttpResponse:
    """Number and typeset one of the papers that are signed, and open it."""
    application = open_draft_of(request, reference)
    declared, by = _persons(application).declared, staff_of(request)
    if which == accepting.PROMISE:
        document = accepting.print_promise(application, declared, by=by)
    else:
        document = signing.print_form(application, which, declared, by=by)
    return redirect("document_pdf", document.pk)


@require_POST
def scan(request: HttpRequest, reference: str) -> HttpResponse:
    """Take in the scan of the signed papers."""
    application = open_draft_of(request, reference)
    household = _persons(application)
    form = ScanForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            kind, title = codes.SIGNED_PAPERS
            intake.attach(application, form.cleaned_data["file"], section=kind, title=str(title), by=staff_of(request))
            return redirect("applications:signing", reference)
        except UnfitDataError as error:
            form.add_error("file", str(error))
    return _page(request, application, household, scan_form=form, status=422)


@require_http_methods(["POST"])
def record(request: HttpRequest, reference: str) -> HttpResponse:
    """Record the signatures of the members chosen: all of them, or none when one is refused."""
    application = open_draft_of(request, reference)
    household = _persons(application)
    form = SigningForm(request.POST, scans=_scans(application))
    signers = _signers(application, household, request.POST)
    if _is_fit(form, signers) and _signed(request, application, household.declared, form, signers):
        return redirect("applications:signing", reference)
    return _page(request, application, household, form=form, signers=signers, status=422)


def _is_fit(form: SigningForm, signers: Signers) -> bool:
    fit = [each.is_valid() for _person, _needs, each in signers]
    if not form.is_valid() or not all(fit):
        return False
    if not any(each.cleaned_data["chosen"] for _person, _needs, each in signers):
        form.add_error(None, _("Tick who has signed."))
    return not form.errors


def _signed(
    request: HttpRequest, application: Application, declared: Declared, form: SigningForm, signers: Signers
) -> bool:
    with transaction.atomic():
        for person, _needs, each in signers:
            if each.cleaned_data["chosen"]:
                _sign(request, application, form, declared, person, each)
        refused = bool(form.errors) or any(each.errors for _person, _needs, each in signers)
        transaction.set_rollback(refused)
    return not refused


def _sign(
    request: HttpRequest,
    application: Application,
    form: SigningForm,
    declared: Declared,
    person: DeclaredPerson,
    each: SignerForm,
) -> None:
    data = each.cleaned_data
    try:
        signing.sign(
            application,
            declared,
            person,
            signer=data["signer"],
            guardian=data["guardian"],
            signed_on=form.cleaned_data["signed_on"],
            scan=form.cleaned_data["scan"],
            by=staff_of(request),
        )
    except UnfitDataError as error:
        for name, texts in error.fields.items():
            target = each if name in each.fields else form
            if name not in target.errors:
                target.add_error(name, texts[0])


def _scans(application: Application) -> Any:
    return application.attachments.filter(section=codes.SIGNED_PAPERS[0], removed_at=None).order_by("-uploaded_at")


def _signers(application: Application, household: Household, data: Any = None) -> Signers:
    """Who still has to sign: (person, whether the guardian signs, form)."""
    today = workdays.today()
    rows = []
    for person in signing.unsigned(application, household.declared):
        needs = signing.needs_guardian(person, today)
        initial = {"signer": "" if needs else person.name}  # that it is signed is the clerk's to say, not the page's
        rows.append((person, needs, SignerForm(data, prefix=person.key, initial=initial)))
    return rows


def _page(
    request: HttpRequest,
    application: Application,
    household: Household,
    *,
    form: SigningForm | None = None,
    signers: Signers | None = None,
    scan_form: ScanForm | None = None,
    status: int = 200,
) -> HttpResponse:
    looked(request, application, "signing")
    scans = _scans(application)
    signers = _signers(application, household) if signers is None else signers
    waiting = {person.key for person, _needs, _form in signers}
    declared = household.declared
    changed = signing.declaration_changed(application, declared)
    live = application.commitments.filter(ended_at=None).select_related("scan", "recorded_by").order_by("member_key")
    context = {
        "application": application,
        "printed": _printed(application),
        "scans": scans,
        "scan_form": scan_form or ScanForm(),
        "form": form or SigningForm(scans=scans, initial={"signed_on": workdays.today()}),
        "signers": signers,
        "signed": [row for row in live if row.member_key not in waiting],
        "changed": changed,
        "overtaken": not changed and any(row.member_key in waiting for row in live),
        "unfinished": [bound.section.label for bound in household.unfinished()],
        "names": {person.key: person.name for person in declared.persons},
        "wrong": [form, scan_form, *(each for _person, _needs, each in signers)],
    }
    return render(request, "applications/intake/signing.html", context, status=status)


def _printed(application: Application) -> Sequence[tuple[str, object, Document | None]]:
    """(kind, label, the last one printed) of both papers."""
    latest = {document.kind: document for document in reversed(Document.objects.of(application).filter(kind__in=FORMS))}
    return [(which, label, latest.get(which)) for which, label in FORMS.items()]
