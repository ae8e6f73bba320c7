"""The benchmarks run whole in a place of their own, print one JSON object, and leave nothing behind."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from redis import Redis

from benchmarks import registry
from bureau.identifiers import normalise_id
from housing_credit import embedded, population
from housing_credit.arena import NAME, STOP_SECONDS
from tests.house.processes import becomes

ROOT = Path(settings.BASE_DIR)
KINDS = {"workers", "beat", "command", "mock_departments", "postgresql", "redis"}


@pytest.fixture(name="start")
def _start(django_db_blocker):
    """Start a benchmark; what a failing test leaves is interrupted."""
    started = []

    def start(*command: str) -> subprocess.Popen:
        environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        words = [sys.executable, "manage.py", *command]
        # Started by a shell in the background, tests ignore interrupts, and so would what they start.
        hears = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}
        started.append(subprocess.Popen(words, cwd=ROOT, env=environment, text=True, **pipes, **hears))
        return started[-1]

    yield start
    for command in started:
        if command.poll() is None:
            command.send_signal(signal.SIGINT)
            command.communicate(timeout=60)


def arenas_of(pid: int) -> list[str]:
    """What there is of the arena of a command: database, Redis database, folder and processes."""
    name = f"{NAME}{pid}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname = %s", [name])
        found = [f"database {row[0]}" for row in cursor.fetchall()]
    for number in range(1, 16):
        with Redis.from_url(f"{embedded.addresses().redis_url}?db={number}") as redis:
            found += [f"redis {number}"] if redis.get("arena") == name.encode() else []
    found += [str(path) for path in [embedded.state_dir() / name] if path.exists()]
    mark = str(embedded.state_dir() / name).encode()
    return found + [
        f"process {folder.name}" for folder in Path("/proc").glob("[0-9]*") if mark in environment_of(folder)
    ]


def environment_of(folder: Path) -> bytes:
    try:
        return (folder / "environ").read_bytes()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return b""


@pytest.mark.django_db
def test_it_prints_one_object_and_leaves_nothing_behind(start):
    command = start("benchmark", "--households", "4", "--plain-households", "2", "--json")
    printed, said = command.communicate(timeout=600)

    assert command.returncode == 0, said
    told = json.loads(printed)
    assert (told["households"], told["cores"]) == (4, os.cpu_count())
    for way in ("plain", "ceiling", "ours"):
        assert told[way]["per_second"] > 0
    assert told["plain"]["households"] == 2
    assert told["ours_over_plain"] > 0
    assert told["ours_over_ceiling"] > 0
    assert set(told["ours"]["cpu_seconds_per_1000"]) == KINDS
    assert len(told["ours"]["peak_memory_mb"]) == 2, "the two workers"
    assert min(told["ours"]["peak_memory_mb"]) > 10
    assert arenas_of(command.pid) == []


@pytest.mark.django_db
def test_growing_rounds_print_one_object_and_leave_nothing_behind(start):
    command = start("benchmark_growth", "--households", "6", "--json")
    printed, said = command.communicate(timeout=600)

    assert command.returncode == 0, said
    told = json.loads(printed)
    assert [(step["households"], step["cost_ms"] > 0) for step in told["steps"]] == [(6, True)]
    assert (told["cost_growth"], told["memory_growth"]) == (1, 1), "of a single round"
    assert arenas_of(command.pid) == []


@pytest.mark.django_db
def test_asked_by_departments_it_prints_one_object_and_leaves_nothing_behind(start):
    command = start("benchmark_standing", "--records", "2000", "--turns", "1", "--seconds", "0.5", "--json")
    printed, said = command.communicate(timeout=600)

    assert command.returncode == 0, said
    told = json.loads(printed)
    assert told["records"] == 2000
    for figure in ("ours_over_bare", "p99_ms", "bare_p99_ms", "growth", "ours_per_second", "bare_per_second"):
        assert told[figure] > 0
    assert arenas_of(command.pid) == []


def test_the_persons_of_the_registry_have_numbers_of_their_own_that_are_good():
    numbers = [registry.id_number(place) for place in (0, 1, 19_999, 20_000, 999_999, 1_010_000)]

    assert len(set(numbers)) == len(numbers)
    assert [normalise_id(number) for number in numbers] == numbers


@pytest.mark.django_db
def test_rounds_must_grow(start):
    command = start("benchmark_growth", "--households", "6", "2")
    _printed, said = command.communicate(timeout=60)

    assert command.returncode == 1
    assert "the smallest first" in said


@pytest.mark.django_db
def test_interrupted_it_leaves_nothing_behind_either(start):
    command = start("benchmark", "--households", "400")
    keys = embedded.state_dir() / f"{NAME}{command.pid}" / "keys.json"
    assert becomes(keys.exists, seconds=60)
    assert {part.split()[0] for part in arenas_of(command.pid)} >= {"database", "redis", "process"}

    command.send_signal(signal.SIGINT)
    command.communicate(timeout=STOP_SECONDS + 60)  # who does not hear by then is killed, and then it is tidied up

    assert command.returncode == 128 + signal.SIGINT
    assert arenas_of(command.pid) == []


def test_the_invented_households_are_always_the_same_and_valid(departments, settings):
    settings.MOCK_DEPARTMENTS_URL = departments.url

    many = population.orders(300, prefix="T")

    assert population.orders(7, prefix="T") == many[:7]
    sizes = [len(order.declared.persons) for order in many]
    assert (min(sizes), max(sizes)) == (1, 4)
    assert 2.3 < sum(sizes) / len(sizes) < 2.7
    numbers = [person.id_number for order in many for person in order.declared.persons]
    assert len(set(numbers)) == len(numbers)
    assert [normalise_id(number) for number in numbers] == numbers
