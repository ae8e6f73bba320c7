"""One writer of the status: under the lock it asks why not, and writes move and record together or not at all."""

import threading

import pytest
from django.db import connection, transaction

from applications import tiers
from applications.models import Application, Opinion
from bureau import lifecycle
from bureau.errors import CaseError, MoveRefusedError, NotAllowedError
from bureau.models import TimelineEntry
from tests.factories.cases import case_at, check_at
from verification import moves
from verification.models import Check


def events(subject):
    return list(TimelineEntry.objects.of(subject).values_list("event", flat=True))


def at_once(*calls):
    """Each call in a thread and on a connection of its own; what each raised, or None."""
    ready, raised = threading.Barrier(len(calls)), []

    def run(call):
        ready.wait()
        try:
            call()
            raised.append(None)
        except CaseError as error:
            raised.append(type(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.django_db
def test_a_move_writes_the_status_its_time_and_its_record(people):
    check = check_at("assessed")
    since = check.status_since
    lifecycle.make_move(check, moves.CONCLUDE, by=people["check"], note="齐全", outcome="fit")

    check.refresh_from_db()
    assert check.status == "concluded"
    assert check.status_since > since
    entry = TimelineEntry.objects.of(check).get()
    assert (entry.event, entry.by, entry.note) == ("conclude", people["check"], "齐全")
    assert entry.office == people["check"].seats[0].office
    assert entry.facts == {"before": "assessed", "after": "concluded", "outcome": "fit"}


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["street", "housing", "admin", None])
def test_whose_work_it_is_not_is_refused_and_nothing_is_written(people, who):
    check = check_at("assessed")
    with pytest.raises(NotAllowedError), transaction.atomic():
        lifecycle.make_move(check, moves.CONCLUDE, by=people[who] if who else None)
    check.refresh_from_db()
    assert (check.status, events(check)) == ("assessed", [])


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["asking", "settled", "concluded", "cancelled"])
def test_a_case_that_has_gone_on_is_refused_and_nothing_is_written(people, status):
    check = check_at(status)
    with pytest.raises(MoveRefusedError), transaction.atomic():
        lifecycle.make_move(check, moves.CONCLUDE, by=people["check"])
    check.refresh_from_db()
    assert (check.status, events(check)) == (status, [])


@pytest.mark.django_db
def test_a_guard_refuses_with_its_own_words(people):
    check = check_at("assessed")
    check.findings.create(fingerprint="f", kind="undeclared_vehicle")
    with pytest.raises(MoveRefusedError, match="1"):
        lifecycle.make_move(check, moves.CONCLUDE, by=people["check"])


@pytest.mark.django_db
def test_the_row_decides_and_not_what_a_page_read_earlier(people):
    check = check_at("assessed")
    stale = Check.objects.get(pk=check.pk)
    lifecycle.make_move(check, moves.CANCEL, by=people["check"])
    with pytest.raises(MoveRefusedError), transaction.atomic():
        lifecycle.make_move(stale, moves.CONCLUDE, by=people["check"])
    assert events(check) == ["cancel"]


@pytest.mark.django_db
def test_a_move_says_where_it_began_and_writes_what_goes_with_it(people):
    check = check_at("assessed")

    def with_it(moved):
        assert moved.status == "cancelled"
        moved.assess_failures = 3
        return ("assess_failures",)

    assert lifecycle.make_move(check, moves.CANCEL, by=people["check"], also=with_it) == "assessed"
    assert Check.objects.get(pk=check.pk).assess_failures == 3


@pytest.mark.django_db
def test_a_move_that_is_rolled_back_leaves_no_record(people):
    check = check_at("assessed")
    with transaction.atomic():
        lifecycle.make_move(check, moves.CANCEL, by=people["check"])
        transaction.set_rollback(True)
    assert (Check.objects.get(pk=check.pk).status, events(check)) == ("assessed", [])


@pytest.mark.django_db
def test_a_set_is_moved_in_one_update_and_rows_of_another_status_are_left_alone(django_assert_max_num_queries):
    due, others = [check_at("asking") for _ in range(5)], [check_at("assessed"), check_at("cancelled")]
    with django_assert_max_num_queries(6):
        moved = lifecycle.make_moves(Check.objects.filter(pk__in=[c.pk for c in (*due, *others)]), moves.SETTLE)

    assert sorted(moved) == sorted(check.pk for check in due)
    assert set(Check.objects.filter(pk__in=moved).values_list("status", flat=True)) == {"settled"}
    assert [events(check) for check in due] == [["settle"]] * 5
    assert [events(check) for check in others] == [[], []]
    assert [Check.objects.get(pk=check.pk).status for check in others] == ["assessed", "cancelled"]


@pytest.mark.django_db
def test_moves_of_persons_are_not_made_in_sets():
    check = check_at("assessed")
    with pytest.raises(NotAllowedError), transaction.atomic():
        lifecycle.make_moves(Check.objects.filter(pk=check.pk), moves.CONCLUDE)
    assert Check.objects.get(pk=check.pk).status == "assessed"


@pytest.mark.django_db
def test_the_database_refuses_a_status_that_is_not_in_the_table():
    check = check_at("assessed")
    with pytest.raises(Exception, match="check_status_is_known"), transaction.atomic():
        Check.objects.filter(pk=check.pk).update(status="finished")


@pytest.mark.django_db
def test_what_happened_is_never_changed_or_removed(people):
    check = check_at("assessed")
    lifecycle.make_move(check, moves.CANCEL, by=people["check"])
    for change in (lambda rows: rows.update(note="x"), lambda rows: rows.delete()):
        with pytest.raises(Exception, match="Cannot"), transaction.atomic():
            change(TimelineEntry.objects.of(check).select_related(None))


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_at_once_one_wins_and_the_other_is_told_it_has_gone_on(people):
    check = check_at("assessed")
    raised = at_once(
        lambda: lifecycle.make_move(Check.objects.get(pk=check.pk), moves.CONCLUDE, by=people["check"]),
        lambda: lifecycle.make_move(Check.objects.get(pk=check.pk), moves.CANCEL, by=people["check"]),
    )
    assert sorted(raised, key=str) == sorted([None, MoveRefusedError], key=str)
    assert len(events(check)) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_reviewers_at_once_one_opinion_is_written(people):
    case = case_at("at_street", keyed_by=people["window"])
    raised = at_once(
        lambda: tiers.forward(Application.objects.get(pk=case.pk), by=people["street"], opinion="同意"),
        lambda: tiers.reject(Application.objects.get(pk=case.pk), by=people["street"], opinion="不同意"),
    )
    assert len([error for error in raised if error is None]) == 1
    assert Opinion.objects.count() == 1
    assert len(events(case)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_move_each_case_once():
    ids = [check_at("asking").pk for _ in range(10)]
    sweep = lambda: lifecycle.make_moves(Check.objects.filter(pk__in=ids), moves.SETTLE)  # noqa: E731 -- called twice
    assert at_once(sweep, sweep) == [None, None]
    assert TimelineEntry.objects.filter(event="settle").count() == 10
