"""The policies on dishonest acts that are shipped, with their catalogues (clauses B1, B2).

Severities are presets where the published text was not found: the bureau confirms them in the administration.
"""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from credit.models import Act, Policy, Threshold
from credit.policies import sample_policies
from housing_credit.seeds.ground import OUR_CITY

NATIONAL = "公共租赁住房管理办法（住房和城乡建设部令第11号）"
TAIZHOU = "泰州市市区住房保障诚信管理办法（2017）"
LIANYUNGANG = "连云港市住房保障失信行为分级（2019年4月公布）"


class ActSeed(NamedTuple):
    """One act. `graver` with when; `steps` by months: a severity, or nothing for a reminder."""

    code: str
    name_zh: str
    name_en: str
    stage: str
    severity: str
    evidence: tuple[str, ...]
    basis: str
    graver: tuple[str, str] = ("", "")
    steps: tuple[tuple[int, str], ...] = ()
    from_return: bool = False

    @property
    def subject_kind(self) -> str:
        """U for units, F for families."""
        return "employer" if self.code.startswith("U") else "person"


FINDING, STATEMENT = "经人工确认的核对疑点", "当事人陈述或逾期未陈述的记录"
ALREADY = ("serious", "已享受住房保障")
MONTHS = ((3, ""), (6, "general"), (12, "serious"))

TAIZHOU_ACTS = (
    ActSeed(
        "F01", "隐报、瞒报、假报家庭住房", "Hides or falsifies the family's housing", "applying", "more_serious",
        (FINDING, STATEMENT), TAIZHOU, ALREADY,
    ),
    ActSeed(
        "F02", "隐报、瞒报、假报家庭收入和财产", "Hides or falsifies income or property", "applying", "more_serious",
        (FINDING, STATEMENT), TAIZHOU, ALREADY,
    ),
    ActSeed(
        "F03", "假报婚姻状况、家庭成员信息", "Falsifies marital status or family members", "applying", "more_serious",
        (FINDING, STATEMENT), TAIZHOU, ALREADY,
    ),
    ActSeed(
        "F04", "人口、收入、住房变化未如实申报", "Does not declare a change of persons, income or home", "in_benefit",
        "general", (FINDING, STATEMENT), TAIZHOU,
    ),
    ActSeed(
        "F05", "拒不配合年度复核、检查或维修", "Refuses the yearly check, an inspection or repair", "in_benefit",
        "general", ("送达的复核或检查通知", STATEMENT), TAIZHOU,
    ),
    ActSeed(
        "F06", "拖欠租金", "Is in arrears with the rent", "lease", "general", ("租金台账", "催缴通知送达记录"),
        f"{NATIONAL}第二十九条；{TAIZHOU}", steps=MONTHS,
    ),
    ActSeed(
        "F07", "无正当理由连续空置住房", "Leaves the home vacant without reason", "lease", "general",
        ("两次以上入户检查记录", STATEMENT), f"{NATIONAL}第二十七条", steps=MONTHS,
    ),
    ActSeed(
        "F08", "转租、转借或者擅自调换住房", "Sub-lets, lends or swaps the home", "lease", "more_serious",
        ("入户检查记录", STATEMENT), f"{NATIONAL}第二十七条、第三十六条", ("serious", "责令改正后拒不改正"),
        from_return=True,
    ),
    ActSeed(
        "F09", "改变用途、破坏或擅自装修且拒不恢复原状", "Changes the use of the home or damages it", "lease",
        "more_serious", ("入户检查记录", "责令恢复原状通知送达记录"), f"{NATIONAL}第二十七条、第三十六条",
        from_return=True,
    ),
    ActSeed(
        "F10", "在住房内从事违法活动", "Uses the home for illegal activities", "lease", "serious",
        ("公安等机关的生效认定",), f"{NATIONAL}第二十七条、第三十六条", from_return=True,
    ),
    ActSeed(
        "F11", "以欺骗等手段取得住房或者补贴", "Obtained a home or subsidy by deceit", "any", "serious",
        (FINDING, STATEMENT), f"{NATIONAL}第三十五条第二款", from_return=True,
    ),
    ActSeed(
        "F12", "不再符合条件，逾期不退出", "No longer eligible and does not leave in time", "leaving", "more_serious",
        ("退出通知送达记录", STATEMENT), f"{NATIONAL}第三十一条；{TAIZHOU}", ("serious", "法院裁判生效后仍不退出"),
    ),
    ActSeed(
        "F13", "两次以上一般失信行为", "Two or more general acts", "any", "more_serious", ("在先的入档记录",), TAIZHOU,
    ),
    ActSeed(
        "F14", "违反小区管理规定，经教育不改", "Breaks the rules of the estate in spite of warnings", "lease",
        "general",
        ("物业或社区的书面记录", STATEMENT), TAIZHOU,
    ),
    ActSeed(
        "U01", "为不在本单位工作的人员出具收入证明", "Certifies the income of somebody who does not work there",
        "certifying", "general", ("收入证明原件", "社会保险或者税务记录"), TAIZHOU,
    ),
    ActSeed(
        "U02", "为本单位人员出具虚假收入证明", "Certifies a false income of its own staff", "certifying", "general",
        ("收入证明原件", "社会保险或者税务记录"), TAIZHOU, ("more_serious", "再次出具"),
    ),
    ActSeed(
        "U03", "出具虚假的宅基地、集体分红或者住房证明", "Certifies homesteads, dividends or housing falsely",
        "certifying", "general", ("证明原件", "主管部门的核实意见"), TAIZHOU,
    ),
    ActSeed(
        "U04", "帮助家庭骗取保障，或者违规出租出售保障房且拒不改正",
        "Helps to deceive, or rents or sells protected homes",
        "any", "serious", ("证明材料原件或者中介合同", STATEMENT), f"{NATIONAL}第三十二条；{TAIZHOU}",
    ),
)  # fmt: skip
TWO_GRADES = {"more_serious": "serious"}  # a city that knows general and serious only


