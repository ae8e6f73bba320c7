"""The administration of standards: enter, switch on, end. They are tried on pages of the check centre."""

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from bureau.admin_shapes import KeptAdmin
from verification import trials, wording
from verification.admin_forms import StandardForm
from verification.models import Standard
from verification.wording import standards as words

TAKEN = ("mark_words", "code", "name", "city", "programme_words", "effective_from", "document")


@admin.register(Standard)
class StandardAdmin(KeptAdmin):
    """Standards: dated policy with its legal basis. Samples and the demonstration are marked."""

    form = StandardForm
    list_display = ("name", "mark", "city", "programme_words", "effective_from", "effective_to", "in_use")
    list_filter = ("in_use", "programme", "city")
    search_fields = ("code", "name", "document")
    readonly_fields = (*TAKEN, "commencement")
    fieldsets = (
        (None, {"fields": ("in_use", "effective_to", "content")}),
        (gettext_lazy("Taken from the content"), {"fields": TAKEN}),
        # Translators: 施行与试算
        (gettext_lazy("Commencement and trial"), {"fields": ("commencement",)}),
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

    @admin.display(description=gettext_lazy("Commencement and trial"))
    def commencement(self, standard: Standard) -> str:
        """When it begins, who tried it as it reads now and who signed; its own page has the rest."""
        if standard.pk is None or not (standard.in_use or standard.effective_from > timezone.localdate()):
            return "--"  # a worked sample of another city
        told = words.commencement(standard, timezone.localdate()), words.trial_words(trials.that_holds(standard))
        address = reverse("verification:standard", args=[standard.code])
        # Translators: 标准页面
        return format_html('{} {} <a class="underline" href="{}">{}</a>', *told, address, _("Page of the standard"))

    @admin.display(description=gettext_lazy("mark"))
    def mark_words(self, standard: Standard) -> str:
        """The same on the standard's own page."""
        return str(self.mark(standard)[1])

    @admin.display(description=gettext_lazy("programme"), ordering="programme")
    def programme_words(self, standard: Standard) -> str:
        """What it is a standard of."""
        return wording.programme_name(standard.programme) if standard.programme else "--"
