from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from tests.verification.household import (
    ACCOUNT,
    CAR,
    CHILD,
    DIBAO,
    FAMILY,
    FATHER,
    FLAT,
    INSURED,
    LOCAL,
    MOTHER,
    SHARE,
    STANDARDS,
    WAGES,
    check,
    findings,
    met,
)
from verification.comparison import FINDING_KINDS
from verification.facts import (
    Declared,
    DeclaredAsset,
    DeclaredAssistance,
    DeclaredHome,
    DeclaredVehicle,
)

DEATH = LOCAL | {"deceased": True, "death_date": "2025-09-01", "record_key": "HK-9"}


WEDDING = {
    "kind": "marriage",
    "record_key": "J-1",
    "registration_type": "1",
    "partner_name": "李四",
    "partner_id_no": MOTHER.id_number,
    "reg_date": "2008-01-01",
    "certificate_no": "J-1",
}


DIVORCE = WEDDING | {
    "record_key": "L-1",
    "registration_type": "2",
    "reg_date": "2026-06-01",
    "divorce_date": "2026-06-01",
}


STRANGER = {"partner_name": "王五", "partner_id_no": "321299198207080048"}


MOVED = ACCOUNT | {"average_6m": "300000", "large_outflow_6m": "290000"}


LEASE = DIBAO | {"aid_type": "08", "record_key": "ZB-1"}


DIVORCED = Declared(persons=(replace(FATHER, marital="40"), replace(MOTHER, marital="40"), CHILD))


KINDS = [
    ("undeclared_home", {("housing_bureau", "m2"): [FLAT]}, FAMILY),
    ("undeclared_home", {("housing_bureau", "m2"): [FLAT | {"use": "20"}]}, FAMILY),
    (
        "undeclared_transfer",
        {("housing_bureau", "m2"): [FLAT | {"status": "0", "transferred_on": "2025-01-01"}]},
        FAMILY,
    ),
    ("understated_income", {("local_tax", "m1"): [WAGES | {"declared_income": "90000"}]}, FAMILY),
    ("undeclared_vehicle", {("police", "m2"): [CAR]}, FAMILY),
    (
        "sold_vehicle_unregistered",
        {("police", "m1"): [CAR, LOCAL]},
        replace(
            FAMILY, vehicles=(DeclaredVehicle(owner="m1", plate="苏M11111", sold_on=date(2026, 1, 1), proof="HT-1"),)
        ),
    ),
    ("undeclared_deposit", {("icbc", "m1"): [ACCOUNT]}, FAMILY),
    ("undeclared_business", {("market_regulation", "m1"): [SHARE]}, FAMILY),
    ("disowned_business", {("market_regulation", "m1"): [SHARE | {"impostor_status": "1"}]}, FAMILY),
    ("marriage_mismatch", {("civil_affairs", "m1"): [WEDDING | STRANGER]}, FAMILY),
    ("marriage_mismatch", {("civil_affairs", "m1"): [WEDDING]}, DIVORCED),
    ("recent_divorce_one_household", {("civil_affairs", "m1"): [WEDDING, DIVORCE]}, DIVORCED),
    ("deceased_member", {("police", "m2"): [DEATH]}, FAMILY),
    ("duplicate_assistance", {("civil_affairs", "m1"): [LEASE]}, FAMILY),
]


@pytest.mark.parametrize(("kind", "told", "declared"), KINDS, ids=[f"{n} {case[0]}" for n, case in enumerate(KINDS)])
def test_each_kind_of_finding_is_proposed_with_its_evidence(kind, told, declared):
    assessed = check(told, declared)
    assert findings(assessed) == [kind]
    finding = next(each for each in assessed.comparison.findings if each.kind == kind)
    source, member = next((source, member) for source, member in told)
    assert (finding.source, finding.member) == (source, member)
    assert [each.source for each in finding.evidence] == [source]
    assert len(finding.fingerprint) == 64
    assert finding.lines


def test_no_kind_of_finding_is_left_untested():
    elsewhere = {"over_limit", "moved_deposits", "identity_mismatch"}
    assert {kind for kind, *_ in KINDS} | elsewhere == set(FINDING_KINDS)


@pytest.mark.parametrize(("kind", "told", "declared"), KINDS, ids=[f"{n} {case[0]}" for n, case in enumerate(KINDS)])
def test_a_finding_that_a_person_dismissed_stays_away(kind, told, declared):
    first = check(told, declared)
    dismissed = frozenset(each.fingerprint for each in first.comparison.findings if each.kind == kind)
    again = check(told, declared, set_aside=dismissed)
    assert findings(again) == []
    if kind not in {"understated_income", "recent_divorce_one_household"}:
        assert again.comparison.proposed == "fit"


