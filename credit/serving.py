"""When a letter counts as served, by the way that it took (民事诉讼法, art. 86 to 95). Plain Python."""

from datetime import date, timedelta
from enum import StrEnum


class Way(StrEnum):
    """How a letter is served, from the best to the last resort."""

    HAND = "hand"
    LEFT = "left"  # 留置送达: refused, so it is left in the presence of a witness
    POST = "post"
    ELECTRONIC = "electronic"
    ANNOUNCED = "announced"


def served_on(way: Way, *, reached_on: date, deemed_days: int) -> date:
    """The legal day of service: when it reached the subject, or so many days after the announcement appeared."""
    return reached_on + timedelta(days=deemed_days) if way is Way.ANNOUNCED else reached_on
