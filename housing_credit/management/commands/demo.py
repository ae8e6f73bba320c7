"""`manage.py demo`: the whole house on one machine, until Ctrl-C. `make demo` prepares .venv and calls this."""

import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import connections
from honcho.environ import parse_procfile

from housing_credit import catalogues, demo_benefits, embedded
from housing_credit.companions import answers, is_held, mock_departments_answer
from housing_credit.first_use import make_tables
from housing_credit.programs import Program, die_with_parent, stop_all
from housing_credit.seeds import control_persons, people, registry, sharing

_READY_SECONDS = 120
MOCK_DEPARTMENTS = "mock-departments"  # its line in the Procfile


class Command(BaseCommand):
    help = "Runs the whole system on this machine with demo data, until Ctrl-C."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Prepare, start, show one household's check, print the address; then watch until told to stop."""
        _stop_on_signals()
        self._make_listened = _make_listens()
        programs: dict[str, Program] = {}
        try:
            self._prepare()
            _start_programs(programs, {MOCK_DEPARTMENTS})
            self._house(programs)
            _start_programs(programs)
            self._wait_until_ready(programs)
            self._show()
            self._say(f"READY {_address()}")
            while True:
                self._look_after(programs)
                time.sleep(0.5)
        except KeyboardInterrupt:
            self._say("Stopping")
        finally:
            _ignore_signals()
            connections.close_all()
            stop_all(list(programs.values()))
            embedded.leave()

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def _prepare(self) -> None:
        for name, port in (("PORT", settings.ENV.port), ("MOCK_PORT", settings.MOCK_PORT)):
            _require_free(name, port)
        embedded.ensure_running()
        self._say("Preparing the database")
        make_tables()
        catalogues.compile_stale()
        self._say("Offices, staff, sources and standards")
        call_command("seed", stdout=self.stdout)
        control_persons.seed_control_persons()
        registry.seed_registry()
        sharing.seed_sharing()
        connections.close_all()

    def _house(self, programs: Mapping[str, Program]) -> None:
        """Households in benefit since months ago: entered before any worker runs, as the calendar goes back for it."""
        self._wait_for(programs, {MOCK_DEPARTMENTS: mock_departments_answer})
        self._say("Households in a home, on a subsidy and on the waiting list")
        demo_benefits.seed_benefits()
        connections.close_all()

    def _wait_until_ready(self, programs: Mapping[str, Program]) -> None:
        self._say("Starting the web server and the workers")
        signs: dict[str, Callable[[], bool]] = {
            "worker-checks": lambda: is_held("worker"),
            "web": lambda: answers(settings.ENV.port, "/", below=500),
        }
        self._wait_for(programs, signs)

    def _wait_for(self, programs: Mapping[str, Program], signs: Mapping[str, Callable[[], bool]]) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        for name, ready in signs.items():
            while not ready():
                self._look_after(programs)
                if time.monotonic() > deadline:
                    raise CommandError(f"{name} is not ready after {_READY_SECONDS} s: see {programs[name].log}.")
                time.sleep(0.1)

    def _look_after(self, programs: Mapping[str, Program]) -> None:
        """Notice what should end the demo: a make that was interrupted, a program that ended."""
        if self._make_listened and not _make_listens():
            raise KeyboardInterrupt
        for name, program in programs.items():
            if program.exit_code is not None:
                raise CommandError(f"{name} ended by itself ({program.last_words(1)}): see {program.log}.")

    def _show(self) -> None:
        """One household through the 24 sources, then who can sign in."""
        self._say("One household from the window to the decision")
        call_command("demo_household", stdout=self.stdout)
        connections.close_all()
        self._say("Sign in as")
        for username, password, role, office in people.logins():
            self._say(f"  {username:<10} {password}  {role}  {office}")
        self._say(f"What the programs say is in {_logs()}")


def _start_programs(programs: dict[str, Program], only: Collection[str] = ()) -> None:
    """Add every line of the Procfile that does not run, each with a log of its own, on this machine only."""
    _logs().mkdir(exist_ok=True)
    env = {
        **os.environ,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
        "HOST": "127.0.0.1",
        "PORT": str(settings.ENV.port),
        "MOCK_PORT": str(settings.MOCK_PORT),
        "HC_STATE_DIR": str(settings.STATE_DIR),
        "PYTHONUNBUFFERED": "1",
    }
    lines = parse_procfile((settings.BASE_DIR / "Procfile").read_text()).processes
    for name, line in lines.items():
        if name in programs or (only and name not in only):
            continue
        log = _logs() / f"{name}.log"
        log.unlink(missing_ok=True)
        programs[name] = Program(["/bin/sh", "-c", f"exec {line}"], log=log, env=env, cwd=settings.BASE_DIR)


def _require_free(name: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            reason = f"Port {port} cannot be used ({error.strerror}): choose another, e.g. make demo {name}={port + 1}"
            raise CommandError(reason) from error


def _make_listens() -> bool:
    """Whether our parent is a make that has not been interrupted yet.

    An INT sent to make alone (not to the whole foreground group, as Ctrl-C is) is not passed on: make stops listening
    for it and waits for us. What it listens for can be read from the kernel.
    """
    status = Path(f"/proc/{os.getppid()}/status")
    if "MAKELEVEL" not in os.environ or not status.exists():
        return False
    caught = next(line.split()[1] for line in status.read_text().splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught, 16) & 1 << (signal.SIGINT - 1))


def _stop_on_signals() -> None:
    """INT, TERM and a closed terminal end the demo like Ctrl-C, however it was started (a shell's `&` ignores INT)."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # under nohup it stays ignored
        signal.signal(signal.SIGHUP, stop)
    if "MAKELEVEL" in os.environ:  # a make that is killed cannot tell us
        die_with_parent()


def _ignore_signals() -> None:
    """A second Ctrl-C must not leave half of the programs behind."""
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, signal.SIG_IGN)


def _logs() -> Path:
    return Path(settings.STATE_DIR) / "logs"


def _address() -> str:
    return f"http://127.0.0.1:{settings.ENV.port}"
