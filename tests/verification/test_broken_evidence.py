"""A source whose chain of evidence is broken is asked nothing more, until an administrator has mended the chain."""

import io

import pytest
from django.core.management import call_command
from django.urls import reverse

from bureau import chains
from bureau.errors import MoveRefusedError
from bureau.models import ChainHead
from tests.factories.checks import order_scenario
from tests.factories.exchanges import keep, keep_trips
from tests.tampering import behind_our_back, rewind
from verification import asking, claiming, evidence
from verification.models import Check, Exchange, Hold

ROWS = 5
CHAIN = "exchange:police"
FORGE = "UPDATE bureau_chainhead SET seal = digest WHERE chain = %s AND lane = 3"
BREAKS = {
    "forged": (FORGE, CHAIN),
    "removed": ("DELETE FROM bureau_chainhead WHERE chain = %s AND lane = 3", CHAIN),
    "all removed": ("DELETE FROM bureau_chainhead WHERE chain = %s", CHAIN),
    "cut off": ("DELETE FROM verification_exchange WHERE lane = 3 AND place = %s", ROWS),
}


@pytest.fixture
def one_lane(monkeypatch):
    """Whatever thread runs writes to the same lane."""
    monkeypatch.setattr(chains, "own_lane", lambda: 3)


@pytest.fixture
def kept(one_lane, db):
    """Five round trips with the police, in one lane."""
    keep_trips(ROWS, "police")


def asked_of(check):
    """The codes of the sources whose inquiry is not open any more."""
    return set(check.inquiries.exclude(state="open").values_list("source__code", flat=True))


@pytest.mark.parametrize("how", sorted(BREAKS))
def test_a_source_whose_chain_is_broken_is_asked_nothing_more_and_the_others_are(kept, sources, how):
    behind_our_back(*BREAKS[how])
    check = order_scenario(sources, "fit")
    before = Exchange.objects.filter(source__code="police").count()
    asking.ask([check.pk])
    assert len(asked_of(check)) == 23
    assert "police" not in asked_of(check)
    assert Exchange.objects.filter(source__code="police").count() == before
    assert sources.ask("/control/counters").get("police", {"numbers": {}})["numbers"] == {}
    held = Hold.objects.get()
    assert (held.source.code, held.round, held.ground, held.held_by) == ("police", None, "evidence", None)
    asking.ask([check.pk])
    assert Hold.objects.count() == 1


def test_a_head_put_back_stops_the_asking_too(kept, sources):
    earlier = ChainHead.objects.get(chain=CHAIN, lane=3)
    keep("police")
    rewind(earlier)
    check = order_scenario(sources, "fit")
    asking.ask([check.pk])
    assert "police" not in asked_of(check)


def test_the_board_says_why_and_a_release_waits_for_the_administrator(kept, sources, as_user):
    behind_our_back(FORGE, CHAIN)
    check = order_scenario(sources, "fit")
    asking.ask([check.pk])
    client = as_user("check")
    assert "Chain of evidence broken" in client.get(reverse("verification:board")).content.decode()
    held = Hold.objects.get()
    release = reverse("verification:release", args=[held.pk])
    assert client.post(release, {"reason": "go on"}).status_code == 409
    assert Hold.objects.live().exists()
    with pytest.raises(MoveRefusedError):
        evidence.must_be_whole(held.source)

    call_command("verify_exchanges", mend="police", stdout=io.StringIO())
    client.post(release, {"reason": "mended"})
    assert not Hold.objects.live().exists()
    asking.ask([check.pk])
    check.refresh_from_db()
    assert check.status == Check.Status.ASSESSED
    assert not Hold.objects.live().exists()
    found = [each.problem for _read, many in evidence.verify() for each in many]
    assert found == ["gap"]  # for ever


def test_to_look_whether_the_chains_are_whole_costs_an_ask_one_query(kept, django_assert_num_queries):
    with django_assert_num_queries(1):
        evidence.hold_broken()
    assert not Hold.objects.exists()


def test_what_cannot_be_written_as_evidence_is_no_answer_either(one_lane, sources, monkeypatch):
    check = order_scenario(sources, "fit")
    keep("police")
    claim = claiming.claim

    def claimed_and_then_forged(*args, **values):
        claimed = claim(*args, **values)
        behind_our_back(FORGE, CHAIN)
        return claimed

    monkeypatch.setattr(claiming, "claim", claimed_and_then_forged)
    with pytest.raises(evidence.BrokenChainError):
        asking.ask([check.pk])
    assert "police" not in asked_of(check)
    assert Exchange.objects.filter(source__code="police").count() == 1
