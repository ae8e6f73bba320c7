"""Cases for the tests of the programmers' door, brought to their state through the work modules."""

from datetime import timedelta
from typing import Any

import msgspec
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.test import APIClient

from applications import intake, signing
from applications.models import Application
from bureau.models import Staff
from tests import papers
from tests.verification.household import FAMILY
from verification import asking
from verification.facts import Declared
from verification.models import Check, Inquiry

SCAN = papers.PDF


def caller(person: Staff | None, language: str = "en") -> APIClient:
    """A program that calls in that person's name."""
    client = APIClient(headers={"accept-language": language})
    if person is not None:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def submitted(clerk: Staff, declared: Declared = FAMILY, kind: str = "public_rental") -> Application:
    """A household's application that lies at the street."""
    case = intake.open_draft(kind, by=clerk)
    file = SimpleUploadedFile("signed.pdf", SCAN, "application/pdf")
    scan = intake.attach(case, file, section="signatures", title="signed", by=clerk)
    for person in declared.persons:
        guarded = signing.needs_guardian(person, timezone.localdate())
        signing.sign(
            case,
            declared,
            person,
            signer=declared.persons[0].name if guarded else person.name,
            guardian="father" if guarded else "",
            signed_on=timezone.localdate() - timedelta(days=1),
            scan=scan,
            by=clerk,
        )
    intake.submit(case, declared, by=clerk)
    return case


def household_of(departments: Any, scenario: str) -> Declared:
    """What the household of a scenario declares."""
    declared: Declared = msgspec.convert(departments.papers(scenario)["household"], Declared, strict=False)
    return declared


def answered(check: Check) -> Check:
    """Every source has been asked, over HTTP, and the answers are assessed."""
    for _time in range(40):
        asking.ask([check.pk])
        check.refresh_from_db()
        if check.status != Check.Status.ASKING:
            break
        Inquiry.objects.filter(check_ordered=check, state="open").update(not_before=timezone.now())
    return check
