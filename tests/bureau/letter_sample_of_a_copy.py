"""An example of the letter that tells a household its result: more rows than a page holds, every kind of row."""

from datetime import date
from typing import Any

from bureau import letter_data as ld

ISSUED = date(2026, 11, 20)


def household_copy(zh: bool, case: dict[str, Any], recipient: str, others: tuple[str, ...]) -> ld.HouseholdCopy:
    return ld.HouseholdCopy(
        **case,
        recipient=recipient,
        check="HD2026-000001",
        concluded_on=ISSUED,
        as_of=date(2026, 11, 18),
        completeness="23 / 24",
        conclusion="unfit",
        agreed=others,
        failed=("人均金融资产" if zh else "Financial assets per person",),
        figures=(_fall(zh),) * 6,
        lines=tuple(_line(zh, number, recipient) for number in range(1, 31)),
        cautions=("下列来源未反馈：中国银行。",) if zh else ("No answer from: Bank of China.",),
        evidence=tuple(
            ld.Exchange(
                source="中国建设银行泰州分行" if zh else "China Construction Bank",
                request_number=f"ccb-{number:032x}",
                answered_at="2026-11-18 10:02",
            )
            for number in range(1, 25)
        ),
        objection_to="城东街道住房保障窗口（1号）" if zh else "Chengdong Subdistrict Housing Window 1",
        objection_days=10,
        objection_until=date(2026, 12, 4),
    )


def _fall(zh: bool) -> ld.Fall:
    money = "{:,.2f} 元" if zh else "CNY {:,.2f}"
    return ld.Fall(
        name="人均金融资产" if zh else "Financial assets per person",
        value=money.format(260000),
        met=False,
        declared=money.format(90000),
        declared_used="--",
        sources=(
            ld.FallSource(
                name="中国建设银行泰州分行" if zh else "China Construction Bank",
                says=money.format(520000),
                used=money.format(520000),
                evidence=1,
            ),
            ld.FallSource(
                name="中国银行泰州分行" if zh else "Bank of China",
                says="--",
                used="--",
                silent="仲*妮 超时未反馈" if zh else "仲*妮 Timed out",
            ),
        ),
        quiet="查无此类记录的来源：2 个 [2][3]" if zh else "Nothing of this on record: 2 sources [2][3]",
        rule="共有账户只计一次。" if zh else "A joint account counts once.",
        used=f"{money.format(520000)} ÷ 2 = {money.format(260000)}",
        limit="低于 200,000.00 元" if zh else "below CNY 200,000.00",
        standard="泰州市准入标准（演示），自 2024-01-01 起施行"
        if zh
        else "Taizhou demo standard, in force from 2024-01-01",
        basis="第四条" if zh else "art. 4",
        distance="超出标准线 60,000.00 元" if zh else "CNY 60,000.00 beyond the line",
    )


def _line(zh: bool, number: int, member: str) -> ld.CopyLine:
    return ld.CopyLine(
        number=f"{number}",
        item="存款，**** 0004" if zh else "Deposit · **** 0004",
        member=member,
        source="中国建设银行泰州分行" if zh else "China Construction Bank",
        says="17,333.33 元" if zh else "CNY 17,333.33",
        used="17,333.33 元" if zh else "CNY 17,333.33",
        evidence=1,
    )
