"""A caller who is known to this process is asked about anew in the statement that answers."""

import pytest

from credit import callers, partners
from credit.models import Partner, PartnerCall, Purpose
from tests.factories.partners import NOBODY, Caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def caller(people):
    return Caller()


def log():
    return list(PartnerCall.objects.order_by("pk").values_list("outcome", flat=True))


def end_grants(caller, people):
    for granted in caller.partner.grants.filter(endpoint="standing"):
        partners.end(granted, by=people["credit"])


def close_purpose(caller, people):
    Purpose.objects.update(active=False)


def close_department(caller, people):
    Partner.objects.filter(pk=caller.partner.pk).update(active=False)


def use_up(caller, people):
    Partner.objects.filter(pk=caller.partner.pk).update(quota_minute=1)


def revoke(caller, people):
    partners.revoke(caller.key, reason="lost", by=people["credit"])


CHANGES = {
    "revoked_key": revoke,
    "endpoint_not_granted": end_grants,
    "purpose_not_granted": close_purpose,
    "partner_closed": close_department,
    "quota_used_up": use_up,
}


@pytest.mark.parametrize("code", CHANGES)
def test_what_ends_a_caller_ends_one_who_is_known_with_the_next_request(caller, people, code):
    assert [caller.ask(NOBODY).status_code for _ in range(2)] == [200, 200]
    before = callers.remembered(caller.key.key_id)
    CHANGES[code](caller, people)
    assert callers.remembered(caller.key.key_id) == before  # nobody has told this process
    assert caller.ask(NOBODY).json()["code"] == code
    assert log() == ["none", "none", code]


@pytest.mark.parametrize("code", CHANGES)
def test_what_ends_between_being_found_and_being_answered_is_refused_as_what_it_is(caller, people, monkeypatch, code):
    """The long way too asks in the very statement that answers."""
    find, changed = callers.find, []

    def found_just_before(key_id):
        found = find(key_id)
        if not changed:
            changed.append(CHANGES[code](caller, people))
        return found

    if code == "quota_used_up":
        caller.ask(NOBODY)
    monkeypatch.setattr(callers, "find", found_just_before)
    monkeypatch.setattr(callers, "remembered", lambda _key_id: None)
    assert caller.ask(NOBODY).json()["code"] == code
    assert log()[-1] == code
    assert PartnerCall.objects.exclude(outcome=code).count() == (code == "quota_used_up")


def test_a_grant_that_came_after_the_caller_was_known_is_answered(caller, people):
    assert caller.ask(NOBODY).status_code == 200
    new = Purpose.objects.get(code="hardship_worker")
    body = {"purpose": new.code, "id_number": NOBODY}
    assert caller.post("standing", body).json()["code"] == "purpose_not_granted"
    partners.grant(caller.partner, new, "standing", basis="x", by=people["credit"])
    assert caller.post("standing", body).status_code == 200
