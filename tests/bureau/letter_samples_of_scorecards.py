"""A full example of the scorecard, in the language asked for: all 24 sources, with small notes."""

from typing import Any

from bureau import scorecard_data as sd

HEADS_ZH = (
    "约定时限",
    "查询（户次）",
    "按时反馈",
    "按时率（%）",
    "较上月（百分点）",
    "失败请求",
    "最终未反馈",
    "人工重发",
)
HEADS_EN = ("Agreed time", "Asked", "In time", "In time (%)", "Against last month", "Failed", "No answer", "Again")
LAST_ZH, LAST_EN = (
    ("事后更正", "用时中位数", "用时 95 分位", "中断（小时）"),
    ("Contradicted", "Median", "p95", "Outage (h)"),
)


def scorecard(zh: bool, common: dict[str, Any]) -> sd.Scorecard:
    heads = (*HEADS_ZH, *LAST_ZH) if zh else (*HEADS_EN, *LAST_EN)
    definition = (
        "本月首次向该来源发出的查询，含请求清单，不含演练" if zh else "Inquiries put to the source for the first time"
    )
    cells = ("60 秒", "1,204", "1,180", "98.0%", "+0.4", "12", "3", "0", "1", "340 毫秒", "1.2 秒", "0.5")
    notes = ("", "", "", "", "", "超时未反馈 9、报文有误 3", "超时未反馈 3", "", "0.08%", "", "", "")
    names = [f"第{number}来源泰州市分行" if zh else f"Source {number}" for number in range(1, 25)]
    return sd.Scorecard(
        **common,
        month="2026年10月" if zh else "2026-10",
        state="本月数字已固定，不再变化。" if zh else "The month is closed and its figures are fixed.",
        source="来源" if zh else "Source",
        heads=tuple(sd.Head(label=label, definition=definition) for label in heads),
        rows=tuple(sd.Row(name=name, cells=cells, notes=notes) for name in names),
        total=sd.Row(name="合计" if zh else "All sources", cells=cells, notes=notes),
    )
