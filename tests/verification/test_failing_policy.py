"""What follows when a source fails, as an administrator enters it: form and database hold the same."""

from datetime import time

import pghistory.models
import pytest
from django.db import IntegrityError, transaction

from bureau.dated_policy import PolicyError
from bureau.models import Staff
from tests.verification.test_admin import source_page
from verification.models import Source
from verification.standards import read_standard, sample_standards
from verification.standards.reading import SAMPLES

pytestmark = pytest.mark.django_db


@pytest.fixture
def police(db) -> Source:
    return Source.objects.get(code="police")


def errors(answer) -> dict[str, list[str]]:
    assert answer.status_code == 200
    return answer.context["adminform"].form.errors


def test_policy_days_patience_rate_and_quiet_hours_are_entered_and_kept(as_user, police):
    page = f"/admin/verification/source/{police.pk}/change/"
    entered = {
        **{"policy": "last_known", "last_known_days": 60, "stale_after_days": 90, "patience_hours": 12},
        **{"per_minute": 300, "quiet_from": "22:00", "quiet_to": "06:00"},
    }
    shown = as_user("admin").get(page).content.decode()
    assert all(f'name="{name}"' in shown for name in entered)
    assert "When it fails" in shown
    assert as_user("admin").post(page, source_page(police, **entered)).status_code == 302
    police.refresh_from_db()
    kept = {name: getattr(police, name) for name in entered}
    assert kept == entered | {"quiet_from": time(22), "quiet_to": time(6)}
    events = pghistory.models.Events.objects.tracks(police).order_by("pgh_created_at")
    assert events.last().pgh_data["last_known_days"] == 60
    assert events.last().pgh_context["user"] == Staff.objects.get(username="admin").pk
    assert as_user("admin").post(page, source_page(police, policy="must_answer", last_known_days="")).status_code == 302
    police.refresh_from_db()
    assert (police.policy, police.last_known_days) == ("must_answer", None)


WRONG = {
    "no days": ({"policy": "last_known"}, "last_known_days", "source_last_known_says_how_old"),
    "days of no use": ({"last_known_days": 30}, "last_known_days", "source_last_known_says_how_old"),
    "old at once": (
        {"policy": "last_known", "last_known_days": 90, "stale_after_days": 89},
        "stale_after_days",
        "source_last_known_is_not_stale",
    ),
    "too old": ({"policy": "last_known", "last_known_days": 731}, "last_known_days", "source_days_and_hours"),
    "of no day": ({"policy": "last_known", "last_known_days": 0}, "last_known_days", "source_days_and_hours"),
    "old on the day": ({"stale_after_days": 0}, "stale_after_days", "source_days_and_hours"),
    "no patience": ({"patience_hours": 0}, "patience_hours", "source_days_and_hours"),
    "endless patience": ({"patience_hours": 721}, "patience_hours", "source_days_and_hours"),
    "half of quiet hours": ({"quiet_from": time(1)}, "quiet_to", "source_quiet_hours_have_both_ends"),
    "the other half": ({"quiet_to": time(1)}, "quiet_from", "source_quiet_hours_have_both_ends"),
    "no such policy": ({"policy": "whatever"}, "policy", "source_policy_is_known"),
}


@pytest.mark.parametrize(("fields", "where", "constraint"), WRONG.values(), ids=WRONG)
def test_what_does_not_go_together_is_refused_at_its_field_and_by_the_database(
    as_user, police, fields, where, constraint
):
    answer = as_user("admin").post(f"/admin/verification/source/{police.pk}/change/", source_page(police, **fields))
    assert set(errors(answer)) == {where}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Source.objects.filter(pk=police.pk).update(**fields)
    before = police.patience_hours
    police.refresh_from_db()
    assert (police.policy, police.last_known_days, police.patience_hours) == ("must_answer", None, before)


def test_the_words_of_a_refusal_say_what_to_do_in_the_readers_language(as_user, police):
    page = f"/admin/verification/source/{police.pk}/change/"
    form = source_page(police, policy="last_known")
    assert errors(as_user("admin").post(page, form))["last_known_days"][0].startswith("Enter how many days")
    assert "最长天数" in errors(as_user("admin", "zh-hans").post(page, form))["last_known_days"][0]


def test_only_administrators_change_it(as_user, police):
    page = f"/admin/verification/source/{police.pk}/change/"
    assert as_user("check").post(page, source_page(police, patience_hours=1)).status_code in {302, 403}
    police.refresh_from_db()
    assert police.patience_hours == 24


def test_the_sources_of_the_seeds_have_sensible_values(db):
    bank = Source.objects.get(code="njcb")
    assert (bank.policy, bank.last_known_days) == ("last_known", 90)
    assert not Source.objects.exclude(patience_hours=24).exists()
    assert Source.objects.filter(stale_after_days__isnull=False).exists()


def test_a_standard_names_who_must_be_current_by_code_and_none_that_is_no_source():
    sample = next(SAMPLES.glob("taizhou-demo-public*.json")).read_text()
    named = sample.replace('"required_sources"', '"sources_that_must_be_current": ["njcb"],\n  "required_sources"', 1)
    assert read_standard(named.encode()).sources_that_must_be_current == ("njcb",)
    with pytest.raises(PolicyError):
        read_standard(named.replace('"sources_that_must_be_current": ["njcb"]',
                                    '"sources_that_must_be_current": ["njbc"]').encode())  # fmt: skip
    assert {standard.sources_that_must_be_current for standard in sample_standards()} == {()}
