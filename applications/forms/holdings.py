"""What the household has: income of twelve months, homes, vehicles, assets, businesses, assistance it gets."""

import builtins
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.drafting import KINDS_OF_INCOME
from applications.forms import codes
from applications.forms.fields import UNIT_NUMBER, AmountField, AreaField, CreditCodeField, MoneyField, PastDateField
from applications.forms.rows import RowForm, owner_field
from bureau import identifiers

YUAN = gettext_lazy("CNY")
SQUARE_METRES = "m²"
WITHOUT_PLATE = frozenset({"boat", "other"})


class IncomeForm(RowForm):
    """One person's income of the past 12 months in five kinds, before tax; or expressly none."""

    # Translators: 工资性收入
    wages = MoneyField(label=gettext_lazy("Wages"), required=False)
    # Translators: 经营净收入
    business = MoneyField(label=gettext_lazy("Net business income"), required=False)
    # Translators: 财产净收入
    property = MoneyField(label=gettext_lazy("Net property income"), required=False)
    # Translators: 转移净收入（养老金、赡养费、补助等）
    transfers = MoneyField(label=gettext_lazy("Transfers (pensions, maintenance, allowances)"), required=False)
    # Translators: 其他收入
    other = MoneyField(label=gettext_lazy("Other income"), required=False)
    # Translators: 此人过去 12 个月无任何收入
    without = forms.BooleanField(label=gettext_lazy("This person had no income in these 12 months"), required=False)

    groups = (("", KINDS_OF_INCOME), ("", ("without",)))
    suffixes = dict.fromkeys(KINDS_OF_INCOME, YUAN)

    @builtins.property  # the field above takes the bare name in this class body
    def title(self) -> str:
        """The person's name."""
        return next((person.name for person in self.people if person.key == self.typed("key")), "")

    def clean(self) -> dict[str, Any]:
        """Five amounts, or expressly none: an empty box is not taken for 0."""
        cleaned: dict[str, Any] = super().clean() or {}
        amounts = {name: cleaned.get(name) for name in KINDS_OF_INCOME if name not in self.errors}
        if cleaned.get("without"):
            if any(amounts.values()):
                text = _("An amount is entered as well. Remove it, or take the tick away.")
                self.add_error("without", ValidationError(text, code="contradiction"))
            return cleaned
        for name, amount in amounts.items():
            if amount is None:
                self.add_error(
                    name, ValidationError(_("Enter the amount; 0 if there was none of this kind."), code="required")
                )
        return cleaned

    def sum_typed(self) -> Decimal | None:
        """The sum of the amounts that can be read so far; None while there is none."""
        if self.typed("without"):
            return Decimal(0)
        amounts = [self._read(name) for name in KINDS_OF_INCOME]
        known = [amount for amount in amounts if amount is not None]
        return sum(known, Decimal(0)) if known else None

    def _read(self, name: str) -> Decimal | None:
        try:
            amount: Decimal | None = self.fields[name].clean(self.typed(name))
        except ValidationError:
            return None  # the page says beside the box what is wrong once it is saved
        return amount

    def facts(self) -> dict[str, Decimal]:
        """The five amounts, CNY for 12 months."""
        return {name: self.cleaned_data.get(name) or Decimal(0) for name in KINDS_OF_INCOME}


class HoldingForm(RowForm):
    """A thing that belongs to one member."""

    def facts(self) -> dict[str, Any]:
        """The row as the struct of its kind in verification/facts.py takes it; what is blank is left to its default."""
        return {name: value for name, value in self.cleaned_data.items() if name != "key" and value not in (None, "")}

    def must_not_precede(self, later: str, earlier: str) -> None:
        """An error when the day in `later` lies before that in `earlier`."""
        cleaned = self.cleaned_data
        if cleaned.get(later) and cleaned.get(earlier) and cleaned[later] < cleaned[earlier]:
            label = self.fields[earlier].label
            text = _("This day lies before “%(label)s”. Correct one of them.") % {"label": label}
            self.add_error(later, ValidationError(text, code="order"))


