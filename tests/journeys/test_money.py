"""In Chromium, the pages of money fit a screen and a phone, in both languages, without a grave barrier."""

from datetime import timedelta
from decimal import Decimal

import pytest

from benefits import chasing, ledger, payments, plans, statements
from benefits.models import Grant, PaymentList, Statement, SubsidyTerm
from bureau import workdays
from tests.benefits import bank
from tests.factories import benefits
from tests.journeys.browser import Person, chromium
from tests.journeys.test_barriers import barriers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RENT = Decimal("200.00")


@pytest.fixture
def browser():
    with chromium() as running:
        yield running


@pytest.fixture
def some(people, sources):
    """One household pays in instalments, another is late, a third pays; a statement with lines of every state."""
    first = benefits.running(people, sources)
    rows = [first, *benefits.copies(first, 4)]
    today, cashier = workdays.today(), people["cashier"]
    month = today.replace(day=1)
    for row in rows[:3]:
        ledger.bill(row.account, month=month, amount=RENT, due_on=month, by=None)
    lines = [
        (today, "200.00", "张建国", f"房租 {rows[0].number}", "N2026112900001"),
        (today, "60.00", "李小妹", f"{rows[1].number} 部分房租", "N2026112900002"),
        (today, "35.00", "王秀英", "", "N2026112900003"),
        (today, "80.00", "赵六", f"{rows[3].number} {rows[4].number}", "N2026112900004"),
    ]
    found = statements.bring_in(bank.statement(*lines), name="江苏银行11月流水.csv", by=cashier)
    statements.ignore(found.lines.get(row=10), reason="系物业水费，非租金。", by=cashier)
    if chasing.counting([rows[2].account_id], on=today)[rows[2].account_id].amount:
        parts = [(today, Decimal(50)), (today + timedelta(days=30), Decimal(150))]
        plans.agree(rows[2].account, parts, by=cashier)
    grant = benefits.paid(people, sources, "fit-single-elder")
    Grant.objects.filter(pk=grant.pk).update(paid_from=month)
    term = grant.terms.get()
    SubsidyTerm.objects.create(grant=grant, from_month=month, amount=term.amount, standard=term.standard)
    drafted = payments.draft(month, by=cashier)
    payments.approve(drafted, by=people["housing"])
    return rows


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_of_money_fit(browser, live_server, some, language, width):
    person = Person(browser, live_server.url, "cashier", language=language, width=width)
    statement, paid = Statement.objects.get(), PaymentList.objects.get()
    accounts = [f"/benefits/accounts/{row.account.number}/" for row in some]
    for name, path in {
        "arrears": "/benefits/arrears/",
        "account": accounts[0],
        "account-plan": accounts[2],
        "receive": accounts[1] + "do/receive/",
        "plan": accounts[1] + "do/plan/",
        "statements": "/benefits/statements/",
        "statement": f"/benefits/statements/{statement.number}/",
        "line": f"/benefits/statements/{statement.number}/lines/11/",
        "payments": "/benefits/payments/",
        "payment": f"/benefits/payments/{paid.number}/",
    }.items():
        assert barriers(person, path) == []
        person.picture(f"{name}-{width}-{language[:2]}")
    assert person.troubles == []
