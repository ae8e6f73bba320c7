"""One full example of every letter, in the language asked for, with rare characters and more rows than a page holds."""

from datetime import date
from typing import Any

import msgspec

from bureau import letter_data as ld
from tests.bureau.letter_sample_of_a_copy import household_copy
from tests.bureau.letter_sample_of_a_slip import access_slip
from tests.bureau.letter_samples_of_benefits import KINDS as OF_BENEFITS
from tests.bureau.letter_samples_of_benefits import letter as benefit_letter
from tests.bureau.letter_samples_of_credit import HEADINGS
from tests.bureau.letter_samples_of_credit import letter as credit_letter
from tests.bureau.letter_samples_of_figures import figures
from tests.bureau.letter_samples_of_objections import correction_request, objection_answer
from tests.bureau.letter_samples_of_scorecards import scorecard

ISSUED = date(2026, 11, 20)
RARE_NAMES = ("仲丽妮", "王㛃", "𠮷坔㙦", "𬱖小明")


def sample(kind: str, lang: ld.Language = "zh") -> dict[str, Any]:
    return msgspec.to_builtins(_SAMPLES[kind](lang == "zh"))


def _common(zh: bool) -> dict[str, Any]:
    return {
        "issuer": "泰州市住房保障中心" if zh else "Taizhou Housing Security Centre",
        "contact": "泰州市海陵区凤凰东路58号，0523-86880000"
        if zh
        else "58 Fenghuang East Road, Hailing District, 0523-86880000",
        "number": "泰房核〔2026〕0001号",
        "issued_on": ISSUED,
        "check_code": "7KQM2XWP9RTD",
        "lang": "zh" if zh else "en",
    }


def _case(zh: bool) -> dict[str, Any]:
    programme = "公共租赁住房" if zh else "public rental housing"
    return {**_common(zh), "applicant": RARE_NAMES[0], "reference": "GZ2026-000123", "programme": programme}


def _members(zh: bool) -> tuple[ld.Member, ...]:
    relations = ("本人", "配偶", "子女", "母亲") if zh else ("applicant", "spouse", "child", "mother")
    numbers = ("321202198603121228", "321202198411054519", "321202201802030013", "321202195507200024")
    guardians = ("", "", RARE_NAMES[0], "")
    rows = zip(RARE_NAMES, relations, numbers, guardians, strict=True)
    return tuple(ld.Member(name=n, relation=r, id_number=f"{i[:6]}********{i[-4:]}", guardian=g) for n, r, i, g in rows)


def _criteria(zh: bool) -> tuple[ld.Criterion, ...]:
    basis = "《泰州市市区公共租赁住房准入标准（演示）》第三条" if zh else "Taizhou demo standard, art. 3"
    if zh:
        rows = [
            ("人均月收入", "3,120.50 元", "≤ 4,291.00 元", True),
            ("人均住房面积", "22.40 ㎡", "< 15.00 ㎡", False),
            ("车辆", "--", "≤ 1 辆", None),
        ]
    else:
        rows = [
            ("Income per head", "CNY 3,120.50", "≤ CNY 4,291.00", True),
            ("Area per head", "22.40 m²", "< 15.00 m²", False),
            ("Vehicles", "", "≤ 1", None),
        ]
    return tuple(ld.Criterion(name=n, value=v, limit=limit, met=m, basis=basis) for n, v, limit, m in rows)


def receipt(zh: bool) -> ld.Receipt:
    papers = (
        ("户口簿", "身份证", "婚姻证明", "收入证明")
        if zh
        else ("Household register", "ID card", "Marriage certificate", "Income proof")
    )
    stages = (
        (("街道审核", "5 个工作日"), ("区级审核", "5 个工作日"), ("市级审核", "3 个工作日"))
        if zh
        else (("Street", "5 working days"), ("District", "5 working days"), ("City", "3 working days"))
    )
    return ld.Receipt(
        **_case(zh),
        accepted_on=ISSUED,
        accepted_at="城东街道住房保障窗口（1号）" if zh else "Chengdong Subdistrict Housing Window 1",
        members=_members(zh),
        papers=tuple(ld.Paper(name=name, copies=2) for name in papers),
        stages=tuple(ld.Stage(name=name, limit=limit, due_on=date(2026, 11, 27)) for name, limit in stages),
    )


