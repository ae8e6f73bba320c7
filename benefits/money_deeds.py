"""What a cashier does on a rent account by hand: each deed with its form, when it can be done, and its work."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from msgspec import Struct

from benefits import exits, ledger, plans, statements, tenancies
from benefits.ledger import CENT
from benefits.models import Account, Entry, Tenancy
from bureau import workdays
from bureau.errors import UnfitDataError
from bureau.models import Staff
from bureau.moves import Reason
from bureau.roles import Role

REASON_ROWS = {"rows": 3}


class State(Struct, frozen=True):
    """What the page knows of an account when it draws its buttons."""

    owed: Decimal
    overdue: Decimal
    has_plan: bool
    tenancy: Tenancy


def money(label: Any) -> forms.DecimalField:
    """An amount of more than 0, of whole cents."""
    return forms.DecimalField(label=label, max_digits=12, decimal_places=2, min_value=CENT)


class ReceiveForm(forms.Form):
    """Money that came in, as the bank's advice says."""

    amount = money(gettext_lazy("Amount (CNY)"))
    on = forms.DateField(label=gettext_lazy("Money received on"))
    # Translators: 银行流水号
    reference = forms.CharField(label=pgettext_lazy("bank", "Reference number of the bank"), max_length=60)


class WaiveForm(forms.Form):
    """Some of what is owed is given up."""

    amount = money(gettext_lazy("Amount (CNY)"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs=REASON_ROWS),
        max_length=200,
        # Translators: 写明批准文件
        help_text=gettext_lazy("Name the paper by which it was granted."),
    )


class RefundForm(forms.Form):
    """Some of what was paid too much goes back."""

    amount = money(gettext_lazy("Amount (CNY)"))
    reference = forms.CharField(label=pgettext_lazy("bank", "Reference number of the bank"), max_length=60)


class ReasonForm(forms.Form):
    """Nothing but the reason."""

    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs=REASON_ROWS), max_length=200)


class ReverseForm(ReasonForm):
    """Which entry is taken back, and why."""

    entry = forms.IntegerField(widget=forms.HiddenInput)


class PlanForm(forms.Form):
    """Everything overdue: a first instalment, the rest in equal parts month by month."""

    # Translators: 首期金额
    first = money(gettext_lazy("First instalment (CNY)"))
    # Translators: 首期缴纳日期
    first_on = forms.DateField(label=gettext_lazy("To be paid by"))
    # Translators: 其余期数（按月）
    more = forms.IntegerField(
        label=gettext_lazy("Further instalments, month by month"), min_value=0, max_value=plans.MOST_INSTALMENTS - 1
    )


class ConfirmForm(forms.Form):
    """Nothing to fill in."""


class MoneyDeed(Struct, frozen=True):
    """One deed: its name in the address, what its button says, when it can be done, what it does."""

    name: str
    label: str | Promise
    form: type[forms.Form]
    fits: Callable[[Account, State], bool]
    do: Callable[[Account, State, dict[str, Any], Staff], object]
    help: str | Promise = ""
    tone: str = ""
    shown: bool = True  # as a button of the page; else beside what it is about

    def may(self, account: Account, state: State, by: Staff) -> bool:
        """Whether this person can do it now."""
        return self.why_not(account, state, by) is None

    def why_not(self, account: Account, state: State, by: Staff) -> Reason | None:
        """Why this person cannot do it: never, or not now; None where nothing is in the way."""
        if not by.has_role(Role.CASHIER, account.office_code):
            return Reason(_("Your posting does not include this work."), forbidden=True)
        if account.closed_on is not None:
            return Reason(_("Account %(number)s is closed; nothing is entered on it.") % {"number": account})
        if not self.fits(account, state):
            # Translators: 账户当前状态不能办理“%(what)s”。
            return Reason(_("“%(what)s” does not fit the account as it stands now.") % {"what": self.label})
        return None


def _receive(account: Account, _state: State, data: dict[str, Any], by: Staff) -> object:
    return statements.receive(account, amount=data["amount"], on=data["on"], reference=data["reference"], by=by)


