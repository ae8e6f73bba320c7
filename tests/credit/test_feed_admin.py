"""Receivers and their mappings are entered by administrators; a mapping is read before it is kept."""

import copy
import json

import pytest
from django.db import InternalError, transaction

from credit.models import FeedMapping, Receiver

RECEIVERS, MAPPINGS = "/admin/credit/receiver/", "/admin/credit/feedmapping/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return Receiver.objects.get(code="city-credit")


@pytest.fixture
def draft(city):
    """Next year's layout of the city's files."""
    content = copy.deepcopy(city.mappings.get().content)
    return content | {"id": "city-credit-2027", "name": "报送模板（2027）", "effective_from": "2027-01-01"}


def enter(client, receiver, content):
    return client.post(f"{MAPPINGS}add/", {"receiver": receiver.pk, "content": json.dumps(content)})


def test_the_city_is_on_and_the_bank_is_off_until_somebody_switches_it_on(as_user, city):
    bank = Receiver.objects.get(code="central-bank")
    assert (city.in_use, bank.in_use) == (True, False)
    client, address = as_user("admin"), f"{RECEIVERS}{bank.pk}/change/"
    assert client.post(address, {"code": bank.code, "name": bank.name, "in_use": "on"}).status_code == 302
    bank.refresh_from_db()
    assert bank.in_use
    assert "is sent batches" in client.get(f"{RECEIVERS}{bank.pk}/history/").content.decode().lower()


def test_the_pages_open_for_administrators_and_for_nobody_else(as_user, city):
    mapping = city.mappings.get()
    for page in (RECEIVERS, f"{RECEIVERS}add/", MAPPINGS, f"{MAPPINGS}add/", f"{MAPPINGS}{mapping.pk}/change/"):
        assert as_user("admin").get(page).status_code == 200, page
        assert as_user("credit").get(page).status_code != 200, page


def test_a_mapping_is_read_before_it_is_kept(as_user, city, draft):
    client = as_user("admin")
    broken = copy.deepcopy(draft)
    broken["columns"][0]["source"] = "phone"
    assert "columns[0].source" in enter(client, city, broken).content.decode()
    assert city.mappings.count() == 1
    assert enter(client, city, draft).status_code == 302
    assert city.mappings.count() == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": "city-credit-2026"}, "There is a template of this id"),
        ({"effective_from": "2026-01-01"}, "a template from this day"),
        ({"kind": "GGXX"}, "files are named like this"),
    ],
)
def test_a_mapping_that_clashes_is_refused(as_user, city, draft, change, words):
    assert words in enter(as_user("admin"), city, draft | change).content.decode()
    assert city.mappings.count() == 1


def test_neither_is_removed(as_user, city):
    for address in (f"{RECEIVERS}{city.pk}/delete/", f"{MAPPINGS}{city.mappings.get().pk}/delete/"):
        assert as_user("admin").post(address, {"post": "yes"}).status_code == 403
    for row in (FeedMapping.objects.filter(receiver=city), Receiver.objects.filter(pk=city.pk)):
        with pytest.raises(InternalError, match="Cannot delete"), transaction.atomic():
            row._raw_delete(row.db)
