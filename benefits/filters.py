"""How the lists of benefits are narrowed down. By GET, so nothing of a person is asked for."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from benefits.models import Estate, Home
from benefits.waiting import GROUPS
from bureau.forms import offer
from bureau.models import Staff


class HomeFilter(forms.Form):
    """Which homes."""

    estate = forms.ChoiceField(label=gettext_lazy("Estate"), required=False)
    rooms = forms.ChoiceField(
        label=gettext_lazy("Rooms"), required=False, choices=[("", gettext_lazy("Any")), *((n, n) for n in "1234")]
    )

    def __init__(self, data: Any, *, by: Staff) -> None:
        super().__init__(data)
        seen = Home.objects.visible_to(by).values("estate")
        estates = [(str(row.pk), str(row)) for row in Estate.objects.filter(pk__in=seen)]
        offer(self, "estate", [("", _("All")), *estates])


class NumberFilter(forms.Form):
    """By number."""

    q = forms.CharField(label=gettext_lazy("Number"), max_length=20, required=False)


class TurnFilter(NumberFilter):
    """Which places on the waiting list."""

    rooms = forms.ChoiceField(
        label=gettext_lazy("Rooms"), required=False, choices=[("", gettext_lazy("Any")), *((n, n) for n in "123")]
    )
    group = forms.ChoiceField(
        label=gettext_lazy("Group of priority"),
        required=False,
        choices=[("", gettext_lazy("Any")), *((code, gettext_lazy(text)) for code, text in GROUPS.items())],
    )
    due = forms.ChoiceField(
        label=gettext_lazy("Offer"),
        required=False,
        choices=[
            ("", gettext_lazy("Any")),
            # Translators: 待答复
            ("open", gettext_lazy("To be answered")),
            # Translators: 逾期未答复
            ("late", gettext_lazy("Not answered in time")),
        ],
    )


class TenancyFilter(NumberFilter):
    """Which tenancies."""

    due = forms.ChoiceField(
        # Translators: 待办事项
        label=gettext_lazy("What is due"),
        required=False,
        choices=[
            ("", gettext_lazy("Any")),
            # Translators: 三个月内合同到期
            ("ends", gettext_lazy("Lease ends within 3 months")),
            # Translators: 逾期未腾退
            ("late", gettext_lazy("Stays beyond its last day")),
        ],
    )
