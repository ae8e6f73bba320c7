"""Which tone and which word a state gets on screen. One place, so that a state looks the same on every page."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TONES = frozenset({"neutral", "info", "success", "warning", "danger"})

Tone = tuple[str, str | Promise]

# Colour says whether the source answered, the word says what: a found home is no success, but its answer is there.
OUTCOMES: Mapping[str, Tone] = {
    # Translators: 有记录
    "found": ("success", _("Found")),
    # Translators: 查无
    "none": ("success", _("No record")),
    # Translators: 超时未回
    "timeout": ("danger", _("Timed out")),
    # Translators: 拒绝查询
    "refused": ("danger", _("Refused to answer")),
    # Translators: 报文有误
    "broken": ("danger", _("Broken reply")),
    # Translators: 来源不可用
    "unavailable": ("danger", _("Unavailable")),
    # Translators: 身份不符
    "identity_mismatch": ("warning", _("Identity mismatch")),
    # Translators: 不归其管
    "not_in_charge": ("neutral", _("Not in charge")),
    # Translators: 未查询
    "not_asked": ("neutral", _("Not asked")),
    # Translators: 暂不采用
    "kept_back": ("warning", _("Kept back")),
    # Translators: 待发出
    "waiting": ("neutral", _("Waiting")),
    # Translators: 查询中
    "asking": ("info", _("Asking")),
    # Translators: 待重试
    "retrying": ("warning", _("To be retried")),
}

CONCLUSIONS: Mapping[str, Tone] = {
    # Translators: 核对通过
    "fit": ("success", _("Fit")),
    # Translators: 核对未通过
    "unfit": ("danger", _("Unfit")),
    # Translators: 核对不完整
    "incomplete": ("warning", _("Incomplete")),
    # Translators: 尚无结论
    "": ("neutral", _("No conclusion yet")),
}

TASK_STATES: Mapping[str, Tone] = {
    # Translators: 未开始
    "not_started": ("neutral", _("Not started")),
    # Translators: 进行中
    "in_progress": ("info", _("In progress")),
    # Translators: 已完成
    # Translators: 已完成（填报任务）
    "done": ("success", _("Completed")),
    # Translators: 有误
    "error": ("danger", _("Has errors")),
    # Translators: 暂不能填
    "blocked": ("neutral", _("Not yet open")),
}

STEP_STATES: Mapping[str, str | Promise] = {
    # Translators: 已通过
    "done": _("Agreed"),
    # Translators: 办理中
    "current": _("In hand"),
    # Translators: 未到
    "todo": _("Not reached"),
    # Translators: 已退回
    "returned": _("Returned"),
    # Translators: 已驳回
    "stopped": _("Rejected"),
}


def checked(tone: str) -> str:
    """The tone itself; raises ValueError for a word that no style knows."""
    if tone not in TONES:
        raise ValueError(f"no such tone: {tone}")
    return tone


def of_outcome(outcome: str) -> Tone:
    """Raises KeyError for an outcome that has no word yet, so that none is shown as a blank."""
    return OUTCOMES[outcome]


def of_conclusion(conclusion: str) -> Tone:
    """fit, unfit, incomplete, or an empty string while there is none."""
    return CONCLUSIONS[conclusion]


def of_task(state: str) -> Tone:
    """The state of one section of the intake."""
    return TASK_STATES[state]


def of_days_left(days: int) -> str:
    """danger once overdue, warning within two working days, else neutral."""
    if days < 0:
        return "danger"
    return "warning" if days <= 2 else "neutral"
