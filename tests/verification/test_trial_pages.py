"""The pages of standards and their trials: who sees what, what a look leaves behind, the workbook, the signature."""

import io

import openpyxl
import pytest
from django.urls import reverse

from bureau.models import AuditEntry
from tests.factories import trials as made
from verification import trials, trying
from verification.models import Trial, TrialRow

pytestmark = pytest.mark.django_db


@pytest.fixture
def standard(four):
    return made.coming(**made.income_line(4700))


@pytest.fixture
def trial(standard, people) -> Trial:
    return made.run(standard, people["check"])


def url(name, *places):
    return reverse(f"verification:{name}", args=[made.NEXT, *places])


PAGES = ["standard", "trial", "trial_progress"]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_tells_who_leaves_and_joins_by_district_and_leads_to_the_households(trial, as_user, language):
    client = as_user("check", language)
    page = client.get(url("trial", 1))
    assert page.status_code == 200
    districts = {row["name"]: row for row in page.context["districts"]}
    assert len(districts) == 2
    links = [cell["url"] for row in districts.values() for cell in row["cells"] if cell["url"]]
    assert len(links) == 1
    found = client.get(links[0])
    assert [row["check"].pk for row in found.context["rows"]] == [TrialRow.objects.get().check_ordered_id]
    assert sum(cell["count"] for cell in page.context["totals"]) == trial.households == 4
    for answer in (page, found):
        assert "%(" not in answer.content.decode()


def test_the_numbers_of_a_page_are_the_lists_they_lead_to(trial, as_user):
    client = as_user("check")
    page = client.get(url("trial", 1))
    cells = [cell for row in (*page.context["districts"], *page.context["criteria"]) for cell in row["cells"]]
    for cell in [*cells, *page.context["totals"]]:
        if cell["url"]:
            assert client.get(cell["url"]).context["page"].paginator.count == cell["count"]


def test_households_are_masked_and_each_look_is_recorded(trial, as_user, four):
    AuditEntry.objects.all().count()
    page = as_user("check").get(url("trial_households", 1)).content.decode()
    assert "张三" not in page
    assert "张*" in page
    assert "3212991980" not in page
    look = AuditEntry.objects.latest("pk")
    assert (look.action, look.reference, look.fields) == ("look", four[2].number, ["trial"])
    as_user("auditor").get(url("trial_households", 1))
    assert AuditEntry.objects.latest("pk").purpose == "audit"


@pytest.mark.parametrize(
    ("username", "figures", "households"),
    [
        ("check", 200, 200),
        ("check2", 200, 200),
        ("auditor", 200, 200),
        ("admin", 200, 403),
        ("housing", 403, 403),
        ("credit", 403, 403),
        ("district", 403, 403),
        ("street", 403, 403),
        ("window", 403, 403),
    ],
)
def test_figures_are_for_who_reads_standards_and_households_for_the_check_centre(
    trial, as_user, username, figures, households
):
    client = as_user(username)
    assert client.get(reverse("verification:standards")).status_code == figures
    assert client.get(url("standard")).status_code == figures
    for name in ("trial", "trial_progress", "trial_export"):
        assert client.get(url(name, 1)).status_code == figures
    assert client.get(url("trial_households", 1)).status_code == households


def test_an_administrator_gets_figures_without_a_way_to_a_household(trial, as_user, four):
    looks = AuditEntry.objects.count()
    client = as_user("admin")
    page = client.get(url("trial", 1))
    assert not any(cell["url"] for row in page.context["districts"] for cell in row["cells"])
    assert url("trial_households", 1) not in page.content.decode()
    book = openpyxl.load_workbook(io.BytesIO(client.get(url("trial_export", 1)).content))
    assert book.sheetnames == ["By district", "By criterion"]
    assert AuditEntry.objects.count() == looks


def test_a_check_officer_takes_the_households_away_masked_and_it_is_recorded(trial, as_user, four):
    answer = as_user("check").get(url("trial_export", 1), {"kind": "joins"})
    assert "no-store" in answer["Cache-Control"]
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    cells = [[cell.value for cell in row] for row in book["Households"].iter_rows()]
    assert cells[1][:3] == [four[2].number, "张*", four[2].subject]
    assert cells[1][4:6] == ["Unfit", "Fit"]
    figures = [[cell.value for cell in row] for row in book["By district"].iter_rows(min_row=6)]
    assert [row[2] for row in figures] == [1, 0, 1]  # joins: two districts, all
    look = AuditEntry.objects.latest("pk")
    assert (look.action, look.reference) == ("download", four[2].number)
    none = as_user("check").get(url("trial_export", 1), {"kind": "leaves"})
    assert openpyxl.load_workbook(io.BytesIO(none.content))["Households"].max_row == 1


def test_a_workbook_holds_so_many_households_and_tells_of_the_others(trial, as_user, monkeypatch):
    monkeypatch.setattr("verification.views.trials.MOST_LISTED", 0)
    book = openpyxl.load_workbook(io.BytesIO(as_user("check").get(url("trial_export", 1)).content))
    assert book["Households"].cell(1, 1).value.startswith("1 more")


