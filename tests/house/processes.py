"""Real processes for the tests of the running gear: they use a service until told to go, or until killed."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from housing_credit.embedded.places import CHECKOUT


class User:
    """A process that runs a program which says "up", then waits for the end of its input."""

    started: ClassVar[list["User"]] = []

    def __init__(self, program: str, *arguments: object, python: str = sys.executable, **options: object) -> None:
        command = [python, "-c", program, *map(str, arguments)]
        options["env"] = {**os.environ, "PYTHONPATH": str(CHECKOUT), **options.get("env", {})}
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        self.process = subprocess.Popen(command, cwd=CHECKOUT, text=True, **pipes, **options)
        User.started.append(self)

    def wait_until_up(self) -> "User":
        assert self.process.stdout.readline() == "up\n", self.process.stderr.read()
        return self

    def complaint(self) -> str:
        """What it says when it cannot be up."""
        return self.process.communicate()[1]

    def go(self) -> None:
        self.process.communicate()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    @classmethod
    def kill_all(cls) -> None:
        """What a failing test left; killing twice does no harm."""
        while cls.started:
            user = cls.started.pop()
            if user.process.poll() is None:
                user.kill()


def command_lines() -> dict[int, str]:
    """Process id and command line of everything that runs."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                words = (folder / "cmdline").read_bytes()
            except (FileNotFoundError, ProcessLookupError):
                continue  # ended while we looked
            found[int(folder.name)] = words.decode("utf-8", "replace").replace("\0", " ") + " "
    return found


def becomes(wanted: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not wanted() and time.monotonic() < deadline:
        time.sleep(0.05)
    return wanted()
