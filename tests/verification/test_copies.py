"""The household's copy is the officer's page with a switch: the same amounts, of others only sums and kinds."""

import re
from decimal import Decimal

import msgspec
import pytest
from django.template.loader import render_to_string
from django.utils import translation

from verification import wording
from verification.mock_departments import scenarios_shelf
from verification.pages.household import read
from verification.pages.readers import Member, Reader
from verification.pages.statement import statement_of

SCENARIOS = sorted(scenarios_shelf.read_all())
NUMBER = re.compile(r"[+-]?[\d,]+(?:\.\d+)?")
# What of a record or declaration tells where somebody lives, works, saves, what they drive, to whom they are married.
TELLING = {
    *("address", "plate", "plate_no", "ship_name", "unit_name", "employer_name", "entity_name", "institution"),
    *(
        "account_no",
        "record_key",
        "certificate_no",
        "unit_no",
        "contract_no",
        "partner_name",
        "partner_id",
        "id_number",
    ),
    *("phone", "model", "brand_model", "name", "credit_code", "unit_code", "employer_code"),
}


def number(text: str) -> Decimal:
    """The figure of a quantity; nothing for `--`."""
    found = NUMBER.search(text.replace("m²", ""))
    return Decimal(found[0].replace(",", "")) if found and text != "--" else Decimal(0)


def shown_to(check, recipient: str, agreed: frozenset[str]) -> dict:
    found = read(check)
    return statement_of(found, Member(found, recipient, agreed), wording.source_names()) | {"check": check}


def html_of(check, recipient: str, agreed: frozenset[str] = frozenset()) -> str:
    return render_to_string("verification/_statement.html", {"statement": shown_to(check, recipient, agreed)})


def every_amount(statement: dict) -> list:
    """All that is told in figures, in the order of the page."""
    return [
        (
            section["code"],
            [
                (each["value"], each["declared"], each["declared_used"], each["used"], each["limit"], each["distance"])
                + tuple((row["says"], row["used"]) for row in each["sources"])
                for each in section["figures"]
            ],
            [(row["declared"], row["found"], row["difference"]) for row in section["differences"]],
            [(line["number"], line["found"], line["besides"], line["counted"]) for line in section["lines"]],
        )
        for section in statement["sections"]
    ]


def sums(statement: dict) -> list:
    """What stays the same however many lines are told as one."""
    told = []
    for section in statement["sections"]:
        figures = [
            (each["value"], each["used"], each["limit"], each["distance"], each["standard"], each["article"])
            for each in section["figures"]
        ]
        added = [
            [sum(number(row[name]) for row in section["differences"]) for name in ("declared", "found", "difference")]
        ]
        if section["code"] != "household":
            added.append([sum(number(line[name]) for line in section["lines"]) for name in ("found", "counted")])
        for each in section["figures"]:
            if each["code"] in {"income", "area", "assets", "vehicles", "business"}:
                added.append([sum(number(row[name]) for row in each["sources"]) for name in ("says", "used")])
                added.append([each["declared"], each["declared_used"]])
        told.append((section["code"], figures, added))
    return told


def strings(value: object, name: str = "") -> set[str]:
    """Every telling text inside a record or a declaration."""
    if isinstance(value, dict):
        return set().union(*(strings(each, key) for key, each in value.items())) if value else set()
    if isinstance(value, list | tuple):
        return set().union(*(strings(each, name) for each in value)) if value else set()
    return {value} if isinstance(value, str) and name in TELLING and len(value) >= 4 else set()


