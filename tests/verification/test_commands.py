"""The commands of the check centre: one household through all sources, its timing, and the replay of every decision."""

import io
import json
import zlib

import msgspec
import pytest
from django.core.management import CommandError, call_command

from bureau import ciphers
from verification import assessing
from verification.models import Assessment, Check

pytestmark = pytest.mark.django_db


def run(name: str, *arguments: str) -> tuple[int, str]:
    """What a command prints on stdout, and what it ends with."""
    out = io.StringIO()
    try:
        call_command(name, *arguments, stdout=out)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue()
    return 0, out.getvalue()


@pytest.fixture
def at_departments(settings, monkeypatch, departments):
    """The commands find the mock departments of the test."""
    departments.reset()
    settings.MOCK_DEPARTMENTS_URL = departments.url
    monkeypatch.setenv("MOCK_PORT", departments.url.rpartition(":")[2])


def test_every_assessment_replays_to_the_same_result(check_of):
    check_of("fit")
    code, printed = run("replay_decisions", "--json")
    told = json.loads(printed)
    assert (code, told["different"]) == (0, [])
    assert told["same"] == told["replayed"] == Assessment.objects.count() > 10


def test_an_assessment_that_does_not_follow_from_its_inputs_is_named_and_fails_the_command(check_of):
    check = check_of("hidden-car")
    true = check.assessments.get()
    other = check_of("fit").assessments.get()
    Assessment.objects.create(
        check_ordered=check,
        version=2,
        on=true.on,
        standard=true.standard,
        rules_version=true.rules_version,
        inputs=other.inputs,
        result=true.result,
        result_digest=true.result_digest,
        proposed=true.proposed,
        asked=24,
        answered=24,
    )
    code, printed = run("replay_decisions", "--json")
    assert code == 1
    assert json.loads(printed)["different"] == [
        {"check": check.number, "version": 2, "problem": "inputs give another result"}
    ]


def test_a_stored_result_that_was_changed_is_named(check_of):
    check = check_of("fit")
    true = check.assessments.get()
    text = zlib.decompress(true.result).replace(b'"fit"', b'"unfit"')
    Assessment.objects.create(
        check_ordered=check,
        version=2,
        on=true.on,
        standard=true.standard,
        rules_version=true.rules_version,
        inputs=true.inputs,
        result=zlib.compress(text),
        result_digest=true.result_digest,
        proposed="unfit",
        asked=24,
        answered=24,
    )
    code, printed = run("replay_decisions")
    assert code == 1
    assert "does not match its digest" in printed


def kept_by_rules(version, check, of):
    """An assessment of `check` that says it was made by these rules, with the result of `of`."""
    own, true = check.assessments.get(), of.assessments.get()
    result = msgspec.structs.replace(assessing.result_of(true), rules_version=version)
    packed = msgspec.json.encode(result)
    Assessment.objects.create(
        check_ordered=check,
        version=2,
        on=own.on,
        standard=own.standard,
        rules_version=version,
        inputs=own.inputs,
        result=zlib.compress(packed),
        result_digest=ciphers.sm3(packed).hex(),
        proposed=true.proposed,
        asked=24,
        answered=24,
    )


def test_an_assessment_by_earlier_rules_that_comes_to_the_same_today_is_the_same(check_of):
    kept_by_rules("2026.1", check_of("fit"), of=check_of("fit"))
    code, printed = run("replay_decisions", "--json")
    told = json.loads(printed)
    assert (code, told["different"], told["by_earlier_rules"]) == (0, [], [])


def test_an_assessment_that_earlier_rules_decided_otherwise_is_listed_and_fails_nothing(check_of):
    check = check_of("hidden-car")
    kept_by_rules("2026.1", check, of=check_of("fit"))
    code, printed = run("replay_decisions", "--json")
    told = json.loads(printed)
    assert (code, told["different"]) == (0, [])
    assert told["by_earlier_rules"] == [
        {"check": check.number, "version": 2, "problem": "by rules 2026.1: fit, today unfit", "rules": "2026.1"}
    ]
    assert "1 that today's rules would decide otherwise" in run("replay_decisions")[1]


def test_an_assessment_by_rules_that_never_were_cannot_hide_behind_them(check_of):
    kept_by_rules("1999.1", check_of("hidden-car"), of=check_of("fit"))
    code, printed = run("replay_decisions", "--json")
    assert (code, len(json.loads(printed)["different"])) == (1, 1)


def test_the_scenarios_are_listed_with_their_titles(at_departments):
    _code, printed = run("check_household", "--list")
    assert len(printed.strip().splitlines()) >= 12
    assert "hidden-car" in printed
    _code, printed = run("check_household", "--list", "--json")
    assert {"name", "title_zh", "title_en", "kind"} <= set(json.loads(printed)["scenarios"][0])


def test_an_unknown_scenario_is_an_error_that_says_where_to_look(at_departments):
    with pytest.raises(CommandError, match="--list"):
        call_command("check_household", "--scenario", "no-such-household", "--json")


def test_without_a_scenario_the_command_says_what_it_needs():
    with pytest.raises(CommandError, match="--scenario"):
        call_command("check_household")


@pytest.mark.django_db(transaction=True)
def test_one_household_goes_through_all_sources_and_one_json_object_comes_out(at_departments, worker):
    _code, printed = run("check_household", "--scenario", "hidden-car", "--json")
    told = json.loads(printed)
    assert set(told) == {"scenario", "conclusion", "sources", "findings", "criteria", "seconds"}
    assert (told["scenario"], told["conclusion"]) == ("hidden-car", "unfit")
    assert told["sources"] == {"asked": 24, "answered": 24}
    assert {"kind": "undeclared_vehicle", "member": "m2"} in told["findings"]
    price = next(each for each in told["criteria"] if each["name"] == "vehicle_price")
    assert (price["value"], price["limit"], price["met"]) == (168000, 120000, False)
    check = Check.objects.get()
    assert (check.subject, check.purpose, check.ordered_by) == ("DEMO-hidden-car-1", "rehearsal", None)
    assert assessing.declared_of(check).persons

    _code, words = run("check_household", "--scenario", "fit")
    assert "HD" in words


@pytest.mark.django_db(transaction=True)
def test_the_time_of_one_check_is_told_and_the_sources_are_put_right_again(at_departments, worker, departments):
    _code, printed = run("time_one_check", "--samples", "1", "--json")
    told = json.loads(printed)
    assert told["samples"] == 1
    assert 0 < told["overhead_ms"]["median"] <= told["overhead_ms"]["p95"]
    assert told["whole_ms"]["median"] > told["slowest_source_ms"]["median"]
    assert departments.ask("/control/sources")["icbc"]["latency"]["kind"] == "none"
