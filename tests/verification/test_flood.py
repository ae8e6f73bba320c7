"""A source that finds something on far more people than usual is held, over real HTTP with a broken feed."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from housing_credit.seeds.control_persons import seed_control_persons
from tests.factories.checks import orders_of
from verification import asking, canaries, flood, holding, rounds, spreading
from verification.models import Canary, Exchange, HitBand, HitRate, Hold, Source

pytestmark = pytest.mark.django_db
CODE = "police"


@pytest.fixture
def police(sources) -> Source:
    return Source.objects.get(code=CODE)


def band(source: Source, low: int = 0, high: int = 60, least: int = 4) -> None:
    HitBand.objects.create(source=source, kind="vehicle", low=low, high=high, least=least)


def asked(departments, people, scenario: str = "fit", households: int = 3):
    """A round, asked and recorded; control questions first."""
    found = rounds.open_round("年度复核", {}, by=people["check"])
    checks = rounds.add(found, orders_of(departments, scenario, households))
    rounds.filled(found)
    canaries.ask(found.pk)
    asking.ask([check.pk for check in checks])
    return found


def rate(found, kind: str = "vehicle") -> HitRate:
    return HitRate.objects.get(round=found, source__code=CODE, kind=kind)


def test_a_share_within_the_band_holds_nobody(sources, people, police):
    band(police)
    found = asked(sources, people)
    assert flood.watch_due() == 0
    assert not Hold.objects.exists()
    counted = rate(found)
    assert counted.told >= 6
    assert counted.found <= counted.told
    assert rate(found, "registration").found == rate(found, "registration").told
    kept = Exchange.objects.filter(round=found, source=police)
    assert sum(each.told for each in kept) == counted.told


def test_a_feed_that_finds_something_on_everybody_is_held_and_its_answers_are_in_doubt(sources, people, police):
    seed_control_persons()
    band(police)
    found = rounds.open_round("年度复核", {}, by=people["check"])
    checks = rounds.add(found, orders_of(sources, "fit", 3))
    canaries.ask(found.pk)
    assert not Hold.objects.exists()
    sources.set(CODE, everybody=True)
    asking.ask([check.pk for check in checks])
    assert flood.watch_due() == 1
    held = Hold.objects.get()
    assert (held.source, held.round, held.ground, held.held_by) == (police, None, "flood", None)
    assert held.doubted_from == Canary.objects.get(round=found, source=police).ended_at
    assert "100.0%" in held.reason
    assert rate(found).hold == held
    assert flood.watch_due() == 0
    assert Hold.objects.count() == 1


def test_the_control_questions_find_such_a_feed_before_the_round(sources, people, police):
    seed_control_persons()
    sources.set(CODE, everybody=True)
    found = rounds.open_round("年度复核", {}, by=people["check"])
    canaries.ask(found.pk)
    assert Hold.objects.get().ground == "canary"


def test_a_feed_that_finds_nothing_any_more_leaves_the_band_too():
    low = flood.Band(0.5, 1.0, 2)
    assert flood.leaves(HitRate(told=100, found=0), low)
    assert not flood.leaves(HitRate(told=100, found=50), low)


@pytest.mark.parametrize(("told", "found", "held"), [(3, 3, False), (4, 3, True), (4, 2, False), (5, 3, False)])
def test_too_few_are_not_judged_and_the_edge_belongs_to_the_band(told, found, held):
    assert flood.leaves(HitRate(told=told, found=found), flood.Band(0.0, 0.6, 4)) is held


@pytest.mark.parametrize(("past", "found", "held"), [(1000, 180, True), (1000, 40, False), (400, 180, False)])
def test_earlier_rounds_tell_what_is_usual_once_there_are_enough(db, people, past, found, held):
    source = Source.objects.get(code=CODE)
    earlier = rounds.open_round("上年复核", {}, by=people["check"])
    rounds.filled(earlier)
    rounds.close(earlier, by=people["check"])
    HitRate.objects.create(round=earlier, source=source, kind="vehicle", told=past, found=past * 8 // 100)
    now = rounds.open_round("年度复核", {}, by=people["check"])
    HitRate.objects.create(round=now, source=source, kind="vehicle", told=200, found=found)
    assert flood.watch_due() == held
    assert Hold.objects.filter(ground="flood").exists() is held


def test_rounds_whose_answers_did_not_stand_tell_nothing(db, people):
    source = Source.objects.get(code=CODE)
    earlier = rounds.open_round("上年复核", {}, by=people["check"])
    held = holding.hold(source, by=None, reason="异常", ground="flood", doubted_from=timezone.now())
    row = HitRate.objects.create(round=earlier, source=source, kind="vehicle", told=900, found=890, hold=held)
    holding.release(held, by=people["check"], reason="已更正", verdict="ask_again")
    rounds.filled(earlier)
    rounds.close(earlier, by=people["check"])
    assert flood.usual([row]) == {}
    Hold.objects.filter(pk=held.pk).update(verdict="stand")
    assert (source.pk, "vehicle") in flood.usual([row])


def flooded(sources, people, police) -> tuple[object, Hold]:
    band(police)
    sources.set(CODE, everybody=True)
    found = asked(sources, people)
    flood.watch_due()
    return found, Hold.objects.get()


def test_a_round_whose_answers_stand_is_not_judged_again(sources, people, police):
    found, held = flooded(sources, people, police)
    holding.release(held, by=people["check"], reason="属实", verdict="stand")
    assert flood.watch_due() == 0
    assert rate(found).hold == held


@pytest.mark.parametrize(("mended", "holds"), [(True, 0), (False, 1)])
def test_what_is_asked_again_is_counted_and_judged_anew(sources, people, police, mended, holds):
    found, held = flooded(sources, people, police)
    holding.release(held, by=people["check"], reason="接口已更正", verdict="ask_again")
    spreading.spread_due()
    if mended:
        sources.set(CODE)
    asking.ask(list(found.checks.values_list("pk", flat=True)))
    before = rate(found)
    assert before.told == 0
    assert flood.watch_due() == holds
    assert rate(found).told >= 6
    assert Hold.objects.live().count() == holds


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_shows_the_rate_beside_what_is_usual(sources, people, police, as_user, language):
    _found, held = flooded(sources, people, police)
    page = as_user("check", language).get(reverse("verification:release", args=[held.pk]))
    text = page.content.decode()
    assert page.status_code == 200
    assert "100.0%" in text
    assert "60.0%" in text
    assert "%(" not in text


def test_an_administrator_enters_what_is_usual(police, as_user):
    client = as_user("admin")
    address = f"/admin/verification/source/{police.pk}/change/"
    page = client.get(address)
    form = {name: value for name, value in page.context["adminform"].form.initial.items() if value is not None}
    form |= {"enabled": "on", "secret": "", "quiet_from": "", "quiet_to": ""}
    line = {"bands-TOTAL_FORMS": 1, "bands-INITIAL_FORMS": 0, "bands-0-kind": "vehicle", "bands-0-low": 0}
    wrong = client.post(address, {**form, **line, "bands-0-high": 0, "bands-0-least": 200})
    assert wrong.status_code == 200
    answer = client.post(address, {**form, **line, "bands-0-high": 25, "bands-0-least": 200})
    assert answer.status_code == 302
    assert HitBand.objects.get().high == 25
    for values in ({"low": 30, "high": 20}, {"low": 0, "high": 101}, {"low": 0, "high": 20, "least": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            HitBand.objects.create(source=police, kind="registration", **values)