def test_moved_deposits_are_a_finding_beside_what_is_left():
    declared = replace(
        FAMILY, assets=(DeclaredAsset(owner="m1", asset_type="deposit", institution="工行", amount=Decimal(20000)),)
    )
    rich = MOVED | {"average_6m": "700000"}
    assessed = check({("icbc", "m1"): [rich]}, declared)
    assert findings(assessed) == ["moved_deposits"]
    assert met(assessed, "assets") is False
    dismissed = frozenset(each.fingerprint for each in assessed.comparison.findings if each.kind == "moved_deposits")
    again = check({("icbc", "m1"): [rich]}, declared, set_aside=dismissed)
    assert again.statement.figures.assets.value == 20000
    assert again.comparison.proposed == "fit"


def test_what_was_declared_covers_the_smaller_accounts_first():
    asset = DeclaredAsset(owner="m1", asset_type="deposit", institution="农行", amount=Decimal(20000))
    told = {("icbc", "m1"): [ACCOUNT | {"balance": "200000"}], ("abc", "m1"): [ACCOUNT]}
    (finding,) = check(told, replace(FAMILY, assets=(asset,))).comparison.findings
    assert (finding.source, finding.weight) == ("icbc", 200000)


def test_a_dismissed_finding_returns_when_its_amount_changes_materially():
    told = {("icbc", "m1"): [ACCOUNT]}
    aside = frozenset(each.fingerprint for each in check(told).comparison.findings)
    assert aside
    little_more = {("icbc", "m1"): [ACCOUNT | {"balance": "20300"}]}
    much_more = {("icbc", "m1"): [ACCOUNT | {"balance": "90000"}]}
    assert findings(check(little_more, set_aside=aside)) == []
    assert findings(check(much_more, set_aside=aside)) == ["undeclared_deposit"]


def test_dismissed_wages_give_way_to_the_next_source():
    told = {("local_tax", "m1"): [WAGES | {"declared_income": "200000"}], ("social_security", "m1"): [INSURED]}
    aside = frozenset(each.fingerprint for each in check(told).comparison.findings if each.kind == "understated_income")
    again = check(told, set_aside=aside)
    assert again.comparison.proposed == "fit"
    assert again.statement.line(1).source == "declared"


@pytest.mark.parametrize(
    ("told", "declared", "expected"),
    [
        ({("civil_affairs", "m1"): [WEDDING, DIVORCE]}, FAMILY, ["marriage_mismatch", "recent_divorce_one_household"]),
        ({("civil_affairs", "m1"): [WEDDING, DIVORCE | {"divorce_date": "2020-01-01"}]}, DIVORCED, []),
        ({("civil_affairs", "m1"): [DIVORCE | STRANGER]}, DIVORCED, []),
        ({("civil_affairs", "m1"): [WEDDING | {"partner_id_no": "321299820708002"}]}, FAMILY, []),
        (
            {
                ("civil_affairs", "m1"): [DIVORCE | STRANGER],
                ("police", "m1"): [LOCAL | {"members": [{"name": "王五", "relation": "10"}]}],
            },
            DIVORCED,
            ["recent_divorce_one_household"],
        ),
    ],
)
def test_marriages_and_divorces(told, declared, expected):
    assert findings(check(told, declared)) == expected


def test_a_death_of_which_two_sources_tell_is_one_finding():
    funeral = {"kind": "registration", "record_key": "BZ-1", "record_type": "03", "cremation_date": "2025-09-03"}
    assessed = check({("police", "m2"): [DEATH], ("civil_affairs", "m2"): [funeral]})
    assert findings(assessed) == ["deceased_member"]
    aside = frozenset(each.fingerprint for each in assessed.comparison.findings if each.kind == "deceased_member")
    told = {("police", "m2"): [DEATH], ("civil_affairs", "m2"): [funeral]}
    assert check(told, set_aside=aside).statement.members == ("m1", "m2", "m3")


def test_a_rented_home_is_not_declared_as_ones_own():
    home = DeclaredHome(owner="m1", address=FLAT["address"], area=Decimal(60), tenure="borrowed")
    assert findings(check({("housing_bureau", "m1"): [FLAT]}, replace(FAMILY, homes=(home,)))) == ["undeclared_home"]


def test_a_declared_protection_under_review_is_no_double_one():
    known = replace(FAMILY, assistance=(DeclaredAssistance(owner="m1", assistance_type="rental_subsidy"),))
    assert findings(check({("civil_affairs", "m1"): [LEASE]}, known, STANDARDS["taizhou-demo-rental-subsidy"])) == []
    assert findings(check({("civil_affairs", "m1"): [LEASE]}, known)) == ["duplicate_assistance"]


def test_findings_come_weightiest_first():
    told = {("housing_bureau", "m1"): [FLAT], ("icbc", "m1"): [ACCOUNT], ("market_regulation", "m2"): [SHARE]}
    weights = [each.weight for each in check(told).comparison.findings]
    assert weights == sorted(weights, reverse=True)
