"""The page of a case tells what became of its approval, to who may see that."""

import pytest

from benefits import allotting, tenancies
from tests.factories import benefits

pytestmark = pytest.mark.django_db


def shown(client, case):
    return client.get(f"/applications/{case.reference}/").content.decode()


def test_the_page_of_a_case_leads_to_its_place_and_then_to_its_tenancy(people, sources, as_user):
    turn = benefits.waiting(people, sources)
    assert f"/benefits/waiting/{turn.number}/" in shown(as_user("window"), turn.application)
    offer = allotting.offer(turn, benefits.home(), by=people["housing"])
    tenancy = tenancies.accept(offer, by=people["housing"])
    for name in ("window", "housing", "auditor"):
        page = shown(as_user(name), turn.application)
        assert f"/benefits/tenancies/{tenancy.number}/" in page
        assert f"/benefits/waiting/{turn.number}/" not in page


def test_and_to_its_subsidy(people, sources, as_user):
    grant = benefits.paid(people, sources)
    assert f"/benefits/subsidies/{grant.number}/" in shown(as_user("window"), grant.application)
