"""Who used a person's data: looks of staff, questions to sources, questions of departments, signed authorisations.

Set-based: a few queries for a person, however many rows there are. What is under examination in the registry and has
not been told to the person is left out: it would be told by the looks at it (个人信息保护法, art. 35).
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _
from msgspec import Struct

from applications.models import AccessSlip, Application, Authorisation, Member
from bureau import audit, workdays
from bureau.access_slip_data import Asked, Look, Signed, Told
from bureau.models import AuditEntry, Office, label_of
from credit.models import BatchLine, Case, Lead, PartnerCall, Sanction, Service, Subject
from verification import wording
from verification.models import Check, Inquiry

MOST = 400  # lines of one sort; more are a reason to ask for fewer days


class Days(Struct, frozen=True):
    """From a day to a day, both included, by the calendar of Shanghai."""

    since: date
    until: date

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """From the first moment to the first that is no more in it."""
        start, end = (
            datetime.combine(day, time(), workdays.SHANGHAI) for day in (self.since, self.until + dt.timedelta(days=1))
        )
        return start, end


class Traces(Struct, frozen=True):
    """Everything that a person's data is found in."""

    index: bytes
    members: Sequence[Any]
    checks: Mapping[str, Sequence[Any]]  # by reference of the application
    subjects: Sequence[Any]
    about: Mapping[str, Sequence[int]]  # model label -> keys


def traces(index: bytes) -> Traces:
    """Applications, checks and files of the registry in which the person is found."""
    members = list(Member.objects.filter(id_index=index).select_related("application"))
    references = [member.application.reference for member in members]
    checks: dict[str, list[Check]] = {reference: [] for reference in references}
    for check in Check.objects.filter(subject__in=references).only(
        "pk", "number", "subject", "purpose", "authorisations"
    ):
        checks[check.subject].append(check)
    subjects = list(Subject.objects.filter(kind="person", identifier_index=index))
    told = _told(subjects)
    by_hand = Sanction.objects.filter(subject__in=subjects, case=None).exists()
    about = {
        label_of(Application): [member.application_id for member in members],
        label_of(Check): [check.pk for each in checks.values() for check in each],
        label_of(AccessSlip): list(AccessSlip.objects.filter(id_index=index).values_list("pk", flat=True)),
        label_of(Case): [case.pk for case in told],
        label_of(Lead): [case.lead_id for case in told],
        label_of(Subject): [subject.pk for subject in subjects] if told or by_hand else [],
    }
    return Traces(index, members, checks, subjects, {kind: keys for kind, keys in about.items() if keys})


def _told(subjects: Sequence[Subject]) -> list[Case]:
    """The cases about the person whose proposed finding was served."""
    served = Service.objects.filter(
        case=OuterRef("pk"), letter=Service.Letter.PROPOSAL, served_on__lte=workdays.today()
    )
    return list(Case.objects.filter(Exists(served), parties__subject__in=subjects).distinct().only("pk", "lead_id"))


def looks(found: Traces, days: Days) -> tuple[list[Look], bool]:
    """Who saw the data, the newest day first: the same person, case, act and purpose on one day is one line with its
    count. Whether there are more than can be listed.
    """
    if not found.about:
        return [], False
    clauses = Q()
    for kind, keys in found.about.items():
        clauses |= Q(subject_kind=kind, subject_id__in=keys)
    start, end = days.moments
    names = ("day", "office_code", "staff__username", "action", "reference", "purpose")
    rows = list(
        AuditEntry.objects.filter(clauses, at__gte=start, at__lt=end)
        .annotate(day=TruncDate("at", tzinfo=workdays.SHANGHAI))
        .values(*names)
        .annotate(times=Count("pk"))
        .order_by("-day", *names[1:])[: MOST + 1]
    )
    offices = dict(Office.objects.filter(code__in={row["office_code"] for row in rows}).values_list("code", "name_zh"))
    # Of an auditor's purpose without the reason, which may speak of others.
    purposes = audit.purposes_in_words([AuditEntry(purpose=row["purpose"].partition(audit.REASON)[0]) for row in rows])
    lines = [
        Look(
            day=row["day"].isoformat(),
            office=offices.get(row["office_code"], row["office_code"]),
            officer=row["staff__username"] or _("the system"),
            what=str(AuditEntry.Action(row["action"]).label),
            case=row["reference"],
            purpose=purpose,
            times=str(row["times"]),
        )
        for row, purpose in zip(rows[:MOST], purposes, strict=False)
    ]
    return lines, len(rows) > MOST


