"""Single words of the check centre: sections, outcomes, conclusions, record kinds, purposes, sources."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bureau.composed import Composed
from verification.models import Source

Words = Mapping[str, str | Promise]
NAMED = Composed(lambda: Source.objects.values_list("code", "name_zh", "name_en"))

SECTIONS: Words = {
    # Translators: 家庭成员
    "household": _("Household"),
    # Translators: 收入
    "income": _("Income"),
    # Translators: 住房
    "homes": _("Homes"),
    # Translators: 车辆
    "vehicles": _("Vehicles"),
    # Translators: 存款与金融资产
    "assets": _("Deposits and financial assets"),
    # Translators: 经营投资
    "business": _("Business"),
    # Translators: 救助与保障
    "assistance": _("Assistance"),
}

OUTCOMES: Words = {
    # Translators: 有记录
    "found": _("Found"),
    # Translators: 查无
    "none": _("No record"),
    # Translators: 超时未回
    "timeout": _("Timed out"),
    # Translators: 拒绝查询
    "refused": _("Refused to answer"),
    # Translators: 报文有误
    "broken": _("Broken reply"),
    # Translators: 来源不可用
    "unavailable": _("Unavailable"),
    # Translators: 身份不符
    "identity_mismatch": _("Identity mismatch"),
    # Translators: 不归其管
    "not_in_charge": _("Not in charge"),
    # Translators: 未查询
    "not_asked": _("Not asked"),
    # Translators: 暂不采用
    "kept_back": _("Kept back"),
}

CONCLUSIONS: Words = {
    # Translators: 符合
    "fit": _("Fit"),
    # Translators: 不符合
    "unfit": _("Unfit"),
    # Translators: 数据不全
    "incomplete": _("Incomplete"),
}

RECORD_KINDS: Words = {
    # Translators: 住房
    "housing": _("Housing"),
    # Translators: 户籍与人口
    "registration": _("Registration"),
    # Translators: 婚姻登记
    "marriage": _("Marriage"),
    # Translators: 车辆
    "vehicle": _("Vehicles"),
    # Translators: 工商登记
    "business": _("Business registration"),
    # Translators: 税务
    "tax": _("Tax"),
    # Translators: 住房公积金
    "fund": _("Provident fund"),
    # Translators: 社会保险
    "insurance": _("Social insurance"),
    # Translators: 银行存款
    "deposit": _("Bank deposits"),
    # Translators: 社会救助
    "assistance": _("Social assistance"),
}

PURPOSES: Words = {
    # Translators: 公共租赁住房申请核对
    "public_rental": _("Application for public rental housing"),
    # Translators: 租赁补贴申请核对
    "rental_subsidy": _("Application for a rental subsidy"),
    # Translators: 在保家庭定期复核
    "periodic_review": _("Periodic review of a household in protection"),
    # Translators: 演练
    "rehearsal": _("Rehearsal"),
}

PROGRAMMES: Words = {
    # Translators: 公共租赁住房
    "public_rental": _("Public rental housing"),
    # Translators: 租赁补贴
    "rental_subsidy": _("Rental subsidy"),
}

MODES: Words = {
    # Translators: 接口
    "api": _("Interface"),
    # Translators: 批量
    "batch": _("Batch"),
    # Translators: 人工
    "manual": _("By hand"),
}

ORIGINS: Words = {
    # Translators: 申报
    "declared": _("Declared"),
    # Translators: 标准
    "standard": _("By the standard"),
}


def section_name(section: str) -> str:
    """A section of the statement."""
    return str(SECTIONS[section])


def outcome_name(outcome: str) -> str:
    """What came of asking one source about one person."""
    return str(OUTCOMES[str(outcome)])


def conclusion_name(conclusion: str) -> str:
    """fit, unfit, incomplete."""
    return str(CONCLUSIONS[conclusion])


def record_kind(kind: str) -> str:
    """One of the ten kinds of record."""
    return str(RECORD_KINDS[str(kind)])


def purpose_name(purpose: str) -> str:
    """Why a check is made (核对类别)."""
    return str(PURPOSES[purpose])


def programme_name(programme: str) -> str:
    """What is applied for."""
    return str(PROGRAMMES[programme])


def mode_name(mode: str) -> str:
    """How a reply reached us."""
    return str(MODES[str(mode)])


def mode_words(mode: str, list_number: str = "", operator: str = "") -> str:
    """How a reply reached us; of one on a request list also on which, and who answered there."""
    if not list_number:
        return mode_name(mode)
    # Translators: %(mode)s（清单 %(list)s）
    words = _now("%(mode)s (list %(list)s)") % {"mode": mode_name(mode), "list": list_number}
    # Translators: %(words)s，经办人：%(operator)s
    return _now("%(words)s, by %(operator)s") % {"words": words, "operator": operator} if operator else words


def source_names() -> dict[str, str]:
    """The names of all sources in the reader's language, by code, in their order; one query."""
    return {code: Source.named(zh, en) for code, zh, en in NAMED.rows()}


def source_name(code: str, names: Mapping[str, str]) -> str:
    """Where a line of the statement comes from: a source, the declaration, or the standard itself."""
    return str(ORIGINS.get(code) or names.get(code, code))


def completeness(answered: int, asked: int) -> str:
    """How many of the sources have told of every person: `21 / 24`."""
    return _now("%(answered)s / %(asked)s") % {"answered": answered, "asked": asked}
