"""Form fields of the declaration: each takes what people type, and says what to correct when it cannot be taken."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau import identifiers, workdays

LARGEST_AMOUNT: Final = Decimal("999999999.99")
LARGEST_AREA: Final = Decimal("9999.99")
EARLIEST: Final = date(1900, 1, 1)
DATE_FORMATS: Final = ["%Y-%m-%d", "%Y%m%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]
PHONE: Final = re.compile(r"1[3-9]\d{9}|(?:0\d{2,3}-?)?[2-9]\d{6,7}", re.ASCII)
UNIT_NUMBER: Final = re.compile(r"[0-9A-Z]{28}", re.ASCII)  # GB/T 37346: 28 characters


class NameField(forms.CharField):
    """A person's name: Han characters (also rare ones), or letters with a dot, hyphen or space between the parts."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=60, **options)

    def clean(self, value: Any) -> str:
        """The name with one kind of middle dot and single spaces."""
        name = re.sub(r"\s+", " ", re.sub(r"[•・‧∙●.．]", "·", super().clean(value)))
        if name and not all(character.isalpha() or character in "·-' " for character in name):
            raise ValidationError(_("A name has no digits or signs. Enter it as on the ID card."), code="name")
        return name


class _IdentifierField(forms.CharField):
    """Text that one of the readers of bureau/identifiers.py takes or refuses."""

    reader: Callable[[str], str]

    def clean(self, value: Any) -> str:
        """The normal form; blank when blank is allowed."""
        text = unicodedata.normalize("NFKC", super().clean(value))
        if not text:
            return ""
        try:
            return type(self).reader(text)
        except identifiers.IdentifierError as error:
            raise ValidationError(_(error.message) % error.params, code=error.code) from None


class IdNumberField(_IdentifierField):
    """A resident ID number of 18 characters, or an old one of 15, which becomes its 18."""

    @staticmethod
    def reader(text: str) -> str:
        """The 18 characters."""
        return identifiers.normalise_id(text)


class CreditCodeField(_IdentifierField):
    """A unified social credit code."""

    @staticmethod
    def reader(text: str) -> str:
        """The 18 characters."""
        return identifiers.normalise_credit_code(text)


class PhoneField(forms.CharField):
    """A mobile number, or a fixed line with or without area code."""

    def clean(self, value: Any) -> str:
        """Digits, with the hyphen behind an area code if it was typed."""
        phone = re.sub(r"[\s()（）]", "", unicodedata.normalize("NFKC", super().clean(value)))
        if phone and not PHONE.fullmatch(phone):
            raise ValidationError(
                _("A mobile number has 11 digits; write a fixed line with its area code, like 0523-86210000."),
                code="phone",
            )
        return phone


class AmountField(forms.DecimalField):
    """A decimal of two places, never negative, typed with or without thousands separators and unit."""

    default_error_messages = {
        # Translators: 请填写数字，例如 12000 或 12000.50
        "invalid": gettext_lazy("Enter a number, such as 12000 or 12000.50."),
        "min_value": gettext_lazy("This is never negative. Enter 0 if there is none."),
        "max_value": gettext_lazy("This is more than %(limit_value)s. Check whether a digit is too many."),
        "max_decimal_places": gettext_lazy("Two places behind the point are enough."),
        "max_digits": gettext_lazy("This number is too long. Check whether a digit is too many."),
        "max_whole_digits": gettext_lazy("This number is too long. Check whether a digit is too many."),
    }

    def __init__(self, *, most: Decimal, least: Decimal = Decimal(0), **options: Any) -> None:
        super().__init__(min_value=least, max_value=most, decimal_places=2, **options)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # the stubs see an IntegerField
        """The number behind what was typed."""
        if isinstance(value, str):
            value = re.sub(r"[\s,，元¥￥]", "", unicodedata.normalize("NFKC", value))
            if re.search("[eE_]", value):  # Python would read them as numbers
                raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class MoneyField(AmountField):
    """CNY from 0 to 999,999,999.99."""

    def __init__(self, **options: Any) -> None:
        super().__init__(most=LARGEST_AMOUNT, **options)


class AreaField(AmountField):
    """Floor area in m², above 0."""

    default_error_messages = {"min_value": gettext_lazy("An area is larger than 0.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(most=LARGEST_AREA, least=Decimal("0.01"), **options)


class PastDateField(forms.DateField):
    """A day that has come, typed in any of the usual ways."""

    default_error_messages = {"invalid": gettext_lazy("Enter a day that exists, such as 2019-12-08.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=DATE_FORMATS, **options)

    def clean(self, value: Any) -> date | None:
        """The date; refused when it lies in the future or before 1900."""
        day: date | None = super().clean(unicodedata.normalize("NFKC", value) if isinstance(value, str) else value)
        if day is not None and day > workdays.today():
            raise ValidationError(_("This day lies in the future. Enter a day up to today."), code="future")
        if day is not None and day < EARLIEST:
            raise ValidationError(_("This day lies before 1900. Check the year."), code="too_early")
        return day
