"""The number, the list behind it and every cell of the tables are the same count; nobody counts beyond his scope."""

import re
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bureau import workdays
from bureau.models import AuditEntry, Office, Posting
from credit.models import Case
from housing_credit.dashboard import pages
from housing_credit.dashboard.counting import count
from housing_credit.dashboard.figures import FIGURES
from housing_credit.dashboard.forms import FilterForm
from housing_credit.dashboard.notice import GROUPS
from tests.factories import figures as made

pytestmark = pytest.mark.django_db
TODAY = workdays.today()
WINDOWS = ("321202001001", "321203001001", "321202002001")
ACTS = ("F01", "F04", "F05", "F06", "F08", "U01")


def context_of(staff, **query):
    form = FilterForm(query, staff, since=pages.first_day())
    return form, pages.dashboard_context(form, [*pages.PARTS])


def value_of(staff, code, **query):
    form = FilterForm(query, staff, since=pages.first_day())
    return count([FIGURES[code]], form.chosen, form.spans).total(code)


@pytest.fixture
def some(people):
    """A few rows of every base, over three years, two districts and both kinds."""
    windows = [code for code in WINDOWS if Office.objects.filter(code=code).exists()]
    days = [date(TODAY.year, 1, 1), date(TODAY.year - 1, 12, 31), TODAY, TODAY - timedelta(days=800)]
    for place in range(12):
        outcome = ("fit", "unfit", "incomplete", "unfit")[place % 4]
        kind = ("public_rental", "rental_subsidy")[place % 2]
        made.concluded_case(
            people["check"],
            outcome,
            at=made.noon(days[place % 3]),
            kind=kind,
            office_code=windows[place % len(windows)],
        )
    for place, act in enumerate(ACTS):
        made.archived(act, days[place % 4], office_code=("321200", "321202001001")[place % 2])
    for place in range(4):
        begins = TODAY - timedelta(days=400 + place)
        made.banned(
            people["credit"],
            begins=begins,
            until=TODAY + timedelta(days=200 - 250 * (place % 2)),
            lifted_on=TODAY - timedelta(days=30) if place == 2 else None,
        )
    return people


def parts_of(client, query):
    """Each part as the page asks for it."""
    return [client.get(f"/dashboard/parts/{code}/", query, headers={"HX-Request": "true"}) for code in pages.PARTS]


def groups_of(client, query):
    """The groups of all parts."""
    return [group for part in parts_of(client, query) for group in part.context["groups"]]


def test_every_number_of_the_page_is_the_length_of_the_list_that_it_leads_to(some, as_user):
    client, checked = as_user("auditor"), 0
    for query in (
        {},
        {"period": "all", "by": "month"},
        {"period": f"{TODAY.year - 1}", "by": "quarter"},
        {"district": "321202"},
    ):
        for group in groups_of(client, query):
            cells = [
                *group["tiles"],
                *(cell for row in group["time_rows"] + group["district_rows"] for cell in row["cells"]),
            ]
            for cell in cells:
                if cell["value"]:
                    assert client.get(cell["url"]).context["page"].paginator.count == cell["value"], cell["url"]
                    checked += 1
    assert checked > 60


def test_a_flow_is_the_sum_of_its_spans_and_of_its_districts(some):
    _form, context = context_of(some["auditor"], period="all", by="month")
    for group in context["groups"]:
        for place, tile in enumerate(group["tiles"]):
            figure = FIGURES[GROUPS[[g.code for g in GROUPS].index(group["code"])].figures[place].code]
            assert sum(row["cells"][place]["value"] for row in group["district_rows"]) == tile["value"]
            if not figure.base.is_stock:
                assert sum(row["cells"][place]["value"] for row in group["time_rows"]) == tile["value"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    code=st.sampled_from(sorted(FIGURES)),
    period=st.sampled_from(["all", f"{TODAY.year}", f"{TODAY.year - 1}-Q4", f"{TODAY:%Y-%m}", "nonsense"]),
    district=st.sampled_from(["", "321202", "321203", "321200", "999999"]),
    kind=st.sampled_from(["", "public_rental", "rental_subsidy", "x"]),
    by=st.sampled_from(["", "month", "quarter", "year"]),
)
def test_number_and_list_agree_for_every_figure_and_filter(some, code, period, district, kind, by):
    form = FilterForm(
        {"period": period, "district": district, "kind": kind, "by": by}, some["auditor"], since=pages.first_day()
    )
    figure = FIGURES[code]
    assert count([figure], form.chosen, form.spans).total(code) == figure.rows(form.chosen).count()


def test_the_parts_of_a_figure_are_all_of_it(some):
    _form, context = context_of(some["auditor"], period="all")
    for group, shown in zip(GROUPS, context["groups"], strict=True):
        if group.is_parts:
            assert sum(tile["value"] for tile in shown["tiles"][1:]) == shown["tiles"][0]["value"]


def test_a_check_counts_by_its_day_in_taizhou(people):
    new_year = made.noon(date(TODAY.year, 1, 1)) - timedelta(hours=11, minutes=30)  # half past midnight
    made.concluded_case(people["check"], "fit", at=new_year)
    made.concluded_case(people["check"], "fit", at=new_year - timedelta(hours=1))
    assert value_of(people["auditor"], "checked", period=f"{TODAY.year}-01") == 1
    assert value_of(people["auditor"], "checked", period=f"{TODAY.year - 1}-12") == 1


