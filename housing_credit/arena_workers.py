"""Celery workers of a command in an arena: started as the Procfile starts them, stopped with the block."""

import os
import shlex
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from housing_credit.arena import READY_SECONDS, ArenaError
from housing_credit.celery import app as celery
from housing_credit.programs import Program, stop_all

ROUNDS = "rounds,work"
SCHEDULE = "beat-schedule"  # each kind of database that Python has for it adds an ending of its own
QUIET = "--without-gossip --without-mingle"


@contextmanager
def workers(
    count: int = 1,
    *,
    queues: str = ROUNDS,
    pool: str = "prefork",
    concurrency: int = 2,
    app: str = "housing_credit",
) -> Iterator[list[Program]]:
    """Have so many workers at these queues, each with so many processes or threads, for the length of a block.

    Yields their programs; whoever kills one may put the program of `start_worker` in its place. Raises `ArenaError`
    when they are not ready in time.
    """
    running: list[Program] = []
    try:
        for place in range(count):
            name = f"arena{place}"
            running.append(start_worker(name, queues=queues, pool=pool, concurrency=concurrency, app=app))
        _await(running)
        yield running
    finally:
        stop_all(running)


@contextmanager
def beat() -> Iterator[Program]:
    """Have the timetable of periodic work for the length of a block, which begins when it has begun to tick."""
    folder = settings.STATE_DIR
    for old in folder.glob(f"{SCHEDULE}*"):
        old.unlink()
    program = _start("beat", "housing_credit", f"beat -s {folder / SCHEDULE} --pidfile=")
    try:
        _await_schedule(program, folder)
        yield program
    finally:
        program.stop()


def start_worker(
    name: str, *, queues: str = ROUNDS, pool: str = "prefork", concurrency: int = 2, app: str = "housing_credit"
) -> Program:
    """Start one worker and return at once. Its log is `<name>.log` in the arena's state folder."""
    options = f"worker -Q {queues} -P {pool} -c {concurrency} -n {name}@%h {QUIET}"
    return _start(name, app, options)


def _start(name: str, app: str, options: str) -> Program:
    level = os.environ.get("LOG_LEVEL", "INFO")
    command = [sys.executable, "-m", "celery", "-A", app, *shlex.split(options), "-l", level]
    return Program(command, log=settings.STATE_DIR / f"{name}.log", cwd=settings.BASE_DIR)


def _await_schedule(program: Program, folder: Path) -> None:
    """Return when beat has written its timetable, which it does once it is there. Its start is no work of a round."""
    deadline = time.monotonic() + READY_SECONDS
    while not any(folder.glob(f"{SCHEDULE}*")):
        if program.exit_code is not None or time.monotonic() > deadline:
            raise ArenaError(f"Beat did not start: {program.last_words(3)}")
        time.sleep(0.05)


def _await(running: Sequence[Program]) -> None:
    """Return when as many workers answer as were started."""
    deadline = time.monotonic() + READY_SECONDS
    while len(celery.control.ping(timeout=0.5, limit=len(running)) or ()) < len(running):
        ended = [program for program in running if program.exit_code is not None]
        if ended or time.monotonic() > deadline:
            program = (ended or running)[0]
            raise ArenaError(f"A worker did not start: {program.last_words(3)}")
