from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models
from django.test.utils import isolate_apps

from bureau import ciphers, fields, rotation
from bureau.ciphers import Keyring, UndecipherableError

NUMBER = "32120219860312122X"
KEYS = "1:sm4-gcm:0123456789abcdeffedcba9876543210;2:aes-256-gcm:" + "ab" * 32

pytestmark = pytest.mark.django_db


def keyring(active: int, keys: str = KEYS) -> Keyring:
    return Keyring.from_settings(keys, active=active, blind_index_key="11" * 32, signing_key="22" * 32)


@pytest.fixture(autouse=True)
def _keys() -> Iterator[None]:
    before = ciphers.current()
    ciphers.install(keyring(1))
    yield
    ciphers.install(before)


@pytest.fixture
def person_model() -> Iterator[Any]:
    with isolate_apps("bureau"):

        class Person(models.Model):
            id_number = fields.ProtectedTextField("ID number", max_length=18)
            id_index = fields.BlindIndexField(of="id_number", db_index=True)
            address = fields.ProtectedTextField(null=True)
            reply = fields.ProtectedBytesField(null=True)
            facts = fields.ProtectedJSONField(default=dict)

            class Meta:
                app_label = "bureau"

            def __str__(self) -> str:
                return str(self.pk)

        with connection.schema_editor() as editor:
            editor.create_model(Person)
        yield Person


def raw(column: str) -> list[bytes | None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM bureau_person ORDER BY id")  # noqa: S608
        return [None if row[0] is None else bytes(row[0]) for row in cursor.fetchall()]


def test_values_come_back_and_the_table_holds_only_ciphertext(person_model):
    facts = {"amount": Decimal("12.50"), "name": "王㛃"}
    person = person_model.objects.create(id_number=NUMBER, reply=b"\x00\xff", facts=facts)

    person = person_model.objects.get(pk=person.pk)
    assert (person.id_number, person.address, person.reply) == (NUMBER, None, b"\x00\xff")
    assert person.facts == {"amount": "12.50", "name": "王㛃"}
    assert raw("address") == [None]
    assert NUMBER.encode() not in raw("id_number")[0]
    assert raw("id_number")[0][:4] == b"\x01\x01\x00\x01"


def test_bulk_create_update_and_bulk_update_seal_as_well(person_model):
    people = person_model.objects.bulk_create([person_model(id_number=f"{NUMBER[:-1]}{n}") for n in range(3)])
    person_model.objects.filter(pk=people[0].pk).update(address="凤凰路1号")
    people[1].address = "凤凰路2号"
    person_model.objects.bulk_update([people[1]], ["address"])

    assert list(person_model.objects.order_by("pk").values_list("address", flat=True)) == [
        "凤凰路1号",
        "凤凰路2号",
        None,
    ]
    assert all("凤凰".encode() not in value for value in raw("address") if value)
    assert person_model.objects.get(id_index=f"{NUMBER[:-1]}2").pk == people[2].pk


@pytest.mark.parametrize("lookup", ["", "__exact", "__contains", "__in", "__startswith", "__length"])
def test_a_protected_field_cannot_be_searched(person_model, lookup):
    with pytest.raises(FieldError, match="protected") as raised:
        list(person_model.objects.filter(**{f"id_number{lookup}": [NUMBER] if lookup == "__in" else NUMBER}))
    assert NUMBER not in str(raised.value)


def test_a_protected_field_may_be_asked_whether_it_is_empty(person_model):
    person_model.objects.create(id_number=NUMBER)

    assert person_model.objects.filter(address__isnull=True).count() == 1
    assert person_model.objects.filter(address__isnull=False).count() == 0


def test_the_blind_index_finds_whatever_way_the_number_is_typed(person_model):
    person = person_model.objects.create(id_number=NUMBER)

    for typed in (NUMBER, f" {NUMBER.lower()} ", "３２１２０２１９８６０３１２１２２Ｘ", fields.blind_index(NUMBER)):
        assert person_model.objects.get(id_index=typed).pk == person.pk
    assert person_model.objects.filter(id_index__in=[NUMBER, "1"]).count() == 1
    assert not person_model.objects.filter(id_index="321202198603121228").exists()
    assert len(raw("id_index")[0]) == 32


def test_the_blind_index_follows_the_number_it_belongs_to(person_model):
    person = person_model.objects.create(id_number=NUMBER)
    person.id_number = "321202198603121228"
    person.save()

    assert person_model.objects.filter(id_index="321202198603121228").exists()
    assert not person_model.objects.filter(id_index=NUMBER).exists()


def test_a_value_copied_into_another_column_does_not_open(person_model):
    person_model.objects.create(id_number=NUMBER)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE bureau_person SET address = id_number")

    with pytest.raises(UndecipherableError, match=r"bureau\.Person\.address"):
        person_model.objects.get()


def test_a_field_that_is_rebuilt_from_its_migration_keeps_its_context(person_model):
    _, _, args, kwargs = person_model._meta.get_field("id_number").deconstruct()

    assert kwargs["context"] == "bureau.Person.id_number"
    assert fields.ProtectedTextField(*args, **kwargs).context == "bureau.Person.id_number"


def test_a_protected_field_cannot_be_unique():
    with isolate_apps("bureau"):

        class Account(models.Model):
            number = fields.ProtectedTextField(unique=True)

            class Meta:
                app_label = "bureau"

            def __str__(self) -> str:
                return str(self.pk)

    assert [problem.id for problem in Account._meta.get_field("number").check()] == ["bureau.E001"]


def test_all_protected_columns_of_a_model_are_listed(person_model):
    names = [field.name for field in fields.protected_fields(person_model)]

    assert names == ["id_number", "address", "reply", "facts"]


def test_rotation_seals_every_value_anew_and_once(person_model):
    person_model.objects.bulk_create([person_model(id_number=f"{NUMBER[:-2]}{n:02}") for n in range(25)])
    ciphers.install(keyring(2))
    column = rotation.Column(person_model, person_model._meta.get_field("id_number"))
    empty = rotation.Column(person_model, person_model._meta.get_field("address"))

    assert rotation.waiting(column) == 25
    assert list(rotation.rotate(column, batch=10)) == [10, 10, 5]
    assert rotation.waiting(column) == 0
    assert list(rotation.rotate(column)) == []
    assert list(rotation.rotate(empty)) == []
    assert {value[:4] for value in raw("id_number")} == {b"\x01\x02\x00\x02"}
    assert person_model.objects.order_by("pk").last().id_number == f"{NUMBER[:-2]}24"


def test_rotation_without_the_old_key_stops_and_changes_nothing(person_model):
    person_model.objects.create(id_number=NUMBER)
    before = raw("id_number")
    ciphers.install(keyring(2, "2:aes-256-gcm:" + "ab" * 32))
    column = rotation.Column(person_model, person_model._meta.get_field("id_number"))

    with pytest.raises(UndecipherableError, match="key 1 is missing"):
        list(rotation.rotate(column))
    assert raw("id_number") == before
