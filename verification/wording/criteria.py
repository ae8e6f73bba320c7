"""The criteria of a standard in words: what is judged, by how much, and why it came out so."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bureau import letter_data
from verification.figures import Criterion
from verification.wording.amounts import limit, quantity
from verification.wording.lines import ASSISTANCE
from verification.wording.terms import source_names

CRITERIA: Mapping[str, str | Promise] = {
    # Translators: 本地户籍年限
    "residence": _("Local household registration"),
    # Translators: 救助证件
    "certificate": _("Assistance certificate held"),
    # Translators: 家庭人均月收入
    "income": _("Income per person a month"),
    # Translators: 住房建筑面积
    "area": _("Floor area"),
    # Translators: 金融资产
    "assets": _("Financial assets"),
    # Translators: 机动车辆数量
    "vehicles": _("Number of vehicles"),
    # Translators: 车辆价格
    "vehicle_price": _("Price of the dearest vehicle"),
    # Translators: 经营投资出资额
    "business": _("Capital in businesses"),
    # Translators: 单身申请人年龄
    "single_age": _("Age of a person applying alone"),
    # Translators: 其他住房保障
    "one_benefit": _("Other housing protection"),
}

WHOLE: Mapping[str, str | Promise] = {
    # Translators: 家庭住房建筑面积
    "area": _("Floor area of the household"),
    # Translators: 家庭金融资产
    "assets": _("Financial assets of the household"),
}
WHOLE_UNITS = frozenset({"cny", "m2"})
PER_PERSON_UNITS = frozenset({"cny_head", "m2_head"})
PER_PERSON: Mapping[str, str | Promise] = {
    # Translators: 人均住房建筑面积
    "area": _("Floor area per person"),
    # Translators: 人均金融资产
    "assets": _("Financial assets per person"),
}

# What a criterion is counted in where the reason alone is known; those per head or in the whole say just the amount.
UNITS: Mapping[str, str] = {
    "residence": "years",
    "certificate": "years",
    "income": "cny_head_month",
    "area": "m2",
    "assets": "cny",
    "vehicles": "vehicles",
    "vehicle_price": "cny",
    "business": "cny",
    "single_age": "years_of_age",
    "one_benefit": "benefits",
}

VERDICTS: Mapping[str, str | Promise] = {
    # Translators: %(name)s为 %(value)s，符合标准（%(limit)s）。
    "met": _("%(name)s: %(value)s, which meets the standard (%(limit)s)."),
    # Translators: %(name)s为 %(value)s，标准要求%(limit)s，不符合。
    "failed": _("%(name)s: %(value)s; the standard asks for %(limit)s."),
    # Translators: %(name)s尚不能判定：缺少 %(sources)s 的当前反馈。
    "unknown": _("%(name)s cannot be judged yet: no current answer from %(sources)s."),
    # Translators: %(name)s尚不能判定：缺少所需数据。
    "no_figure": _("%(name)s cannot be judged yet: a figure is missing."),
}

SPECIAL: Mapping[str, str | Promise] = {
    # Translators: 家庭未持有下列证件：%(certificates)s。
    "certificate.none": _("The household holds none of these: %(certificates)s."),
    # Translators: 家庭已享受其他住房保障 %(value)s；一户家庭只能享受一种住房保障。
    "one_benefit.failed": _(
        "The household already has %(value)s of housing protection; a household may have only one."
    ),
    # Translators: 家庭未享受其他住房保障。
    "one_benefit.met": _("The household has no other housing protection."),
    # Translators: %(vehicles)s 价格不明，须先查明。
    "vehicle_price.unpriced": _("The price of %(vehicles)s is not known and has to be found out."),
    # Translators: 有出资额 %(disputed)s 的企业，成员称系冒名登记，须先认定。
    "business.disputed": _(
        "A member disowns a business with a capital of %(disputed)s (registered without consent); settle that first."
    ),
    # Translators: 家庭名下没有计入的车辆。
    "vehicles.met_without": _("The household has no vehicle that counts."),
}


def criterion_name(name: str, unit: str = "") -> str:
    """What is judged; by the unit, where the standard may judge a figure per person or that of the whole household."""
    by_unit = PER_PERSON if unit in PER_PERSON_UNITS else WHOLE if unit in WHOLE_UNITS else CRITERIA
    return str(by_unit.get(name) or CRITERIA[name])


def verdict_word(met: bool | None) -> str:
    """How a criterion came out."""
    # Translators: 符合 / 不符合 / 待判定
    return {True: gettext("Met"), False: gettext("Not met"), None: gettext("Open")}[met]


def criterion_limit(criterion: Criterion) -> str:
    """The line: `低于 4,480.00 元/人·月`."""
    return limit(criterion.operator, criterion.limit, unit_of(criterion.name, criterion.unit))


def criterion_distance(criterion: Criterion) -> str:
    """How far inside the line, or beyond it."""
    if criterion.distance is None:
        return "--"
    if criterion.distance == 0:
        if criterion.met is False:
            # Translators: 恰在标准线上，不符合
            return gettext("exactly on the line, which does not meet it")
        # Translators: 恰在标准线
        return gettext("exactly on the line")
    amount = quantity(abs(criterion.distance), unit_of(criterion.name, criterion.unit))
    if criterion.distance < 0:
        # Translators: 超出 %(amount)s
        return gettext("%(amount)s beyond the line") % {"amount": amount}
    # Translators: 距标准 %(amount)s
    return gettext("%(amount)s inside the line") % {"amount": amount}


def unit_of(name: str, unit: str) -> str:
    """The unit to print; an age is not counted as a span of years."""
    return "years_of_age" if name == "single_age" else unit


def criterion_reason(
    reason_code: str, params: Mapping[str, str], *, unit: str = "", names: Mapping[str, str] | None = None
) -> str:
    """Why a criterion came out so, as a full sentence. `names` are source names by code, read when not given."""
    name, _dot, verdict = reason_code.partition(".")
    counted_in = unit_of(name, unit or UNITS[name])
    told = {
        "name": criterion_name(name, unit_of(name, unit)),
        "value": quantity(params.get("value"), counted_in),
        "limit": limit(params["operator"], params["limit"], counted_in) if params.get("limit") else "--",
        "vehicles": quantity(params.get("vehicles"), "vehicles"),
        "disputed": quantity(params.get("disputed"), "cny"),
        "certificates": listed(str(ASSISTANCE[code]) for code in params.get("certificates", "").split(",") if code),
    }
    if reason_code in SPECIAL:
        return str(SPECIAL[reason_code]) % told
    if verdict == "unknown":
        if not params.get("sources"):
            return str(VERDICTS["no_figure"]) % told
        known = source_names() if names is None else names
        told["sources"] = listed(known.get(code, code) for code in params["sources"].split(","))
    return str(VERDICTS[verdict]) % told


def listed(words: Iterable[str]) -> str:
    """Several words in a row, with the separator of the language."""
    # Translators: 、
    return gettext(", ").join(words)


def reason_words(criterion: Criterion, names: Mapping[str, str] | None = None) -> str:
    """Why this criterion came out so."""
    return criterion_reason(criterion.reason, criterion.params, unit=criterion.unit, names=names)


PROPOSALS: Mapping[str, str | Promise] = {
    # Translators: %(name)s不符合标准的疑点经人工排除，须查明后重新核对。
    "dismissed": _("%(name)s: a person dismissed that it fails; the wrong record has to be mended and asked again."),
    # Translators: %(source)s 未反馈，而其答复是必需的。
    "missing": _("%(source)s has not answered, and its answer is required."),
    # Translators: %(source)s 的数据已过期，而其反馈是必需的。
    "stale": _("%(source)s answered by old data, and its answer is required."),
    # Translators: %(source)s的反馈存疑，恢复查询前暂不采用。
    "kept_back": _("The answers of %(source)s are kept back until an officer releases it."),
    # Translators: %(source)s：%(member)s 身份不符，须先核实。
    "mismatch": _("%(source)s: the identity of %(member)s does not match; that has to be settled first."),
}


def proposal_reason(
    code: str, criteria: Iterable[Criterion], *, names: Mapping[str, str], members: Mapping[str, str]
) -> str:
    """One reason of a proposed conclusion as a sentence: a criterion failed or open, or who owes an answer."""
    head, _colon, rest = code.partition(":")
    if rest:
        source, _colon, member = rest.partition(":")
        told = {"source": names.get(source, source), "member": members.get(member, member)}
        return str(PROPOSALS[head]) % told
    name, _dot, verdict = code.partition(".")
    criterion = next(each for each in criteria if each.name == name)
    if verdict == "dismissed":
        return str(PROPOSALS["dismissed"]) % {"name": criterion_name(name, criterion.unit)}
    return reason_words(criterion, names)


def criterion_for_letter(criterion: Criterion) -> letter_data.Criterion:
    """A criterion as letters and the report print it."""
    return letter_data.Criterion(
        name=criterion_name(criterion.name, criterion.unit),
        value=quantity(criterion.value, unit_of(criterion.name, criterion.unit)),
        limit=criterion_limit(criterion),
        met=criterion.met,
        basis=criterion.article,
    )
