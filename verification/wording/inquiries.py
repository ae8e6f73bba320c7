"""What a caseworker who waits is told of each source: what has happened, what happens next, what there is to do."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from verification.models import Inquiry, ManualRequest
from verification.wording.sources import moment_words
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
    # Translators: %(source)s连续失败，暂停查询至 %(next)s，之后自动重试。无须操作。
    "resting": _("%(source)s failed several times in a row and is left alone until %(next)s. Nothing for you to do."),
}

FAILED: Words = {
    # Translators: %(source)s未在时限内答复，已尝试 %(tries)s 次。可重发，或按数据不全作结论。
    "timeout": _("%(source)s did not answer in time, after %(tries)s tries. Ask again, or conclude as incomplete."),
    # Translators: %(source)s无法连接，已尝试 %(tries)s 次。可稍后重发，或按数据不全作结论。
    "unavailable": _(
        "%(source)s could not be reached, after %(tries)s tries. Ask again later, or conclude as incomplete."
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
    # Translators: 核对已取消，未再查询。
    "cancelled": _("The check was cancelled; it is not asked any more."),
}


def with_lists(inquiries: Iterable[Inquiry]) -> list[Inquiry]:
    """The inquiries, each that is out on a request list with that list as `listing`; one query, and none for none."""
    rows = list(inquiries)
    if leases := {row.lease for row in rows if row.lease and row.state == State.OPEN and open_state(row) == "listed"}:
        lists = {
            found.lease: found for found in ManualRequest.objects.filter(lease__in=leases).defer("questions", "upload")
        }
        for row in rows:
            row.listing = lists.get(row.lease)  # type: ignore[attr-defined]
    return rows


def inquiry_words(inquiry: Inquiry, member: str = "") -> str:
    """One sentence on this source for who waits; empty where it has simply answered. `member`: only of that one."""
    if inquiry.state == State.OPEN:
        return str(OPEN[open_state(inquiry)]) % _facts(inquiry)
    if inquiry.state in {State.NOT_ASKED, State.CANCELLED}:
        return str(OTHERWISE[inquiry.state])
    outcomes = [inquiry.outcomes.get(member, "not_asked")] if member else list(inquiry.outcomes.values())
    outcome = next((word for word in (*outcomes, inquiry.reason) if word not in {"", "found", "none"}), "")
    if outcome in OTHERWISE:
        return str(OTHERWISE[outcome])
    return str(FAILED[outcome]) % _facts(inquiry) if outcome else ""


def open_state(inquiry: Inquiry) -> str:
    """Where an open inquiry stands: waiting, asking, listed (out on a request list), working (the source took the
    batch), retrying, resting.
    """
    now = timezone.now()
    if inquiry.lease and inquiry.not_before > now >= (inquiry.lease_until or now):
        return "listed"
    if inquiry.lease_until and inquiry.lease_until > now:
        return "asking"
    if inquiry.ticket:
        return "working"
    if inquiry.source.is_open:
        return "resting"
    return "retrying" if inquiry.reason else "waiting"


def _facts(inquiry: Inquiry) -> dict[str, Any]:
    listing: ManualRequest | None = getattr(inquiry, "listing", None)  # see `with_lists`
    return {
        "list": listing.number if listing else "--",
        "due": listing.due_on.isoformat() if listing else "--",
        "source": inquiry.source.name,
        "asked": moment_words(inquiry.asked_at),
        "next": moment_words(inquiry.source.open_until if inquiry.source.is_open else inquiry.not_before),
        "why": outcome_name(inquiry.reason) if inquiry.reason else "--",
        "tries": inquiry.attempts,
    }
