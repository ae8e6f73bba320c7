"""What sources know: pinned scenarios, planted people, invented lives."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec import convert, to_builtins

from tests.verification.mock_departments.asker import Asker, bank_body, question
from tests.verification.mock_departments.conftest import running
from tests.verification.mock_departments.test_dialects import BANKS, OFFICES
from verification.facts import Declared

SCENARIOS = Path(__file__).parents[3] / "verification" / "mock_departments" / "scenarios"
NAMES = sorted(file.stem for file in SCENARIOS.glob("*.json"))
INVENTED = [("张伟", f"3212991980{month:02d}{day:02d}9010") for month in range(1, 13) for day in range(10, 20)]


def household(asker: Asker, name: str) -> list[tuple[str, str]]:
    papers = asker.control("GET", f"scenarios/{name}").json
    return [(person["name"], person["id_number"]) for person in papers["household"]["persons"]]


def said(asker: Asker, code: str, *persons: tuple[str, str], **changes: Any) -> list[dict[str, Any]]:
    """What an office says of each person of one question."""
    persons_said: list[dict[str, Any]] = asker.ask_office(code, question(*persons, **changes)).json["answers"][0][
        "persons"
    ]
    return persons_said


def test_there_are_at_least_sixteen_scenarios_and_all_are_listed(asker: Asker) -> None:
    listed = asker.control("GET", "scenarios").json
    assert [each["name"] for each in listed] == NAMES
    assert len(NAMES) >= 16
    assert all(each["title_zh"] and each["title_en"] for each in listed)


@pytest.mark.parametrize("name", NAMES)
def test_papers_hold_the_declaration_and_nothing_of_the_truth(asker: Asker, name: str) -> None:
    papers = asker.control("GET", f"scenarios/{name}").json
    assert set(papers) == {"name", "title_zh", "title_en", "kind", "household"}
    assert papers["kind"] in {"public_rental", "rental_subsidy"}
    assert papers["household"]["persons"][0]["relation"] == "01"


@pytest.mark.parametrize("name", NAMES)
def test_papers_have_the_shape_of_a_declaration_and_no_field_of_their_own(asker: Asker, name: str) -> None:
    papers = asker.control("GET", f"scenarios/{name}").json["household"]
    declared = to_builtins(convert(papers, Declared))
    for section, entries in papers.items():
        for entry, read in zip(entries, declared[section], strict=True):
            assert set(entry) <= set(read)


@pytest.mark.parametrize("name", NAMES)
def test_every_id_number_is_marked_as_invented_and_has_its_check_character(name: str) -> None:
    for person in json.loads((SCENARIOS / f"{name}.json").read_bytes())["people"]:
        number = person["id_number"]
        weighed = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(number[:17]))
        assert number[:6] == "321299"
        assert number[14] == "9"
        assert number[17] == "10X98765432"[weighed % 11]


@pytest.mark.parametrize("name", NAMES)
def test_every_scenario_is_answered_by_every_source_but_the_silent_ones(asker: Asker, name: str) -> None:
    persons = household(asker, name)
    for code in OFFICES:
        codes = {person["result_code"] for person in said(asker, code, *persons)}
        assert codes <= ({0, 1, 2} if (name, code) == ("identity-mismatch", "police") else {0, 1})
    for code in BANKS:
        if name != "two-banks-silent" or code not in {"cmbc", "spdb"}:
            assert asker.ask_bank(code, question(*persons)).count("<RTNCD>1002") == 0


def test_the_hidden_car_is_with_the_police_and_not_in_the_papers(asker: Asker) -> None:
    persons = household(asker, "hidden-car")
    assert "vehicles" not in asker.control("GET", "scenarios/hidden-car").json["household"]
    kept = said(asker, "police", *persons, kinds=["vehicle"])
    assert [len(person.get("records", [])) for person in kept] == [0, 1, 0]
    assert kept[1]["records"][0]["insured_value"] == "168000.00"


def test_the_dead_member_is_dead_with_the_police_and_was_cremated(asker: Asker) -> None:
    persons = household(asker, "dead-member")
    assert said(asker, "police", *persons)[3]["records"][0]["deceased"] is True
    funeral = said(asker, "civil_affairs", *persons, kinds=["registration"])[3]["records"][0]
    assert funeral["record_type"] == "03"


def test_dates_of_a_scenario_move_with_today(asker: Asker) -> None:
    persons = household(asker, "sham-divorce")
    divorce = said(asker, "civil_affairs", *persons)[0]["records"][1]
    assert divorce["divorce_date"][0:2] == "20"
    flat = said(asker, "housing_bureau", *persons)[0]["records"][0]
    assert flat["transferred_on"] == divorce["divorce_date"]
    assert said(asker, "housing_bureau", *persons, since_date="2999-01-01")[0]["result_code"] == 1


def test_the_police_hold_another_name_in_the_identity_mismatch(asker: Asker) -> None:
    persons = household(asker, "identity-mismatch")
    mismatch = said(asker, "police", *persons)
    assert [person["result_code"] for person in mismatch] == [2, 0, 0]
    assert "records" not in mismatch[0]


def test_a_bank_knows_rare_characters_and_no_other_spelling(asker: Asker) -> None:
    (name, number), _ = household(asker, "rare-character-name")
    assert name == "王㛃𬱖"
    assert "<RTNCD>0000</RTNCD>" in asker.ask_bank("bocom", question((name, number)))
    for spoilt in ("王??", "王㛃", "王㛃\ue000"):
        assert "<RTNCD>1002</RTNCD>" in asker.ask_bank("bocom", question((spoilt, number)))


def test_an_old_number_is_answered_in_its_fifteen_digits(asker: Asker) -> None:
    ((name, number),) = household(asker, "old-15-digit-id")
    (person,) = said(asker, "social_security", (name, number))
    assert person["result_code"] == 0
    assert person["id_no"] == number[:6] + number[8:17]
    assert f"<IDNO>{number[:6]}{number[8:17]}</IDNO>" in asker.ask_bank("tzrcb", question((name, number)))


def test_silent_banks_hang_alone_and_leave_the_household_out_in_company(asker: Asker) -> None:
    persons = household(asker, "two-banks-silent")
    impatient = Asker(asker.port, seconds=0.5)
    with pytest.raises(TimeoutError):
        impatient.signed("cmbc", "POST", "/cmbc/query", bank_body("cmbc", question(*persons)))
    other = question(("李建国", "321299197503189010"), reference="other")
    together = asker.ask_bank("spdb", question(*persons, reference="silent"), other)
    assert "<REFNO>other</REFNO>" in together
    assert "<REFNO>silent</REFNO>" not in together


def test_planted_people_are_known_as_planted_until_reset(asker: Asker) -> None:
    number = "321299199001019011"
    record = {"kind": "vehicle", "record_key": "苏M99999", "record_type": "1", "plate_no": "苏M99999", "status": "1"}
    planted = {
        "id_number": number,
        "name": "苗植",
        "rest": "nothing",
        "known": {
            "police": {"records": [record | {"ownership_date": "-2m"}]},
            "icbc": {"result": "error"},
            "housing_bureau": {"result": "not_in_charge", "remark": "由姜堰区保管"},
        },
    }
    assert asker.control("POST", "people", {"people": [planted]}).json == {"pinned": 1}
    (person,) = said(asker, "police", ("苗植", number))
    assert person["records"][0]["plate_no"] == "苏M99999"
    assert len(person["records"][0]["ownership_date"]) == 10
    assert said(asker, "police", ("别名", number))[0]["result_code"] == 2
    assert said(asker, "housing_bureau", ("苗植", number))[0] == {
        "person": "m1",
        "id_no": number,
        "result_code": 3,
        "remark": "由姜堰区保管",
    }
    assert "<RTNCD>9999</RTNCD>" in asker.ask_bank("icbc", question(("苗植", number)))
    assert said(asker, "social_security", ("苗植", number))[0]["result_code"] == 1
    asker.control("POST", "reset")
    assert said(asker, "police", ("别名", number))[0]["result_code"] == 0


@pytest.mark.parametrize(
    "people",
    [
        [{"id_number": "321299199001019011", "known": {"nobody": {}}}],
        [{"id_number": "321299199001019011", "known": {"police": {"result": "odd"}}}],
        [{"id_number": "321299199001019011", "known": {"police": {"records": [{"kind": "vehicle"}]}}}],
        [{"name": "without a number"}],
        "nobody",
    ],
)
def test_people_planted_out_of_form_are_refused(asker: Asker, people: object) -> None:
    assert asker.control("POST", "people", {"people": people}).status == 422


def facts(asker: Asker) -> list[object]:
    """All that five sources say of 120 invented people, without what differs by the moment."""
    asked = [question(person, reference=f"R-{place}") for place, person in enumerate(INVENTED)]
    offices = [asker.ask_office(code, *asked).json["answers"] for code in ("housing_bureau", "police", "local_tax")]
    banks = [asker.ask_bank(code, *asked).split("</HEAD>")[1] for code in ("icbc", "tzrcb")]
    return [*offices, *banks]


def test_the_same_seed_knows_the_same_and_another_seed_something_else(asker: Asker) -> None:
    here = facts(asker)
    with running(seed=7) as same:
        assert facts(same) == here
    with running(seed=8) as other:
        assert facts(other) != here


def test_invented_people_are_mostly_without_a_home_and_their_pay_agrees(asker: Asker) -> None:
    asked = [question(person) for person in INVENTED]
    homes = asker.ask_office("housing_bureau", *asked).json["answers"]
    owners = sum(answer["persons"][0]["result_code"] == 0 for answer in homes)
    assert 5 <= owners <= 35
    tax = asker.ask_office("local_tax", *asked).json["answers"]
    insurance = asker.ask_office("social_security", *asked).json["answers"]
    workers = 0
    for taxed, insured in zip(tax, insurance, strict=True):
        for record in taxed["persons"][0].get("records", []):
            base = insured["persons"][0]["records"][0]
            assert float(record["declared_income"]) == float(base["month_base"]) * base["months_paid"]
            workers += 1
    assert workers > 40


def test_an_honest_declaration_agrees_with_the_sources(asker: Asker) -> None:
    people = [{"key": f"m{place}", "name": "张伟", "id_number": number} for place, (_, number) in enumerate(INVENTED)]
    declared = [
        convert(each, Declared) for each in asker.control("POST", "declarations", [[one] for one in people]).json
    ]
    asked = [question(person, kinds=["housing"]) for person in INVENTED]
    owners = [
        answer["persons"][0]["result_code"] == 0
        for answer in asker.ask_office("housing_bureau", *asked).json["answers"]
    ]
    assert [bool(each.homes) for each in declared] == owners
    tax = asker.ask_office("local_tax", *(question(person, kinds=["tax"]) for person in INVENTED)).json["answers"]
    for each, taxed in zip(declared, tax, strict=True):
        paid = sum(Decimal(record["declared_income"]) for record in taxed["persons"][0].get("records", []))
        assert each.persons[0].income.wages == paid
    assert asker.control("POST", "declarations", [[{"key": "m1"}]]).status == 422


def test_two_hundred_households_at_once_are_all_answered(asker: Asker) -> None:
    asked = [question(*INVENTED[place % 60 : place % 60 + 3]) for place in range(200)]
    assert len(asker.ask_office("police", *asked).json["answers"]) == 200
    assert asker.ask_bank("icbc", *asked).count("<ITEM>") == 200
