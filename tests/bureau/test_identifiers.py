from datetime import date

import pytest

from bureau import identifiers
from bureau.identifiers import IdentifierError, normalise_credit_code, normalise_id, normalise_plate

TODAY = date(2026, 11, 20)


def test_an_id_number_of_18_characters_is_taken_and_a_small_x_becomes_large():
    assert normalise_id(" 11010519491231002x ", today=TODAY) == "11010519491231002X"


def test_an_old_id_number_of_15_digits_becomes_its_18():
    assert normalise_id("110105491231002", today=TODAY) == "11010519491231002X"


def test_a_division_that_no_longer_exists_is_no_fault():
    # 321002 was the old city of Taizhou before 1996; 999999 never was a division
    number = "999999194912310025"
    assert normalise_id(number[:17] + _check(number), today=TODAY)[:6] == "999999"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "id_length"),
        ("1101051949123100", "id_length"),
        ("11010519491231A02X", "id_format"),
        ("1101051949123100２X1", "id_length"),
        ("110105194912310021", "id_checksum"),
        ("11010519491331002X", "id_birth_date"),
        ("110105490230002", "id_birth_date"),
        ("11010520261121002X", "id_birth_in_future"),
        ("11010518961120002X", "id_too_old"),
    ],
)
def test_a_wrong_id_number_is_refused_with_its_reason_and_without_the_number(text, code):
    with pytest.raises(IdentifierError) as raised:
        normalise_id(text, today=TODAY)
    assert raised.value.code == code
    assert not text or text not in str(raised.value)


def test_a_person_born_today_may_have_a_number():
    number = "321202202611200010"
    assert normalise_id(number[:17] + _check(number), today=TODAY)


def test_birth_date_sex_and_age_stand_in_the_number():
    assert identifiers.birth_date("11010519491231002X") == date(1949, 12, 31)
    assert identifiers.sex("11010519491231002X") == "female"
    assert identifiers.sex("110105194912310034") == "male"
    assert identifiers.age("11010519491231002X", date(2026, 12, 30)) == 76
    assert identifiers.age("11010519491231002X", date(2026, 12, 31)) == 77


@pytest.mark.parametrize("code", ["91110000600037341L", "913212000000000030", "9111 0000-600037341l"])
def test_a_unified_credit_code_is_taken_also_where_the_sum_divides_by_31(code):
    assert len(normalise_credit_code(code)) == 18


def test_a_rural_collective_with_a_letter_in_front_has_a_credit_code():
    body = "N2321202MF0000001"
    codes = [body + last for last in "0123456789ABCDEFGHJKLMNPQRTUWXY"]
    taken = [code for code in codes if _is_credit_code(code)]
    assert len(taken) == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("9111000060003734", "credit_code_length"),
        ("91110000600037341O", "credit_code_format"),
        ("911100006000373411", "credit_code_checksum"),
    ],
)
def test_a_wrong_credit_code_is_refused_with_its_reason(text, code):
    with pytest.raises(IdentifierError) as raised:
        normalise_credit_code(text)
    assert raised.value.code == code


@pytest.mark.parametrize(
    ("text", "plate"),
    [("苏m·12345", "苏M12345"), ("苏MD12345", "苏MD12345"), ("苏M12345F", "苏M12345F"), ("苏M1234学", "苏M1234学")],
)
def test_a_number_plate_is_taken(text, plate):
    assert normalise_plate(text) == plate


@pytest.mark.parametrize("text", ["", "M12345", "苏M1234", "苏M1234O", "苏MD1234X5", "苏M123456"])
def test_what_is_no_number_plate_is_refused(text):
    with pytest.raises(IdentifierError):
        normalise_plate(text)


def _check(number: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False)) % 11]


def _is_credit_code(code: str) -> bool:
    try:
        return normalise_credit_code(code) == code
    except IdentifierError:
        return False
