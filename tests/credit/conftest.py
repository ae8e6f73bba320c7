"""A calendar that goes on when a test says so."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from bureau import workdays
from credit.deeds import BY_NAME


@pytest.fixture
def later() -> Iterator[Callable[..., None]]:
    """Today at ten; `later(days=40)` lets so many days pass, `later(to=day)` goes on to a day."""
    now = datetime.now(workdays.SHANGHAI).replace(hour=10, minute=0, second=0, microsecond=0)
    with time_machine.travel(now, tick=False) as traveller:

        def go_on(*, days=0, to=None):
            ahead = days if to is None else (to - workdays.today()).days
            traveller.shift(timedelta(days=ahead))

        yield go_on


@pytest.fixture
def go(as_user):
    """Do a deed on a case as somebody: `go(case, "evidence", "credit", kind=…)`; the answer of the page."""

    def post(case, name, username="credit", **data):
        address = reverse("credit:deed", args=[case.number, name])
        deed = BY_NAME.get(name)
        bare = deed and (deed.apart or deed.why)
        return as_user(username).post(
            address, {field if bare else f"{name}-{field}": value for field, value in data.items()}
        )

    return post
