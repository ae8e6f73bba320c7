"""The shapes of events and acknowledgements, as the OpenAPI document shows them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers

from credit.api.shapes import BASIS, PERSON, SubjectIn
from credit.models import Acknowledgement, RegistryEvent

RECORD = "SX2026-000001-12"


class EventOut(serializers.Serializer[Any]):
    """Something that came about with a record that is shared."""

    cursor = serializers.IntegerField(help_text=_("Its place in the stream."))
    what = serializers.ChoiceField(RegistryEvent.What.choices)
    record = serializers.CharField(help_text=_("Key of the record; the same in all its events."))
    subject = SubjectIn()
    on = serializers.DateField(help_text=_("The day from which it counts, whenever it became known."))
    holds_from = serializers.DateField()
    until = serializers.DateField(allow_null=True)
    basis = serializers.CharField()
    disputed = serializers.BooleanField()


class EventsOut(serializers.Serializer[Any]):
    """A stretch of the stream."""

    events = EventOut(many=True)
    cursor = serializers.IntegerField(help_text=_("Read on after this one."))
    more = serializers.BooleanField(help_text=_("Whether there may be more already."))


class AcknowledgementIn(serializers.Serializer[Any]):
    """What a department made of an event."""

    record = serializers.CharField()
    cursor = serializers.IntegerField(min_value=0)
    state = serializers.ChoiceField(Acknowledgement.State.choices)


class AcknowledgementOut(AcknowledgementIn):
    """An acknowledgement as it is kept."""

    at = serializers.DateTimeField()


AN_EVENT = {
    "cursor": 41,
    "what": "recorded",
    "record": RECORD,
    "subject": {"id_number": PERSON},
    "on": "2026-11-29",
    "holds_from": "2026-11-29",
    "until": "2029-11-29",
    "basis": BASIS,
    "disputed": False,
}
SAID = {"record": RECORD, "cursor": 41, "state": "applied"}
EVENTS = OpenApiExample(
    "one event", {"events": [AN_EVENT], "cursor": 41, "more": False}, response_only=True, status_codes=["200"]
)
AN_ACKNOWLEDGEMENT = OpenApiExample("applied", SAID, request_only=True)
TAKEN = OpenApiExample(
    "taken", SAID | {"at": "2026-11-29T10:15:30.000000+08:00"}, response_only=True, status_codes=["200"]
)
