"""One household of a scenario through the real flow: window, street, district, city, 24 sources, decision.

Every step calls the same work module as the page does, as the person whose work it is; nothing is written past them.
"""

import json
import time
import urllib.request
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from applications import certificates, checks, decisions, intake, referrals, signing, tiers
from applications.models import Application
from bureau import identifiers, letters, workdays
from bureau.models import Staff
from verification import conclusions, findings
from verification.facts import Declared, DeclaredPerson
from verification.models import Check

Say = Callable[[str], None]
WAIT_SECONDS = 90


def papers_of(scenario: str) -> dict[str, Any]:
    """What a household of a scenario brings to the window: its kind of application and its declaration."""
    url = f"{settings.MOCK_DEPARTMENTS_URL}/control/scenarios/{scenario}"
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 -- our own loopback address
        papers: dict[str, Any] = json.load(answer)
    return papers


def declared_of(papers: dict[str, Any]) -> Declared:
    """The declaration among the papers."""
    return msgspec.convert(papers["household"], Declared, strict=False)


def staff(username: str) -> Staff:
    """A person of the demo's cast."""
    return Staff.objects.get(username=username)


def submit(scenario: str, *, say: Say) -> Application:
    """The window takes the household's application, prints and records the signatures, and submits."""
    papers = papers_of(scenario)
    declared = declared_of(papers)
    clerk = staff("window")
    case = intake.open_draft(papers["kind"], by=clerk)
    say(_("%(reference)s opened at %(office)s") % {"reference": case.reference, "office": case.office})
    form = signing.print_form(case, "authorisation", declared, by=clerk)
    signing.print_form(case, "commitment", declared, by=clerk)
    scan = intake.attach(
        case,
        SimpleUploadedFile("signed.pdf", letters.pdf_of(form), content_type="application/pdf"),
        section="signatures",
        title=_("Signed forms"),
        by=clerk,
    )
    for person in declared.persons:
        _sign(case, declared, person, scan, clerk)
        _certify(case, person, letters.pdf_of(form), clerk)
    intake.submit(case, declared, by=clerk)
    say(_("submitted with %(count)s signed commitments and authorisations") % {"count": len(declared.persons)})
    return case


def _sign(case: Application, declared: Declared, person: DeclaredPerson, scan: Any, clerk: Staff) -> None:
    today = workdays.today()
    minor = signing.needs_guardian(person, today)
    adults = [
        other
        for other in declared.persons
        if identifiers.age(other.id_number, today) >= signing.ADULT and not other.incapable
    ]
    signer, guardian = (adults[0].name, _("Parent")) if minor else (person.name, "")
    signing.sign(case, declared, person, signer=signer, guardian=guardian, signed_on=today, scan=scan, by=clerk)


def _certify(case: Application, person: DeclaredPerson, paper: bytes, clerk: Staff) -> None:
    """Who is employed brings the employer's certificate, which says what is declared."""
    if not person.employer_code or not person.income.wages:
        return
    certified = certificates.Certified(
        employer_name=person.employer_name,
        employer_code=person.employer_code,
        signatory="孙立",
        monthly_income=(person.income.wages / 12).quantize(Decimal("0.01")),
        issued_on=workdays.today(),
    )
    file = SimpleUploadedFile("certificate.pdf", paper, content_type="application/pdf")
    title = _("Certificate of income from an employer")
    certificates.attach(case, file, certified, title=title, member_key=person.key, by=clerk)


def review(case: Application, *, say: Say) -> Check:
    """Street, district and city agree in turn; the city check officer sends the order to all sources."""
    for username, opinion in (
        ("street", _("Visited the household; the papers agree with what was seen.")),
        ("district", _("Papers complete, review passed.")),
        ("check", _("Review passed; the check may be ordered.")),
    ):
        tiers.forward(case, by=staff(username), opinion=opinion)
        say(_("%(name)s forwarded") % {"name": staff(username)})
    check = checks.order(case, by=staff("check"))
    say(
        _("%(number)s ordered: %(count)s sources asked over HTTP")
        % {"number": check.number, "count": check.inquiries.count()}
    )
    return check


def wait_for(check: Check) -> Check:
    """Until the workers have asked and assessed; `TimeoutError` when they do not."""
    deadline = time.monotonic() + WAIT_SECONDS
    while check.status not in {Check.Status.ASSESSED, Check.Status.CONCLUDED}:
        if time.monotonic() > deadline:
            message = f"{check.number} is still {check.status} after {WAIT_SECONDS} s: are the workers running?"
            raise TimeoutError(message)
        time.sleep(0.1)
        check.refresh_from_db()
    return check


def conclude(check: Check, *, say: Say) -> str:
    """The check officer confirms what stands open and concludes as proposed; returns the outcome."""
    officer = staff("check")
    for finding in check.findings.open():
        findings.confirm(finding, by=officer, reason=_("Checked with the household and the source."))
    assessment = check.assessments.order_by("-version")[0]
    conclusion = conclusions.conclude(
        check, outcome=assessment.proposed, opinion=_("As found by the check."), by=officer
    )
    report = conclusion.report.number if conclusion.report else ""
    say(
        _("%(answered)s of %(asked)s sources answered; concluded: %(outcome)s; report %(report)s")
        % {
            "answered": assessment.answered,
            "asked": assessment.asked,
            "outcome": conclusion.get_outcome_display(),
            "report": report,
        }
    )
    return conclusion.outcome


def decide(case: Application, outcome: str, *, say: Say) -> None:
    """The housing officer grants or refuses on the conclusion."""
    checks.take_up_due()
    case.refresh_from_db()
    officer = staff("housing")
    if outcome == "fit":
        decisions.grant(case, by=officer, opinion=_("Granted; to be published."))
    elif outcome == "unfit":
        decisions.refuse(case, by=officer, opinion=_("Refused on the confirmed findings."))
        _refer(case, officer, say)
    case.refresh_from_db()
    say(_("%(reference)s is now: %(status)s") % {"reference": case.reference, "status": case.get_status_display()})


def _refer(case: Application, officer: Staff, say: Say) -> None:
    """What a person has confirmed and is a dishonest act goes to the registry as leads."""
    chosen = [each.finding.pk for each in referrals.candidates(case) if not each.why_not]
    if chosen:
        made = referrals.refer(case, chosen, by=officer)
        say(_("%(count)s confirmed findings referred to the registry") % {"count": len(made)})
