"""The demonstration's registry: a few records at different stages, entered once."""

import pytest

from bureau import workdays
from credit import grading, registry
from credit.models import Case, Lead, Sanction, Subject
from credit.policies import Letter
from housing_credit.seeds import registry as seeds
from tests.factories.credit import staff

pytestmark = pytest.mark.django_db


def test_the_demo_has_a_record_for_every_kind_of_page_and_enters_it_once(people):
    assert seeds.seed_registry() == 4
    assert seeds.seed_registry() == 0
    assert Case.objects.get().status == Case.Status.NOTIFIED
    assert Lead.objects.filter(status=Lead.Status.RECEIVED).count() == 1
    subjects = {subject.name: bytes(subject.identifier_index) for subject in Subject.objects.all()}
    found = grading.grades(subjects.values(), on=workdays.today())
    named = {name: found[index].letter for name, index in subjects.items()}
    assert (named[seeds.OVER.name], named[seeds.BANNED.name]) == (Letter.B, Letter.D)
    assert (named[seeds.HUSBAND.name], named[seeds.WIFE.name]) == (Letter.B, Letter.A)
    assert Sanction.objects.count() == 2
    assert registry.find("样本", by=staff("credit")).count == len(subjects)
