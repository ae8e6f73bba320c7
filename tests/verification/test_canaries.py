"""Control questions before a round, over real HTTP: right lets a source through, wrong and silent hold it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.utils import timezone

from housing_credit.seeds.control_persons import KNOWN_TO_ALL, KNOWN_TO_NONE, seed_control_persons
from tests.factories.checks import order_scenario, orders_of
from verification import asking, canaries, claiming, control_answers, holding, rounds
from verification.models import Canary, ControlPerson, Exchange, Hold, Inquiry, KnownAnswer, Source

pytestmark = pytest.mark.django_db
CODE = "police"


@pytest.fixture
def known(sources):
    """Two control persons, known to the mock departments."""
    assert seed_control_persons() == 2
    assert seed_control_persons() == 0
    return sources


@pytest.fixture
def opened(known, people):
    """A round of two households, nothing asked yet."""
    return open_round(known, people)


def open_round(departments, people, households: int = 2):
    found = rounds.open_round("年度复核", {}, by=people["check"])
    rounds.add(found, orders_of(departments, "fit", households))
    rounds.filled(found)
    return found


def ids_of(found) -> list[int]:
    return list(found.checks.values_list("pk", flat=True))


def canary_of(found, code: str = CODE) -> Canary:
    return found.canaries.get(source__code=code)


def again(found) -> None:
    """Ask until nothing waits, whatever the pauses."""
    for _ in range(10):
        Canary.objects.filter(state="waiting").update(not_before=timezone.now() - timedelta(seconds=1))
        if not canaries.ask(found.pk):
            return


def test_a_round_asks_nothing_before_the_control_questions_are_answered(opened):
    assert opened.canaries.filter(state="waiting").count() == 24
    assert claiming.claim(ids_of(opened))[1] == []
    assert claiming.due_checks("rounds", 10) == []
    asking.ask(ids_of(opened))
    assert not Exchange.objects.exists()
    assert canaries.ask(opened.pk) == 24
    assert set(opened.canaries.values_list("state", flat=True)) == {"right"}
    assert not Hold.objects.exists()
    asking.ask(ids_of(opened))
    assert set(Inquiry.objects.values_list("state", flat=True)) == {"answered"}


def test_a_single_check_does_not_wait_for_control_questions(opened, known):
    single = order_scenario(known, "fit")
    asking.ask([single.pk])
    single.refresh_from_db()
    assert single.status == "assessed"


def test_the_questions_go_over_the_wire_as_any_others_and_are_kept_as_evidence(opened, known):
    canaries.ask(opened.pk)
    counters = known.ask("/control/counters")
    assert (counters[CODE]["requests"], counters[CODE]["questions"], counters[CODE]["persons"]) == (1, 2, 2)
    kept = Exchange.objects.get(source__code=CODE)
    assert (kept.round, kept.households, kept.settled, kept.outcome) == (opened, 2, 0, "answered")
    assert kept.place is not None
    assert KNOWN_TO_ALL[2].encode() in kept.request
    assert b"rehearsal" not in kept.request
    row = canary_of(opened)
    assert row.exchange == kept
    told = control_answers.read_rows(row.told)
    assert [(each.person, each.known, each.told, each.verdict) for each in told] == [
        (KNOWN_TO_ALL[0], "found", "found", "right"),
        (KNOWN_TO_NONE[0], "none", "none", "right"),
    ]
    assert ("vehicle", "plate_no", "苏M99001", "苏M99001", True) in [
        (fact.kind, fact.field, fact.known, fact.told, fact.agrees) for fact in told[0].facts
    ]


def test_a_source_that_answers_falsely_is_held_everywhere_and_the_others_go_on(opened, known):
    known.set(CODE, control_wrong=True)
    canaries.ask(opened.pk)
    row = canary_of(opened)
    assert row.state == "wrong"
    assert {each.verdict for each in control_answers.read_rows(row.told)} == {"wrong"}
    held = Hold.objects.get()
    assert (held.source.code, held.round, held.ground, held.held_by) == (CODE, None, "canary", None)
    assert KNOWN_TO_ALL[0] in held.reason
    assert KNOWN_TO_NONE[0] in held.reason
    assert KNOWN_TO_ALL[1] not in held.reason
    assert {due.source.code for due in claiming.claim(ids_of(opened))[1]} == set(
        Source.objects.exclude(code=CODE).values_list("code", flat=True)
    )


def test_a_single_false_fact_is_enough(opened):
    row = KnownAnswer.objects.get(source__code=CODE, outcome="found")
    row.facts = {"vehicle": [{"plate_no": "苏M00000"}]}
    row.save()
    canaries.ask(opened.pk)
    fact = control_answers.read_rows(canary_of(opened).told)[0].facts[0]
    assert (fact.known, fact.told, fact.agrees) == ("苏M00000", "苏M99001", False)
    assert Hold.objects.get().ground == "canary"


@pytest.mark.parametrize("fault", [{"down": True}, {"error_rate": 1}, {"malformed_rate": 1}, {"wrong_person_rate": 1}])
def test_a_source_that_does_not_answer_is_tried_again_and_then_held_in_the_round_only(opened, known, fault):
    known.set(CODE, **fault)
    canaries.ask(opened.pk)
    row = canary_of(opened)
    assert (row.state, row.attempts) == ("waiting", 1)
    assert row.not_before > timezone.now()
    assert canaries.ask(opened.pk) == 0
    again(opened)
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("silent", row.source.max_attempts)
    assert Exchange.objects.filter(source__code=CODE).count() == row.source.max_attempts
    held = Hold.objects.get()
    assert (held.source.code, held.round, held.ground) == (CODE, opened, "canary")


def test_a_source_that_answers_at_the_second_try_is_let_through(opened, known):
    known.set(CODE, down=True)
    canaries.ask(opened.pk)
    known.set(CODE)
    again(opened)
    assert canary_of(opened).state == "right"
    assert not Hold.objects.exists()


def test_a_released_source_is_asked_and_the_next_round_tries_it_anew(opened, known, people):
    known.set(CODE, control_wrong=True)
    canaries.ask(opened.pk)
    holding.release(Hold.objects.get(), by=people["check"], reason="已与公安局核实", verdict="stand")
    assert CODE in {due.source.code for due in claiming.claim(ids_of(opened))[1]}
    following = open_round(known, people)
    canaries.ask(following.pk)
    assert canary_of(following).state == "wrong"
    assert Hold.objects.live().get().ground == "canary"


def test_the_sweep_asks_what_a_dead_worker_left(opened):
    canaries._claim(opened.pk)
    assert canaries.ask_due() == 0
    Canary.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert canaries.ask_due() == 24
    assert set(opened.canaries.values_list("state", flat=True)) == {"right"}


def test_a_slow_answer_of_an_earlier_try_changes_nothing(opened):
    turn = canaries._turns(canaries._claim(opened.pk))[0]
    Canary.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    canaries.ask_due()
    count = Exchange.objects.count()
    assert canaries._record(turn, canaries._call(turn)) is False
    assert Exchange.objects.count() == count


def test_nobody_is_asked_about_whose_authorisation_is_over_or_who_is_not_in_use(known, people):
    ControlPerson.objects.filter(label=KNOWN_TO_ALL[0]).update(valid_to=timezone.localdate() - timedelta(days=1))
    ControlPerson.objects.filter(label=KNOWN_TO_NONE[0]).update(in_use=False)
    assert not open_round(known, people).canaries.exists()


def test_a_source_is_let_through_when_its_last_known_answer_was_ended_meanwhile(opened):
    KnownAnswer.objects.filter(source__code=CODE).update(in_use=False)
    canaries.ask(opened.pk)
    assert canary_of(opened).state == "dropped"
    assert CODE in {due.source.code for due in claiming.claim(ids_of(opened))[1]}


def test_a_held_or_paused_source_is_not_tried(opened, people):
    holding.hold(Source.objects.get(code=CODE), by=people["check"], reason="数据有误")
    assert canaries.ask(opened.pk) == 23
    rounds.pause(opened, by=people["check"], reason="节假日")
    holding.release(Hold.objects.get(), by=people["check"], reason="已更正")
    assert canaries.ask(opened.pk) == 0
    rounds.resume(opened, by=people["check"])
    assert canaries.ask(opened.pk) == 1


def test_the_database_keeps_what_came_of_it(opened):
    canaries.ask(opened.pk)
    row = canary_of(opened)
    for attempt in (
        lambda: Canary.objects.filter(pk=row.pk).update(state="waiting", ended_at=None),
        lambda: Canary.objects.filter(pk=row.pk).delete(),
        lambda: ControlPerson.objects.filter(label=KNOWN_TO_ALL[0]).delete(),
        lambda: KnownAnswer.objects.filter(source__code=CODE).delete(),
    ):
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
            attempt()
    person = ControlPerson.objects.get(label=KNOWN_TO_ALL[0])
    person.id_number = "32129919850927952X"
    with pytest.raises(InternalError), transaction.atomic():
        person.save()


@pytest.mark.parametrize(
    ("fault", "persons"), [("everybody", {KNOWN_TO_NONE[0]}), ("control_wrong", {"样本甲", "样本乙"})]
)
def test_every_source_of_the_demonstration_can_be_made_to_lie_readably(opened, known, fault, persons):
    known.ask("/control/sources", "PUT", {"*": {fault: True}})
    canaries.ask(opened.pk)
    told = {
        row.source.code: {(each.person, each.verdict) for each in control_answers.read_rows(row.told)}
        for row in opened.canaries.select_related("source")
    }
    wrong = {(person, "wrong") for person in persons}
    assert {code: said for code, said in told.items() if {each for each in said if each[1] != "right"} != wrong} == {}
    assert Hold.objects.live().filter(ground="canary", round=None).count() == 24
