"""A round over the cases that wait for their check: ordered in sets, safe to run twice, nobody's relatives."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from msgspec.structs import replace
from stdnum.cn import ric

from applications import checks, rounds
from applications.models import Application
from bureau.errors import NotAllowedError, UnfitDataError
from bureau.fields import blind_index
from bureau.models import Relative
from tests.factories.applications import CHILD, FAMILY, FATHER, MOTHER, check_due
from verification import rounds as centre_rounds
from verification.facts import Declared, DeclaredPerson
from verification.models import Round

pytestmark = pytest.mark.django_db

KINDS = ["public_rental", "rental_subsidy"]


def another_family(year: int) -> Declared:
    """The family of the factories, all born so many years earlier and so under other ID numbers."""
    return Declared(persons=tuple(_born_earlier(person, year) for person in (FATHER, MOTHER, CHILD)))


def _born_earlier(person: DeclaredPerson, years: int) -> DeclaredPerson:
    number = person.id_number
    body = f"{number[:6]}{int(number[6:10]) - years}{number[10:17]}"
    return replace(person, id_number=body + ric.calc_check_digit(body))


@pytest.fixture
def due(people):
    """Three cases that wait for their check."""
    return [check_due(people, declared) for declared in (FAMILY, another_family(1), another_family(2))]


def test_a_round_orders_every_waiting_case_and_moves_it_on(due, people):
    found = rounds.open_round("新申请核对", KINDS, "321200", by=people["check"])
    assert rounds.fill(found.pk) == 3
    found.refresh_from_db()
    assert (found.households, found.filled_at is not None) == (3, True)
    for case in due:
        case.refresh_from_db()
        assert case.status == Application.Status.CHECKING
        assert case.current_check.round == found
        assert case.current_check.subject == case.reference
        assert case.due_on is not None
        assert case.current_check.inquiries.count() == 24


def test_filling_twice_orders_nothing_twice(due, people):
    found = rounds.open_round("新申请核对", KINDS, "321200", by=people["check"])
    rounds.fill(found.pk)
    assert rounds.fill(found.pk) == 0
    assert rounds.fill_due() == 0
    assert found.checks.count() == 3


def test_a_round_that_was_left_half_filled_goes_on(due, people, monkeypatch):
    monkeypatch.setattr(rounds, "SET_SIZE", 2)
    found = rounds.open_round("新申请核对", KINDS, "321200", by=people["check"])
    assert rounds._fill_one_set(found.pk) == 2
    assert rounds.fill_due() == 1
    assert found.checks.count() == 3


def test_a_round_of_one_kind_or_area_leaves_the_others(due, people):
    with pytest.raises(UnfitDataError, match="No household waits"):
        rounds.open_round("补贴", ["rental_subsidy"], "321200", by=people["check"])
    with pytest.raises(UnfitDataError, match="No household waits"):
        rounds.open_round("姜堰", KINDS, "321204", by=people["check"])
    with pytest.raises(UnfitDataError, match="Choose what"):
        rounds.open_round("空", [], "321200", by=people["check"])
    assert not Round.objects.exists()


def test_only_a_check_officer_opens_a_round(due, people):
    with pytest.raises(NotAllowedError):
        rounds.open_round("新申请核对", KINDS, "321200", by=people["housing"])


def test_a_declared_relatives_case_is_left_to_somebody_else(due, people):
    officer = people["check"]
    Relative.objects.create(staff=officer, person_index=blind_index(FATHER.id_number), relation="兄")
    del officer.kin
    found = rounds.open_round("新申请核对", KINDS, "321200", by=officer)
    assert rounds.fill(found.pk) == 2
    due[0].refresh_from_db()
    assert due[0].status == Application.Status.CHECK_DUE


def test_a_cancelled_round_gives_the_cases_back(due, people):
    found = rounds.open_round("新申请核对", KINDS, "321200", by=people["check"])
    rounds.fill(found.pk)
    assert centre_rounds.cancel(found, by=people["check"], reason="标准有误") == 3
    assert checks.take_up_due() == 3
    for case in due:
        case.refresh_from_db()
        assert case.status == Application.Status.CHECK_DUE
    assert not found.checks.filter(inquiries__state="open").exists()


def test_a_larger_set_costs_no_more_queries(due, people, monkeypatch):
    found = rounds.open_round("新申请核对", KINDS, "321200", by=people["check"])
    spent = []
    for size in (1, 2):
        monkeypatch.setattr(rounds, "SET_SIZE", size)
        with CaptureQueriesContext(connection) as queries:
            assert rounds._fill_one_set(found.pk) == size
        spent.append(len(queries))
    assert spent[0] == spent[1]
