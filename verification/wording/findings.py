"""Findings in words: what stands out, as a full sentence that names the figures and who says so."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from verification.wording.amounts import quantity
from verification.wording.criteria import criterion_reason, listed
from verification.wording.lines import ASSISTANCE, INCOME, ROLES
from verification.wording.terms import source_names

Words = Mapping[str, str | Promise]

NAMES: Words = {
    # Translators: 超出标准
    "over_limit": _("Beyond the standard"),
    # Translators: 未申报住房
    "undeclared_home": _("Undeclared home"),
    # Translators: 未申报的住房转让或征收补偿
    "undeclared_transfer": _("Undeclared transfer or compensation"),
    # Translators: 少报收入
    "understated_income": _("Understated income"),
    # Translators: 未申报车辆
    "undeclared_vehicle": _("Undeclared vehicle"),
    # Translators: 车辆已售未过户
    "sold_vehicle_unregistered": _("Vehicle said to be sold, still registered"),
    # Translators: 未申报存款
    "undeclared_deposit": _("Undeclared deposits"),
    # Translators: 核对前转移存款
    "moved_deposits": _("Deposits moved before the check"),
    # Translators: 未申报经营投资
    "undeclared_business": _("Undeclared business"),
    # Translators: 冒名登记异议
    "disowned_business": _("Disowned business"),
    # Translators: 婚姻状况不一致
    "marriage_mismatch": _("Marital status differs"),
    # Translators: 近期离婚仍同户
    "recent_divorce_one_household": _("Recent divorce, one household"),
    # Translators: 成员已死亡
    "deceased_member": _("Member reported dead"),
    # Translators: 身份不符
    "identity_mismatch": _("Identity mismatch"),
    # Translators: 重复享受保障
    "duplicate_assistance": _("Protection held twice"),
}

SENTENCES: Words = {
    # Translators: %(address)s 的住房（%(area)s，%(right)s）未申报。
    "undeclared_home": _("A home at %(address)s (%(area)s, %(right)s) was not declared."),
    # Translators: %(address)s 的住房（%(area)s）已%(right)s，未申报。
    "undeclared_transfer": _("%(right)s of a home at %(address)s (%(area)s) was not declared."),
    # Translators: %(income)s申报 %(declared)s，核实 %(found)s（全年）。
    "understated_income": _("%(income)s over the year: declared %(declared)s, found %(found)s."),
    # Translators: %(income)s（全年）申报 %(declared)s，共核实 %(in_all)s，其中该来源 %(found)s，超出申报 %(beyond)s。
    "understated_income_part": _(
        "%(income)s over the year: declared %(declared)s, found %(in_all)s in all, of which %(found)s here, "
        "%(beyond)s beyond what was declared."
    ),
    # Translators: 登记在名下的车辆 %(plate)s%(model)s 未申报。
    "undeclared_vehicle": _("The vehicle %(plate)s%(model)s is registered and was not declared."),
    # Translators: 车辆 %(plate)s%(model)s 申报于 %(sold_on)s 出售（凭据：%(proof)s），登记未变更。
    "sold_vehicle_unregistered": _(
        "The vehicle %(plate)s%(model)s is said to be sold on %(sold_on)s (proof: %(proof)s) and is still registered."
    ),
    # Translators: 在该行有存款 %(found)s，其中 %(beyond)s 未申报。
    "undeclared_deposit": _("There are %(found)s at this bank, of which %(beyond)s were not declared."),
    # Translators: 近六个月日均余额 %(average_6m)s，现余额 %(balance)s，大额转出 %(large_outflow_6m)s。
    "moved_deposits": _(
        "Daily average of six months %(average_6m)s, balance now %(balance)s, large outflows %(large_outflow_6m)s."
    ),
    # Translators: 在“%(name)s”任%(role)s，出资额 %(capital)s，未申报。
    "undeclared_business": _("%(role)s of “%(name)s” with a capital of %(capital)s, which was not declared."),
    # Translators: 登记为“%(name)s”的%(role)s（出资额 %(capital)s），本人称系冒名登记。
    "disowned_business": _("Registered as %(role)s of “%(name)s” (capital %(capital)s), which the member disowns."),
    # Translators: 与 %(partner_name)s 于 %(on)s 离婚，仍为同一家庭或同一户籍。
    "recent_divorce_one_household": _("Divorced from %(partner_name)s on %(on)s and still in one household."),
    # Translators: %(sources)s 登记该成员已死亡（%(died_on)s）。
    "deceased_member": _("%(sources)s reports this member as dead (%(died_on)s)."),
    # Translators: %(source)s 反馈姓名与证件号码不符。
    "identity_mismatch": _("At %(source)s the name and the ID number do not belong together."),
    # Translators: 已享受%(protection)s（%(since)s起）。
    "duplicate_assistance": _("Already has: %(protection)s (since %(since)s)."),
}

MARRIAGE: Words = {
    # Translators: 申报为在婚，登记显示已于 %(on)s 与 %(partner_name)s 离婚。
    "registered_divorced": _("The register shows a divorce from %(partner_name)s on %(on)s."),
    # Translators: 申报为未婚或离婚，登记显示已于 %(on)s 与 %(partner_name)s 结婚。
    "registered_married": _("The register shows a marriage to %(partner_name)s since %(on)s."),
    # Translators: 登记配偶 %(partner_name)s 未列入家庭成员。
    "spouse_not_listed": _("The registered spouse %(partner_name)s is not listed in the household."),
}

RIGHTS: Words = {
    # Translators: 所有权
    "ownership": _("Ownership"),
    # Translators: 预售合同
    "presale": _("Contract before completion"),
    # Translators: 转让
    "transfer": _("Transfer"),
    # Translators: 征收补偿
    "compensation": _("Compensation"),
    # Translators: 承租公房
    "public_lease": _("Lease of public housing"),
}


def finding_name(kind: str) -> str:
    """What kind of finding it is."""
    return str(NAMES[kind])


def finding_text(
    kind: str, params: Mapping[str, str], *, member: str = "", names: Mapping[str, str] | None = None
) -> str:
    """The finding as a sentence, begun with the member's name when given. `names`: source names by code."""
    text = _sentence(kind, params, names)
    # Translators: %(member)s：%(text)s
    return str(_("%(member)s: %(text)s")) % {"member": member, "text": text} if member else text


