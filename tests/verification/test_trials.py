"""Trials of standards: whom a standard that is still to come would turn, over whom, worked out in batches, signed."""

from datetime import timedelta

import msgspec
import pytest
from django.db import connection
from django.db.utils import OperationalError
from django.utils import timezone
from psycopg2 import sql

from bureau.errors import UnfitDataError
from tests.factories import trials as made
from verification import rounds, trials, trying
from verification.comparison import Tried
from verification.facts import Outcome
from verification.models import Assessment, Trial, TrialRow
from verification.trying import Population

pytestmark = pytest.mark.django_db
ALL = Population()
DIGEST = "SELECT count(*), md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM {} t"


def told(trial) -> dict[int, str]:
    return dict(TrialRow.objects.of_trial(trial.pk).values_list("check_ordered_id", "kind"))


def test_a_higher_line_lets_households_join_and_a_lower_one_makes_them_leave(four, people):
    higher = made.run(made.coming(**made.income_line(4700)), people["check"])
    lower = made.run(
        made.coming(code="lower", day=timezone.localdate() + timedelta(60), **made.income_line(4000)), people["check"]
    )
    assert told(higher) == {four[2].pk: "joins"}
    assert told(lower) == {four[1].pk: "leaves"}
    assert trying.counts_of(higher).districts == {"321202": {"joins": 1, "stays": 2}, "321203": {"stays": 1}}
    assert trying.counts_of(lower).districts == {"321202": {"stays": 3}, "321203": {"leaves": 1}}
    assert trying.counts_of(lower).criteria == {"income": {"leaves": 1}}


def test_a_row_tells_what_turned_both_limits_and_the_distance(four, people):
    trial = made.run(made.coming(**made.income_line(4700)), people["check"])
    row = TrialRow.objects.get(trial=trial)
    content = msgspec.json.decode(row.content, type=Tried)
    turned = content.turned[0]
    assert (row.was, row.now, row.criteria) == ("unfit", "fit", ["income"])
    assert (turned.verdicts, turned.value, turned.limits) == (("failed", "met"), 4600, (4480, 4700))
    assert turned.distance == 100


def test_a_standard_that_wants_another_source_leaves_results_open(people):
    made.checked(people["check"], made.earning(3000), silent={"transport": Outcome.TIMEOUT})
    content = made.standard_of().content
    wanted = [*content["required_sources"], "transport"]
    trial = made.run(made.coming(required_sources=wanted, sources_that_may_be_missing=[]), people["check"])
    row = TrialRow.objects.get(trial=trial)
    assert (row.kind, row.was, row.now) == ("opens", "fit", "incomplete")
    assert "missing:transport" in msgspec.json.decode(row.content, type=Tried).reasons


def test_the_population_is_chosen_by_district_period_and_round(four, people):
    standard, by = made.coming(), people["check"]
    long_ago = made.checked(by, made.earning(3000), concluded_at=timezone.now() - timedelta(days=400))
    yesterday, today = timezone.localdate() - timedelta(days=1), timezone.localdate()
    found = rounds.open_round("年度复核", {}, by=by)
    in_round = made.checked(by, made.earning(3000), within=found, concluded=False)

    def chosen(**limits):
        ids = trying.assessments_of(standard.programme, Population(**limits))
        return set(Assessment.objects.filter(pk__in=ids).values_list("check_ordered", flat=True))

    every = {check.pk for check in four}
    assert chosen() == {*every, long_ago.pk}
    assert chosen(since=yesterday, until=today) == every
    assert chosen(until=yesterday) == {long_ago.pk}
    assert chosen(districts=("321203",)) == {four[1].pk}
    assert chosen(districts=("321203", "321202")) == {*every, long_ago.pk}
    assert chosen(round=found.number) == {in_round.pk}
    assert trying.assessments_of("rental_subsidy", ALL) == []


def test_a_household_counts_once_by_its_newest_conclusion_and_invented_people_not_at_all(people):
    by = people["check"]
    made.checked(by, made.earning(4400), subject="GZ2026-000777")
    newer = made.checked(by, made.earning(4600), subject="GZ2026-000777")
    made.checked(by, made.earning(4600), purpose="rehearsal")
    made.checked(by, made.earning(4600), concluded=False)
    trial = made.run(made.coming(**made.income_line(4700)), by)
    assert trial.households == 1
    assert told(trial) == {newer.pk: "joins"}


