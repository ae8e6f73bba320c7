"""The check again after an objection: the disputed sources are asked anew, what the others said is taken over.

It is of the same household, day, standard and authorisations as the check that is objected to, so that nothing but what
the sources tell can make the difference. Whoever had a part in that one has none in this.
"""

from collections.abc import Collection, Iterable
from enum import StrEnum

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau import bell, numbers, timeline
from bureau.errors import MoveRefusedError
from bureau.models import Staff
from verification import assessing, wording
from verification.comparison import record_of
from verification.facts import Outcome
from verification.models import Check, Conclusion, Dispute, Inquiry, Objection, Source
from verification.statement import Line, Statement

TAKEN_OVER = (
    *("state", "reason", "attempts", "not_before", "asked_at", "first_asked_at", "answered_at"),
    *("milliseconds", "outcomes", "answer", "exchange_id"),
)


class Told(StrEnum):
    """What the source of a disputed line tells in the new check."""

    ANOTHER = "another"  # the record is gone, or says something else
    SAME = "same"
    NOTHING = "nothing"  # it did not answer again


@transaction.atomic
def place(disputed: Check, sources: Collection[int], *, by: Staff) -> Check:
    """Order the check again and ask these sources at once. Raises `MoveRefusedError` for one that cannot be asked."""
    require_in_force(sources)
    today = timezone.localdate()
    check = Check.objects.create(
        number=numbers.reference("HD", on=today),
        purpose=disputed.purpose,
        subject=disputed.subject,
        office_code=disputed.office_code,
        declared=disputed.declared,
        authorisations=disputed.authorisations,
        standard=disputed.standard,
        accepted_on=disputed.accepted_on,
        as_of=disputed.as_of,
        since=disputed.since,
        ordered_by=by,
        kept_away=sorted({*disputed.kept_away, *had_a_part(disputed)}),
    )
    rows = disputed.inquiries.exclude(state=Inquiry.State.CANCELLED)
    Inquiry.objects.bulk_create([_inquiry(check, row, asked=row.source_id in sources) for row in rows])
    timeline.record(check, "ordered_after_objection", by=by, note=disputed.number)
    bell.ring("verification.ask_checks", [check.pk])
    return check


def require_in_force(sources: Collection[int]) -> None:
    """Raises `MoveRefusedError` naming the sources that are not in use today."""
    out = Source.objects.out_of_force(timezone.localdate()).filter(pk__in=sources)
    if names := [source.name for source in out]:
        text = _("%(sources)s cannot be asked: not in use, or its agreement does not cover today.")
        raise MoveRefusedError(text % {"sources": "、".join(names)})


def had_a_part(check: Check) -> set[int]:
    """Who concluded a check or settled one of its findings."""
    settled = check.findings.exclude(settled_by=None).values_list("settled_by", flat=True)
    return {check.conclusion.by_id, *settled}


def _inquiry(check: Check, row: Inquiry, *, asked: bool) -> Inquiry:
    """Open where the source is to be asked; else as it stood, with the evidence of then."""
    if asked:
        return Inquiry(check_ordered=check, source_id=row.source_id)
    kept = {name: getattr(row, name) for name in TAKEN_OVER}
    return Inquiry(check_ordered=check, source_id=row.source_id, **kept)


def statement_of(check: Check) -> Statement:
    """The statement that the conclusion of a check rests on."""
    conclusion: Conclusion = check.conclusion
    return assessing.result_of(conclusion.assessment).statement


def source_code(line: Line) -> str:
    """Which source stands behind a line; of one that a rule adds, the source that the rule looked at."""
    return line.text.get("source", line.source)


def disputable(statement: Statement) -> list[Line]:
    """The lines that a source told. What the household declared itself, it corrects by its declaration."""
    known = wording.source_names()
    return [line for line in statement.lines if source_code(line) in known]


def told_now(objection: Objection) -> dict[int, Told]:
    """By disputed line that was asked again, what its source tells in the new check; empty before that is concluded."""
    again = objection.recheck
    if again is None or again.status != Check.Status.CONCLUDED:
        return {}
    before, after = statement_of(objection.check_ordered), statement_of(again)
    asked = [row for row in objection.disputes.select_related("source") if row.wants_recheck]
    return {row.pk: _told(before.line(row.line), row.source.code, before, after) for row in asked}


def is_to_be_repeated(objection: Objection) -> bool:
    """Whether a source did not answer again, or does not tell yet what its department says it has corrected."""
    told = told_now(objection)
    return any(
        told.get(row.pk) == Told.NOTHING or (told.get(row.pk) == Told.SAME and row.reply == Dispute.Reply.CORRECTED)
        for row in objection.disputes.all()
    )


def _told(line: Line, source: str, before: Statement, after: Statement) -> Told:
    completeness = after.completeness
    outcome = completeness.outcomes.get(source, {}).get(line.person, Outcome.NOT_ASKED)
    if not Outcome(outcome).is_answer or source in completeness.served_by_last_known:
        return Told.NOTHING
    same = _as_told(before.lines, line) == _as_told(after.lines, line)
    return Told.SAME if same else Told.ANOTHER


def _as_told(lines: Iterable[Line], wanted: Line) -> list[tuple[object, ...]]:
    """What a source tells of the record of a line, without what the statement makes of it."""
    record = record_of(wanted)
    return sorted(
        (line.person, str(line.amount), str(line.area), sorted(line.text.items()))
        for line in lines
        if record_of(line) == record
    )
