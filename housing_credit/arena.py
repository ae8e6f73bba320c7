"""A place of its own for a heavy command, so that it never touches the user's data.

`rerun("benchmark", …)` makes a fresh database, Redis database, state folder and mock departments on the servers of this
installation, runs `manage.py benchmark …` there, and takes everything away again, also after Ctrl-C. The command asks
`is_inside()` first. What a command killed by kill -9 left behind is taken away by the next arena.

With `own_servers` an arena has a PostgreSQL and a Redis of its own too, which may be killed without harm to anybody.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
from django.conf import settings
from redis import Redis

from housing_credit import embedded, ready_database
from housing_credit.companions import answers
from housing_credit.embedded.places import Places
from housing_credit.programs import Program, die_with_parent

NAME = "housing_credit_arena_"
MOCK_PID = "HC_ARENA_MOCK_PID"  # in the environment of everything that runs inside
READY_SECONDS = 60
STOP_SECONDS = 40
REDIS_DATABASES = range(15, 0, -1)  # the user's own is 0
# An arena is a demo with keys and one database role of its own, whatever this installation is.
NOT_PASSED_ON = {
    "DATABASE_OWNER_URL",
    "PRODUCTION",
    "SECRET_KEY",
    "PROTECTED_KEYS",
    "PROTECTED_ACTIVE_KEY",
    "BLIND_INDEX_KEY",
    "SIGNING_KEY",
    "PUBLIC_URL",
}
SERVERS = ("DATABASE_URL", "REDIS_URL")
LAY_GROUND = "from housing_credit.first_use import lay_ground; lay_ground('arena', again=True)"


class ArenaError(Exception):
    """There can be no arena; the text says why."""


def is_inside() -> bool:
    """Whether this process runs in an arena."""
    return MOCK_PID in os.environ


def mock_pid() -> int:
    """The process id of the arena's mock departments."""
    return int(os.environ[MOCK_PID])


def rerun(*arguments: str, own_servers: bool = False) -> int:
    """Run a management command in a fresh arena, with our stdout and stderr; returns its exit status.

    When this returns, or is interrupted, nothing of the arena is left. Raises `ArenaError` when there can be none.
    """
    try:
        with arena(own_servers=own_servers) as environment:
            return _run(arguments, environment)
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


@contextmanager
def arena(*, own_servers: bool = False) -> Iterator[Mapping[str, str]]:
    """Everything an arena has, for the length of a block: the environment of what is to run there."""
    stack = ExitStack()
    handlers = _interrupt_on(signal.SIGTERM, signal.SIGHUP)
    try:
        folder = stack.enter_context(_folder())
        environment = {name: value for name, value in os.environ.items() if name not in {*NOT_PASSED_ON, *SERVERS}} | {
            "DJANGO_SETTINGS_MODULE": "housing_credit.settings",
            "HC_STATE_DIR": str(folder),
        }
        if own_servers:
            stack.enter_context(_servers(folder))
        else:
            environment |= {"DATABASE_URL": stack.enter_context(_database())}
            environment |= {"REDIS_URL": stack.enter_context(_redis())}
        environment |= stack.enter_context(_mock_departments(folder, environment))
        _prepare(folder, environment)
        yield environment
    finally:
        for sign in (signal.SIGINT, *handlers):
            signal.signal(sign, signal.SIG_IGN)  # a second Ctrl-C must not leave half of it behind
        stack.close()
        for sign, handler in {**handlers, signal.SIGINT: signal.default_int_handler}.items():
            signal.signal(sign, handler)


def _interrupt_on(*signs: signal.Signals) -> dict[signal.Signals, Any]:
    """These signals act like Ctrl-C from now on; returns who heard them before."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    return {sign: signal.signal(sign, interrupt) for sign in signs}


def _run(arguments: tuple[str, ...], environment: Mapping[str, str]) -> int:
    """The command in a session of its own, so that Ctrl-C reaches us alone and we interrupt it once."""
    child = subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        start_new_session=True,
        preexec_fn=_hears_us,
    )
    try:
        return child.wait()
    finally:
        if child.poll() is None:
            child.send_signal(signal.SIGINT)
            _wait_or_kill(child)


def _hears_us() -> None:
    """A shell has what runs behind it ignore interrupts, and a child inherits that; this one is to hear ours."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    die_with_parent(signal.SIGINT)


def _wait_or_kill(child: "subprocess.Popen[bytes]") -> None:
    try:
        child.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


# --- what an arena has ----------------------------------------------------------------------------------------------


@contextmanager
def _folder() -> Iterator[Path]:
    """A state folder: keys, logs and locks of the arena, apart from those of the installation."""
    for left in embedded.state_dir().glob(f"{NAME}*"):
        if not _lives(left.name):
            _remove(left)
    folder = embedded.state_dir() / f"{NAME}{os.getpid()}"
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        _remove(folder)


