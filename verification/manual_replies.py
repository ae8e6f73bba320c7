"""Bring in what a source wrote into its request list: checked as a whole, written as a whole, once.

The answers are written by the same statement as those that came over the wire, under the lease of the list, with the
exchange as evidence: what was asked, and the uploaded file byte for byte.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau import ciphers
from bureau.errors import MoveRefusedError, NotAllowedError
from bureau.models import Staff
from verification import assessing, evidence, manual, moves, recording, spreadsheet, tallying, writing_back
from verification.connector import Answer
from verification.facts import Question
from verification.models import Check, Exchange, Inquiry, ManualRequest
from verification.querysets import InquiryQuerySet
from verification.writing_back import Ended


@dataclass
class Counts:
    """What a filled list would bring, before it is confirmed."""

    households: int
    persons: int
    outcomes: Mapping[str, int]
    records: Mapping[str, int]
    left_out: int  # households that are not awaited from this list any more


def read(found: ManualRequest, content: bytes, *, at: datetime | None = None) -> spreadsheet.Read:
    """The answers in a filled list, or everything that is wrong with it. Writes nothing."""
    questions = [each.question for each in manual.listed_of(found)]
    kinds = manual.kinds_of(found.source)
    return spreadsheet.read(
        content, number=found.number, questions=questions, kinds=kinds, replied_at=at or timezone.now()
    )


@transaction.atomic
def take_in(found: ManualRequest, content: bytes, *, by: Staff) -> tuple[spreadsheet.Problem, ...]:
    """Look through a filled list; keep it, sealed, until somebody confirms it. Returns what is wrong: then not kept."""
    manual.require_officer(by)
    found = manual.lock(found)
    result = read(found, content)
    kept = None if result.problems else content  # one uploaded before is not confirmed by mistake
    found.upload, found.uploaded_by, found.uploaded_at = kept, by, timezone.now()
    found.save(update_fields=["upload", "uploaded_by", "uploaded_at"])
    return result.problems


def counts(found: ManualRequest) -> Counts | None:
    """What the list that awaits its confirmation would bring; None when there is none."""
    if found.upload is None or not found.is_open:
        return None
    result = read(found, found.upload)
    awaited = set(_awaited(found).values_list("pk", flat=True))
    return Counts(
        households=len(result.answers),
        persons=sum(len(answer.replies) for answer in result.answers),
        outcomes=Counter(str(reply.outcome) for answer in result.answers for reply in answer.replies),
        records=result.records,
        left_out=sum(each.inquiry not in awaited for each in manual.listed_of(found)),
    )


def bring_in(found: ManualRequest, *, by: Staff) -> int:
    """Write the answers of the list that was found in order, and assess what is complete by it; returns how many
    households. `MoveRefusedError` when the list is over, or nobody of it is awaited any more.
    """
    manual.require_officer(by)
    settled, households = _write(found, by)
    assessing.assess(settled)
    return households


@transaction.atomic
def _write(found: ManualRequest, by: Staff) -> tuple[list[int], int]:
    found, now = manual.lock(found), timezone.now()
    if found.upload is None:
        # Translators: 请先上传已填写的清单。
        raise MoveRefusedError(_("Upload the filled list first."))
    result = read(found, found.upload, at=now)
    if result.problems:
        # Translators: 已上传的清单有误，请重新上传。
        raise MoveRefusedError(_("The uploaded list is not in order. Upload it again."))
    checks = _lock(found)
    _require_apart(checks.values(), by)
    awaited = set(_awaited(found).values_list("pk", flat=True))
    answers = {answer.reference: answer for answer in result.answers}
    told = {
        each.inquiry: _of_the_authorised(answers[each.question.reference], each.question, checks[each.check], found)
        for each in manual.listed_of(found)
        if each.inquiry in awaited
    }
    settled = recording.leave_unasked(found.lease, [pk for pk, answer in told.items() if not answer.replies])
    told = {pk: answer for pk, answer in told.items() if answer.replies}
    if not told:
        # Translators: 清单 %(number)s 中的家庭均已不再等待本清单的答复（核对已取消、已重发或授权已撤回）。
        raise MoveRefusedError(
            _("Nobody on list %(number)s is awaited from it any more: cancelled, asked again, or not authorised.")
            % {"number": found.number}
        )
    exchange = _evidence(found, len(told), now)
    written = writing_back.write(found.lease, [_ended(pk, answer, exchange, now) for pk, answer in told.items()])
    Inquiry.objects.filter(pk__in=written).update(milliseconds=None)  # days, and no measure of the source
    tallying.brought_in(found, exchange, written)
    found.returned_at, found.imported_by, found.exchange, found.brought_in = now, by, exchange, len(written)
    found.upload = None
    found.save(update_fields=["returned_at", "imported_by", "exchange", "brought_in", "upload"])
    settled += recording.settle(sorted(set(written.values())))
    return settled, len(told)


def _awaited(found: ManualRequest) -> InquiryQuerySet:
    return Inquiry.objects.filter(lease=found.lease, state="open")


def _lock(found: ManualRequest) -> dict[int, Check]:
    """The checks of the list by number, locked before their inquiries."""
    rows = Check.objects.filter(pk__in=[each.check for each in manual.listed_of(found)]).order_by("pk")
    return {check.pk: check for check in rows.select_for_update(no_key=True)}


def _require_apart(checks: Iterable[Check], by: Staff) -> None:
    """Nobody writes the answers about the own case, a relative's, or one that the same person keyed."""
    for check in checks:
        if reason := next(filter(None, (why(check, by) for why in moves.APART)), None):
            raise NotAllowedError(f"{check.number}: {reason}")


def _of_the_authorised(answer: Answer, question: Question, check: Check, found: ManualRequest) -> Answer:
    """The answer without those who took their authorisation back since the list went out."""
    kinds = set(found.source.kinds)
    held = {key for key, grant in check.authorisations.items() if kinds & set(grant["kinds"])}
    return msgspec.structs.replace(answer, replies=tuple(each for each in answer.replies if each.person in held))


def _evidence(found: ManualRequest, households: int, now: datetime) -> Exchange:
    """The round trip: the questions as they were written out, the file as it came back."""
    request, reply = (
        msgspec.json.encode([each.question for each in manual.listed_of(found)]),
        bytes(found.upload or b""),
    )
    row = Exchange(
        source=found.source,
        number=uuid.uuid4(),
        request_number=found.number,
        asked_at=found.exported_at,
        ended_at=now,
        outcome=recording.ANSWERED,
        households=households,
        settled=households,
        request=request,
        reply=reply,
        request_digest=ciphers.sm3(request).hex(),
        reply_digest=ciphers.sm3(reply).hex(),
    )
    evidence.keep([row])
    return row


def _ended(inquiry: int, answer: Answer, exchange: Exchange, now: datetime) -> Ended:
    return Ended(
        inquiry=inquiry,
        state="answered",
        reason="",
        answer=Inquiry._meta.get_field("answer").sealed(msgspec.json.encode(answer)),
        outcomes=msgspec.json.encode({reply.person: str(reply.outcome) for reply in answer.replies}).decode(),
        answered_at=now,
        milliseconds=0,
        exchange=exchange.pk,
        not_before=now,
        ticket="",
        given_back=0,
    )
