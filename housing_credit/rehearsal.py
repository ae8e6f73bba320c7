"""Order a pinned household of the mock departments as a rehearsal: the whole check, without a case behind it."""

import time
import urllib.error
import urllib.request
from typing import Any

import msgspec
from django.conf import settings
from django.utils import timezone

from verification import orders
from verification.facts import Declared, RecordKind
from verification.models import Check

CITY = "321200"
DONE = {Check.Status.ASSESSED, Check.Status.CONCLUDED}
TICK = 0.02  # seconds between two looks: seldom enough not to be in the way of what is measured


class RehearsalError(Exception):
    """A rehearsal cannot be held; the text says why and what to do."""


def control(path: str, body: Any = None, method: str = "GET") -> Any:
    """Speak to the control panel of the mock departments: what it answers; `RehearsalError` when it does not."""
    request = urllib.request.Request(  # noqa: S310 -- our own loopback address
        f"{settings.MOCK_DEPARTMENTS_URL}/control/{path}",
        data=None if body is None else msgspec.json.encode(body),
        method=method,
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return msgspec.json.decode(answer.read())
    except urllib.error.HTTPError as error:
        message = f"The mock departments do not know “{path}” ({error.code}); see check_household --list."
        raise RehearsalError(message) from error
    except OSError as error:
        raise RehearsalError(f"The mock departments do not answer at {settings.MOCK_DEPARTMENTS_URL}.") from error


def order(papers: dict[str, Any]) -> Check:
    """Order the household of a scenario, with an authorisation of every member, outside any case."""
    declared = msgspec.convert(papers["household"], Declared, strict=False)
    prefix = f"DEMO-{papers['name']}-"
    number = Check.objects.filter(subject__startswith=prefix).count() + 1
    grant = orders.Grant(f"{prefix}{number}", tuple(kind.value for kind in RecordKind))
    return orders.place(
        orders.Order(
            subject=f"{prefix}{number}",
            purpose="rehearsal",
            programme=papers["kind"],
            office_code=CITY,
            declared=declared,
            grants={person.key: grant for person in declared.persons},
            accepted_on=timezone.localdate(),
        ),
        by=None,
    )


def wait(check: Check, seconds: float) -> bool:
    """Whether the check is assessed within so many seconds."""
    deadline = time.monotonic() + seconds
    while True:
        check.refresh_from_db(fields=["status", "status_since"])
        if check.status in DONE:
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(TICK)
