"""Made-up answers of sources and a statement, for the style guide page."""

from datetime import datetime
from zoneinfo import ZoneInfo


def inquiries() -> list[dict[str, object]]:
    """Rows of the progress grid: every state that an inquiry can be in."""
    asked = datetime(2026, 3, 9, 9, 31, 7, tzinfo=ZoneInfo("Asia/Shanghai"))
    rows: list[tuple[str, str, str, int | None, int | None]] = [
        ("市公安局", "仲*妮", "found", 412, 1),
        ("市公安局", "陆*明", "found", 412, 1),
        ("市房管局", "仲*妮", "none", 893, 1),
        ("市房管局", "陆*明", "found", 893, 1),
        ("市公积金中心", "仲*妮", "found", 1204, 1),
        ("省民政厅", "陆*明", "asking", None, 1),
        ("工商银行", "仲*妮", "found", 655, 1),
        ("泰州农商银行", "仲*妮", "retrying", None, 2),
        ("邮储银行", "陆*明", "timeout", None, 5),
        ("民生银行", "陆*涵", "identity_mismatch", 731, 1),
        ("市交通局", "王*英", "waiting", None, None),
        ("市工商局", "王*英", "not_in_charge", 388, 1),
    ]
    return [_inquiry(asked, *row) for row in rows]


def _inquiry(
    asked: datetime, source: str, person: str, outcome: str, ms: int | None, tries: int | None
) -> dict[str, object]:
    return {
        "source": source,
        "person": person,
        "outcome": outcome,
        "asked_at": asked if tries else None,
        "answered_at": asked.replace(second=7 + ms // 1000) if ms else None,
        "ms": ms,
        "tries": tries,
        "resend_url": "#" if outcome in {"timeout", "identity_mismatch"} else "",
        "evidence_url": "#" if ms else "",
    }


def _line(
    label: str, member: str, declared: str | None, verified: str | None, gap: str | None, **rest: object
) -> dict[str, object]:
    return {"label": label, "member": member, "declared": declared, "verified": verified, "difference": gap, **rest}


def statement() -> list[dict[str, object]]:
    """Sections of the statement: equal, within tolerance, more than declared, not declared, not verified."""
    same = {"tone": "success", "word": "一致"}
    more = {"tone": "danger", "word": "少报", "differs": True}
    yuan = {"unit": "元", "evidence_url": "#"}
    income = [
        _line(
            "工资薪金",
            "仲*妮",
            "54,000.00",
            "54,320.00",
            "+320.00",
            evidence="市地税局 2026-02",
            tone="success",
            word="容差内",
            **yuan,
        ),
        _line(
            "工资薪金", "陆*明", "61,200.00", "78,650.00", "+17,450.00", evidence="市公积金中心 2026-02", **more, **yuan
        ),
        _line("转移性收入", "王*英", "18,000.00", "18,000.00", "0.00", evidence="市人社局 2026-02", **same, **yuan),
        _line("家庭年收入", "", "133,200.00", "150,970.00", "+17,770.00", level="subtotal", unit="元"),
        _line(
            "人均年收入",
            "4 人",
            "33,300.00",
            "37,742.50",
            "+4,442.50",
            level="total",
            tone="success",
            word="低于标准 39,808",
            unit="元",
        ),
    ]
    home = [
        _line(
            "碧桂园 3 幢 502 室",
            "陆*明",
            None,
            "89.60",
            "+89.60",
            unit="m²",
            evidence="市房管局 2026-03-09",
            evidence_url="#",
            **more,
        ),
        _line(
            "人均住房面积",
            "4 人",
            "0.00",
            "22.40",
            "+22.40",
            level="total",
            unit="m²",
            tone="danger",
            word="高于标准 18",
        ),
    ]
    bank = [
        _line(
            "存款余额",
            "仲*妮",
            "32,000.00",
            "31,870.12",
            "-129.88",
            evidence="14 家银行中 13 家",
            tone="success",
            word="容差内",
            **yuan,
        ),
        _line(
            "存款余额",
            "陆*明",
            "5,000.00",
            None,
            None,
            evidence="邮储银行未回复",
            tone="warning",
            word="未核实",
            unit="元",
        ),
    ]
    return [
        {"label": "收入", "note": "2025-03 至 2026-02", "rows": income},
        {"label": "住房", "note": "截至 2026-03-09", "rows": home},
        {"label": "存款与金融资产", "note": "截至 2026-03-09", "rows": bank},
    ]
