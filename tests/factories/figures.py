"""Rows that figures count: applications with a concluded check, cases in the archive, bans, each of its own day."""

import itertools
from datetime import date, datetime, time
from typing import Any

from applications.models import Application, Declaration
from bureau import workdays
from bureau.models import Office, Staff
from credit.clocks import Event
from credit.models import Case, Happening, Lead, Sanction, Subject
from credit.policies import SubjectKind
from tests.factories import credit
from tests.factories.cases import WINDOW, check_at
from verification.models import Assessment, Check, Conclusion, Finding

_numbers = itertools.count(1)


def noon(day: date) -> datetime:
    """At noon in Taizhou."""
    return datetime.combine(day, time(12), workdays.SHANGHAI)


def concluded_case(
    by: Staff, outcome: str = "fit", *, at: datetime, kind: str = "public_rental", office_code: str = WINDOW
) -> Application:
    """A case whose check was concluded so at a moment."""
    reference = f"{Application.PREFIXES[kind]}2097-{next(_numbers):06d}"
    case = Application.objects.create(
        reference=reference,
        kind=kind,
        office=Office.objects.get(code=office_code),
        office_code=office_code,
        keyed_by=by,
        applicant_name="仲小妮",
        household_size=3,
    )
    case.declaration = Declaration.objects.create(
        application=case, version=1, content=b'{"persons":[]}', digest="0" * 64, by=by
    )
    case.submitted_at, case.accepted_on = at, at.astimezone(workdays.SHANGHAI).date()
    case.current_check = concluded_check(by, outcome, at=at, subject=reference, office_code=office_code, kind=kind)
    Application.objects.filter(pk=case.pk).update(
        **{"status": "checked"},
        declaration=case.declaration,
        submitted_at=at,
        accepted_on=case.accepted_on,
        current_check=case.current_check,
    )
    case.refresh_from_db()
    return case


def concluded_check(
    by: Staff, outcome: str, *, at: datetime, subject: str, office_code: str = WINDOW, kind: str
) -> Check:
    """A check concluded so at a moment, on a finding where one is needed."""
    check = check_at("concluded", subject=subject, office_code=office_code, purpose=kind)
    assessment = Assessment.objects.create(
        check_ordered=check,
        version=1,
        on=check.as_of,
        standard=check.standard,
        rules_version="1",
        inputs=b"{}",
        result=b"{}",
        result_digest="0" * 64,
        proposed=outcome,
        asked=24,
        answered=24,
    )
    found = settled_finding(check, by, "confirmed", at=at) if outcome == "unfit" else None
    Conclusion.objects.create(
        check_ordered=check,
        assessment=assessment,
        outcome=outcome,
        opinion="同意。",
        by=by,
        at=at,
        decisive_finding=found,
    )
    return check


def settled_finding(check: Check, by: Staff, state: str, *, at: datetime, source: str = "housing") -> Finding:
    """A finding that an officer has confirmed or dismissed at a moment."""
    values: dict[str, Any] = {"kind": "undeclared_home", "source_code": source, "reason": "已核实"}
    return Finding.objects.create(
        check_ordered=check, fingerprint=f"{next(_numbers):064}", state=state, settled_by=by, settled_at=at, **values
    )


def archived(act_code: str, on: date, *, office_code: str = credit.CITY) -> Case:
    """A case of this act that was entered in the archive on a day."""
    employer = act_code.startswith("U")
    about = [credit.COMPANY] if employer else [credit.HUSBAND, credit.WIFE]
    lead = credit.lead(
        kind=Lead.Kind.REPORT, about=about, act_code=act_code, by=credit.staff("credit"), office_code=office_code
    )
    kind = SubjectKind.EMPLOYER.value if employer else SubjectKind.PERSON.value
    case = credit.case(lead=lead, act_code=act_code, actor_kind=kind, months=12 if act_code in {"F06", "F07"} else None)
    Happening.objects.create(case=case, event=Event.RECORDED, on=on, basis=case.number, by=credit.staff("credit"))
    return case


def banned(by: Staff, *, begins: date, until: date, lifted_on: date | None = None) -> Sanction:
    """A ban by hand on somebody new."""
    subject = Subject.objects.create(kind="person", name="样本甲", identifier=f"32129919700101{next(_numbers):04d}")
    return Sanction.objects.create(
        subject=subject,
        severity="general",
        act="隐报",
        basis="办法",
        holds_from=begins,
        holds_until=until,
        lifted_on=lifted_on,
        lifted_reason="修复" if lifted_on else "",
        entered_by=by,
    )
