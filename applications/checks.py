"""Commission a check from the check centre, and take up what it has concluded."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import msgspec
from django.db import transaction

from applications import deadlines, moves
from applications.models import Application, Authorisation, Commitment, Declaration, Draft
from bureau import lifecycle
from bureau.errors import MoveRefusedError
from bureau.models import Staff
from bureau.moves import Move
from verification import orders
from verification.facts import Declared
from verification.models import Check

# What becomes of a case whose check is over, by the status of the check.
AFTER = {Check.Status.CONCLUDED.value: moves.TAKE_UP, Check.Status.CANCELLED.value: moves.CHECK_FELL_THROUGH}
PERIODIC_REVIEW = "periodic_review"  # the purpose, as docs/source-contract.md names it


@transaction.atomic
def order(case: Application, *, by: Staff) -> Check:
    """The city check officer sends one order to all sources (clause A4).

    The declaration as it stands now is what is checked.
    """
    lifecycle.make_move(case, moves.ORDER, by=by, also=deadlines.with_clock)
    check = orders.place(orders_of([case])[0], by=by)
    case.current_check = check
    case.save(update_fields=["current_check"])
    return check


def orders_of(cases: Sequence[Application]) -> list[orders.Order]:
    """What the check centre is told of each case: the declaration as it stands now, the authorisations, and who had a
    hand in keying it and so is kept away from the check. As many queries for many as for one.
    """
    grants, keyers = _grants_of(cases), _keyers_of(cases)
    return [_order_of(case, grants.get(case.pk, {}), keyers[case.pk]) for case in cases]


def _order_of(case: Application, grants: Mapping[str, orders.Grant], keyers: Iterable[int]) -> orders.Order:
    assert case.declaration is not None  # noqa: S101 -- a constraint of the table
    assert case.accepted_on is not None  # noqa: S101 -- likewise
    return orders.Order(
        subject=case.reference,
        purpose=case.kind,
        programme=case.kind,
        office_code=case.office_code,
        declared=msgspec.json.decode(case.declaration.content, type=Declared),
        grants=grants,
        accepted_on=case.accepted_on,
        kept_away=tuple(sorted(keyers)),
    )


def review_orders(
    cases: Sequence[Application],
    declared: Mapping[int, Declared],
    *,
    on: date,
    kept_away: Mapping[int, Iterable[int]],
) -> list[orders.Order]:
    """What the check centre is told of households in benefit whose yearly review it is: what they last declared, under
    the authorisations that cover a review, by the standard of the day. `kept_away`: who else had a hand in it.
    """
    grants = _grants_for({case.pk: PERIODIC_REVIEW for case in cases})
    keyers = _keyers_of(cases)
    return [
        orders.Order(
            subject=case.reference,
            purpose=PERIODIC_REVIEW,
            programme=case.kind,
            office_code=case.office_code,
            declared=declared[case.pk],
            grants=grants.get(case.pk, {}),
            accepted_on=on,
            kept_away=tuple(sorted({*keyers[case.pk], *kept_away.get(case.pk, ())})),
        )
        for case in cases
    ]


def grants_of(case: Application) -> dict[str, orders.Grant]:
    """The live authorisations of the household that cover this application's purpose, by member key."""
    return _grants_of([case]).get(case.pk, {})


def _grants_of(cases: Sequence[Application]) -> dict[int, dict[str, orders.Grant]]:
    """The live authorisations that cover each case's purpose, by case and member key."""
    return _grants_for({case.pk: case.kind for case in cases})


def _grants_for(purposes: Mapping[int, str]) -> dict[int, dict[str, orders.Grant]]:
    """The live authorisations that cover the purpose of each case."""
    grants: dict[int, dict[str, orders.Grant]] = {}
    for row in Authorisation.objects.filter(application__in=purposes, ended_at=None):
        if purposes[row.application_id] in row.purposes:
            grant = orders.Grant(row.number, tuple(row.kinds), row.valid_to)
            grants.setdefault(row.application_id, {})[row.member_key] = grant
    return grants


def _keyers_of(cases: Sequence[Application]) -> dict[int, set[int]]:
    """Whoever had a hand in keying each case: the same persons as `guards.not_keyed_by` keeps from reviewing it."""
    keyers = {case.pk: {case.keyed_by_id} for case in cases}
    for rows, field in (
        (Declaration.objects, "by"),
        (Commitment.objects, "recorded_by"),
        (Authorisation.objects, "recorded_by"),
    ):
        for pk, who in rows.filter(application__in=keyers).values_list("application", field).distinct():
            keyers[pk].add(who)
    for pk, typists in Draft.objects.filter(application__in=keyers).values_list("application", "typed_by"):
        keyers[pk].update(typists)
    return keyers


def take_up_due() -> int:
    """Move on every case whose check a person has concluded, or whose check was cancelled; returns how many."""
    due = to_take_up()
    take_up(due)
    return len(due)


def to_take_up() -> list[int]:
    """The cases that wait for it."""
    cases = Application.objects.being_checked().filter(current_check__status__in=AFTER)
    return list(cases.order_by("pk").values_list("pk", flat=True))


def take_up(case_ids: Sequence[int]) -> None:
    """Move these on, where they still wait for it."""
    for case in Application.objects.filter(pk__in=case_ids).select_related("current_check").order_by("pk"):
        assert case.current_check is not None  # noqa: S101 -- only what is checked waits for it
        if move := AFTER.get(case.current_check.status):
            _take_up(case, move)


def _take_up(case: Application, move: Move) -> None:
    try:
        with transaction.atomic():
            lifecycle.make_move(case, move, by=None, also=deadlines.with_clock)
    except MoveRefusedError:
        return  # another worker's sweep, or a withdrawal, was faster
