"""Django's PostgreSQL backend, but a kept connection on which nothing has happened is good without a question.

A server that goes down, or ends a connection, says so on the wire: the socket can then be read. So a request that finds
it quiet saves the round trip of `SELECT 1`, a quarter of what a department's query asks of the database.
"""

import os
import select
from typing import Any

from django.db.backends.postgresql import base

# Each trigger asks whether it is to look away. Where this was never said, the asking fails inside a transaction of its
# own, which looks through everything that is still to be judged when the transaction ends: hours, for a million rows.
NO_TRIGGER_LOOKS_AWAY = "-c pgtrigger.ignore={}"


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection; only its check of health and what it says at its beginning differ."""

    def get_connection_params(self) -> dict[str, Any]:
        """With our own options after those of the environment."""
        options = f"{os.environ.get('PGOPTIONS', '')} {NO_TRIGGER_LOOKS_AWAY}".strip()
        return {"options": options, **super().get_connection_params()}

    def is_usable(self) -> bool:
        """Whether statements can be sent. After an error, or when something has come in, the server is asked."""
        if self.connection is None or self.connection.closed:
            return False
        return (not self.errors_occurred and self._is_quiet()) or bool(super().is_usable())

    def _is_quiet(self) -> bool:
        """Nothing has come in: no word of the server and no end of the connection."""
        poll = select.poll()
        poll.register(self.connection.fileno(), select.POLLIN)
        return not poll.poll(0)
