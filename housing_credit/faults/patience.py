"""Work with a database that may crash under us: the same again on a new connection, until it is back."""

import time
from collections.abc import Callable
from typing import TypeVar

from django.db import DatabaseError, InterfaceError, OperationalError, connection

PATIENCE = 60.0  # seconds without a database
PAUSE = 0.1
GONE = {DatabaseError, InterfaceError, OperationalError}

Result = TypeVar("Result")


def patiently(work: Callable[[], Result]) -> Result:
    """What the work returns. It may be begun several times, so it must be safe to do twice."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return work()
        except (DatabaseError, InterfaceError) as error:
            # psycopg2 tells of a server that went away under a plain DatabaseError too.
            if type(error) not in GONE or time.monotonic() > deadline:
                raise
            connection.close()
            time.sleep(PAUSE)
