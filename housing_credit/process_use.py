"""What processes use, read from /proc: CPU seconds of a process with all its descendants, and their peak memory.

On a system without /proc there are no figures: no processes, zero seconds.
"""

import os
import time
from pathlib import Path
from typing import NamedTuple

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")


class Stat(NamedTuple):
    """A line of /proc/<pid>/stat, as far as it is used here. Ended children that were waited for are counted in."""

    pid: int
    parent: int
    seconds: float


def family(root: int) -> list[Stat]:
    """A process and its descendants, the ancestors first; empty when it has ended."""
    known = {stat.pid: stat for stat in map(_read, _pids()) if stat is not None}
    if root not in known:
        return []
    found = [known[root]]
    for member in found:  # grows as it is walked
        found += [stat for stat in known.values() if stat.parent == member.pid]
    return found


def cpu_seconds(root: int) -> float:
    """User and system time of a process and its descendants, also of those that have ended."""
    return sum(stat.seconds for stat in family(root))


def peak_megabytes(pid: int) -> float:
    """The most memory that a process ever had in use (VmHWM); 0 when it has ended."""
    try:
        lines = (PROC / str(pid) / "status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return next((round(int(line.split()[1]) / 1024, 1) for line in lines if line.startswith("VmHWM:")), 0.0)


def stolen_seconds() -> float:
    """Seconds that the host of a virtual machine gave to others while a processor of ours had work, since the start."""
    try:
        fields = (PROC / "stat").read_text().split("\n", 1)[0].split()
    except FileNotFoundError:
        return 0.0
    return int(fields[8]) / TICKS


class Stolen:
    """The share of the processors that the host gave to others since this was made."""

    def __init__(self) -> None:
        self._begun, self._before = time.perf_counter(), stolen_seconds()

    def share(self) -> float:
        """From 0 to 1."""
        passed = time.perf_counter() - self._begun
        return (stolen_seconds() - self._before) / passed / (os.cpu_count() or 1)


def parent_of(pid: int) -> int | None:
    """The parent of a process on this machine."""
    stat = _read(pid)
    return stat.parent if stat else None


def name_of(pid: int) -> str:
    """The program's short name; empty when there is no such process on this machine."""
    try:
        return (PROC / str(pid) / "comm").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _pids() -> list[int]:
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()] if PROC.is_dir() else []


def _read(pid: int) -> Stat | None:
    try:
        text = (PROC / str(pid) / "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):  # ended while we looked
        return None
    fields = text.rpartition(")")[2].split()  # the name before it may hold blanks
    return Stat(pid, int(fields[1]), sum(map(int, fields[11:15])) / TICKS)
