"""A full example of figures on paper, in the language asked for."""

from typing import Any

from bureau import figures_data as fd


def figures(zh: bool, common: dict[str, Any]) -> fd.Figures:
    heads = ("期间", "已核对", "不符合") if zh else ("Period", "Checked", "Unfit")
    rows = tuple((f"2026-{month:02}", f"{month * 100:,}", "" if month == 3 else "26") for month in range(1, 13))
    return fd.Figures(
        **common,
        title="统计看板" if zh else "Dashboard",
        period="2026",
        chosen=("期间: 2026年",) if zh else ("Period: 2026",),
        tables=(fd.Table(title="核对：按月" if zh else "Checks: By month", heads=heads, rows=rows),),
    )
