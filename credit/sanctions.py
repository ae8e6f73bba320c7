"""Measures against subjects: a ban by hand, and what the events of a case make of its clocks."""

from datetime import date

import msgspec
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from msgspec import Struct

from bureau import identifiers, workdays
from bureau.errors import UnfitDataError
from bureau.fields import blind_index
from bureau.models import Staff
from credit import catalogue, clocks, stream
from credit.clocks import Clock, Event, Happened, Reason, Rule, Span
from credit.models import Case, Party, Sanction, Subject
from credit.policies import Policy, Severity, SubjectKind
from credit.stream import What

GOOD_FOR = {Reason.OVER, Reason.REPAIRED, Reason.CORRECTED, Reason.WITHDRAWN}  # ends for good


def impose(
    *, name: str, id_number: str, severity: Severity, act: str, basis: str, banned_from: date, by: Staff
) -> Sanction:
    """Ban a person from the day for as long as the policy of that day says of this severity.

    Raises `UnfitDataError` on a bad ID number, an overlapping ban, or a severity that the policy bans nobody for.
    """
    number = identifiers.normalise_id(id_number)
    holds_until = _end_of(severity, banned_from)
    try:
        with transaction.atomic():
            subject, _created = Subject.objects.get_or_create(
                kind=SubjectKind.PERSON,
                identifier_index=blind_index(number),
                defaults={"name": name, "identifier": number},
            )
            sanction = Sanction.objects.create(
                subject=subject,
                severity=severity,
                act=act,
                basis=basis,
                holds_from=banned_from,
                holds_until=holds_until,
                entered_by=by,
            )
            stream.tell(What.RECORDED, sanction, on=banned_from)
            return sanction
    except IntegrityError as error:
        if "sanctions_of_a_subject_do_not_overlap" not in str(error):
            raise
        raise UnfitDataError(
            _("This person is already under a ban during that time; lift or extend that one.")
        ) from None


@transaction.atomic
def lift(sanction: Sanction, *, on: date, reason: str) -> None:
    """End a ban before its day, with the reason (withdrawn, repaired, court order)."""
    sanction.lifted_on, sanction.lifted_reason = on, reason
    sanction.save(update_fields=["lifted_on", "lifted_reason"])
    note_end(sanction, today=workdays.today())


def _end_of(severity: Severity, banned_from: date) -> date:
    """The first day after a ban that is recorded on this day."""
    policy = catalogue.policy_on(banned_from)
    rules = [rule for rule in policy.grade(severity).person if rule.is_ban] if policy.knows(severity) else []
    for clock in clocks.run(rules, [Happened(banned_from, Event.RECORDED)]):
        if clock.ends_on:
            return clock.ends_on
    # Translators: 《%(policy)s》对该失信等级不设限制申请期。
    raise UnfitDataError(_("%(policy)s bans nobody for an act of this severity.") % {"policy": policy.name})


def bring_in_line(case: Case) -> None:
    """Write the measures of a case as its events make them, and tell what changed; inside the caller's transaction,
    which holds the case.

    The same events give the same rows, however often and however late this runs. Bans keep from benefits every person
    whom the case is about; published and shared is who acted.
    """
    happened = _happened(case)
    taken_back = any(each.event is Event.WITHDRAWN for each in happened)
    today = workdays.today()
    there = list(case.sanctions.select_related("subject", "case"))
    for party in case.parties.select_related("subject"):
        for rule in _rules_of(case, party):
            mine = {row.holds_from: row for row in there if (row.subject_id, row.kind) == (party.subject_id, rule.kind)}
            clock = Clock(rule, happened)
            spans = {span.begins: span for span in clock.spans()}
            # What never held goes first, as it would overlap what did; each end is told before the next beginning.
            for row in (row for begins, row in mine.items() if begins not in spans and row.lifted_on is None):
                why = clock.why_not(row.holds_from) or Reason.WITHDRAWN
                row.lifted_on, row.lifted_reason = row.holds_from, why.value
                row.save(update_fields=["lifted_on", "lifted_reason"])
                if not taken_back:
                    note_end(row, today=today)
            for span in spans.values():
                row = _bring(mine.get(span.begins), _Place(case, party, rule), span, told=taken_back)
                if not taken_back:
                    note_end(row, today=today)
    if taken_back:
        for row in case.sanctions.select_related("subject", "case"):
            _take_back(row, today)


