"""Send households to a source as a request list, when it is not connected or is down; take a list back.

What goes out on a list carries the list's lease and is not due until the list has run out, so that the engine does not
ask meanwhile and nobody else answers for it. A list counts as a new run, with references of its own.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, time, timedelta

import msgspec
from django.db import models, transaction
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau import audit, ciphers, lifecycle, numbers, workdays
from bureau.errors import MoveRefusedError, NotAllowedError
from bureau.models import Staff
from bureau.roles import Role
from verification import asking, moves, orders, spreadsheet, tallying
from verification.claiming import Due
from verification.facts import Question, RecordKind
from verification.models import LIST_SERIES, Check, Dialect, Inquiry, ManualRequest, Source
from verification.querysets import InquiryQuerySet

MOST_HOUSEHOLDS = 300  # of one list; more wait for the next
WORKDAYS, WORKDAYS_OF_A_BANK = 5, 10
KEPT_WORKDAYS = 10  # after the due day; then the source is asked again by itself
PURPOSE = "manual list"  # in the access log
FIELDS = ("persons", "ID numbers")


class Listed(msgspec.Struct, frozen=True):
    """One household of a list: its inquiry and its check, and what was asked."""

    inquiry: int
    check: int
    question: Question


_listed = msgspec.json.Decoder(tuple[Listed, ...])


class Covers(Func):
    """Whether an authorisation of somebody covers a kind of record."""

    template = "jsonb_path_exists(%(expressions)s::jsonpath)"
    output_field = models.BooleanField()


def may_handle(by: Staff) -> bool:
    """Whether this person sends lists and brings them in: the city's check officers do."""
    return by.has_role(Role.CHECK_OFFICER, orders.CITY)


def require_officer(by: Staff) -> None:
    """`NotAllowedError` for everybody else."""
    if not may_handle(by):
        raise NotAllowedError(_("Your posting does not include this work."))


def waiting(source: Source) -> InquiryQuerySet:
    """What can go on a list: unanswered, or never asked although somebody has authorised it; not out already.

    A check whose answers are just being compared is left for the next list.
    """
    kinds = " || ".join(f'@ == "{RecordKind(kind).value}"' for kind in source.kinds)
    never_asked = Q(state="not_asked") & Q(
        Covers(F("check_ordered__authorisations"), Value(f"$.*.kinds[*] ? ({kinds})"))
    )
    return (
        Inquiry.objects.not_on_a_list()
        .filter(Q(state__in=["open", "failed"]) | never_asked, source=source)
        .filter(check_ordered__status__in=list(moves.ASK_SOURCE_AGAIN.steps))
    )


@transaction.atomic
def export(source: Source, *, by: Staff) -> ManualRequest:
    """Put who has waited longest on a list to this source. `MoveRefusedError` when there is nobody to ask about.

    A household of which this officer keyed the case, or is a relative, is left for a colleague.
    """
    require_officer(by)
    now = timezone.now()
    rows = [row for row in _lock(source) if not any(why(row.check_ordered, by) for why in moves.APART)]
    asked = [(row, question) for row, question in _questions(rows, source, now) if question.persons]
    if not asked:
        # Translators: 没有可列入清单的家庭：无人待反馈、无有效授权，或须由其他核对员办理。
        raise MoveRefusedError(
            _("Nobody can go on a list: nobody waits, no live authorisation covers it, or a colleague must do it.")
        )
    today = timezone.localdate(now)
    due_on = workdays.add_workdays(today, WORKDAYS_OF_A_BANK if source.dialect == Dialect.BANK_XML else WORKDAYS)
    number = numbers.reference(LIST_SERIES, on=today)
    questions = [question for _row, question in asked]
    found = ManualRequest.objects.create(
        source=source,
        number=number,
        lease=uuid.uuid4(),
        households=len(asked),
        persons=sum(len(question.persons) for question in questions),
        exported_by=by,
        exported_at=now,
        due_on=due_on,
        kept_until=_end_of(workdays.add_workdays(due_on, KEPT_WORKDAYS)),
        questions=msgspec.json.encode([Listed(row.pk, row.check_ordered_id, question) for row, question in asked]),
        digest=ciphers.sm3(_file(number, source, questions, now, due_on)).hex(),
    )
    _take_out([row for row, _question in asked], found)
    tallying.put_on_list(found, [row for row, _question in asked])
    checks = Check.objects.filter(pk__in=[row.check_ordered_id for row, _question in asked])
    lifecycle.make_moves(checks, moves.ASK_SOURCE_AGAIN, by=by, note=f"{source.code} {number}")
    return found


