"""Order checks: one row per household and source, in sets.

Nothing is asked here, and nothing without a live authorisation.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau import bell, lifecycle, numbers, timeline
from bureau.errors import NotAllowedError, UnfitDataError
from bureau.locking import lock
from bureau.models import Staff
from bureau.roles import Role
from verification import doubt, moves, recording, tallying
from verification.facts import Declared
from verification.models import Check, Hold, Inquiry, Round, Source, Standard
from verification.querysets import CheckQuerySet, InquiryQuerySet

ROUND_SIZE = 200  # households per message in a round
CITY = "321200"  # where the sources are everybody's


QUEUE = """
INSERT INTO verification_inquiry
    (check_ordered_id, source_id, state, reason, runs, attempts, not_before, ticket, outcomes)
SELECT c.id, s.id, asked.state, '', 1, 0, %(now)s, '',
       CASE asked.state WHEN 'open' THEN '{}'::jsonb ELSE c.unasked::jsonb END
FROM unnest(%(checks)s::bigint[], %(covered)s::text[], %(unasked)s::text[]) AS c (id, covered, unasked)
CROSS JOIN verification_source s
CROSS JOIN LATERAL (
    SELECT CASE WHEN s.id = ANY(%(usable)s) AND s.kinds::text[] && string_to_array(c.covered, ' ')
                THEN 'open' ELSE 'not_asked' END AS state
) asked
"""


class Grant(msgspec.Struct, frozen=True):
    """One member's live authorisation:
    its number, the record kinds it covers, and the last day it holds (None: open).
    """

    number: str
    kinds: tuple[str, ...]
    valid_to: date | None = None

    def covers(self, kinds: Sequence[str], on: date) -> bool:
        """Whether it covers at least one of these record kinds on the day."""
        return (self.valid_to is None or self.valid_to >= on) and bool(set(kinds) & set(self.kinds))


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """One household to be checked for one purpose, on behalf of one case."""

    subject: str  # reference of the case
    purpose: str
    programme: str  # chooses the standard: public_rental | rental_subsidy
    office_code: str
    declared: Declared
    grants: Mapping[str, Grant]  # by member key
    accepted_on: date
    kept_away: tuple[int, ...] = ()  # ids of staff who had a hand in the case and do not settle or conclude its check


def place(order: Order, *, by: Staff | None) -> Check:
    """Order one check; it starts at once, on its own queue."""
    return place_many([order], by=by, queue="checks")[0]


@transaction.atomic
def place_many(
    orders: Sequence[Order], *, by: Staff | None, queue: str = "rounds", within: Round | None = None
) -> list[Check]:
    """Order checks for a set of households, of a round or not.

    Raises `UnfitDataError` when no standard is in force; then nothing is ordered.
    """
    today = timezone.localdate()
    last = numbers.take("HD", on=today, count=len(orders))
    standards = _Standards()
    checks = [
        _check(order, f"HD{today.year}-{last - len(orders) + place + 1:06d}", today, standards.of(order))
        for place, order in enumerate(orders)
    ]
    for check in checks:
        check.ordered_by, check.queue, check.round = by, queue, within
    Check.objects.bulk_create(checks, batch_size=1000)
    _queue(checks, orders, today)
    timeline.record_many(Check, [check.pk for check in checks], "ordered", by=by)
    for start in range(0, len(checks), ROUND_SIZE):
        ids = [check.pk for check in checks[start : start + ROUND_SIZE]]
        bell.ring("verification.ask_checks" if queue == "checks" else "verification.ask_round", ids)
    return checks


class _Standards:
    """The standards of a set of orders, each looked up once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, date], Standard] = {}

    def of(self, order: Order) -> Standard:
        """The standard that binds the order; `UnfitDataError` when there is none."""
        key = (order.programme, order.accepted_on)
        if key not in self._found:
            self._found[key] = standard_for(*key)
        return self._found[key]


def _check(order: Order, number: str, today: date, standard: Standard) -> Check:
    return Check(
        number=number,
        purpose=order.purpose,
        subject=order.subject,
        office_code=order.office_code,
        declared=msgspec.json.encode(order.declared),
        authorisations=msgspec.to_builtins(order.grants),
        standard=standard,
        accepted_on=order.accepted_on,
        kept_away=list(order.kept_away),
        as_of=today,
        since=date(today.year - 1, today.month, 1),
    )


