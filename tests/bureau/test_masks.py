import pytest

from bureau import masks
from bureau.masks import IdLevel


@pytest.mark.parametrize(
    ("full", "masked"),
    [
        ("仲丽妮", "仲*妮"),
        ("王强", "王*"),
        ("欧阳娜娜", "欧**娜"),
        ("𠮷坔㙦", "𠮷*㙦"),
        ("王", "*"),
        ("", ""),
        ("阿里木·买买提", "阿*****提"),
    ],
)
def test_a_name_shows_its_first_and_perhaps_its_last_character(full, masked):
    assert masks.name(full) == masked


@pytest.mark.parametrize(
    ("level", "masked"),
    [
        (IdLevel.PUBLIC, "3****************X"),
        (IdLevel.INTERNAL, "321************22X"),
        (IdLevel.CASEWORK, "321202********122X"),
    ],
)
def test_an_id_number_shows_what_its_level_allows(level, masked):
    assert masks.id_number("32120219860312122X", level) == masked


def test_something_shorter_than_an_id_number_is_hidden_whole():
    assert masks.id_number("123456") == "******"


@pytest.mark.parametrize(("full", "masked"), [("18612341402", "186****1402"), ("86880000", "******00"), ("", "")])
def test_a_phone_number_hides_its_middle(full, masked):
    assert masks.phone(full) == masked


@pytest.mark.parametrize(("full", "masked"), [("6222 0211 1500 1234 567", "**** 4567"), ("1234", "****")])
def test_a_bank_card_shows_four_digits_and_not_its_length(full, masked):
    assert masks.bank_card(full) == masked


@pytest.mark.parametrize(
    ("full", "masked"),
    [
        ("泰州市海陵区城东街道迎春东路12号3幢501室", "泰州市海陵区城东街道****"),
        ("泰州市海陵区迎春小区3幢", "泰州市海陵区****"),
        ("迎春东路12号", "****"),
        ("", ""),
    ],
)
def test_an_address_shows_divisions_only(full, masked):
    assert masks.address(full) == masked


@pytest.mark.parametrize(
    "number",
    [
        "321299198504129014",
        "32129919850412901x",
        "321299 19850412 9014",
        "３２１２９９１９８５０４１２９０１４",
        "321299850412901",
    ],
)
def test_an_id_number_in_a_text_is_taken_out_however_it_was_typed(number):
    assert masks.without_id_numbers(f"applications?reference={number} → 0") == "applications?reference=(number) → 0"


@pytest.mark.parametrize(
    "text", ["GZ2026-000001 → 1", "2026-11-01, 2026-11-24 → 3", "泰房核〔2026〕0001号-1", "13805260001"]
)
def test_other_numbers_stay(text):
    assert masks.without_id_numbers(text) == text
