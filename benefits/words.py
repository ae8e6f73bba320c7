"""Amounts and their working in the words of their reader: what each step of `rent` is called, and its unit."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from verification.wording import quantity

# Name of a step in `rent.Sum` -> (its label, its unit; no unit: a bare number)
STEPS: Mapping[str, tuple[str | Promise, str]] = {
    # Translators: 保障面积标准
    "standard_area": (_("Standard area of such a household"), "m2"),
    # Translators: 自有住房面积
    "own_area": (_("Floor area that it owns"), "m2"),
    # Translators: 计算面积
    "area": (_("Area reckoned with"), "m2"),
    # Translators: 档次系数
    "factor": (_("Factor of the tier"), ""),
    # Translators: 每平方米单价
    "rate": (_("Per m² a month"), "cny"),
    # Translators: 面积 × 单价
    "sum": (_("Area by rate"), "cny"),
    # Translators: 最低补贴额
    "floor": (_("Raised to the least amount"), "cny"),
    # Translators: 以实际租金为上限
    "rent_cap": (_("Limited by the rent that is paid"), "cny"),
    # Translators: 单价以上限为准
    "ceiling": (_("Rate limited by the ceiling"), "cny"),
    # Translators: 合同租金
    "contract": (_("Rent of the contract"), "cny"),
    # Translators: 逾期腾退月数
    "months": (_("Months beyond the last day to leave"), ""),
    # Translators: 月金额
    "result": (pgettext_lazy("working", "Amount a month"), "cny"),
}
AGES = (
    # Translators: 不满3个月
    _("Less than 3 months"),
    # Translators: 3个月以上不满6个月
    _("3 months and more"),
    # Translators: 6个月以上不满12个月
    _("6 months and more"),
    # Translators: 12个月以上
    _("12 months and more"),
)


def working(steps: Iterable[Iterable[str]]) -> list[tuple[str, str]]:
    """The steps that led to an amount, as (label, value with its unit); an unknown step keeps its name."""
    return [_step(*step) for step in steps]


def _step(name: str, value: str) -> tuple[str, str]:
    label, unit = STEPS.get(name, (name, ""))
    return str(label), quantity(Decimal(value), unit) if unit else f"{Decimal(value).normalize():f}"