class HomeForm(HoldingForm):
    """A home owned, co-owned, rented, borrowed, or sold within the look-back period."""

    owner = owner_field(gettext_lazy("Owner or tenant"))
    address = forms.CharField(label=gettext_lazy("Address"), max_length=200)
    # Translators: 权属或使用方式
    tenure = forms.ChoiceField(label=gettext_lazy("Tenure"), choices=codes.with_blank(codes.TENURES))
    # Translators: 建筑面积
    area = AreaField(label=gettext_lazy("Floor area of the whole home"))
    # Translators: 本人份额
    share = AmountField(
        label=gettext_lazy("The owner's share"),
        most=Decimal(100),
        least=Decimal("0.01"),
        required=False,
        help_text=gettext_lazy("Blank means 100."),
    )
    # Translators: 不动产单元号
    unit_number = forms.CharField(
        label=gettext_lazy("Real estate unit number"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("28 characters, from the certificate."),
    )
    acquired_on = PastDateField(label=gettext_lazy("Acquired or rented since"), required=False)
    sold_on = PastDateField(
        label=gettext_lazy("Sold on"),
        required=False,
        help_text=gettext_lazy("Homes sold in the past five years are declared too."),
    )

    title_field = "address"
    groups = (("", ("owner", "tenure", "address", "area", "share", "unit_number", "acquired_on", "sold_on")),)
    suffixes = {"area": SQUARE_METRES, "share": "%"}

    def clean_unit_number(self) -> str:
        """28 characters, without blanks."""
        number = "".join(str(self.cleaned_data["unit_number"]).upper().split())
        if number and not UNIT_NUMBER.fullmatch(number):
            raise ValidationError(
                _("A real estate unit number has 28 digits and letters. Copy it from the certificate."),
                code="unit_number",
            )
        return number

    def clean(self) -> dict[str, Any]:
        """Sold after it was acquired; a rented home cannot be sold."""
        cleaned: dict[str, Any] = super().clean() or {}
        self.must_not_precede("sold_on", "acquired_on")
        if cleaned.get("sold_on") and cleaned.get("tenure") in {"public_rental", "private_rental", "borrowed"}:
            self.add_error(
                "sold_on",
                ValidationError(
                    _("A rented or borrowed home cannot be sold. Correct the tenure or the day."), code="tenure"
                ),
            )
        return cleaned

    def facts(self) -> dict[str, Any]:
        """The share as a number from 0 to 1."""
        facts = super().facts()
        return {**facts, "share": facts.get("share", Decimal(100)) / 100}


class VehicleForm(HoldingForm):
    """A vehicle or boat, also one sold whose transfer was never registered."""

    owner = owner_field(gettext_lazy("Owner"))
    vehicle_type = forms.ChoiceField(label=gettext_lazy("Type"), choices=codes.with_blank(codes.VEHICLE_TYPES))
    # Translators: 号牌号码
    plate = forms.CharField(
        label=gettext_lazy("Number plate"),
        max_length=20,
        help_text=gettext_lazy("Such as 苏M12345; for a boat, its number."),
    )
    # Translators: 购置价格
    price = MoneyField(label=gettext_lazy("Purchase price"), required=False)
    purchased_on = PastDateField(label=gettext_lazy("Bought on"), required=False)
    # Translators: 已出售但未过户的出售日期
    sold_on = PastDateField(label=gettext_lazy("Sold on, transfer not registered"), required=False)
    # Translators: 证明材料编号
    proof = forms.CharField(
        label=gettext_lazy("Number of the sale contract or other proof"), max_length=80, required=False
    )

    title_field = "plate"
    groups = (("", ("owner", "vehicle_type", "plate", "price", "purchased_on", "sold_on", "proof")),)
    suffixes = {"price": YUAN}

    def clean(self) -> dict[str, Any]:
        """A plate of the right shape for what has one; a sale needs its proof."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("plate") and cleaned.get("vehicle_type") not in WITHOUT_PLATE:
            try:
                cleaned["plate"] = identifiers.normalise_plate(cleaned["plate"])
            except identifiers.IdentifierError as error:
                self.add_error("plate", ValidationError(_(error.message) % error.params, code=error.code))
        self.must_not_precede("sold_on", "purchased_on")
        if cleaned.get("sold_on") and not cleaned.get("proof"):
            self.add_error(
                "proof", ValidationError(_("Give the number of the paper that shows the sale."), code="required")
            )
        return cleaned


class AssetForm(HoldingForm):
    """A deposit or other financial asset, as of today."""

    owner = owner_field(gettext_lazy("Owner"))
    asset_type = forms.ChoiceField(label=gettext_lazy("Kind"), choices=codes.with_blank(codes.ASSET_TYPES))
    # Translators: 开户机构或债务人
    institution = forms.CharField(label=gettext_lazy("Bank, institution or debtor"), max_length=80)
    # Translators: 余额或现值
    amount = MoneyField(label=gettext_lazy("Balance or present value"))

    title_field = "institution"
    groups = (("", ("owner", "asset_type", "institution", "amount")),)
    suffixes = {"amount": YUAN}


class BusinessForm(HoldingForm):
    """A business in which a member is owner, partner, shareholder or legal representative."""

    owner = owner_field(gettext_lazy("Member"))
    # Translators: 企业或个体工商户名称
    name = forms.CharField(label=gettext_lazy("Name of the business"), max_length=120)
    credit_code = CreditCodeField(
        label=gettext_lazy("Unified social credit code"),
        max_length=24,
        required=False,
        help_text=gettext_lazy("18 characters, if known."),
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=codes.with_blank(codes.BUSINESS_ROLES))
    # Translators: 本人实缴出资
    capital = MoneyField(label=gettext_lazy("The member's paid-in capital"))
    # Translators: 本人声明系被冒名登记
    disowned = forms.BooleanField(
        label=gettext_lazy("Registered in this person's name without consent"), required=False
    )
    # Translators: 证明材料编号
    proof = forms.CharField(label=gettext_lazy("Number of the report or other proof"), max_length=80, required=False)

    title_field = "name"
    groups = (("", ("owner", "role", "name", "credit_code", "capital")), ("", ("disowned", "proof")))
    suffixes = {"capital": YUAN}


class AssistanceForm(HoldingForm):
    """Social assistance that a member already gets."""

    owner = owner_field(gettext_lazy("Member"))
    assistance_type = forms.ChoiceField(label=gettext_lazy("Kind"), choices=codes.with_blank(codes.ASSISTANCE_TYPES))
    # Translators: 每月金额
    monthly_amount = MoneyField(label=gettext_lazy("Amount per month"))
    since = PastDateField(label=gettext_lazy("Since"), required=False)

    groups = (("", ("owner", "assistance_type", "monthly_amount", "since")),)
    suffixes = {"monthly_amount": YUAN}

    @property
    def title(self) -> str:
        """The kind of assistance."""
        kinds = {value: str(label) for value, label in codes.ASSISTANCE_TYPES}
        return kinds.get(self.typed("assistance_type"), "")
