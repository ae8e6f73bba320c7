"""Rent accounts: who is late, by age; one account with its entries, what is overdue, and the cashier's deeds."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from benefits import ledger, money_deeds, plans, words
from benefits.arrears import AGES, Arrears
from benefits.ledger import NOTHING
from benefits.models import Account, Book, Entry, Plan, Reminder, Tenancy
from benefits.money_deeds import State
from benefits.querysets import LEDGER_ROLES
from benefits.views.scope import looked, require_ledger, staff_of
from bureau import workdays
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.models import Staff

PAGE_SIZE = 25


@require_GET
@never_cache
def arrears_list(request: HttpRequest) -> HttpResponse:
    """Everybody who is late, the longest first, by how many months."""
    staff, today = require_ledger(request), workdays.today()
    keys = Account.objects.overdue(today, scopes=staff.scopes_as(*LEDGER_ROLES))
    found = ledger.arrears_listed(keys, on=today)
    late = sorted((key for key, each in found.items() if each.amount), key=lambda key: (-found[key].months, key))
    least = request.GET.get("months", "")
    wanted = int(least) if least in {str(age) for age in AGES} else 0
    chosen = [key for key in late if found[key].months >= wanted]
    page = Paginator(chosen, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "rows": _late_rows(list(page.object_list), found, today),
        "page": page,
        "tabs": _tabs(late, found, wanted),
        "ages": words.AGES,
        "total": sum((found[key].amount for key in chosen), NOTHING),
    }
    return render(request, "benefits/arrears.html", context)


def _tabs(late: list[int], found: Any, wanted: int) -> list[dict[str, Any]]:
    address = reverse("benefits:arrears")
    tabs = []
    for months in (0, *AGES):
        # Translators: 欠租 %(n)s 个月及以上
        label = _("%(n)s months and more") % {"n": months} if months else _("All")
        count = sum(found[key].months >= months for key in late)
        url = f"{address}?months={months}" if months else address
        tabs.append({"label": label, "url": url, "current": months == wanted, "count": count})
    return tabs


def _late_rows(keys: list[int], found: Any, today: Any) -> list[dict[str, Any]]:
    rows = Tenancy.objects.filter(account__in=keys).select_related("account", "home__estate")
    by_account = {row.account_id: row for row in rows}
    running = plans.running_on(keys, on=today)
    open_ones = Reminder.objects.filter(tenancy__account__in=keys, paid_on=None)
    reminded = {row.tenancy_id: row for row in open_ones}
    return [
        {
            "tenancy": by_account[key],
            "late": found[key],
            "plan": running.get(key, (None,))[0],
            "reminder": reminded.get(by_account[key].pk),
        }
        for key in keys
        if key in by_account
    ]


def account_of(request: HttpRequest, number: str) -> tuple[Account, Tenancy]:
    """The account in this person's scope with its tenancy, else 404."""
    account: Account = get_object_or_404(Account.objects.visible_to(staff_of(request)), number=number)
    rows = Tenancy.objects.select_related("application", "home__estate", "account")
    return account, get_object_or_404(rows, account=account)


@require_GET
@never_cache
def account_page(request: HttpRequest, number: str) -> HttpResponse:
    """Every entry with the balance after it, what is overdue by age, the plans, and what can be done."""
    account, tenancy = account_of(request, number)
    looked(request, tenancy, "account")
    return render(request, "benefits/account.html", _context(account, tenancy, staff_of(request)))


def _context(account: Account, tenancy: Tenancy, staff: Staff) -> dict[str, Any]:
    state, late = _state(account, tenancy)
    may = [deed for deed in money_deeds.DEEDS if deed.shown and deed.may(account, state, staff)]
    held = list(account.plans.prefetch_related("instalments").order_by("-agreed_on", "-pk"))
    how = plans.states_of(held, on=workdays.today())
    return {
        "account": account,
        "tenancy": tenancy,
        "state": state,
        "late": late,
        "ages": [(label, amount) for label, amount in zip(words.AGES, late.by_age, strict=True) if amount],
        "entries": _entries(account),
        "plans": [{"row": plan, "how": how[plan.pk], "word": _plan_word(plan, how[plan.pk])} for plan in held],
        "reminders": tenancy.reminders.defer("letter__data").select_related("letter"),
        "may_reverse": money_deeds.BY_NAME["reverse"].may(account, state, staff),
        "actions": [
            {
                "label": str(deed.label),
                "url": reverse("benefits:account_deed", args=[account.number, deed.name]),
                "tone": deed.tone,
            }
            for deed in may
        ],
        "tags": [("neutral", _("Account is closed")) if account.closed_on else ("success", _("Account is open"))],
    }


def _state(account: Account, tenancy: Tenancy) -> tuple[State, Arrears]:
    today = workdays.today()
    late = ledger.arrears_of([account], on=today)[account.pk]
    running = plans.running_on([account.pk], on=today)
    return State(ledger.owed(account), late.amount, bool(running), tenancy), late


def _plan_word(_plan: Plan, how: plans.State) -> tuple[str, str]:
    return {
        # Translators: 履行中
        plans.Way.RUNNING: ("info", _("Being kept")),
        # Translators: 已履行完毕
        plans.Way.KEPT: ("success", _("Kept to the end")),
        # Translators: 未按期缴纳，已终止
        plans.Way.MISSED: ("danger", _("Ended: an instalment was missed")),
        # Translators: 已解除
        plans.Way.CANCELLED: ("neutral", _("Cancelled")),
    }[how.way]


def _entries(account: Account) -> list[dict[str, Any]]:
    """Newest first, each with what was owed after it."""
    rows = account.entries.select_related("reverses", "by", "reversed_by").order_by("on", "pk")
    owed, found = NOTHING, []
    for row in rows:
        change = (
            row.amount if row.debit == Book.RECEIVABLE else -row.amount if row.credit == Book.RECEIVABLE else NOTHING
        )
        owed += change
        taken_back = getattr(row, "reversed_by", None) is not None
        can = row.kind != Entry.Kind.REVERSAL and not taken_back
        found.append({"row": row, "change": change, "owed": owed, "taken_back": taken_back, "can_reverse": can})
    return found[::-1]


@require_http_methods(["GET", "POST"])
@never_cache
def account_deed(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """One deed of the cashier: its form, and then the deed."""
    account, tenancy = account_of(request, number)
    deed, staff = money_deeds.BY_NAME.get(name), staff_of(request)
    if deed is None:
        raise Http404
    state, _late = _state(account, tenancy)
    if reason := deed.why_not(account, state, staff):
        raise (NotAllowedError if reason.forbidden else MoveRefusedError)(reason.text)
    looked(request, tenancy, "account")
    first = {"on": workdays.today(), "first_on": workdays.today(), "entry": request.GET.get("entry", ""), "more": 3}
    form = deed.form(request.POST or None, initial=first) if request.method == "GET" else deed.form(request.POST)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                deed.do(account, state, form.cleaned_data, staff)
            except (UnfitDataError, MoveRefusedError) as error:
                form.add_error(None, str(error))
                status = 422 if isinstance(error, UnfitDataError) else 409
            else:
                messages.success(request, _("Done: %(what)s.") % {"what": deed.label})
                return redirect("benefits:account", account.number)
    entry = None
    if name == "reverse":
        key = form.data.get("entry") or request.GET.get("entry", "")
        entry = get_object_or_404(account.entries, pk=key if key.isdigit() else 0)
    context = _context(account, tenancy, staff) | {"deed": deed, "form": form, "entry": entry, "actions": []}
    return render(request, "benefits/account_deed.html", context, status=status)