def test_a_trial_is_begun_from_the_page_watched_and_signed_by_another(standard, as_user):
    client = as_user("check")
    assert client.get(url("trial_open")).status_code == 200
    begun = client.post(url("trial_open"), {"districts": ["321202"], "since": "", "until": "", "round": ""})
    assert begun.url == url("trial", 1)
    page = client.get(begun.url)
    assert page.context["active"]
    assert "hx-get" in page.content.decode()
    assert client.get(url("trial_export", 1)).status_code == 409
    second = as_user("check2")
    assert second.get(url("trial_sign", 1)).status_code == 409
    trying.work(Trial.objects.get().pk)
    done = client.get(url("trial_progress", 1))
    assert (done.context["active"], done.context["done"]) == (False, 3)
    assert client.get(url("trial_sign", 1)).status_code == 403
    asked = second.get(url("trial_sign", 1))
    assert asked.status_code == 200
    assert dict(asked.context["summary"])["Joins: unfit to fit"] == "1"
    assert second.post(url("trial_sign", 1), {"note": ""}).status_code == 422
    assert second.post(url("trial_sign", 1), {"note": "影响范围清楚。"}).status_code == 302
    assert second.post(url("trial_sign", 1), {"note": "再次"}).status_code == 409
    assert "影响范围清楚。" in client.get(url("trial", 1)).content.decode()


@pytest.mark.parametrize("username", ["auditor", "admin", "street"])
def test_nobody_signs_from_the_page_but_a_check_officer(trial, as_user, username):
    assert as_user(username).post(url("trial_sign", 1), {"note": "同意"}).status_code == 403
    assert Trial.objects.get().signed_at is None


@pytest.mark.parametrize(
    "wrong",
    [{"districts": ["999999"]}, {"since": "soon"}, {"since": "2026-11-02", "until": "2026-11-01"}, {"round": "PC1"}],
)
def test_a_population_that_cannot_be_is_told_by_its_field(standard, as_user, wrong):
    answer = as_user("check").post(url("trial_open"), wrong)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) <= {*wrong}
    assert answer.context["form"].errors
    nobody = as_user("check").post(url("trial_open"), {"until": "2001-01-01"})
    assert (nobody.status_code, [*nobody.context["form"].errors]) == (422, ["__all__"])
    assert not Trial.objects.exists()


def test_who_may_not_try_gets_no_form(standard, as_user):
    assert as_user("auditor").get(url("trial_open")).status_code == 403
    assert as_user("street").get(url("trial_open")).status_code == 403
    in_force = reverse("verification:trial_open", args=[made.CODE])
    assert as_user("check").get(in_force).status_code == 409


def test_what_does_not_exist_is_not_found(trial, as_user):
    client = as_user("check")
    assert client.get(url("trial", 9)).status_code == 404
    assert client.get(reverse("verification:standard", args=["nowhere-2030"])).status_code == 404
    assert client.get(url("trial_households", 1), {"kind": "nonsense"}).status_code == 422


def test_more_households_cost_no_more_queries(people, as_user, django_assert_max_num_queries):
    for _ in range(12):
        made.checked(people["check"], made.earning(4600))
    made.run(made.coming(**made.income_line(4700)), people["check"])
    client = as_user("check")
    with django_assert_max_num_queries(16):
        client.get(url("trial", 1))
    with django_assert_max_num_queries(16):
        client.get(reverse("verification:standards"))
    with django_assert_max_num_queries(24):
        assert len(client.get(url("trial_households", 1)).context["rows"]) == 12


def test_the_standard_says_when_it_begins_who_tried_and_who_signed(standard, people, as_user):
    client = as_user("check")
    page = client.get(url("standard"))
    assert "Nobody has tried this standard" in page.content.decode()
    trial = made.run(standard, people["check"])
    assert "Nobody has signed" in client.get(url("standard")).content.decode()
    trials.sign(trial, note="同意。", by=people["check2"])
    page = client.get(url("standard"))
    assert page.context["warning"] == ""
    assert f"Comes into force by itself on {standard.effective_from}" in page.context["commencement"]
    assert f"by {people['check'].name}; signed on" in page.context["tried"]
    changed = [line["name"] for line in page.context["lines"] if line["differs"]]
    assert changed == ["Income per person a month"]
    rows = {row["standard"].code: row for row in client.get(reverse("verification:standards")).context["rows"]}
    assert (rows[made.NEXT]["state"], rows[made.CODE]["state"]) == ("coming", "in_force")
    assert people["check2"].name in rows[made.NEXT]["trial"]
    standard.content = standard.content | made.income_line(4200)
    standard.save()
    assert "Changed after it was tried" in client.get(url("standard")).context["tried"]
    assert "was changed after this trial" in client.get(url("trial", 1)).content.decode()