def test_a_record_that_was_taken_back_is_not_counted(people):
    stays, gone = made.archived("F06", TODAY), made.archived("F06", TODAY)
    Case.objects.filter(pk=gone.pk).update(**{"status": "revoked"})
    form = FilterForm({}, people["auditor"], since=pages.first_day())
    assert [row.case for row in FIGURES["recorded_arrears"].rows(form.chosen)] == [stays]


def test_a_ban_runs_until_the_day_before_it_ends(people):
    made.banned(people["credit"], begins=date(TODAY.year - 1, 1, 1), until=date(TODAY.year - 1, 12, 31))
    auditor, year = people["auditor"], TODAY.year - 1
    assert value_of(auditor, "bans_running", period=f"{year}-11") == 1
    assert value_of(auditor, "bans_running", period=f"{year}-12") == 0
    assert value_of(auditor, "bans_ended", period=f"{year}-12") == 1
    assert value_of(auditor, "bans_ended", period=f"{TODAY.year}") == 0


def test_an_auditor_of_a_district_counts_that_district_only(some):
    district = Office.objects.get(code="321203")
    Posting.objects.filter(staff=some["auditor"]).delete()
    Posting.objects.create(staff=some["auditor"], office=district, role="auditor")
    form, context = context_of(some["auditor"], period="all")
    assert [code for code in form.districts] == ["321203"]
    assert all(row["label"] == district.name for group in context["groups"] for row in group["district_rows"])
    assert 0 < value_of(some["auditor"], "checked", period="all") < 12
    assert value_of(some["auditor"], "bans_running", period="all") == 0


@pytest.mark.parametrize("name", ["window", "street", "district", "panel", "admin"])
def test_nobody_else_reads_the_figures(people, as_user, name):
    for address in ("/dashboard/", "/dashboard/figures/checked/"):
        assert as_user(name).get(address).status_code == 403


@pytest.mark.parametrize("name", ["housing", "check", "credit", "auditor"])
def test_readers_see_the_same_numbers_and_persons_only_as_elsewhere(some, as_user, name):
    client = as_user(name)
    assert client.get("/dashboard/").status_code == 200
    looks = AuditEntry.objects.filter(staff=some[name])
    page = client.get("/dashboard/figures/checked/?period=all").content.decode()
    assert page.count("GZ2097-") + page.count("BT2097-") >= 12
    assert "仲小妮" not in page
    assert ("仲*妮" in page) == (name != "credit")
    assert ("/applications/GZ2097-" in page) == (name != "credit")
    assert looks.filter(subject_kind="applications.application").count() == (0 if name == "credit" else 12)
    recorded = client.get("/dashboard/figures/recorded/?period=all").content.decode()
    assert ("胡*军" in recorded) == (name in {"credit", "auditor"})
    assert not re.search(r"\d{17}[\dX]", page + recorded)


def test_a_figure_that_does_not_exist_is_not_found(people, as_user):
    assert as_user("auditor").get("/dashboard/figures/x1/").status_code == 404


def test_more_rows_cost_no_more_queries(some, as_user, django_assert_max_num_queries):
    client = as_user("auditor")
    client.get("/dashboard/")
    with django_assert_max_num_queries(22):
        client.get("/dashboard/", {"period": "all", "by": "month"})
    for code in pages.PARTS:
        with django_assert_max_num_queries(22):
            client.get(f"/dashboard/parts/{code}/", {"period": "all", "by": "month"})
    for code in FIGURES:
        with django_assert_max_num_queries(24):
            client.get(f"/dashboard/figures/{code}/?{urlencode({'period': 'all'})}")


def test_the_page_reads_in_both_languages(some, as_user):
    assert "已核对" in as_user("auditor", "zh-hans").get("/dashboard/").content.decode()
    assert "Changed circumstances" in as_user("auditor", "en").get("/dashboard/parts/records/").content.decode()


def test_the_page_tells_the_first_part_at_once_and_asks_for_the_others(some, as_user):
    client = as_user("auditor")
    page = client.get("/dashboard/?period=all&district=321202")
    assert [group["code"] for group in page.context["groups"]] == [GROUPS[0].code]
    for code in list(pages.PARTS)[1:]:
        assert f'hx-get="/dashboard/parts/{code}/?period=all&amp;district=321202"' in page.content.decode()


def test_the_parts_together_are_all_that_there_is(some, as_user):
    client, query = as_user("auditor"), {"period": "all", "by": "month"}
    first = client.get("/dashboard/", query).context["groups"]
    parts = parts_of(client, query)
    assert [part.context["groups"] for part in parts[:1]] == [first]
    assert [group["code"] for part in parts for group in part.context["groups"]] == [group.code for group in GROUPS]
    assert parts[-1].context["times"]["rows"]
    assert all("<html" not in part.content.decode() for part in parts)


def test_a_part_is_a_page_of_its_own_too(some, as_user):
    page = as_user("auditor").get("/dashboard/parts/bans/?period=all").content.decode()
    assert "<html" in page
    assert 'id="bans"' in page
    assert 'id="checks"' not in page


def test_a_part_that_is_not_there_and_one_who_may_not_see_it(some, as_user):
    assert as_user("auditor").get("/dashboard/parts/nothing/").status_code == 404
    assert as_user("window").get("/dashboard/parts/checks/").status_code == 403