def _lock(source: Source) -> list[Inquiry]:
    """The inquiries of the next list, locked behind their checks: whoever works on a check takes them in this order."""
    first = waiting(source).order_by("check_ordered__ordered_at", "pk").values_list("pk", "check_ordered_id")
    chosen = dict(first[:MOST_HOUSEHOLDS])
    checks = Check.objects.filter(pk__in=chosen.values()).order_by("pk")
    by_pk = {check.pk: check for check in checks.select_for_update(no_key=True)}
    rows = list(waiting(source).filter(pk__in=chosen).order_by("pk").select_for_update(of=("self",)))
    for row in rows:
        row.check_ordered = by_pk[row.check_ordered_id]
    return sorted(rows, key=lambda row: (row.check_ordered.ordered_at, row.pk))


def _questions(rows: Sequence[Inquiry], source: Source, now: datetime) -> list[tuple[Inquiry, Question]]:
    """What each puts to the source, as on the wire: only about persons whose authorisation covers it today."""
    dues = [Due(row.pk, row.check_ordered, source, row.runs + 1, 0, "", now) for row in rows]
    return [(row, question) for row, (_due, question) in zip(rows, asking.questions(dues), strict=True)]


def _take_out(rows: Sequence[Inquiry], found: ManualRequest) -> None:
    Inquiry.objects.filter(pk__in=[row.pk for row in rows]).update(
        state="open",
        reason="",
        runs=F("runs") + 1,
        attempts=0,
        asked_at=found.exported_at,
        first_asked_at=Coalesce("first_asked_at", "asked_at", Value(found.exported_at)),
        answered_at=None,
        outcomes={},
        not_before=found.kept_until,
        lease=found.lease,
        lease_until=found.exported_at,
        ticket="",
    )


def _end_of(day: object) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min)) + timedelta(days=1)  # type: ignore[arg-type]


def _file(number: str, source: Source, questions: Sequence[Question], at: datetime, due_on: object) -> bytes:
    kinds = kinds_of(source)
    return spreadsheet.written(number, source.name_zh, questions, kinds, at=at, due_on=due_on)  # type: ignore[arg-type]


def kinds_of(source: Source) -> tuple[RecordKind, ...]:
    """The kinds of record that a source keeps."""
    return tuple(RecordKind(kind) for kind in source.kinds)


def listed_of(found: ManualRequest) -> tuple[Listed, ...]:
    """The households of a list, and what was asked about them."""
    return _listed.decode(found.questions)


@transaction.atomic
def file_of(found: ManualRequest, *, by: Staff, request_number: str = "") -> bytes:
    """The workbook of an open list, made anew and never kept: it is full of ID numbers. One look per household."""
    require_officer(by)
    require_open(found)
    listed = listed_of(found)
    checks = list(Check.objects.filter(pk__in=[each.check for each in listed]).only("pk", "number").order_by("pk"))
    audit.look_many(by, checks, purpose=PURPOSE, action="download", fields=FIELDS, request_number=request_number)
    questions = [each.question for each in listed]
    return _file(found.number, found.source, questions, found.exported_at, found.due_on)


def require_open(found: ManualRequest) -> None:
    """`MoveRefusedError`, with what became of it, for a list that is over."""
    day = {"number": found.number}
    if found.returned_at is not None:
        # Translators: 清单 %(number)s 的答复已导入，不能再次导入。
        raise MoveRefusedError(_("The reply to list %(number)s has been brought in already.") % day)
    if found.taken_back_at is not None:
        # Translators: 清单 %(number)s 已收回，改由系统查询；其答复不能再导入。
        raise MoveRefusedError(
            _("List %(number)s was taken back, and the source is asked over the wire again; no reply is taken.") % day
        )


def lock(found: ManualRequest) -> ManualRequest:
    """The list as it is now, locked, and its reply still awaited."""
    locked: ManualRequest = ManualRequest.objects.select_for_update(of=("self",)).get(pk=found.pk)
    require_open(locked)
    locked.source = found.source
    return locked


@transaction.atomic
def take_back(found: ManualRequest, *, by: Staff, reason: str) -> int:
    """Ask over the wire again about whoever is still awaited from this list; returns how many."""
    require_officer(by)
    found = lock(found)
    rows = Inquiry.objects.filter(lease=found.lease, state="open")
    checks = sorted(rows.values_list("check_ordered_id", flat=True))
    list(Check.objects.filter(pk__in=checks).order_by("pk").select_for_update(no_key=True).values_list("pk"))
    asked = rows.update(lease=None, lease_until=None, not_before=timezone.now(), asked_at=None)
    found.taken_back_at, found.taken_back_by, found.take_back_reason = timezone.now(), by, reason
    found.upload = None
    found.save(update_fields=["taken_back_at", "taken_back_by", "take_back_reason", "upload"])
    orders.ring_for(Check.objects.filter(pk__in=checks))
    return asked
