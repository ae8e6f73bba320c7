"""A dated policy as a JSON document: read strictly, with every fault told by its field, and chosen by a day. Plain
Python.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from gettext import gettext as _  # marks the msgids; Django's catalogue translates them where they are shown
from typing import Any, Protocol, TypeVar

import msgspec
from msgspec import Struct


class Problem(Struct, frozen=True):
    """What is wrong in a policy: the field, a code, and what to do, as a msgid with what it names."""

    field: str
    code: str
    advice: str
    names: Mapping[str, object] = {}

    def __str__(self) -> str:
        return f"{self.field}: {self.advice % self.names}"


class PolicyError(Exception):
    """A policy that cannot be used. `problems` lists each field and what to do."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class Dated(Protocol):
    """In force from a day to a day, both included; without an end while there is none."""

    @property
    def effective_from(self) -> date:
        """The first day."""
        ...

    @property
    def effective_to(self) -> date | None:
        """The last day."""
        ...


Policy = TypeVar("Policy")
DatedPolicy = TypeVar("DatedPolicy", bound=Dated)


def read(content: bytes, shape: type[Policy], problems: Callable[[Policy], Iterable[Problem]]) -> Policy:
    """A policy of this shape. Raises `PolicyError` with every problem that can be told at once."""
    try:
        policy = msgspec.json.decode(content, type=shape)
    except msgspec.ValidationError as error:
        fault, _at, place = str(error).partition(" - at `$")
        problem = Problem(place.strip("`.") or "$", "shape", _("%(fault)s. Correct this field."), {"fault": fault})
        raise PolicyError([problem]) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        told = _("This is not JSON in UTF-8 (%(fault)s). Correct the file.")
        raise PolicyError([Problem("$", "json", told, {"fault": error})]) from error
    if found := [*problems(policy)]:
        raise PolicyError(found)
    return policy


def in_force(policies: Iterable[DatedPolicy], *, on: date) -> DatedPolicy | None:
    """The one in force on the day; the latest where two overlap; None where there is none."""
    fitting = (
        policy
        for policy in policies
        if policy.effective_from <= on and (policy.effective_to is None or on <= policy.effective_to)
    )
    return max(fitting, key=lambda policy: policy.effective_from, default=None)


def plain_faults(policy: Any) -> Iterable[Problem]:
    """What every policy must have: an id, a name, a document, the division of its city, days in their order."""
    for field in ("id", "name", "document"):
        if not getattr(policy, field).strip():
            yield Problem(field, "empty", _("Enter this field."))
    if not (policy.city.isdigit() and len(policy.city) == 6):
        yield Problem("city", "division", _("Enter the 6-digit division code of the city, for example 321200."))
    if policy.effective_to and policy.effective_to < policy.effective_from:
        yield Problem("effective_to", "order", _("Enter a last day that is not before the first day."))