class _Place(Struct, frozen=True):
    """Whose clock a row is written of."""

    case: Case
    party: Party
    rule: Rule


def _bring(row: Sanction | None, place: _Place, span: Span, *, told: bool) -> Sanction:
    """The row of a span as it is now. `told`: it is told otherwise that everything was taken back."""
    because = str(span.because or "")
    if row is None:
        case, subject = place.case, place.party.subject
        row = Sanction.objects.create(
            case=case,
            subject=subject,
            kind=place.rule.kind,
            severity=case.severity,
            act=case.act.name_zh,
            basis=place.rule.basis,
            holds_from=span.begins,
            holds_until=span.until,
            ended_because=because,
            disputed=case.sanctions.filter(subject=subject, disputed=True).exists(),
        )
        what = What.RECORDED
    elif (row.holds_until, row.ended_because, row.lifted_on) == (span.until, because, None):
        return row
    else:
        # What had ended, and was told so, begins again.
        what = What.RECORDED if row.end_noted_at else What.CHANGED
        row.holds_until, row.ended_because, row.end_noted_at = span.until, because, None
        row.lifted_on, row.lifted_reason = None, ""
        row.save(update_fields=["holds_until", "ended_because", "end_noted_at", "lifted_on", "lifted_reason"])
    if not told:
        stream.tell(what, row, on=span.begins if what is What.RECORDED else workdays.today())
    return row


def note_end(row: Sanction, *, today: date) -> bool:
    """Tell once that a measure has ended, with its legal day. It had ended without that."""
    ends = row.ends_on()
    if ends is None or ends > today or row.end_noted_at is not None:
        return False
    row.end_noted_at = timezone.now()
    row.save(update_fields=["end_noted_at"])
    stream.tell(What.LIFTED, row, on=ends, because=row.lifted_reason or row.ended_because)
    return True


def _take_back(row: Sanction, today: date) -> None:
    """Tell once that a measure is set aside, also one that had run out: nobody keeps it on file."""
    if row.events.filter(what=What.WITHDRAWN).exists():
        return
    row.end_noted_at = row.end_noted_at or timezone.now()
    row.save(update_fields=["end_noted_at"])
    stream.tell(What.WITHDRAWN, row, on=today, because=Reason.WITHDRAWN.value)


def mark(case: Case, subject: Subject, *, disputed: bool) -> None:
    """Mark the measures of a subject in a case as disputed, or as no longer so, and tell it; inside the caller's
    transaction, which holds the case.
    """
    for row in case.sanctions.filter(subject=subject, end_noted_at=None).select_related("subject", "case"):
        if row.disputed != disputed:
            row.disputed = disputed
            row.save(update_fields=["disputed"])
            stream.tell(What.CHANGED, row, on=workdays.today())


def is_over(case: Case, on: date) -> bool:
    """Whether every clock of a recorded case has ended for good by the day; never so of one without a clock."""
    happened = _happened(case)
    clocks_of = [Clock(rule, happened) for party in case.parties.all() for rule in _rules_of(case, party)]
    return bool(clocks_of) and all(clock.why_not(on) in GOOD_FOR for clock in clocks_of)


def ended_on(case: Case) -> date | None:
    """The legal day on which the last measure of a case ended; None while one has no end, or there was none."""
    ends = [row.ends_on() for row in case.sanctions.all()]
    return max((day for day in ends if day), default=None) if all(ends) else None


def _happened(case: Case) -> tuple[Happened, ...]:
    return tuple(sorted({Happened(each.on, Event(each.event)) for each in case.happenings.all()}))


def _rules_of(case: Case, party: Party) -> list[Rule]:
    """The rules for a party, by the policy and the act of the case."""
    policy = msgspec.convert(case.policy.content, Policy)
    grade = policy.grade(Severity(case.severity))
    rules = grade.rules(SubjectKind(party.subject.kind), from_return=case.act.from_return)
    return [rule for rule in rules if rule.is_ban or party.acted]
