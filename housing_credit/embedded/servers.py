"""The embedded PostgreSQL and Redis servers: prepare, start, wait until they answer, stop. Plain Python."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from housing_credit.embedded.errors import EmbeddedServiceError
from housing_credit.embedded.places import Places, server_programs
from housing_credit.programs import Program

SERVICE = "services"
DATABASE = "housing_credit"
DATABASE_USER = "housing_credit"  # owns the tables
EVERYDAY_USER = "housing_credit_app"  # works with their rows; made by the first `migrate`
REDIS_SOCKET = "redis.sock"

_START_SECONDS = 60
_LARGEST_LOG = 5_000_000  # bytes; a longer one is begun anew at the next start
_MEGABYTE = 1024 * 1024


class Postgres:
    """A PostgreSQL server on a unix socket. Its data survive; a half-made data folder or a stale pid file do not."""

    def __init__(self, places: Places, programs: Path) -> None:
        self._places = places
        self._programs = programs
        self._data = places.services / "postgres"
        self._log = places.services / "postgres.log"
        self._program: Program | None = None

    @property
    def has_ended(self) -> bool:
        return self._program is None or self._program.exit_code is not None

    def start(self) -> None:
        """Create the data on the first run, then start and wait until connections are accepted."""
        _shorten(self._log)
        self._create_data()
        self._clear_leftovers()
        deadline = time.monotonic() + _START_SECONDS
        while True:
            self._program = self._run()
            if self._accepts(deadline):
                return
            # After kill -9 of the main process its children need a moment to notice and let go of the shared memory.
            words = self._program.last_words()
            if "shared memory block" not in words or time.monotonic() > deadline:
                raise EmbeddedServiceError(f"The embedded PostgreSQL did not start ({words}): see {self._log}.")
            time.sleep(0.2)

    def stop(self) -> None:
        if self._program:
            self._program.stop(seconds=30)

    def _create_data(self) -> None:
        """Into a folder beside, renamed when whole: an interrupted first run leaves nothing that looks like data."""
        version = self._data / "PG_VERSION"
        if version.exists():
            self._check_version(version.read_text().strip())
            return
        unfinished = self._data.with_name("postgres.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.rmtree(self._data, ignore_errors=True)  # without PG_VERSION it was never a data folder
        initdb = [str(self._programs / "initdb"), "-D", str(unfinished), "-U", DATABASE_USER]
        self._call([*initdb, "-A", "trust", "--locale=C.UTF-8", "-E", "UTF8"])
        postgres = str(self._programs / "postgres")
        self._call([postgres, "--single", "-D", str(unfinished), "postgres"], say=f"CREATE DATABASE {DATABASE}\n")
        unfinished.rename(self._data)

    def _check_version(self, made_by: str) -> None:
        answer = subprocess.run([self._programs / "postgres", "--version"], capture_output=True, text=True, check=True)
        ours = answer.stdout.split()[2].split(".")[0]
        if made_by != ours:
            raise EmbeddedServiceError(
                f"The data in {self._data} were made by PostgreSQL {made_by}, this is {ours}: "
                "move that folder away, or set DATABASE_URL."
            )

    def _call(self, command: Sequence[str], *, say: str = "") -> None:
        uid, gid = self._places.account or (None, None)
        with self._log.open("ab") as log:
            result = subprocess.run(
                command,
                input=say.encode(),
                stdout=log,
                stderr=subprocess.STDOUT,
                env=_plain_environment(self._places),
                cwd=self._places.services,
                user=uid,
                group=gid,
                extra_groups=None if uid is None else [],
                check=False,
            )
        if result.returncode:
            name = Path(command[0]).name
            raise EmbeddedServiceError(f"The embedded PostgreSQL cannot be prepared ({name} failed): see {self._log}.")

    def _run(self) -> Program:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._places.sockets),
            "unix_socket_permissions": "0700",  # with -A trust the socket's permissions are the only door
            "max_connections": "200",
            "shared_buffers": f"{_buffer_megabytes()}MB",
            "jit": "off",  # our queries are short; compiling them costs more than it gains
            "shared_preload_libraries": "pg_stat_statements",
            # A failing statement may carry personal data in its literals or its DETAIL: neither goes to the log.
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
            "log_checkpoints": "off",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Program(
            [str(self._programs / "postgres"), "-D", str(self._data), *options],
            log=self._log,
            env=_plain_environment(self._places),
            cwd=self._places.services,
            account=self._places.account,
            stop_signal=signal.SIGINT,  # PostgreSQL's "fast" shutdown: ends sessions, writes a checkpoint
        )

    def _accepts(self, deadline: float) -> bool:
        """Wait for the word that the server itself writes into its pid file. False when it ended instead."""
        while not self.has_ended:
            lines = _lines(self._data / "postmaster.pid")
            if len(lines) > 7 and lines[0] == str(self._program and self._program.pid) and lines[7].strip() == "ready":
                return True
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
        return False

    def _clear_leftovers(self) -> None:
        """A server without a keeper is stopped; a pid file whose number now means another process is removed."""
        pid_file = self._data / "postmaster.pid"
        lines = _lines(pid_file)
        if not lines:
            return
        pid = int(lines[0])
        if _runs_with(pid, str(self._data)):
            os.kill(pid, signal.SIGINT)
            deadline = time.monotonic() + _START_SECONDS
            while _runs_with(pid, str(self._data)) and time.monotonic() < deadline:
                time.sleep(0.05)
        pid_file.unlink(missing_ok=True)
        for leftover in self._places.sockets.glob(".s.PGSQL.*"):
            leftover.unlink()


class Redis:
    """A Redis server on a unix socket, in memory only: queues hold hints, PostgreSQL holds the truth."""

    def __init__(self, places: Places, program: Path) -> None:
        self._places = places
        self._path = program
        self._socket = places.sockets / REDIS_SOCKET
        self._log = places.services / "redis.log"
        self._program: Program | None = None

    @property
    def has_ended(self) -> bool:
        return self._program is None or self._program.exit_code is not None

    def start(self) -> None:
        """Start and wait until it answers PING."""
        _shorten(self._log)
        settings = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "save": "",
            "appendonly": "no",
            "maxmemory": "512mb",
            "maxmemory-policy": "noeviction",  # a full broker must refuse a message, never drop a queue
        }
        self._program = Program(
            [str(self._path), *(part for name, value in settings.items() for part in (f"--{name}", value))],
            log=self._log,
            env=_plain_environment(self._places),
            cwd=self._places.services,
            account=self._places.account,
        )
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self.has_ended or time.monotonic() > deadline:
                words = self._program.last_words()
                raise EmbeddedServiceError(f"The embedded Redis did not start ({words}): see {self._log}.")
            time.sleep(0.01)

    def stop(self) -> None:
        if self._program:
            self._program.stop()

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as connection, contextlib.suppress(OSError):  # refused until it listens
            connection.settimeout(1)
            connection.connect(str(self._socket))
            connection.sendall(b"PING\r\n")
            return connection.recv(7) == b"+PONG\r\n"
        return False


class Servers:
    """Both servers, as the keeper keeps them: started in order, restarted when one dies, stopped at the end."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._servers: list[Postgres | Redis] = []

    def start(self) -> None:
        self._places.prepare()
        postgres, redis = server_programs(self._places)
        self._servers = [Redis(self._places, redis), Postgres(self._places, postgres)]
        try:
            for server in self._servers:
                server.start()
        except (OSError, subprocess.SubprocessError) as error:
            message = f"The embedded services cannot be started ({error}): set DATABASE_URL and REDIS_URL."
            raise EmbeddedServiceError(message) from error

    def tend(self) -> None:
        """Restart a server that died under its users; what cannot be restarted is tried again at the next look."""
        for server in self._servers:
            if server.has_ended:
                sys.stderr.write(f"{type(server).__name__} ended by itself; starting it again\n")
                try:
                    server.start()
                except EmbeddedServiceError as error:
                    sys.stderr.write(f"{error}\n")

    def stop(self) -> None:
        for server in self._servers:
            server.stop()


def _plain_environment(places: Places) -> Mapping[str, str]:
    """Nothing of the caller's: PGDATA, PGPORT or a foreign locale would change what the servers do."""
    return {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(places.services), "LC_ALL": "C.UTF-8"}


def _buffer_megabytes() -> int:
    """A sixteenth of the memory, between 128 MB (PostgreSQL's default) and 512 MB."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // _MEGABYTE
    return max(128, min(512, memory // 16))


def _shorten(log: Path) -> None:
    if log.exists() and log.stat().st_size > _LARGEST_LOG:
        log.write_bytes(b"")


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def _runs_with(pid: int, argument: str) -> bool:
    """Whether `pid` is a live process that was started with this argument."""
    if sys.platform != "linux":
        answer = subprocess.run(["ps", "-p", str(pid), "-o", "args="], capture_output=True, text=True, check=False)  # noqa: S607
        return argument in answer.stdout
    try:
        return argument.encode() in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError):
        return False
