"""Workers and mock departments for a management command, while none run. Plain Python.

`with companions(workers=True, mock_departments=True): …` starts what is missing and shares it with other commands
that come meanwhile. A detached keeper starts the programs and stops them when the last command has ended, also after
kill -9: the kernel drops the command's file lock, which no handler and no `finally` could do.
"""

import fcntl
import os
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from housing_credit.embedded import state_dir
from housing_credit.embedded.places import make_state_dir
from housing_credit.embedded.shared_use import SharedUse, is_shared, take_lock

_held: dict[Path, int] = {}


def hold(name: str) -> None:
    """A program says, until it ends, that it is at its post; several may hold one name."""
    make_state_dir(state_dir())
    post = _post(name)
    if post not in _held:
        _held[post] = take_lock(post, fcntl.LOCK_SH)


def is_held(name: str) -> bool:
    """Whether a program of this state folder is at that post."""
    make_state_dir(state_dir())
    return is_shared(_post(name))


def mock_port() -> int:
    """The mock departments' port."""
    asked = os.environ.get("MOCK_PORT")
    if not asked and _remembered_port().exists():
        asked = _remembered_port().read_text()
    return int(asked or 8024)


def remember_mock_port(port: int) -> None:
    """The sources point there now: a later command finds the mock departments where an earlier one put them."""
    make_state_dir(state_dir())
    _remembered_port().write_text(str(port))


def _remembered_port() -> Path:
    return state_dir() / "mock-port"


def mock_departments_answer() -> bool:
    """Whether mock departments serve on their port, whoever started them."""
    return answers(mock_port(), "/control/health")


def answers(port: int, path: str, *, below: int = 400) -> bool:
    """Whether an HTTP server on this machine answers there with a status below a limit."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < below
    except (HTTPException, OSError):  # not up yet, or not an HTTP server
        return False
    finally:
        connection.close()


@contextmanager
def companions(*, workers: bool, mock_departments: bool) -> Iterator[None]:
    """Have workers or mock departments for the length of a block; EmbeddedServiceError when they do not start."""
    state = state_dir()
    make_state_dir(state)
    wanted = [companion for companion, needed in ((MOCK_DEPARTMENTS, mock_departments), (WORKER, workers)) if needed]
    with ExitStack() as stack:
        for companion in wanted:
            use = SharedUse(state, f"companion-{companion.name}")
            stack.callback(use.leave)
            keeper = [sys.executable, "-m", "housing_credit.companion_keeper", companion.name, str(state)]
            use.join(keeper, unless=companion.runs)  # started by the demo or by hand: not ours to stop
        yield


@dataclass(frozen=True)
class Companion:
    """A program that commands need beside them: how it is started, and how one sees that it is at work."""

    name: str
    command: Callable[[], list[str]]
    runs: Callable[[], bool]


def _worker_command() -> list[str]:
    options = (
        "worker -Q checks,rounds,work -P threads -c 16 -n companion@%h --without-gossip --without-mingle -l WARNING"
    )
    return [sys.executable, "-m", "celery", "-A", "housing_credit", *shlex.split(options)]


def _mock_command() -> list[str]:
    return [sys.executable, "-m", "verification.mock_departments", "--port", str(mock_port())]


WORKER = Companion("worker", _worker_command, lambda: is_held("worker"))
MOCK_DEPARTMENTS = Companion("mock", _mock_command, mock_departments_answer)


def _post(name: str) -> Path:
    return state_dir() / f"{name}.lock"
