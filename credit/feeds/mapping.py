"""The mapping template of a receiver (报送模板): which columns, in which words, when and how. Data, never code."""

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from functools import cache
from gettext import gettext as _  # marks the msgids; Django's catalogue translates them where they are shown
from pathlib import Path

from msgspec import Struct

from bureau import dated_policy
from bureau.dated_policy import Problem

SAMPLES = Path(__file__).parent.parent / "sample_feeds"
CODE = re.compile(r"[A-Z0-9]{2,20}\Z")  # parts of a file name
SEPARATORS = ("|", ",", "\t", ";")
DATE_SIGNS = re.compile(r"[YMD年月日./-]*\Z")
LAST_DAY = 28  # of a month: the last one that every month has
MOST_LINES = 50_000
LONGEST_HEADER = 100


class Source(StrEnum):
    """What a column can hold: nothing of a record leaves that is not named here."""

    RECORD_KEY = "record_key"
    CASE_NUMBER = "case_number"
    SUBJECT_KIND = "subject_kind"  # person, employer
    SUBJECT_NAME = "subject_name"
    IDENTIFIER = "identifier"  # ID number or unified credit code
    ACT_CODE = "act_code"
    ACT_NAME = "act_name"
    SEVERITY = "severity"  # general, more_serious, serious
    BASIS = "basis"  # why it is shared, by which article
    RECORDED_ON = "recorded_on"
    HOLDS_FROM = "holds_from"
    HOLDS_UNTIL = "holds_until"  # the first day on which it is shared no more
    ENDED_ON = "ended_on"
    END_REASON = "end_reason"  # lifted, withdrawn
    DISPUTED = "disputed"  # yes, no
    PRIOR_NOTICE_ON = "prior_notice_on"
    FINDER = "finder"  # the office that keeps the case
    FINDER_CODE = "finder_code"
    TEXT = "text"  # always the same words


DATES = {
    Source.RECORDED_ON,
    Source.HOLDS_FROM,
    Source.HOLDS_UNTIL,
    Source.ENDED_ON,
    Source.PRIOR_NOTICE_ON,
}
# The words that such a source can hold: a code table translates all of them.
WORDS = {
    Source.SUBJECT_KIND: ("person", "employer"),
    Source.SEVERITY: ("general", "more_serious", "serious"),
    Source.END_REASON: ("lifted", "withdrawn"),
    Source.DISPUTED: ("yes", "no"),
}


class Encoding(StrEnum):
    """How the characters are written. Both hold every character of GB 18030 and Unicode."""

    UTF_8 = "utf-8"
    GB18030 = "gb18030"


class Every(StrEnum):
    """How often a batch is due."""

    DAY = "day"
    WORKDAY = "workday"
    WEEK = "week"
    MONTH = "month"


class OnEnd(StrEnum):
    """What is told of a record that has run out or was repaired. One that is withdrawn is deleted always."""

    DELETE = "delete"
    CHANGE = "change"  # it stays there with its end


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a mapping: an unknown field is an error, so that a misspelt one is never silently absent."""


class Column(Part, frozen=True, kw_only=True):
    """One column of the file."""

    header: str
    source: Source
    required: bool = False
    longest: int = 200  # characters
    date: str = ""  # YYYYMMDD, YYYY-MM-DD, YYYY年MM月DD日
    codes: dict[str, str] = {}
    text: str = ""


class Schedule(Part, frozen=True, kw_only=True):
    """When a batch is due. `on`: the day of the week, 1 for Monday, or of the month; `at`: the hour of the day."""

    every: Every
    on: int = 1
    at: int = 6


class Actions(Part, frozen=True, kw_only=True):
    """How the receiver writes what becomes of a record."""

    add: str = "add"
    change: str = "change"
    delete: str = "delete"


class Mapping(Part, frozen=True, kw_only=True):
    """The layout of one receiver's files, in force from a day to a day, both included."""

    id: str
    name: str
    city: str
    document: str  # the agreement or regulation that it follows
    effective_from: date
    effective_to: date | None = None
    provider: str  # the code under which the receiver knows us
    kind: str  # of the data
    encoding: Encoding = Encoding.UTF_8
    separator: str = "|"
    schedule: Schedule
    columns: tuple[Column, ...]
    actions: Actions = Actions()
    subjects: tuple[str, ...] = ("person", "employer")
    on_end: OnEnd = OnEnd.DELETE
    needs_prior_notice: bool = False  # 征信业管理条例, art. 15: the person is told before
    most_lines: int = 5_000  # of a batch
    errors: dict[str, str] = {}  # the receiver's error codes, in words

    @property
    def headers(self) -> tuple[str, ...]:
        """The names of the columns, in their order."""
        return tuple(column.header for column in self.columns)


