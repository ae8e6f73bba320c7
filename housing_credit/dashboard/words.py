"""Periods in words."""

from django.utils.translation import gettext as _

from housing_credit.dashboard.periods import Span


def period_name(span: Span) -> str:
    """All time, 2026, 2026 Q4, 2026-11."""
    if span.begins is None:
        # Translators: 全部时间
        return _("All time")
    values = {"year": span.begins.year, "month": f"{span.begins.month:02d}", "quarter": span.begins.month // 3 + 1}
    if span.size == "year":
        # Translators: %(year)s年
        return _("%(year)s (year)") % values
    if span.size == "quarter":
        # Translators: %(year)s年第%(quarter)s季度
        return _("%(year)s Q%(quarter)s") % values
    # Translators: %(year)s年%(month)s月
    return _("%(year)s-%(month)s") % values


def size_name(size: str) -> str:
    """By which spans a period is divided."""
    # Translators: 按月
    names = {"month": _("By month"), "quarter": _("By quarter"), "year": _("By year")}
    return names[size]
