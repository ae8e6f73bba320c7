"""The sections of the declaration: what is taken, what is refused in which words, and that missing is never zero."""

from datetime import date
from decimal import Decimal

import pytest

from applications import drafting
from applications.forms.household import Household
from applications.forms.sections import MEMBERS
from applications.forms.typed import content_from, with_row, without_row
from tests.applications.windows import CHILD, MAN, SECTIONS, WOMAN, changed_row, id_number, sections


def state(name: str, content: dict | None) -> str:
    kept = sections()
    if content is None:
        del kept[name]
    else:
        kept[name] = content
    return Household(kept)[name].state


def errors_of(name: str, content: dict, place: int = 0) -> dict[str, list[str]]:
    bound = Household(sections(**{name: content}))[name]
    assert not bound.is_valid()
    return {field: [str(text) for text in texts] for field, texts in bound.forms[place].errors.items()}


def test_a_household_typed_in_full_is_done_in_every_section_and_makes_a_declaration():
    household = Household(sections())
    assert {name: household[name].state for name in SECTIONS} == dict.fromkeys(SECTIONS, "done")
    declared = household.declared
    assert [(person.key, person.relation) for person in declared.persons] == [("m1", "01"), ("m2", "10"), ("m3", "20")]
    assert declared.persons[0].income.wages == Decimal(48000)
    assert declared.persons[1].income.business == Decimal("12000.50")
    assert declared.persons[2].hukou_since == date(2015, 9, 1)
    assert declared.homes[0].share == 1


def test_a_declaration_written_back_as_typed_is_the_same_declaration():
    kept = sections(
        homes=changed_row("homes", tenure="owned", share="50", acquired_on="2012-02-03"),
        vehicles={"none": "", "rows": [{"owner": "m2", "vehicle_type": "car", "plate": "苏M12345", "price": "56000"}]},
    )
    declared = Household(kept).declared
    written = Household(drafting.sections_from(declared))
    assert {name: written[name].state for name in SECTIONS} == dict.fromkeys(SECTIONS, "done")
    assert written.declared == declared


def test_totals_are_per_head_and_missing_sections_have_none():
    household = Household(sections())
    full = drafting.totals(household.declared, frozenset(SECTIONS))
    assert full.monthly_income_per_head == Decimal("1666.68")
    assert full.area_per_head == Decimal(0)  # 52 m² of a private rental are not owned
    assert full.assets == Decimal(31000)
    empty = drafting.totals(household.declared, frozenset())
    assert (empty.monthly_income_per_head, empty.area_per_head, empty.assets) == (None, None, None)


def test_the_area_per_head_is_that_of_owned_homes_by_share():
    owned = sections(homes=changed_row("homes", tenure="owned", share="50", acquired_on="2012-02-03"))
    assert drafting.totals(Household(owned).declared, frozenset(SECTIONS)).area_per_head == Decimal("8.67")


def test_a_section_is_not_started_in_progress_done_or_wrong():
    assert state("homes", None) == "not_started"
    assert state("homes", {"none": "", "rows": []}) == "in_progress"
    assert state("homes", changed_row("homes", address="")) == "in_progress"
    assert state("homes", changed_row("homes", area="-5")) == "error"
    assert state("homes", {"none": "on", "rows": []}) == "done"


@pytest.mark.parametrize("name", ["members", "homes", "vehicles", "assets", "businesses", "assistance"])
def test_none_is_said_expressly_or_the_section_is_not_complete(name):
    bound = Household(sections(**{name: {"none": "", "rows": []}}))[name]
    assert not bound.is_valid()
    assert "tick that there is none" in str(bound.none_form.errors["none"])


def test_none_and_something_contradict_each_other():
    assert state("assets", {**SECTIONS["assets"], "none": "on"}) == "error"


def test_an_empty_income_box_is_not_zero():
    assert "wages" in errors_of("income", changed_row("income", wages=""))
    assert state("income", changed_row("income", wages="")) == "in_progress"


def test_a_person_without_income_has_no_amount():
    found = errors_of("income", changed_row("income", without="on"))
    assert "Remove it" in found["without"][0]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("-1", "never negative"),
        ("1000000000", "999999999.99"),
        ("12.345", "Two places"),
        ("1e5", "Enter a number"),
        ("many", "Enter a number"),
        ("NaN", "Enter a number"),
    ],
)
def test_money_that_cannot_be_is_refused_in_words(value, words):
    assert words in errors_of("assets", changed_row("assets", amount=value))["amount"][0]


@pytest.mark.parametrize("value", ["12,000", "12000.00", "１２０００", "12000 元", "¥12,000"])
def test_money_is_read_as_people_write_it(value):
    bound = Household(sections(assets=changed_row("assets", amount=value)))["assets"]
    assert bound.is_valid()
    assert bound.forms[0].cleaned_data["amount"] == 12000


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (MAN[:-1] + ("1" if MAN[-1] != "1" else "2"), "does not fit"),
        ("32120219850312", "18 characters"),
        ("321202198502301234", "does not exist"),
        ("321202209001010013", "still to come"),
    ],
)
def test_a_wrong_id_number_is_refused_with_what_is_wrong_and_without_repeating_it(value, words):
    text = errors_of("applicant", changed_row("applicant", id_number=value))["id_number"][0]
    assert words in text
    assert value not in text


