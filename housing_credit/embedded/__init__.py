"""PostgreSQL and Redis without an installation: used when DATABASE_URL / REDIS_URL are not set. Plain Python.

`addresses()` tells where they will be, without starting anything; `ensure_running()` starts them unless they run.
They stop when the last process that called `ensure_running` has ended, however it ended.
"""

import os
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

from housing_credit.embedded.errors import EmbeddedServiceError
from housing_credit.embedded.places import Places, make_state_dir, state_dir
from housing_credit.embedded.servers import DATABASE, DATABASE_USER, EVERYDAY_USER, REDIS_SOCKET, SERVICE
from housing_credit.embedded.shared_use import SharedUse

__all__ = ["Addresses", "EmbeddedServiceError", "addresses", "state_dir", "ensure_running", "leave"]


@dataclass(frozen=True)
class Addresses:
    """Where the embedded services listen (unix sockets only)."""

    database_name: str
    database_user: str
    database_host: str
    """The folder of the socket, as libpq and Django's HOST want it."""

    redis_url: str
    """For redis-py and Django's cache."""

    broker_url: str
    """The same server in Celery's spelling."""

    @property
    def database_url(self) -> str:
        """As the owner of the tables: for migrations, psql and pg_dump."""
        return self._url_of(self.database_user)

    @property
    def everyday_url(self) -> str:
        """As the role of everyday work, which owns nothing."""
        return self._url_of(EVERYDAY_USER)

    def _url_of(self, user: str) -> str:
        return f"postgresql://{user}@/{self.database_name}?host={quote(self.database_host)}"


def addresses(state: Path | None = None) -> Addresses:
    """Where the services of a state folder (default: HC_STATE_DIR or `.run`) listen once they run."""
    sockets = Places.of(state).sockets
    redis = sockets / REDIS_SOCKET
    return Addresses(
        database_name=DATABASE,
        database_user=DATABASE_USER,
        database_host=str(sockets),
        redis_url=f"unix://{redis}",
        broker_url=f"redis+socket://{redis}",
    )


def ensure_running(state: Path | None = None) -> None:
    """Start the services unless they run, and keep them running until this process ends; or EmbeddedServiceError.

    Without a state folder named, nothing is started when DATABASE_URL and REDIS_URL point to servers elsewhere.
    """
    if state is None and os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        return
    state = (state or state_dir()).resolve()
    make_state_dir(state)
    _use(state).join([sys.executable, "-m", "housing_credit.embedded.keeper", str(state)])


def leave(state: Path | None = None) -> None:
    """Use them no longer before this process ends; returns when they have stopped, if nobody else uses them."""
    _use((state or state_dir()).resolve()).leave()


@cache
def _use(state: Path) -> SharedUse:
    return SharedUse(state, SERVICE)
