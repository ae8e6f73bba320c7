"""For whom a statement is drawn: what of a household's particulars this reader is shown. No amount depends on it."""

from msgspec.structs import replace

from bureau import masks
from verification import wording
from verification.comparison import Difference
from verification.figures import Step
from verification.pages.household import Read
from verification.statement import Line

KIND_ALONE = ("tenure", "sort", "age")  # what is told of a line that is not the reader's own


class Reader:
    """Who works on the case: names of members masked, every line in all its particulars."""

    is_household = False

    def __init__(self, found: Read) -> None:
        self.found = found

    def member(self, key: str) -> str:
        """How a member is called; empty for what belongs to nobody in particular."""
        return self.found.members.get(key, "")

    def is_told_apart(self, key: str) -> bool:
        """Whether this member's lines are listed one by one, not only as a sum."""
        return True

    @property
    def is_told_of_all(self) -> bool:
        """Whether there is nobody whose lines are told only as a sum."""
        return all(map(self.is_told_apart, self.found.members))

    def line(self, line: Line) -> str:
        """What a line is."""
        return wording.line_text(line)

    def item(self, difference: Difference) -> str:
        """What was declared and found: an address, a plate, a business."""
        return difference.item

    def step(self, step: Step) -> str:
        """A step of the working of a figure."""
        return wording.step_text(step, self.member(step.person))


class Member(Reader):
    """A member of the household, to whom its copy is handed.

    The own lines are told in words (个人信息保护法 art. 45), the lines of those who have agreed by their kind alone,
    and the lines of everybody else only as a sum: the household applies together and is told its totals, but nobody
    learns from a copy at which bank another adult saves (art. 28 and 29: with separate consent). Addresses and account
    numbers are cut even in the own lines, as paper is left lying about; keys of records and names of officials are left
    out. Without a `recipient` nothing is anybody's own: so auditors read it.
    """

    is_household = True

    def __init__(self, found: Read, recipient: str, agreed: frozenset[str]) -> None:
        super().__init__(found)
        self.recipient = recipient
        self._apart = agreed | {recipient, ""}

    def member(self, key: str) -> str:
        if key and key == self.recipient:
            return next(person.name for person in self.found.inputs.declared.persons if person.key == key)
        return super().member(key)

    def is_told_apart(self, key: str) -> bool:
        return key in self._apart

    def line(self, line: Line) -> str:
        if line.person == self.recipient:
            return wording.line_text(replace(line, text={**line.text, **_cut(line.text)}))
        return wording.line_text(
            replace(line, text={name: line.text[name] for name in KIND_ALONE if name in line.text})
        )

    def item(self, difference: Difference) -> str:
        if difference.member != self.recipient:
            return ""
        return masks.address(difference.item) if difference.section == "homes" else difference.item


def _cut(text: dict[str, str]) -> dict[str, str]:
    return {"address": masks.address(text["address"])} if text.get("address") else {}
