"""The administration's page of letter texts: what may be written, what rests on it, and how it looks as a letter."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget

from bureau import workdays
from bureau.admin_shapes import KeptAdmin
from bureau.models import Document
from credit import letter_samples
from credit.letter_wording import LETTERS, LONGEST, Kind, placeholders_of, problems_of
from credit.models import Case, LetterText


class LetterTextForm(forms.ModelForm[LetterText]):
    """A dated text. What letters have gone out by does not change; it ends, and another begins."""

    text = forms.CharField(
        label=gettext_lazy("text"),
        max_length=LONGEST,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 22, "spellcheck": "false"}),
        # Translators: 每行一段；“# ”开头为小标题；清单和表格的占位符单独成行。
        help_text=gettext_lazy(
            "One paragraph a line. A line that begins with “# ” is a head; a list or table stands on a line of its own."
        ),
    )

    class Meta:
        model = LetterText
        fields = ("kind", "subject_kind", "effective_from", "effective_to", "heading", "text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            return
        fixed = ["kind", "subject_kind"]
        if letters_by(self.instance).exists():
            fixed += ["effective_from", "heading", "text"]
            # Translators: 已有文书依本文本制发，文本不再更改；请填写失效日期，并录入自以后日期起施行的新文本。
            self.fields["text"].help_text = _(
                "Letters have gone out by this text, so it does not change any more. End it, and enter a new one."
            )
        for name in fixed:
            self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        """A text without faults, on days on which no other stands; each fault is told by its field."""
        cleaned = super().clean() or self.cleaned_data
        kind, heading, text = (cleaned.get(name) for name in ("kind", "heading", "text"))
        if kind and heading and text:
            for problem in problems_of(Kind(kind), heading, text):
                self.add_error(problem.field, ValidationError(_(problem.advice) % problem.names, code=problem.code))
        begin, end = cleaned.get("effective_from"), cleaned.get("effective_to")
        if begin and end and end < begin:
            self.add_error("effective_to", _("Enter a day after the first day."))
        newest = letters_by(self.instance).order_by("-issued_on").first() if self.instance.pk else None
        if end and newest and end < newest.issued_on:
            self.add_error("effective_to", _("A letter has gone out by this text after that day."))
        return cleaned


def letters_by(text: LetterText) -> QuerySet[Document]:
    """The letters that went out by a text."""
    cases = Case.objects.filter(act__subject_kind=text.subject_kind)
    rows: QuerySet[Document] = Document.objects.filter(
        kind=text.kind, subject_kind="credit.case", subject_id__in=cases.values("pk")
    )
    rows = rows.filter(issued_on__gte=text.effective_from)
    return rows.filter(issued_on__lte=text.effective_to) if text.effective_to else rows


class LetterTextAdmin(KeptAdmin):
    """The words of the registry's letters, from a day on; with a preview of what was typed, before it is saved."""

    form = LetterTextForm
    list_display = ("kind", "subject_kind", "heading", "effective_from", "effective_to")
    list_filter = ("kind", "subject_kind")
    search_fields = ("heading",)
    readonly_fields = ("placeholders",)
    change_form_after_template = "admin/letter_text_preview.html"

    # Translators: 可用占位符
    @admin.display(description=gettext_lazy("placeholders"))
    def placeholders(self, text: LetterText | None) -> SafeString | str:
        """What a text of this kind can say; those that it must say are marked."""
        kinds = [Kind(text.kind)] if text is not None and text.kind else [*Kind]
        rows = [
            # Translators: （必须载明）
            (name, _(meaning), _("(must be said)") if name in LETTERS[kind].must else "")
            for kind in kinds
            for name, meaning in placeholders_of(kind)
        ]
        unique = list(dict.fromkeys(rows)) if len(kinds) == 1 else list(dict.fromkeys((*row[:2], "") for row in rows))
        return format_html_join("", "<div><code>{{{}}}</code> {} {}</div>", unique)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Draw, save, or show as a letter what was typed; a text with faults comes back with them."""
        if request.method == "POST" and "_preview" in request.POST:
            found = self.get_object(request, object_id) if object_id else None
            may = self.has_change_permission(request, found) if found else self.has_add_permission(request)
            form = self.get_form(request, found, change=found is not None)(request.POST, instance=found)
            if may and form.is_valid():
                pdf = letter_samples.preview(form.instance, workdays.today())
                headers = {"Content-Disposition": 'inline; filename="preview.pdf"', "Cache-Control": "no-store"}
                return HttpResponse(pdf, content_type="application/pdf", headers=headers)
        answer: HttpResponse = super().changeform_view(request, object_id, form_url, extra_context)
        return answer