def _reverse(account: Account, _state: State, data: dict[str, Any], by: Staff) -> object:
    entry = Entry.objects.filter(account=account, pk=data["entry"]).first()
    if entry is None:
        raise UnfitDataError(_("There is no such entry on this account."))
    return ledger.reverse(entry, reason=data["reason"], by=by)


def _agree(account: Account, state: State, data: dict[str, Any], by: Staff) -> object:
    return plans.agree(account, parts(state.overdue, data["first"], data["first_on"], data["more"]), by=by)


def _cancel(account: Account, _state: State, data: dict[str, Any], by: Staff) -> object:
    plan, _found = plans.running_on([account.pk], on=workdays.today())[account.pk]
    return plans.cancel(plan, reason=data["reason"], by=by)


def parts(total: Decimal, first: Decimal, first_on: date, more: int) -> list[tuple[date, Decimal]]:
    """A first instalment, and the rest in equal parts on the same day of the months after; the last takes the cents."""
    if not more:
        return [(first_on, first)]
    rest = total - first
    each = (rest / more).quantize(CENT)
    days = [tenancies.months_after(first_on, place) for place in range(more + 1)]
    return list(zip(days, [first, *([each] * (more - 1)), rest - each * (more - 1)], strict=True))


def _always(_account: Account, _state: State) -> bool:
    return True


DEEDS = (
    MoneyDeed(
        "receive",
        # Translators: 手工入账
        gettext_lazy("Enter a payment"),
        ReceiveForm,
        _always,
        _receive,
        # Translators: 对账单会自动入账；仅在未附对账单时手工录入。
        gettext_lazy("Statements of the bank are posted by themselves. Enter by hand only what comes without one."),
        "primary",
    ),
    MoneyDeed(
        "plan",
        # Translators: 签订分期协议
        gettext_lazy("Agree instalments"),
        PlanForm,
        lambda _account, state: state.overdue > 0 and not state.has_plan,
        _agree,
        # Translators: 分期覆盖全部欠租；按期缴纳期间不计欠租时长，逾期一期即自动终止。
        gettext_lazy(
            "The plan is over everything overdue. While it is kept the clock of arrears stands still; one missed "
            "instalment ends it by itself."
        ),
    ),
    MoneyDeed(
        "cancel_plan",
        # Translators: 解除分期协议
        gettext_lazy("Cancel the instalments"),
        ReasonForm,
        lambda _account, state: state.has_plan,
        _cancel,
        tone="danger",
    ),
    MoneyDeed(
        "waive",
        # Translators: 减免
        gettext_lazy("Waive an amount"),
        WaiveForm,
        lambda _account, state: state.owed > 0,
        lambda account, _state, data, by: ledger.waive(account, amount=data["amount"], reason=data["reason"], by=by),
        tone="danger",
    ),
    MoneyDeed(
        "refund",
        # Translators: 退还多缴
        gettext_lazy("Pay back an amount"),
        RefundForm,
        lambda _account, state: state.owed < 0,
        lambda account, _state, data, by: ledger.refund(
            account, amount=data["amount"], reference=data["reference"], by=by
        ),
    ),
    MoneyDeed(
        "reverse",
        # Translators: 冲正
        gettext_lazy("Take an entry back"),
        ReverseForm,
        _always,
        _reverse,
        # Translators: 原分录保留，另记一笔相反分录。
        gettext_lazy("The entry stays; its mirror is entered beside it."),
        "danger",
        shown=False,
    ),
    MoneyDeed(
        "close",
        # Translators: 结清销户
        gettext_lazy("Close the account"),
        ConfirmForm,
        lambda _account, state: state.owed == 0 and state.tenancy.status == Tenancy.Status.RETURNED,
        lambda _account, state, _data, by: exits.settle(state.tenancy, by=by),
        # Translators: 销户后不再记账，租赁随之终止，该家庭可重新申请。
        gettext_lazy("Nothing is entered on it any more; the tenancy ends, and the household may apply anew."),
        "primary",
    ),
)
BY_NAME: Mapping[str, MoneyDeed] = {deed.name: deed for deed in DEEDS}
