"""What a caseworker who waits is told of each source: what has happened, what happens next, what there is to do."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from verification.models import Inquiry, Round
from verification.wording.sources import moment_words, waited_for_until
from verification.wording.terms import outcome_name

State = Inquiry.State
Words = Mapping[str, str | Promise]

OPEN: Words = {
    # Translators: 即将向%(source)s发出查询。
    "waiting": _("%(source)s is about to be asked."),
    # Translators: %(asked)s 已向%(source)s发出查询，等待回复。
    "asking": _("%(source)s was asked at %(asked)s; its answer is awaited."),
    # Translators: 已于 %(asked)s 以清单 %(list)s 发往%(source)s，请其于 %(due)s 前答复；在此之前系统不再查询。
    "listed": _(
        "Sent to %(source)s as a list (%(list)s) on %(asked)s; the reply is awaited until %(due)s, and nothing is asked"
        " over the wire meanwhile."
    ),
    # Translators: %(source)s已受理，仍在处理；%(next)s 取结果。无须操作。
    "working": _("%(source)s has taken the request and is at work; the result is fetched at %(next)s. Nothing to do."),
    # Translators: %(source)s自 %(asked)s 起未能答复（%(why)s）；%(next)s 自动重试。无须操作。
    "retrying": _(
        "%(source)s has not answered since %(asked)s (%(why)s); it is asked again at %(next)s. Nothing for you to do."
    ),
    # Translators: %(source)s自 %(well)s 起未能反馈，系统持续自动重试。无须操作。
    "resting": _("%(source)s has not answered since %(well)s; it is being retried. Nothing for you to do."),
    # Translators: %(source)s尚未反馈过，系统持续自动重试。无须操作。
    "never_well": _("%(source)s has not answered so far; it is being retried. Nothing for you to do."),
    # Translators: %(source)s的查询由核对中心核验中，核验后自动继续。无须操作。
    "held": _("The inquiry to %(source)s is being verified by the check centre. Nothing for you to do."),
    # Translators: %(source)s系统维护至 %(maintained)s，之后自动查询。无须操作。
    "maintained": _("%(source)s is under maintenance until %(maintained)s and is asked after that. Nothing to do."),
    # Translators: %(source)s每日 %(quiet_from)s 至 %(quiet_to)s 不查询，之后自动查询。无须操作。
    "quiet": _("%(source)s is not asked from %(quiet_from)s to %(quiet_to)s and is asked after that. Nothing to do."),
    # Translators: %(source)s每分钟最多查询 %(rate)s 户，正在排队，自动查询。无须操作。
    "rated": _("%(source)s takes %(rate)s households a minute; this one waits its turn. Nothing for you to do."),
    # Translators: 所在核对批次已暂停，批次继续后自动查询。无须操作。
    "paused": _("The round of this household is paused; %(source)s is asked when it goes on. Nothing for you to do."),
    # Translators: %(source)s暂不查询：协议未生效或来源已停用。无须操作。
    "out_of_force": _(
        "%(source)s is not asked for now: no agreement is in force, or it is off. Nothing for you to do."
    ),
}
# Translators: 最迟等待至 %(until)s。
PATIENCE = _("It is waited for until %(until)s at the latest.")

FAILED: Words = {
    # Translators: %(source)s未在时限内答复，已尝试 %(tries)s 次。可重发，或按数据不全作结论。
    "timeout": _("%(source)s did not answer in time, after %(tries)s tries. Ask again, or conclude as incomplete."),
    # Translators: %(source)s无法连接，已尝试 %(tries)s 次。可稍后重发，或按数据不全作结论。
    "unavailable": _(
        "%(source)s could not be reached, after %(tries)s tries. Ask again later, or conclude as incomplete."
    ),
    # Translators: %(source)s持续无法连接或已停用，不再等待。可稍后重发，或按数据不全作结论。
    "given_up": _(
        "%(source)s could not be asked for too long and is not waited for. Ask again later, or conclude as incomplete."
    ),
    # Translators: %(source)s的回复无法读取（%(tries)s 次）。请告知系统管理员后重发。
    "broken": _("%(source)s sent what cannot be read, %(tries)s times. Tell the administrator, then ask again."),
    # Translators: %(source)s拒绝查询。重发无用，请系统管理员查看其密钥与协议。
    "refused": _("%(source)s refuses the request. Asking again does not help: the administrator checks its agreement."),
}

OTHERWISE: Words = {
    # Translators: 该来源不保存此类人员的数据。
    "not_in_charge": _("This source keeps no data on this person."),
    # Translators: 姓名与证件号码不符。请与家庭核对姓名和证件号码后重发，或由人工认定。
    "identity_mismatch": _("Name and ID number do not belong together there. Check both with the household."),
    # Translators: 未查询：没有覆盖该来源的有效授权，或该来源未启用。
    "not_asked": _("Not asked: no live authorisation covers it, or the source is not in use."),
    # Translators: 未查询：与%(source)s的协议自 %(begins)s 起生效。
    "not_begun": _("Not asked: the agreement with %(source)s begins on %(begins)s."),
    # Translators: 核对已取消，未再查询。
    "cancelled": _("The check was cancelled; it is not asked any more."),
}


def inquiry_words(inquiry: Inquiry, member: str = "") -> str:
    """One sentence on this source for who waits; empty where it has simply answered. `member`: only of that one."""
    if inquiry.state == State.OPEN:
        return _open_words(inquiry)
    if inquiry.state in {State.NOT_ASKED, State.CANCELLED}:
        begins = inquiry.source.agreement_from
        early = inquiry.state == State.NOT_ASKED and begins is not None and begins > timezone.localdate()
        return str(OTHERWISE["not_begun" if early else inquiry.state]) % _facts(inquiry)
    outcomes = [inquiry.outcomes.get(member, "not_asked")] if member else list(inquiry.outcomes.values())
    outcome = next((word for word in (*outcomes, inquiry.reason) if word not in {"", "found", "none"}), "")
    if outcome in OTHERWISE:
        return str(OTHERWISE[outcome])
    if outcome == "unavailable" and not inquiry.attempts:
        outcome = "given_up"
    return str(FAILED[outcome]) % _facts(inquiry) if outcome else ""


def _open_words(inquiry: Inquiry) -> str:
    state = open_state(inquiry)
    if state != "resting":
        return str(OPEN[state]) % _facts(inquiry)
    words = str(OPEN["resting" if inquiry.source.last_success_at else "never_well"]) % _facts(inquiry)
    until = patience_ends_at(inquiry)
    # Translators: %(words)s%(more)s
    return (
        gettext("%(words)s %(more)s") % {"words": words, "more": PATIENCE % {"until": moment_words(until)}}
        if until
        else words
    )


def patience_ends_at(inquiry: Inquiry) -> datetime | None:
    """Until when a source that is down is waited for; None: for ever."""
    hours = inquiry.source.patience_hours
    return waited_for_until(inquiry.source, inquiry.asked_at or inquiry.not_before) if hours else None


def open_state(inquiry: Inquiry) -> str:
    """Where an open inquiry stands, and what it waits for.

    listed (out on a request list), asking; what a person or a calendar holds up: paused, held, out_of_force,
    maintained, quiet; then working (the source took the batch), resting (the source is down), retrying, rated, waiting.
    """
    now, source = timezone.now(), inquiry.source
    if inquiry.lease and inquiry.not_before > now >= (inquiry.lease_until or now):
        return "listed"
    if inquiry.lease_until and inquiry.lease_until > now:
        return "asking"
    if obstacle := _obstacle(inquiry, now):
        return obstacle
    if inquiry.ticket:
        return "working"
    if source.is_open or source.is_down:
        return "resting"
    return "retrying" if inquiry.reason else "rated" if source.per_minute else "waiting"


def _obstacle(inquiry: Inquiry, now: datetime) -> str:
    """What a person or a calendar holds up; by the query set's `with_obstacles`, else only what the source tells."""
    source, today = inquiry.source, timezone.localdate(now)
    begun = source.agreement_from is None or source.agreement_from <= today
    over = source.agreement_to is not None and source.agreement_to <= today
    if getattr(inquiry, "round_status", None) == Round.Status.PAUSED:
        return "paused"
    if getattr(inquiry, "is_held", False):
        return "held"
    if not source.enabled or not begun or over:
        return "out_of_force"
    if getattr(inquiry, "maintained_until", None):
        return "maintained"
    return "quiet" if source.is_quiet(timezone.localtime(now).time()) else ""


def _facts(inquiry: Inquiry) -> dict[str, Any]:
    source, due_on = inquiry.source, getattr(inquiry, "list_due_on", None)
    return {
        "list": getattr(inquiry, "list_number", None) or "--",
        "due": due_on.isoformat() if due_on else "--",
        "source": source.name,
        "asked": moment_words(inquiry.asked_at),
        "next": moment_words(source.open_until if source.is_open else inquiry.not_before),
        "well": moment_words(source.last_success_at),
        "maintained": moment_words(getattr(inquiry, "maintained_until", None)),
        "quiet_from": f"{source.quiet_from:%H:%M}" if source.quiet_from else "--",
        "quiet_to": f"{source.quiet_to:%H:%M}" if source.quiet_to else "--",
        "rate": source.per_minute or "--",
        "begins": source.agreement_from.isoformat() if source.agreement_from else "--",
        "why": outcome_name(inquiry.reason) if inquiry.reason else "--",
        "tries": inquiry.attempts,
    }
