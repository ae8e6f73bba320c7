"""A ban holds from its first day to the day before its end, by dates alone; whoever is under one cannot be served."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, InternalError, transaction

from bureau.errors import UnfitDataError
from bureau.fields import blind_index
from bureau.identifiers import IdentifierError
from credit import sanctions, standing
from credit.models import Sanction, Subject
from credit.policies import Severity
from tests.factories import credit as given

NUMBER, OTHER = "321299198306259176", "321299198501189185"
BASIS = "泰州市市区住房保障诚信管理办法（2017）"
pytestmark = pytest.mark.django_db


def ban(start=date(2024, 5, 10), severity=Severity.GENERAL, number=NUMBER, name="胡建军"):
    return sanctions.impose(
        name=name,
        id_number=number,
        severity=severity,
        act="隐瞒车辆",
        basis=BASIS,
        banned_from=start,
        by=given.staff("credit"),
    )


def blocked(day, number=NUMBER):
    return standing.standing(blind_index(number), on=day).blocked


@pytest.mark.parametrize(
    ("severity", "years"), [(Severity.GENERAL, 1), (Severity.MORE_SERIOUS, 3), (Severity.SERIOUS, 5)]
)
def test_a_ban_holds_from_its_first_day_to_its_last_and_not_the_day_after(severity, years):
    start, end = date(2024, 5, 10), date(2024 + years, 5, 10)
    assert ban(start, severity).holds_until == end
    days = [start - timedelta(days=1), start, end - timedelta(days=1), end]
    assert [blocked(day) for day in days] == [False, True, True, False]


@pytest.mark.parametrize(
    ("severity", "end"),
    [
        (Severity.GENERAL, date(2025, 3, 1)),
        (Severity.MORE_SERIOUS, date(2027, 3, 1)),
        (Severity.SERIOUS, date(2029, 3, 1)),
    ],
)
def test_a_ban_from_29_february_ends_with_28_february(severity, end):
    ban(date(2024, 2, 29), severity)
    assert [blocked(day) for day in (end - timedelta(days=1), end)] == [True, False]


def test_the_standing_says_until_when_why_and_on_what_basis():
    ban()
    found = standing.standing(blind_index(NUMBER), on=date(2024, 6, 1))
    assert (found.until, found.act, found.basis) == (date(2025, 5, 10), "隐瞒车辆", BASIS)


def test_many_are_asked_about_with_one_query(django_assert_num_queries):
    ban()
    with django_assert_num_queries(1):
        found = standing.standings([blind_index(NUMBER), blind_index(OTHER)], on=date(2024, 6, 1))
    assert [found[blind_index(number)].blocked for number in (NUMBER, OTHER)] == [True, False]


def test_nobody_else_is_touched_by_a_ban():
    ban()
    assert not blocked(date(2024, 6, 1), OTHER)


def test_a_lifted_ban_ends_on_the_day_of_lifting():
    sanctions.lift(ban(), on=date(2024, 9, 1), reason="已履行完毕")
    assert [blocked(day) for day in (date(2024, 8, 31), date(2024, 9, 1))] == [True, False]
    assert standing.standing(blind_index(NUMBER), on=date(2024, 8, 31)).until == date(2024, 9, 1)


def test_a_lifting_after_the_end_does_not_make_a_ban_longer():
    sanction = ban()
    sanctions.lift(sanction, on=date(2030, 1, 1), reason="更正")
    assert sanction.ends_on() == date(2025, 5, 10)
    assert not blocked(date(2025, 5, 10))


def test_a_lifting_needs_a_reason():
    with pytest.raises((IntegrityError, UnfitDataError)), transaction.atomic():
        sanctions.lift(ban(), on=date(2024, 9, 1), reason="")


@pytest.mark.parametrize("start", [date(2024, 5, 10), date(2024, 1, 1), date(2025, 5, 9)])
def test_a_second_ban_during_the_first_is_refused_in_words(start):
    ban()
    with pytest.raises(UnfitDataError):
        ban(start)
    assert Sanction.objects.count() == 1


def test_a_second_ban_begins_on_the_day_the_first_ends():
    ban()
    ban(date(2025, 5, 10))
    assert all(blocked(day) for day in (date(2025, 5, 9), date(2025, 5, 10)))
    assert Subject.objects.count() == 1


def test_a_new_ban_may_follow_a_lifted_one():
    sanctions.lift(ban(), on=date(2024, 9, 1), reason="撤销")
    ban(date(2024, 10, 1), Severity.SERIOUS)
    assert [blocked(day) for day in (date(2024, 9, 15), date(2024, 10, 1))] == [False, True]


def test_a_ban_is_found_under_the_old_15_digit_number_too():
    ban(number="321299830625917")
    assert blocked(date(2024, 6, 1))


@pytest.mark.parametrize("number", ["", "1", "321299198306259177", "32129919830625917", "321299209906259170"])
def test_a_bad_id_number_is_refused_and_nothing_is_entered(number):
    with pytest.raises((UnfitDataError, IdentifierError)):
        ban(number=number)
    assert Subject.objects.count() == 0


def test_a_ban_is_never_removed():
    with pytest.raises(InternalError), transaction.atomic():
        Sanction.objects.filter(pk=ban().pk)._raw_delete("default")
