"""What holds for every table: words for a reader, a legal status, and postings that decide what a person sees."""

import inspect
from datetime import timedelta

import pgtrigger
import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, models, transaction
from django.utils import timezone, translation

from bureau.models import Office, Posting, Staff
from bureau.roles import TIERS, Role, Tier, belongs_at

OURS = [
    model
    for label in ("bureau", "credit", "verification", "applications", "benefits")
    for model in apps.get_app_config(label).get_models()
    if not model.__name__.endswith("Event")  # pghistory's own
]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_model_says_what_it_is_and_how_a_row_reads(model):
    assert model.__str__ is not models.Model.__str__
    assert model.__doc__
    assert not inspect.getdoc(model).startswith(f"{model.__name__}(")


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_status_is_held_to_its_words_by_the_database(model):
    for name in ("status", "state", "kind"):
        field = next((field for field in model._meta.fields if field.name == name and field.choices), None)
        if field is None:
            continue
        constraints = [
            str(each.condition)
            for each in model._meta.concrete_model._meta.constraints
            if isinstance(each, models.CheckConstraint)
        ]
        assert any(f"'{name}__in'" in condition for condition in constraints), name


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_no_row_that_others_rest_on_goes_when_another_goes(model):
    kept = {"Draft", "Relative"}
    for field in model._meta.fields:
        if field.remote_field and model.__name__ not in kept:
            assert field.remote_field.on_delete is models.PROTECT, field.name


@pytest.mark.django_db
def test_an_office_reads_in_the_language_of_its_reader():
    office = Office.objects.get(code="321202")
    with translation.override("zh-hans"):
        assert str(office) == office.name_zh
    with translation.override("en"):
        assert str(office) == office.name_en != office.name_zh


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["3212", "32120", "3212020010011", "ABCDEF", ""])
def test_an_office_code_has_6_9_or_12_digits(code):
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        Office.objects.create(code=code, name_zh="x", name_en="x", tier="city")


def test_a_posting_is_held_once_at_a_time(people):
    seat = people["street"].seats[0]
    with pytest.raises(IntegrityError, match="posting_is_held_once_at_a_time"), transaction.atomic():
        Posting.objects.create(staff=people["street"], office=seat.office, role=seat.role, from_on=timezone.localdate())


def test_a_posting_ends_after_it_begins(people):
    today = timezone.localdate()
    with pytest.raises(IntegrityError), transaction.atomic():
        Posting.objects.create(
            staff=people["street"], office=Office.objects.get(code="321202"), role="auditor", from_on=today, to_on=today
        )


def test_the_last_day_of_a_posting_is_not_included(people):
    Posting.objects.filter(staff=people["street"]).update(to_on=timezone.localdate())
    assert Staff.objects.get(username="street").scopes == []
    Posting.objects.filter(staff=people["street"]).update(to_on=timezone.localdate() + timedelta(days=1))
    assert Staff.objects.get(username="street").scopes == ["321202001"]


def test_an_administrator_sees_no_household(people):
    assert people["admin"].scopes == []
    assert people["admin"].holds(Role.ADMINISTRATOR)


@pytest.mark.parametrize(
    ("who", "scopes"),
    [("window", ["321202001001"]), ("street", ["321202001"]), ("district", ["321202"]), ("check", ["3212"])],
)
def test_scope_is_the_prefix_of_the_office_code(people, who, scopes):
    assert people[who].scopes == scopes


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("code", ["321200", "321202", "321202001", "321202001001"])
def test_a_role_is_held_at_the_tiers_where_it_belongs_and_nowhere_else(people, role, code):
    person = Staff.objects.create(username="somebody", name="某人")
    posting = Posting(staff=person, office=Office.objects.get(code=code), role=role)
    if belongs_at(role, posting.office.tier):
        posting.full_clean()
        posting.save()
        assert Staff.objects.get(pk=person.pk).has_role(role, "321202001001")
        return
    with pytest.raises(ValidationError, match="tier"):
        posting.full_clean()
    with pytest.raises(IntegrityError, match="not held at an office of this tier"), transaction.atomic():
        posting.save()


def test_only_the_city_orders_checks_decides_and_administers():
    city = {role for role in Role if TIERS[role] == {Tier.CITY}}
    assert city == {
        Role.CHECK_OFFICER,
        Role.HOUSING_OFFICER,
        Role.CASHIER,
        Role.CREDIT_OFFICER,
        Role.PANEL_MEMBER,
        Role.ADMINISTRATOR,
    }
    assert set(TIERS) == set(Role)


def test_a_posting_out_of_its_place_entitles_to_nothing(people):
    person = Staff.objects.create(username="somebody", name="某人")
    with pgtrigger.ignore("bureau.Posting:role_belongs_at_the_tier"):
        street = Office.objects.get(code="321202001")
        Posting.objects.create(staff=person, office=street, role=Role.CHECK_OFFICER)
    assert person.seats == []
    assert not person.has_role(Role.CHECK_OFFICER, "321202001001")
    assert person.scopes == []


@pytest.mark.parametrize(("code", "tier"), [("321299", "city"), ("321299001", "district"), ("321299001001", "street")])
def test_the_tier_of_an_office_is_what_its_code_says(db, code, tier):
    with pytest.raises(IntegrityError, match="office_tier_is_what_its_code_says"), transaction.atomic():
        Office.objects.create(code=code, name_zh="x", name_en="x", tier=tier)
