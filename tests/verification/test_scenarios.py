"""Every pinned household comes, through order, HTTP and assessment, to what a careful officer would conclude."""

import json
from pathlib import Path

import msgspec
import pytest

from verification import assessing
from verification.mock_departments import scenarios_shelf
from verification.models import Check

SCENARIOS = scenarios_shelf.read_all()
PINNED = {
    "fit",
    "unfit-income",
    "unfit-area",
    "unfit-deposits",
    "unfit-vehicle",
    "hidden-car",
    "hidden-flat",
    "sham-divorce",
    "dead-member",
    "nominal-shareholder",
    "rare-character-name",
    "old-15-digit-id",
    "sold-vehicle",
    "two-banks-silent",
}


def test_every_household_that_the_procedure_names_is_pinned():
    assert SCENARIOS.keys() >= PINNED
    assert SCENARIOS.keys() == {path.stem for path in scenarios_shelf.FOLDER.glob("*.json")}


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_the_household_comes_to_its_conclusion_findings_and_failing_criteria(check_of, name):
    expected = SCENARIOS[name].expect
    check = check_of(name)
    assert check.status == Check.Status.ASSESSED
    assessment = check.assessments.get()
    comparison = assessing.result_of(assessment).comparison

    assert comparison.proposed == assessment.proposed == expected.conclusion
    material = sorted(kind for kind in check.findings.values_list("kind", flat=True) if kind != "over_limit")
    assert material == sorted(expected.findings)
    failing = {criterion.name for criterion in comparison.criteria if criterion.met is False}
    assert failing == set(expected.failing)


@pytest.mark.parametrize("name", sorted(name for name in SCENARIOS if SCENARIOS[name].expect.conclusion == "unfit"))
def test_every_failing_criterion_has_a_finding_that_an_officer_can_confirm(check_of, name):
    supported = {
        criterion for supports in check_of(name).findings.values_list("supports", flat=True) for criterion in supports
    }
    assert set(SCENARIOS[name].expect.failing) <= supported


def test_two_silent_banks_are_named_and_the_other_22_counted(check_of):
    assessment = check_of("two-banks-silent").assessments.get()
    completeness = assessing.result_of(assessment).statement.completeness
    assert (assessment.asked, assessment.answered) == (24, 22)
    assert len(completeness.missing) == 2


def test_the_scenarios_hold_no_number_twice_and_no_real_division():
    numbers = [person["id_number"] for scenario in SCENARIOS.values() for person in scenario.people]
    assert len(numbers) == len(set(numbers))
    assert all(number.startswith("321299") for number in numbers)


def test_the_findings_of_a_check_are_those_of_its_stored_result(check_of, assessed):
    for name in assessed:
        check = check_of(name)
        proposed = assessing.result_of(check.assessments.get()).comparison.findings
        filed = sorted(check.findings.values_list("fingerprint", flat=True))
        assert filed == sorted(finding.fingerprint for finding in proposed)


def test_names_with_rare_characters_come_back_unchanged(check_of):
    check = check_of("rare-character-name")
    assert "王㛃𬱖" in {person.name for person in assessing.declared_of(check).persons}
    assert check.inquiries.filter(outcomes__m1="identity_mismatch").count() == 0


def test_the_files_are_the_json_of_their_shape():
    for path in Path(scenarios_shelf.FOLDER).glob("*.json"):
        msgspec.convert(json.loads(path.read_text(encoding="utf-8")), scenarios_shelf.Scenario)
