"""For whom a statement is drawn: what of a household's particulars this reader is shown. No amount depends on it."""

from verification import wording
from verification.comparison import Difference
from verification.figures import Step
from verification.pages.household import Read
from verification.statement import Line


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

    def line(self, line: Line) -> str:
        """What a line is."""
        return wording.line_text(line)

    def item(self, difference: Difference) -> str:
        """What was declared and found: an address, a plate, a business."""
        return difference.item

    def step(self, step: Step) -> str:
        """A step of the working of a figure."""
        return wording.step_text(step, self.member(step.person))
