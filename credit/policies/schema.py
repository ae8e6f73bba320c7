"""What a policy says, as plain data: an unknown field is an error, so that a misspelt term is never silently absent."""

from datetime import date
from enum import StrEnum

import msgspec
from msgspec import Struct

from credit.clocks import Event, Rule, Term


class SubjectKind(StrEnum):
    """Families and employers have files of their own (clause B10)."""

    PERSON = "person"
    EMPLOYER = "employer"


class Severity(StrEnum):
    """How grave an act is. A city may know fewer grades."""

    GENERAL = "general"
    MORE_SERIOUS = "more_serious"
    SERIOUS = "serious"


class Letter(StrEnum):
    """How a subject stands by the grading rules, from the best to the worst."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class When(StrEnum):
    """What a grading rule looks at. Each is something that persons have decided: no lead, no answer of a source and no
    case before its finding is among them.
    """

    RUNNING = "running"  # a ban, publication or sharing holds on the day
    RECORDED = "recorded"  # so many acts entered in the archive within the time
    RELEASED = "released"  # the last measure ended within the time
    FOUND = "found"  # found by the panel; the record depends on whether it is corrected
    CURED = "cured"  # so many acts found and corrected in time, within the time


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a policy."""


class Grade(Part, frozen=True, kw_only=True):
    """What follows from an act of this severity, for persons and for employers: at most one rule for each clock."""

    severity: Severity
    person: tuple[Rule, ...] = ()
    employer: tuple[Rule, ...] = ()

    def rules(self, kind: SubjectKind, *, from_return: bool = False) -> tuple[Rule, ...]:
        """The rules for a subject. `from_return`: the act ends with the return of the home, and the ban counts from
        that day (公共租赁住房管理办法, art. 35, 36).
        """
        rules = self.person if kind is SubjectKind.PERSON else self.employer
        return tuple(map(_from_return, rules)) if from_return else rules


def _from_return(rule: Rule) -> Rule:
    return msgspec.structs.replace(rule, begins_with=Event.HOME_RETURNED, holds_meanwhile=True) if rule.is_ban else rule


class Cap(Part, frozen=True, kw_only=True):
    """A grading rule: as long as this is so, the grade is no better than `letter`. Rules do not add up; the worst
    letter decides, and whom no rule meets has an A.
    """

    letter: Letter
    when: When
    severities: tuple[Severity, ...] = ()  # none named: of any severity
    at_least: int = 1
    within: Term = Term()  # of RECORDED, RELEASED and CURED: how far back
    basis: str


class Policy(Part, frozen=True, kw_only=True):
    """A city's policy, in force from a day to a day, both included. Days are calendar days, workdays are working days.

    `unconfirmed` names what was not found in a published text and wants the bureau's word.
    """

    id: str
    name: str
    city: str
    document: str
    effective_from: date
    effective_to: date | None = None
    grades: tuple[Grade, ...]
    defence_workdays: int = 5  # 陈述申辩
    panel_members: int = 3
    cure_days: int = 15  # 责令改正
    deemed_served_days: int = 30  # after a public announcement (民事诉讼法, art. 95)
    objection_workdays: int = 7  # 信用修复管理办法, art. 18
    repair_acceptance_workdays: int = 3  # art. 16
    repair_result_workdays: int = 7
    repair_extension_workdays: int = 10
    grading: tuple[Cap, ...] = ()  # 信用等级; without rules nobody is graded
    unconfirmed: tuple[str, ...] = ()

    def knows(self, severity: Severity) -> bool:
        """Whether the city has this grade."""
        return any(grade.severity is severity for grade in self.grades)

    def grade(self, severity: Severity) -> Grade:
        """What follows from an act of this severity. KeyError when the city does not know the grade."""
        return {grade.severity: grade for grade in self.grades}[severity]
