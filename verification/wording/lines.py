"""The lines of a statement in words: what a line is, why it adds nothing, how a figure was worked out."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bureau import masks
from verification.figures import Step
from verification.statement import Line
from verification.wording.amounts import quantity
from verification.wording.terms import SECTIONS

Words = Mapping[str, str | Promise]

INCOME: Words = {
    # Translators: 工资性收入
    "wages": _("Wages"),
    # Translators: 经营净收入
    "business": _("Business income"),
    # Translators: 财产净收入
    "property": _("Property income"),
    # Translators: 转移净收入
    "transfers": _("Transfers"),
    # Translators: 其他收入
    "other": _("Other income"),
    # Translators: 按最低工资核算
    "minimum_wage": _("Counted at the minimum wage"),
}

ASSISTANCE: Words = {
    # Translators: 最低生活保障
    "dibao": _("Subsistence allowance"),
    # Translators: 特困人员供养
    "tekun": _("Support for the destitute"),
    # Translators: 低保边缘
    "low_income": _("Low-income aid"),
    # Translators: 孤儿保障
    "orphan": _("Orphans' allowance"),
    # Translators: 残疾人补贴
    "disability": _("Disability allowance"),
    # Translators: 失业保险金
    "unemployment": _("Unemployment benefit"),
    # Translators: 公共租赁住房
    "public_rental": _("Public rental housing"),
    # Translators: 租赁补贴
    "rental_subsidy": _("Rental subsidy"),
    # Translators: 临时救助
    "temporary": _("Temporary aid"),
    # Translators: 其他救助
    "other": _("Other assistance"),
}

# What kind of income a source reports, finer than the five kinds of the form.
SORTS: Words = {
    **ASSISTANCE,
    # Translators: 工资薪金
    "employment": _("Wages and salaries"),
    # Translators: 劳务报酬
    "services": _("Services"),
    # Translators: 稿酬、特许权使用费
    "royalties": _("Royalties"),
    # Translators: 个体经营所得
    "taxed_business": _("Taxed business income"),
    # Translators: 按销售额估算
    "sales": _("Estimated from sales"),
    # Translators: 财产租赁
    "letting": _("Letting"),
    # Translators: 利息股息
    "interest": _("Interest and dividends"),
    # Translators: 偶然所得
    "occasional": _("Occasional income"),
    # Translators: 财产转让
    "capital": _("Transfer of property"),
    # Translators: 养老金
    "pension": _("Pension"),
}

ROLES: Words = {
    # Translators: 法定代表人
    "legal_representative": _("Legal representative"),
    # Translators: 股东
    "shareholder": _("Shareholder"),
    # Translators: 个体经营者
    "sole_trader": _("Sole trader"),
    # Translators: 合伙人
    "partner": _("Partner"),
}

KINDS: Mapping[str, Words] = {
    "household": {
        # Translators: 死亡登记
        "death": _("Reported death"),
        # Translators: 本地户籍
        "residence": _("Local registration"),
        # Translators: 结婚登记
        "married": _("Marriage"),
        # Translators: 离婚登记
        "divorced": _("Divorce"),
        # Translators: 年龄
        "age": _("Age"),
    },
    "income": INCOME,
    "homes": {
        # Translators: 自有住房
        "ownership": _("Owned home"),
        # Translators: 预售合同
        "presale": _("Home bought before completion"),
        # Translators: 已转让住房
        "transfer": _("Home passed on"),
        # Translators: 征收补偿
        "compensation": _("Compensation for a home"),
        # Translators: 承租公房
        "public_lease": _("Public lease"),
    },
    "vehicles": {
        # Translators: 小型汽车
        "car": _("Car"),
        # Translators: 货车
        "truck": _("Truck"),
        # Translators: 摩托车
        "motorcycle": _("Motorcycle"),
        # Translators: 残疾人专用车
        "disabled_vehicle": _("Vehicle for a disabled person"),
        # Translators: 船舶
        "boat": _("Boat"),
        # Translators: 其他车辆
        "other": _("Other vehicle"),
    },
    "assets": {
        # Translators: 存款
        "deposit": _("Deposit"),
        # Translators: 理财产品
        "wealth_product": _("Wealth product"),
        # Translators: 基金
        "fund": _("Fund"),
        # Translators: 证券
        "security": _("Securities"),
        # Translators: 保险
        "insurance": _("Insurance"),
        # Translators: 债权
        "claim": _("Claim"),
        # Translators: 其他资产
        "other": _("Other asset"),
        # Translators: 核对前转移的存款
        "moved": _("Money moved away"),
    },
    "business": ROLES,
    # Translators: 承租公房
    "assistance": {**ASSISTANCE, "public_lease": _("Lease of public housing")},
}

# What a declared home is in which the household lives without owning it.
TENURES: Words = {
    # Translators: 承租私房
    "private_rental": _("Rented private home"),
    # Translators: 借住房屋
    "borrowed": _("Borrowed home"),
    # Translators: 临时搭建
    "temporary": _("Temporary structure"),
    # Translators: 其他居住房屋
    "other": _("Other home, not owned"),
}

# Why a line adds nothing to its figure, or why it adds what it does.
REASONS: Words = {
    # Translators: 已登记死亡
    "reported_dead": _("reported dead: does not count as a member"),
    # Translators: 经人工认定排除
    "set_aside": _("set aside: a person dismissed the finding on it"),
    # Translators: 未成年，不计
    "not_adult": _("not an adult"),
    # Translators: 核实数较大，采用核实数
    "found_is_more": _("what was found is no less, and is used"),
    # Translators: 申报数较大，采用申报数
    "declared_is_more": _("what was declared is more and is used"),
    # Translators: 成员已死亡，不计
    "deceased": _("the member is dead"),
    # Translators: 同一收入，另一来源为准
    "netted": _("the same income by another source, which is used"),
    # Translators: 不在核对期间
    "outside_period": _("outside the period"),
    # Translators: 属财产变现，不计收入
    "capital_not_income": _("capital, not income"),
    # Translators: 已终止
    "ended": _("has ended"),
    # Translators: 救助金不计收入
    "assistance_not_income": _("assistance that is no income"),
    # Translators: 按户发放，只计一次
    "family_counted_once": _("granted to the family: counted once"),
    # Translators: 共有账户，只计一次
    "joint_counted_once": _("the same account is counted with another member"),
    # Translators: 按最低工资标准计入
    "imputed": _("able to work without proof of income: counted at the minimum wage"),
    # Translators: 标准规定不计的资产
    "exempt_kind": _("a kind that the standard does not count"),
    # Translators: 按六个月日均计入
    "daily_average": _("moved away before the check: counted by the daily average of six months"),
    # Translators: 非住房保障
    "no_housing_protection": _("no housing protection"),
    # Translators: 本次复核的保障
    "under_review": _("the protection that this review is about"),
    # Translators: 已申报的承租
    "declared_lease": _("declared lease"),
    # Translators: 冒名登记已撤销
    "impostor_revoked": _("registered by an impostor and revoked"),
    # Translators: 已注销
    "deregistered": _("deregistered"),
    # Translators: 标准规定不计的身份
    "exempt_role": _("a role that the standard does not count"),
    # Translators: 本人否认，待认定
    "disowned": _("disowned by the member: to be settled"),
    # Translators: 同一企业只计一次
    "entity_counted_once": _("the same business, counted once"),
    # Translators: 以登记为准
    "register_prevails": _("the register prevails"),
    # Translators: 承租公房，另列
    "public_lease_apart": _("public lease, shown apart"),
    # Translators: 货币补偿，不计面积
    "money_not_area": _("compensated in money, no area"),
    # Translators: 超出回溯年限
    "before_look_back": _("before the years that are looked back on"),
    # Translators: 预售不计
    "presale_not_counted": _("contracts before completion are not counted"),
    # Translators: 合同已撤销
    "cancelled": _("cancelled"),
    # Translators: 非居住用途
    "other_use": _("not a dwelling"),
    # Translators: 非自有
    "not_owned": _("not owned"),
    # Translators: 同一套房只计一次
    "unit_counted_once": _("the same home, counted once"),
    # Translators: 回溯期内转让，仍计入
    "look_back": _("passed on within the years looked back on: still counts"),
    # Translators: 按份额计入
    "by_share": _("counted by share"),
    # Translators: 同一车辆只计一次
    "counted_once": _("the same vehicle, counted once"),
    # Translators: 已注销、转出或报废
    "gone": _("deregistered, transferred or scrapped"),
    # Translators: 仅有营运证
    "licence_only": _("licence only: the vehicle is the police's to tell"),
    # Translators: 标准规定不计的车型
    "exempt_class": _("a class that the standard does not count"),
    # Translators: 非私用
    "not_private": _("not in private use"),
    # Translators: 称已出售，待认定
    "claimed_sold": _("said to be sold: to be settled"),
    # Translators: 申报已出售
    "declared_sold": _("declared as sold"),
}

STEPS: Words = {
    **SECTIONS,
    # Translators: 申报成员
    "declared_members": _("Members declared"),
    # Translators: 已死亡
    "deceased": _("Reported dead"),
    # Translators: 户籍年限
    "residence": _("Years of local registration"),
    # Translators: 家庭收入合计
    "income_total": _("Income of the household"),
}

STEP_UNITS: Mapping[str, str] = {
    "declared_members": "persons",
    "deceased": "persons",
    "residence": "years",
    "homes": "m2",
    "vehicles": "vehicles",
    "assistance": "benefits",
}


def line_text(line: Line) -> str:
    """What the line is: its kind, then what tells it from others (address, plate, employer, bank account masked)."""
    tenure = line.text.get("tenure")
    parts = [str(TENURES[tenure] if tenure else KINDS[line.section][line.kind])]
    if sort := line.text.get("sort"):
        parts.append(str(SORTS[sort]))
    parts += [
        line.text[name] for name in ("address", "plate", "model", "name", "unit", "institution") if _told(line, name)
    ]
    if _told(line, "partner_name"):
        parts.append(masks.name(line.text["partner_name"]))
    parts += [line.text[name] for name in ("on", "died_on", "from", "to") if _told(line, name)]
    if account := line.text.get("account"):
        parts.append(masks.bank_card(account))
    if line.section == "household" and "since" in line.text:
        # Translators: %(day)s 起
        parts.append(gettext("since %(day)s") % {"day": line.text["since"]})
    if line.kind == "age":
        parts.append(line.text["age"])
    # Translators: ，
    return gettext(" · ").join(parts)


def _told(line: Line, name: str) -> bool:
    """A home's `unit` is its number in the register, which is not for reading; an income's is who pays it."""
    return bool(line.text.get(name)) and not (name == "unit" and line.section == "homes")


def line_reason(line: Line) -> str:
    """Why the line adds nothing, or on what ground it counts; empty where it simply counts."""
    return str(REASONS[line.reason]) if line.reason else ""


def step_text(step: Step, member: str = "") -> str:
    """A step of a figure's working: what, of whom, how much."""
    what = str(STEPS[step.code])
    who = f" ({member})" if member else ""
    return f"{what}{who}: {quantity(step.amount, STEP_UNITS.get(step.code, 'cny'))}"
