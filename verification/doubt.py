"""Answers in doubt: what a source that is held for it told over the wire since it was last known to tell the truth.

They are kept back: an assessment hears that the source answered, and not what. An officer's release says what becomes
of them. A hold and its release wait for assessments that are being written, and later ones wait for them, so that an
assessment is older than a hold exactly when it has not heard of it.
"""

from datetime import datetime
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.query import RawQuerySet

from verification.models import Canary, Check, Hold, Inquiry, ManualRequest, Round, Source
from verification.querysets import CheckQuerySet, InquiryQuerySet

KEY = 0x4843_0001  # of the advisory lock
OPEN = ("asking", "settled", "assessed")


class Window(NamedTuple):
    """From when until when the answers of a source are in doubt; open while it is held."""

    begin: datetime
    end: datetime | None

    def covers(self, at: datetime) -> bool:
        """Whether what was told at this moment is in doubt."""
        return self.begin <= at and (self.end is None or at <= self.end)


def wait() -> None:
    """Let no hold put answers in doubt before the end of this transaction; called before it locks any check."""
    _lock("pg_advisory_xact_lock_shared")


def settle_down() -> None:
    """Wait until no assessment is being written, and let none begin before the end of this transaction."""
    _lock("pg_advisory_xact_lock")


def _lock(function: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [KEY])  # noqa: S608 -- one of the two above


def with_windows(sources: QuerySet[Source]) -> QuerySet[Source]:
    """The sources, each with the times in which its answers are in doubt: `doubted_from` and `doubted_to`, in pairs."""
    holds = Hold.objects.in_doubt().filter(source=OuterRef("pk")).order_by("pk")
    return sources.annotate(
        doubted_from=ArraySubquery(holds.values("doubted_from")), doubted_to=ArraySubquery(holds.values("released_at"))
    )


def answers(held: Hold) -> InquiryQuerySet:
    """The answers that a hold puts in doubt, or did; those on a request list are given by a person and are not."""
    told = Inquiry.objects.filter(source=held.source_id, state="answered", answered_at__gte=held.doubted_from)
    if held.released_at is not None:
        told = told.filter(answered_at__lte=held.released_at)
    rows: InquiryQuerySet = told.filter(exchange__manual_request__isnull=True)
    return rows


def checks(held: Hold, *statuses: str) -> CheckQuerySet:
    """The checks in these statuses with an answer that a hold puts in doubt, or did."""
    # A check is assessed after its answers have come, so the index by status and time finds the few that can be meant.
    since = Q(status="asking") | Q(status_since__gte=held.doubted_from)
    told = Exists(answers(held).filter(check_ordered=OuterRef("pk")))
    found: CheckQuerySet = Check.objects.filter(since, told, status__in=statuses)
    return found


def doubted_at() -> Subquery:
    """For inquiries: when the answer over the wire came into doubt; null where it is not."""
    on_a_list = ManualRequest.objects.filter(exchange=OuterRef(OuterRef("exchange")))
    holds = Hold.objects.in_doubt().filter(source=OuterRef("source"), doubted_from__lte=OuterRef("answered_at"))
    holds = holds.filter(Q(released_at__isnull=True) | Q(released_at__gte=OuterRef("answered_at")), ~Exists(on_a_list))
    return Subquery(holds.order_by("-held_at").values("held_at")[:1])


# As `doubted_at` says it, in plain SQL: it is asked before each finding is settled and each check concluded, and to put
# the words of so many subqueries together took longer than to answer them.
UNHEARD = """
SELECT s.id, s.name_zh, s.name_en FROM verification_source s WHERE s.id IN (
    SELECT i.source_id FROM verification_inquiry i
    WHERE i.check_ordered_id = %(check)s AND i.state = 'answered' AND (
        SELECT h.held_at FROM verification_hold h
        WHERE h.source_id = i.source_id AND h.doubted_from <= i.answered_at AND h.verdict <> 'stand'
            AND (h.released_at IS NULL OR h.released_at >= i.answered_at)
            AND NOT EXISTS (SELECT FROM verification_manualrequest m WHERE m.exchange_id = i.exchange_id)
        ORDER BY h.held_at DESC LIMIT 1
    ) > (
        SELECT a.made_at FROM verification_assessment a
        WHERE a.check_ordered_id = %(check)s ORDER BY a.version DESC LIMIT 1
    )
) ORDER BY s.place, s.id
"""


def unheard(check: Check) -> "RawQuerySet[Source]":
    """The sources whose answers to a check came into doubt after its newest assessment."""
    return Source.objects.raw(UNHEARD, {"check": check.pk})


def last_right(source: Source, found: Round) -> datetime:
    """When a source was last right about control persons; where it never was, when this round opened."""
    right = Canary.objects.filter(source=source, state=Canary.State.RIGHT).order_by("-ended_at").first()
    return right.ended_at if right is not None and right.ended_at else found.opened_at


def right_in(found: Round, source: Source) -> datetime:
    """When a source was right about control persons before a round; where it was not asked, when the round opened."""
    right = found.canaries.filter(source=source, state=Canary.State.RIGHT).first()
    return right.ended_at if right is not None and right.ended_at else found.opened_at
