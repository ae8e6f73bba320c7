"""Rounds over applications: all households that wait for their check, ordered in sets (clause A1)."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from applications import checks, deadlines, guards, moves
from applications.models import Application, Authorisation, Member
from bureau import bell, divisions, lifecycle, workdays
from bureau.errors import UnfitDataError
from bureau.models import Staff
from credit import standing
from verification import rounds
from verification.models import Check, Round

SET_SIZE = 500  # cases ordered in one transaction


def waiting(kinds: Sequence[str], area: str, *, by: Staff | None) -> QuerySet[Application]:
    """The cases of these kinds, in an area, whose check can be ordered: what ORDER would let this officer order.

    Left out are those of the officer's own relatives and those that the officer keyed, households with a member under a
    sanction, and households with an adult member who has not authorised the check.
    """
    today = workdays.today()
    members = Member.objects.filter(application=OuterRef("pk"))
    grants = Authorisation.objects.live(today).filter(application=OuterRef("application"), member_key=OuterRef("key"))
    adults = members.filter(born_on__lte=guards.adult_if_born_by(today))
    cases = Application.objects.filter(
        ~Exists(members.filter(id_index__in=standing.barred(on=today))),
        ~Exists(adults.exclude(Exists(grants))),
        status=Application.Status.CHECK_DUE,
        kind__in=kinds,
        office_code__startswith=divisions.scope_prefix(area),
    )
    if by is None:
        return cases
    cases = cases.exclude(pk__in=Application.objects.keyed_in_part_by(by).values("pk"))
    return cases.exclude(members__id_index__in=list(by.kin)) if by.kin else cases


def open_round(name: str, kinds: Sequence[str], area: str, *, by: Staff) -> Round:
    """Open a round over the cases that wait now and fill it in the background.

    Raises `UnfitDataError` when nobody waits.
    """
    if not set(kinds) <= set(Application.Kind.values) or not kinds:
        raise UnfitDataError(_("Choose what is to be checked."), {"kinds": [_("Choose what is to be checked.")]})
    if not waiting(kinds, area, by=by).exists():
        text = _("No household waits for its check there.")
        raise UnfitDataError(text, {"area": [text]})
    with transaction.atomic():
        found = rounds.open_round(name, {"kinds": list(kinds), "area": area}, by=by)
        bell.ring("applications.fill_round", found.pk)
    return found


def fill_due() -> int:
    """The sweep: go on filling rounds that a dead worker left half filled; returns how many households were ordered."""
    ours = Round.objects.to_fill().filter(population__has_key="kinds")  # others are filled by who opened them
    return sum(fill(pk) for pk in ours.values_list("pk", flat=True))


def fill(round_id: int) -> int:
    """Order the checks of the round's population, set by set; safe to stop anywhere and to run twice."""
    ordered = 0
    while count := _fill_one_set(round_id):
        ordered += count
    return ordered


@transaction.atomic
def _fill_one_set(round_id: int) -> int:
    """The next set. The round's row lock lets one worker fill it at a time; a paused round is left alone."""
    found = rounds.locked(round_id)
    if found is None:
        return 0
    population = waiting(found.population["kinds"], found.population["area"], by=found.opened_by)
    cases = list(
        population.filter(submitted_at__lte=found.opened_at)
        .select_related("declaration")
        .order_by("pk")
        .select_for_update(of=("self",), skip_locked=True)[:SET_SIZE]
    )
    if not cases:
        rounds.filled(found)
        return 0
    placed = rounds.add(found, checks.orders_of(cases))
    _send_out(cases, placed, found)
    return len(cases)


def _send_out(cases: Sequence[Application], placed: Sequence[Check], found: Round) -> None:
    lifecycle.make_moves(
        Application.objects.filter(pk__in=[case.pk for case in cases]), moves.ORDER_IN_ROUND, note=found.number
    )
    dues = _Dues()
    for case, check in zip(cases, placed, strict=True):
        case.current_check, case.due_on = check, dues.of(case)
    Application.objects.bulk_update(cases, ["current_check", "due_on"])


class _Dues:
    """Until when the sources are to have answered, worked out once per day of acceptance."""

    def __init__(self) -> None:
        self._found: dict[date | None, date | None] = {}

    def of(self, case: Application) -> date | None:
        """The due date of the case's check, ordered today."""
        if case.accepted_on not in self._found:
            self._found[case.accepted_on] = deadlines.due_date(case, Application.Status.CHECKING)
        return self._found[case.accepted_on]
