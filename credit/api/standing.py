"""How a subject stands: one, or up to 500 at a time."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema

from bureau import workdays
from credit import answering
from credit.answering import FIELDS, Answer, Asked
from credit.api.door import PartnerDoor, read_json
from credit.api.shapes import (
    A_HIT,
    ABOUT_AN_EMPLOYER,
    ABOUT_MANY,
    ABOUT_ONE,
    NOTHING_KNOWN,
    OF_MANY,
    StandingIn,
    StandingOut,
    StandingsIn,
    StandingsOut,
    refusals,
)
from credit.models import Endpoint
from credit.query_log import Call
from credit.refusals import CallRefusedError

KINDS = {name: kind for kind, name in FIELDS.items()}
EARLIEST = date(1900, 1, 1)
ASKING = ("purpose_not_granted", "bad_identifier", "unsupported_media_type", "parse_error")


class StandingDoor(PartnerDoor):
    """One subject."""

    endpoint = Endpoint.STANDING
    looks_at_caller = True

    @extend_schema(
        operation_id="credit_standing",
        tags=["credit"],
        summary=gettext_lazy("How one subject stands"),
        request=StandingIn,
        responses={200: StandingOut, **refusals("invalid", *ASKING)},
        examples=[ABOUT_ONE, ABOUT_AN_EMPLOYER, A_HIT, NOTHING_KNOWN],
    )
    def post(self, _request: HttpRequest, call: Call, body: bytes) -> Any:
        """Hit or none, until when, on which basis, whether it is disputed. Every query is written down."""
        content = read_json(body)
        on = _begin(self.endpoint, content, call, "id_number", "credit_code")
        asked = _subject({name: content[name] for name in KINDS if name in content})
        return answering.answer_one(call, asked, on=on)


class StandingsDoor(PartnerDoor):
    """Many subjects."""

    endpoint = Endpoint.STANDINGS

    @extend_schema(
        operation_id="credit_standings",
        tags=["credit"],
        summary=gettext_lazy("How up to 500 subjects stand"),
        request=StandingsIn,
        responses={200: StandingsOut, **refusals("too_many_subjects", *ASKING)},
        examples=[ABOUT_MANY, OF_MANY],
    )
    def post(self, _request: HttpRequest, call: Call, body: bytes) -> Any:
        """The answers in the order of the subjects; a bad identifier has its problem there and harms no other."""
        content = read_json(body)
        on = _begin(self.endpoint, content, call, "subjects")
        subjects = content.get("subjects")
        if not isinstance(subjects, list) or not subjects:
            raise CallRefusedError("invalid", {"subjects": [_("Name at least one subject.")]})
        if len(subjects) > answering.MOST_SUBJECTS:
            raise CallRefusedError("too_many_subjects")
        asked = [_subject(each, place) for place, each in enumerate(subjects)]
        return {"answers": [_told(each) for each in answering.answer_many(call, asked, on=on)]}


def _begin(endpoint: Endpoint, content: Mapping[str, Any], call: Call, *fields: str) -> date:
    """The day that is asked about, once the purpose is granted and no field is unknown."""
    unknown = set(content) - {"purpose", "on", *fields}
    if unknown:
        raise CallRefusedError("invalid", {name: [_("There is no such field.")] for name in sorted(unknown)})
    purpose = content.get("purpose")
    if not isinstance(purpose, str):
        raise CallRefusedError("invalid", {"purpose": [_("Say to what purpose you ask.")]})
    if call.found:
        call.purpose = call.found.purpose(endpoint, purpose)
    return _day(content["on"]) if content.get("on") is not None else workdays.today()


def _day(text: Any) -> date:
    try:
        day = date.fromisoformat(text) if isinstance(text, str) and len(text) == 10 else None
    except ValueError:
        day = None
    if day is None or not EARLIEST <= day <= workdays.today():
        raise CallRefusedError("invalid", {"on": [_("Enter a day up to today, as 2026-11-29.")]})
    return day


def _subject(given: Any, place: int | None = None) -> Asked:
    """Exactly one of the two identifiers, as text."""
    field = "id_number" if place is None else f"subjects.{place}"
    if isinstance(given, dict) and len(given) == 1:
        name, value = next(iter(given.items()))
        if name in KINDS and isinstance(value, str):
            return Asked(KINDS[name], value)
    raise CallRefusedError("invalid", {field: [_("Name the subject by either its ID number or its credit code.")]})


def _told(answer: Answer | CallRefusedError) -> dict[str, Any]:
    """An answer, or the problem in its place."""
    if isinstance(answer, CallRefusedError):
        return {"problem": {"code": answer.code, "message": str(answer), "fields": answer.fields}}
    return {"answer": answer}
