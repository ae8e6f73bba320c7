"""What each source has been asked so far: enough for a test to prove that an inquiry was asked once."""

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct, field

NUMBERS_KEPT = 20_000  # per source; beyond it new numbers are counted in `numbers_dropped` only


class SourceCounter(Struct):
    """The counts of one source since start-up or the last reset."""

    requests: int = 0
    questions: int = 0  # households
    persons: int = 0
    errors: int = 0  # answers other than 200 and 202, and connections closed on purpose
    in_flight: int = 0
    max_concurrency: int = 0
    numbers: Counter[str] = field(default_factory=Counter)  # question reference: times seen
    numbers_dropped: int = 0
    last_delay_ms: float = 0  # the source's own time for the latest request, or the wait that its ticket told

    def enter(self) -> None:
        """A request has come in."""
        self.requests += 1
        self.in_flight += 1
        self.max_concurrency = max(self.max_concurrency, self.in_flight)

    def leave(self) -> None:
        """That request is over, however it ended."""
        self.in_flight -= 1

    def asked(self, references: Iterable[str], persons: int) -> None:
        """The request was read: it holds these questions on so many persons."""
        for reference in references:
            self.questions += 1
            if reference in self.numbers or len(self.numbers) < NUMBERS_KEPT:
                self.numbers[reference] += 1
            else:
                self.numbers_dropped += 1
        self.persons += persons
