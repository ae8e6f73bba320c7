"""One example of each letter of the registry, as its text and its facts make it."""

from datetime import date
from typing import Any

from bureau import letter_data as ld
from bureau.letter_parts import Block

HEADINGS = {
    "credit_proposal": ("拟认定失信行为告知书", "Proposed finding"),
    "credit_notice": ("失信行为告知函", "Notice letter"),
    "credit_announcement": ("送达公告", "Announcement of service"),
    "credit_cure": ("改正结案通知书", "Acknowledgement of correction"),
    "credit_record": ("记入诚信档案通知书", "Notice of record"),
    "credit_repair": ("信用修复告知书", "Notice on credit repair"),
    "credit_lawyer": ("律师函", "Letter of a lawyer"),
    "credit_release": ("解除惩戒证明", "Certificate of release"),
}


def letter(kind: str, zh: bool, common: dict[str, Any]) -> ld.CreditLetter:
    """The same body for each kind: head, paragraph, list, table and a last paragraph."""
    text = "你户涉嫌住房保障失信一案，已作出认定。" if zh else "The panel has found the act."
    columns = ("内容", "类型", "金额") if zh else ("What is to be done", "Kind", "Amount")
    rows = (("补缴租金", "缴款", "1,340.00 元"), ("交还钥匙", "交还", "")) if zh else (("Pay", "pay", "CNY 1,340.00"),)
    return ld.CreditLetter(
        **{**common, "issued_on": date(2026, 11, 20)},
        heading=HEADINGS[kind][0 if zh else 1],
        addressee="仲丽妮",
        body=(
            Block(text=text),
            Block(text="一、改正事项" if zh else "Things to correct", is_head=True),
            Block(columns=columns, rows=rows),
            Block(
                items=("限制申请三年。", "共享三年。") if zh else ("No benefits for 3 years.", "Shared for 3 years.")
            ),
            Block(text="本认定由认定小组作出。" if zh else "The panel decided."),
        ),
    )