def test_a_population_that_does_not_exist_is_refused_by_its_field(four, people):
    standard, by = made.coming(), people["check"]
    today = timezone.localdate()
    for wrong, field in (
        (Population(districts=("321299",)), "districts"),
        (Population(districts=("321200",)), "districts"),
        (Population(round="PC2026-999999"), "round"),
        (Population(since=today, until=today - timedelta(days=1)), "until"),
    ):
        with pytest.raises(UnfitDataError) as refused:
            trials.begin(standard, wrong, by=by)
        assert field in refused.value.fields
    with pytest.raises(UnfitDataError):
        trials.begin(standard, Population(until=today - timedelta(days=100)), by=by)
    assert not Trial.objects.exists()


def everything_else() -> dict[str, str]:
    """A digest of every table but the trial's own."""
    digests = {}
    with connection.cursor() as cursor:
        for name in sorted(connection.introspection.table_names()):
            if not name.startswith("verification_trial"):
                cursor.execute(sql.SQL(DIGEST).format(sql.Identifier(name)))
                digests[name] = str(cursor.fetchone())
    return digests


def test_nothing_but_the_trial_is_touched(four, people):
    standard = made.coming(**made.income_line(4000))
    before = everything_else()
    assert len(before) > 50
    trial = made.run(standard, people["check"])
    trials.sign(trial, note="影响范围清楚。", by=people["check2"])
    assert everything_else() == before
    assert TrialRow.objects.count() == 1


def test_a_second_run_and_one_that_was_interrupted_come_to_the_same(four, people, monkeypatch):
    monkeypatch.setattr(trying, "BATCH", 1)
    standard, by = made.coming(**made.income_line(4700)), people["check"]
    whole = made.run(standard, by)
    broken = trials.begin(standard, ALL, by=by)
    one = trying._rows

    def dies(batch, content):
        if batch.number == 3:
            raise OperationalError("server closed the connection unexpectedly")
        return one(batch, content)

    monkeypatch.setattr(trying, "_rows", dies)
    with pytest.raises(OperationalError):
        trying.work(broken.pk)
    assert broken.batches.exclude(done_at=None).count() == 2
    broken.refresh_from_db()
    assert (broken.finished_at, broken.counts) == (None, None)
    monkeypatch.setattr(trying, "_rows", one)
    made.checked(by, made.earning(4600))  # concluded meanwhile: it is not among those that were laid out
    trials.go_on_with_due()
    broken.refresh_from_db()
    assert broken.is_finished
    assert (broken.result_digest, broken.counts) == (whole.result_digest, whole.counts)
    finished_at = broken.finished_at
    assert trying.work(broken.pk)
    broken.refresh_from_db()
    assert (broken.finished_at, broken.result_digest) == (finished_at, whole.result_digest)


def test_a_turn_ends_in_time_and_the_next_goes_on(four, people, monkeypatch):
    monkeypatch.setattr(trying, "BATCH", 1)
    rung = []
    monkeypatch.setattr(trials.bell, "ring", lambda *told: rung.append(told))
    trial = trials.begin(made.coming(), ALL, by=people["check"])
    assert not trying.work(trial.pk, seconds=0)
    assert trial.batches.exclude(done_at=None).count() == 1
    monkeypatch.setattr(trying, "TURN", 0)
    trials.go_on(trial.pk)
    assert rung == [("verification.try_standard", trial.pk)] * 2
    assert trying.counts_of(trial).districts == {"321202": {"stays": 1}, "321203": {"stays": 1}}


def test_a_household_that_cannot_be_worked_out_is_told_and_holds_up_nobody(four, people, monkeypatch):
    broken = four[2].assessments.get()
    work_out = trying._work_out

    def fails(row, standard):
        if row.pk == broken.pk:
            raise ValueError("a record that quotes 321299198003150018")
        return work_out(row, standard)

    monkeypatch.setattr(trying, "_work_out", fails)
    trial = made.run(made.coming(), people["check"])
    row = TrialRow.objects.get(trial=trial)
    assert (row.kind, row.now, row.check_ordered) == ("failed", "", four[2])
    assert row.failure.startswith("ValueError")
    assert "3212991980" not in row.failure
    assert trying.counts_of(trial).districts["321202"] == {"failed": 1, "stays": 2}


def test_a_result_by_earlier_rules_is_worked_out_again_so_that_only_the_standard_differs(people):
    made.checked(people["check"], made.earning(4600), rules_version="2026.1", proposed="fit")
    assert told(made.run(made.coming(), people["check"])) == {}


def test_more_households_cost_no_more_queries(people, django_assert_max_num_queries):
    for _ in range(12):
        made.checked(people["check"], made.earning(4600))
    with django_assert_max_num_queries(16):
        trial = trials.begin(made.coming(**made.income_line(4700)), ALL, by=people["check"])
    with django_assert_max_num_queries(20):
        trying.work(trial.pk)
    assert TrialRow.objects.count() == 12
