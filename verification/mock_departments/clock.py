"""What time it is at the mock departments: the machine's, or another that /control/clock has set, and goes on from.

Everything here that reads a clock reads this one. How long an answer takes is measured on the monotonic clock instead,
which nobody sets.
"""

from datetime import date, datetime
from time import time
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock:
    """The machine's clock, so many seconds ahead or behind."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def set_to(self, moment: datetime | None) -> None:
        """From now on it is this moment, and time passes as ever; None is the machine's own."""
        self.ahead = 0.0 if moment is None else moment.timestamp() - time()

    def seconds(self) -> float:
        """Since 1970."""
        return time() + self.ahead

    def now(self) -> datetime:
        """The moment, in Shanghai."""
        return datetime.fromtimestamp(self.seconds(), SHANGHAI)

    def today(self) -> date:
        """The Shanghai calendar day."""
        return self.now().date()


CLOCK = Clock()  # of this program: a machine has one
