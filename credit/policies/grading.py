"""The grade of a subject on a day, from what persons have decided about it and the rules of the day. Plain Python.

There are no points. Each rule that meets the facts holds the grade down to its letter and says why and, where that is
known, until when; the worst letter is the grade.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from msgspec import Struct

from credit.policies.schema import Cap, Letter, Severity, When


class Measure(Struct, frozen=True):
    """A ban, publication or sharing: from a day up to, not with, `ends_on`; without an end while that is unknown."""

    case: str  # number; empty for a ban that was entered by hand
    severity: Severity
    begins: date
    ends_on: date | None
    disputed: bool = False

    def holds(self, day: date) -> bool:
        """Whether it holds on the day."""
        return self.begins <= day and (self.ends_on is None or day < self.ends_on)


class Deed(Struct, frozen=True, kw_only=True):
    """An act of the subject that a panel has found, with the days on which what followed came true. A day that is still
    ahead has not come true.
    """

    case: str
    severity: Severity
    found_on: date
    cured_on: date | None = None
    recorded_on: date | None = None
    withdrawn_on: date | None = None


class History(Struct, frozen=True):
    """What the registry has of a subject. Measures may come from the acts of others of the household."""

    measures: tuple[Measure, ...] = ()
    deeds: tuple[Deed, ...] = ()


class Reason(Struct, frozen=True):
    """A rule that holds the grade down: by which cases, from how many, until when as far as that is known."""

    cap: Cap
    cases: tuple[str, ...]
    since: date | None = None  # when the newest of what it looks at came true
    until: date | None = None  # the first day on which the rule meets no more


class CreditGrade(Struct, frozen=True):
    """The grade with all that holds it down, the worst first. None: the policy of the day has no rules for it.

    `left_out`: cases that do not count while they are disputed.
    """

    letter: Letter | None
    reasons: tuple[Reason, ...] = ()
    left_out: tuple[str, ...] = ()
    known: bool = False  # whether the registry has anything of the subject that counts or has counted


def graded(history: History, caps: Sequence[Cap], *, on: date) -> CreditGrade:
    """The grade on the day."""
    if not caps:
        return CreditGrade(letter=None)
    disputed = {each.case for each in history.measures if each.disputed and each.case}
    deeds = [deed for deed in history.deeds if _stands(deed, on) and deed.case not in disputed]
    measures = [each for each in history.measures if each.begins <= on and each.case not in disputed]
    reasons = [reason for cap in caps for reason in _met(cap, measures, deeds, on)]
    reasons.sort(key=lambda reason: reason.cap.letter, reverse=True)
    return CreditGrade(
        letter=reasons[0].cap.letter if reasons else Letter.A,
        reasons=tuple(reasons),
        left_out=tuple(sorted(disputed)),
        known=bool(history.measures or history.deeds),
    )


def _stands(deed: Deed, on: date) -> bool:
    """Whether the finding has been made by the day and was not set aside."""
    return deed.found_on <= on and not _by(deed.withdrawn_on, on)


def _met(cap: Cap, measures: Sequence[Measure], deeds: Sequence[Deed], on: date) -> Iterator[Reason]:
    """The rule as a reason, if it meets the facts of the day."""
    wanted = cap.severities or tuple(Severity)
    measures = [each for each in measures if each.severity in wanted]
    deeds = [deed for deed in deeds if deed.severity in wanted]
    if cap.when is When.RUNNING:
        yield from _running(cap, measures, on)
    elif cap.when is When.FOUND:
        open_ = [deed for deed in deeds if not _by(deed.recorded_on, on) and not _by(deed.cured_on, on)]
        if open_:
            yield Reason(cap, _numbers(open_), since=max(deed.found_on for deed in open_))
    elif cap.when is When.RECORDED:
        yield from _counted(cap, [(deed.recorded_on, deed.case) for deed in deeds], on)
    elif cap.when is When.CURED:
        yield from _counted(cap, [(deed.cured_on, deed.case) for deed in deeds], on)
    else:
        own = {deed.case for deed in deeds}
        yield from _released(cap, [each for each in measures if not each.case or each.case in own], on)


def _running(cap: Cap, measures: Sequence[Measure], on: date) -> Iterator[Reason]:
    holding = [each for each in measures if each.holds(on)]
    if holding:
        ends = [each.ends_on for each in holding]
        until = None if None in ends else max(filter(None, ends))
        yield Reason(cap, _numbers(holding), since=max(each.begins for each in holding), until=until)


def _counted(cap: Cap, days: Iterable[tuple[date | None, str]], on: date) -> Iterator[Reason]:
    """So many within the time. Each counts until its time is over; what is left is too few when the last that is needed
    leaves.
    """
    inside = [(day, case) for day, case in days if day and day <= on < cap.within.after(day)]
    if len(inside) >= cap.at_least:
        inside.sort(reverse=True)
        needed = inside[cap.at_least - 1][0]
        cases = {case for _day, case in inside if case}
        yield Reason(cap, tuple(sorted(cases)), since=inside[0][0], until=cap.within.after(needed))


def _released(cap: Cap, measures: Sequence[Measure], on: date) -> Iterator[Reason]:
    """The time that has to pass after the last measure against the subject's own acts has ended."""
    if any(each.holds(on) for each in measures):
        return
    over = [(each.ends_on, each.case) for each in measures if each.ends_on and each.ends_on > each.begins]
    last = max((day for day, _case in over), default=None)
    if last and last <= on < cap.within.after(last):
        cases = {case for day, case in over if day == last}
        yield Reason(cap, tuple(sorted(filter(None, cases))), since=last, until=cap.within.after(last))


def _by(day: date | None, on: date) -> bool:
    return day is not None and day <= on


def _numbers(rows: Iterable[Measure | Deed]) -> tuple[str, ...]:
    return tuple(sorted({row.case for row in rows if row.case}))
