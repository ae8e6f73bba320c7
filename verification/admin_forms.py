"""The administration's forms of the check centre: a secret that is only written, a standard that must be readable."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminPasswordWidget,
)

from bureau.admin_forms import DatedPolicyForm
from verification import wording
from verification.facts import RecordKind
from verification.models import Check, Source, Standard
from verification.standards import read_standard

HEXADECIMAL = re.compile(r"(?:[0-9a-fA-F]{2}){16,100}", re.ASCII)


class SourceForm(forms.ModelForm[Source]):
    """A source. Its secret goes in and never comes out."""

    secret = forms.CharField(
        label=gettext_lazy("Secret"),
        required=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}, render_value=False),
        help_text=gettext_lazy("Hexadecimal, at least 32 characters. Never shown; blank keeps what was entered."),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Record kinds"), widget=UnfoldAdminCheckboxSelectMultipleWidget
    )

    class Meta:
        model = Source
        fields = ("code", "name_zh", "name_en", "place", "kinds", "policy", "last_known_days", "stale_after_days",
                  "patience_hours", "contact", "enabled", "agreement_from", "agreement_to", "dialect", "url", "key_id",
                  "secret", "batch_size", "concurrency", "connect_seconds", "read_seconds", "total_seconds",
                  "max_attempts", "backoff_seconds", "circuit_failures", "circuit_seconds", "answer_seconds",
                  "per_minute", "quiet_from", "quiet_to")  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds: Any = self.fields["kinds"]
        kinds.choices = [(kind.value, wording.record_kind(kind)) for kind in RecordKind]

    def clean_url(self) -> str:
        """In real use every question is encrypted on its way."""
        address: str = self.cleaned_data["url"]
        if not settings.DEMO and not address.startswith("https://"):
            raise ValidationError(_("Enter an address that begins with https://."))
        return address

    def clean_secret(self) -> str:
        """What was typed, or what is kept; never an empty one."""
        typed: str = self.cleaned_data["secret"].strip()
        if not typed and self.instance.pk and self.instance.secret:
            return str(self.instance.secret)
        if not HEXADECIMAL.fullmatch(typed):
            raise ValidationError(_("Enter the secret as 32 to 200 hexadecimal characters, an even number of them."))
        return typed

    def clean(self) -> dict[str, Any]:
        """An agreement ends after it begins; no limit is nothing or less."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("enabled") and not self.instance.enabled and not self.instance.url:
            self.add_error("enabled", _("Another administrator confirms the address first."))
        begin, end = cleaned.get("agreement_from"), cleaned.get("agreement_to")
        if begin and end and end <= begin:
            self.add_error("agreement_to", _("Enter a day after the agreement's first day."))
        for name in ("connect_seconds", "read_seconds", "total_seconds", "backoff_seconds", "circuit_seconds"):
            if cleaned.get(name) is not None and cleaned[name] <= 0:
                self.add_error(name, _("Enter more than 0."))
        self._agree(cleaned)
        return cleaned

    def _agree(self, cleaned: dict[str, Any]) -> None:
        """What belongs together, in the words of the form before the database refuses it."""
        known, stale = cleaned.get("last_known_days"), cleaned.get("stale_after_days")
        serves = cleaned.get("policy") == Source.Policy.LAST_KNOWN
        if serves and known is None and "last_known_days" not in self.errors:
            # Translators: 请填写沿用的反馈最长天数。
            self.add_error("last_known_days", _("Enter how many days old the last known answer may be at most."))
        if not serves and known is not None:
            # Translators: 仅在“可沿用最近一次反馈”时填写，否则请留空。
            self.add_error("last_known_days", _("Leave this empty, or choose “last known answer serves”."))
        if serves and known and stale and stale < known:
            # Translators: 不得少于沿用的反馈最长天数：沿用的反馈不应已经过期。
            self.add_error("stale_after_days", _("Enter no fewer days than the last known answer may be old."))
        begin, end = cleaned.get("quiet_from"), cleaned.get("quiet_to")
        if (begin is None) != (end is None) and not {"quiet_from", "quiet_to"} & {*self.errors}:
            # Translators: 请同时填写开始和结束时间，或都留空。
            self.add_error("quiet_to" if end is None else "quiet_from", _("Enter both times, or neither."))


class StandardForm(DatedPolicyForm):
    """A standard as JSON."""

    columns = ("name", "city", "programme", "effective_from", "document")
    rests_on_it = gettext_lazy(
        "Checks rest on this standard, so it does not change any more. Enter a new one from a later day."
    )

    class Meta:
        model = Standard
        fields = ("content", "in_use", "effective_to")

    def read(self, content: bytes) -> Any:
        """A standard."""
        return read_standard(content)

    def is_in_use(self) -> bool:
        """Whether a check was ordered by it."""
        return Check.objects.filter(standard=self.instance).exists()

    def refuse_clash(self, policy: Any) -> None:
        """One of an id; one of a city and programme from a day."""
        others = Standard.objects.exclude(pk=self.instance.pk)
        if others.filter(code=policy.id).exists():
            raise ValidationError(_("There is a standard of this id already: %(code)s.") % {"code": policy.id})
        same = {name: getattr(policy, name) for name in ("city", "programme", "effective_from")}
        if others.filter(**same).exists():
            raise ValidationError(_("This city and programme has a standard from this day already."))
