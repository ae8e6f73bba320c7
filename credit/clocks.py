"""The clocks of a record: ban on benefits, publication, sharing. Plain Python.

One question is asked, whether a clock holds on a day, and it is answered from what happened up to that day. Nothing is
counted by ticks: whoever knows rule and events comes to the same days, however late and in whatever order he learns of
them.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum

from msgspec import Struct


class Kind(StrEnum):
    """What a clock measures. Each has a legal basis, a beginning and an end of its own."""

    BAN = "ban"  # no housing benefits
    PUBLICATION = "publication"  # anybody can read of it
    SHARING = "sharing"  # other departments are told


class Event(StrEnum):
    """What moves a clock."""

    RECORDED = "recorded"  # entered in the credit archive
    HOME_RETURNED = "home_returned"
    CORRECTED = "corrected"  # every duty of the decision is met
    REPAIRED = "repaired"  # 信用修复
    DECEIVED = "deceived"  # repair was sought with false papers
    SUSPENDED = "suspended"  # by order of who reviews the decision, or of a court
    RESUMED = "resumed"
    WITHDRAWN = "withdrawn"  # the decision is set aside


class Reason(StrEnum):
    """Why a clock does not hold on a day."""

    NOT_RECORDED = "not_recorded"
    NOT_BEGUN = "not_begun"  # waits for the event that it begins with
    WITHDRAWN = "withdrawn"
    SUSPENDED = "suspended"
    REPAIRED = "repaired"
    CORRECTED = "corrected"
    OVER = "over"  # its term has run out


class Happened(Struct, frozen=True, order=True):
    """An event and its legal date."""

    on: date
    event: Event


class Term(Struct, frozen=True, forbid_unknown_fields=True):
    """A length in years and months."""

    years: int = 0
    months: int = 0

    def after(self, start: date) -> date:
        """The first day that a term begun on `start` does not cover: the same day so much later; where that month has
        no such day, the first of the next, so that no day is lost.
        """
        count = start.year * 12 + start.month - 1 + self.in_months
        try:
            return start.replace(year=count // 12, month=count % 12 + 1)
        except ValueError:
            return date((count + 1) // 12, (count + 1) % 12 + 1, 1)

    @property
    def in_months(self) -> int:
        """The whole length in months."""
        return self.years * 12 + self.months

    def __bool__(self) -> bool:
        return bool(self.in_months)


class Rule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long a clock holds, by which article."""

    kind: Kind
    basis: str
    term: Term  # the longest it may be
    begins_with: Event = Event.RECORDED
    holds_meanwhile: bool = False  # from the record on, while the event that it begins with is still to come
    ended_by: tuple[Event, ...] = ()  # REPAIRED, CORRECTED; what is withdrawn ends always
    at_least: Term = Term()  # so much of the term passes whatever ends it
    after_deceit: Term = Term()  # anew from the day on which false papers were found, and no repair meanwhile
    stops_by_order: bool = False

    @property
    def is_ban(self) -> bool:
        """Whether it is the ban on benefits."""
        return self.kind is Kind.BAN


class Span(Struct, frozen=True):
    """Days on which a clock holds: from a day up to, not with, `until`; without an end while that is unknown."""

    begins: date
    until: date | None
    because: Reason | None  # of its end


class Clock(Struct, frozen=True):
    """A rule and what happened."""

    rule: Rule
    happened: tuple[Happened, ...]

    def why_not(self, day: date) -> Reason | None:
        """Why it does not hold on the day, or None when it does. What happens later changes nothing of it."""
        recorded = self._first(Event.RECORDED, day)
        if recorded is None:
            return Reason.NOT_RECORDED
        if self._first(Event.WITHDRAWN, day):
            return Reason.WITHDRAWN
        start = self._first(self.rule.begins_with, day)
        if start is None:
            return self._stopped(day) if self.rule.holds_meanwhile else Reason.NOT_BEGUN
        if over := self._over(start, day):
            return over
        return self._stopped(day)

    def holds(self, day: date) -> bool:
        """Whether it holds on the day."""
        return self.why_not(day) is None

    def spans(self) -> tuple[Span, ...]:
        """All days on which it holds, by what is known."""
        return tuple(self._spans())

    @property
    def ends_on(self) -> date | None:
        """The first day on which it holds no more, for good; None while that is unknown, or when it never held."""
        spans = self.spans()
        return spans[-1].until if spans else None

    def _spans(self) -> Iterator[Span]:
        turns = [(day, self.why_not(day)) for day in sorted(self._days())]
        begins: date | None = None
        for day, reason in turns:
            if reason is None:
                begins = begins or day
            elif begins is not None:
                yield Span(begins, day, reason)
                begins = None
        if begins is not None:
            yield Span(begins, None, None)

    def _days(self) -> set[date]:
        """The days on which the answer can change."""
        days = {each.on for each in self.happened}
        for each in self.happened:
            if each.event is self.rule.begins_with:
                days |= {self.rule.term.after(each.on), self.rule.at_least.after(each.on)}
            if each.event is Event.DECEIVED:
                days.add(self.rule.after_deceit.after(each.on))
        return days

    def _first(self, event: Event, until: date) -> date | None:
        return min((each.on for each in self.happened if each.event is event and each.on <= until), default=None)

    def _all(self, event: Event, until: date) -> list[date]:
        return sorted(each.on for each in self.happened if each.event is event and each.on <= until)

    def _over(self, start: date, day: date) -> Reason | None:
        """Whether the term has run out, or something has ended it before."""
        deceits = self._all(Event.DECEIVED, day)
        if any(day < self.rule.after_deceit.after(deceit) for deceit in deceits):
            return None
        if day >= self.rule.at_least.after(start):
            for event in self.rule.ended_by:
                false = deceits if event is Event.REPAIRED else ()
                if any(not self._is_void(on, false) for on in self._all(event, day)):
                    return Reason(event.value)
        return Reason.OVER if day >= self.rule.term.after(start) else None

    def _is_void(self, repaired: date, deceits: Sequence[date]) -> bool:
        """False papers take away the repair that they brought, and bar another for as long as they count."""
        return any(repaired <= deceit or repaired < self.rule.after_deceit.after(deceit) for deceit in deceits)

    def _stopped(self, day: date) -> Reason | None:
        """By order, until the order is lifted; on a day of both it is lifted."""
        if not self.rule.stops_by_order:
            return None
        stops, goes_on = self._all(Event.SUSPENDED, day), self._all(Event.RESUMED, day)
        return Reason.SUSPENDED if stops and (not goes_on or goes_on[-1] < stops[-1]) else None


def run(rules: Iterable[Rule], happened: Iterable[Happened]) -> tuple[Clock, ...]:
    """The clocks of a record."""
    events = tuple(sorted(set(happened)))
    return tuple(Clock(rule, events) for rule in rules)
