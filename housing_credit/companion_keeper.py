"""The keeper of one companion (see companions.py): `python -m housing_credit.companion_keeper NAME STATE_DIR`."""

import sys
import time
from pathlib import Path

from housing_credit.companions import MOCK_DEPARTMENTS, WORKER, Companion
from housing_credit.embedded import EmbeddedServiceError
from housing_credit.embedded.places import CHECKOUT
from housing_credit.embedded.shared_use import SharedUse, keep
from housing_credit.programs import Program

_READY_SECONDS = 60


class KeptCompanion:
    """One companion, as its keeper keeps it."""

    def __init__(self, companion: Companion, state: Path) -> None:
        self._companion = companion
        self._log = state / f"companion-{companion.name}.output.log"
        self._program: Program | None = None

    def start(self) -> None:
        self._program = program = Program(self._companion.command(), log=self._log, cwd=CHECKOUT)
        deadline = time.monotonic() + _READY_SECONDS
        while not self._companion.runs():
            if program.exit_code is not None or time.monotonic() > deadline:
                words = program.last_words(1)
                raise EmbeddedServiceError(f"The {self._companion.name} did not start ({words}): see {self._log}.")
            time.sleep(0.05)

    def tend(self) -> None:
        """A dead companion stays dead for whoever waits on it to see: its command fails by its own time limit."""

    def stop(self) -> None:
        if self._program:
            self._program.stop()


if __name__ == "__main__":
    wanted, state_dir = sys.argv[1], Path(sys.argv[2])
    companion = next(known for known in (WORKER, MOCK_DEPARTMENTS) if known.name == wanted)
    keep(SharedUse(state_dir, f"companion-{wanted}"), KeptCompanion(companion, state_dir))
