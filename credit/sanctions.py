"""Impose a ban, and lift one before its end."""

from datetime import date

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from bureau import identifiers
from bureau.errors import UnfitDataError
from bureau.fields import blind_index
from bureau.models import Staff
from credit import catalogue, clocks
from credit.clocks import Event, Happened, Reason
from credit.models import Case, Sanction, Subject
from credit.policies import Policy, Severity, SubjectKind


def impose(
    *, name: str, id_number: str, severity: Severity, act: str, basis: str, banned_from: date, by: Staff | None
) -> Sanction:
    """Ban a person from the day for as long as the policy of that day says of this severity.

    Raises `UnfitDataError` on a bad ID number, an overlapping ban, or a severity that the policy bans nobody for.
    """
    number = identifiers.normalise_id(id_number)
    banned_until = _end_of(severity, banned_from)
    try:
        with transaction.atomic():
            subject, _created = Subject.objects.get_or_create(
                kind=SubjectKind.PERSON,
                identifier_index=blind_index(number),
                defaults={"name": name, "identifier": number},
            )
            return Sanction.objects.create(
                subject=subject,
                severity=severity,
                act=act,
                basis=basis,
                banned_from=banned_from,
                banned_until=banned_until,
                entered_by=by,
            )
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
    """Write the bans of a case as its events make them; inside the caller's transaction, which holds the case.

    The same events give the same rows, however often and however late this runs.
    """
    rules = _rules_of(case)
    happened = [Happened(each.on, Event(each.event)) for each in case.happenings.all()]
    spans = [span for clock in clocks.run(rules, happened) for span in clock.spans()]
    for party in case.parties.filter(subject__kind=SubjectKind.PERSON).select_related("subject"):
        for span in spans:
            Sanction.objects.update_or_create(
                case=case,
                subject=party.subject,
                banned_from=span.begins,
                defaults={
                    "severity": case.severity,
                    "act": case.act.name_zh,
                    "basis": rules[0].basis,
                    "banned_until": span.until,
                    "ended_because": span.because or "",
                },
            )

    # Recorded and withdrawn on one day: it never held.
    gone = Sanction.objects.filter(case=case, lifted_on=None).exclude(banned_from__in=[span.begins for span in spans])
    gone.update(lifted_on=F("banned_from"), lifted_reason=Reason.WITHDRAWN.value)


def _rules_of(case: Case) -> list[clocks.Rule]:
    """The rule of the ban for persons, by the policy and the act of the case."""
    policy = msgspec.convert(case.policy.content, Policy)
    rules = policy.grade(Severity(case.severity)).rules(SubjectKind.PERSON, from_return=case.act.from_return)
    return [rule for rule in rules if rule.is_ban]
