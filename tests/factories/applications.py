"""Applications in each state, reached through the work modules as the people of the cast would."""

from collections.abc import Mapping
from typing import Any

import msgspec
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from msgspec.structs import replace

from applications import checks, intake, signing, tiers
from applications.models import Application
from bureau.models import Staff
from tests import papers
from tests.programs import Departments
from tests.verification import household
from verification import asking, conclusions, findings
from verification.facts import Declared
from verification.models import Check, Inquiry

SCAN = papers.PDF
MOST_ROUNDS = 40
# the household of the arithmetic's tests, under ID numbers whose last character fits
FATHER = replace(household.FATHER, id_number="321299198003150018", phone="13900001402")
MOTHER = replace(household.MOTHER, id_number="321299198207080023")
CHILD = replace(household.CHILD, id_number="321299201504010034")
FAMILY = Declared(persons=(FATHER, MOTHER, CHILD))

People = Mapping[str, Staff]


def draft(clerk: Staff, declared: Declared = FAMILY, kind: str = "public_rental") -> Application:
    """A draft for which every member has signed."""
    case = intake.open_draft(kind, by=clerk)
    sign_all(case, declared, clerk)
    return case


def sign_all(case: Application, declared: Declared, clerk: Staff) -> None:
    """Both papers, one scan, and the signature of every member or of the applicant as guardian."""
    for which in ("commitment", "authorisation"):
        signing.print_form(case, which, declared, by=clerk)
    file = SimpleUploadedFile("signed.pdf", SCAN, "application/pdf")
    scan = intake.attach(case, file, section="signing", title="signed papers", by=clerk)
    for person in declared.persons:
        guarded = signing.needs_guardian(person, timezone.localdate())
        signing.sign(
            case,
            declared,
            person,
            signer=declared.persons[0].name if guarded else person.name,
            guardian="parent" if guarded else "",
            signed_on=timezone.localdate(),
            scan=scan,
            by=clerk,
        )


def submitted(clerk: Staff, declared: Declared = FAMILY, kind: str = "public_rental") -> Application:
    """A case that lies at the street."""
    return intake.submit(draft(clerk, declared, kind), declared, by=clerk)


def at_district(people: People, declared: Declared = FAMILY, kind: str = "public_rental") -> Application:
    """A case that the street has forwarded."""
    case = submitted(people["window"], declared, kind)
    tiers.forward(case, by=people["street"], opinion="家庭情况属实，材料齐全，同意上报。")
    return case


def at_city(people: People, declared: Declared = FAMILY, kind: str = "public_rental") -> Application:
    """A case that street and district have forwarded."""
    case = at_district(people, declared, kind)
    tiers.forward(case, by=people["district"], opinion="经复核，同意上报。")
    return case


def check_due(people: People, declared: Declared = FAMILY, kind: str = "public_rental") -> Application:
    """A case that all three tiers have forwarded."""
    case = at_city(people, declared, kind)
    tiers.forward(case, by=people["check"], opinion="同意，发起核对。")
    return case


def checking(people: People, declared: Declared = FAMILY, kind: str = "public_rental") -> Application:
    """A case whose check has been ordered; nothing has been asked yet."""
    case = check_due(people, declared, kind)
    checks.order(case, by=people["check"])
    return case


def household_of(departments: Departments, scenario: str) -> Declared:
    """What the household of a scenario declares."""
    declared: Declared = msgspec.convert(departments.papers(scenario)["household"], Declared, strict=False)
    return declared


def ask_all(check: Check) -> Check:
    """Put every question over HTTP until the answers are assessed."""
    for _round in range(MOST_ROUNDS):
        asking.ask([check.pk])
        check.refresh_from_db()
        if check.status != Check.Status.ASKING:
            break
        Inquiry.objects.filter(check_ordered=check, state="open").update(not_before=timezone.now())
    return check


def concluded(
    people: People, departments: Departments, scenario: str, outcome: str, kind: str = "public_rental"
) -> Application:
    """A case whose check was really asked and concluded, its findings confirmed: it lies at the housing officer."""
    case = checking(people, household_of(departments, scenario), kind)
    check: Any = case.current_check
    ask_all(check)
    for finding in check.findings.open():
        findings.confirm(finding, by=people["check"], reason="已电话核实，属实。")
    conclusions.conclude(check, outcome=outcome, opinion="材料与来源信息已逐项比对。", by=people["check"])
    checks.take_up_due()
    case.refresh_from_db()
    return case
