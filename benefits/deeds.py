"""What can be done in benefits, deed by deed, life by life. Pages draw their buttons from these tables, and what they
send comes back to them.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from benefits import exits, moves, reckoning, subsidies, tenancies
from benefits.deed import Deed
from benefits.forms import (
    AmountForm,
    BankForm,
    ExitForm,
    FromMonthForm,
    GiveBackForm,
    LeaveForm,
    MonthsForm,
    OrderForm,
    RentForm,
    SetUpForm,
    WhyForm,
)
from benefits.letting_deeds import HOMES, TURNS
from benefits.models import Exit, Grant, Tenancy
from bureau import workdays
from bureau.models import Staff
from bureau.moves import Text

C, G = Tenancy.Status, Grant.Status


def _change_rent(tenancy: Tenancy, data: dict[str, Any], by: Staff) -> None:
    tenancies.change_rent(tenancy, rent_today(tenancy), from_month=data["from_month"], reason=data["reason"], by=by)


def rent_today(tenancy: Tenancy) -> reckoning.Reckoned:
    """The rent by the newest check and the terms of the day. Raises `UnfitDataError` where it cannot be worked out."""
    check = tenancy.application.current_check
    assert check is not None  # noqa: S101 -- an approval rests on it
    return reckoning.rent_of(tenancy.home.area, reckoning.household_of(check), on=workdays.today())


def amount_today(grant: Grant) -> reckoning.Reckoned:
    """The subsidy by the newest check and the terms of the day; raises like `rent_today`."""
    check = grant.application.current_check
    assert check is not None  # noqa: S101 -- an approval rests on it
    return reckoning.subsidy_of(reckoning.household_of(check, rent_paid=grant.rent_paid), on=workdays.today())


def _order_out(tenancy: Tenancy, data: dict[str, Any], by: Staff) -> None:
    exits.order_out(tenancy, reason=Exit.Reason(data["reason"]), text=data["text"], by=by)


def _leave(tenancy: Tenancy, data: dict[str, Any], by: Staff) -> None:
    exits.leave(tenancy, reason=Exit.Reason(data["reason"]), text=data["text"], by=by)


def _let_stay(tenancy: Tenancy, data: dict[str, Any], by: Staff) -> None:
    exits.let_stay(tenancy.exits.get(rescinded_at=None), reason=data["reason"], by=by)


def _no_exit_stands(tenancy: Tenancy) -> Text | None:
    if tenancies.standing_exit(tenancy) is not None:
        return _("It has been stated already why this benefit ends.")
    return None


def _still_has_time(tenancy: Tenancy) -> Text | None:
    found = tenancies.standing_exit(tenancy)
    if found is None or not found.days_late():
        return _("The household still has time to leave.")
    return None


def _ends_soon(tenancy: Tenancy) -> Text | None:
    last = tenancy.contracts.order_by("-ends_on").first()
    if last and last.ends_on >= tenancies.months_after(workdays.today(), tenancies.RENEWED_WITHIN):
        return _("A contract is renewed within the three months before it ends.")
    return None


TENANCIES = (
    Deed(
        "hand_over",
        moves.HAND_OVER.label,
        lambda tenancy, _data, by: tenancies.hand_over(tenancy, by=by),
        move=moves.HAND_OVER,
        # Translators: 自交房之日起计收租金。
        why=_("From today the rent is owed."),
    ),
    Deed(
        "call_off",
        moves.CALL_OFF.label,
        lambda tenancy, data, by: tenancies.call_off(tenancy, reason=data["reason"], by=by),
        WhyForm,
        stages=frozenset({C.SIGNED}),
        # Translators: 不产生租金，住房退回，家庭可以重新申请。
        why=_("Nothing is owed, the home is free, and the household may apply anew."),
        tone="danger",
    ),
    Deed(
        "renew",
        # Translators: 续租
        _("Renew the lease"),
        lambda tenancy, data, by: tenancies.renew(tenancy, months=data["months"], by=by),
        MonthsForm,
        stages=frozenset({C.RUNNING}),
        fits=_ends_soon,
        # Translators: 新合同自原合同期满次日起，随即制发。
        why=_("Another lease follows the present one, and goes out at once."),
    ),
    Deed(
        "change_rent",
        # Translators: 调整租金
        _("Change the rent"),
        _change_rent,
        RentForm,
        stages=frozenset({C.RUNNING}),
        # Translators: 按最近一次核对和现行标准计算。
        why=_("The rent is worked out by the newest check and the terms of today."),
    ),
    Deed(
        "order_out",
        moves.ORDER_OUT.label,
        _order_out,
        OrderForm,
        move=moves.ORDER_OUT,
        met=(moves.has_ordered_exit,),
        fits=_no_exit_stands,
        # Translators: 腾退通知书随即制发并起算期限；须有查证属实的事实。
        why=_("The order goes out at once and the time to leave begins. It rests on facts, not on a hit."),
    ),
    Deed(
        "leave",
        # Translators: 登记自行退出
        _("The household leaves of itself"),
        _leave,
        LeaveForm,
        stages=frozenset({C.RUNNING}),
        fits=_no_exit_stands,
        # Translators: 租金计收至退房之日。
        why=_("The rent runs until the home is given back."),
    ),
    Deed(
        "let_stay",
        moves.LET_STAY.label,
        _let_stay,
        WhyForm,
        move=moves.LET_STAY,
        # Translators: 租赁继续履行；决定及撤销理由留存。
        why=_("The tenancy runs on. The order stays on file with the reason why it was taken back."),
    ),
    Deed(
        "go_to_court",
        moves.SUE.label,
        lambda tenancy, data, by: exits.go_to_court(tenancy.exits.get(rescinded_at=None), note=data["reason"], by=by),
        WhyForm,
        move=moves.SUE,
        fits=_still_has_time,
        # Translators: 诉讼、执行的经过在失信案件中登记。
        why=_("The suit itself and what comes of it are kept with the credit case."),
    ),
    Deed(
        "give_back",
        moves.GIVE_BACK.label,
        lambda tenancy, data, by: exits.take_back(
            tenancy, on=data["on"], condition=data["condition"], damage=data["damage"], by=by
        ),
        GiveBackForm,
        move=moves.GIVE_BACK,
        # Translators: 住房转入整备；欠缴的租金仍应缴纳。
        why=_("The home goes to repair. What is owed stays owed."),
    ),
)


def _set_up(grant: Grant, data: dict[str, Any], by: Staff) -> None:
    values = {name: data[name] for name in ("bank", "account", "rent_paid")}
    subsidies.set_up(grant, by=by, **values)


def _change_amount(grant: Grant, data: dict[str, Any], by: Staff) -> None:
    subsidies.change_amount(grant, amount_today(grant), from_month=data["from_month"], reason=data["reason"], by=by)


def _end(grant: Grant, data: dict[str, Any], by: Staff) -> None:
    exits.end_subsidy(grant, reason=Exit.Reason(data["reason"]), text=data["text"], by=by)


SUBSIDIES = (
    Deed(
        "set_up",
        moves.SET_UP.label,
        _set_up,
        SetUpForm,
        move=moves.SET_UP,
        # Translators: 补贴金额按核对结果和准予之日的标准计算。
        why=_("The amount is worked out by the check and the terms of the day of the grant."),
    ),
    Deed(
        "correct_account",
        # Translators: 变更收款账户
        _("Another bank account"),
        lambda grant, data, by: subsidies.correct_account(grant, bank=data["bank"], account=data["account"], by=by),
        BankForm,
        stages=frozenset({G.RUNNING, G.STOPPED}),
        who=moves.WINDOW,
        # Translators: 尚未发放的补贴发往新账户。
        why=_("What is still to be paid goes there."),
    ),
    Deed(
        "stop",
        moves.STOP.label,
        lambda grant, data, by: subsidies.stop(grant, from_month=data["from_month"], reason=data["reason"], by=by),
        FromMonthForm,
        move=moves.STOP,
        # Translators: 停发通知书随即制发；停发期间不补发。
        why=_("The notice goes out at once. What is left out meanwhile is not paid later."),
    ),
    Deed(
        "resume",
        moves.RESUME.label,
        lambda grant, data, by: subsidies.resume(grant, reason=data["reason"], by=by),
        WhyForm,
        move=moves.RESUME,
        # Translators: 自次月起恢复发放，停发期间不补发。
        why=_("It is paid again from next month, without what was left out."),
    ),
    Deed(
        "change_amount",
        # Translators: 调整补贴金额
        _("Change the amount"),
        _change_amount,
        AmountForm,
        stages=frozenset({G.RUNNING}),
        # Translators: 按最近一次核对和现行标准计算，自次月起调整。
        why=_("It is worked out by the newest check and the terms of today, from next month on."),
    ),
    Deed(
        "end",
        moves.END_SUBSIDY.label,
        _end,
        ExitForm,
        move=moves.END_SUBSIDY,
        met=(moves.has_ordered_exit,),
        # Translators: 终止通知书随即制发，家庭可以重新申请。
        why=_("The notice goes out at once, and the household may apply anew."),
    ),
)


__all__ = ["HOMES", "SUBSIDIES", "TENANCIES", "TURNS", "amount_today", "named", "rent_today"]


def named(table: tuple[Deed, ...]) -> Mapping[str, Deed]:
    """A table by the names of its deeds."""
    return {deed.name: deed for deed in table}
