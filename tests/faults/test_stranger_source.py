"""docs/source-contract.md suffices: an order passes through sources written from it alone, sharing no code."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.factories.checks import order_scenario
from verification import asking, assessing
from verification.models import Check, Source

STRANGER = Path(__file__).with_name("stranger.py")
NAME, NUMBER, OLD_NUMBER = "王㛃𬱖", "321299198903179369", "321299890317936"  # of the scenario rare-character-name
FLAT = {
    "kind": "housing",
    "record_key": "苏(2016)泰州市不动产权第0099001号",
    "record_type": "01",
    "certificate_no": "苏(2016)泰州市不动产权第0099001号",
    "address": "泰州市海陵区陌生路9号1幢101室",
    "area": "88.80",
    "share_type": "0",
    "use": "10",
    "acquire_date": "2016-09-01",
    "status": "1",
}
ACCOUNT = {"ACCTKEY": "stranger-1", "ACCTTP": "D", "ACCTNO": "************7788", "BAL": "4321.09"}
AID = {
    "kind": "assistance",
    "record_key": "3210-LS-2024-7",
    "aid_type": "09",
    "from_date": "2024-01-01",
    "to_date": "2024-02-01",
    "status": "3",
    "county_code": "321003",
    "county_name": "扬州市邗江区",
}
KNOWN = {
    "housing_bureau": ("gov_json", {OLD_NUMBER: {"name": NAME, "records": [FLAT]}}),
    "icbc": ("bank_xml", {NUMBER: {"name": NAME, "records": [ACCOUNT]}}),
    "province": ("province_batch", {NUMBER: {"name": NAME, "records": [AID]}}),
}


@pytest.fixture
def stranger(sources):
    """Starts the stranger with what it knows, and points three of the 24 sources at it."""
    running = []

    def start(known):
        rows = {source.code: source for source in Source.objects.filter(code__in=known)}
        told = {
            code: {"dialect": dialect, "key_id": rows[code].key_id, "secret": rows[code].secret, "people": people}
            for code, (dialect, people) in known.items()
        }
        process = subprocess.Popen(
            [sys.executable, "-I", str(STRANGER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        running.append(process)
        process.stdin.write(json.dumps(told))
        process.stdin.close()
        port = int(process.stdout.readline())
        for code in known:
            Source.objects.filter(code=code).update(url=f"http://127.0.0.1:{port}/{code}")

    yield start
    for process in running:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture
def asked(stranger, sources):
    """A household of which the stranger knows this, ordered and assessed."""

    def ask(known):
        stranger(known)
        check = order_scenario(sources, "rare-character-name")
        for _ in range(4):  # a batch that is still at work is asked for again when it falls due
            asking.ask_due()
        check.refresh_from_db()
        assert check.status == Check.Status.ASSESSED
        return check

    return ask


def test_the_stranger_shares_no_code_with_us():
    tree = ast.parse(STRANGER.read_text(encoding="utf-8"))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or "."]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported
    assert imported <= sys.stdlib_module_names
    assert not {"importlib", "runpy", "subprocess"} & imported


@pytest.mark.django_db(transaction=True)
def test_an_order_passes_through_a_strangers_sources(asked):
    check = asked(KNOWN)

    rows = check.inquiries.filter(source__code__in=KNOWN)
    assert dict(rows.values_list("source__code", "state")) == dict.fromkeys(KNOWN, "answered")
    expected = {code: {"m1": "found", "m2": "none"} for code in KNOWN}
    assert dict(rows.values_list("source__code", "outcomes")) == expected

    statement = assessing.result_of(check.assessments.get()).statement
    by_source = {code: [line for line in statement.lines if line.source == code] for code in KNOWN}
    assert [(line.kind, str(line.area)) for line in by_source["housing_bureau"]] == [("ownership", "88.80")]
    assert [str(line.amount) for line in by_source["icbc"]] == ["4321.09"]
    assert [line.record_key for line in by_source["province"]] == [AID["record_key"]]
    assert check.findings.filter(source_code="housing_bureau", kind="undeclared_home").exists()
    assert check.assessments.get().proposed == "unfit"


@pytest.mark.django_db(transaction=True)
def test_a_stranger_who_holds_the_number_under_another_name_has_not_answered(asked):
    check = asked({"icbc": ("bank_xml", {NUMBER: {"name": "王小明", "records": [ACCOUNT]}})})

    assert check.inquiries.get(source__code="icbc").outcomes["m1"] == "identity_mismatch"
    lines = assessing.result_of(check.assessments.get()).statement.lines
    assert not [line for line in lines if line.source == "icbc"]
    assert check.assessments.get().proposed == "incomplete"


@pytest.mark.django_db(transaction=True)
def test_a_key_that_the_stranger_does_not_know_is_refused_and_not_taken_for_nothing_found(stranger, sources):
    stranger({"icbc": KNOWN["icbc"]})
    Source.objects.filter(code="icbc").update(key_id="somebody-else")
    check = order_scenario(sources, "rare-character-name")
    asking.ask_due()

    row = check.inquiries.get(source__code="icbc")
    assert (row.state, row.reason, row.attempts) == ("failed", "refused", 1)
    assert check.assessments.get().proposed == "incomplete"
