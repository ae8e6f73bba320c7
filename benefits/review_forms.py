"""What the pages of yearly reviews and of visits take in. Whether it fits is judged by the work modules."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from applications.models import Application
from benefits import life_events, review_rounds
from benefits.forms import OfBenefit, long_text
from benefits.models import Visit
from bureau import workdays
from bureau.forms import offer, scan_field
from bureau.models import Office, Staff
from bureau.querysets import within
from bureau.roles import Tier

ROWS = (1, 2, 3)  # changes in one report; what is left is written into its words
DAYS_TO_VISIT = 30


class AreaForm(forms.Form):
    """A form about an area."""

    area = forms.ChoiceField(label=gettext_lazy("Area"))

    def __init__(self, *args: Any, by: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = Office.objects.filter(within(by.scopes, "code"), tier__in=[Tier.CITY, Tier.DISTRICT]).order_by("code")
        offer(self, "area", [(office.code, office.name) for office in offices])


class OpenForm(AreaForm):
    """A yearly review."""

    name = forms.CharField(label=pgettext_lazy("review", "Name"), max_length=80)
    kinds = forms.MultipleChoiceField(
        # Translators: 保障方式
        label=gettext_lazy("Whose benefit"),
        choices=Application.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=Application.Kind.values,
    )
    field_order = ("name", "kinds", "area")


class PlanForm(AreaForm):
    """How many homes are to be visited."""

    percent = forms.IntegerField(label=gettext_lazy("Share of the homes that are let (%)"), min_value=1, max_value=100)
    due_on = forms.DateField(label=gettext_lazy("To be made by"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["percent"].initial = 10
        self.fields["due_on"].initial = workdays.today() + timedelta(days=DAYS_TO_VISIT)


class FindForm(forms.Form):
    """Whose review it is; by POST, as an ID number is asked for."""

    q = forms.CharField(
        # Translators: 租赁编号、补贴编号、受理编号或身份证号
        label=gettext_lazy("Number of the tenancy, the subsidy or the application, or an ID number"),
        max_length=30,
    )


class ReportForm(OfBenefit):
    """What a household reports at the window: up to three changes, each with its member and day."""

    made_on = forms.DateField(label=gettext_lazy("Made on"))
    words = long_text(gettext_lazy("In its own words"), most=1000, required=False)

    def offer(self) -> None:
        """The fields of each change, for the members of this household."""
        self.fields["made_on"].initial = workdays.today()
        declared = review_rounds.declared_of([self.subject])[self.subject.application_id]
        members = [("", "--"), *((person.key, person.name) for person in declared.persons)]
        for place in ROWS:
            for name, field in _change(members):
                self.fields[f"{name}_{place}"] = field
        self.order_fields([*(name for name in self.fields if name[-1] in "123"), "made_on", "words"])

    def groups(self) -> list[dict[str, Any]]:
        """The fields by change, as the page draws them; those that are empty are folded."""
        # Translators: 变化 %(n)s
        legend = _("Change %(n)s")
        return [
            {
                "legend": legend % {"n": place},
                "fields": [self[f"{name}_{place}"] for name in FIELDS],
                "is_open": place == ROWS[0] or bool(self[f"kind_{place}"].value()),
            }
            for place in ROWS
        ]

    def rest(self) -> list[forms.BoundField]:
        """The fields that belong to no change."""
        return [bound for bound in self.visible_fields() if bound.name[-1] not in "123"]

    def events(self) -> list[life_events.Event]:
        """The changes that were filled in."""
        found = []
        for place in ROWS:
            data = {name: self.cleaned_data.get(f"{name}_{place}") for name in FIELDS}
            if data["kind"]:
                found.append(life_events.Event(**{name: value for name, value in data.items() if value is not None}))
        return found


FIELDS = ("kind", "member", "on", "amount", "address", "area", "plate", "words")


def _change(members: Iterable[tuple[str, str]]) -> Iterable[tuple[str, forms.Field]]:
    """The fields of one change; none of them has to be filled in."""
    # Translators: 无变化
    kinds = [("", _("Nothing")), *((code, _(text)) for code, text in life_events.WORDS.items())]
    more: dict[str, Any] = {"required": False}
    yield "kind", forms.ChoiceField(label=_("What has happened"), choices=kinds, **more)
    yield "member", forms.ChoiceField(label=_("Member"), choices=list(members), **more)
    yield "on", forms.DateField(label=_("On which day"), **more)
    # Translators: 近 12 个月工资收入或购车价（元）
    amount = _("Wages of 12 months, or price of the vehicle (CNY)")
    yield "amount", forms.DecimalField(label=amount, max_digits=12, decimal_places=2, **more)
    # Translators: 住房坐落
    yield "address", forms.CharField(label=_("Address of the home"), max_length=120, **more)
    # Translators: 住房建筑面积（平方米）
    area = _("Floor area of the home (m²)")
    yield "area", forms.DecimalField(label=area, max_digits=7, decimal_places=2, **more)
    # Translators: 车牌号
    yield "plate", forms.CharField(label=_("Number plate"), max_length=20, **more)
    yield "words", forms.CharField(label=_("In words"), max_length=200, **more)


class TextForm(OfBenefit):
    """The facts that a decision rests on."""

    text = long_text(gettext_lazy("Facts"), most=1000)


class FindingsForm(OfBenefit):
    """Which confirmed findings are referred."""

    findings = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Confirmed findings"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    choices: Iterable[tuple[str, str]] = ()


class VisitForm(OfBenefit):
    """What the visitor found, on a telephone."""

    finding = forms.ChoiceField(
        label=pgettext_lazy("visit", "Finding"), choices=Visit.Finding.choices, widget=forms.RadioSelect
    )
    words = long_text(gettext_lazy("What was seen and said"), most=1000, required=False)
    photograph = scan_field(gettext_lazy("Photograph"), required=False)
    photograph_2 = scan_field(gettext_lazy("Another photograph"), required=False)
    photograph_3 = scan_field(gettext_lazy("A third photograph"), required=False)
    on = forms.DateField(label=gettext_lazy("Visited on"))

    def offer(self) -> None:
        """Today, unless said otherwise."""
        self.fields["on"].initial = workdays.today()

    def photographs(self) -> list[Any]:
        """Those that were taken."""
        names = ("photograph", "photograph_2", "photograph_3")
        return [self.cleaned_data[name] for name in names if self.cleaned_data.get(name)]
