"""The shapes of the departments' door, as the OpenAPI document shows them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from rest_framework import serializers

from bureau.api_shapes import ErrorOut
from credit.refusals import REFUSALS

PERSON, EMPLOYER = "321299198306259176", "91321200MA1MTY6R04"
BASIS = "泰州市市区住房保障诚信管理办法（2017）"


class SubjectIn(serializers.Serializer[Any]):
    """A subject, by exactly one of the two."""

    id_number = serializers.CharField(required=False, help_text=_("ID number of a person."))
    credit_code = serializers.CharField(required=False, help_text=_("Unified credit code of an employer."))


class _Asking(serializers.Serializer[Any]):
    purpose = serializers.CharField(help_text=_("Code of a purpose that has been granted to you."))
    on = serializers.DateField(
        required=False, allow_null=True, help_text=_("The day that is asked about, today or earlier. Today by default.")
    )


class StandingIn(_Asking, SubjectIn):
    """Who is asked about, and to what purpose."""


class StandingsIn(_Asking):
    """Who are asked about, and to what purpose."""

    subjects: Any = serializers.ListField(child=SubjectIn(), min_length=1, max_length=500)


class StandingOut(serializers.Serializer[Any]):
    """What is told of a subject."""

    hit = serializers.BooleanField(help_text=_("Whether a record is shared on that day."))
    until = serializers.DateField(
        allow_null=True,
        help_text=_("The first day on which it no longer is; null while that is open or nothing is."),
    )
    basis = serializers.CharField(help_text=_("By which article; empty without a record."))
    disputed = serializers.BooleanField(help_text=_("Whether an objection to the record is being looked into."))


class OneOfManyOut(serializers.Serializer[Any]):
    """The answer about one of many subjects, or the problem with it."""

    answer = StandingOut(required=False)
    problem: Any = type(ErrorOut)(required=False)


class StandingsOut(serializers.Serializer[Any]):
    """The answers, in the order of the subjects."""

    answers = OneOfManyOut(many=True)


def refusals(*codes: str) -> dict[int, OpenApiResponse]:
    """How a request can be refused, as the description shows it: by status, each code with its words."""
    by_status: dict[int, list[str]] = {}
    for code in dict.fromkeys((*codes, *ALWAYS)):
        by_status.setdefault(REFUSALS[code].status, []).append(code)
    return {status: _refusal(alike) for status, alike in sorted(by_status.items())}


ALWAYS = (
    "not_signed",
    "unknown_key",
    "revoked_key",
    "expired_key",
    "stale_time",
    "bad_signature",
    "replayed_nonce",
    "partner_closed",
    "endpoint_not_granted",
    "quota_used_up",
    "method_not_allowed",
    "body_too_large",
)


def _refusal(codes: list[str]) -> OpenApiResponse:
    examples = [
        OpenApiExample(
            code, {"code": code, "message": REFUSALS[code].text, "fields": FIELDS.get(code, {})}, response_only=True
        )
        for code in codes
    ]
    return OpenApiResponse(ErrorOut, _("Refused. Nothing was written but the query log."), examples)


FIELDS: dict[str, dict[str, list[str]]] = {
    "bad_identifier": {"id_number": ["…"]},
    "invalid": {"on": ["…"]},
}
ABOUT_ONE = OpenApiExample("a person", {"purpose": "dibao_review", "id_number": PERSON}, request_only=True)
ABOUT_AN_EMPLOYER = OpenApiExample(
    "an employer on a day",
    {"purpose": "enterprise_credit_rating", "credit_code": EMPLOYER, "on": "2026-11-01"},
    request_only=True,
)
HIT = {"hit": True, "until": "2029-11-29", "basis": BASIS, "disputed": False}
NONE = {"hit": False, "until": None, "basis": "", "disputed": False}
A_HIT = OpenApiExample("hit", HIT, response_only=True, status_codes=["200"])
NOTHING_KNOWN = OpenApiExample("none", NONE, response_only=True, status_codes=["200"])
ABOUT_MANY = OpenApiExample(
    "two persons and an employer",
    {"purpose": "dibao_review", "subjects": [{"id_number": PERSON}, {"id_number": "1"}, {"credit_code": EMPLOYER}]},
    request_only=True,
)
OF_MANY = OpenApiExample(
    "answers",
    {
        "answers": [
            {"answer": HIT},
            {"problem": {"code": "bad_identifier", "message": "…", "fields": {"id_number": ["…"]}}},
            {"answer": NONE},
        ]
    },
    response_only=True,
    status_codes=["200"],
)
