"""The cast, the ground they stand on, the mock departments on a free port, and real workers for those who ask."""

from collections.abc import Iterator

import pytest
import redis
from django.conf import settings
from django.test import Client, TransactionTestCase
from django.utils import translation

from bureau.models import Staff
from tests import programs
from tests.ground import Ground, database
from verification.models import Source


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_modify_db_settings, django_db_blocker) -> Iterator[Ground]:
    """Every test with a database finds the offices, sources, standards and people of a fresh installation.

    They are laid once, under all tests that roll back, and laid again after a test that commits.
    """
    with django_db_blocker.unblock(), database() as ground, pytest.MonkeyPatch.context() as patched:
        patched.setattr(TransactionTestCase, "_fixture_teardown", lambda _test: ground.lay_again())
        with django_db_blocker.block():
            yield ground


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Every test begins in English, whatever language the request of another has left behind."""
    with translation.override("en"):
        yield


@pytest.fixture
def people(db) -> dict[str, Staff]:
    """The cast by user name: window, window2 (the next street's, who must see nothing), street, district, check, …"""
    return {person.username: person for person in Staff.objects.exclude(username__regex=r"^[wr]\d")}


@pytest.fixture
def as_user(people):
    """A client signed in as one of the cast: `as_user("street")`."""

    def sign_in(username: str, language: str = "en") -> Client:
        client = Client(headers={"accept-language": language})
        client.force_login(people[username], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture(scope="session")
def departments() -> Iterator[programs.Departments]:
    """The mock departments as a process of their own, for this test process."""
    with programs.Departments() as running:
        yield running


@pytest.fixture
def sources(db, departments) -> programs.Departments:
    """The sources point at the mock departments, which have forgotten every fault and count."""
    departments.reset()
    for source in Source.objects.all():
        Source.objects.filter(pk=source.pk).update(
            url=f"{departments.url}/{source.code}", failures_in_row=0, open_until=None
        )
    return departments


@pytest.fixture
def worker(transactional_db, sources) -> Iterator[programs.Worker]:
    """A real Celery worker on this test's own database, with a beat of its own.

    Nothing waits for it but what the test sends: earlier tests rang for rows that are gone.
    """
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        broker.flushdb()
    with programs.Worker() as running:
        yield running
