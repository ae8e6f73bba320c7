"""The rent ledger: it balances whatever happens, what is wrong is taken back, and nothing is posted twice."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, transaction

from benefits import ledger
from benefits.models import BOOKS_OF, Account, Balance, Entry
from bureau import workdays
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from tests.benefits.accounts import OPENED, RENT, bill, month, opened, pay

pytestmark = pytest.mark.django_db


def test_a_bill_is_owed_until_it_is_paid(account):
    bill(account, 2)
    bill(account, 1)
    assert ledger.owed(account) == 2 * RENT
    pay(account)
    assert ledger.owed(account) == RENT
    assert Entry.objects.in_books() == {"receivable": RENT, "income": -2 * RENT, "treasury": RENT}


def test_what_is_overdue_is_counted_by_its_age(account):
    for ago in range(1, 10):
        bill(account, ago)
    pay(account, 2 * RENT + 100)
    today = workdays.today()
    other = opened()

    found = ledger.arrears_of([account, other], on=today)

    assert found[account.pk].amount == 7 * RENT - 100
    assert found[account.pk].months == 7
    assert found[account.pk].since == month(7).replace(day=15)
    assert sum(found[account.pk].by_age) == found[account.pk].amount
    assert found[other.pk].amount == 0


def test_a_hundred_accounts_take_one_query(django_assert_num_queries, people):
    accounts = [opened() for _ in range(100)]
    bill(accounts[0], 3)

    with django_assert_num_queries(1):
        found = ledger.arrears_of(accounts, on=workdays.today())
    assert found[accounts[0].pk].months == 1


def test_who_is_overdue_is_found_by_balances_that_only_entries_change(account, officer):
    even, early = opened(), opened()
    for ago in (1, 2):
        bill(account, ago)
    pay(account, RENT)
    bill(even, 2)
    pay(even, RENT, "B-2")
    bill(early, 0, due_on=workdays.today())

    assert Account.objects.overdue(workdays.today()) == [account.pk]
    assert set(Account.objects.overdue(workdays.today() + timedelta(days=1))) == {account.pk, early.pk}
    ledger.waive(account, amount=RENT, reason="困难减免", by=officer)
    assert Account.objects.overdue(workdays.today()) == []
    assert dict(Balance.objects.values_list("account", "owed")) == {account.pk: 0, even.pk: 0, early.pk: RENT}
    for write in (
        lambda: Balance.objects.filter(account=early).update(owed=0),
        lambda: Balance.objects.filter(account=early).delete(),
        lambda: Balance.objects.create(account=opened(), owed=1),
    ):
        with pytest.raises(InternalError, match="Cannot insert or update or delete"), transaction.atomic():
            write()


def test_an_entry_is_taken_back_once_with_its_reason(account, officer):
    wrong = bill(account, 1, RENT + 100)
    with pytest.raises(UnfitDataError, match="reason"):
        ledger.reverse(wrong, reason=" ", by=officer)

    back = ledger.reverse(wrong, reason="面积录入有误", by=officer)

    assert ledger.owed(account) == 0
    with pytest.raises(MoveRefusedError, match="already"):
        ledger.reverse(wrong, reason="再次", by=officer)
    with pytest.raises(MoveRefusedError, match="not taken back"):
        ledger.reverse(back, reason="再次", by=officer)
    bill(account, 1)
    assert ledger.owed(account) == RENT
    with pytest.raises(UnfitDataError, match="billed already"):
        bill(account, 1)


@pytest.mark.parametrize("amount", ["0", "-5", "0.005", "10.001"])
def test_an_amount_is_money(account, amount):
    with pytest.raises(UnfitDataError, match="amount"):
        pay(account, amount)
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("days", "words"), [(1, "ahead"), (-OPENED - 1, "before the account")], ids=["tomorrow", "before it opened"]
)
def test_no_payment_on_a_day_that_cannot_be(account, days, words):
    with pytest.raises(UnfitDataError, match=words):
        pay(account, on=workdays.today() + timedelta(days=days))


def test_a_bill_is_of_a_month_of_the_account_and_falls_due_in_it_or_later(account):
    with pytest.raises(UnfitDataError, match="before the account"):
        bill(account, 20)
    with pytest.raises(UnfitDataError, match="before its month"):
        bill(account, 1, due_on=month(1) - timedelta(days=1))
    assert not Entry.objects.exists()


def test_a_payment_is_posted_once_on_whatever_account(account, people):
    pay(account)
    for again in (account, opened()):
        with pytest.raises(UnfitDataError, match="posted already"):
            pay(again)
        with pytest.raises(UnfitDataError, match="posted already"):
            pay(again, recovered=True)
    assert Entry.objects.count() == 1
    with pytest.raises(UnfitDataError, match="reference"):
        pay(account, reference=" ")


def test_what_was_posted_on_the_wrong_account_is_posted_on_the_right_one(account, officer):
    right = opened()
    wrong = pay(account)
    ledger.reverse(wrong, reason="串户", by=officer)

    pay(right)

    assert (ledger.owed(account), ledger.owed(right)) == (0, -RENT)
    for again in (account, right):
        with pytest.raises(UnfitDataError, match="posted already"):
            pay(again)
    plain = {"account": account, "amount": RENT, "on": workdays.today(), "kind": "payment", "reference": "B-1"}
    for turn, words in (
        (1, "entry_reference_is_posted_once"),
        (2, "entry_reference_is_posted_once"),
        (3, "posted once"),
    ):
        with pytest.raises(IntegrityError, match=words), transaction.atomic():
            Entry.objects.create(**plain, debit="treasury", credit="receivable", turn=turn)


def test_no_more_is_waived_or_paid_back_than_there_is(account, officer):
    bill(account, 1)
    with pytest.raises(UnfitDataError, match="more than is owed"):
        ledger.waive(account, amount=RENT + 1, reason="困难减免", by=officer)
    ledger.waive(account, amount=RENT, reason="困难减免", by=officer)
    pay(account, 50)
    with pytest.raises(UnfitDataError, match="paid too much"):
        ledger.refund(account, amount=Decimal(51), reference="R-1", by=officer)
    ledger.refund(account, amount=Decimal(50), reference="R-1", by=officer)
    assert ledger.owed(account) == 0


def test_a_closed_account_takes_nothing_any_more(account, officer):
    bill(account, 1)
    with pytest.raises(MoveRefusedError, match=r"155\.20"):
        ledger.close(account, by=officer)
    paid = pay(account)
    ledger.close(account, by=officer)

    for act in (
        lambda: pay(account, reference="B-2"),
        lambda: bill(account, 0),
        lambda: ledger.reverse(paid, reason="误记", by=officer),
        lambda: ledger.close(account, by=officer),
    ):
        with pytest.raises(MoveRefusedError, match="closed"):
            act()
    assert Entry.objects.count() == 2


@pytest.mark.parametrize("who", ["street", "check", "housing", "credit", "auditor"])
def test_only_who_keeps_the_ledger_enters_by_hand(account, people, who):
    paid = pay(account)
    for act in (
        lambda by: pay(account, reference="B-2", by=by),
        lambda by: bill(account, 1, by=by),
        lambda by: ledger.reverse(paid, reason="误记", by=by),
        lambda by: ledger.waive(account, amount=RENT, reason="减免", by=by),
        lambda by: ledger.close(account, by=by),
    ):
        with pytest.raises(NotAllowedError):
            act(people[who])
    assert Entry.objects.count() == 1


def test_an_account_is_seen_by_who_keeps_or_audits_the_ledger(account, people):
    seen = {name for name, staff in people.items() if Account.objects.visible_to(staff).exists()}

    assert {"cashier", "housing", "auditor"} <= seen
    assert not {"street", "check", "credit", "admin"} & seen


def test_the_database_keeps_the_ledger_too(account, officer):
    owed = bill(account, 1)
    other = opened()
    plain = {"account": account, "amount": RENT, "on": workdays.today()}
    books = {"debit": "treasury", "credit": "receivable"}
    for wrong in (
        {**plain, **books, "kind": "payment", "amount": Decimal(0), "reference": "X-1"},
        {**plain, "kind": "payment", "debit": "income", "credit": "receivable", "reference": "X-2"},
        {**plain, **books, "kind": "payment"},
        {**plain, **books, "kind": "gift", "reference": "X-3"},
        {**plain, **books, "kind": "payment", "reference": "X-4", "on": account.opened_on - timedelta(days=1)},
        {**plain, "kind": "bill", "debit": "receivable", "credit": "income", "month": month(1), "due_on": month(0)},
        {**plain, "kind": "reversal", "debit": "income", "credit": "receivable", "note": "误"},
        {**plain, "kind": "reversal", "debit": "income", "credit": "receivable", "note": "误", "reverses": owed,
         "amount": RENT - 1},
        {**plain, "kind": "reversal", "debit": "income", "credit": "receivable", "note": "误", "reverses": owed,
         "account": other},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Entry.objects.create(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.filter(pk=account.pk).update(closed_on=workdays.today())
    for change in (
        lambda: Entry.objects.filter(pk=owed.pk).update(amount=1),
        lambda: Entry.objects.filter(pk=owed.pk).delete(),
        lambda: Account.objects.filter(pk=account.pk).update(opened_on=workdays.today()),
    ):
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
            change()
    pay(account)
    ledger.close(account, by=officer)
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        Account.objects.filter(pk=account.pk).update(closed_on=None)


def test_every_kind_has_its_books():
    assert set(BOOKS_OF) == set(Entry.Kind) - {Entry.Kind.REVERSAL}
