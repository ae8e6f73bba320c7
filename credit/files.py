"""What is on file of a subject: measures and why each ends when it ends, cases, those linked with it.

A household is not written down anywhere: it is derived from the persons who are parties of the same cases.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from django.db.models import QuerySet
from msgspec import Struct

from credit.clocks import Event, Rule
from credit.models import Acknowledgement, BatchLine, Case, PartnerCall, Party, Sanction, Subject
from credit.policies import Policy, Severity, SubjectKind

MOST = 50  # of what others asked and were told


class Household(Struct, frozen=True):
    """Persons who were parties of the same cases, from the day of the first of their acts; `until` the subject was a
    party with others.
    """

    since: date
    until: date | None
    members: Sequence[Any]  # subjects; the one asked about among them
    cases: Sequence[Any]


class Link(Struct, frozen=True):
    """Somebody of the other kind who was a party of the same case, or whom the same lead is about."""

    subject: Any
    numbers: Sequence[str]


def cases_of(subjects: Iterable[Subject], visible: QuerySet[Case, Case]) -> list[Case]:
    """The cases that are about any of them, the oldest act first, with what a file shows of each."""
    found = visible.filter(parties__subject__in=list(subjects)).distinct().order_by("occurred_on", "pk")
    return list(
        found.select_related("act", "policy").prefetch_related(
            "parties__subject",
            "services",
            "cure_items",
            "happenings",
            "statements",
            "disputes",
            "repairs",
            "proceedings",
        )
    )


def measures_of(subjects: Iterable[Subject], cases: Sequence[Case]) -> list[Sanction]:
    """Their measures in these cases, and those that were entered by hand."""
    rows = Sanction.objects.filter(subject__in=list(subjects)).select_related("subject")
    known = {case.pk: case for case in cases}
    found = [row for row in rows.order_by("holds_from", "kind", "pk") if row.case_id is None or row.case_id in known]
    for row in found:
        if row.case_id:
            row.case = known[row.case_id]
    return found


def households(subject: Subject, cases: Sequence[Case]) -> list[Household]:
    """The households that a person was in, the newest first: a new one begins with the first act whose household has
    none of those who were there before, except the person.
    """
    kept: list[tuple[date, dict[int, Subject], list[Case]]] = []
    for case in cases:
        persons = {each.subject_id: each.subject for each in case.parties.all() if each.subject.kind == "person"}
        if subject.pk not in persons or case.act.subject_kind != SubjectKind.PERSON:
            continue  # a case against an employer may be about several families
        others = set(persons) - {subject.pk}
        before = set(kept[-1][1]) - {subject.pk} if kept else set()
        if kept and (not others or not before or others & before):
            kept[-1][1].update(persons)
            kept[-1][2].append(case)
        else:
            kept.append((case.occurred_on, persons, [case]))
    ends = [*(since for since, _members, _cases in kept[1:]), None][: len(kept)]
    found = [
        Household(since=since, until=until, members=list(members.values()), cases=own)
        for (since, members, own), until in zip(kept, ends, strict=True)
    ]
    return found[::-1]


def links(subject: Subject, cases: Sequence[Case], visible: QuerySet[Any, Any]) -> list[Link]:
    """Families of an employer, employers of a person: by which cases, and by which leads in scope."""
    other = SubjectKind.PERSON if subject.kind == SubjectKind.EMPLOYER else SubjectKind.EMPLOYER
    subjects: dict[int, Subject] = {}
    numbers: dict[int, set[str]] = {}
    for case in cases:
        for party in case.parties.all():
            if party.subject.kind == other:
                subjects[party.subject_id] = party.subject
                numbers.setdefault(party.subject_id, set()).add(case.number)
    for lead in visible.filter(subjects=subject).prefetch_related("subjects"):
        for each in lead.subjects.all():
            if each.kind == other:
                subjects[each.pk] = each
                numbers.setdefault(each.pk, set()).add(lead.number)
    ordered = sorted(subjects.values(), key=lambda each: (each.name, each.pk))
    return [Link(each, sorted(numbers[each.pk])) for each in ordered]


def queries_about(subjects: Iterable[Subject]) -> list[PartnerCall]:
    """Which departments asked about them, the newest first."""
    indexes = [bytes(each.identifier_index) for each in subjects]
    rows = PartnerCall.objects.filter(subject_index__in=indexes).select_related("partner", "purpose")
    return list(rows.order_by("-pk")[:MOST])


def told_of(subjects: Iterable[Subject]) -> list[BatchLine]:
    """What was told to receivers of feeds about them, with what came of it, the newest first."""
    rows = BatchLine.objects.filter(subject__in=list(subjects)).defer("values")
    return list(rows.select_related("batch__receipt", "receiver", "error").order_by("-pk")[:MOST])


def acknowledged_of(subjects: Iterable[Subject]) -> list[Acknowledgement]:
    """What departments say they made of the records about them, the newest first."""
    rows = Acknowledgement.objects.filter(event__subject__in=list(subjects))
    return list(rows.select_related("partner", "event").order_by("-pk")[:MOST])


def rule_of(row: Sanction) -> Rule | None:
    """The rule of the clock that a measure was written from; None for a ban that was entered by hand."""
    if row.case is None:
        return None
    policy = msgspec.convert(row.case.policy.content, Policy)
    severity = Severity(row.severity)
    if not policy.knows(severity):
        return None
    rules = policy.grade(severity).rules(SubjectKind(row.subject.kind), from_return=row.case.act.from_return)
    return next((rule for rule in rules if rule.kind == row.kind), None)


def begun_with(row: Sanction, rule: Rule) -> date | None:
    """The legal day from which the term is counted; None while the event that it begins with is still to come."""
    if row.case is None:
        return row.holds_from
    days = [each.on for each in row.case.happenings.all() if each.event == rule.begins_with]
    return min(days, default=None)


def parts_of(case: Case, subjects: Iterable[Subject]) -> Mapping[int, Party]:
    """In which part each of them is in the case, by subject."""
    wanted = {subject.pk for subject in subjects}
    return {party.subject_id: party for party in case.parties.all() if party.subject_id in wanted}


def is_recorded(case: Case) -> bool:
    """Whether it was ever entered in the archive."""
    return any(each.event == Event.RECORDED for each in case.happenings.all())
