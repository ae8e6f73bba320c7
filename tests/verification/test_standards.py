import json
from datetime import date
from decimal import Decimal

import pytest

from bureau.dated_policy import PolicyError
from tests.verification.household import STANDARDS
from verification.facts import RecordKind
from verification.standards import SOURCES, choose, read_standard, sample_standards
from verification.standards.reading import SAMPLES
from verification.standards.schema import SOURCE_KINDS


def plain(standard="taizhou-demo-public-rental"):
    return json.loads((SAMPLES / f"{standard}.json").read_text())


def read(content):
    return read_standard(json.dumps(content).encode())


def problems(content):
    with pytest.raises(PolicyError) as caught:
        read(content)
    return {problem.field: problem for problem in caught.value.problems}


def test_every_sample_reads_and_the_demonstration_says_that_it_is_one():
    assert len(sample_standards()) == 6
    for standard in sample_standards():
        assert standard.notice
        assert standard.demo == standard.id.startswith("taizhou")
        if standard.demo:
            assert "非泰州市现行标准" in standard.notice


@pytest.mark.parametrize(
    ("standard", "monthly"),
    [
        ("taizhou-demo-public-rental", 4480),
        ("taizhou-demo-rental-subsidy", 2800),
        ("nanjing-2021-public-rental", 4291),
        ("xuzhou-2017-rental-subsidy", 1549),
    ],
)
def test_income_lines_are_those_of_the_notices(standard, monthly):
    assert STANDARDS[standard].tier.income.monthly_limit == monthly


@pytest.mark.parametrize(("persons", "limit"), [(1, 230000), (2, 230000), (3, 200000), (4, 170000), (9, 170000)])
def test_asset_limits_go_by_household_size(persons, limit):
    assert STANDARDS["nanjing-2021-public-rental"].asset_test.limit_for(persons) == limit


def test_a_yearly_line_is_divided_and_an_index_multiplied():
    content = plain()
    content["tiers"][0]["income"] = {"ratio": "0.8", "index_amount": "67200", "base": "yearly"}
    assert read(content).tier.income.monthly_limit == Decimal(4480)


def test_all_24_sources_are_known():
    assert len(SOURCES) == 24
    assert set(RecordKind) == {kind for kinds in SOURCE_KINDS.values() for kind in kinds}


def test_the_standard_in_force_is_chosen_by_date():
    nanjing = {"city": "320100", "programme": "public_rental"}
    assert choose(sample_standards(), on=date(2021, 12, 31), **nanjing).id == "nanjing-2021-public-rental"
    assert choose(sample_standards(), on=date(2022, 1, 1), **nanjing) is None
    assert choose(sample_standards(), on=date(2021, 2, 28), **nanjing) is None


def test_of_two_in_force_the_later_is_chosen():
    newer = read(plain() | {"id": "newer", "effective_from": "2026-01-01"})
    taizhou = {"city": "321200", "programme": "public_rental"}
    assert choose((*sample_standards(), newer), on=date(2026, 1, 1), **taizhou).id == "newer"
    assert choose((*sample_standards(), newer), on=date(2025, 12, 31), **taizhou).id == "taizhou-demo-public-rental"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"city": "3212"}, "city"),
        ({"name": " "}, "name"),
        ({"effective_to": "2020-01-01"}, "effective_to"),
        ({"effective_from": "soon"}, "effective_from"),
        ({"tiers": []}, "tiers"),
        ({"required_sources": ["bank_of_nowhere"]}, "required_sources"),
        ({"required_sources": []}, "required_sources"),
        ({"sources_that_may_be_missing": ["police"]}, "sources_that_may_be_missing"),
        ({"tiers": [{"code": "a", "name": "a", "income": {"operator": "<"}}]}, "tiers[0].income.amount"),
        ({"tiers": [{"code": "a", "name": "a", "income": {"amount": "0"}}]}, "tiers[0].income.amount"),
        ({"tiers": [{"code": "a", "name": "a"}]}, "tiers[0].income"),
        ({"tiers": [{"code": "a", "name": "a", "kind": "certificate"}]}, "tiers[0].certificates"),
        ({"area": {"per_head": "0"}}, "area.per_head"),
        ({"area": {"per_head": "many"}}, "area.per_head"),
        ({"assets": {"table": [{"persons": 2, "limit": "5"}]}}, "assets.table"),
        ({"assets": {"table": [{"persons": 1, "limit": "-5"}]}}, "assets.table"),
        ({"vehicles": {"count": -1}}, "vehicles.count"),
        ({"business": {"capital": "-1"}}, "business.capital"),
        ({"residence": {"divisions": [], "years": 1}}, "residence.divisions"),
        ({"residence": {"divisions": ["3212"], "years": 0}}, "residence.years"),
        ({"minimum_wage": {"monthly_wage": "0"}}, "minimum_wage.monthly_wage"),
        ({"tolerance": {"income": {"percent": "-1"}}}, "tolerance.income"),
        ({"basis": {"incom": "art. 1"}}, "basis.incom"),
        ({"subsidy": {"base_rate": "8"}}, "subsidy.area_per_head"),
        ({"subsidy": {"base_rate": "8", "area_per_head": "15", "area_by_size": {"1": "20"}}}, "subsidy.area_per_head"),
        ({"subsidy": {"base_rate": "8", "area_by_size": {"one": "20"}}}, "subsidy.area_by_size"),
        ({"subsidy": {"base_rate": "8", "area_per_head": "15", "headcount": {"0+": "2"}}}, "subsidy.headcount"),
        ({"subsidy": {"base_rate": "0", "area_per_head": "15"}}, "subsidy.base_rate"),
        ({"subsidy": {"base_rate": "8", "area_per_head": "15", "rounding_step": "0"}}, "subsidy.rounding_step"),
        ({"subsidy": {"base_rate": "8", "area_per_head": "15", "tier_rate": {"x": "8"}}}, "subsidy.tier_rate"),
        ({"rent": {"base": "0"}}, "rent.base"),
        ({"rent": {"base": "5", "transition": [{"months": 0, "factor": "1"}]}}, "rent.transition"),
        ({"rent": {"base": "5", "due_day": 29}}, "rent.due_day"),
        ({"rent": {"base": "5", "overstay": [{"months": 6, "factor": "1.2"}]}}, "rent.market_rate"),
        ({"validity_days": 0}, "validity_days"),
    ],
)
def test_each_fault_is_told_by_its_field_with_what_to_do(change, field):
    found = problems(plain() | change)
    assert field in found
    assert found[field].advice.endswith(".")


def test_a_misspelt_limit_is_an_error_and_never_silently_absent():
    assert problems(plain() | {"vehicels": {"count": 1}})["$"].code == "shape"


def test_several_faults_are_told_at_once():
    assert {"city", "name", "vehicles.count"} <= set(
        problems(plain() | {"city": "", "name": "", "vehicles": {"count": -1}})
    )


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]"])
def test_what_is_not_a_standard_at_all_is_refused(content):
    with pytest.raises(PolicyError):
        read_standard(content)
