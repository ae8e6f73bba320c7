"""The ledger balances to 0.00 after any sequence of acts, allowed or refused."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import given as suppose
from hypothesis import strategies as st

from benefits import ledger, plans, statements
from benefits.models import Account, Balance, Entry
from bureau import workdays
from bureau.errors import CaseError
from tests.benefits.accounts import RENT, bill, pay

pytestmark = pytest.mark.django_db
AMOUNTS = st.decimals(min_value="-1", max_value="3000", places=2) | st.just(RENT)
ACTS = st.one_of(
    st.tuples(st.just("bill"), st.integers(0, 14), AMOUNTS),
    st.tuples(st.just("pay"), st.integers(0, 5), AMOUNTS),
    st.tuples(st.just("recover"), st.integers(0, 5), AMOUNTS),
    st.tuples(st.just("receive"), st.integers(10, 14), AMOUNTS),
    st.tuples(st.just("plan"), st.integers(1, 4), AMOUNTS),
    st.tuples(st.just("cancel"), st.just(0), st.just(RENT)),
    st.tuples(st.just("waive"), st.just(0), AMOUNTS),
    st.tuples(st.just("refund"), st.integers(6, 9), AMOUNTS),
    st.tuples(st.just("reverse"), st.integers(0, 12), st.just(RENT)),
    st.tuples(st.just("close"), st.just(0), st.just(RENT)),
)


def do(account, act, place, amount, by):
    """One act, as the ledger allows it or not."""
    entries = list(account.entries.order_by("pk"))
    acts = {
        "bill": lambda: bill(account, place, amount),
        "pay": lambda: pay(account, amount, f"B-{place}"),
        "recover": lambda: pay(account, amount, f"B-{place}", recovered=True),
        "receive": lambda: statements.receive(
            account, amount=amount, on=workdays.today(), reference=f"B-{place}", by=by
        ),
        "plan": lambda: plans.agree(account, instalments(account, place, amount), by=by),
        "cancel": lambda: account.plans.exists() and plans.cancel(account.plans.first(), reason="解除", by=by),
        "waive": lambda: ledger.waive(account, amount=amount, reason="减免", by=by),
        "refund": lambda: ledger.refund(account, amount=amount, reference=f"B-{place}", by=by),
        "reverse": lambda: entries and ledger.reverse(entries[place % len(entries)], reason="误记", by=by),
        "close": lambda: ledger.close(account, by=by),
    }
    before = len(entries)
    try:
        acts[act]()
    except CaseError:
        assert account.entries.count() == before


def instalments(account, count, first):
    """What is overdue in so many parts, the first of this amount; or wrong ones, where it is more than there is."""
    total = ledger.arrears_of([account], on=workdays.today())[account.pk].amount
    amounts = [first, *([Decimal("0.01")] * (count - 1))]
    amounts[-1] += total - sum(amounts)
    return [(workdays.today() + timedelta(days=30 * place), amount) for place, amount in enumerate(amounts)]


class BackError(Exception):
    """Ends an example; the database is as before it."""


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@suppose(acts=st.lists(ACTS, max_size=14))
def test_the_ledger_balances_after_any_sequence(account, officer, acts):
    with pytest.raises(BackError):
        try_out(account, acts, officer)


@transaction.atomic
def try_out(account, acts, by):
    """What came of them; the database is as before it."""
    for act in acts:
        do(account, *act, by)
    balances_and_adds_up(account)
    raise BackError


def balances_and_adds_up(account):
    """To 0.00 over all books; owed is what stands billed, less what stands paid, in plain arithmetic."""
    books = Entry.objects.in_books()
    assert sum(books.values(), Decimal(0)) == 0
    signs = {"bill": 1, "refund": 1, "payment": -1, "recovery": -1, "waiver": -1}
    standing = account.entries.exclude(pk__in=account.entries.exclude(reverses=None).values("reverses"))
    plain = sum((signs[each.kind] * each.amount for each in standing.exclude(kind="reversal")), Decimal(0))
    assert ledger.owed(account) == plain
    assert (list(Balance.objects.filter(account=account).values_list("owed", flat=True)) or [0]) == [plain]
    found = ledger.arrears_of([account], on=workdays.today())[account.pk]
    assert sum(found.by_age) == found.amount <= max(plain, Decimal(0))
    plans_are_within_what_is_overdue(account, found.amount)
    months = [each.month for each in standing if each.kind == "bill"]
    numbers = [each.reference for each in standing if each.reference]
    assert (len(months), len(numbers)) == (len(set(months)), len(set(numbers)))
    account.refresh_from_db()
    assert account.closed_on is None or plain == 0
    assert not found.amount or Account.objects.overdue(workdays.today()) == [account.pk]


def plans_are_within_what_is_overdue(account, overdue):
    """One plan runs at most; its instalments come to its sum, and it never pauses more than that."""
    today = workdays.today()
    held = list(account.plans.all())
    states = plans.states_of(held, on=today)
    assert sum(states[plan.pk].way == plans.Way.RUNNING for plan in held) <= 1
    for plan in held:
        assert sum(part.amount for part in plan.instalments.all()) == plan.total
        assert 0 <= states[plan.pk].later <= plan.total
    paused = plans.paused([account.pk], on=today)
    counted = ledger.arrears_of([account], on=today, paused=paused)[account.pk].amount
    assert max(Decimal(0), overdue - paused.get(account.pk, Decimal(0))) <= counted <= overdue
