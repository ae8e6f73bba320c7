"""Workers that die in the middle of a trial cost nothing but time: the result is the one of an undisturbed run."""

import pytest

from tests.factories import trials as made
from tests.programs import wait_until
from verification import trials, trying
from verification.models import Trial, TrialRow

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


def test_a_killed_worker_loses_and_doubles_no_household(people, worker, monkeypatch):
    monkeypatch.setattr(trying, "BATCH", 2)
    for monthly in range(4300, 4700, 10):
        made.checked(people["check"], made.earning(monthly))
    standard = made.coming(**made.income_line(4700))
    trial = trials.begin(standard, trying.Population(), by=people["check"])
    wait_until(lambda: trial.batches.exclude(done_at=None).exists(), "a batch is done")
    worker.kill()
    worker.start()
    wait_until(lambda: Trial.objects.get(pk=trial.pk).is_finished, "the trial is finished", seconds=120)
    trial.refresh_from_db()
    assert sum(n for kinds in trying.counts_of(trial).districts.values() for n in kinds.values()) == 40
    assert TrialRow.objects.filter(trial=trial).count() == 22  # 4480 to 4690
    worker.kill()  # it would have a hand in the second run
    again = made.run(standard, people["check"])
    assert (again.result_digest, again.counts) == (trial.result_digest, trial.counts)
