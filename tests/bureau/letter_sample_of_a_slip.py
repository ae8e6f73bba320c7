"""A full example of the access slip, in the language asked for, with more lines than a page holds."""

from datetime import date
from typing import Any

from bureau import access_slip_data as ad


def access_slip(zh: bool, common: dict[str, Any]) -> ad.AccessSlip:
    look = ad.Look(
        day="2026-11-19",
        office="海陵区城东街道办事处" if zh else "Chengdong Subdistrict Office",
        officer="street",
        what="查看" if zh else "Looked at",
        case="GZ2026-000123",
        purpose="案件办理" if zh else "Casework",
        times="3",
    )
    asked = ad.Asked(
        at="2026-11-19 10:02",
        source="不动产登记" if zh else "Real estate register",
        check="HD2026-000001",
        purpose="公共租赁住房" if zh else "Public rental home",
        outcome="已反馈" if zh else "Answered",
        authorisation="泰房权〔2026〕0001号",
        until="2027-11-18",
    )
    told = ad.Told(
        at="2026-11-19 11:30",
        department="泰州市民政局" if zh else "Taizhou Civil Affairs Bureau",
        purpose="低保审核" if zh else "Subsistence allowance",
        answer="无失信信息" if zh else "None",
    )
    signed = ad.Signed(
        number="泰房权〔2026〕0001号",
        signer="仲丽妮",
        signed_on="2026-11-18",
        until="2027-11-18",
        state="有效" if zh else "holds",
    )
    return ad.AccessSlip(
        **common,
        person="仲丽妮",
        id_number="321202********1228",
        slip="CX2026-000001",
        since=date(2025, 11, 20),
        until=date(2026, 11, 20),
        asked_by="本人" if zh else "the person",
        window="城东街道住房保障窗口（1号）" if zh else "Chengdong Subdistrict Housing Window 1",
        looks=(look,) * 40,
        asked=(asked,) * 24,
        told=(told,),
        signed=(signed,),
        remarks=("说明一。", "说明二。") if zh else ("Remark one.", "Remark two."),
    )
