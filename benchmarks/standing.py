"""The standing query of the departments through the real web server: against a bare view, and as the registry grows.

Pairs of short measurements take turns, and the middle one of their ratios counts: what else the machine does then
weighs on both sides.
"""

import os
import random
import shlex
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from django.conf import settings
from django.db import connection

from benchmarks import registry
from benchmarks.standing_load import Plan, Told
from bureau.fields import blind_index
from credit import partners, signing
from housing_credit import process_use
from housing_credit.arena import NAME, READY_SECONDS, ArenaError
from housing_credit.companions import answers
from housing_credit.programs import Program

SMALL = 10_000
CONNECTIONS = 16  # at a time; what no process is free for waits in the kernel
QUIET, QUIET_ROUNDS, ROUNDS = 0.02, 5, 24  # share of the processors that the host may take; rounds so quiet; at most
SUBJECTS = 20_000  # who are asked about; half of them are in the registry
WEB = "-m gunicorn"  # with gunicorn.conf.py, as everywhere
BARE_TABLE = """
CREATE TABLE benchmark_bare (id bigserial PRIMARY KEY, at timestamptz DEFAULT now(), index bytea, found bigint)
"""
Say = Callable[[str], None]


class Asker:
    """The load, in a process of its own."""

    def __init__(self, key_id: str, key: bytes) -> None:
        self._key_id, self._key = key_id, key.hex()
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        command = [sys.executable, "-m", "benchmarks.standing_load"]
        self._program = subprocess.Popen(command, cwd=settings.BASE_DIR, **pipes)  # type: ignore[call-overload]
        self._count = 0

    def ask(self, web: "Web", seconds: float, *, bare: bool = False, rate: float = 0.0) -> Told:
        """One measurement; `ArenaError` when a question was not answered with 200."""
        self._count += 1
        plan = Plan(
            web.port, seconds, CONNECTIONS, str(web.subjects), self._key_id, self._key, bare, rate, self._count
        )  # fmt: skip
        self._program.stdin.write(msgspec.json.encode(plan) + b"\n")
        self._program.stdin.flush()
        told = msgspec.json.decode(self._program.stdout.readline(), type=Told)
        if told.failed or not told.answered:
            raise ArenaError(f"{told.failed} of {told.failed + told.answered} questions failed: {told.failure}")
        return told

    def close(self) -> None:
        self._program.stdin.close()
        self._program.wait()


