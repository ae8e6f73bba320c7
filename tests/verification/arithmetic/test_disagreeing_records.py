"""Where records tell differently of one thing, the higher counts, once, and each line shows what its source told."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from tests.verification.household import (
    CAR,
    CHILD,
    FATHER,
    FLAT,
    LOCAL,
    MOTHER,
    SHARE,
    TAIZHOU,
    check,
    earning,
    findings,
)
from verification.facts import Declared, DeclaredBusiness, DeclaredHome, DeclaredVehicle

QUIET = replace(TAIZHOU, minimum_wage=None)
ONE = Declared(persons=(earning(FATHER),))
FAMILY = Declared(persons=(earning(FATHER), earning(MOTHER), CHILD))
HALF = {"share_type": "2", "share_ratio": "0.5"}
UNPRICED = {name: value for name, value in CAR.items() if name != "insured_value"}
DEARER = CAR | {"insured_value": "130000"}
OTHER_UNIT = {"unit_no": "321202001001GB00001F00010002", "record_key": "Z-2"}
UNNUMBERED = {name: value for name, value in FLAT.items() if name != "unit_no"} | {"record_key": "C-1"}
CONTRACT = UNNUMBERED | {"record_type": "02", "contract_no": "C-1"}


def figures(told, declared=FAMILY):
    return check(told, declared, QUIET).statement.figures


def homes(his, hers=(), declared=FAMILY):
    return figures({("housing_bureau", "m1"): [*his], ("housing_bureau", "m2"): [*hers]}, declared).area_total.value


@pytest.mark.parametrize(("his", "hers"), [(CAR, DEARER), (DEARER, CAR)])
def test_a_plate_of_two_holders_counts_once_at_the_higher_price(his, hers):
    told = figures({("police", "m1"): [LOCAL, his], ("police", "m2"): [hers]})
    assert (told.vehicles.value, told.vehicle_price.value) == (1, 130_000)


@pytest.mark.parametrize(("his", "hers"), [(CAR, UNPRICED), (UNPRICED, CAR)])
def test_a_plate_whose_price_one_record_tells_is_not_unpriced(his, hers):
    told = figures({("police", "m1"): [LOCAL, his], ("police", "m2"): [hers]})
    assert (told.vehicles.value, told.unpriced_vehicles, told.vehicle_price.value) == (1, 0, 90_000)


def test_a_record_that_does_not_count_prices_nothing():
    hired = DEARER | {"use_nature": "D"}
    assert figures({("police", "m1"): [LOCAL, CAR], ("police", "m2"): [hired]}).vehicle_price.value == 90_000


@pytest.mark.parametrize("prices", [(90_000, 130_000), (130_000, 90_000), (130_000, None)])
def test_a_vehicle_that_two_members_declared_is_one_at_the_higher_price(prices):
    owned = [
        DeclaredVehicle(owner=owner, plate="苏M 22222", price=price and Decimal(price))
        for owner, price in zip(("m1", "m2"), prices, strict=True)
    ]
    told = figures({}, replace(FAMILY, vehicles=tuple(owned)))
    assert (told.vehicles.value, told.unpriced_vehicles, told.vehicle_price.value) == (1, 0, 130_000)


def test_two_vehicles_declared_without_a_plate_are_two():
    owned = tuple(DeclaredVehicle(owner="m1", plate="", price=Decimal(1)) for _ in range(2))
    assert figures({}, replace(FAMILY, vehicles=owned)).vehicles.value == 2


@pytest.mark.parametrize(("his", "hers"), [("60", "62"), ("62", "60")])
def test_one_home_of_which_two_records_tell_different_areas_counts_by_the_larger(his, hers):
    records = [FLAT | HALF | {"area": his}], [FLAT | HALF | {"area": hers, "record_key": "Z-2"}]
    assert homes(*records) == 62


@pytest.mark.parametrize("areas", [(80, 82), (82, 80)])
def test_a_home_that_two_members_declared_counts_once_by_the_larger_area(areas):
    owned = [
        DeclaredHome(owner=owner, address="老宅", area=Decimal(area), share=Decimal("0.5"))
        for owner, area in zip(("m1", "m2"), areas, strict=True)
    ]
    assert homes([], declared=replace(FAMILY, homes=tuple(owned))) == 82


@pytest.mark.parametrize("unnumbered", [CONTRACT, UNNUMBERED | HALF])
def test_a_record_without_a_unit_number_is_of_the_numbered_home_at_its_address(unnumbered):
    assert homes([FLAT, unnumbered]) == homes([unnumbered], [FLAT]) == 60


def test_of_several_numbered_homes_at_one_address_it_is_the_one_of_its_size():
    flats = [FLAT, FLAT | OTHER_UNIT | {"area": "80"}]
    assert homes([*flats, CONTRACT | {"area": "80.5"}]) == Decimal("140.5")
    assert homes([*flats, CONTRACT | {"area": "100"}]) == 240


def test_homes_without_number_and_address_are_homes_apart():
    nowhere = UNNUMBERED | {"address": ""}
    assert homes([nowhere, nowhere | {"record_key": "C-2", "area": "40"}]) == 100


@pytest.mark.parametrize("shop_first", [True, False])
def test_a_declared_home_is_the_registered_dwelling_at_its_address_and_not_the_shop(shop_first):
    shop = FLAT | OTHER_UNIT | {"use": "20", "address": f"{FLAT['address']}底商"}
    home = DeclaredHome(owner="m1", address=FLAT["address"], area=Decimal(60))
    sides = ([shop], [FLAT]) if shop_first else ([FLAT], [shop])
    assert homes(*sides, declared=replace(FAMILY, homes=(home,))) == 60


@pytest.mark.parametrize("second", ["20", "15", "25"])
def test_capital_in_dispute_counts_each_entity_once(second):
    reported = SHARE | {"impostor_status": "1"}
    records = [reported, reported | {"record_key": "B-2", "role": "04", "paid_in_capital": second}]
    for order in (records, records[::-1]):
        told = figures({("market_regulation", "m1"): order}, ONE)
        assert told.disputed_capital == max(200_000, int(second) * 10_000)


def test_capital_that_counts_is_not_in_dispute_besides():
    records = [SHARE, SHARE | {"record_key": "B-2", "role": "04", "impostor_status": "1"}]
    told = figures({("market_regulation", "m1"): records}, ONE)
    assert (told.business.value, told.disputed_capital) == (200_000, 0)


@pytest.mark.parametrize("capitals", [(5000, 8000), (8000, 5000)])
def test_a_business_that_a_member_declared_twice_counts_once_by_the_larger_capital(capitals):
    owned = tuple(DeclaredBusiness(owner="m1", name="摊位", capital=Decimal(each)) for each in capitals)
    assert figures({}, replace(ONE, businesses=owned)).business.value == 8000


def test_what_a_register_told_is_shown_as_it_told_it_and_not_as_declared():
    business = DeclaredBusiness(owner="m1", name=SHARE["entity_name"], capital=Decimal(500_000))
    assessed = check({("market_regulation", "m1"): [SHARE]}, replace(ONE, businesses=(business,)), QUIET)
    found, _declared = assessed.statement.lines_of("business")
    assert (found.source, found.amount, found.counted) == ("market_regulation", 200_000, 500_000)
    assert assessed.comparison.differences[-1].difference == -300_000

    vehicle = DeclaredVehicle(owner="m1", plate=CAR["plate_no"], price=Decimal(110_000))
    assessed = check({("police", "m1"): [LOCAL, CAR]}, replace(ONE, vehicles=(vehicle,)), QUIET)
    assert [line.amount for line in assessed.statement.lines_of("vehicles")] == [90_000, 110_000]
    assert assessed.statement.figures.vehicle_price.value == 110_000


def test_a_business_of_which_nobody_tells_a_capital_is_a_finding_without_one():
    untold = {name: value for name, value in SHARE.items() if "capital" not in name}
    assessed = check({("market_regulation", "m1"): [untold]}, ONE, QUIET)
    assert findings(assessed) == ["undeclared_business"]
    assert assessed.comparison.findings[0].params["capital"] == ""
