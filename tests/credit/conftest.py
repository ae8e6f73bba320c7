"""A calendar that goes on when a test says so."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import time_machine

from bureau import workdays


@pytest.fixture
def later() -> Iterator[Callable[..., None]]:
    """Today at ten; `later(days=40)` lets so many days pass, `later(to=day)` goes on to a day."""
    now = datetime.now(workdays.SHANGHAI).replace(hour=10, minute=0, second=0, microsecond=0)
    with time_machine.travel(now, tick=False) as traveller:

        def go_on(*, days=0, to=None):
            ahead = days if to is None else (to - workdays.today()).days
            traveller.shift(timedelta(days=ahead))

        yield go_on