def commitment(zh: bool) -> ld.Commitment:
    return ld.Commitment(**_case(zh), members=_members(zh))


def authorisation(zh: bool) -> ld.Authorisation:
    sources = (
        "民政",
        "公安",
        "人力资源社会保障",
        "房产",
        "住房公积金",
        "市场监管",
        "税务",
        "交通运输",
        "江苏省民政厅",
        "工商银行等十四家商业银行",
    )
    english = (
        "civil affairs",
        "police",
        "social security",
        "housing",
        "provident fund",
        "market regulation",
        "tax",
        "transport",
        "Jiangsu Department of Civil Affairs",
        "fourteen commercial banks",
    )
    return ld.Authorisation(
        **_case(zh),
        purpose="住房救助" if zh else "housing assistance",
        members=_members(zh),
        sources=sources if zh else english,
    )


def check_report(zh: bool) -> ld.CheckReport:
    banks = (
        "工商银行",
        "农业银行",
        "中国银行",
        "建设银行",
        "交通银行",
        "邮储银行",
        "江苏银行",
        "南京银行",
        "招商银行",
        "泰州农商银行",
    )
    return ld.CheckReport(
        **_case(zh),
        client="泰州市住房和城乡建设局" if zh else "Taizhou Housing Bureau",
        purpose="住房救助" if zh else "housing assistance",
        authorisation="泰房权〔2026〕0007号",
        standard="泰州市区公共租赁住房准入标准（演示）2026 年版" if zh else "Taizhou demo standard 2026",
        since=date(2025, 11, 1),
        as_of=date(2026, 10, 31),
        completeness="23 / 24",
        members=_members(zh),
        answers=tuple(
            ld.SourceAnswer(
                source=bank,
                member=name,
                outcome="查得" if zh else "found",
                figures="余额 12,345.67 元，六个月大额转出 0.00 元" if zh else "balance CNY 12,345.67",
                data_date="2026-10-31",
                answered_at="2026-11-18 10:22",
                mode="接口" if zh else "API",
            )
            for bank in banks
            for name in RARE_NAMES
        ),
        comparisons=tuple(
            ld.Comparison(
                item=f"{RARE_NAMES[1]} {'银行存款' if zh else 'deposits'}",
                declared="30,000.00",
                found="48,210.11",
                difference="+18,210.11",
                tolerance="5%",
                judgement="超出" if zh else "exceeds",
            )
            for _ in range(12)
        ),
        criteria=_criteria(zh),
        findings=(
            ld.Finding(
                member=RARE_NAMES[1],
                what="名下车辆苏M12345未申报" if zh else "vehicle 苏M12345 not declared",
                settled="属实" if zh else "confirmed",
                reason="本人认可，行驶证在案" if zh else "admitted; licence on file",
                by="李明" if zh else "Li Ming",
            ),
        ),
        conclusion="unfit",
        remarks=(
            "江苏银行逾期未反馈，按规定不影响本结论。"
            if zh
            else "Bank of Jiangsu did not answer in time; the standard allows it.",
        ),
        valid_until=date(2027, 2, 18),
        officer="李明" if zh else "Li Ming",
        reviewer="陈刚" if zh else "Chen Gang",
    )


def approval(zh: bool) -> ld.Approval:
    benefit = (
        (("户型", "两居室"), ("月租金", "3.20 元/㎡"))
        if zh
        else (("Type", "two rooms"), ("Monthly rent", "CNY 3.20 per m²"))
    )
    return ld.Approval(
        **_case(zh),
        accepted_on=date(2026, 10, 9),
        report="泰房核〔2026〕0001号",
        standard="泰州市区公共租赁住房准入标准（演示）2026 年版" if zh else "Taizhou demo standard 2026",
        tier="低收入住房困难家庭" if zh else "low income",
        members=_members(zh),
        criteria=_criteria(zh)[:1],
        benefit=tuple(ld.Fact(label=label, value=value) for label, value in benefit),
        notice_from=date(2026, 11, 9),
        notice_until=date(2026, 11, 19),
    )


