"""The filters of dashboard and lists, by GET; a value that does not exist is ignored."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Application
from bureau import workdays
from bureau.forms import offer
from bureau.models import Office, Staff
from bureau.querysets import within
from bureau.roles import Tier
from housing_credit.dashboard import periods
from housing_credit.dashboard.base import Base, Chosen, scopes_of
from housing_credit.dashboard.periods import Span
from housing_credit.dashboard.words import period_name, size_name
from verification.wording import source_names

SIZES = ("month", "quarter", "year")
ALL_TIME = "all"


class FilterForm(forms.Form):
    """Of which period, by which spans, of which district and kind."""

    period = forms.ChoiceField(label=gettext_lazy("Period"), required=False)
    # Translators: 时间划分
    by = forms.ChoiceField(label=gettext_lazy("Divided"), required=False)
    district = forms.ChoiceField(label=gettext_lazy("District"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    source = forms.ChoiceField(label=gettext_lazy("Source"), required=False)
    stage = forms.ChoiceField(label=gettext_lazy("Desk"), required=False)

    def __init__(self, data: Mapping[str, Any], staff: Staff, *, since: date, base: Base | None = None) -> None:
        super().__init__({"period": f"{workdays.today().year}"} | {name: data[name] for name in data if data[name]})
        self.staff, self.since = staff, since
        self.districts = district_names(staff)
        offer(self, "period", self._periods())
        offer(self, "by", [(size, size_name(size)) for size in SIZES])
        offer(self, "district", [("", _("All")), *self.districts.items()])
        offer(self, "kind", [("", _("All")), *Application.Kind.choices])
        self._of_base(base)
        self.is_valid()

    def _of_base(self, base: Base | None) -> None:
        """What only the list of some rows can be narrowed by."""
        if base and base.source:
            offer(self, "source", [("", _("All")), *source_names().items()])
        else:
            del self.fields["source"]
        if base and base.stage:
            offer(self, "stage", [("", _("All")), *Application.Status.choices])
        else:
            del self.fields["stage"]

    def _periods(self) -> list[Any]:
        years = periods.choices(self.since, workdays.today())
        of_years = [(str(year), [(span.code, period_name(span)) for span in spans]) for year, spans in years]
        return [(ALL_TIME, period_name(periods.ALL)), *of_years]

    @property
    def chosen(self) -> Chosen:
        """What is asked for, within the offices of who asks."""
        wanted = self.cleaned_data
        return Chosen(
            period=periods.span_of(wanted.get("period", ""), workdays.today()),
            district=wanted.get("district", ""),
            kind=wanted.get("kind", ""),
            source=wanted.get("source", ""),
            stage=wanted.get("stage", ""),
            scopes=scopes_of(self.staff),
        )

    @property
    def spans(self) -> list[Span]:
        """The spans of the period, as they were asked for."""
        size = self.cleaned_data.get("by", "")
        return periods.divided(self.chosen.period, size, since=self.since, today=workdays.today())


def district_names(staff: Staff) -> dict[str, str]:
    """The districts in this person's scope by code, and the city's own office, where that is in it."""
    offices = Office.objects.filter(within(list(scopes_of(staff)), "code"), tier__in=(Tier.DISTRICT, Tier.CITY))
    return {office.code: office.name for office in offices.order_by("code")}
