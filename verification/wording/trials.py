"""Trials of standards in words: what would become of a household, what turned it, whose results were tried."""

from collections.abc import Iterator, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from verification.comparison import Tried, Turned
from verification.comparison.trying import SOURCES
from verification.wording.amounts import limit, quantity
from verification.wording.changes import VERDICTS
from verification.wording.criteria import PROPOSALS, criterion_name, unit_of

KINDS: Mapping[str, str | Promise] = {
    # Translators: 转为不符合
    "leaves": _("Leaves: fit to unfit"),
    # Translators: 转为符合
    "joins": _("Joins: unfit to fit"),
    # Translators: 转为数据不全
    "opens": _("Becomes open"),
    # Translators: 数据不全转为可判定
    "settles": _("Open result settles"),
    # Translators: 无法试算
    "failed": _("Could not be tried"),
    # Translators: 结果不变
    "stays": _("Stays as it is"),
}
TONES: Mapping[str, str] = {
    "leaves": "danger",
    "joins": "success",
    "opens": "warning",
    "settles": "info",
    "failed": "warning",
    "stays": "neutral",
}
STANDING: Mapping[str, str | Promise] = {
    **VERDICTS,
    # Translators: 未达标，疑点已排除
    "dismissed": _("Not met, finding dismissed"),
    # Translators: 未设此条件
    "not_set": _("Not a criterion"),
}
# Translators: 必需来源的反馈
WANTED = _("Answers that are required")


def kind_name(kind: str) -> str:
    """What would become of a household."""
    return str(KINDS[kind])


def kind_tone(kind: str) -> str:
    """How it is marked."""
    return TONES[kind]


def turned_by(name: str) -> str:
    """The criterion that turned a result, or the answers that a standard wants."""
    return str(WANTED) if name == SOURCES else criterion_name(name)


def turned_texts(found: Tried, names: Mapping[str, str]) -> list[str]:
    """Why the result would be another one, a line for each criterion; `names` of sources by code."""
    return [_turned(each) for each in found.turned] or list(_wanted(found, names))


def _turned(turned: Turned) -> str:
    unit = unit_of(turned.name, turned.unit)
    was, now = (limit(turned.operator, amount, unit) for amount in turned.limits)
    told = {
        "name": criterion_name(turned.name, turned.unit),
        "value": quantity(turned.value, unit),
        "was": f"{STANDING[turned.verdicts[0]]}",
        "now": f"{STANDING[turned.verdicts[1]]}",
        "limit_was": was,
        "limit_now": now,
    }
    # Translators: %(name)s %(value)s：%(was)s（%(limit_was)s）→ %(now)s（%(limit_now)s）
    return gettext("%(name)s %(value)s: %(was)s (%(limit_was)s) → %(now)s (%(limit_now)s)") % told


def _wanted(found: Tried, names: Mapping[str, str]) -> Iterator[str]:
    """What is wanted of the sources; nothing of members, whose names do not stand here."""
    for reason in found.reasons:
        head, colon, rest = reason.partition(":")
        source = rest.partition(":")[0]
        if colon and head in {"missing", "stale"}:
            yield str(PROPOSALS[head]) % {"source": names.get(source, source), "member": ""}
