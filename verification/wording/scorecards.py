"""The columns of the scorecard: what each is called, what it means, and how its figures are written.

One list for the page, the workbook and the paper for the joint meeting. The definitions are those of
`verification/scorecards.py`, for who reads the figures.
"""

from typing import TYPE_CHECKING, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from verification.models import FAILURES
from verification.wording.terms import outcome_name

if TYPE_CHECKING:
    from datetime import date

    from verification.scorecards import Card, Line

MISSING = "--"
HOUR, MINUTE = 3600, 60


class Column(NamedTuple):
    """A column: its key, its head, and what is counted."""

    key: str
    label: str
    definition: str


def columns() -> list[Column]:
    """In the order in which they stand, after the source."""
    return [
        Column(
            "agreed",
            # Translators: 约定时限
            _("Agreed time"),
            # Translators: 自首次发出至反馈的约定时限；请求清单以清单所注日期为准。
            _("Within which an answer is in time, from the first request; of a request list the day that stands on it"),
        ),
        Column(
            "asked",
            # Translators: 查询（户次）
            _("Asked (inquiries)"),
            # Translators: 本月首次向该来源发出的查询（一户一来源为一次），含请求清单，不含演练。
            _("Inquiries put to the source for the first time in the month, over the wire or on a list; no rehearsals"),
        ),
        Column(
            "in_time",
            # Translators: 按时反馈
            _("In time"),
            # Translators: 其中在约定时限内反馈的；人工重发后才反馈的不计。
            _("Of those, answered within the agreed time; not those answered only after a person asked again"),
        ),
        Column(
            "share",
            # Translators: 按时率
            _("In time (%)"),
            # Translators: 按时反馈占查询的比例。
            _("Share of the asked that was answered in time"),
        ),
        Column(
            "trend",
            # Translators: 较上月（百分点）
            _("Against last month"),
            # Translators: 按时率较上月的变化，百分点。
            _("By how many percentage points that share differs from the month before"),
        ),
        Column(
            "failed",
            # Translators: 失败请求
            _("Failed requests"),
            # Translators: 未取得反馈的接口请求（超时、拒绝、报文有误、不可用），无论后来是否重试成功。
            _("Requests over the wire that brought no answer, by sort, whether or not a later attempt did"),
        ),
        Column(
            "ended",
            # Translators: 最终未反馈
            _("No answer in the end"),
            # Translators: 本月以未反馈告终的查询。
            _("Inquiries that ended without an answer in the month"),
        ),
        Column(
            "again",
            # Translators: 人工重发
            _("Asked again by hand"),
            # Translators: 由工作人员再次发出的查询，含改用请求清单。
            _("Inquiries that a person put to the source once more, over the wire or on a list"),
        ),
        Column(
            "contradicted",
            # Translators: 事后更正
            _("Contradicted later"),
            # Translators: 本月反馈的数据中，经异议由来源更正的行数及占反馈的比例；截至所注日期，仍会增加。
            _(
                "Lines of the month's answers that the source corrected after an objection, and their share of the"
                " answers; until today, and goes on growing"
            ),
        ),  # fmt: skip
        Column(
            "median",
            # Translators: 用时中位数
            _("Median"),
            # Translators: 取得反馈的接口请求所用时间的中位数；批量自提交起算；不含请求清单。
            _("Half of the answered requests over the wire took at most so long; a batch from handing in; no lists"),
        ),
        Column(
            "p95",
            # Translators: 用时 95 分位
            _("95th percentile"),
            # Translators: 95% 的取得反馈的接口请求所用时间不超过此值。
            _("95 of 100 answered requests over the wire took at most so long"),
        ),
        Column(
            "outage",
            # Translators: 中断（小时）
            _("Outage (h)"),
            # Translators: 因连续失败熔断与全面暂停的时长之和。
            _("How long its circuit was open after failures, and how long it was held everywhere, together"),
        ),
    ]


