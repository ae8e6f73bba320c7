from datetime import date
from decimal import Decimal

import msgspec
import pytest

from verification.facts import RecordKind
from verification.records import (
    Assistance,
    Business,
    Deposit,
    Fund,
    Housing,
    Insurance,
    Marriage,
    Registration,
    Tax,
    UnreadableError,
    Vehicle,
    decode_records,
    encode_records,
)
from verification.records.assistance import AssistanceType
from verification.records.business import ImpostorStatus
from verification.records.deposit import AccountType, from_bank
from verification.records.housing import HousingRight, HousingStatus, HousingUse
from verification.records.insurance import InsuranceScheme
from verification.records.marriage import MarriageRegistration
from verification.records.tax import IncomeType
from verification.records.vehicle import UseNature, VehicleClass, VehicleStatus

SAID = {
    "housing": {
        "record_key": "H1",
        "record_type": "01",
        "certificate_no": "苏(2014)0012345",
        "unit_no": "321202001001GB00001F00010001",
        "address": "济川东路1号",
        "area": "86.42",
        "share_type": "0",
        "use": "10",
        "acquire_date": "2014-05-06",
        "status": "0",
        "transferred_on": "2024-03-01",
        "transfer_price": "610000.00",
    },
    "registration": {
        "record_key": "R1",
        "record_type": "01",
        "hukou_no": "321202000123",
        "head_relation": "02",
        "division_code": "321202",
        "address": "王坔村1组",
        "moved_in_date": "2012-01-05",
        "members": [{"name": "王坔", "relation": "02"}, {"name": "李㛃", "relation": "10"}],
        "name_history": ["王地"],
        "deceased": True,
        "death_date": "2026-01-02",
        "cancelled": False,
    },
    "marriage": {
        "record_key": "M1",
        "registration_type": "2",
        "partner_name": "李㛃",
        "partner_id_no": "321299197806229024",
        "reg_date": "2026-05-01",
        "divorce_date": "2026-05-01",
        "certificate_no": "L321202-2026-000123",
    },
    "vehicle": {
        "record_key": "V1",
        "record_type": "1",
        "plate_no": "苏M12345",
        "plate_class": "02",
        "vehicle_class": "K",
        "use_nature": "A",
        "status": "2",
        "status_date": "2026-02-03",
        "insured_value": 80000,
    },
    "business": {
        "record_key": "B1",
        "role": "02",
        "entity_name": "泰州某某有限公司",
        "credit_code": "91321200MA0000001W",
        "paid_in_capital": "12.5",
        "share_ratio": "0.25",
        "status": "1",
        "founded_date": "2019-01-01",
        "impostor_status": "2",
        "impostor_revoked_date": "2025-01-01",
    },
    "tax": {
        "record_key": "T1",
        "record_type": "01",
        "income_type": "01",
        "period_from": "2026-01",
        "period_to": "2026-10",
        "declared_income": "54000.00",
    },
    "fund": {"record_key": "F1", "account_no": "****1234", "status": "1", "balance": "0.00", "last_month": "2026-10"},
    "insurance": {
        "record_key": "I1",
        "record_type": "1",
        "scheme": "1",
        "status": "1",
        "month_base": "4494.00",
        "months_paid": 12,
    },
    "deposit": {"record_key": "D1", "account_type": "D", "account_no": "****4321", "balance": "12345.60"},
    "assistance": {
        "record_key": "A1",
        "aid_type": "03",
        "from_date": "2025-03-01",
        "status": "1",
        "county_code": "321003",
    },
}


def read(kind, /, **changes):
    fields = {**SAID[kind], "kind": kind, **changes}
    fields = {name: value for name, value in fields.items() if value is not ...}
    [record] = decode_records(msgspec.json.encode([fields]))
    return record


def test_housing_speaks_our_words():
    home = read("housing")
    assert isinstance(home, Housing)
    assert (home.right, home.status, home.use) == (
        HousingRight.OWNERSHIP,
        HousingStatus.HISTORICAL,
        HousingUse.DWELLING,
    )
    assert (home.transferred_on, home.transfer_price) == (date(2024, 3, 1), Decimal("610000.00"))
    assert home.kind == RecordKind.HOUSING


