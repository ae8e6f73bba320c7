"""The administration of sources and standards, and of how the exchanges went. No household's data."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin import site
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from unfold.admin import TabularInline
from unfold.decorators import display

from bureau.admin_shapes import KeptAdmin, ReadOnlyAdmin
from bureau.errors import CaseError, MoveRefusedError
from bureau.models import Staff
from verification import rehearsal, source_changes, wording
from verification.admin_forms import SourceForm
from verification.facts import RecordKind
from verification.models import Exchange, HitBand, Source, SourceChange

CONNECTION = ("url", "key_id", "secret")


class HitBandInline(TabularInline):  # type: ignore[misc]
    """How often the source usually finds something. A line can go: then earlier rounds tell."""

    model = HitBand
    fields = ("kind", "low", "high", "least")
    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The front door decides."""
        return site.has_permission(request)

    has_add_permission = has_view_permission
    has_change_permission = has_view_permission
    has_delete_permission = has_view_permission

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **more: Any) -> Any:
        """Kinds of record in words."""
        if db_field.name == "kind":
            more["choices"] = [(kind, wording.record_kind(kind)) for kind in RecordKind]
        return super().formfield_for_choice_field(db_field, request, **more)


@admin.register(Source)
class SourceAdmin(KeptAdmin):
    """Sources: switch, agreement, limits, how they fare, and a test question."""

    form = SourceForm
    inlines = (HitBandInline,)
    list_display = ("called", "code", "dialect", "state", "agreement", "last_success_at", "last_failure_at", "test")
    list_filter = ("enabled", "dialect", "policy")
    search_fields = ("code", "name_zh", "name_en")
    readonly_fields = ("state_words", "failures_in_row", "open_until", "last_success_at", "last_failure_at", "test")
    fieldsets = (
        (None, {"fields": ("code", "name_zh", "name_en", "place", "kinds", "contact")}),
        (
            # Translators: 来源不反馈时
            gettext_lazy("When it fails"),
            {
                "fields": (("policy", "last_known_days"), "stale_after_days", "patience_hours"),
                # Translators: 办理标准列明的必需来源，以标准为准；仅标准写明须为当前反馈的来源，不沿用以前的反馈。
                "description": gettext_lazy(
                    "Which answers are required, the standard says first. A last known answer serves a required one"
                    " too, unless the standard wants a current one of this source."
                ),
            },
        ),
        (
            gettext_lazy("Switch and agreement"),
            {"fields": ("enabled", "agreement_from", "agreement_to", "answer_seconds")},
        ),
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
                    "per_minute",
                )
            },
        ),
        (
            # Translators: 每日不查询时段
            gettext_lazy("Quiet hours"),
            {
                "fields": (("quiet_from", "quiet_to"),),
                # Translators: 时段可跨零点。期间查询顺延，不计为失败。
                "description": gettext_lazy(
                    "They may run over midnight. Who waits is asked after them; nothing fails."
                ),
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The code is fixed once entered: inquiries and standards name it."""
        return ("code", *self.readonly_fields) if obj else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Address, key id and secret stay as they are; what was entered waits for a second administrator."""
        entered = {name: form.cleaned_data[name] for name in CONNECTION}
        kept = dict.fromkeys(CONNECTION, "")
        if change:
            before = Source.objects.get(pk=obj.pk)
            kept = {name: getattr(before, name) for name in CONNECTION}
        else:
            obj.enabled = False
        for name, value in kept.items():
            setattr(obj, name, value)
        super().save_model(request, obj, form, change)
        if entered != kept:
            source_changes.propose(obj, by=cast(Staff, request.user), **entered)
            self.message_user(
                request,
                _("The address, key id and secret that you entered wait for another administrator's confirmation."),
                messages.WARNING,
            )

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
        if not source.url:
            raise MoveRefusedError(_("Another administrator confirms the address first."))
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


@admin.register(SourceChange)
class SourceChangeAdmin(ReadOnlyAdmin):
    """Changes of connections: proposed by one administrator on the source's page, settled here by another."""

    list_display = ("source", "url", "key_id", "proposed_by", "proposed_at", "state", "settled_by", "settled_at")
    list_filter = ("source",)
    list_select_related = ("source", "proposed_by", "settled_by")
    fields = ("source", "url", "key_id", "proposed_by", "proposed_at", "confirmed", "settled_by", "settled_at")
    actions = ("confirm", "drop")

    @admin.action(description=gettext_lazy("Confirm the chosen changes"))
    def confirm(self, request: HttpRequest, chosen: QuerySet[SourceChange]) -> None:
        """They are in force from now on."""
        self._settle(request, chosen, source_changes.confirm)

    @admin.action(description=gettext_lazy("Drop the chosen changes"))
    def drop(self, request: HttpRequest, chosen: QuerySet[SourceChange]) -> None:
        """They do not come about."""
        self._settle(request, chosen, source_changes.drop)

    def _settle(self, request: HttpRequest, chosen: QuerySet[SourceChange], settle: Callable[..., None]) -> None:
        """One after the other; what cannot be settled is told and leaves the others alone."""
        for change in chosen.order_by("pk"):
            try:
                settle(change, by=request.user)
            except CaseError as error:
                self.message_user(request, f"{change}: {error}", messages.ERROR)
            else:
                self.log_change(request, change, settle.__name__)
                self.message_user(request, _("Settled: %(change)s.") % {"change": change}, messages.SUCCESS)

    @display(  # type: ignore[untyped-decorator]
        description=gettext_lazy("state"),
        label={"open": "warning", "confirmed": "success", "dropped": "danger"},
    )
    def state(self, change: SourceChange) -> tuple[str, str]:
        """Waiting, in force since, or dropped."""
        if change.settled_at is None:
            # Translators: 待另一名管理员确认
            return "open", _("Waits for confirmation")
        # Translators: 已确认生效 / 已撤销
        if change.confirmed:
            return "confirmed", _("Confirmed by another")
        return "dropped", pgettext("change", "Dropped")


@admin.register(Exchange)
class ExchangeAdmin(ReadOnlyAdmin):
    """Round trips with the sources: when, how long, what came of it. Never what was asked or answered."""

    list_display = ("source", "asked_at", "outcome_words", "milliseconds", "households", "detail")
    list_filter = ("outcome", "source")
    list_select_related = ("source",)
    fields = ("source", "number", "asked_at", "ended_at", "outcome_words", "detail", "households", "request_digest",
              "reply_digest")  # fmt: skip
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> Any:
        """Without the sealed bytes."""
        return super().get_queryset(request).defer("request", "reply")

    @admin.display(description=gettext_lazy("outcome"), ordering="outcome")
    def outcome_words(self, exchange: Exchange) -> str:
        """What came of it, in the words of every other page."""
        # Translators: 已反馈
        return _("Answered") if exchange.outcome == "answered" else wording.outcome_name(exchange.outcome)

    @admin.display(description=gettext_lazy("milliseconds"))
    def milliseconds(self, exchange: Exchange) -> int:
        """From asking to the end of the answer."""
        return round((exchange.ended_at - exchange.asked_at).total_seconds() * 1000)
