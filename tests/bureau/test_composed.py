"""A query that is composed once answers as its query set does, whatever it is asked with."""

from datetime import date, timedelta

import pytest

from applications.models import Procedure
from bureau.composed import DAY, INT, TEXT, Composed
from bureau.models import Office, Posting, Staff

POSTED = Composed(
    lambda staff, on: Posting.objects.filter(staff=Staff(pk=staff), from_on__lte=on).order_by("pk").values_list("pk"),
    staff=INT,
    on=DAY,
)


@pytest.mark.django_db
def test_it_answers_as_the_query_set_does_for_every_value(people, django_assert_num_queries):
    today = date.today()
    for name in ("window", "street", "check"):
        for day in (today, today - timedelta(days=30_000)):
            asked = Posting.objects.filter(staff=people[name], from_on__lte=day).order_by("pk").values_list("pk")
            expected = list(asked)
            with django_assert_num_queries(1):
                assert POSTED.rows(staff=people[name].pk, on=day) == [list(row) for row in expected]
            assert POSTED.any(staff=people[name].pk, on=day) == bool(expected)


@pytest.mark.django_db
def test_two_values_of_one_kind_are_told_apart():
    between = Composed(
        lambda least, most: Office.objects.filter(pk__gte=least, pk__lte=most).order_by("pk").values_list("pk"),
        least=INT,
        most=INT,
    )
    keys = list(Office.objects.order_by("pk").values_list("pk")[:5])
    assert between.rows(least=keys[1][0], most=keys[3][0]) == [list(key) for key in keys[1:4]]
    assert not between.any(least=keys[3][0], most=keys[1][0])


@pytest.mark.django_db
def test_a_text_comes_in_as_it_is():
    named = Composed(lambda code: Office.objects.filter(code=code).values_list("name_zh"), code=TEXT)
    for office in Office.objects.all()[:3]:
        assert named.rows(code=office.code) == [[office.name_zh]]
    assert not named.any(code="'; DROP TABLE bureau_office; --")


@pytest.mark.django_db
def test_a_value_that_the_query_does_not_take_is_refused_at_once():
    deaf = Composed(lambda on: Procedure.objects.values_list("pk"), on=DAY)
    with pytest.raises(TypeError, match="on"):
        deaf.rows(on=date.today())
