"""What every address of the programmers' door has in common: the error shape, moves, pages, filters."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.contrib.django_filters import DjangoFilterExtension
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import exceptions, mixins, serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.pagination import PageNumberPagination
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from bureau import audit, moves
from bureau.api_sign_in import StaffBasicAuthentication
from bureau.errors import StaleError
from bureau.locking import lock
from bureau.models import Staff

ErrorOut = inline_serializer(
    "Error",
    {
        "code": serializers.CharField(help_text=gettext_lazy("For programs; it does not change with the language.")),
        "message": serializers.CharField(help_text=gettext_lazy("For people, in the language of the request.")),
        "fields": serializers.DictField(
            child=serializers.ListField(child=serializers.CharField()),
            help_text=gettext_lazy("Per field, what to correct; empty when the request as a whole is refused."),
        ),
    },
)

_FAILURES: dict[int, tuple[Any, str, Any, dict[str, list[str]]]] = {
    401: (
        gettext_lazy("Not signed in."),
        "not_authenticated",
        gettext_lazy("Authentication credentials were not provided."),
        {},
    ),
    403: (
        gettext_lazy("You may see the record, but this is not your work."),
        "not_allowed",
        gettext_lazy("Your posting does not include this work."),
        {},
    ),
    400: (
        gettext_lazy("Something in the request cannot be accepted. Nothing was written."),
        "bad_request",
        gettext_lazy("The request holds a character that no text can hold. Nothing was changed."),
        {},
    ),
    404: (
        gettext_lazy("There is no such record within your offices."),
        "not_found",
        gettext_lazy("There is no such record, or it is outside your offices."),
        {},
    ),
    409: (
        gettext_lazy("Not now: the case has gone on, or something is still missing. Nothing was written."),
        "not_now",
        gettext_lazy("The case has gone on meanwhile."),
        {},
    ),
    422: (
        gettext_lazy("Something in the request cannot be accepted. Nothing was written."),
        "invalid",
        gettext_lazy("Correct the fields named here and send it again."),
        {"opinion": ["…"]},
    ),
}


def failures(*codes: int) -> dict[int, OpenApiResponse]:
    """How a request can fail, as the description of the API shows it."""
    return {code: _failure(code) for code in (400, 401, *codes)}


def choice_or_nothing(model: type[Model], name: str) -> Any:
    """A field of the model that is one of its choices, or empty so far."""
    choices: Any = model._meta.get_field(name)
    return serializers.ChoiceField(choices=choices.choices, read_only=True, allow_blank=True)


def _failure(code: int) -> OpenApiResponse:
    description, word, message, fields = _FAILURES[code]
    example = {"code": word, "message": message, "fields": fields}
    return OpenApiResponse(ErrorOut, description, [OpenApiExample(word, example, response_only=True)])


class MoveOut(serializers.Serializer[Any]):
    """A move that the caller can make now."""

    name = serializers.CharField(read_only=True)
    label: Any = serializers.CharField(read_only=True, help_text=gettext_lazy("As the button on the page reads."))


def moves_open_to(subject: Any, by: Any, table: Iterable[moves.Move]) -> list[dict[str, str]]:
    """The moves that `by` can make on the subject now, as `MoveOut` shows them."""
    return [{"name": move.name, "label": str(move.label)} for move in moves.available(subject, by, table)]


class MomentField(serializers.DateTimeField):
    """A moment; one at the very edge of the calendar, which no time zone can hold, is refused like any other."""

    def to_internal_value(self, value: Any) -> Any:
        """The moment, or `ValidationError`."""
        try:
            return super().to_internal_value(value)
        except OverflowError:
            self.fail("invalid", format="YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]")


class JsonParser(JSONParser):
    """JSON; lists within lists without end are refused instead of followed."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """What was sent, or `ParseError`."""
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise exceptions.ParseError(_("This JSON is nested too deeply.")) from None


class SeenIn(serializers.Serializer[Any]):
    """What a move may say of the state of the case that its maker has seen."""

    status_since = MomentField(
        required=False,
        help_text=gettext_lazy("The case's `status_since` as you last read it: has it changed, the answer is 409."),
    )


class ReasonIn(SeenIn):
    """A written reason."""

    reason = serializers.CharField(max_length=2000)


IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description=gettext_lazy("The `ETag` of the case as you last read it; the same promise as `status_since`."),
)


@contextmanager
def as_seen(subject: Any, request: Request, seen: Any = None) -> Iterator[None]:
    """Hold the row while the move is made; `StaleError` when it is not the one that the caller saw.

    `seen` is the `status_since` of the body; the header If-Match does as well. With neither, nothing is compared.
    """
    known = [moment for moment in (seen, _moment_of(request.headers.get("If-Match", ""))) if moment is not None]
    with transaction.atomic():
        if known:
            lock(subject)
        if any(moment != subject.status_since for moment in known):
            raise StaleError(_("Somebody else changed it after you read it. Read it again; nothing was written."))
        yield


def _moment_of(tag: str) -> Any:
    if tag in {"", "*"}:
        return None
    try:
        moment = parse_datetime(tag.removeprefix("W/").strip('"'))
    except ValueError:  # the shape of a date, and no date
        moment = None
    if moment is None or moment.tzinfo is None:
        raise exceptions.ValidationError({"If-Match": [_("Send the ETag of the case as you last read it.")]})
    return moment


def answer(data: Any, subject: Any, status: int = 200) -> Response:
    """A record with the ETag by which its next change can be told from a stale one."""
    return Response(data, status=status, headers={"ETag": f'"{subject.status_since.isoformat()}"'})


class Pages(PageNumberPagination):
    """50 rows a page; `page_size` up to 200."""

    page_size_query_param = "page_size"
    max_page_size = 200


class StrictFilters(DjangoFilterBackend):
    """Filters by the named fields only. A misspelt one is refused: ignored, it would show more than was asked for."""

    ALWAYS = frozenset({"page", "page_size", "format", "lang"})

    def filter_queryset(self, request: Any, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        """The rows that match; `ValidationError` naming every unknown or malformed filter."""
        filterset_class = self.get_filterset_class(view, queryset)
        known = set(filterset_class.base_filters) if filterset_class else set()
        unknown = set(request.query_params) - known - self.ALWAYS
        if unknown:
            sentence = _("There is no such filter. Known are: %(names)s.") % {"names": ", ".join(sorted(known))}
            raise exceptions.ValidationError({name: [sentence] for name in sorted(unknown)})
        rows: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return rows


class StrictFiltersExtension(DjangoFilterExtension):  # type: ignore[no-untyped-call]
    """Describes `StrictFilters` in the OpenAPI document as what it extends."""

    target_class = "bureau.api_shapes.StrictFilters"


class Door(GenericViewSet[Any]):
    """A family of addresses: who may knock, how lists are filtered and paged."""

    # Basic first: its challenge makes the answer to the anonymous a 401 and not a 403.
    authentication_classes = (StaffBasicAuthentication, SessionAuthentication)
    parser_classes = (JsonParser, FormParser, MultiPartParser)
    filter_backends: Sequence[Any] = (StrictFilters,)
    pagination_class: type[Pages] | None = Pages

    @property
    def staff(self) -> Staff:
        """Whoever signed in; nobody else comes this far."""
        return cast(Staff, self.request.user)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """An error is JSON whatever was asked for."""
        if getattr(response, "exception", False):
            request.accepted_renderer, request.accepted_media_type = JSONRenderer(), JSONRenderer.media_type
        return super().finalize_response(request, response, *args, **kwargs)


class RecordedList(mixins.ListModelMixin):
    """A list that shows something of households: every page of it is one row of the audit trail."""

    shown_fields: tuple[str, ...] = ()

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page of rows, recorded with its filters and how many rows match."""
        page: Response = super().list(request, *args, **kwargs)
        sought = "&".join(f"{name}={value}" for name, value in sorted(request.query_params.items()))
        purpose = f"{request.path.rpartition('/')[2]}?{sought}"[:100] + f" → {page.data['count']}"
        audit.look(cast(Staff, request.user), None, purpose=purpose, action="api", fields=self.shown_fields)
        return page
