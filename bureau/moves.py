"""One life, one table of moves. A move says from where to where, who may make it, and what must be so first.

Pages, API and work modules all ask `why_not`; `lifecycle.make_move` asks it again under the lock.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from bureau.roles import Role

Text = str | Promise


class Actor(Protocol):
    """Whoever makes a move: a member of staff. The system is `None`."""

    def has_role(self, role: str, office_code: str) -> bool:
        """Whether a current posting gives this role over cases of that office."""
        ...


class Life(Protocol):
    """Anything that has a status and an office: an application, a check, a case, a tenancy."""

    status: str
    office_code: str


Guard = Callable[[Any, Any], Text | None]  # (subject, by) -> why not, or None


@dataclass(frozen=True)
class Reason:
    """Why a move cannot be made. `forbidden`: this person never may; otherwise: not now."""

    text: Text
    forbidden: bool = False


@dataclass(frozen=True, eq=False)
class Move:
    """One row of a table of moves, equal only to itself. `who` empty means that only the system makes it."""

    name: str
    label: Text
    steps: Mapping[str, str]
    who: frozenset[Role] = frozenset()
    may: tuple[Guard, ...] = ()  # about the person: answered with 403
    needs: tuple[Guard, ...] = ()  # about the case: answered with 409
    tone: str = "default"  # default | primary | danger: how the button looks


def why_not(subject: Any, move: Move, by: Any, known: dict[Guard, Text | None] | None = None) -> Reason | None:
    """Why `by` cannot make the move on the subject now, or None when nothing is in the way.

    `known` keeps what each guard said, for whoever asks about several moves of one subject at one time.
    """
    said = {} if known is None else known

    def ask(guard: Guard) -> Text | None:
        if guard not in said:
            said[guard] = guard(subject, by)
        return said[guard]

    if by is None and move.who:
        return Reason(_("This is done by a person, not by the system."), forbidden=True)
    if by is not None and not any(by.has_role(role, subject.office_code) for role in move.who):
        return Reason(_("Your posting does not include this work."), forbidden=True)
    for guard in move.may:
        if text := ask(guard):
            return Reason(text, forbidden=True)
    if subject.status not in move.steps:
        return Reason(
            _("The case has gone on meanwhile: it is now “%(status)s”.") % {"status": subject.get_status_display()}
        )
    for guard in move.needs:
        if text := ask(guard):
            return Reason(text)
    return None


def available(subject: Any, by: Any, table: Iterable[Move]) -> list[Move]:
    """The moves that `by` can make now: what the page draws as buttons."""
    known: dict[Guard, Text | None] = {}
    here = [move for move in table if move.who and subject.status in move.steps]
    return [move for move in here if why_not(subject, move, by, known) is None]


def diagram(table: Iterable[Move]) -> str:
    """The table as a Mermaid state diagram, one line per step in table order."""
    lines = ["stateDiagram-v2"]
    for move in table:
        who = "system" if not move.who else "/".join(sorted(move.who))
        lines += [f"    {start} --> {end}: {move.name} ({who})" for start, end in move.steps.items()]
    return "\n".join(lines) + "\n"
