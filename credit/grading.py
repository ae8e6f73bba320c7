"""How the registry grades persons and employers, A to D, and why (信用等级). No points: credit.policies.grading.

Four queries, however many are asked about. Leads, and cases before their finding, are not among what is read.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

import msgspec
from django.db.models import Max, Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bureau import workdays
from credit import policies
from credit.clocks import Event, Term
from credit.models import SEVERITIES, Case, Party, Policy, Sanction, Subject
from credit.policies import Cap, Letter, Severity, When
from credit.policies.grading import CreditGrade, Deed, History, Measure, Reason, graded

# Before these a panel has not found the act, or it never will.
NOT_FOUND = (
    *(Case.Status.OPENED, Case.Status.PROPOSED, Case.Status.AT_PANEL),
    *(Case.Status.NOT_FOUND, Case.Status.DROPPED),
)


def grades(indexes: Iterable[bytes], *, on: date) -> Mapping[bytes, CreditGrade]:
    """The grade of each person or employer on the day, by blind index of ID number or credit code, by the rules of the
    policy of that day. Whom the registry does not know has nothing against them.
    """
    asked = [bytes(index) for index in indexes]
    caps = _rules_of(on)
    subjects: dict[int, bytes] = {
        pk: bytes(index)
        for pk, index in Subject.objects.filter(identifier_index__in=asked).values_list("pk", "identifier_index")
    }
    measures: dict[bytes, list[Measure]] = {}
    deeds: dict[bytes, list[Deed]] = {}
    if not subjects:  # nobody is known
        return {index: graded(History((), ()), caps, on=on) for index in asked}
    for row in Sanction.objects.filter(subject__in=subjects).select_related("case"):
        index = subjects[row.subject_id]
        if measure := _measure(row):
            measures.setdefault(index, []).append(measure)
            if not measure.case:  # entered by hand: no panel, but a person, and an act on record
                deed = Deed(case="", severity=measure.severity, found_on=measure.begins, recorded_on=measure.begins)
                deeds.setdefault(index, []).append(deed)
    for subject, deed in _deeds(subjects):
        deeds.setdefault(subjects[subject], []).append(deed)
    return {
        index: graded(History(tuple(measures.get(index, ())), tuple(deeds.get(index, ()))), caps, on=on)
        for index in asked
    }


def grade(index: bytes, *, on: date) -> CreditGrade:
    """The grade of one."""
    return grades([index], on=on)[bytes(index)]


def worst(found: Iterable[CreditGrade]) -> CreditGrade:
    """The grade of a household: that of the member who stands worst; not graded where one is not."""
    return max(found, key=lambda each: each.letter or "E", default=CreditGrade(letter=None))


def _rules_of(day: date) -> tuple[Cap, ...]:
    """The grading rules of our policy of the day; none where there is no policy."""
    row: Policy | None = Policy.objects.in_force(day).first()
    return msgspec.convert(row.content, policies.Policy).grading if row else ()


def _measure(row: Sanction) -> Measure | None:
    """A sanction as the rules read it; None where it was entered by hand and taken back."""
    if row.case is None and row.lifted_on and row.ends_on() != row.holds_until:
        return None
    number = row.case.number if row.case else ""
    return Measure(number, Severity(row.severity), row.holds_from, row.ends_on(), row.disputed)


def _deeds(subjects: Iterable[int]) -> Iterator[tuple[int, Deed]]:
    """(subject, act) of all acts that a panel has found of them; members of the household who did not act have none."""
    acted = Party.objects.filter(subject__in=list(subjects), part=Party.Part.ACTOR).exclude(case__status__in=NOT_FOUND)
    rows = acted.values("subject_id", "case__number", "case__severity", "case__status", "case__status_since").annotate(
        voted=Max("case__seats__voted_at"),
        recorded=Min("case__happenings__on", filter=Q(case__happenings__event=Event.RECORDED.value)),
        withdrawn=Min("case__happenings__on", filter=Q(case__happenings__event=Event.WITHDRAWN.value)),
    )
    for row in rows:
        yield row["subject_id"], _deed(row)


def _deed(row: Mapping[str, Any]) -> Deed:
    since = _day(row["case__status_since"])
    return Deed(
        case=row["case__number"],
        severity=Severity(row["case__severity"]),
        found_on=_day(row["voted"]) if row["voted"] else since,
        cured_on=since if row["case__status"] == Case.Status.CURED else None,
        recorded_on=row["recorded"],
        withdrawn_on=row["withdrawn"],
    )


def _day(moment: datetime) -> date:
    return moment.astimezone(workdays.SHANGHAI).date()


# --- in words ---------------------------------------------------------------------------------------------------------


def summary(found: CreditGrade) -> str:
    """Why the grade is what it is where no rule holds it down."""
    if found.letter is None:
        # Translators: 现行政策未设信用等级规则，不评定等级。
        return _("The policy in force has no rules for grades, so nobody is graded.")
    if found.reasons:
        # Translators: 等级由以下各项中最低的一项决定，不计分。
        return _("The lowest of these rules decides; there are no points.")
    if not found.known:
        # Translators: 诚信档案中无记录。没有失信记录的，即为 A 级。
        return _("The registry has no record. Whoever has none stands at A.")
    # Translators: 档案中的记录均已不再影响等级。
    return _("Nothing of what is on record counts any more.")


def rule_in_words(cap: Cap) -> str:
    """What a grading rule says."""
    severities = _(", ").join(str(SEVERITIES[each.value]) for each in cap.severities or Severity)
    names = {
        "letter": cap.letter.value,
        "severities": severities,
        "count": cap.at_least,
        "term": term_in_words(cap.within),
    }
    return _RULES[cap.when]() % names


def term_in_words(term: Term) -> str:
    """A length of time, such as two years."""
    years, months = divmod(term.in_months, 12)
    parts = []
    if years:
        parts.append(ngettext("%(count)s year", "%(count)s years", years) % {"count": years})
    if months:
        # Translators: %(count)s 个月
        parts.append(ngettext("%(count)s month", "%(count)s months", months) % {"count": months})
    return " ".join(parts)


_RULES = {
    # Translators: 因%(severities)s失信行为的惩戒措施尚在执行：不高于 %(letter)s 级
    When.RUNNING: lambda: _("No better than %(letter)s while a measure runs for an act of severity: %(severities)s"),
    # Translators: %(term)s内入档 %(count)s 次以上：不高于 %(letter)s 级
    When.RECORDED: lambda: _("No better than %(letter)s while %(count)s or more acts were recorded within %(term)s"),
    # Translators: 最后一项惩戒结束后未满%(term)s：不高于 %(letter)s 级
    When.RELEASED: lambda: _("No better than %(letter)s for %(term)s after the last measure has ended"),
    # Translators: 经认定、尚未改正也未入档：不高于 %(letter)s 级
    When.FOUND: lambda: _("No better than %(letter)s while an act is found and neither corrected nor recorded"),
    # Translators: %(term)s内认定后按期改正 %(count)s 次以上：不高于 %(letter)s 级
    When.CURED: lambda: _(
        "No better than %(letter)s while %(count)s or more acts were found and corrected within %(term)s"
    ),
}


def reason_rows(found: CreditGrade) -> list[dict[str, Any]]:
    """Each reason for a table: letter, rule, cases, since when, until when, basis."""
    return [_row(reason) for reason in found.reasons]


def _row(reason: Reason) -> dict[str, Any]:
    return {
        "letter": reason.cap.letter.value,
        "rule": rule_in_words(reason.cap),
        "cases": reason.cases,
        "since": reason.since,
        "until": reason.until,
        "basis": reason.cap.basis,
    }


TONES = {Letter.A: "success", Letter.B: "info", Letter.C: "warning", Letter.D: "danger", None: "neutral"}
