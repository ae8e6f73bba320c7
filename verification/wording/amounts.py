"""Figures with their units: money with thousands and two decimals, m², years, pieces. Missing is `--`, never 0."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

Figure = Decimal | str | int | None

MISSING = "--"
CENT = Decimal("0.01")

# unit of a criterion or a difference -> (decimals, the words around the figure; of what is counted, by the figure)
UNITS: Mapping[str, tuple[int, str | Promise]] = {
    # Translators: %(figure)s 元/人·月
    "cny_head_month": (2, _("CNY %(figure)s per person a month")),
    # Translators: %(figure)s 元/月
    "cny_month": (2, _("CNY %(figure)s a month")),
    # Translators: %(figure)s 元/人
    "cny_head": (2, _("CNY %(figure)s per person")),
    # Translators: %(figure)s 元
    "cny": (2, _("CNY %(figure)s")),
    # Translators: %(figure)s 平方米/人
    "m2_head": (2, _("%(figure)s m² per person")),
    # Translators: %(figure)s 平方米
    "m2": (2, _("%(figure)s m²")),
    # Translators: %(figure)s 辆
    "vehicles": (0, ngettext_lazy("%(figure)s vehicle", "%(figure)s vehicles", "count")),
    # Translators: %(figure)s 年
    "years": (0, ngettext_lazy("%(figure)s year", "%(figure)s years", "count")),
    # Translators: %(figure)s 岁
    "years_of_age": (0, _("%(figure)s years of age")),
    # Translators: %(figure)s 项
    "benefits": (0, ngettext_lazy("%(figure)s benefit", "%(figure)s benefits", "count")),
    # Translators: %(figure)s 人
    "persons": (0, ngettext_lazy("%(figure)s person", "%(figure)s persons", "count")),
    # Translators: %(figure)s 个月
    "months": (0, ngettext_lazy("%(figure)s month", "%(figure)s months", "count")),
}

LIMITS: Mapping[str, str | Promise] = {
    # Translators: 低于 %(amount)s
    "<": _("below %(amount)s"),
    # Translators: 不超过 %(amount)s
    "<=": _("at most %(amount)s"),
    # Translators: 不少于 %(amount)s
    ">=": _("at least %(amount)s"),
}


def quantity(value: Figure, unit: str) -> str:
    """`4,480.00 元/人·月`, `38.50 平方米`, `2 辆`; `--` for None or an empty text. KeyError for an unknown unit."""
    decimals, words = UNITS[unit]
    if value is None or value == "":
        return MISSING
    return _with_unit(words, Decimal(value), _grouped(Decimal(value), decimals))


def _with_unit(words: str | Promise, amount: Decimal, figure: str) -> str:
    """One vehicle, two vehicles: the number of what is counted chooses the words."""
    one = 1 if abs(amount) == 1 else 2
    return str(words % {"figure": figure, "count": one})


def signed(value: Figure, unit: str) -> str:
    """The same, always with its sign: `+1,200.00 元`."""
    if value is None or value == "":
        return MISSING
    decimals, words = UNITS[unit]
    amount = Decimal(value)
    return _with_unit(words, amount, f"{'+' if amount > 0 else ''}{_grouped(amount, decimals)}")


def limit(operator: str, value: Figure, unit: str) -> str:
    """`低于 4,480.00 元/人·月`; `--` where the standard sets no limit."""
    if value is None or value == "":
        return MISSING
    return str(LIMITS[str(operator)]) % {"amount": quantity(value, unit)}


def money_of(value: Figure) -> str:
    """`12,345.60`, without its unit."""
    return MISSING if value is None or value == "" else _grouped(Decimal(value), 2)


def area_of(value: Figure) -> str:
    """`89.60`, without its unit."""
    return money_of(value)


def _grouped(amount: Decimal, decimals: int) -> str:
    """Cut to its decimals; a whole count keeps a fraction that it really has, so that no rounding hides a half."""
    if decimals == 0 and amount != amount.to_integral_value():
        decimals = 2
    step = Decimal(1).scaleb(-decimals)
    rounded = amount.quantize(step, ROUND_HALF_UP)
    return f"{rounded + 0:,.{decimals}f}"