def read_mapping(content: bytes) -> Mapping:
    """Read a mapping from JSON. Raises `PolicyError` with every problem that can be told at once."""
    return dated_policy.read(content, Mapping, _problems)


@cache
def sample_mappings() -> tuple[Mapping, ...]:
    """The mappings shipped: the city credit system and a branch of the central bank."""
    return tuple(read_mapping(path.read_bytes()) for path in sorted(SAMPLES.glob("*.json")))


def _problems(mapping: Mapping) -> Iterator[Problem]:
    yield from dated_policy.plain_faults(mapping)
    for field in ("provider", "kind"):
        if not CODE.match(getattr(mapping, field)):
            yield Problem(field, "code", _("Enter 2 to 20 capital letters and digits; it goes into the file name."))
    if mapping.separator not in SEPARATORS:
        yield Problem("separator", "separator", _("Use one of | , ; or a tabulator."))
    if not 1 <= mapping.most_lines <= MOST_LINES:
        yield Problem("most_lines", "number", _("Enter a number from 1 to %(most)s."), {"most": MOST_LINES})
    if not mapping.subjects or not {"person", "employer"}.issuperset(mapping.subjects):
        yield Problem("subjects", "subjects", _("Name person, employer, or both."))
    words = (mapping.actions.add, mapping.actions.change, mapping.actions.delete)
    if len(set(words)) < len(words) or not all(map(_is_plain, words)):
        yield Problem("actions", "actions", _("Enter three different words."))
    yield from _schedule(mapping.schedule)
    yield from _columns(mapping)


def _schedule(schedule: Schedule) -> Iterator[Problem]:
    last = {Every.WEEK: 7, Every.MONTH: LAST_DAY}.get(schedule.every, LAST_DAY)
    if not 1 <= schedule.on <= last:
        yield Problem("schedule.on", "day", _("Enter a day from 1 to %(last)s."), {"last": last})
    if not 0 <= schedule.at <= 23:  # noqa: PLR2004  # hours of a day
        yield Problem("schedule.at", "hour", _("Enter an hour from 0 to 23."))


def _columns(mapping: Mapping) -> Iterator[Problem]:
    sources = {column.source for column in mapping.columns}
    for wanted in (Source.SUBJECT_NAME, Source.IDENTIFIER):
        if wanted not in sources:
            yield Problem("columns", "missing", _("Add a column for %(source)s."), {"source": wanted.value})
    if mapping.needs_prior_notice and Source.PRIOR_NOTICE_ON not in sources:
        told = _("Add a column for %(source)s.")
        yield Problem("columns", "missing", told, {"source": Source.PRIOR_NOTICE_ON.value})
    if mapping.on_end is OnEnd.CHANGE and Source.ENDED_ON not in sources:
        yield Problem("columns", "missing", _("Add a column for %(source)s."), {"source": Source.ENDED_ON.value})
    headers = mapping.headers
    for number, column in enumerate(mapping.columns):
        place = f"columns[{number}]"
        if headers.count(column.header) > 1:
            yield Problem(f"{place}.header", "twice", _("Name each column once."))
        yield from _column(place, column)


def _column(place: str, column: Column) -> Iterator[Problem]:
    if not _is_plain(column.header):
        yield Problem(f"{place}.header", "empty", _("Enter this field."))
    if len(column.header) > LONGEST_HEADER:
        yield Problem(f"{place}.header", "long", _("Enter at most %(most)s characters."), {"most": LONGEST_HEADER})
    if column.longest < 1:
        yield Problem(f"{place}.longest", "positive", _("Enter 1 or more."))
    if column.source in DATES:
        if not DATE_SIGNS.match(column.date) or [column.date.count(part) for part in ("YYYY", "MM", "DD")] != [1, 1, 1]:
            yield Problem(f"{place}.date", "date", _("Write the date with YYYY, MM and DD, such as YYYY-MM-DD."))
    elif column.date:
        yield Problem(f"{place}.date", "not_a_date", _("Only a date has a pattern."))
    if (column.source is Source.TEXT) != bool(column.text.strip()):
        yield Problem(f"{place}.text", "text", _("A column of source text holds its words, and no other does."))
    if missing := [word for word in WORDS.get(column.source, ()) if word not in column.codes]:
        names = {"missing": ", ".join(missing)}
        yield Problem(f"{place}.codes", "codes", _("Translate these as well: %(missing)s."), names)


def _is_plain(text: str) -> bool:
    return bool(text.strip()) and text.isprintable()
