"""Reading a policy from JSON, with every fault told by its field; the samples shipped."""

from collections.abc import Iterator
from functools import cache
from gettext import gettext as _  # marks the msgids; Django's catalogue translates them where they are shown
from pathlib import Path

from bureau import dated_policy
from bureau.dated_policy import Problem
from credit.clocks import Event, Kind, Rule
from credit.policies.schema import Cap, Grade, Letter, Policy, When

SAMPLES = Path(__file__).parent.parent / "sample_policies"
ENDS = {Event.REPAIRED, Event.CORRECTED}
BEGINNINGS = {Event.RECORDED, Event.HOME_RETURNED}
LIMITS = (
    "defence_workdays",
    "cure_days",
    "deemed_served_days",
    "objection_workdays",
    "repair_acceptance_workdays",
    "repair_result_workdays",
    "repair_extension_workdays",
)
FEWEST_MEMBERS = 3
LOOKS_BACK = {When.RECORDED, When.RELEASED, When.CURED}
COUNTS = {When.RECORDED, When.CURED}


def read_policy(content: bytes) -> Policy:
    """Read a policy from JSON. Raises `PolicyError` with every problem that can be told at once."""
    return dated_policy.read(content, Policy, _problems)


@cache
def sample_policies() -> tuple[Policy, ...]:
    """The policies shipped: Taizhou 2017, and Lianyungang 2019 as a city with two grades."""
    return tuple(read_policy(path.read_bytes()) for path in sorted(SAMPLES.glob("*.json")))


def _problems(policy: Policy) -> Iterator[Problem]:
    yield from dated_policy.plain_faults(policy)
    for field in LIMITS:
        if getattr(policy, field) < 1:
            yield Problem(field, "positive", _("Enter 1 or more."))
    if policy.panel_members < FEWEST_MEMBERS:
        yield Problem("panel_members", "panel", _("Enter %(count)s or more members."), {"count": FEWEST_MEMBERS})
    yield from _grades(policy.grades)
    if len({grade.severity for grade in policy.grades}) == len(policy.grades) > 0:  # else all of it would be amiss
        yield from _grading(policy)


def _grades(grades: tuple[Grade, ...]) -> Iterator[Problem]:
    if not grades:
        yield Problem("grades", "empty", _("Enter at least one grade."))
    severities = [grade.severity for grade in grades]
    for number, grade in enumerate(grades):
        place = f"grades[{number}]"
        if severities.count(grade.severity) > 1:
            yield Problem(f"{place}.severity", "twice", _("Name each severity once."))
        for side in ("person", "employer"):
            rules: tuple[Rule, ...] = getattr(grade, side)
            kinds = [rule.kind for rule in rules]
            for at, rule in enumerate(rules):
                if kinds.count(rule.kind) > 1:
                    yield Problem(f"{place}.{side}[{at}].kind", "clock", _("Enter one rule for each clock."))
                yield from _rule(f"{place}.{side}[{at}]", rule)


def _rule(place: str, rule: Rule) -> Iterator[Problem]:
    if not rule.basis.strip():
        yield Problem(f"{place}.basis", "basis", _("Name the article that this follows from."))
    lengths = (rule.term, rule.at_least, rule.after_deceit)
    if not rule.term or any(length.years < 0 or length.months < 0 for length in lengths):
        yield Problem(f"{place}.term", "term", _("Enter a term of at least one month."))
    elif rule.at_least.in_months > rule.term.in_months:
        yield Problem(f"{place}.at_least", "least", _("Enter no more than the whole term."))
    if rule.begins_with not in BEGINNINGS:
        yield Problem(f"{place}.begins_with", "begin", _("Use recorded or home_returned."))
    if not ENDS.issuperset(rule.ended_by):
        yield Problem(f"{place}.ended_by", "end", _("Use repaired or corrected."))
    if rule.kind is Kind.BAN and rule.after_deceit:
        yield Problem(f"{place}.after_deceit", "deceit", _("False papers lengthen publication or sharing, not a ban."))


def _grading(policy: Policy) -> Iterator[Problem]:
    for number, cap in enumerate(policy.grading):
        place = f"grading[{number}]"
        if cap in policy.grading[:number]:
            yield Problem(place, "twice", _("Name each rule once."))
        yield from _cap(place, cap, policy)
    free = [
        grade.severity.value
        for grade in policy.grades
        if not any(cap.when is When.RUNNING and _covers(cap, grade) for cap in policy.grading)
    ]
    if policy.grading and free:
        told = _("Enter a rule for measures that run, of each severity: %(severities)s is missing.")
        yield Problem("grading", "running", told, {"severities": ", ".join(free)})


def _covers(cap: Cap, grade: Grade) -> bool:
    return not cap.severities or grade.severity in cap.severities


def _cap(place: str, cap: Cap, policy: Policy) -> Iterator[Problem]:
    if cap.letter is Letter.A:
        yield Problem(f"{place}.letter", "letter", _("Use B, C or D; A is for those whom no rule meets."))
    if not all(map(policy.knows, cap.severities)):
        yield Problem(f"{place}.severities", "severity", _("Name severities that the policy knows."))
    if cap.at_least < 1:
        yield Problem(f"{place}.at_least", "positive", _("Enter 1 or more."))
    elif cap.at_least > 1 and cap.when not in COUNTS:
        yield Problem(f"{place}.at_least", "count", _("Only acts recorded or corrected in time are counted."))
    if cap.within.years < 0 or cap.within.months < 0 or bool(cap.within) != (cap.when in LOOKS_BACK):
        told = _("Say how far back recorded, released and cured look, and nothing for running and found.")
        yield Problem(f"{place}.within", "within", told)
    if not cap.basis.strip():
        yield Problem(f"{place}.basis", "basis", _("Name the article that this follows from."))
