"""The events of benefits in the words of their reader."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bureau import masks
from bureau.models import TimelineEntry

Words = Mapping[str, tuple[str | Promise, str]]

OF_HOMES: Words = {
    # Translators: 房源已登记
    "entered": (_("Home entered"), ""),
    # Translators: 已分配待确认
    "hold_for_offer": (_("Kept for a household that was offered it"), ""),
    # Translators: 配租未成，恢复空置
    "free": (_("Not taken; vacant again"), ""),
    "let": (_("Let"), "success"),
    # Translators: 已退回，待整备
    "come_back": (_("Given back; to be made ready"), "warning"),
    "ready": (_("Ready to be let"), "success"),
    "to_repair": (_("Needs repair"), "warning"),
    # Translators: 已停用
    "take_out": (_("Taken out of use"), "danger"),
}
OF_TURNS: Words = {
    # Translators: 进入轮候
    "registered": (_("On the waiting list"), ""),
    # Translators: 已配租
    "offer_home": (_("Home offered"), ""),
    # Translators: 未接受，继续轮候
    "wait_on": (_("Offer not taken; the household waits on"), "warning"),
    "house": (_("Housed"), "success"),
    # Translators: 放弃轮候
    "give_up_turn": (_("Place given up"), "warning"),
    "gave_up": (_("Place given up"), "warning"),
    # Translators: 不再符合条件，退出轮候
    "fall_out": (_("No longer fit; off the waiting list"), "danger"),
}
OF_TENANCIES: Words = {
    # Translators: 签订租赁合同
    "signed": (_("Lease signed"), "success"),
    # Translators: 已交房
    "hand_over": (_("Home handed over"), "success"),
    # Translators: 合同取消，未入住
    "called_off": (_("Lease called off; the household did not move in"), "warning"),
    "call_off": (_("Lease called off"), "warning"),
    "renewed": (_("Lease renewed"), "success"),
    "rent_changed": (_("Rent changed"), ""),
    "order_out": (_("Ordered to leave"), "danger"),
    # Translators: 登记自行退出
    "leaving": (_("The household leaves of itself"), "warning"),
    # Translators: 腾退决定已撤销
    "let_stay": (_("Order to leave taken back"), "success"),
    "go_to_court": (_("Taken to court"), "danger"),
    # Translators: 逾期未腾退已移送诚信管理
    "stay_referred": (_("Staying on referred to the registry"), "danger"),
    # Translators: 已退房验收
    "give_back": (_("Home given back and looked at"), "warning"),
    # Translators: 已催缴租金
    "reminded": (_("Reminded of the rent that is overdue"), "warning"),
    # Translators: 欠租已移送诚信管理
    "arrears_referred": (_("Arrears referred to the credit registry"), "danger"),
    # Translators: 签订分期协议
    "plan_agreed": (_("Instalments agreed"), ""),
    # Translators: 分期协议已履行完毕
    "plan_kept": (_("Instalments kept to the end"), "success"),
    # Translators: 分期未按期缴纳，协议自动终止
    "plan_missed": (_("Instalment missed; the plan has ended by itself"), "danger"),
    # Translators: 分期协议已解除
    "plan_cancelled": (_("Instalments cancelled"), "warning"),
    # Translators: 账户结清，租赁终止
    "end": (_("Account settled; the tenancy has ended"), "success"),
}
OF_SUBSIDIES: Words = {
    # Translators: 登记收款账户，开始发放
    "set_up": (_("Bank account entered; the subsidy is paid"), "success"),
    # Translators: 变更收款账户
    "account_corrected": (_("Bank account changed"), ""),
    # Translators: 补贴已停发
    "stop": (_("Subsidy stopped"), "warning"),
    "stop_unanswered": (_("Stopped: the review was not answered"), "warning"),
    # Translators: 补贴恢复发放
    "resume": (_("Subsidy resumed"), "success"),
    # Translators: 补贴金额调整
    "amount_changed": (_("Amount changed"), ""),
    # Translators: 补贴已终止
    "end_subsidy": (_("Subsidy ended"), "warning"),
}
OF_REVIEWS: Words = {
    # Translators: 年审已启动
    "opened": (_("Yearly review opened"), ""),
    # Translators: 家庭已申报变化
    "reported": (_("The household reported its changes"), ""),
    # Translators: 年审催告
    "reminded": (_("Reminded of the review"), "warning"),
    "order_checks": (_("Checks of the review ordered"), ""),
    "checks_ordered": (_("Checks of the review ordered"), ""),
    "close_review": (_("Yearly review closed"), "success"),
    # Translators: 年审核对已发起
    "begin_check": (_("Checked for the review"), ""),
    # Translators: 未参加年审
    "miss_report": (_("Review not answered"), "danger"),
    # Translators: 补办年审
    "answer_late": (_("Review answered late"), "warning"),
    # Translators: 年审核对已取消
    "check_fell_through": (_("Check of the review cancelled"), "warning"),
    # Translators: 年审重新核对
    "check_anew": (_("Checked again for the review"), "warning"),
    # Translators: 年审通过，继续保障
    "renew_as_it_is": (_("Review passed: renewed as before"), "success"),
    "renew_benefit": (_("Review passed: renewed"), "success"),
    # Translators: 年审通过，金额调整
    "change_amount": (_("Review passed: another amount"), "warning"),
    # Translators: 年审未通过，责令退出
    "send_out": (_("Review not passed: the benefit ends"), "danger"),
    # Translators: 年审：户内成人均已死亡
    "find_dead": (_("Review: nobody is alive"), "warning"),
    # Translators: 年审期间保障已终止
    "benefit_over": (_("The benefit ended during the review"), ""),
    # Translators: 疑点已移送诚信管理
    "finding_referred": (_("Confirmed finding referred to the registry"), "warning"),
    # Translators: 未参加年审已移送诚信管理
    "silence_referred": (_("Silence referred to the registry"), "warning"),
}
OF_VISITS: Words = {
    # Translators: 已安排检查
    "planned": (_("Visit planned"), ""),
    # Translators: 检查：正常使用
    "found_in_order": (_("Visited: in order"), "success"),
    # Translators: 检查结果已登记，待核实
    "record_visit": (_("Visited: something was found"), "warning"),
    # Translators: 检查结果已核实
    "confirm_visit": (_("What the visit found is confirmed"), "danger"),
    # Translators: 检查结果不成立
    "dismiss_visit": (_("What the visit found is dismissed"), ""),
    # Translators: 检查已取消
    "cancel_visit": (_("Visit cancelled"), ""),
}
# By the label of the model: the words of its events, and what its kind of thing is called on the page.
WORDS: Mapping[str, Words] = {
    "benefits.home": OF_HOMES,
    "benefits.turn": OF_TURNS,
    "benefits.tenancy": OF_TENANCIES,
    "benefits.grant": OF_SUBSIDIES,
    "benefits.account": OF_TENANCIES,
    "benefits.reviewround": OF_REVIEWS,
    "benefits.review": OF_REVIEWS,
    "benefits.visit": OF_VISITS,
}
KINDS: Mapping[str, str | Promise] = {
    "benefits.turn": _("Waiting list"),
    "benefits.tenancy": pgettext_lazy("benefit", "Tenancy"),
    "benefits.grant": pgettext_lazy("benefit", "Subsidy"),
    "benefits.account": _("Rent account"),
    # Translators: 年审
    "benefits.review": pgettext_lazy("benefit", "Yearly review"),
    # Translators: 检查
    "benefits.visit": pgettext_lazy("benefit", "Visit"),
}


def rows(entries: Iterable[TimelineEntry], hidden: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Entries as the timeline part draws them, these names masked; an event without words yet is shown by its name."""
    names = list(hidden)
    return [row(entry, names) for entry in entries]


def row(entry: TimelineEntry, hidden: Iterable[str]) -> dict[str, Any]:
    """One of them."""
    title, tone = WORDS.get(entry.subject_kind, {}).get(entry.event, (entry.event, ""))
    by = ""
    if entry.by is not None:
        by = f"{entry.by.name} · {entry.office.name}" if entry.office else entry.by.name
    return {"title": title, "at": entry.at, "by": by, "text": masks.names(entry.note, hidden), "tone": tone}
