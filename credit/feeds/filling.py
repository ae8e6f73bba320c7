"""The values of a record in a receiver's columns, or why it cannot go there."""

from datetime import date

from msgspec import Struct

from credit.feeds.framing import clean
from credit.feeds.mapping import DATES, Column, Mapping, Source


class SharedRecord(Struct, frozen=True, kw_only=True):
    """A record as other departments may know it."""

    record_key: str
    case_number: str
    subject_kind: str
    subject_name: str
    identifier: str
    act_code: str
    act_name: str
    severity: str
    basis: str
    recorded_on: date
    holds_from: date
    holds_until: date | None
    ended_on: date | None = None
    end_reason: str = ""
    disputed: bool = False
    prior_notice_on: date | None = None
    finder: str = ""
    finder_code: str = ""


class Unfit(Struct, frozen=True):
    """Why a record is held back: a code, and the column that it is about."""

    code: str  # no_prior_notice, missing, too_long, no_code
    column: str = ""


def fill(mapping: Mapping, record: SharedRecord, *, today: date) -> dict[str, str] | Unfit:
    """The record's values by column, or the first reason why it is held back."""
    if mapping.needs_prior_notice and (record.prior_notice_on is None or record.prior_notice_on > today):
        return Unfit("no_prior_notice")
    values = {}
    for column in mapping.columns:
        value = _value(column, record)
        if value is None:
            return Unfit("no_code", column.header)
        if column.required and not value.strip():
            return Unfit("missing", column.header)
        if len(value) > column.longest:
            return Unfit("too_long", column.header)
        values[column.header] = value
    return values


def _value(column: Column, record: SharedRecord) -> str | None:
    """None where the code table does not know the word."""
    if column.source is Source.TEXT:
        return clean(column.text)
    if column.source in DATES:
        day: date | None = getattr(record, column.source.value)
        return _date(column.date, day) if day else ""
    if column.source is Source.DISPUTED:
        text = "yes" if record.disputed else "no"
    else:
        text = getattr(record, column.source.value)
    if text and column.codes:
        return column.codes.get(text)
    return clean(text)


def _date(pattern: str, day: date) -> str:
    return pattern.replace("YYYY", f"{day.year:04d}").replace("MM", f"{day.month:02d}").replace("DD", f"{day.day:02d}")