def told_of(check) -> dict[str, set[str]]:
    """By member, the texts that sources and declaration hold of them."""
    inputs = read(check).inputs
    known: dict[str, set[str]] = {
        person.key: strings(msgspec.to_builtins(person)) for person in inputs.declared.persons
    }
    for owned in (inputs.declared.homes, inputs.declared.vehicles, inputs.declared.assets, inputs.declared.businesses):
        for each in owned:
            known[each.owner] |= strings(msgspec.to_builtins(each))
    for heard in inputs.heard:
        for reply in heard.replies:
            known[reply.person] |= strings(msgspec.to_builtins(reply.records))
    return known


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_who_has_agreed_is_told_line_by_line_with_the_very_amounts_of_the_officers_page(check_of, scenario):
    check = check_of(scenario)
    found = read(check)
    officers = every_amount(statement_of(found, Reader(found), wording.source_names()))
    for person in found.inputs.declared.persons:
        assert every_amount(shown_to(check, person.key, frozenset(found.members))) == officers


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_who_has_not_agreed_is_told_in_sums_that_come_to_the_same(check_of, scenario):
    check = check_of(scenario)
    found = read(check)
    officers = sums(statement_of(found, Reader(found), wording.source_names()))
    for person in found.inputs.declared.persons:
        assert sums(shown_to(check, person.key, frozenset())) == officers


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_nothing_that_tells_of_another_member_stands_on_the_copy(check_of, scenario, language):
    check = check_of(scenario)
    known = told_of(check)
    with translation.override("zh-hans"):
        sources = {*wording.source_names().values()}  # all of them stand on every copy
    for recipient in known:
        others = set().union(*(texts for key, texts in known.items() if key != recipient))
        foreign = {text for text in others - known[recipient] if not any(text in name for name in sources)}
        for agreed in (frozenset(), frozenset(known) - {recipient}):
            with translation.override(language):
                text = html_of(check, recipient, agreed)
            assert [each for each in foreign if each in text] == []
            assert "%(" not in text


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_not_even_the_own_number_address_or_account_stands_on_it_in_full(check_of, scenario):
    check = check_of(scenario)
    inputs = read(check).inputs
    for person in inputs.declared.persons:
        text = html_of(check, person.key)
        assert person.id_number not in text
        assert not person.phone or person.phone not in text
        for home in inputs.declared.homes:
            assert home.address not in text
        records = [
            msgspec.to_builtins(record) for heard in inputs.heard for reply in heard.replies for record in reply.records
        ]
        for record in records:
            telling = [record.get(name) for name in ("address", "account_no", "certificate_no", "unit_no")]
            telling.append("" if record["record_key"] == record.get("plate_no") else record["record_key"])
            assert [each for each in telling if each and len(each) >= 6 and each in text] == []


def test_the_own_lines_are_told_in_words(check_of):
    check = check_of("hidden-car")
    owner = next(line.person for line in read(check).result.statement.lines_of("vehicles"))
    other = next(key for key in read(check).members if key != owner)
    assert "苏M9K168" in html_of(check, owner)
    assert "苏M9K168" not in html_of(check, other)
    assert "苏M9K168" not in html_of(check, other, frozenset({owner}))
    assert "苏M9K168" not in html_of(check, "", frozenset({owner, other}))  # as an auditor reads it


def test_the_bank_of_a_member_who_has_not_agreed_cannot_be_told_from_the_others(check_of):
    check = check_of("unfit-deposits")
    found = read(check)
    savers = {line.person for line in found.result.statement.lines_of("assets")}
    recipient = next((key for key in found.members if key not in savers), "")
    sections = shown_to(check, recipient or "nobody", frozenset())["sections"]
    assets = next(each for section in sections for each in section["figures"] if each["code"] == "assets")
    assert [row["name"] for row in assets["sources"]] == ["Other members together"]
    assert len(assets["quiet"]) == sum("deposit" in heard.kinds for heard in found.inputs.heard)
    assert assets["quiet_words"].startswith("Nothing of the members shown here")


def test_a_fact_of_another_member_that_decides_is_not_named(check_of):
    check = check_of("hidden-car")
    owner = next(line.person for line in read(check).result.statement.lines_of("vehicles"))
    other = next(key for key in read(check).members if key != owner)
    near = shown_to(check, other, frozenset())["near"]
    assert near["is_beyond"]
    assert (near["fact"], near["line"]) == ("", None)
    assert "no single line" not in html_of(check, other)
    assert "168,000.00" in shown_to(check, owner, frozenset())["near"]["fact"]
