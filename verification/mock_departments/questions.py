"""What a request asks and an answer says, in the words of section 1 of docs/source-contract.md, in any dialect."""

import re
from datetime import date
from typing import Any

from msgspec import Struct

_NUMBER = re.compile(r"[0-9]{17}[0-9X]")
PURPOSES = {"public_rental", "rental_subsidy", "periodic_review", "rehearsal"}


class BadRequestError(Exception):
    """The request is malformed (400)."""


class RefusedError(Exception):
    """The purpose or the authorisation is not accepted (403)."""


class TooLargeError(Exception):
    """More questions or bytes than the source takes (413)."""


class Asked(Struct, frozen=True):
    """One person asked about."""

    person: str
    person_name: str
    id_type: str
    id_no: str


class Household(Struct, frozen=True):
    """One question."""

    reference: str
    authorisation_no: str
    purpose_code: str
    kinds: tuple[str, ...]
    asof_date: date
    since_date: date
    persons: tuple[Asked, ...]


class Request(Struct, frozen=True):
    """One request of 1 to 200 questions."""

    request_no: str
    questions: tuple[Household, ...]


class PersonAnswer(Struct, omit_defaults=True):
    """What a source says of one person."""

    person: str
    id_no: str
    result_code: int
    source_data_date: date | None = None
    records: list[dict[str, Any]] = []
    remark: str = ""


class HouseholdAnswer(Struct):
    """What a source says of one question."""

    reference: str
    persons: list[PersonAnswer]


def old_form(id_no: str) -> str:
    """The 15-digit form of an 18-character number of somebody born in the 1900s, else the number itself."""
    return id_no[:6] + id_no[8:17] if id_no[6:8] == "19" else id_no


def admit(request: Request) -> None:
    """Check what every dialect checks: sizes, codes, and that each question is fit to be answered."""
    if len(request.questions) > 200:
        raise TooLargeError
    references = {question.reference for question in request.questions}
    if not request.request_no or not references or len(references) < len(request.questions):
        raise BadRequestError("request_no, questions or references")
    for question in request.questions:
        if not question.reference or not 1 <= len(question.persons) <= 20 or not question.kinds:
            raise BadRequestError("reference, persons or kinds")
        if not all(person.id_type == "111" and _NUMBER.fullmatch(person.id_no) for person in question.persons):
            raise BadRequestError("id_type or id_no")
        if not 1990 <= question.asof_date.year <= 2200:
            raise BadRequestError("asof_date")
        if question.purpose_code not in PURPOSES or question.authorisation_no in {"", "VOID"}:
            raise RefusedError
