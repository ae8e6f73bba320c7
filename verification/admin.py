"""The administration of the check centre: sources, standards, and how the exchanges went. No household's data."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from bureau.admin_shapes import KeptAdmin, ReadOnlyAdmin
from verification import rehearsal, wording
from verification.admin_forms import SourceForm, StandardForm
from verification.models import Exchange, Source, Standard


@admin.register(Source)
class SourceAdmin(KeptAdmin):
    """Sources: switch, agreement, limits, how they fare, and a test question."""

    form = SourceForm
    list_display = ("called", "code", "dialect", "state", "agreement", "last_success_at", "last_failure_at", "test")
    list_filter = ("enabled", "dialect", "policy")
    search_fields = ("code", "name_zh", "name_en")
    readonly_fields = ("state_words", "failures_in_row", "open_until", "last_success_at", "last_failure_at", "test")
    fieldsets = (
        (None, {"fields": ("code", "name_zh", "name_en", "place", "kinds", "policy", "contact")}),
        (gettext_lazy("Switch and agreement"), {"fields": ("enabled", "agreement_from", "agreement_to")}),
        (gettext_lazy("Connection"), {"fields": ("dialect", "url", "key_id", "secret", "test")}),
        (
            gettext_lazy("How it fares"),
            {"fields": ("state_words", "failures_in_row", "open_until", "last_success_at", "last_failure_at")},
        ),
        (
            gettext_lazy("Limits"),
            {
                "fields": (
                    ("batch_size", "concurrency"),
                    ("connect_seconds", "read_seconds", "total_seconds"),
                    ("max_attempts", "backoff_seconds"),
                    ("circuit_failures", "circuit_seconds"),
                )
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The code is fixed once entered: inquiries and standards name it."""
        return ("code", *self.readonly_fields) if obj else self.readonly_fields

    def get_urls(self) -> list[URLPattern]:
        """With the page that asks the test question."""
        address = path("<path:object_id>/test/", self.admin_site.admin_view(self.test_view), name="source_test")
        urls: list[URLPattern] = [address, *super().get_urls()]
        return urls

    def test_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask one rehearsal question about nobody, and show what came of it. Only a POST asks."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        source = self.get_object(request, unquote(object_id))
        if source is None:
            raise Http404
        tried = rehearsal.ask(source) if request.method == "POST" else None
        if tried is not None:
            self.log_change(request, source, f"test: {tried.outcome}, {tried.milliseconds} ms")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Test %(source)s") % {"source": source},
            "source": source,
            "opts": self.opts,
            "tried": tried,
            "outcome": "" if tried is None else _outcome(tried.outcome),
        }
        return TemplateResponse(request, "admin/source_test.html", context)

    @display(  # type: ignore[untyped-decorator]
        description=gettext_lazy("state"),
        label={"working": "success", "resting": "danger", "off": "warning"},
    )
    def state(self, source: Source) -> tuple[str, str]:
        """Off, resting with an open circuit, or working."""
        if not source.enabled:
            return "off", _("Off")
        if source.is_open:
            return "resting", _("Resting after failures")
        # Translators: 运行正常
        return "working", _("Source running normally")

    @admin.display(description=gettext_lazy("state"))
    def state_words(self, source: Source) -> str:
        """The same on the source's own page."""
        return str(self.state(source)[1])

    @admin.display(description=gettext_lazy("name"), ordering="name_zh")
    def called(self, source: Source) -> str:
        """In the reader's language."""
        return source.name

    @admin.display(description=gettext_lazy("agreement"))
    def agreement(self, source: Source) -> str:
        """From when to when."""
        if source.agreement_from is None and source.agreement_to is None:
            return "--"
        return f"{source.agreement_from or ''} – {source.agreement_to or ''}"

    @admin.display(description=gettext_lazy("test"))
    def test(self, source: Source) -> str:
        """Leads to the page that asks the test question."""
        if source.pk is None:
            return "--"
        address = reverse("admin:source_test", args=[source.pk])
        return format_html('<a class="underline" href="{}">{}</a>', address, _("Test"))


def _outcome(outcome: str) -> str:
    return (
        _("The batch was taken in; the platform is at work on it.")
        if outcome == "pending"
        else str(wording.outcome_name(outcome))
    )


@admin.register(Standard)
class StandardAdmin(KeptAdmin):
    """Standards: dated policy with its legal basis. Samples and the demonstration are marked."""

    form = StandardForm
    list_display = ("name", "mark", "city", "programme_words", "effective_from", "effective_to", "in_use")
    list_filter = ("in_use", "programme", "city")
    search_fields = ("code", "name", "document")
    readonly_fields = ("mark_words", "code", "name", "city", "programme_words", "effective_from", "document")
    fieldsets = (
        (None, {"fields": ("in_use", "effective_to", "content")}),
        (gettext_lazy("Taken from the content"), {"fields": readonly_fields}),
    )

    @display(  # type: ignore[untyped-decorator]
        description=gettext_lazy("mark"),
        label={"demo": "warning", "sample": "info", "own": "success"},
    )
    def mark(self, standard: Standard) -> tuple[str, str]:
        """What must not be taken for the city's own policy says so."""
        if standard.content and standard.content.get("demo"):
            return "demo", _("Demonstration, not policy")
        return ("own", _("In use")) if standard.in_use else ("sample", _("Sample of another city"))

    @admin.display(description=gettext_lazy("mark"))
    def mark_words(self, standard: Standard) -> str:
        """The same on the standard's own page."""
        return str(self.mark(standard)[1])

    @admin.display(description=gettext_lazy("programme"), ordering="programme")
    def programme_words(self, standard: Standard) -> str:
        """What it is a standard of."""
        return wording.programme_name(standard.programme) if standard.programme else "--"


@admin.register(Exchange)
class ExchangeAdmin(ReadOnlyAdmin):
    """Round trips with the sources: when, how long, what came of it. Never what was asked or answered."""

    list_display = ("source", "asked_at", "outcome", "milliseconds", "households", "detail")
    list_filter = ("outcome", "source")
    list_select_related = ("source",)
    fields = ("source", "number", "asked_at", "ended_at", "outcome", "detail", "households", "request_digest",
              "reply_digest")  # fmt: skip
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> Any:
        """Without the sealed bytes."""
        return super().get_queryset(request).defer("request", "reply")

    @admin.display(description=gettext_lazy("milliseconds"))
    def milliseconds(self, exchange: Exchange) -> int:
        """From asking to the end of the answer."""
        return round((exchange.ended_at - exchange.asked_at).total_seconds() * 1000)