def month_name(month: "date") -> str:
    """`2026年11月`, `2026-11`."""
    # Translators: %(year)s年%(month)s月
    return _("%(year)s-%(month)s") % {"year": month.year, "month": f"{month.month:02d}"}


def state_of(card: "Card") -> str:
    """Whether the figures of a month are fixed, and of when they are."""
    if card.is_running:
        # Translators: 本月尚未结束，数字截至 %(at)s。
        words = _("The month is running: figures until %(at)s.")
    elif card.is_frozen:
        # Translators: 本月已固定，数字不再变化；仅“事后更正”截至 %(at)s。
        words = _("The month is closed and its figures are fixed; only what is contradicted later is of %(at)s.")
    else:
        # Translators: 本月已结束，待约定时限届满后固定；数字截至 %(at)s。
        words = _("The month is over. Its figures are fixed once the agreed times have run out; until %(at)s.")
    state = words % {"at": f"{timezone.localtime(card.as_of):%Y-%m-%d %H:%M}"}
    if card.counted_from is None:
        return state
    # Translators: %(state)s自 %(day)s 起开始统计，本月数据不是整月。
    return _("%(state)s Counting began on %(day)s, so this month is not whole.") % {
        "state": state,
        "day": f"{card.counted_from}",
    }


def value_of(line: "Line", key: str) -> float | None:
    """The figure behind a cell, for sorting; None where there is none."""
    row = line.row
    values = {
        "agreed": _agreed(line),
        "share": row.in_time_share,
        "trend": line.trend,
        "failed": row.failed_calls,
        "again": row.asked_again,
        "contradicted": line.contradicted,
        "median": row.median_ms,
        "p95": row.p95_ms,
        "outage": row.resting_seconds + row.held_seconds,
    }
    found: float | None = values[key] if key in values else getattr(row, key)
    return found


def text_of(line: "Line", key: str) -> str:
    """What stands in a cell. Nobody asked: `--`, and never 0 %."""
    value = value_of(line, key)
    if value is None:
        return MISSING
    if key == "agreed":
        return _span(value)
    if key in {"median", "p95"}:
        return _span(value / 1000)
    if key == "share":
        return f"{value:.1%}"
    if key == "trend":
        points = round(value * 100, 1)
        return f"{points:+.1f}" if points else "0.0"
    return f"{value / HOUR:,.1f}" if key == "outage" else f"{value:,.0f}"


def note_of(line: "Line", key: str) -> str:
    """What stands small beside a figure: the sorts of errors, the share of what was contradicted."""
    if key in {"failed", "ended"} and value_of(line, key):
        counts = [(sort, getattr(line.row, f"{'calls' if key == 'failed' else key}_{sort}")) for sort in FAILURES]
        # Translators: 、
        return _(", ").join(f"{outcome_name(sort)}\u00a0{count:,}" for sort, count in counts if count)
    if key == "contradicted" and line.contradicted and line.contradicted_share is not None:
        return f"{line.contradicted_share:.2%}"
    return ""


def _agreed(line: "Line") -> int | None:
    if line.source is None:
        return None
    return line.row.answer_seconds or line.source.agreed_seconds


def _span(seconds: float) -> str:
    """A time as short as it is clear: `340 ms`, `12.5 s`, `3 min`, `24 h`."""
    if seconds < 1:
        # Translators: %(count)s 毫秒
        return _("%(count)s ms") % {"count": f"{seconds * 1000:.0f}"}
    if seconds < 2 * MINUTE:
        # Translators: %(count)s 秒
        return _("%(count)s s") % {"count": _short(seconds)}
    if seconds < 2 * HOUR:
        # Translators: %(count)s 分
        return _("%(count)s min") % {"count": _short(seconds / MINUTE)}
    # Translators: %(count)s 小时
    return _("%(count)s h") % {"count": _short(seconds / HOUR)}


def _short(count: float) -> str:
    return f"{count:,.1f}".removesuffix(".0")
