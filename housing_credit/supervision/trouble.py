"""What a trouble is: rows that are overdue or cannot go on by themselves, who has to act, and the door to repair each.

Rows come from the query sets by which the other pages find them, in the scope of who looks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from bureau.models import Staff

Text = str | Promise


@dataclass(frozen=True)
class Line:
    """One thing that is stuck. `post` is an address of ours that repairs it at once, by a button."""

    name: str
    url: str
    text: str
    since: date | datetime | None
    who: Text
    post: str = ""
    fields: tuple[tuple[str, str], ...] = ()  # what the button sends


@dataclass(frozen=True)
class Trouble:
    """A kind of being stuck. `repair` says what the link or button of a row does."""

    code: str
    label: Text
    definition: Text
    repair: Text
    seen_by: frozenset[str]
    rows: Callable[[Staff], QuerySet[Any] | Sequence[Any]]
    lines: Callable[[Sequence[Any], Staff], list[Line]]

    def is_for(self, staff: Staff) -> bool:
        """Whether this person sees such rows elsewhere too."""
        return staff.holds(*self.seen_by)
