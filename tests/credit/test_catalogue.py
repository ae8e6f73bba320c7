"""The catalogue of acts: dated, by policy, with thresholds; the database keeps what it says."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from bureau.errors import UnfitDataError
from credit import catalogue, sanctions
from credit.models import Act, Policy, Threshold
from credit.policies import Severity
from tests.factories import credit as given

DAY = date(2024, 5, 10)
pytestmark = pytest.mark.django_db


def act(code, day=DAY):
    return catalogue.act_on(code, day)


def test_the_seed_names_the_acts_of_families_and_of_employers():
    ours = Act.objects.filter(policy__code="taizhou-2017")
    kinds = dict(ours.values_list("code", "subject_kind"))
    assert sorted(code for code, kind in kinds.items() if kind == "employer") == ["U01", "U02", "U03", "U04"]
    assert len([code for code, kind in kinds.items() if kind == "person"]) == 14
    assert not ours.filter(basis="").exists()
    assert not ours.filter(evidence=[]).exists()


def test_every_severity_of_a_catalogue_is_one_that_its_policy_knows():
    for found in Act.objects.select_related("policy").prefetch_related("thresholds"):
        known = {grade["severity"] for grade in found.policy.content["grades"]}
        steps = {step.severity for step in found.thresholds.all()}
        assert {found.severity, found.graver, *steps} - {""} <= known, found


@pytest.mark.parametrize(
    ("code", "months", "severity"),
    [
        ("F06", 2, None),
        ("F06", 3, None),
        ("F06", 5, None),
        ("F06", 6, Severity.GENERAL),
        ("F06", 11, Severity.GENERAL),
        ("F06", 12, Severity.SERIOUS),
        ("F06", 40, Severity.SERIOUS),
        ("F06", None, None),
        ("F07", 6, Severity.GENERAL),
    ],
)
def test_an_act_that_lasts_is_as_grave_as_its_months(code, months, severity):
    assert catalogue.severity_of(act(code), months=months) == severity


def test_an_act_is_graver_where_the_catalogue_says_when():
    assert catalogue.severity_of(act("F01")) == Severity.MORE_SERIOUS
    assert catalogue.severity_of(act("F01"), graver=True) == Severity.SERIOUS
    assert catalogue.severity_of(act("F04"), graver=True) == Severity.GENERAL


def test_a_code_that_the_catalogue_does_not_name_is_refused():
    with pytest.raises(UnfitDataError, match="F99"):
        act("F99")


def test_before_the_policy_there_is_none_and_nobody_is_banned():
    with pytest.raises(UnfitDataError, match="policy"):
        catalogue.policy_on(date(2017, 3, 6))
    with pytest.raises(UnfitDataError, match="policy"):
        sanctions.impose(
            name="胡建军",
            id_number="321299198306259176",
            severity=Severity.GENERAL,
            act="隐瞒车辆",
            basis="无",
            banned_from=date(2016, 1, 1),
            by=given.staff("credit"),
        )


def test_a_severity_that_bans_nobody_is_refused():
    Policy.objects.filter(code="taizhou-2017").update(in_use=False)
    Policy.objects.filter(code="lianyungang-2019").update(in_use=True)
    values = {
        "name": "胡建军",
        "id_number": "321299198306259176",
        "act": "隐瞒车辆",
        "basis": "无",
        "by": given.staff("credit"),
    }
    for severity in (Severity.GENERAL, Severity.MORE_SERIOUS):
        with pytest.raises(UnfitDataError, match="bans nobody"):
            sanctions.impose(severity=severity, banned_from=DAY, **values)
    ban = sanctions.impose(severity=Severity.SERIOUS, banned_from=DAY, **values)
    assert ban.holds_until == date(2029, 5, 10)


def test_the_catalogue_of_the_day_of_the_act_counts():
    found = act("F04")
    Act.objects.filter(pk=found.pk).update(effective_to=date(2024, 12, 31))
    newer = Act.objects.create(
        policy=found.policy,
        code="F04",
        name_zh="变化未申报",
        name_en="Change not declared",
        subject_kind="person",
        stage="in_benefit",
        severity="more_serious",
        evidence=["经人工确认的核对疑点"],
        basis="新规定",
        effective_from=date(2025, 1, 1),
    )
    assert catalogue.act_on("F04", date(2024, 12, 31)).pk == found.pk
    assert catalogue.act_on("F04", date(2025, 1, 1)).pk == newer.pk


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"severity": "awful"}, "act_severity_is_known"),
        ({"subject_kind": "bank"}, "act_is_of_a_known_kind"),
        ({"graver": "serious", "graver_when": ""}, "act_graver_severity_says_when"),
        ({"graver": "general", "graver_when": "再犯"}, "act_graver_severity_says_when"),
        ({"graver": "", "graver_when": "再犯"}, "act_graver_severity_says_when"),
        ({"evidence": []}, "act_needs_evidence"),
        ({"effective_to": date(2017, 3, 7)}, "act_ends_after_it_begins"),
        ({"subject_kind": "employer", "from_return": True}, "act_of_employer_has_no_home"),
    ],
)
def test_the_database_refuses_an_act_that_makes_no_sense(change, rule):
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Act.objects.filter(pk=act("F04").pk).update(**change)


def test_the_database_refuses_an_act_that_stands_twice_on_a_day():
    found = act("F04")
    Act.objects.filter(pk=found.pk).update(effective_to=date(2024, 12, 31))
    found.pk, found.effective_from, found.effective_to = None, date(2024, 12, 31), None
    with pytest.raises(IntegrityError, match="act_stands_once_in_a_catalogue"), transaction.atomic():
        found.save(force_insert=True)


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"months": 0}, "threshold_is_some_months"),
        ({"months": 6}, "threshold_is_one_per_length"),
        ({"months": 9, "severity": "awful"}, "threshold_severity_is_known"),
    ],
)
def test_the_database_refuses_a_threshold_that_makes_no_sense(values, rule):
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Threshold.objects.create(act=act("F06"), **values)


def test_one_policy_of_a_city_begins_on_a_day():
    found = catalogue.row_on(DAY)
    found.pk, found.code = None, "taizhou-2017-again"
    with pytest.raises(IntegrityError, match="credit_policy_is_one_per_day"), transaction.atomic():
        found.save(force_insert=True)
