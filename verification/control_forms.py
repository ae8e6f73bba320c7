"""The administration's forms of control persons: who it is goes in once, what sources must say is checked."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminTextareaWidget

from bureau import identifiers
from bureau.fields import blind_index
from verification import control_answers
from verification.facts import Outcome
from verification.models import ControlPerson, KnownAnswer


class ControlPersonForm(forms.ModelForm[ControlPerson]):
    """A control person. Name and ID number go in and never come out."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "off"}, render_value=False),
    )
    id_number = forms.CharField(
        label=gettext_lazy("ID number"),
        max_length=20,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "off"}, render_value=False),
    )

    class Meta:
        model = ControlPerson
        fields = ("label", "name", "id_number", "authorisation", "valid_to", "in_use")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "id_number"):
            if self.instance.pk:
                self.fields[name].disabled = True
                self.fields[name].required = False
                self.fields[name].help_text = _("Entered. Another person is another entry.")
            else:
                self.fields[name].help_text = _("Entered once; kept under protection and not shown again.")

    def clean_id_number(self) -> str:
        """The number in its normal form, of nobody who is entered already. The message never holds it."""
        if self.instance.pk:
            return self.instance.id_number
        try:
            number = identifiers.normalise_id(self.cleaned_data["id_number"])
        except identifiers.IdentifierError as error:
            raise ValidationError(_(error.message) % error.params, code=error.code) from None
        if ControlPerson.objects.filter(id_index=blind_index(number)).exists():
            raise ValidationError(_("This person is entered already."))
        return number


class KnownAnswerForm(forms.ModelForm[KnownAnswer]):
    """What one source must say of the person."""

    known_facts = forms.CharField(
        # Translators: 关键信息
        label=gettext_lazy("Key facts"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2, "spellcheck": "false"}),
        # Translators: 按信息类别列出应有的记录和字段，字段名见报文规范，例如：
        help_text=gettext_lazy("By record kind, the fields that must be there, named as in the contract, such as")
        + ' {"vehicle": {"plate_no": "苏M10001"}}',
    )

    class Meta:
        model = KnownAnswer
        fields = ("source", "outcome", "in_use")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["source"].disabled = True
            facts = self.instance.facts
            self.initial["known_facts"] = json.dumps(facts, ensure_ascii=False) if facts else ""

    def clean(self) -> dict[str, Any]:
        """The facts as they are stored: such as this source can be asked for, and none where it must have nothing."""
        cleaned = super().clean() or self.cleaned_data
        source, text = cleaned.get("source"), (cleaned.get("known_facts") or "").strip()
        self.instance.facts = {}
        if not text or source is None:
            return cleaned
        if cleaned.get("outcome") == Outcome.NONE:
            self.add_error("known_facts", _("A source that must know nothing is not asked for facts."))
            return cleaned
        try:
            self.instance.facts = control_answers.read_facts(json.loads(text), source.kinds)
        except ValueError as error:  # not JSON, or nothing that the source can be asked for
            where = str(error) if isinstance(error, control_answers.FactsError) else "JSON"
            self.add_error("known_facts", _("This cannot be asked of the source: %(where)s") % {"where": where})
        return cleaned