def test_birth_date_and_sex_follow_from_the_id_number_old_or_new():
    row = Household(sections())["applicant"].forms[0].from_id_number()
    assert (row["born_on"], row["sex"]) == (date(1985, 3, 12), "Male")
    old = changed_row("applicant", id_number=MAN[:6] + MAN[8:17])
    assert Household(sections(applicant=old))["applicant"].forms[0].from_id_number()["born_on"] == date(1985, 3, 12)


def test_the_applicant_is_an_adult():
    assert "18 or older" in errors_of("applicant", changed_row("applicant", id_number=CHILD))["id_number"][0]


def test_the_same_person_twice_is_named():
    assert "张建国" in errors_of("members", changed_row("members", 0, id_number=MAN, relation="70"))["id_number"][0]
    assert (
        "Member 1" in errors_of("members", changed_row("members", 1, id_number=WOMAN, relation="70"), 1)["id_number"][0]
    )


def test_a_second_applicant_is_refused():
    assert "one applicant only" in errors_of("members", changed_row("members", relation="01"))["relation"][0]


def test_relation_and_sex_go_together():
    assert "sex" in errors_of("members", changed_row("members", 1, relation="30"), 1)["relation"][0]


def test_a_spouse_is_married():
    assert "married" in errors_of("members", changed_row("members", marital="10"))["marital"][0]


@pytest.mark.parametrize(
    ("value", "words"), [("2190-01-01", "future"), ("1850-01-01", "1900"), ("2020-02-30", "exists")]
)
def test_days_in_the_future_before_1900_or_that_do_not_exist_are_refused(value, words):
    assert words in errors_of("homes", changed_row("homes", acquired_on=value))["acquired_on"][0]


@pytest.mark.parametrize("value", ["2019-12-08", "20191208", "2019/12/8", "2019.12.8", "2019年12月8日"])
def test_days_are_read_as_people_write_them(value):
    bound = Household(sections(homes=changed_row("homes", acquired_on=value)))["homes"]
    assert bound.is_valid()
    assert bound.forms[0].cleaned_data["acquired_on"] == date(2019, 12, 8)


def test_a_home_is_not_sold_before_it_was_acquired():
    content = changed_row("homes", tenure="owned", acquired_on="2020-01-02", sold_on="2020-01-01")
    assert "before" in errors_of("homes", content)["sold_on"][0]


@pytest.mark.parametrize(
    ("plate", "fits"), [("苏M12345", True), ("苏md 12345", True), ("M12345", False), ("苏O1234", False)]
)
def test_a_plate_has_the_shape_of_a_plate(plate, fits):
    row = {"owner": "m1", "vehicle_type": "car", "plate": plate}
    assert Household(sections(vehicles={"none": "", "rows": [row]}))["vehicles"].is_valid() is fits


def test_a_boat_has_no_plate_but_a_number():
    row = {"owner": "m1", "vehicle_type": "boat", "plate": "苏泰货00123"}
    assert Household(sections(vehicles={"none": "", "rows": [row]}))["vehicles"].is_valid()


def test_a_vehicle_sold_without_transfer_needs_its_proof():
    row = {"owner": "m1", "vehicle_type": "car", "plate": "苏M12345", "sold_on": "2024-01-01"}
    assert state("vehicles", {"none": "", "rows": [row]}) == "in_progress"


def test_a_wrong_credit_code_is_refused():
    found = errors_of("applicant", changed_row("applicant", employer_code="91321202MA9HY0004Z"))
    assert "credit code" in found["employer_code"][0]


def test_a_thing_of_somebody_who_left_the_household_is_wrong():
    kept = sections(members={"none": "on", "rows": [], "last": 3}, homes=changed_row("homes", owner="m2"))
    assert "no longer a member" in str(Household(kept)["homes"].forms[0].errors["owner"])


def test_income_follows_the_people():
    kept = sections()
    kept["members"]["rows"].append({**kept["members"]["rows"][1], "key": "m4", "id_number": id_number("20170303", 51)})
    household = Household(kept)
    assert [form.typed("key") for form in household["income"].forms] == ["m1", "m2", "m3", "m4"]
    assert household["income"].state == "in_progress"


def test_the_key_of_a_member_who_left_is_never_given_again():
    content = without_row(SECTIONS["members"], 1)
    assert [row["key"] for row in with_row(MEMBERS, content)["rows"]] == ["m2", "m4"]


def test_what_is_not_a_box_of_the_page_is_not_kept():
    post = {
        "rows-0-name": "李秀英",
        "rows-0-live": "on",
        "rows-0-key": "m1",
        "status": "approved",
        "rows-1-key": "../x",
    }
    content = content_from(MEMBERS, post, [], 1)
    assert [set(row) for row in content["rows"]] == [{"name", "key"}, {"key"}]
    assert [row["key"] for row in content["rows"]] == ["m2", "m3"]
