"""The pages of money: who sees them, what they show, and that the deeds of the cashier go through them."""

import io
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from benefits import billing, ledger, plans
from benefits.models import Entry, Grant, PaymentList, Statement, StatementLine
from bureau import workdays
from bureau.models import AuditEntry
from tests.benefits import bank
from tests.factories import benefits

pytestmark = pytest.mark.django_db
RENT = Decimal("200.00")
LISTS = ("/benefits/arrears/", "/benefits/statements/", "/benefits/payments/")


@pytest.fixture
def tenancy(people, sources):
    """Overdue by one month since yesterday."""
    row = benefits.running(people, sources)
    today = workdays.today()
    ledger.bill(row.account, month=today, amount=RENT, due_on=today, by=None)
    with benefits.later(1):
        yield row


def upload(content, name="流水.csv"):
    return SimpleUploadedFile(name, content, "text/csv")


def post(client, address, **data):
    return client.post(address, data)


@pytest.mark.parametrize("address", LISTS)
def test_the_lists_are_for_who_keeps_the_ledger(as_user, address):
    for who, status in (("cashier", 200), ("housing", 200), ("auditor", 200), ("window", 403), ("credit", 403)):
        assert as_user(who).get(address).status_code == status
    menu = as_user("cashier", "zh-hans").get(address).content.decode()
    assert "资金" in menu
    assert "轮候" not in menu


def test_who_is_late_is_listed_by_months(tenancy, as_user, django_assert_max_num_queries):
    client = as_user("cashier")
    with django_assert_max_num_queries(30):
        page = client.get(LISTS[0]).content.decode()
    assert tenancy.account.number in page
    assert tenancy.tenant_name not in page
    assert tenancy.account.number not in client.get(LISTS[0], {"months": "3"}).content.decode()


def test_the_account_shows_entries_balance_and_the_deeds_of_the_cashier_only(tenancy, as_user):
    address = f"/benefits/accounts/{tenancy.account.number}/"
    page = as_user("cashier").get(address).content.decode()
    assert "200.00" in page
    assert "do/receive/" in page
    assert "do/plan/" in page
    assert AuditEntry.objects.filter(subject_kind="benefits.tenancy").exists()
    for who in ("housing", "auditor"):
        assert "do/receive/" not in as_user(who).get(address).content.decode()
        assert post(as_user(who), address + "do/receive/").status_code == 403
    assert as_user("window").get(address).status_code == 404


def test_a_payment_is_entered_and_taken_back(tenancy, as_user):
    client, address = as_user("cashier"), f"/benefits/accounts/{tenancy.account.number}/do/"
    assert client.get(address + "receive/").status_code == 200
    good = {"amount": "200.00", "on": workdays.today().isoformat(), "reference": "B-1"}
    assert post(client, address + "receive/", **good | {"amount": "0"}).status_code == 422
    assert post(client, address + "receive/", **good).status_code == 302
    assert post(client, address + "receive/", **good).status_code == 422
    assert ledger.owed(tenancy.account) == 0
    entry = Entry.objects.get(reference="B-1")
    assert client.get(f"{address}reverse/?entry={entry.pk}").status_code == 200
    assert post(client, address + "reverse/", entry=entry.pk, reason="串户").status_code == 302
    assert post(client, address + "reverse/", entry=entry.pk, reason="串户").status_code == 409
    assert ledger.owed(tenancy.account) == RENT


def test_instalments_are_agreed_and_cancelled(tenancy, as_user):
    client, address = as_user("cashier"), f"/benefits/accounts/{tenancy.account.number}/"
    good = {"first": "50.00", "first_on": workdays.today().isoformat(), "more": "2"}
    assert post(client, address + "do/plan/", **good | {"first": "500"}).status_code == 422
    assert post(client, address + "do/plan/", **good).status_code == 302
    plan = tenancy.account.plans.get()
    assert [part.amount for part in plan.instalments.all()] == [50, 75, 75]
    assert plan.number in client.get(address).content.decode()
    assert "Instalments" in client.get(LISTS[0]).content.decode()
    assert post(client, address + "do/cancel_plan/", reason="一次付清").status_code == 302
    assert not plans.running_on([tenancy.account_id], on=workdays.today())