def _in_two_grades(acts: Iterable[ActSeed]) -> tuple[ActSeed, ...]:
    """The same acts in Lianyungang: what is told there in words, and no third grade between."""
    return tuple(
        act._replace(
            severity=TWO_GRADES.get(act.severity, act.severity),
            graver=("serious", act.graver[1]) if act.graver[0] and act.severity == "general" else ("", ""),
            basis=act.basis.replace(TAIZHOU, LIANYUNGANG),
        )
        for act in acts
    )


CATALOGUES = {"taizhou-2017": TAIZHOU_ACTS, "lianyungang-2019": _in_two_grades(TAIZHOU_ACTS)}


def seed_acts() -> int:
    """Enter the policies that are missing, each with its catalogue; returns how many were new."""
    new = 0
    for policy in sample_policies():
        row, created = Policy.objects.get_or_create(
            code=policy.id,
            defaults={
                "name": policy.name,
                "city": policy.city,
                "effective_from": policy.effective_from,
                "effective_to": policy.effective_to,
                "document": policy.document,
                "content": msgspec.to_builtins(policy),
                "in_use": policy.city == OUR_CITY,
            },
        )
        if created:
            _enter(row, CATALOGUES[policy.id])
        new += created
    return new


def _enter(policy: Policy, seeds: Iterable[ActSeed]) -> None:
    names = ("code", "name_zh", "name_en", "subject_kind", "stage", "severity", "basis", "from_return")
    acts = Act.objects.bulk_create(
        Act(
            policy=policy,
            effective_from=policy.effective_from,
            evidence=list(seed.evidence),
            graver=seed.graver[0],
            graver_when=seed.graver[1],
            **{name: getattr(seed, name) for name in names},
        )
        for seed in seeds
    )
    by_code = {act.code: act for act in acts}
    Threshold.objects.bulk_create(
        Threshold(act=by_code[seed.code], months=months, severity=severity)
        for seed in seeds
        for months, severity in seed.steps
    )