@pytest.mark.parametrize(
    ("changes", "share", "area"),
    [
        ({}, Decimal(1), Decimal("86.42")),
        ({"share_type": "2", "share_ratio": "0.3333"}, Decimal("0.3333"), Decimal("28.80")),
        ({"share_type": "1", "owner_count": 2}, Decimal("0.5"), Decimal("43.21")),
        ({"share_type": "1"}, None, None),
    ],
)
def test_a_share_in_a_home_is_as_registered_or_not_known(changes, share, area):
    home = read("housing", **changes)
    assert (home.share, home.own_area) == (share, area)


def test_registration_speaks_our_words():
    entry = read("registration")
    assert isinstance(entry, Registration)
    assert (entry.moved_in_on, entry.died_on, entry.reports_death) == (date(2012, 1, 5), date(2026, 1, 2), True)
    assert [(member.name, member.relation) for member in entry.members] == [("王坔", "02"), ("李㛃", "10")]
    assert entry.name_history == ("王地",)


def test_a_cremation_reports_a_death():
    funeral = {"record_key": "C1", "record_type": "03", "cremation_date": "2026-01-05"}
    [record] = decode_records(msgspec.json.encode([{"kind": "registration", **funeral}]))
    assert record.reports_death


def test_marriage_speaks_our_words():
    marriage = read("marriage")
    assert isinstance(marriage, Marriage)
    assert (marriage.registration_type, marriage.divorced_on) == (MarriageRegistration.DIVORCE, date(2026, 5, 1))
    assert marriage.partner_id == "321299197806229024"


def test_vehicle_speaks_our_words():
    car = read("vehicle")
    assert isinstance(car, Vehicle)
    assert (car.vehicle_class, car.use_nature, car.status) == (
        VehicleClass.CAR,
        UseNature.PRIVATE,
        VehicleStatus.TRANSFERRED,
    )
    assert (car.is_held, car.insured_value) == (False, Decimal(80000))
    assert read("vehicle", status="4").is_held


def test_business_capital_in_ten_thousands_is_given_in_yuan():
    business = read("business")
    assert isinstance(business, Business)
    assert (business.paid_in_capital, business.registered_capital) == (Decimal(125000), None)
    assert business.impostor_status == ImpostorStatus.REVOKED


def test_tax_fund_insurance_deposit_and_assistance_speak_our_words():
    tax, fund, insurance = read("tax"), read("fund"), read("insurance")
    deposit, assistance = read("deposit"), read("assistance")
    assert isinstance(tax, Tax)
    assert (tax.income_type, tax.declared_income) == (IncomeType.WAGES, Decimal(54000))
    assert isinstance(fund, Fund)
    assert (fund.balance, fund.loan_balance) == (0, None)
    assert isinstance(insurance, Insurance)
    assert (insurance.scheme, insurance.months_paid) == (InsuranceScheme.EMPLOYEES, 12)
    assert isinstance(deposit, Deposit)
    assert (deposit.account_type, deposit.worth) == (AccountType.CURRENT, Decimal("12345.60"))
    assert isinstance(assistance, Assistance)
    assert (assistance.assistance_type, assistance.granted_to) == (AssistanceType.LOW_INCOME, None)


@pytest.mark.parametrize("kind", list(SAID))
def test_what_is_stored_is_read_back_the_same_and_in_our_words(kind):
    record = read(kind)
    stored = encode_records([record])
    assert decode_records(stored) == (record,)
    assert encode_records(decode_records(stored)) == stored


