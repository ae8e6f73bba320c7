"""Start a program so that it cannot outlive us, and stop it for certain. Plain Python.

The embedded servers, the companions of a command and the demo's processes are all started here.
"""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1


def die_with_parent(sign: signal.Signals = signal.SIGTERM) -> None:
    """Ask Linux to send this process `sign` when its parent ends, even by kill -9, which nobody can catch.

    A pipe watched by the child would do the same everywhere, but the child is often a program that is not ours
    (postgres, redis-server, gunicorn). Elsewhere than on Linux this does nothing, and the next start cleans up.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(sign), 0, 0, 0)


def _tied_to(parent: int, sign: signal.Signals) -> Callable[[], None]:
    def prepare() -> None:
        die_with_parent(sign)
        if os.getppid() != parent:  # it died before prctl was called
            os._exit(1)

    return prepare


class Program:
    """One child process in its own session (so Ctrl-C reaches only us), its output appended to a log file."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        account: tuple[int, int] | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        """Start `command`; `account` is the (uid, gid) to run as, for which we must be root."""
        self.command = list(command)
        self.log = log
        self.stop_signal = stop_signal
        uid, gid = account or (None, None)
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=None if env is None else dict(env),
                cwd=cwd,
                user=uid,
                group=gid,
                extra_groups=[] if account else None,
                start_new_session=True,
                preexec_fn=_tied_to(os.getpid(), stop_signal),  # our starters run no threads of their own
            )
        self.pid = self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    def ask_to_stop(self) -> None:
        """Send the stop signal and return at once; `stop` waits."""
        if self.exit_code is None:
            self._process.send_signal(self.stop_signal)

    def stop(self, *, seconds: float = 10) -> None:
        """Ask, wait, then kill whatever is left of its session. Nothing of it runs when this returns."""
        self.ask_to_stop()
        try:
            self._process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self._kill_session()
            self._process.wait()
        self._kill_session()

    def last_words(self, lines: int = 3) -> str:
        """The end of its log, for an error message."""
        return " / ".join(self.log.read_text("utf-8", "replace").strip().splitlines()[-lines:])

    def _kill_session(self) -> None:
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            return  # the wished-for state: nobody of that session is left


def stop_all(programs: Sequence[Program], *, seconds: float = 10) -> None:
    """Stop programs together, so that the slowest alone decides how long it takes."""
    for program in programs:
        program.ask_to_stop()
    for program in reversed(programs):
        program.stop(seconds=seconds)