def _queue(checks: Sequence[Check], orders: Sequence[Order], today: date) -> None:
    """One inquiry per check and source, open where the source is in force and somebody's authorisation covers it."""
    values: dict[str, Any] = {
        "checks": [check.pk for check in checks],
        "covered": [_covered_kinds(order, today) for order in orders],
        "unasked": [json.dumps({person.key: "not_asked" for person in order.declared.persons}) for order in orders],
        "usable": list(Source.objects.in_force(today).values_list("pk", flat=True)),
        "now": timezone.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(QUEUE, values)


def _covered_kinds(order: Order, on: date) -> str:
    """The record kinds that an authorisation of somebody covers on the day, separated by blanks."""
    live = [grant for grant in order.grants.values() if grant.valid_to is None or grant.valid_to >= on]
    return " ".join({kind for grant in live for kind in grant.kinds})


def standard_for(programme: str, on: date) -> Standard:
    """Our standard of the programme on the acceptance date; `UnfitDataError` when there is none."""
    standard: Standard | None = Standard.objects.in_force(programme, on).first()
    if standard is None:
        raise UnfitDataError(
            _("No standard for “%(programme)s” is in force on %(day)s. An administrator enters it under Standards.")
            % {"programme": programme, "day": on.isoformat()}
        )
    return standard


@transaction.atomic
def ask_again(check: Check, *, by: Staff, source_codes: Sequence[str] = ()) -> int:
    """Put the sources that did not answer for every person back in the queue; returns how many.

    Named codes are asked even if they answered.
    """
    lifecycle.make_move(check, moves.ASK_AGAIN, by=by, note=", ".join(source_codes))
    rows = check.inquiries.exclude(state__in=["cancelled", "not_asked"]).select_related("source")
    chosen = [row for row in rows if (row.source.code in source_codes if source_codes else not row.is_complete)]
    _put_back(Inquiry.objects.filter(pk__in=[row.pk for row in chosen]))
    bell.ring("verification.ask_checks", [check.pk])
    return len(chosen)


@transaction.atomic
def ask_again_at(source: Source, *, by: Staff) -> int:
    """Put every household without an answer of this source back in the queue, in one set; returns how many.

    Those whose check is concluded or cancelled stay as they are.
    """
    if not by.has_role(Role.CHECK_OFFICER, CITY):
        raise NotAllowedError(_("Your posting does not include this work."))
    failed = Inquiry.objects.unanswered().filter(source=source, state="failed")
    checks = sorted(set(failed.values_list("check_ordered_id", flat=True)))
    moved = lifecycle.make_moves(Check.objects.filter(pk__in=checks), moves.ASK_SOURCE_AGAIN, by=by, note=source.code)
    asked = _put_back(failed.filter(check_ordered__in=moved))
    ring_for(Check.objects.filter(pk__in=moved))
    return asked


@transaction.atomic
def ask_doubted_again(held: Hold) -> int:
    """Put every answer that a released hold leaves in doubt back in the queue, in one set; returns how many.

    The old answers stay as evidence. Those whose check is concluded or cancelled stay as they are, in doubt.
    """
    concerned = doubt.checks(held, *doubt.OPEN)
    moved = lifecycle.make_moves(concerned, moves.ASK_DOUBTED_AGAIN, by=held.released_by, note=held.source.code)
    asked = _put_back(doubt.answers(held).filter(check_ordered__in=moved))
    ring_for(Check.objects.filter(pk__in=moved))
    return asked


def ring_for(checks: CheckQuerySet) -> None:
    """Ring for these checks, in sets, each on its own queue; what is not due is passed over by the claim."""
    for queue in ("checks", "rounds"):
        task = "verification.ask_checks" if queue == "checks" else "verification.ask_round"
        ids = list(checks.filter(queue=queue).order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(ids), ROUND_SIZE):
            bell.ring(task, ids[start : start + ROUND_SIZE])


def _put_back(rows: InquiryQuerySet) -> int:
    """A new run: attempts from the beginning, references of its own."""
    tallying.asked_again(rows)
    return rows.update(
        state="open",
        reason="",
        runs=F("runs") + 1,
        attempts=0,
        first_asked_at=Coalesce("first_asked_at", "asked_at"),  # of rows older than the scorecard
        asked_at=None,
        not_before=timezone.now(),
        lease=None,
        lease_until=None,
        ticket="",
    )


@transaction.atomic
def cancel(check: Check, *, by: Staff | None, reason: str) -> None:
    """Stop a check: what is queued is not asked any more. `by` None: its case was withdrawn."""
    lifecycle.make_move(check, moves.CANCEL if by else moves.DROP, by=by, note=reason)
    check.inquiries.filter(state="open").update(state="cancelled", lease=None, lease_until=None)


@transaction.atomic
def withdraw_authorisation(check: Check, member: str) -> None:
    """A member withdrew the authorisation: nothing that is still queued is asked about that person."""
    lock(check)
    grants = {key: grant for key, grant in check.authorisations.items() if key != member}
    check.authorisations = grants
    check.save(update_fields=["authorisations"])
    if not grants:
        check.inquiries.filter(state="open").update(state="not_asked", reason="not_asked", lease=None, lease_until=None)
        recording.settle([check.pk])