def _sentence(kind: str, params: Mapping[str, str], names: Mapping[str, str] | None) -> str:
    if kind == "over_limit":
        return criterion_reason(f"{params['criterion']}.failed", params, unit=params.get("unit", ""), names=names)
    if kind == "marriage_mismatch":
        return str(MARRIAGE[params["why"]]) % {name: params.get(name) or "--" for name in ("partner_name", "on")}
    if kind == "understated_income" and params.get("in_all"):
        kind = "understated_income_part"  # one of several that together are more than was declared
    return str(SENTENCES[kind]) % _told(params, names)


def _told(params: Mapping[str, str], names: Mapping[str, str] | None) -> dict[str, str]:
    """The parameters as they are read; what was not told reads `--`."""
    told = {name: params.get(name) or "--" for name in ("address", "plate", "sold_on", "proof", "name", "partner_name")}
    told |= {name: params.get(name) or "--" for name in ("on", "died_on")}
    told |= {name: quantity(params.get(name), "cny") for name in MONEY}
    told["model"] = f" {params['model']}" if params.get("model") else ""
    told["area"] = quantity(None if params.get("area") == "None" else params.get("area"), "m2")
    told["right"] = _word(RIGHTS, params.get("right"))
    told["income"] = _word(INCOME, params.get("income"))
    told["role"] = _word(ROLES, params.get("role"))
    told["protection"] = _word({**ASSISTANCE, "public_lease": RIGHTS["public_lease"]}, params.get("protection"))
    told["since"] = params.get("from") or "--"
    told |= {"source": "--", "sources": "--"}
    if codes := [code for code in (params.get("sources") or params.get("source") or "").split(",") if code]:
        known = source_names() if names is None else names
        told["sources"] = told["source"] = listed(known.get(code, code) for code in codes)
    return told


def _word(words: Words, code: str | None) -> str:
    return str(words[code]) if code else "--"


MONEY = ("declared", "found", "in_all", "beyond", "average_6m", "balance", "large_outflow_6m", "capital")
