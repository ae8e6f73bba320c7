"""What every address of the departments' door begins with: the request as sent, its signature, what it may ask.

These are thin views: DRF describes them for the OpenAPI document, and none of its machinery runs. A request that is
refused is written down, with why; nothing else is.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import msgspec
from django.http import HttpRequest, HttpResponse
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.parsers import JSONParser
from rest_framework.views import APIView

from bureau.api_sign_in import FailedSignIns
from credit import callers, query_log, signing
from credit.callers import ChangedError, Found
from credit.models import Endpoint
from credit.query_log import Call
from credit.refusals import CallRefusedError
from credit.signing import Message

LARGEST = 10 * 1024 * 1024
JSON = "application/json"
Find = Callable[[str], Found | None]  # by key id


class PartnerSignature(BaseAuthentication):
    """Names the scheme for the OpenAPI document; `PartnerDoor.dispatch` checks it."""

    def authenticate(self, request: Any) -> None:
        """Nobody signs in here."""


class PartnerSignatureScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The four headers, as OpenAPI writes them."""

    target_class = "credit.api.door.PartnerSignature"
    name: Any = ["creditKey", "creditTime", "creditNonce", "creditSignature"]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, str]]:
        """Docs/partner-api.md says how they are made."""
        names = (signing.KEY_HEADER, signing.TIME_HEADER, signing.NONCE_HEADER, signing.SIGNATURE_HEADER)
        return [{"type": "apiKey", "in": "header", "name": name} for name in names]


class FailedCalls(FailedSignIns):
    """How many requests that nobody has signed are written down for one address in a minute."""

    def get_cache_key(self, request: Any, view: Any = None) -> str:
        """Apart from those who sign in."""
        return f"failed-calls-{request.META.get('REMOTE_ADDR', '')}"


class PartnerDoor(APIView):
    """A signed request, answered as JSON in one shape, or refused in another."""

    authentication_classes = (PartnerSignature,)
    permission_classes = ()
    parser_classes = (JSONParser,)  # as the document shows it; `dispatch` reads for itself
    endpoint: ClassVar[Endpoint]
    looks_at_caller = False  # whether the statement that answers asks anew whether the caller may be answered

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Check, answer, and write down either way."""
        if self.looks_at_caller:
            try:
                return self._answer(request, self._call(request), callers.remembered)
            except (CallRefusedError, ChangedError):
                pass  # by the long way, which finds out why and writes it down
        try:
            return self._answer_or_refuse(request)
        except ChangedError:  # between being found and being answered: as it stands now
            return self._answer_or_refuse(request)

    def _answer_or_refuse(self, request: HttpRequest) -> HttpResponse:
        call = self._call(request)
        try:
            return self._answer(request, call, callers.find)
        except CallRefusedError as refusal:
            return self._refuse(request, call, refusal)

    def _answer(self, request: HttpRequest, call: Call, find: Find) -> HttpResponse:
        body = self._enter(request, call, find)
        if request.method not in self.allowed_methods:
            raise CallRefusedError("method_not_allowed")
        return _json(getattr(self, str(request.method).lower())(request, call, body))

    def _call(self, request: HttpRequest) -> Call:
        return Call(endpoint=self.endpoint, request_number=request.META.get("REQUEST_NUMBER", ""))

    @property
    def allowed_methods(self) -> list[str]:
        """GET or POST, whichever is there."""
        return [name for name in ("GET", "POST") if hasattr(self, name.lower())]

    def _enter(self, request: HttpRequest, call: Call, find: Find) -> bytes:
        """The body of a request that a live key has signed. `call` learns who that is."""
        signature = signing.read(request.headers)
        call.claimed = signature.key_id if signature else ""
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
            raise CallRefusedError("body_too_large")
        if signature is None:
            raise CallRefusedError("not_signed")
        if request.method == "POST" and request.content_type != JSON:
            raise CallRefusedError("unsupported_media_type")
        call.found = find(signature.key_id)
        if call.found is None:
            raise CallRefusedError("unknown_key")
        query = request.META.get("QUERY_STRING", "")
        message = Message(str(request.method), request.path, query, request.body)
        callers.check(call.found, signature, message)
        call.nonce = signature.nonce
        return message.body

    def _refuse(self, request: HttpRequest, call: Call, refusal: CallRefusedError) -> HttpResponse:
        if call.found is None:
            failed = FailedCalls()
            if failed.are_too_many(request):
                return problem(CallRefusedError("too_many_failures"))
            failed.note(request)
        code = query_log.refused(call, refusal.code)
        return problem(refusal if code == refusal.code else CallRefusedError(code))


def read_json(body: bytes) -> Mapping[str, Any]:
    """The object in the body; `CallRefusedError` when it is none."""
    try:
        content = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise CallRefusedError("parse_error") from None
    if not isinstance(content, dict):
        raise CallRefusedError("parse_error")
    return content


def problem(refusal: CallRefusedError) -> HttpResponse:
    """A refusal in the one shape of all errors."""
    content = {"code": refusal.code, "message": str(refusal), "fields": refusal.fields}
    response = _json(content, refusal.status)
    if refusal.status == 401:
        response["WWW-Authenticate"] = "HMAC-SM3"
    if refusal.status == 429:
        response["Retry-After"] = "60"
    return response


def _json(content: Any, status: int = 200) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(content), status=status, content_type=JSON)
