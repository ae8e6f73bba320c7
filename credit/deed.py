"""What a deed on a case is: its form, whose it is, when it fits, and the work that does it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bureau.models import Staff
from bureau.moves import Guard, Move, Text, why_not
from bureau.roles import Role
from credit import moves
from credit.forms import OfCase
from credit.models import Case

Known = dict[Guard, Text | None]
Do = Callable[[Case, Any, Staff], Any]  # (case, the form that was filled in, by)


@dataclass(frozen=True, eq=False)
class Deed:
    """One deed. With a move, the table of moves says when; without, its stages and `fits`. `why`: it wants a reason on
    a page of its own, which says this.
    """

    name: str
    label: Text
    do: Do
    form: type[OfCase] | None = None
    move: Move | None = None
    stages: frozenset[str] = frozenset()
    fits: Callable[[Case, Staff], bool] = lambda _case, _by: True
    who: Role = Role.CREDIT_OFFICER
    why: Text = ""
    apart: bool = False  # its form has a page of its own

    def hindrance(self, case: Case, by: Staff, known: Known | None = None) -> Text | None:
        """Why it cannot be done now; `None`, and it can. `known` keeps what guards said, over many deeds."""
        reason = why_not(case, self.move, by, known) if self.move else None
        return reason.text if reason else None

    def is_for(self, case: Case, by: Staff, known: Known | None = None) -> bool:
        """Whether the deed belongs on the page of this case for this person."""
        if case.status not in (self.move.steps if self.move else self.stages):
            return False
        if not by.has_role(self.who, case.office_code) or not self.fits(case, by):
            return False
        said = {} if known is None else known
        if moves.no_relative_of not in said:
            said[moves.no_relative_of] = moves.no_relative_of(case, by)
        return said[moves.no_relative_of] is None
