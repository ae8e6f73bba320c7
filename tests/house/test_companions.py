"""The companions of a management command: there while it runs, shared, and gone after it, however it ended."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from housing_credit.companions import answers, hold, is_held
from housing_credit.embedded.places import CHECKOUT
from tests.house.processes import User, becomes, command_lines

COMMAND = """
import sys
from housing_credit import embedded
from housing_credit.companions import companions
if "workers" in sys.argv:
    embedded.ensure_running()
try:
    with companions(workers="workers" in sys.argv, mock_departments="mock" in sys.argv):
        print("up", flush=True)
        sys.stdin.read()
except embedded.EmbeddedServiceError as error:
    sys.exit(str(error))
"""
HOLDER = """
import sys
from housing_credit.companions import hold
hold(sys.argv[1])
print("up", flush=True)
sys.stdin.read()
"""


@dataclass
class House:
    """A state folder and a free port for mock departments of its own."""

    state: Path
    port: int

    def command(self, *wanted: str) -> User:
        return User(COMMAND, *wanted, env=self.env)

    @property
    def env(self) -> dict[str, str]:
        return {"HC_STATE_DIR": str(self.state), "MOCK_PORT": str(self.port)}

    def has_mock_departments(self) -> bool:
        return answers(self.port, "/control/health")

    def processes(self) -> list[str]:
        """All that runs for this state folder: keepers, mock departments, servers, and workers by their environment."""
        signs = str(self.state), f"--port {self.port} "
        return [line for line in command_lines().values() if any(sign in line for sign in signs)] + self._workers()

    def _workers(self) -> list[str]:
        mark = f"HC_STATE_DIR={self.state}".encode()
        workers = [(pid, line) for pid, line in command_lines().items() if " celery " in line]
        return [line for pid, line in workers if mark in _environment(pid).split(b"\0")]


def _environment(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


@pytest.fixture(name="house")
def _house(monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    state = Path(tempfile.mkdtemp(prefix="hc-state-", dir="/tmp"))
    state.chmod(0o755)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        house = House(state, probe.getsockname()[1])
    for name, value in house.env.items():
        monkeypatch.setenv(name, value)
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    yield house
    User.kill_all()
    assert becomes(lambda: not house.processes(), seconds=20), f"left behind: {house.processes()}"
    shutil.rmtree(state)


def test_a_post_is_held_until_its_last_holder_ends(house):
    assert not is_held("worker")
    first, second = (User(HOLDER, "worker", env=house.env).wait_until_up() for _ in range(2))
    assert is_held("worker")
    assert not is_held("mock")

    first.kill()
    assert is_held("worker")
    second.kill()

    assert not is_held("worker")


def test_those_who_ask_do_not_take_each_other_for_holders(house):
    with ThreadPoolExecutor(8) as askers:
        seen = list(askers.map(is_held, ["worker"] * 200))

    assert not any(seen)


def test_holding_twice_is_holding_once(house):
    program = "from housing_credit.companions import hold\nhold('worker'); hold('worker')\n" + HOLDER

    User(program, "worker", env=house.env).wait_until_up().kill()

    assert not is_held("worker")


def test_mock_departments_serve_while_the_command_runs(house):
    command = house.command("mock").wait_until_up()
    assert house.has_mock_departments()

    command.go()

    assert not house.has_mock_departments(), "the command waits until its companions have stopped"


def test_companions_of_a_command_killed_with_kill_9_stop_too(house):
    command = house.command("mock").wait_until_up()
    assert house.has_mock_departments()

    command.kill()

    assert becomes(lambda: not house.processes(), seconds=15)


def test_two_commands_share_and_the_last_one_switches_off(house):
    first, second = house.command("mock"), house.command("mock")
    first.wait_until_up()
    second.wait_until_up()
    assert len([line for line in house.processes() if "mock_departments" in line]) == 1

    first.go()
    assert house.has_mock_departments()
    second.go()

    assert not house.has_mock_departments()


def test_mock_departments_started_by_hand_are_left_running(house):
    by_hand = subprocess.Popen(
        [sys.executable, "-m", "verification.mock_departments", "--port", str(house.port)],
        cwd=CHECKOUT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert becomes(house.has_mock_departments, seconds=20)

        house.command("mock").wait_until_up().go()

        assert house.has_mock_departments()
    finally:
        by_hand.terminate()
        by_hand.wait()


def test_a_port_taken_by_somebody_else_is_reported_in_a_sentence(house):
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", house.port))

        complaint = house.command("mock").complaint()

    assert "The mock did not start" in complaint
    assert "companion-mock" in complaint


def test_a_worker_is_at_its_post_while_the_command_runs(house):
    command = house.command("workers").wait_until_up()
    assert is_held("worker")

    command.go()

    assert not is_held("worker")


def test_a_worker_of_a_command_killed_with_kill_9_stops_too(house):
    command = house.command("workers").wait_until_up()

    command.kill()

    assert becomes(lambda: not house.processes(), seconds=20)


def test_a_command_that_needs_nothing_starts_nothing(house):
    house.command().wait_until_up()

    assert house.processes() == []


def test_holding_here_is_seen_from_elsewhere(house):
    hold("sweeper")
    asker = "from housing_credit.companions import is_held; print(is_held('sweeper'))"

    result = subprocess.run(
        [sys.executable, "-c", asker], cwd=CHECKOUT, env={**os.environ}, capture_output=True, text=True, check=True
    )

    assert result.stdout == "True\n"
