"""How a figure comes about, in words: which of several values is used, and how a total becomes a share."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from verification.figures import Criterion, Operator
from verification.standards import Standard
from verification.statement import Line, Statement
from verification.wording.amounts import quantity
from verification.wording.criteria import criterion_distance, unit_of

# By criterion, as verification/statement works it out.
RULES: Mapping[str, str | Promise] = {
    # Translators: 以户籍登记为准，在标准要求的人数内取年限最短的成年人，按满年计算。
    "residence": _(
        "The register decides: full years of the adult with the shortest time among as many as the standard asks for."
    ),
    # Translators: 以社会救助登记为准，按证件连续有效的满年计算。
    "certificate": _("The register decides: full years that a certificate of this tier has run without a break."),
    # Translators: 每人每类收入取申报与核实中的较大者；多个来源反映同一收入的只计一次，取较大者……
    "income": _(
        "Of each member and kind of income the larger of declared and found is used. An income of which several "
        "sources tell counts once, by the larger; taxed wages come first where they cover the months insured."
    ),
    # Translators: 每套住房只计一次，按份额计入……
    "area": _(
        "Each home counts once, by the owner's share; what is registered goes before what was declared of it, and of "
        "several records the larger. Homes that are rented or borrowed do not count."
    ),
    # Translators: 每人取银行反馈与申报中的较大者……
    "assets": _(
        "Of each member the larger of what banks tell and what was declared is used; other assets count as declared. A "
        "joint account counts once. Money moved away before the check counts by the daily average of six months."
    ),
    # Translators: 名下现有的自用车辆按号牌各计一次；标准规定不计的不计。
    "vehicles": _("Each vehicle held and in private use counts once, by its plate, unless the standard leaves it out."),
    # Translators: 取计入车辆中价格最高的一辆；同一车辆有多个价格的，取较高者。
    "vehicle_price": _("The dearest of the vehicles that count; of several prices of one vehicle the highest."),
    # Translators: 每人对同一企业的出资只计一次，取申报与登记中的较大者；冒名登记已撤销的不计。
    "business": _(
        "A member's capital in a business counts once, the larger of declared and registered; not what was registered "
        "by an impostor and revoked."
    ),
    # Translators: 按身份证号码所载出生日期计算周岁。
    "single_age": _("Full years by the date of birth in the ID number."),
    # Translators: 正在享受的其他住房保障计入；本次复核的保障和已申报的承租公房不计。
    "one_benefit": _(
        "Other housing protection that runs counts; not the one under review, and not a public lease that was declared."
    ),
}

WHOLE_UNITS: Mapping[str, str] = {"cny_head_month": "cny", "cny_head": "cny", "m2_head": "m2"}


def netting_rule(criterion: str) -> str:
    """Which of the values is used for a figure, and why."""
    return str(RULES[criterion])


def whole_unit(unit: str) -> str:
    """In what the total is counted of which a figure is the share of each."""
    return WHOLE_UNITS.get(unit, unit)


def nothing_declared() -> str:
    """Where the household wrote nothing of a figure."""
    # Translators: 未申报
    return gettext("Nothing declared")


def others_together() -> str:
    """The lines of members whose lines are told to others only as a sum."""
    # Translators: 其他成员合计
    return gettext("Other members together")


def quiet_words(sources: int, *, of_all: bool) -> str:
    """The sources that have nothing to list under a figure: as they know of nothing, or only of who is not shown."""
    if of_all:
        # Translators: 查无此类记录的来源：%(count)s 个
        words = ngettext(
            "Nothing of this on record: %(count)s source", "Nothing of this on record: %(count)s sources", sources
        )
    else:
        # Translators: 对所列成员无此类记录的来源：%(count)s 个
        words = ngettext(
            "Nothing of the members shown here: %(count)s source",
            "Nothing of the members shown here: %(count)s sources",
            sources,
        )
    return words % {"count": sources}


def value_words(criterion: Criterion, total: Decimal, persons: int, months: int) -> str:
    """The value used, with the division that leads to it: `88,800.00 元 ÷ 3 人 ÷ 12 个月 = 2,466.67 元/人·月`."""
    unit = unit_of(criterion.name, criterion.unit)
    value = quantity(criterion.value, unit)
    if unit not in WHOLE_UNITS or criterion.value is None:
        return value
    parts = [quantity(total, WHOLE_UNITS[unit]), quantity(persons, "persons")]
    if unit == "cny_head_month":
        parts.append(quantity(months, "months"))
    return f"{' ÷ '.join(parts)} = {value}"


def distance_words(criterion: Criterion) -> str:
    """How far inside the line or beyond it, in its unit and as a share of the limit; of years the number says all."""
    words = criterion_distance(criterion)
    if not criterion.distance or not criterion.limit or criterion.unit == "years":
        return words
    share = f"{abs(criterion.distance) / criterion.limit:.1%}"
    # Translators: %(words)s，为标准值的 %(share)s
    return gettext("%(words)s, %(share)s of the limit") % {"words": words, "share": share}


def line_amount(line: Line, criterion: Criterion) -> str:
    """What a line adds, in the unit in which the total of the figure is counted; the price of the dearest vehicle."""
    unit = whole_unit(unit_of(criterion.name, criterion.unit))
    return quantity(line.amount if criterion.name == "vehicle_price" else line.counted, unit)


def more_to_the_line(criterion: Criterion, statement: Statement) -> str:
    """What would have to come on top, in all, for a figure to reach its line; empty for a figure that must be large."""
    if criterion.limit is None or criterion.value is None or criterion.operator == Operator.AT_LEAST:
        return ""
    unit = unit_of(criterion.name, criterion.unit)
    total = sum((statement.line(number).counted for number in criterion.lines), Decimal(0))
    if unit not in WHOLE_UNITS or not criterion.value:
        return quantity(criterion.limit - criterion.value, whole_unit(unit))
    shares = (total / criterion.value).quantize(Decimal(1))  # by how many the total was divided
    return quantity(criterion.limit * shares - total, WHOLE_UNITS[unit])


def standard_words(standard: Standard) -> str:
    """The dated standard: its name, its document, from when until when it is in force."""
    told = {
        "name": standard.name,
        "document": standard.document,
        "since": standard.effective_from.isoformat(),
        "until": standard.effective_to.isoformat() if standard.effective_to else "",
    }
    if standard.effective_to:
        # Translators: %(name)s，%(document)s，自 %(since)s 起施行，至 %(until)s 止
        return gettext("%(name)s, %(document)s, in force from %(since)s until %(until)s") % told
    # Translators: %(name)s，%(document)s，自 %(since)s 起施行
    return gettext("%(name)s, %(document)s, in force from %(since)s") % told
