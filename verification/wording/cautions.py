"""What is to be borne in mind of an answer: that it is of an earlier check, that its data are old, of no stated day."""

from collections.abc import Mapping
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from verification.statement import Completeness, Line, Stale, Statement

# Translators: 数据日期未注明
NO_DAY: str | Promise = gettext_lazy("date not stated")


def cautions(completeness: Completeness, names: Mapping[str, str]) -> list[str]:
    """One sentence for each source whose answers are in doubt, whose last known answer serves, whose data are old."""
    served = [
        # Translators: %(source)s本次未反馈，沿用其 %(day)s 的反馈（核对 %(check)s）。
        _("%(source)s is silent; its last known answer of %(day)s serves (check %(check)s).")
        % {"source": names.get(source, source), "day": last_known.on.isoformat(), "check": last_known.check}
        for source, last_known in completeness.served_by_last_known.items()
    ]
    old = [_stale_sentence(names.get(source, source), stale) for source, stale in completeness.old.items()]
    doubted = [
        # Translators: %(source)s的反馈存疑，恢复查询前暂不采用。
        _("The answers of %(source)s are kept back until an officer releases it.")
        % {"source": names.get(source, source)}
        for source in completeness.in_doubt
    ]
    return doubted + served + old


def _stale_sentence(source: str, stale: Stale) -> str:
    words = {"source": source, "data": _data_of(stale.on, stale.days, stale.limit)}
    if stale.leaves_open:
        # Translators: %(source)s：%(data)s；数据未显示的内容视为未知。
        return _("%(source)s: %(data)s. What they do not show is not known.") % words
    # Translators: %(source)s：%(data)s。
    return _("%(source)s: %(data)s.") % words


def _data_of(day: date, days: int, limit: int) -> str:
    # Translators: 数据日期 %(day)s，距核对日 %(days)s 天，限 %(limit)s 天
    return _("data of %(day)s, %(days)s days old; limit %(limit)s") % {
        "day": day.isoformat(),
        "days": days,
        "limit": limit,
    }


def line_caution(line: Line, statement: Statement) -> str:
    """What is to be borne in mind of a line; empty where its source told it now and by data that are not old."""
    return person_caution(line.text.get("source", line.source), line.person, statement.completeness)


def person_caution(source: str, person: str, completeness: Completeness) -> str:
    """The same of what a source tells of a member."""
    if last_known := completeness.served_by_last_known.get(source):
        # Translators: 沿用 %(day)s 的反馈
        return _("last known of %(day)s") % {"day": last_known.on.isoformat()}
    stale = completeness.old.get(source)
    return _data_of(stale.on, stale.days, stale.limit) if stale and person in stale.persons else ""


def completeness_words(completeness: Completeness) -> str:
    """How many sources have told of every person: `21 / 24`, and how the others stand where some told of earlier."""
    # Translators: %(answered)s / %(asked)s
    parts = [_("%(answered)s / %(asked)s") % {"answered": completeness.answered, "asked": completeness.asked}]
    served, old = completeness.served_by_last_known, completeness.old
    if served:
        days = _(", ").join(sorted({each.on.isoformat() for each in served.values()}))
        # Translators: 沿用 %(count)s 个（%(days)s）
        parts.append(_("%(count)s last known of %(days)s") % {"count": len(served), "days": days})
    if stale := len({*old} - {*served}):
        # Translators: 数据过期 %(count)s 个
        parts.append(_("%(count)s with old data") % {"count": stale})
    if (served or old) and completeness.silent:
        # Translators: 未反馈 %(count)s 个
        parts.append(_("%(count)s without an answer") % {"count": completeness.silent})
    return " · ".join(parts)
