"""The mock departments as a program of their own on a free port, and somebody to ask them."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests.verification.mock_departments.asker import Asker

ROOT = Path(__file__).parents[3]


@contextmanager
def running(seed: int) -> Iterator[Asker]:
    """Start the program, wait until it is well, stop it."""
    with socket.socket() as finder:
        finder.bind(("127.0.0.1", 0))
        port = finder.getsockname()[1]
    command = [sys.executable, "-m", "verification.mock_departments", "--port", str(port), "--seed", str(seed)]
    program = subprocess.Popen(command, cwd=ROOT)
    try:
        asker = Asker(port, program=program)
        _wait_until_well(asker, program)
        yield asker
    finally:
        program.terminate()
        program.wait(timeout=10)


def _wait_until_well(asker: Asker, program: "subprocess.Popen[bytes]") -> None:
    deadline = monotonic() + 30
    while monotonic() < deadline and program.poll() is None:
        try:
            if asker.control("GET", "health").status == 200:
                return
        except OSError:
            sleep(0.05)
    raise RuntimeError("the mock departments did not start")


@pytest.fixture(scope="session")
def program() -> Iterator[Asker]:
    with running(seed=7) as asker:
        yield asker


@pytest.fixture
def asker(program: Asker) -> Asker:
    """The running program, well-behaved and with counts at zero."""
    assert program.control("POST", "reset").status == 200
    return program