def asked(found: Traces, days: Days) -> tuple[list[Asked], bool]:
    """Which sources were asked about the person, under which authorisation: what was not asked is not listed."""
    keys = {member.application.reference: member.key for member in found.members}
    checks = {check.pk: check for each in found.checks.values() for check in each}
    start, end = days.moments
    rows = Inquiry.objects.filter(check_ordered__in=checks, first_asked_at__gte=start, first_asked_at__lt=end)
    rows = rows.select_related("source").order_by("-first_asked_at", "pk").defer("answer")
    signed = _signed_by_number(found)
    lines = []
    for row in rows[: MOST + 1]:
        check = checks[row.check_ordered_id]
        key = keys[check.subject]
        grant = check.authorisations.get(key) or {}
        if key not in row.outcomes and row.outcomes or row.outcomes.get(key) == "not_asked":
            continue
        authorisation = signed.get(grant.get("number", ""))
        lines.append(
            Asked(
                at=_moment(row.first_asked_at),
                source=row.source.name,
                check=check.number,
                purpose=wording.purpose_name(check.purpose),
                outcome=str(Inquiry.State(row.state).label),
                authorisation=grant.get("number", "") or _("withdrawn since"),
                until=_until(authorisation.valid_to if authorisation else None),
            )
        )
    return lines[:MOST], len(lines) > MOST


def told(found: Traces, days: Days) -> tuple[list[Told], bool]:
    """Which departments asked the registry about the person, and what they were told; to whom records were sent."""
    start, end = days.moments
    rows = PartnerCall.objects.filter(subject_kind="person", subject_index=found.index, at__gte=start, at__lt=end)
    rows = rows.select_related("partner", "purpose").order_by("-pk")
    lines = [
        Told(
            at=_moment(row.at),
            department=row.partner.name if row.partner else _("unknown"),
            purpose=row.purpose.name if row.purpose else "",
            answer=str(PartnerCall.ANSWERS.get(row.outcome) or _("refused")),
        )
        for row in rows[: MOST + 1]
    ]
    sent = BatchLine.objects.filter(subject__in=found.subjects).defer("values").select_related("batch", "receiver")
    for line in sent.filter(batch__handed_over_at__gte=start, batch__handed_over_at__lt=end)[: MOST + 1]:
        at, what = _moment(line.batch.handed_over_at), str(line.get_action_display())
        # Translators: 报送失信记录
        lines.append(Told(at=at, department=line.receiver.name, purpose=_("Credit records sent"), answer=what))
    lines.sort(key=lambda line: line.at, reverse=True)
    return lines[:MOST], len(lines) > MOST


def signed(found: Traces) -> list[Signed]:
    """The authorisations to check that were signed for the person, the newest first."""
    today = workdays.today()
    return [_signed_line(row, today) for row in _authorisations(found)]


def _authorisations(found: Traces) -> Iterable[Authorisation]:
    return Authorisation.objects.filter(person_index=found.index).order_by("-signed_on", "-pk")


def _signed_by_number(found: Traces) -> dict[str, Authorisation]:
    return {row.number: row for row in _authorisations(found)}


def _signed_line(row: Authorisation, today: date) -> Signed:
    if row.ended_at:
        state = _("ended on %(day)s") % {"day": row.ended_at.astimezone(workdays.SHANGHAI).date().isoformat()}
    else:
        state = _("run out") if row.valid_to and row.valid_to < today else _("in force")
    return Signed(
        number=row.number,
        signer=row.signer,
        signed_on=row.signed_on.isoformat(),
        until=_until(row.valid_to),
        state=state,
    )


def _until(day: date | None) -> str:
    # Translators: 申请及保障期间
    return day.isoformat() if day else _("as long as application and benefit last")


def _moment(at: datetime) -> str:
    return at.astimezone(workdays.SHANGHAI).strftime("%Y-%m-%d %H:%M")


def names_of(found: Traces) -> set[str]:
    """Under which names the person is known."""
    return set(_names(found))


def _names(found: Traces) -> Iterator[str]:
    yield from (member.name for member in found.members)
    yield from (subject.name for subject in found.subjects)
