"""What is asked at the window before a slip is handed out."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau import identifiers, workdays

USUAL = 365  # days back that are offered


def _a_year_ago() -> dt.date:
    return workdays.today() - dt.timedelta(days=USUAL)


class AccessSlipForm(forms.Form):
    """Name and number from the card that is shown, from which day on, why."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    id_number = forms.CharField(label=gettext_lazy("ID number"), max_length=24)
    since = forms.DateField(label=gettext_lazy("From"), initial=_a_year_ago)
    asked_by = forms.CharField(
        # Translators: 监护人或者代理人
        label=gettext_lazy("Guardian or agent, with the paper"),
        max_length=120,
        required=False,
        # Translators: 本人申请的留空。
        help_text=gettext_lazy("Leave empty when the person asks."),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)
    compared = forms.BooleanField(
        # Translators: 已当面核对身份证，人证一致
        label=gettext_lazy("The card was shown and belongs to the person")
    )

    def clean_id_number(self) -> str:
        """A number that can be one."""
        try:
            return identifiers.normalise_id(self.cleaned_data["id_number"])
        except identifiers.IdentifierError as error:
            raise ValidationError(_(error.message) % error.params, code=error.code) from None

    def clean_since(self) -> Any:
        """Not ahead."""
        if (since := self.cleaned_data["since"]) > workdays.today():
            raise ValidationError(_("The day lies ahead."))
        return since