def _remove(folder: Path) -> None:
    """Take a state folder away, with what servers of its own kept elsewhere: root's data, a socket of a short name."""
    places = Places.of(folder)
    for each in (places.sockets, places.base, folder):
        shutil.rmtree(each, ignore_errors=True)


@contextmanager
def _servers(folder: Path) -> Iterator[None]:
    """Embedded servers for this arena alone. Its programs find them by their state folder."""
    try:
        embedded.ensure_running(folder)
    except embedded.EmbeddedServiceError as error:
        raise ArenaError(str(error)) from error
    try:
        yield
    finally:
        embedded.leave(folder)


@contextmanager
def _database() -> Iterator[str]:
    """A fresh database beside the user's, on the same server and as the owner of its tables; its URL.

    On the embedded server one is made ready first, where none is: the next arenas copy it too.
    """
    name = f"{NAME}{os.getpid()}"
    given = os.environ.get("DATABASE_OWNER_URL") or settings.ENV.database_url
    owner = given or embedded.addresses().database_url
    try:
        with ready_database.server(owner) as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [NAME.replace("_", r"\_") + "%"])
            for (left,) in cursor.fetchall():
                if not _lives(left):
                    cursor.execute(f'DROP DATABASE IF EXISTS "{left}" WITH (FORCE)')
            if not given:
                ready_database.make(cursor, owner_url=owner, everyday_url=embedded.addresses().everyday_url)
            ready_database.copy(cursor, name)
    except (psycopg2.Error, subprocess.CalledProcessError) as error:
        raise ArenaError(f"No database of its own can be made on this server: {error}".strip()) from error
    try:
        yield _url(owner, path=f"/{name}")
    finally:
        with ready_database.server(owner) as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def _redis() -> Iterator[str]:
    """An empty Redis database beside the user's; its URL. A key in it says whose it is."""
    for number in REDIS_DATABASES:
        url = _redis_url(number)
        with Redis.from_url(url) as redis:
            owner = redis.get("arena")
            if owner is not None and not _lives(bytes(owner).decode()):
                redis.flushdb()
            if redis.dbsize() == 0 and redis.set("arena", f"{NAME}{os.getpid()}", nx=True):
                break
    else:
        raise ArenaError("No Redis database is empty.")
    try:
        yield url
    finally:
        with Redis.from_url(url) as redis:
            redis.flushdb()


def _redis_url(number: int) -> str:
    if settings.REDIS_URL.startswith("unix:"):
        return _url(settings.REDIS_URL, query=f"db={number}")
    return _url(settings.REDIS_URL, path=f"/{number}")


def _url(url: str, **changed: str) -> str:
    """The same address with a part changed; `geturl` would drop the slashes where there is no host."""
    parts = urlsplit(url)._replace(**changed)
    return f"{parts.scheme}://{parts.netloc}{parts.path}" + (f"?{parts.query}" if parts.query else "")


@contextmanager
def _mock_departments(folder: Path, environment: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """Mock departments on a free port; how the others find them."""
    port = _free_port()
    command = [sys.executable, "-m", "verification.mock_departments", "--port", str(port)]
    program = Program(command, log=folder / "mock-departments.log", env=environment, cwd=settings.BASE_DIR)
    try:
        deadline = time.monotonic() + READY_SECONDS
        while not answers(port, "/control/health"):
            if program.exit_code is not None or time.monotonic() > deadline:
                raise ArenaError(f"The mock departments did not start ({program.last_words(1)}).")
            time.sleep(0.05)
        # With the address given, `seed` does not note the port as that of the installation.
        address = f"http://127.0.0.1:{port}"
        yield {"MOCK_PORT": str(port), "MOCK_DEPARTMENTS_URL": address, MOCK_PID: str(program.pid)}
    finally:
        program.stop()


def _prepare(folder: Path, environment: Mapping[str, str]) -> None:
    """Tables, offices, sources and standards, as at first use."""
    log = folder / "prepare.log"
    with log.open("wb") as output:
        command = [sys.executable, "-c", LAY_GROUND]
        done = subprocess.run(
            command, cwd=settings.BASE_DIR, env=environment, stdout=output, stderr=output, check=False
        )
    if done.returncode:
        raise ArenaError(f"The arena cannot be prepared: {log.read_text('utf-8', 'replace').strip()[-300:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _lives(name: str) -> bool:
    """Whether the process after which an arena's part is named still runs."""
    try:
        os.kill(int(name.removeprefix(NAME)), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, ValueError):  # another user's, or not named by us: not ours to take away
        return True
    return True
