"""What a source said, held against what it was asked: only the persons asked about, each once, each for certain."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache

from msgspec import Struct

from verification.connector import Answer, Reply
from verification.facts import Outcome, Person, Question, RecordKind, ReplyMode
from verification.record_form import has_impossible_date, is_possible_date
from verification.records import Record
from verification.wire.signing import sm3

FOUND, NONE, MISMATCH, NOT_IN_CHARGE, FAILED = 0, 1, 2, 3, 9  # result codes, contract section 2
MOST_RECORDS = 2000  # of one person in one answer
FARTHEST_YEARS = 100  # that a date may lie after the day asked for
OLDEST_ANSWER, CLOCK_ERROR = timedelta(days=31), timedelta(days=1)
OUTCOMES = {
    FOUND: Outcome.FOUND,
    NONE: Outcome.NONE,
    MISMATCH: Outcome.IDENTITY_MISMATCH,
    NOT_IN_CHARGE: Outcome.NOT_IN_CHARGE,
    FAILED: Outcome.UNAVAILABLE,
}


class SaidOfPerson(Struct, frozen=True, kw_only=True):
    """What a source said of one person, readable but not yet believed."""

    person: str
    id_no: str
    result_code: int
    data_date: date | None
    records: tuple[Record, ...]
    operator: str = ""
    remark: str = ""


class Said(Struct, frozen=True):
    """What a source said of one question. A person whose entry could not be read is not in it."""

    reference: str
    persons: tuple[SaidOfPerson, ...]


class Heard(Struct, frozen=True):
    """What a source said in one answer."""

    replied_at: datetime
    said: tuple[Said, ...]


def request_number(source: str, questions: Sequence[Question]) -> str:
    """请求流水号: the same for the same questions to the same source, so that a repetition is known as one."""
    return f"{source}-{sm3('|'.join(question.reference for question in questions).encode())[:32]}"


def match(
    questions: Sequence[Question], said: Iterable[Said], *, replied_at: datetime, mode: ReplyMode
) -> tuple[Answer, ...]:
    """The answers to the questions that were answered, in the order asked; what was said of others is dropped."""
    heard: dict[str, dict[str, list[SaidOfPerson]]] = {}
    for one in said:
        of_persons = heard.setdefault(one.reference, {})
        for entry in one.persons:
            of_persons.setdefault(entry.person, []).append(entry)
    return tuple(
        Answer(
            reference=question.reference,
            replies=tuple(
                _reply(person, question, heard[question.reference].get(person.key, ())) for person in question.persons
            ),
            replied_at=replied_at,
            mode=mode,
        )
        for question in questions
        if question.reference in heard
    )


def is_current(replied_at: datetime, now: datetime) -> bool:
    """Whether an answer can have been made when it says (contract, section 1)."""
    return now - OLDEST_ANSWER <= replied_at <= now + CLOCK_ERROR


def _reply(person: Person, question: Question, heard: Sequence[SaidOfPerson]) -> Reply:
    """The one reply on this person; BROKEN when there is none, when two contradict, or when one cannot be believed."""
    if not heard:
        return _broken(person, "no readable entry for this person")
    entry = heard[0]
    if len(heard) > 1 and any(other != entry for other in heard[1:]):
        return _broken(person, "contradicting entries for this person")
    if reason := why_unbelievable(person, question, entry):
        return _broken(person, reason)
    records, contradict = without_repetitions(entry.records) if entry.records else ((), False)
    if contradict:
        return _broken(person, "contradicting records under one key")
    return Reply(
        person=person.key,
        outcome=OUTCOMES[entry.result_code],
        records=records,
        data_date=entry.data_date,
        operator=entry.operator,
        remark=entry.remark,
    )


def _broken(person: Person, reason: str) -> Reply:
    return Reply(person=person.key, outcome=Outcome.BROKEN, remark=reason)


def why_unbelievable(person: Person, question: Question, entry: SaidOfPerson) -> str:
    """The rule of the contract (sections 1 and 2) that an entry breaks, or "" when it can be believed."""
    numbers, code = id_forms(person.id_number), entry.result_code
    if code != MISMATCH and entry.id_no.upper() not in numbers:
        return "the entry is about another person"
    if code != FOUND and entry.records:
        return "records beside a result that says there are none"
    if code == FOUND and not entry.records:
        return "no records beside a result that says there are some"
    if entry.data_date is None:
        return "the date of the source's data is missing" if OUTCOMES[code].is_answer else ""
    last = farthest(question.as_of)
    if not is_possible_date(entry.data_date, last):
        return "the date of the source's data is impossible"
    return _why_wrong_records(numbers, question.kinds, entry.records, last) if entry.records else ""


def _why_wrong_records(
    numbers: Sequence[str], kinds: Sequence[RecordKind], records: Sequence[Record], last: date
) -> str:
    if len(records) > MOST_RECORDS:
        return f"more than {MOST_RECORDS} records"
    if any(record.kind not in kinds for record in records):
        return "a record of a kind that was not asked for"
    if any(record.record_key.upper() in numbers for record in records):
        return "an ID number stands as the key of a record"
    if any(has_impossible_date(record, last) for record in records):
        return "a date of a record is impossible"
    return ""


@lru_cache(maxsize=8)
def farthest(as_of: date) -> date:
    """The last day that anything in an answer may be dated."""
    return as_of.replace(year=as_of.year + FARTHEST_YEARS, day=min(as_of.day, 28))


def without_repetitions(records: Sequence[Record]) -> tuple[tuple[Record, ...], bool]:
    """The records, each once, as one sent twice must not count twice; and whether two under one key contradict."""
    if len(records) < 2:
        return tuple(records), False
    once: dict[tuple[RecordKind, str], Record] = {}
    contradict = False
    for record in records:
        contradict |= once.setdefault((record.kind, record.record_key), record) != record
    return tuple(once.values()), contradict


def id_forms(id_number: str) -> tuple[str, ...]:
    """An ID number as sources may hold it: with 18 characters, and for those born before 2000 with 15 digits."""
    if len(id_number) == 18 and id_number[6:8] == "19":
        return id_number, id_number[:6] + id_number[8:17]
    return (id_number,)
