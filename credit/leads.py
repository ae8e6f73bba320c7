"""Take a lead, open a case of it, or dismiss it."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from msgspec import Struct

from bureau import identifiers, numbers, workdays
from bureau.errors import UnfitDataError
from bureau.fields import blind_index
from bureau.lifecycle import make_move
from bureau.models import Staff
from credit import catalogue
from credit.models import Case, Lead, Party, Subject
from credit.moves import DISMISS, OPEN
from credit.policies import SubjectKind

LEAD, CASE = "XS", "SX"  # 线索, 失信: how numbers begin


class Named(Struct, frozen=True):
    """A subject by name and ID number, or by unified credit code."""

    name: str
    identifier: str
    kind: SubjectKind = SubjectKind.PERSON


class Confirmed(Struct, frozen=True):
    """Who confirmed a finding, and when."""

    by: Staff
    at: datetime


def register(named: Named) -> Subject:
    """The subject, entered when the registry does not know it. Raises `UnfitDataError` on a wrong number or code."""
    is_person = named.kind is SubjectKind.PERSON
    read = identifiers.normalise_id if is_person else identifiers.normalise_credit_code
    number = read(named.identifier)
    subject, _created = Subject.objects.get_or_create(
        kind=named.kind,
        identifier_index=blind_index(number),
        defaults={"name": named.name.strip(), "identifier": number},
    )
    return subject


@transaction.atomic
def take(
    kind: Lead.Kind,
    *,
    about: Sequence[Named],
    text: str,
    office_code: str,
    by: Staff | None,
    act_code: str = "",
    reporter: str = "",
    origin: str = "",
    confirmed: Confirmed | None = None,
    received_on: date | None = None,
) -> Lead:
    """Enter a lead. What a source told comes as a finding that a person has confirmed, and in no other way.

    Raises `UnfitDataError` on a wrong number, no subject, no facts, a finding nobody confirmed or one taken already.
    """
    day = received_on or workdays.today()
    if not about:
        raise UnfitDataError(_("Name at least one person or employer."))
    if not text.strip():
        raise UnfitDataError(_("Write down what is said to have happened."))
    if kind == Lead.Kind.FINDING and (confirmed is None or not origin):
        # Translators: 只有经人工确认的核对疑点才能作为失信线索。
        raise UnfitDataError(_("Only a finding that a person has confirmed is a lead."))
    try:
        with transaction.atomic():
            lead = Lead.objects.create(
                number=numbers.reference(LEAD, on=day),
                kind=kind,
                act=catalogue.act_on(act_code, day) if act_code else None,
                text=text.strip(),
                reporter=reporter.strip(),
                origin=origin,
                confirmed_by=confirmed.by if confirmed else None,
                confirmed_at=confirmed.at if confirmed else None,
                office_code=office_code,
                received_on=day,
                by=by,
            )
    except IntegrityError as error:
        if "lead_is_taken_once" not in str(error):
            raise
        raise UnfitDataError(_("This has been referred already.")) from None
    lead.subjects.set([register(each) for each in about])
    return lead


@transaction.atomic
def open_case(
    lead: Lead,
    *,
    by: Staff,
    act_code: str,
    occurred_on: date,
    facts: str,
    actors: Sequence[Subject],
    months: int | None = None,
    graver: bool = False,
) -> Case:
    """Open a case of a lead, by the policy and the catalogue of the day of the act.

    `actors` acted; who else the lead is about is a member of the household. Raises `UnfitDataError` when the day lies
    ahead, the act is none of theirs, or it has not lasted long enough.
    """
    if occurred_on > workdays.today():
        raise UnfitDataError(_("The day of the act lies ahead."))
    act = catalogue.act_on(act_code, occurred_on)
    about = list(lead.subjects.all())
    acted = {subject.pk for subject in actors}
    if not acted or not acted <= {subject.pk for subject in about}:
        raise UnfitDataError(_("Choose who acted, among those whom the lead is about."))
    if any(subject.kind != act.subject_kind for subject in actors):
        # Translators: 该行为的主体类别不符。
        raise UnfitDataError(_("This act is not one of such a subject. Choose another act."))
    severity = catalogue.severity_of(act, months=months, graver=graver)
    if severity is None:
        raise UnfitDataError(_("By the catalogue this has not lasted long enough for a case; send a reminder."))
    make_move(lead, OPEN, by=by)
    case = Case.objects.create(
        number=numbers.reference(CASE, on=workdays.today()),
        lead=lead,
        policy=act.policy,
        act=act,
        occurred_on=occurred_on,
        months=months,
        severity=severity,
        facts=facts.strip() or lead.text,
        office_code=lead.office_code,
        opened_on=workdays.today(),
        opened_by=by,
    )
    Party.objects.bulk_create(
        Party(case=case, subject=each, part=Party.Part.ACTOR if each.pk in acted else Party.Part.MEMBER)
        for each in about
    )
    return case


@transaction.atomic
def dismiss(lead: Lead, *, by: Staff, reason: str) -> None:
    """Nothing follows from a lead, and why."""
    if not reason.strip():
        raise UnfitDataError(_("Give the reason."))
    make_move(lead, DISMISS, by=by, note=reason.strip())
