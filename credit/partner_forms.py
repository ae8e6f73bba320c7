"""What the pages of departments take in."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau import identifiers, workdays
from bureau.fields import blind_index
from bureau.identifiers import IdentifierError
from credit.models import Endpoint, Partner, PartnerCall, Purpose
from credit.partners import USUAL_DAYS


def _next_year() -> Any:
    return workdays.today() + timedelta(days=USUAL_DAYS)


def _next_week() -> Any:
    return workdays.today() + timedelta(days=7)


class _Right(forms.Form):
    """An endpoint for a purpose."""

    purpose = forms.ModelChoiceField(
        Purpose.objects.filter(active=True), label=gettext_lazy("Purpose"), to_field_name="code"
    )
    endpoint = forms.ChoiceField(label=gettext_lazy("Endpoint"), choices=Endpoint.choices)


class GrantForm(_Right):
    """A grant."""

    basis = forms.CharField(label=gettext_lazy("Rests on"), max_length=200)
    from_on = forms.DateField(label=gettext_lazy("From"), initial=workdays.today)
    to_on = forms.DateField(label=gettext_lazy("Until, that day not included"), required=False)


class TestCallForm(_Right):
    """What would come of a request."""


class KeyForm(forms.Form):
    """A new key."""

    expires_on = forms.DateField(label=gettext_lazy("Valid until, that day not included"), initial=_next_year)


class RotateForm(KeyForm):
    """A new key, while the old one goes on for some days."""

    # Translators: 旧密钥停用日（当日起失效）
    old_until = forms.DateField(label=gettext_lazy("The old key ends on"), initial=_next_week)


class QueryForm(forms.Form):
    """Which queries to list."""

    partner = forms.ModelChoiceField(Partner.objects.all(), label=gettext_lazy("Department"), required=False)
    outcome = forms.ChoiceField(label=gettext_lazy("Answer"), required=False)
    subject = forms.CharField(label=gettext_lazy("ID number or credit code"), max_length=40, required=False)
    until = forms.DateField(label=gettext_lazy("Up to the day"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["outcome"]
        field.choices = [("", _("All")), *PartnerCall.ANSWERS.items(), ("refused", _("Refused"))]

    def clean_subject(self) -> bytes | None:
        """The blind index of a person or an employer."""
        text = str(self.cleaned_data["subject"]).strip()
        if not text:
            return None
        for read in (identifiers.normalise_id, identifiers.normalise_credit_code):
            try:
                return blind_index(read(text))
            except IdentifierError:
                continue
        raise ValidationError(_("This is no ID number or credit code."))