def refusal(zh: bool) -> ld.Refusal:
    zh_failed = [
        ("人均住房面积", "12.00 ㎡", "22.40 ㎡", "< 15.00 ㎡", "核对发现王㛃名下另有一套住房（41.60 ㎡），未申报。"),
        ("车辆", "无", "1 辆，购置价 186,000 元", "1 辆且购置价 ≤ 120,000 元", "苏MD12345，2025 年 3 月登记。"),
        ("家庭财产", "60,000.00 元", "412,300.00 元", "≤ 170,000.00 元/人 × 2", ""),
    ]
    en_failed = [
        ("Area per head", "12.00 m²", "22.40 m²", "< 15.00 m²", "王㛃 owns another home of 41.60 m², not declared."),
        ("Vehicle", "none", "1, CNY 186,000", "1 of at most CNY 120,000", "苏MD12345, registered in March 2025."),
        ("Assets", "CNY 60,000.00", "CNY 412,300.00", "≤ CNY 340,000.00", ""),
    ]
    basis = "《泰州市市区公共租赁住房准入标准（演示）》第三条第二项" if zh else "Taizhou demo standard, art. 3 item 2"
    return ld.Refusal(
        **_case(zh),
        accepted_on=date(2026, 10, 9),
        report="泰房核〔2026〕0001号",
        standard="泰州市区公共租赁住房准入标准（演示）2026 年版" if zh else "Taizhou demo standard 2026",
        failed=tuple(
            ld.FailedCriterion(name=n, declared=d, found=f, limit=limit, explanation=e, basis=basis)
            for n, d, f, limit, e in (zh_failed if zh else en_failed)
        ),
        objection_to="泰州市居民家庭经济状况核对中心" if zh else "the Taizhou check centre",
        reconsideration_by="泰州市人民政府" if zh else "Taizhou People's Government",
        court="泰州医药高新技术产业开发区人民法院" if zh else "the competent People's Court",
    )


def public_notice(zh: bool) -> ld.PublicNotice:
    line = ld.NoticeLine(
        applicant="仲*妮",
        persons=4,
        place="海陵区城东街道" if zh else "Chengdong Subdistrict",
        tier="低收入" if zh else "low income",
        area="38.20 ㎡" if zh else "38.20 m²",
        benefit="两居室一套" if zh else "two-room home",
    )
    return ld.PublicNotice(
        **_common(zh),
        programme="公共租赁住房" if zh else "public rental housing",
        from_on=ISSUED,
        until_on=date(2026, 11, 30),
        households=(line,) * 45,
        report_to="泰州市住房保障中心（0523-86880000）"
        if zh
        else "the Taizhou Housing Security Centre (0523-86880000)",
    )


def return_notice(zh: bool) -> ld.ReturnNotice:
    fix = ld.Correction(
        section="收入证明" if zh else "Income proof",
        problem="缺少王㛃 2026 年 3 月至 8 月的工资流水。"
        if zh
        else "No wage statements of 王㛃 for March to August 2026.",
        remedy="请到工资卡开户银行打印并加盖业务章。" if zh else "Have the bank print and stamp them.",
    )
    return ld.ReturnNotice(
        **_case(zh),
        returned_by="海陵区住房保障中心" if zh else "The Hailing District Housing Security Centre",
        corrections=(fix, fix),
        answer_by=date(2026, 12, 4),
    )


_SAMPLES = {
    "correction_request": lambda zh: correction_request(zh, _case(zh), _members(zh)[2]),
    "objection_answer": lambda zh: objection_answer(zh, _case(zh), RARE_NAMES[2]),
    "household_copy": lambda zh: household_copy(zh, _case(zh), RARE_NAMES[2], RARE_NAMES[:2]),
    "receipt": receipt,
    "commitment": commitment,
    "authorisation": authorisation,
    "promise": lambda zh: ld.PromiseOfPapers(
        **_case(zh), members=_members(zh), papers=("户口簿",) if zh else ("Household register",), until=ISSUED
    ),
    "check_report": check_report,
    "approval": approval,
    "refusal": refusal,
    "public_notice": public_notice,
    "return_notice": return_notice,
    **{kind: (lambda zh, of=of: of(zh, _common(zh))) for kind, of in (("scorecard", scorecard), ("figures", figures))},
    "access_slip": lambda zh: access_slip(zh, _common(zh)),
    **{kind: (lambda zh, kind=kind: benefit_letter(kind, zh, _case(zh), _members(zh))) for kind in OF_BENEFITS},
    **{kind: (lambda zh, kind=kind: credit_letter(kind, zh, _common(zh))) for kind in HEADINGS},
}
