"""Full examples of the letters of an objection, in the language asked for."""

from datetime import date
from typing import Any

from bureau import letter_data as ld

RECEIVED = date(2026, 11, 20)


def correction_request(zh: bool, case: dict[str, Any], member: ld.Member) -> ld.CorrectionRequest:
    told = (
        (("反馈内容", "住房：自有住房 迎春东路205号9幢402室 · 84.00 ㎡"), ("请求编号", "2026-77-000123"))
        if zh
        else (
            ("What was told", "Homes: owned home · 84.00 m²"),
            ("Request number", "2026-77-1"),
        )
    )
    return ld.CorrectionRequest(
        **case,
        source="房产" if zh else "Housing Bureau",
        objection="YY2026-000001",
        received_on=RECEIVED,
        member=member,
        told=tuple(ld.Fact(label=label, value=value) for label, value in told),
        question="请核实该房屋是否已转移登记。" if zh else "Please verify whether the home has been transferred.",
        proofs=("售房合同", "完税证明") if zh else ("Contract of sale", "Tax receipt"),
        reply_by=date(2026, 12, 4),
        officer="徐静" if zh else "Xu Jing",
    )


def objection_answer(zh: bool, case: dict[str, Any], name: str) -> ld.ObjectionAnswer:
    line = ld.DisputedLine(
        source="房产" if zh else "Housing Bureau",
        member=name,
        line="住房：自有住房 迎春东路205号9幢402室 · 84.00 ㎡" if zh else "Homes: owned home · 84.00 m²",
        act="再次查询来源" if zh else "Ask the source again",
        outcome="已更正" if zh else "Corrected",
    )
    return ld.ObjectionAnswer(
        **case,
        objection="YY2026-000001",
        received_on=RECEIVED,
        report="泰房核〔2026〕0001号",
        outcome="partly",
        lines=(line,) * 12,
        answer="经再次查询，异议部分成立。" if zh else "The source was asked again.",
        new_report="泰房核〔2026〕0007号",
        conclusion="fit",
        reconsideration_by="泰州市人民政府" if zh else "the people's government of the city",
        court="有管辖权的人民法院" if zh else "the competent people's court",
    )
