"""Programs that tests run beside themselves: mock departments and Celery workers, as real processes."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 60


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def database_url() -> str:
    """Where this test process's own test database is."""
    values = connection.settings_dict
    return f"postgresql://{values['USER']}@/{values['NAME']}?host={values['HOST']}"


class Running:
    """A program in a process group of its own, which ends with the test."""

    def __init__(self, *command: str, env: dict[str, str] | None = None) -> None:
        self.log = Path(settings.STATE_DIR) / f"{type(self).__name__.lower()}-{os.getpid()}.log"
        self.command = command
        self.env = {**os.environ, **(env or {})}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; the log holds what it says."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.command], cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """kill -9 of the whole group: no handler runs."""
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.kill()


class Departments(Running):
    """The mock departments."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        super().__init__("-m", "verification.mock_departments", "--port", str(self.port))

    def start(self) -> None:
        super().start()
        wait_until(lambda: self.ask("/control/health") is not None, "the mock departments answer")

    def ask(self, path: str, method: str = "GET", content: Any = None) -> Any:
        """One call of the control endpoint; None while nobody listens."""
        body = None if content is None else json.dumps(content).encode()
        request = urllib.request.Request(self.url + path, data=body, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.loads(answer.read() or b"null") or {}
        except (ConnectionError, urllib.error.URLError):
            return None

    def reset(self) -> None:
        """No faults, no counts."""
        self.ask("/control/reset", "POST", {})

    def set(self, source: str, **fault: Any) -> None:
        """Let one source misbehave."""
        self.ask(f"/control/sources/{source}", "PUT", fault)

    def papers(self, scenario: str) -> dict[str, Any]:
        """What the household of a scenario brings to the window."""
        found: dict[str, Any] = self.ask(f"/control/scenarios/{scenario}")
        return found


class Worker(Running):
    """A Celery worker with beat, on the test's own database and Redis database."""

    def __init__(self) -> None:
        queues = ("-Q", "checks,rounds,work", "-P", "threads", "-c", "8", "-B")
        schedule = ("-s", str(Path(settings.STATE_DIR) / f"beat-{os.getpid()}"))
        command = ("-m", "celery", "-A", "housing_credit", "worker", "-l", "INFO", *queues, *schedule)
        super().__init__(*command, env={"DATABASE_URL": database_url(), "REDIS_URL": settings.REDIS_URL})

    def start(self) -> None:
        seen = self.log.stat().st_size if self.log.exists() else 0
        super().start()
        wait_until(lambda: b"ready." in self.log.read_bytes()[seen:], f"the worker is ready (see {self.log})")


def wait_until(fact: Any, what: str, seconds: float = READY_SECONDS) -> None:
    """Wait for a fact to become true; AssertionError names it when it does not."""
    deadline = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain until {what}"
        time.sleep(0.05)
