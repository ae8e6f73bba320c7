"""What changed for a household since its last check, in words."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from verification.comparison import Change
from verification.wording.amounts import quantity, signed
from verification.wording.criteria import criterion_name, unit_of
from verification.wording.findings import finding_name, finding_text
from verification.wording.lines import line_text
from verification.wording.terms import OUTCOMES, source_name

KINDS: Mapping[str, str | Promise] = {
    # Translators: 条件结果变化
    "criterion_turned": _("Criterion turned"),
    # Translators: 新增疑点
    "finding_new": _("New finding"),
    # Translators: 疑点重现
    "finding_back": _("Finding is back"),
    # Translators: 疑点消除
    "finding_gone": _("Finding is gone"),
    # Translators: 新增记录
    "record_new": _("New record"),
    # Translators: 金额变化
    "record_changed": _("Amount changed"),
    # Translators: 记录消失
    "record_gone": _("Record is gone"),
    # Translators: 来源本次未反馈
    "source_silent": _("Source is silent now"),
    # Translators: 标准变化
    "standard_changed": _("Standard changed"),
}
TONES: Mapping[str, str] = {
    "finding_new": "warning",
    "finding_back": "warning",
    "finding_gone": "success",
    "source_silent": "warning",
}
VERDICTS: Mapping[str, str | Promise] = {
    # Translators: 符合
    "met": _("Met"),
    # Translators: 不符合
    "failed": _("Not met"),
    # Translators: 待判定
    "unknown": _("Open"),
}
VERDICT_TONES: Mapping[str, str] = {"met": "success", "failed": "danger", "unknown": "warning"}


def change_name(kind: str) -> str:
    """What kind of change it is."""
    return str(KINDS[kind])


def change_tone(change: Change) -> str:
    """How it is marked: a criterion as it stands now."""
    return VERDICT_TONES[change.verdicts[1]] if change.verdicts else TONES.get(change.kind, "info")


def change_text(change: Change, names: Mapping[str, str], standards: Mapping[str, str]) -> str:
    """A change as one line. `names` of sources by code, `standards` by id."""
    if change.kind == "criterion_turned":
        return _turned(change)
    if change.kind == "standard_changed":
        told = {"was": standards.get(change.was, change.was), "now": standards.get(change.now, change.now)}
        return gettext("%(was)s → %(now)s") % told
    if change.kind == "source_silent":
        told = {"source": source_name(change.source, names), "outcome": str(OUTCOMES[change.name])}
        # Translators: %(source)s上次已反馈，本次：%(outcome)s
        return gettext("%(source)s answered the last time; now: %(outcome)s") % told
    if change.line is None:
        told = {"name": finding_name(change.name), "text": finding_text(change.name, change.params, names=names)}
        # Translators: %(name)s：%(text)s
        return gettext("%(name)s: %(text)s") % told
    return _record(change, line_text(change.line))


def _turned(change: Change) -> str:
    unit = unit_of(change.name, change.unit)
    told = {
        "name": criterion_name(change.name, change.unit),
        "was": str(VERDICTS[change.verdicts[0]]),
        "now": str(VERDICTS[change.verdicts[1]]),
        "before": quantity(change.was, unit),
        "after": quantity(change.now, unit),
    }
    # Translators: %(name)s：%(was)s → %(now)s（%(before)s → %(after)s）
    return gettext("%(name)s: %(was)s → %(now)s (%(before)s → %(after)s)") % told


def _record(change: Change, what: str) -> str:
    if not change.unit:
        return what
    was, now = quantity(change.was, change.unit), quantity(change.now, change.unit)
    if change.kind != "record_changed":
        # Translators: %(what)s：%(amount)s
        return gettext("%(what)s: %(amount)s") % {"what": what, "amount": now if change.now else was}
    told = {"what": what, "was": was, "now": now, "difference": _difference(change)}
    # Translators: %(what)s：%(was)s → %(now)s（%(difference)s）
    return gettext("%(what)s: %(was)s → %(now)s (%(difference)s)") % told


def _difference(change: Change) -> str:
    return signed(Decimal(change.now) - Decimal(change.was), change.unit)
