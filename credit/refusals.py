"""Why a department's request is refused: each reason has its code for programs, its status and its words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from msgspec import Struct

from bureau.errors import CaseError


class Why(Struct, frozen=True):
    """The status and the words of a refusal."""

    status: int
    text: Any


REFUSALS: Mapping[str, Why] = {
    "not_signed": Why(401, _("The request is not signed: one of the four headers is missing or malformed.")),
    "unknown_key": Why(401, _("There is no such key.")),
    "revoked_key": Why(401, _("This key has been revoked.")),
    "expired_key": Why(401, _("This key is no longer valid.")),
    "stale_time": Why(401, _("The time of the request is more than five minutes off.")),
    "bad_signature": Why(401, _("The signature is wrong.")),
    "replayed_nonce": Why(401, _("A request with this nonce has been made before.")),
    "partner_closed": Why(403, _("This department is not served at present.")),
    "endpoint_not_granted": Why(403, _("This endpoint has not been granted for this purpose.")),
    "purpose_not_granted": Why(403, _("This purpose has not been granted.")),
    "quota_used_up": Why(429, _("The quota is used up. Ask again later.")),
    "too_many_failures": Why(429, _("Too many failed requests. Ask again later.")),
    "body_too_large": Why(413, _("The request is too large.")),
    "method_not_allowed": Why(405, _("This method is not known here.")),
    "unsupported_media_type": Why(415, _("Send JSON.")),
    "parse_error": Why(400, _("This is not JSON, or nested too deeply.")),
    "invalid": Why(422, _("Correct the fields named here and send it again.")),
    "bad_identifier": Why(422, _("This is no ID number or credit code.")),
    "too_many_subjects": Why(422, _("Ask about at most 500 subjects in one request.")),
    "wrong_state": Why(422, _("Say “applied” of a record that stands and “lifted” of one that has ended.")),
    "unknown_record": Why(404, _("There is no such record, or you were not told of it.")),
}


class CallRefusedError(CaseError):
    """A request of a department that is not answered. Nothing is written but the query log."""

    def __init__(self, code: str, fields: Mapping[str, list[str]] | None = None) -> None:
        super().__init__(REFUSALS[code].text)
        self.code = code
        self.fields = fields or {}

    @property
    def status(self) -> int:
        """Of HTTP."""
        return REFUSALS[self.code].status
