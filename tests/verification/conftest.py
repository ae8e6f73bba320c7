"""Every pinned household, ordered in one set, asked over real HTTP and assessed: once per module that wants them."""

from collections.abc import Iterator

import pytest
from django.utils import timezone

from tests.factories import trials as made
from tests.factories.checks import order_scenario
from tests.ground import Ground
from tests.programs import Departments
from verification import asking
from verification.models import Check, Inquiry, Source

PATIENCE = {"read_seconds": 2, "total_seconds": 4, "max_attempts": 2}  # two banks of one scenario stay silent for ever


@pytest.fixture(scope="module")
def assessed(django_db_setup: Ground, django_db_blocker, departments: Departments) -> Iterator[dict[str, int]]:
    """The ids of the assessed checks by scenario. Tests change them inside their own transaction, which rolls back."""
    with django_db_blocker.unblock():
        departments.reset()
        for source in Source.objects.all():
            Source.objects.filter(pk=source.pk).update(
                url=f"{departments.url}/{source.code}", failures_in_row=0, open_until=None, **PATIENCE
            )
        names = [row["name"] for row in departments.ask("/control/scenarios")]
        ids = {name: order_scenario(departments, name).pk for name in names}
        asking.ask(list(ids.values()))
        while Check.objects.filter(status=Check.Status.ASKING).exists():  # ends with the last allowed attempt
            Inquiry.objects.filter(state=Inquiry.State.OPEN).update(not_before=timezone.now())
            Source.objects.update(open_until=None)
            asking.ask_due()
        yield ids
        django_db_setup.lay_again()


@pytest.fixture
def check_of(db, assessed: dict[str, int]):
    """The assessed check of a scenario: `check_of("hidden-car")`."""
    return lambda scenario: Check.objects.get(pk=assessed[scenario])


@pytest.fixture
def four(people) -> list[Check]:
    """Concluded: fit, fit near the line of income (in another district), unfit near it, unfit and far."""
    by = people["check"]
    return [
        made.checked(by, made.earning(3000)),
        made.checked(by, made.earning(4400), office_code="321203001001"),
        made.checked(by, made.earning(4600)),
        made.checked(by, made.earning(9000)),
    ]
