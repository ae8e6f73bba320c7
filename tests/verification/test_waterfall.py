"""Each figure of the statement as a waterfall: declared, every source, the rule, the value, the standard, the line."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation
from msgspec.structs import replace

from tests.verification import household
from verification import assessing, wording
from verification.facts import Declared, Income
from verification.mock_departments import scenarios_shelf
from verification.models import Source
from verification.pages import statement_context
from verification.pages.waterfall import KINDS
from verification.wording.netting import RULES, distance_words, more_to_the_line

SCENARIOS = sorted(scenarios_shelf.read_all())


def statement(check, people) -> dict:
    return statement_context(check, people["check"])["statement"]


def figure(check, people, name: str) -> dict:
    figures = {each["code"]: each for section in statement(check, people)["sections"] for each in section["figures"]}
    return figures[name]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_figure_has_each_step_from_the_declaration_to_the_line(check_of, people, scenario):
    check = check_of(scenario)
    result = assessing.result_of(check.assessments.order_by("-version")[0])
    shown = [each for section in statement(check, people)["sections"] for each in section["figures"]]
    assert {each["code"] for each in shown} == {each.name for each in result.comparison.criteria}
    for each in shown:
        criterion = result.comparison.criterion(each["code"])
        assert each["value"] in each["used"]
        assert each["declared"]
        assert each["rule"] == str(RULES[each["code"]])
        assert "in force from 2024-01-01" in each["standard"]
        assert each["article"] == criterion.article
        assert each["limit"] == wording.criterion_limit(criterion)
        assert wording.criteria.criterion_distance(criterion) in each["distance"]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_source_that_was_asked_for_a_figure_is_named_with_its_evidence_or_its_silence(check_of, people, scenario):
    check = check_of(scenario)
    names = wording.source_names()
    for section in statement(check, people)["sections"]:
        for each in section["figures"]:
            told = {row["name"]: row for row in (*each["sources"], *each["quiet"])}
            for source in Source.objects.filter(kinds__overlap=list(KINDS[each["code"]])):
                row = told[names[source.code]]
                assert row["silent"] or row["evidence"]["request_number"]
                assert row["silent"] or row["evidence"]["digest"]


def test_a_silent_source_is_named_at_the_figure_and_is_no_zero(check_of, people):
    banks = figure(check_of("two-banks-silent"), people, "assets")
    silent = [row for row in banks["sources"] if row["silent"]]
    assert len(silent) == 2
    assert {row["says"] for row in silent} == {"--"}
    assert {each["outcome"] for row in silent for each in row["silent"]} <= {"timeout", "unavailable"}
    assert banks["verdict"] == "Open"


def test_the_share_of_each_is_divided_before_the_readers_eyes(check_of, people):
    income = figure(check_of("unfit-income"), people, "income")
    assert income["used"] == "CNY 206,400.00 ÷ 2 persons ÷ 12 months = CNY 8,600.00 per person a month"
    assert income["distance"].endswith("beyond the line, 92.0% of the limit")
    tax = next(row for row in income["sources"] if row["used"] != "--")
    assert (tax["says"], tax["used"]) == ("CNY 206,400.00", "CNY 206,400.00")


def test_a_vehicle_is_told_in_one_unit_and_its_price_stands_apart(check_of, people):
    sections = {each["code"]: each for each in statement(check_of("hidden-car"), people)["sections"]}
    line = sections["vehicles"]["lines"][0]
    assert (line["found"], line["counted"], line["besides"]) == ("1 vehicle", "1 vehicle", "CNY 168,000.00")
    price = figure(check_of("hidden-car"), people, "vehicle_price")
    police = next(row for row in price["sources"] if row["used"] != "--")
    assert (police["says"], police["used"]) == ("CNY 168,000.00", "CNY 168,000.00")


def test_a_figure_per_person_is_not_headed_as_the_households(check_of, people, as_user):
    check = check_of("unfit-deposits")
    with translation.override("zh-hans"):
        assets = figure(check, people, "assets")
    assert assets["name"] == "人均金融资产"
    text = as_user("check", "zh-hans").get(reverse("verification:check", args=[check.number])).content.decode()
    assert "家庭金融资产" not in text
    assert wording.criterion_name("assets", "cny") != wording.criterion_name("assets", "cny_head")


def test_beyond_the_line_the_page_names_the_fact_without_which_it_would_be_met(check_of, people, as_user):
    near = statement(check_of("hidden-car"), people)["near"]
    assert near["is_beyond"]
    assert "CNY 168,000.00" in near["fact"]
    text = as_user("check").get(reverse("verification:check", args=[check_of("hidden-car").number])).content.decode()
    assert f'href="#line-{near["line"]}"' in text


def test_on_the_line_itself_what_must_stay_below_is_not_met():
    on_it = replace(
        household.check().comparison.criterion("income"), value=Decimal(4480), distance=Decimal(0), met=False
    )
    assert distance_words(on_it) == "exactly on the line, which does not meet it"
    assert distance_words(replace(on_it, met=True)) == "exactly on the line"


def test_inside_the_line_it_says_what_more_would_take_it_there():
    father = replace(household.FATHER, income=Income(wages=Decimal(124000)))
    result = household.check(declared=Declared(persons=(father, household.MOTHER, household.CHILD)))
    income = result.comparison.criterion("income")
    assert result.near.criterion == "income"
    # 4,480.00 for three persons in twelve months, less the 160,000.00 that they have
    assert more_to_the_line(income, result.statement) == "CNY 1,280.00"
    assert distance_words(income) == "CNY 35.56 per person a month inside the line, 0.8% of the limit"
    residence = result.comparison.criterion("residence")
    assert more_to_the_line(residence, result.statement) == ""
    assert "%" not in distance_words(residence)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_shows_request_number_time_and_digest_of_every_source(check_of, as_user, language):
    check = check_of("fit")
    text = as_user("check", language).get(reverse("verification:check", args=[check.number])).content.decode()
    for evidence in assessing.result_of(check.assessments.get()).statement.evidence.values():
        assert evidence.request_number in text
        assert evidence.digest in text
