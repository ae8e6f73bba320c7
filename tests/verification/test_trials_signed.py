"""Who tries a standard, who signs its trial, what the database keeps, and which trial holds."""

import pytest
from django.apps import apps
from django.db import InternalError, transaction
from django.db.utils import DatabaseError, IntegrityError
from django.utils import timezone

from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from tests.factories import trials as made
from verification import trials, trying
from verification.models import Trial, TrialBatch, TrialRow
from verification.trying import Population

pytestmark = pytest.mark.django_db
ALL = Population()


@pytest.mark.parametrize("name", ["check", "check2", "admin"])
def test_administrators_and_check_officers_try(four, people, name):
    assert trials.begin(made.coming(), ALL, by=people[name]).run_by == people[name]


@pytest.mark.parametrize("name", ["window", "street", "district", "housing", "credit", "auditor"])
def test_nobody_else_tries_or_signs(four, people, name):
    standard = made.coming()
    with pytest.raises(NotAllowedError):
        trials.begin(standard, ALL, by=people[name])
    trial = made.run(standard, people["check"])
    with pytest.raises(NotAllowedError):
        trials.sign(trial, note="同意", by=people[name])


def test_a_standard_in_force_is_not_tried(four, people):
    for standard in (made.standard_of(), made.coming(timezone.localdate())):
        with pytest.raises(MoveRefusedError):
            trials.begin(standard, ALL, by=people["check"])


def test_another_person_signs_once_with_a_note_when_it_is_finished(four, people):
    first, second, admin = people["check"], people["check2"], people["admin"]
    standard = made.coming()
    trial = trials.begin(standard, ALL, by=first)
    with pytest.raises(MoveRefusedError):
        trials.sign(trial, note="同意", by=second)
    trying.work(trial.pk)
    for by in (first, admin):
        with pytest.raises(NotAllowedError):
            trials.sign(trial, note="同意", by=by)
    with pytest.raises(UnfitDataError):
        trials.sign(trial, note=" ", by=second)
    trials.sign(trial, note="影响范围清楚，同意。", by=second)
    with pytest.raises(MoveRefusedError):
        trials.sign(trial, note="再次", by=second)
    trial.refresh_from_db()
    assert (trial.signed_by, trial.sign_note) == (second, "影响范围清楚，同意。")
    assert trials.that_holds(standard) == trial
    assert trials.that_holds(made.standard_of()) is None


def test_a_trial_of_another_text_does_not_hold(four, people):
    standard = made.coming()
    trial = made.run(standard, people["check"])
    assert trials.that_holds(standard) == trial
    standard.content = standard.content | made.income_line(4200)
    standard.save()
    assert trials.that_holds(standard) is None
    with pytest.raises(MoveRefusedError):
        trials.sign(trial, note="同意", by=people["check2"])
    again = made.run(standard, people["check"])
    assert (again.number, trials.that_holds(standard)) == (2, again)


@pytest.mark.parametrize(
    "change",
    [
        {"households": 1},
        {"content_digest": "0" * 64},
        {"counts": {"districts": {}}},
        {"result_digest": "0" * 64},
        {"run_at": timezone.now()},
    ],
)
def test_the_database_keeps_a_trial_as_it_was_run(four, people, change):
    trial = made.run(made.coming(**made.income_line(4700)), people["check"])
    with pytest.raises(DatabaseError), transaction.atomic():
        Trial.objects.filter(pk=trial.pk).update(**change)
    for rows in (TrialRow.objects, TrialBatch.objects):
        with pytest.raises(InternalError), transaction.atomic():
            rows.all().delete()
    with pytest.raises(InternalError), transaction.atomic():
        TrialRow.objects.update(kind="leaves")


def test_the_database_refuses_who_ran_it_as_signer_and_a_signature_before_the_end(four, people):
    trial = trials.begin(made.coming(), ALL, by=people["check"])
    signed = {"signed_at": timezone.now(), "sign_note": "同意"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Trial.objects.filter(pk=trial.pk).update(signed_by=people["check2"], **signed)
    trying.work(trial.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Trial.objects.filter(pk=trial.pk).update(signed_by=people["check"], **signed)


def test_every_table_of_a_trial_is_known_to_this_test():
    tables = {
        model._meta.db_table for model in apps.get_models() if model._meta.db_table.startswith("verification_trial")
    }
    assert tables == {"verification_trial", "verification_trialbatch", "verification_trialrow"}