def test_a_waiver_and_a_refund(tenancy, as_user):
    client, address = as_user("cashier"), f"/benefits/accounts/{tenancy.account.number}/do/"
    assert post(client, address + "waive/", amount="300", reason="困难").status_code == 422
    assert post(client, address + "waive/", amount="200", reason="困难").status_code == 302
    assert post(client, address + "refund/", amount="1", reference="R-1").status_code == 409


def test_a_statement_is_brought_in_looked_at_and_settled(tenancy, as_user):
    client, today = as_user("cashier"), workdays.today()
    lines = (today, "200.00", "甲", tenancy.number, "B-1"), (today, "9.00", "王某某", "", "B-2")
    content = bank.statement(*lines)
    assert post(as_user("housing"), LISTS[1], file=upload(content)).status_code == 403
    done = post(client, LISTS[1], file=upload(content))
    assert done.status_code == 302
    page = client.get(done.url).content.decode()
    assert "209.00" in page
    assert "王某某" in page
    assert "王某某" not in as_user("auditor").get(done.url).content.decode()
    again = post(client, LISTS[1], file=upload(content))
    assert again.status_code == 422
    assert "brought in already" in again.content.decode()
    row = StatementLine.objects.get(state="waiting").row
    address = f"{done.url}lines/{row}/"
    assert client.get(address).status_code == 200
    assert as_user("housing").get(address).status_code == 403
    assert post(client, address, act="assign", number="ZL1999-000001").status_code == 422
    assert post(client, address, act="ignore", reason="").status_code == 422
    assert post(client, address, act="assign", number=tenancy.account.number).status_code == 302
    assert post(client, address, act="assign", number=tenancy.account.number).status_code == 409
    assert ledger.owed(tenancy.account) == -9
    assert client.get(done.url, {"tab": "posted"}).content.decode().count("B-") == 2


def test_a_wrong_statement_is_told_by_row_and_column(tenancy, as_user):
    content = bank.statement((workdays.today(), "x", "甲", "", "B-1"), total="1.00")
    answer = post(as_user("cashier", "zh-hans"), LISTS[1], file=upload(content))
    assert answer.status_code == 422
    assert "第 8 行 B 列" in answer.content.decode()
    assert not Statement.objects.exists()


def test_a_payment_list_from_draft_to_receipt(people, sources, as_user):
    grant = benefits.paid(people, sources)
    with benefits.later((grant.paid_from - workdays.today()).days + 3):
        cashier, officer = as_user("cashier"), as_user("housing")
        assert post(cashier, LISTS[2], month="x").status_code == 422
        done = post(cashier, LISTS[2], month=f"{grant.paid_from:%Y-%m}")
        assert done.status_code == 302
        assert post(cashier, LISTS[2], month=f"{grant.paid_from:%Y-%m}").status_code == 409
        page = cashier.get(done.url).content.decode()
        assert grant.bank_account not in page
        assert "元" in page
        assert post(cashier, done.url + "do/approve/").status_code == 403
        assert post(officer, done.url + "do/approve/").status_code == 302
        file = cashier.get(done.url + "bank.xlsx")
        assert AuditEntry.objects.filter(action="download", subject_kind="benefits.paymentlist").count() == 1
        assert as_user("auditor").get(done.url + "bank.xlsx").status_code == 403
        assert as_user("auditor").get(done.url + "report.xlsx").status_code == 200
        assert post(cashier, done.url + "do/send/").status_code == 302
        table = [
            list(row) for row in openpyxl.load_workbook(io.BytesIO(file.content)).active.iter_rows(values_only=True)
        ]
        wrong = bank.as_workbook(table)
        answer = post(cashier, done.url + "receipt/", file=upload(wrong, "回执.xlsx"))
        assert answer.status_code == 422
        table[7][6] = "成功"
        good = bank.as_workbook(table)
        assert post(cashier, done.url + "receipt/", file=upload(good, "回执.xlsx")).status_code == 302
        assert PaymentList.objects.get().status == "answered"
        assert Grant.objects.get().payments.get().outcome == "paid"
        assert cashier.get(LISTS[2]).status_code == officer.get(done.url).status_code == 200


def test_a_hundred_late_households_take_as_many_queries_as_one(tenancy, as_user, django_assert_max_num_queries):
    benefits.copies(tenancy, 100)
    with benefits.later(100):
        billing.bill_due()
        client = as_user("cashier")
        with django_assert_max_num_queries(30):
            page = client.get(LISTS[0], {"months": "3"})
    assert page.context["page"].paginator.count == 101
