"""What came about in the registry, and what a department made of it."""

from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema

from credit import following
from credit.api.door import PartnerDoor, read_json
from credit.api.event_shapes import (
    AN_ACKNOWLEDGEMENT,
    EVENTS,
    TAKEN,
    AcknowledgementIn,
    AcknowledgementOut,
    EventsOut,
)
from credit.api.shapes import refusals
from credit.models import Acknowledgement, Endpoint
from credit.query_log import Call
from credit.refusals import CallRefusedError

MOST = 500
USUAL = 100
HIGHEST = 2**63 - 1
PARAMETERS = {"after": (0, HIGHEST, 0), "limit": (1, MOST, USUAL)}


class EventsDoor(PartnerDoor):
    """The stream."""

    endpoint = Endpoint.EVENTS

    @extend_schema(
        operation_id="credit_events",
        tags=["credit"],
        summary=gettext_lazy("What was recorded, changed, lifted or withdrawn after an event"),
        parameters=[
            OpenApiParameter(
                "after",
                {"type": "integer", "minimum": 0, "maximum": HIGHEST, "default": 0},
                description=gettext_lazy("The cursor up to which you have read; 0 from the beginning."),
            ),
            OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}),
        ],
        responses={200: EventsOut, **refusals("invalid")},
        examples=[EVENTS],
    )
    def get(self, request: HttpRequest, call: Call, _body: bytes) -> Any:
        """Events of records that are shared, the oldest first. Read on from `cursor` until `more` is false."""
        asked = _numbers(request.GET)
        events = following.read(call, **asked)
        cursor = events[-1].cursor if events else asked["after"]
        return {"events": events, "cursor": cursor, "more": len(events) == asked["limit"]}


class AcknowledgementsDoor(PartnerDoor):
    """What became of it there."""

    endpoint = Endpoint.ACKNOWLEDGEMENTS

    @extend_schema(
        operation_id="credit_acknowledge",
        tags=["credit"],
        summary=gettext_lazy("Say that you apply a record, or have lifted what you applied"),
        request=AcknowledgementIn,
        responses={
            200: AcknowledgementOut,
            **refusals("wrong_state", "invalid", "unknown_record", "unsupported_media_type", "parse_error"),
        },
        examples=[AN_ACKNOWLEDGEMENT, TAKEN],
    )
    def post(self, _request: HttpRequest, call: Call, body: bytes) -> Any:
        """By the key of the record and the cursor of the event that you acted on. Said again, it changes nothing."""
        content = read_json(body)
        unknown = set(content) - {"record", "cursor", "state"}
        if unknown:
            raise CallRefusedError("invalid", {name: [_("There is no such field.")] for name in sorted(unknown)})
        record, cursor, state = (content.get(name) for name in ("record", "cursor", "state"))
        if not isinstance(record, str) or not record or "\0" in record:
            raise CallRefusedError("invalid", {"record": [_("Name the record by its key.")]})
        if type(cursor) is not int or not 0 <= cursor <= HIGHEST:
            raise CallRefusedError("invalid", {"cursor": [_("Name the event by its cursor, a whole number.")]})
        if state not in Acknowledgement.State.values:
            raise CallRefusedError("invalid", {"state": [_("Say “applied” or “lifted”.")]})
        made = following.acknowledge(call, record=record, cursor=cursor, state=state)
        return {"record": made.record, "cursor": made.event_id, "state": made.state, "at": made.at}


def _numbers(query: QueryDict) -> dict[str, int]:
    unknown = set(query) - set(PARAMETERS)
    if unknown:
        raise CallRefusedError("invalid", {name: [_("There is no such parameter.")] for name in sorted(unknown)})
    found = {}
    for name, (least, most, usual) in PARAMETERS.items():
        text = query.get(name, str(usual))
        if not (text.isascii() and text.isdigit() and len(text) <= 19 and least <= int(text) <= most):
            words = _("Enter a whole number from %(least)s to %(most)s.") % {"least": least, "most": most}
            raise CallRefusedError("invalid", {name: [words]})
        found[name] = int(text)
    return found
