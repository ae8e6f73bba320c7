"""What a deed on a home, a place on the waiting list, a tenancy or a subsidy is: its form, whose it is, when it fits,
and the work that does it. Every deed has a page of its own, which says what follows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from benefits import moves
from benefits.forms import OfBenefit
from bureau.models import Staff
from bureau.moves import Guard, Move, Reason, Text, why_not
from bureau.roles import Role

Do = Callable[[Any, dict[str, Any], Staff], Any]  # (subject, what was filled in, by)
OFFICER = frozenset({Role.HOUSING_OFFICER})


@dataclass(frozen=True, eq=False)
class Deed:
    """One deed. With a move the table of moves says when; without, its stages, its roles and `fits`.

    `met`: guards of the move that the deed itself sees to. `why`: what follows, on its page.
    """

    name: str
    label: Text
    do: Do
    form: type[OfBenefit] = OfBenefit
    move: Move | None = None
    stages: frozenset[str] = frozenset()
    who: frozenset[Role] = OFFICER
    fits: Callable[[Any], Text | None] = lambda _subject: None
    met: tuple[Guard, ...] = ()
    why: Text = ""
    tone: str = ""

    def why_not(self, subject: Any, by: Staff, known: dict[Guard, Text | None] | None = None) -> Reason | None:
        """Why this person cannot do it now, or None. `known` keeps what the guards said, as in `bureau.moves`."""
        found = self._by_move(subject, by, {} if known is None else known) if self.move else self._by_stage(subject, by)
        if found is None and (text := self.fits(subject)):
            return Reason(text)
        return found

    def _by_move(self, subject: Any, by: Staff, known: dict[Guard, Text | None]) -> Reason | None:
        assert self.move is not None  # noqa: S101 -- asked by `why_not` only then
        said = {**known, **dict.fromkeys(self.met)}
        found = why_not(subject, self.move, by, said)
        known.update({guard: text for guard, text in said.items() if guard not in self.met})
        return found

    def _by_stage(self, subject: Any, by: Staff) -> Reason | None:
        if not any(by.has_role(role, subject.office_code) for role in self.who):
            return Reason(_("Your posting does not include this work."), forbidden=True)
        if text := moves.no_relative_of(subject, by):
            return Reason(text, forbidden=True)
        if subject.status not in self.stages:
            return Reason(
                _("The case has gone on meanwhile: it is now “%(status)s”.") % {"status": subject.get_status_display()}
            )
        return None

    def look(self) -> str:
        """How its button looks."""
        tone = self.tone or (self.move.tone if self.move else "")
        return "" if tone == "default" else tone
