"""How long cases lay at each desk: the database notes it whenever a case goes on, and the page counts it."""

import importlib
import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import InternalError, connection, transaction
from django.db.models import F
from django.utils import timezone

from applications import stay_sums, tiers
from applications.models import Application, Stay, StaySum, SummedMonth
from bureau import workdays
from bureau.models import TimelineEntry
from housing_credit.dashboard import pages
from housing_credit.dashboard.forms import FilterForm
from housing_credit.dashboard.times import took
from tests.factories.applications import at_city, at_district, submitted
from tests.factories.cases import case_at

pytestmark = pytest.mark.django_db
TODAY = workdays.today()


def lay(case, stage, days, *, left_on=TODAY, kind=""):
    """A stay of so many calendar days."""
    values = {"kind": kind or case.kind, "office_code": case.office_code, "entered_on": left_on - timedelta(days=days)}
    return Stay.objects.create(application=case, stage=stage, left_on=left_on, **values)


def form_of(staff, **query):
    return FilterForm({"period": "all"} | query, staff, since=pages.first_day())


def test_each_desk_that_a_case_leaves_is_noted_with_its_days(people):
    case = at_city(people)
    stays = list(case.stays.order_by("pk").values_list("stage", "kind", "office_code", "entered_on", "left_on"))
    assert stays == [
        ("at_street", "public_rental", case.office_code, TODAY, TODAY),
        ("at_district", "public_rental", case.office_code, TODAY, TODAY),
    ]


def test_a_draft_is_no_stay_and_a_correction_is_one(people):
    case = submitted(people["window"])
    assert not case.stays.exists()
    tiers.return_for_correction(case, by=people["street"], opinion="请补充收入证明。")
    assert [stay.stage for stay in case.stays.all()] == ["at_street"]


def test_a_set_that_moves_is_noted_too(people):
    cases = [case_at("on_notice", keyed_by=people["window"]) for _ in range(3)]
    before = timezone.now() - timedelta(days=10)
    Application.objects.filter(pk__in=[case.pk for case in cases]).update(status_since=before)
    Application.objects.filter(pk__in=[case.pk for case in cases]).update(
        **{"status": "withdrawn"}, status_since=timezone.now()
    )
    newest = [case.stays.order_by("-pk")[0] for case in cases]
    assert {(stay.stage, stay.entered_on, stay.left_on) for stay in newest} == {
        ("on_notice", TODAY - timedelta(days=10), TODAY)
    }


def test_a_stay_is_never_changed(people):
    stay = lay(case_at("at_city", keyed_by=people["window"]), "at_street", 3)
    for statement in ("UPDATE applications_stay SET stage = 'at_city'", "DELETE FROM applications_stay"):
        with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"{statement} WHERE id = %s", [stay.pk])


@pytest.mark.parametrize(
    ("entered", "left"),
    [
        (date(2026, 9, 30), date(2026, 10, 12)),
        (date(2026, 11, 16), date(2026, 11, 23)),
        (date(2026, 11, 21), date(2026, 11, 22)),
        (date(2015, 2, 10), date(2015, 3, 9)),
        (date(2026, 11, 16), date(2026, 11, 16)),
    ],
)
def test_the_database_counts_working_days_as_the_calendar_does(people, entered, left):
    case = case_at("at_city", keyed_by=people["window"])
    lay(case, "at_street", (left - entered).days, left_on=left)
    assert Stay.objects.filter(left_on=left).in_workdays().get().workdays == workdays.workdays_between(entered, left)


def test_median_nine_of_ten_and_longest_are_those_of_the_stays(people):
    case = case_at("at_city", keyed_by=people["window"])
    monday = date(2026, 11, 23)
    for days in (1, 1, 1, 1, 2, 2, 2, 3, 4, 4, 31):
        lay(case, "at_street", days, left_on=monday + timedelta(days=days % 4))
    lengths = sorted(
        workdays.workdays_between(stay.entered_on, stay.left_on) for stay in Stay.objects.filter(stage="at_street")
    )
    found = took(form_of(people["auditor"]).chosen)["time_street", ""]
    assert (found.stays, found.median, found.most, found.longest) == (11, lengths[5], lengths[9], lengths[10])


def test_the_page_tells_them_and_leads_to_the_stays(people, as_user):
    at_district(people)
    client = as_user("auditor")
    times = client.get("/dashboard/parts/times/").context["times"]
    street = times["rows"][0]
    assert (street["took"].stays, street["took"].median) == (1, 0)
    page = client.get(street["url"])
    assert page.context["page"].paginator.count == 1
    assert "At the street" in page.content.decode()
    [cell] = [cell for row in times["district_rows"] for cell in row["cells"] if cell["took"].stays]
    assert client.get(cell["url"]).context["page"].paginator.count == 1