def test_what_is_stored_holds_our_words_for_codes():
    assert b'"use":"dwelling"' in encode_records([read("housing")])


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("housing", {"record_key": ""}),
        ("housing", {"record_key": ...}),
        ("housing", {"area": ...}),
        ("housing", {"area": "-1"}),
        ("housing", {"area": "NaN"}),
        ("housing", {"area": "Infinity"}),
        ("housing", {"area": "1e30"}),
        ("housing", {"area": "86,42"}),
        ("housing", {"use": "11"}),
        ("housing", {"use": 10}),
        ("housing", {"unit_no": "3212"}),
        ("housing", {"share_type": "2"}),
        ("housing", {"transferred_on": ...}),
        ("housing", {"share_type": "2", "share_ratio": "1.5"}),
        ("housing", {"acquire_date": "2014-02-30"}),
        ("housing", {"acquire_date": ""}),
        ("housing", {"mortgaged": "Y"}),
        ("housing", {"address": "长" * 201}),
        ("housing", {"kind": "castle"}),
        ("housing", {"kind": ...}),
        ("registration", {"deceased": ...}),
        ("registration", {"division_code": "3212"}),
        ("registration", {"members": [{"name": "王坔"}]}),
        ("marriage", {"divorce_date": ...}),
        ("marriage", {"partner_id_no": "12345"}),
        ("vehicle", {"plate_no": ...}),
        ("vehicle", {"status_date": ...}),
        ("vehicle", {"displacement_ml": -1}),
        ("business", {"share_ratio": ...}),
        ("business", {"credit_code": "91321200MA000000IW"}),
        ("business", {"impostor_revoked_date": ...}),
        ("tax", {"declared_income": ...}),
        ("tax", {"period_to": "2026-13"}),
        ("tax", {"period_to": "2025-12"}),
        ("fund", {"balance": ...}),
        ("fund", {"person_ratio": "12"}),
        ("insurance", {"months_paid": 13}),
        ("insurance", {"months_paid": ...}),
        ("insurance", {"month_base": ...}),
        ("insurance", {"record_type": "2"}),
        ("deposit", {"balance": None}),
        ("assistance", {"county_code": "泰州"}),
    ],
)
def test_a_record_that_is_not_what_the_contract_says_is_unreadable(kind, changes):
    with pytest.raises(UnreadableError) as caught:
        read(kind, **changes)
    assert caught.value.__cause__ is None


def test_a_pension_has_an_amount_and_a_start():
    pension = read("insurance", record_type="2", monthly_amount="2100.00", start_date="2020-01-01")
    assert (pension.monthly_amount, pension.started_on) == (Decimal(2100), date(2020, 1, 1))


def test_the_error_of_an_unreadable_record_quotes_nothing_of_it():
    with pytest.raises(UnreadableError) as caught:
        read("housing", use="321299197503189010")
    assert "321299197503189010" not in str(caught.value)


ACCOUNT = [
    ("ACCTKEY", "k"),
    ("ACCTTP", "W"),
    ("ACCTNO", "**12"),
    ("BAL", "0.00"),
    ("FINVAL", "5.5"),
    ("OPNDT", "20200229"),
]


def test_a_bank_account_becomes_a_deposit():
    deposit = from_bank([*ACCOUNT, ("JNTFLG", "Y"), ("AVGBAL6", ""), ("SOMETHING", "else")])
    assert (deposit.product_value, deposit.joint, deposit.average_6m) == (Decimal("5.5"), True, None)
    assert deposit.open_date == date(2020, 2, 29)


@pytest.mark.parametrize(
    "element",
    [
        ("AVGBAL6", "1e3"),
        ("AVGBAL6", "1.234"),
        ("AVGBAL6", "+1"),
        ("AVGBAL6", "NaN"),
        ("AVGBAL6", "１２"),
        ("BAL", "1.00"),
        ("JNTFLG", "yes"),
        ("ACCTST", "5"),
        ("OPNDT", "2020-02-29"),
    ],
)
def test_a_malformed_or_repeated_element_is_an_error(element):
    with pytest.raises(ValueError, match="."):
        from_bank([*ACCOUNT, element])


def test_an_account_without_a_balance_is_an_error():
    with pytest.raises(ValueError, match="balance"):
        from_bank([element for element in ACCOUNT if element[0] != "BAL"])
