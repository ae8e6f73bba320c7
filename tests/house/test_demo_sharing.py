"""The demonstration shows a batch and its receipt, announcements, and what a department asked; entered once."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from bureau import workdays
from bureau.models import Document
from credit.models import Announcement, Batch, Case, LineError, PartnerCall, PartnerKey, RegistryEvent, Subject
from housing_credit.seeds import registry, sharing
from housing_credit.seeds.past import days_ago

pytestmark = pytest.mark.django_db


@pytest.fixture
def seeded(people):
    registry.seed_registry()
    assert sharing.seed_sharing() == 4


def test_it_is_entered_once(seeded):
    models = (Announcement, Batch, Case, Document, LineError, PartnerCall, PartnerKey, RegistryEvent, Subject)
    before = [model.objects.count() for model in models]
    assert (registry.seed_registry(), sharing.seed_sharing()) == (0, 0)
    assert [model.objects.count() for model in models] == before


def test_a_batch_was_told_and_one_of_its_records_rejected(seeded):
    batch = Batch.objects.get()
    assert (batch.added, batch.receipt.accepted, batch.receipt.rejected) == (2, 1, 1)
    assert batch.made_on < batch.receipt.on < workdays.today()
    assert batch.handed_over_at is not None
    assert LineError.objects.get().line.subject.name == sharing.SHARED[1].name


def test_one_announcement_is_out_and_one_awaits_its_check(seeded):
    today = workdays.today()
    states = {found.case.parties.get().subject.name: found.state(today) for found in Announcement.objects.all()}
    assert states == {
        sharing.ANNOUNCED.name: Announcement.State.OUT,
        sharing.AWAITED.name: Announcement.State.TO_CHECK,
    }


def test_a_department_asked_and_was_refused_once(seeded):
    rows = PartnerCall.objects.order_by("pk")
    told = [row.outcome for row in rows]
    assert told == ["hit", "none", "hit", "hit", "none", "none", "purpose_not_granted"]
    assert {row.partner.code for row in rows} == {sharing.PARTNER}
    assert PartnerKey.objects.get().expires_on > workdays.today()


@pytest.mark.parametrize("username", ["credit", "auditor"])
def test_the_lists_are_not_empty(seeded, as_user, username):
    batch = Batch.objects.get()
    for address, words in (
        (reverse("credit:feed", args=["city-credit"]), batch.name),
        (reverse("credit:batch", args=[batch.name]), "主体名称与证件号码不一致"),
        (reverse("credit:announcements"), Announcement.objects.first().number),
        (reverse("credit:partner", args=[sharing.PARTNER]), PartnerKey.objects.get().key_id),
        (reverse("credit:queries"), "民政局"),
    ):
        assert words in as_user(username).get(address, headers={"accept-language": "zh-hans"}).content.decode(), address


def test_the_calendar_goes_on_after_it():
    now = timezone.now()
    with days_ago(40):
        assert timezone.now() < now - timedelta(days=39)
        assert (now.astimezone(workdays.SHANGHAI).date() - workdays.today()).days == 40
    assert timezone.now() >= now