def months_ago(number):
    """The first day of that month."""
    month = TODAY.year * 12 + TODAY.month - 1 - number
    return date(month // 12, month % 12 + 1, 1)


def sums_and_stays(people, monkeypatch, **query):
    """What the page tells, from sums where there are any, and from the stays alone."""
    chosen = form_of(people["auditor"], **query).chosen
    by_sums = took(chosen)
    with monkeypatch.context() as patch:
        patch.setattr(stay_sums, "summed_months", list)
        return by_sums, took(chosen)


@pytest.fixture
def laid(people):
    """A case whose stays lie in four months at two desks, of two kinds, some of them this month."""
    case = case_at("at_city", keyed_by=people["window"])
    for ago in (0, 1, 1, 3, 4):
        month = months_ago(ago)
        for days, (kind, stage) in enumerate(itertools.product(Application.Kind, ("at_street", "at_city"))):
            lay(case, stage, days * 3, left_on=month, kind=kind)
    return case


def test_sums_of_months_tell_the_same_as_the_stays(people, laid, monkeypatch, django_assert_max_num_queries):
    assert stay_sums.sum_due() == 4  # also the month in which nothing ended
    assert stay_sums.sum_due() == 0
    months = stay_sums.summed_months()
    assert months == [months_ago(number) for number in (4, 3, 2, 1)]
    quarter = f"{months[0].year}-Q{(months[0].month + 2) // 3}"
    for query in ({}, {"kind": "rental_subsidy"}, {"period": f"{months[-1]:%Y-%m}"}, {"period": quarter}):
        by_sums, by_stays = sums_and_stays(people, monkeypatch, **query)
        assert by_sums == by_stays
        assert by_sums
    chosen = form_of(people["auditor"]).chosen
    with django_assert_max_num_queries(3):
        took(chosen)


def test_a_month_without_sums_between_others_is_counted_by_its_stays(people, laid, monkeypatch):
    stay_sums.sum_due()
    SummedMonth.objects.filter(month=stay_sums.summed_months()[1]).update(calendar="another")
    assert len(stay_sums.summed_months()) == 3
    by_sums, by_stays = sums_and_stays(people, monkeypatch)
    assert by_sums == by_stays


def test_a_stay_that_comes_late_has_its_month_summed_anew(people, laid, monkeypatch):
    stay_sums.sum_due()
    late = stay_sums.summed_months()[2]
    lay(laid, "at_street", 40, left_on=late + timedelta(days=5))
    assert late not in stay_sums.summed_months()
    by_sums, by_stays = sums_and_stays(people, monkeypatch)
    assert by_sums == by_stays
    assert stay_sums.sum_due() == 1
    by_sums, by_stays = sums_and_stays(people, monkeypatch)
    assert by_sums == by_stays


def test_the_role_of_everyday_work_may_sum(people, laid, settings):
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {settings.EVERYDAY_ROLE}")
        assert stay_sums.sum_due() == 4
        lay(laid, "at_street", 40, left_on=months_ago(2))
        assert stay_sums.sum_due() == 1
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


def test_a_stay_of_this_month_undoes_no_sums(people, laid):
    stay_sums.sum_due()
    months = stay_sums.summed_months()
    lay(laid, "at_street", 1)
    assert stay_sums.summed_months() == months


def test_who_sees_less_than_a_district_is_told_by_the_stays(people, laid):
    stay_sums.sum_due()
    chosen = replace(form_of(people["auditor"]).chosen, scopes=(laid.office_code[:9],))
    StaySum.objects.update(stays=F("stays") * 100)
    assert took(chosen)["time_street", ""].stays == 10


def test_a_month_is_summed_a_day_after_its_end(people, laid, monkeypatch):
    stay_sums.sum_due()
    next_month = stay_sums.next_month(TODAY)
    monkeypatch.setattr(workdays, "today", lambda: next_month)
    assert stay_sums.sum_due() == 0
    monkeypatch.setattr(workdays, "today", lambda: next_month + timedelta(days=1))
    assert stay_sums.sum_due() == 1
    assert stay_sums.summed_months()[-1] == TODAY.replace(day=1)


def test_times_of_the_past_are_taken_from_the_timeline(people):

    past = importlib.import_module("applications.migrations.0013_times_at_desks_of_the_past")
    case = at_city(people)
    known = list(case.stays.order_by("pk").values_list("stage", "entered_on", "left_on"))
    assert TimelineEntry.objects.of(case).filter(event="forward").count() == 2
    with connection.cursor() as cursor:
        cursor.execute(past.FROM_THE_TIMELINE)
    twice = list(case.stays.order_by("pk").values_list("stage", "entered_on", "left_on"))
    assert sorted(twice) == sorted(known * 2)
