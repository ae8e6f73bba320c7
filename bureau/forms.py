"""What the ground's pages take in."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AuditFilterForm(forms.Form):
    """Which looks to list: by whom, at which case, from when to when."""

    staff = forms.CharField(label=_("Staff member"), max_length=60, required=False)
    # Translators: 案件或核对编号
    reference = forms.CharField(label=_("Case or check number"), max_length=40, required=False)
    from_on = forms.DateField(label=_("From"), required=False)
    to_on = forms.DateField(label=_("Until"), required=False)