class Web:
    """The web server as it always runs, on one database, with whom to ask about there."""

    def __init__(self, name: str, url: str, records: int) -> None:
        self.port = _free_port()
        self.subjects = settings.STATE_DIR / f"subjects-{name}.json"
        self.subjects.write_bytes(msgspec.json.encode(_subjects(records)))
        environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "benchmarks.standing_settings"}
        command = [sys.executable, *shlex.split(WEB), "--bind", f"127.0.0.1:{self.port}"]
        log: Path = settings.STATE_DIR / f"web-{name}.log"
        self.program = Program(command, log=log, env=environment, cwd=settings.BASE_DIR)

    def await_start(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not answers(self.port, "/sign-in/"):
            if self.program.exit_code is not None or time.monotonic() > deadline:
                raise ArenaError(f"The web server did not start: {self.program.last_words()}")
            time.sleep(0.05)


def measure(records: int, *, pairs: int, seconds: float, say: Say) -> dict[str, Any]:
    """All figures."""
    with ExitStack() as stack:
        partner = registry.open_partner()
        key, secret = partners.issue(partner, by=None)
        with connection.cursor() as cursor:
            cursor.execute(BARE_TABLE)
        say(f"filling {min(records, SMALL):,} records")
        registry.fill(0, min(records, SMALL))
        small_url = stack.enter_context(_copy())
        say(f"filling {records:,} records")
        if records > SMALL:
            registry.fill(SMALL, records)
        url = os.environ["DATABASE_URL"]
        webs = {"ours": Web("whole", url, records), "small": Web("small", small_url, min(records, SMALL))}
        for web in webs.values():
            stack.callback(web.program.stop)
            web.await_start()
        asker = Asker(key.key_id, signing.key_of(secret))
        stack.callback(asker.close)
        return _figures(records, asker, webs, pairs=pairs, seconds=seconds, say=say)


def _figures(
    records: int, asker: Asker, webs: Mapping[str, Web], *, pairs: int, seconds: float, say: Say
) -> dict[str, Any]:
    whole, small = webs["ours"], webs["small"]
    for web in webs.values():  # every process of the server has its connection, every page that is asked for is read
        for bare in (False, True):
            asker.ask(web, seconds, bare=bare)
    ours, bare_view, at_small = [], [], []
    for pair in range(pairs):
        say(f"turn {pair + 1} of {pairs}")
        ours.append(asker.ask(whole, seconds))
        bare_view.append(asker.ask(whole, seconds, bare=True))
        at_small.append(asker.ask(small, seconds))
        ours.append(asker.ask(whole, seconds))
    rates, bare_rates, small_rates = _rates(ours), _rates(bare_view), _rates(at_small)
    beside = [(before + after) / 2 for before, after in zip(rates[::2], rates[1::2], strict=True)]  # of each turn
    quiet = _quiet_rounds(asker, whole, seconds, say)
    return {
        "records": records,
        "cores": os.cpu_count(),
        "ours_over_bare": round(statistics.median(_ratios(beside, bare_rates)), 3),
        "p99_ms": round(statistics.median(each.ours.p99_ms for each in quiet), 1),
        "p50_ms": round(statistics.median(each.ours.p50_ms for each in quiet), 1),
        "bare_p99_ms": round(statistics.median(each.bare.p99_ms for each in quiet), 1),
        "half_per_second": round(statistics.median(each.rate for each in quiet), 1),
        "growth": round(statistics.median(_ratios(small_rates, beside)), 3),
        "ours_per_second": round(statistics.median(rates), 1),
        "bare_per_second": round(statistics.median(bare_rates), 1),
        "small_per_second": round(statistics.median(small_rates), 1),
        "noise": round((max(bare_rates) - min(bare_rates)) / statistics.median(bare_rates), 2),
        "stolen": round(statistics.mean(each.stolen for each in quiet), 3),
        "load_average": round(os.getloadavg()[0], 1),
    }


class Round(NamedTuple):
    """The standing query and the bare view at half load, at the same rate.

    `stolen`: the share of the processors that the host gave to others, in the worse of the two.
    """

    rate: float
    ours: Told
    bare: Told
    stolen: float


def _quiet_rounds(asker: Asker, web: Web, seconds: float, say: Say) -> list[Round]:
    """The quietest rounds at half load.

    What the host of a virtual machine takes away holds up whatever it falls into, so rounds go on until enough of them
    were quiet, and end where the host never leaves us alone.
    """
    rounds: list[Round] = []
    for _ in range(ROUNDS):  # half of what the machine does just then: it is not as fast at one time as at another
        full = asker.ask(web, seconds)
        rounds.append(_round(asker, web, seconds * 2, full.answered / full.seconds / 2))
        each = rounds[-1]
        say(f"half load: {each.rate:.0f} a second, p99 {each.ours.p99_ms:.1f} ms, stolen {each.stolen:.1%}")
        if sum(each.stolen <= QUIET for each in rounds) >= QUIET_ROUNDS:
            break
    return sorted(rounds, key=lambda each: each.stolen)[:QUIET_ROUNDS]


def _round(asker: Asker, web: Web, seconds: float, rate: float) -> Round:
    stolen = process_use.Stolen()
    ours, of_ours = asker.ask(web, seconds, rate=rate), stolen.share()
    stolen = process_use.Stolen()
    bare, of_bare = asker.ask(web, seconds, bare=True, rate=rate), stolen.share()
    return Round(rate, ours, bare, max(of_ours, of_bare))


def _rates(told: Sequence[Told]) -> list[float]:
    return [each.answered / each.seconds for each in told]


def _ratios(over: Sequence[float], under: Sequence[float]) -> list[float]:
    return [one / other for one, other in zip(over, under, strict=True)]


def _subjects(records: int) -> list[tuple[str, str]]:
    """Whom to ask about: as many who are in the registry as who are not."""
    chance, half = random.Random(records), min(SUBJECTS // 2, records)  # noqa: S311 -- no secret
    places = [*chance.sample(range(records), half), *range(records, records + half)]
    numbers = map(registry.id_number, places)
    return [(number, blind_index(number).hex()) for number in numbers]


@contextmanager
def _copy() -> Iterator[str]:
    """A copy of the database as it is now; its URL. It is named after us, as parts of an arena are."""
    whole, name = connection.settings_dict["NAME"], f"{NAME}{os.getpid()}"
    connection.close()
    connection.settings_dict["NAME"] = "postgres"
    try:
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{whole}"')
        connection.close()
    finally:
        connection.settings_dict["NAME"] = whole
    try:
        yield os.environ["DATABASE_URL"].replace(f"/{whole}", f"/{name}", 1)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
