"""A service that runs exactly as long as somebody uses it. Plain Python, POSIX file locks.

Every user process holds a shared lock on one file for as long as it lives; the kernel drops it however the process
ends, also after kill -9. The first user starts a keeper, a detached process that runs the service and waits until it
can have the lock alone: then nobody is left, and it stops the service. Files in the folder, for a service NAME:
NAME.users.lock, NAME.start.lock (one starter at a time), NAME.keeper.lock (held by the keeper), NAME.ready, NAME.log.
"""

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn, Protocol

from housing_credit.embedded.errors import EmbeddedServiceError
from housing_credit.embedded.places import CHECKOUT

_LOOK_EVERY = 0.2  # seconds between two looks of the keeper; one costs some 20 microseconds
_READY = b"ready"


class Kept(Protocol):
    """What a keeper runs. `tend` is called a few times a second and may restart what has died."""

    def start(self) -> None: ...

    def tend(self) -> None: ...

    def stop(self) -> None: ...


class SharedUse:
    """This process's part in the use of one service; safe for threads, and for children made by fork."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.name = name
        self._guard = threading.Lock()
        self._users_lock: int | None = None

    def path(self, suffix: str) -> Path:
        return self.folder / f"{self.name}.{suffix}"

    def join(self, keeper: Sequence[str], *, unless: Callable[[], bool] | None = None) -> None:
        """Use the service until this process ends or leaves, starting `keeper` (a command) when none runs.

        Returns when the service is ready. Waits first while a keeper is shutting it down. When no keeper runs and
        `unless` says that the service is there all the same, it is somebody else's and we do not join.
        """
        with self._guard:
            if self._users_lock is None:
                self._users_lock = take_lock(self.path("users.lock"), fcntl.LOCK_SH)
            with locked(self.path("start.lock")):
                if self._is_up():
                    return
                if unless is None or not unless():
                    _launch(keeper)
                    return
            self._let_go()

    def leave(self, *, wait: bool = True) -> None:
        """Use it no longer; when nobody else does, wait until it has stopped."""
        with self._guard:
            was_user = self._users_lock is not None
            self._let_go()
        if was_user and wait and _within(5 * _LOOK_EVERY, lambda: not self.path("ready").exists()):
            _within(30, lambda: not is_locked(self.path("keeper.lock")))

    def _let_go(self) -> None:
        if self._users_lock is not None:
            os.close(self._users_lock)
            self._users_lock = None

    def _is_up(self) -> bool:
        """Whether a keeper lives and has said that the service is ready. To be asked under the start lock only."""
        return self.path("ready").exists() and is_locked(self.path("keeper.lock"))


def keep(use: SharedUse, kept: Kept) -> NoReturn:
    """The whole life of a keeper process. The caller's process ends when the service is ready (exit code 0) or has
    failed (exit code 1 and one sentence on stderr); a detached copy of it stays with the service.
    """
    outcome, tell = os.pipe()
    if os.fork():
        os.close(tell)
        with os.fdopen(outcome, "rb") as pipe:
            answer = pipe.read()
        if answer != _READY:
            sys.stderr.write(answer.decode() or f"The {use.name} keeper ended early: see {use.path('log')}.")
        sys.exit(answer != _READY)
    os.close(outcome)
    os.setsid()
    _redirect_output(use.path("log"))
    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(sign, lambda *_: sys.exit(0))
    take_lock(use.path("keeper.lock"), fcntl.LOCK_EX)  # waits for a predecessor that is still stopping
    try:
        _serve(use, kept, tell)
    finally:
        for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(sign, signal.SIG_IGN)  # stopping is not to be interrupted half-way
        use.path("ready").unlink(missing_ok=True)
        kept.stop()
    sys.exit(0)


def _serve(use: SharedUse, kept: Kept, tell: int) -> None:
    use.path("ready").unlink(missing_ok=True)
    try:
        kept.start()
    except EmbeddedServiceError as error:
        os.write(tell, str(error).encode())
        raise
    use.path("ready").touch()
    os.write(tell, _READY)
    os.close(tell)
    users = os.open(use.path("users.lock"), os.O_RDONLY | os.O_CREAT, 0o644)
    while not _try_lock(users, fcntl.LOCK_EX):
        kept.tend()
        time.sleep(_LOOK_EVERY)


def _launch(keeper: Sequence[str]) -> None:
    search_path = os.pathsep.join(filter(None, (str(CHECKOUT), os.environ.get("PYTHONPATH"))))
    result = subprocess.run(
        keeper,
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": search_path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise EmbeddedServiceError(result.stderr.strip().splitlines()[-1] if result.stderr.strip() else "No keeper.")


def _redirect_output(log: Path) -> None:
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.dup2(output, sys.stdout.fileno())
    os.dup2(output, sys.stderr.fileno())
    os.close(output)


def take_lock(path: Path, kind: int) -> int:
    """Wait for a lock (fcntl.LOCK_SH or LOCK_EX) and return the descriptor that holds it until closed."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CREAT, 0o644)
    fcntl.flock(descriptor, kind)
    return descriptor


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock alone for the length of a block."""
    descriptor = take_lock(path, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(descriptor)


def is_locked(path: Path) -> bool:
    """Whether somebody holds a lock on the file alone."""
    return not _can_lock(path, fcntl.LOCK_SH)


def is_shared(path: Path) -> bool:
    """Whether somebody holds a lock on the file, alone or shared. One asker at a time, lest askers see each other."""
    with locked(path.with_suffix(".asked")):
        return not _can_lock(path, fcntl.LOCK_EX)


def _can_lock(path: Path, kind: int) -> bool:
    descriptor = os.open(path, os.O_RDONLY | os.O_CREAT, 0o644)
    try:
        return _try_lock(descriptor, kind)
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _within(seconds: float, happened: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
