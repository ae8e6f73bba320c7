"""What the pages of benefits take in. Whether it fits is judged by the work modules."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from benefits import homes, rent
from benefits.homes import Flat
from benefits.models import Estate, Exit, Home
from bureau import divisions, workdays
from bureau.forms import offer
from bureau.models import Office, Staff
from bureau.querysets import within
from bureau.roles import Role, Tier

MOST_HOMES = 200  # in a form; more are not read through
MONTHS_AHEAD = 12
LONG = {"rows": 3}


def long_text(label: Any, *, most: int = 200, **more: Any) -> forms.CharField:
    """A text of several lines."""
    return forms.CharField(label=label, widget=forms.Textarea(attrs=LONG), max_length=most, **more)


class OfBenefit(forms.Form):
    """A form on the page of a deed: it knows what it is about, and the state that the page was drawn from."""

    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, subject: Any, by: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subject, self.by = subject, by
        self.offer()

    def offer(self) -> None:
        """Set what depends on the subject."""


class WhyForm(OfBenefit):
    """A deed that wants a reason."""

    reason = long_text(gettext_lazy("Reason"))


class HomeOfferForm(OfBenefit):
    """Which vacant home; only those with enough rooms are offered."""

    home = forms.ChoiceField(label=gettext_lazy("Home"))
    reason = long_text(
        # Translators: 越过排在前面家庭的理由
        gettext_lazy("Why this household before those that stand before it"),
        required=False,
        # Translators: 排在最前面的家庭无需填写。
        help_text=gettext_lazy("Stays empty for whoever stands first."),
    )

    def offer(self) -> None:
        """Vacant homes that fit, the smallest first."""
        fitting = Home.objects.visible_to(self.by).vacant().filter(rooms__gte=self.subject.rooms)
        rows = fitting.select_related("estate").order_by("rooms", "estate", "building", "unit")[:MOST_HOMES]
        # Translators: %(home)s · %(rooms)s 居室 · %(area)s 平方米
        label = _("%(home)s · rooms: %(rooms)s · %(area)s m²")
        offer(
            self,
            "home",
            [(home.number, label % {"home": home, "rooms": home.rooms, "area": home.area}) for home in rows],
        )


class MonthsForm(OfBenefit):
    """For how long a contract is."""

    months = forms.IntegerField(
        label=gettext_lazy("Months of the contract"),
        min_value=1,
        max_value=60,
        required=False,
        # Translators: 不填则按配租规则；最长五年。
        help_text=gettext_lazy("Stays empty for as long as the policy says; five years at most."),
    )


class FromMonthForm(WhyForm):
    """From which month on, and why."""

    from_month = forms.ChoiceField(label=gettext_lazy("From the month"))
    field_order = ("from_month", "reason")

    def offer(self) -> None:
        """The months to come, beginning with this one."""
        offer(self, "from_month", [(day.isoformat(), f"{day:%Y-%m}") for day in months_from(self.first())])

    def first(self) -> date:
        """The first month that can be chosen."""
        return workdays.today().replace(day=1)

    def clean_from_month(self) -> date:
        """Its first day."""
        return date.fromisoformat(self.cleaned_data["from_month"])


class RentForm(FromMonthForm):
    """A rent holds from a month that has not been billed."""

    def first(self) -> date:
        """This month, or the one after the last that was billed."""
        billed = self.subject.billed_until
        return max(super().first(), rent.month_after(billed)) if billed else super().first()


class AmountForm(FromMonthForm):
    """A subsidy changes from next month on."""

    def first(self) -> date:
        """The month after this."""
        return rent.month_after(workdays.today())


def months_from(first: date) -> list[date]:
    """So many months, beginning with this one."""
    found = [first]
    while len(found) < MONTHS_AHEAD:
        found.append(rent.month_after(found[-1]))
    return found


class ExitForm(OfBenefit):
    """Why a benefit ends: the reason and the facts."""

    REASONS: Sequence[str] = Exit.Reason.values
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), widget=forms.RadioSelect)
    text = long_text(gettext_lazy("Facts"), most=2000)

    def offer(self) -> None:
        """The reasons for which this can be done."""
        offer(self, "reason", [choice for choice in Exit.Reason.choices if choice[0] in self.REASONS])


class OrderForm(ExitForm):
    """An order to leave."""

    REASONS = (Exit.Reason.CHANGED, Exit.Reason.UNFIT, Exit.Reason.BREACH)


class LeaveForm(ExitForm):
    """A household that leaves of itself."""

    REASONS = (Exit.Reason.VOLUNTARY, Exit.Reason.DEATH)


class GiveBackForm(OfBenefit):
    """The keys are back: when, and how the home looks."""

    on = forms.DateField(label=gettext_lazy("Given back on"), initial=workdays.today)
    # Translators: 验收情况
    condition = long_text(gettext_lazy("Condition of the home"), most=500)
    damage = forms.DecimalField(
        label=gettext_lazy("Cost of damage"), max_digits=10, decimal_places=2, min_value=0, required=False
    )


class BankForm(OfBenefit):
    """Where a subsidy is paid to."""

    bank = forms.CharField(label=gettext_lazy("Bank"), max_length=60)
    account = forms.CharField(
        label=gettext_lazy("Bank account"),
        max_length=40,
        # Translators: 12 至 30 位数字；保存后脱敏显示
        help_text=gettext_lazy("12 to 30 digits. It is shown masked afterwards."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class SetUpForm(BankForm):
    """The same, with the rent on the market that limits some subsidies."""

    rent_paid = forms.DecimalField(
        # Translators: 市场租房月租金
        label=gettext_lazy("Rent on the market a month"),
        max_digits=10,
        decimal_places=2,
        required=False,
        # Translators: 以实际租金为上限的城市必填
        help_text=gettext_lazy("Needed where the rent limits the subsidy."),
    )


class EstateForm(forms.Form):
    """A new estate."""

    name = forms.CharField(label=pgettext_lazy("estate", "Name"), max_length=60)
    address = forms.CharField(label=pgettext_lazy("home", "Address"), max_length=120)
    # Translators: 所在区或街道
    office_code = forms.ChoiceField(label=gettext_lazy("District or street"))

    def __init__(self, *args: Any, by: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = within([divisions.scope_prefix(seat.office.code) for seat in by.seats], "code")
        offices = Office.objects.open().filter(mine, tier__in=[Tier.DISTRICT, Tier.STREET])
        offer(self, "office_code", [(office.code, office.name) for office in offices])


class HomesForm(forms.Form):
    """Several flats of one building at once, a line each."""

    estate = forms.ChoiceField(label=gettext_lazy("Estate"))
    building = forms.CharField(label=gettext_lazy("Building"), max_length=20)
    has_lift = forms.BooleanField(label=gettext_lazy("Lift"), required=False)
    flats = forms.CharField(
        label=gettext_lazy("Flats"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 8}),
        # Translators: 每行一套：房号 楼层 建筑面积（平方米） 居室数，用空格隔开，例如：301 3 48.60 2
        help_text=gettext_lazy("A line each: flat, floor, m², rooms, with spaces between. Example: 301 3 48.60 2"),
    )

    def __init__(self, *args: Any, by: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Estate.objects.filter(within(by.scopes_as(Role.HOUSING_OFFICER)))
        offer(self, "estate", [(str(row.pk), str(row)) for row in mine])

    def clean_flats(self) -> list[Flat]:
        """Every line read; the first that cannot be is named."""
        lines = [line.split() for line in self.cleaned_data["flats"].splitlines() if line.strip()]
        return [_flat(number, words) for number, words in enumerate(lines, start=1)]


def _flat(number: int, words: Sequence[str]) -> Flat:
    try:
        unit, floor, area, rooms = words
        flat = Flat(unit=unit, floor=int(floor), area=Decimal(area).quantize(Decimal("0.01")), rooms=int(rooms))
    except (ValueError, InvalidOperation):
        # Translators: 第 %(line)s 行无法识别，应为：房号 楼层 面积 居室数。
        text = _("Line %(line)s cannot be read: flat, floor, m², rooms.") % {"line": number}
        raise forms.ValidationError(text) from None
    if not (0 < flat.area < homes.LARGEST and 1 <= flat.rooms <= homes.MOST_ROOMS and len(unit) <= homes.LONGEST_UNIT):
        # Translators: 第 %(line)s 行的房号、面积或居室数不合理。
        raise forms.ValidationError(_("Line %(line)s: the flat, area or rooms cannot be right.") % {"line": number})
    return flat
