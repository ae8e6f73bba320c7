"""No slip of the keyboard in the limits of one source stops the asking of all: form and database hold bounds."""

import pytest
from django.db import IntegrityError, transaction

from tests.verification.test_admin import source_page
from verification.models import Source
from verification.models.source import LIMITS

pytestmark = pytest.mark.django_db


@pytest.fixture
def police(db) -> Source:
    return Source.objects.get(code="police")


BEYOND = {
    "batch_size": 201,
    "concurrency": 100_001,
    "connect_seconds": 1e300,
    "read_seconds": 601,
    "total_seconds": 1e300,
    "max_attempts": 21,
    "backoff_seconds": 1e300,
    "circuit_failures": 1001,
    "circuit_seconds": 1e300,
}


@pytest.mark.parametrize("name", BEYOND)
def test_a_limit_beyond_all_sense_is_refused_at_its_field_and_by_the_database(as_user, police, name):
    page, before = f"/admin/verification/source/{police.pk}/change/", getattr(police, name)
    answer = as_user("admin").post(page, source_page(police, **{name: BEYOND[name]}))
    assert answer.status_code == 200
    assert name in answer.context["adminform"].form.errors
    police.refresh_from_db()
    assert getattr(police, name) == before
    with pytest.raises(IntegrityError, match="source_limits_are_sensible"), transaction.atomic():
        Source.objects.filter(pk=police.pk).update(**{name: BEYOND[name]})


@pytest.mark.parametrize("value", ["nan", "inf", "0", "-1"])
def test_a_limit_that_is_no_number_or_nothing_is_refused(as_user, police, value):
    page = f"/admin/verification/source/{police.pk}/change/"
    assert as_user("admin").post(page, source_page(police, total_seconds=value)).status_code == 200
    with pytest.raises(IntegrityError, match="source_limits_are"), transaction.atomic():
        Source.objects.filter(pk=police.pk).update(total_seconds=float(value))


def test_the_largest_limits_are_taken_and_the_sources_are_still_asked(as_user, police):
    most = {name: most for name, (_least, most) in LIMITS.items() if name != "per_minute"}
    answer = as_user("admin").post(f"/admin/verification/source/{police.pk}/change/", source_page(police, **most))
    assert answer.status_code == 302
    police.refresh_from_db()
    assert {name: getattr(police, name) for name in most} == most
