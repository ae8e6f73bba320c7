"""Statements of the bank: whole or not at all, no line twice, and what fits nothing or two waits for a person."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from benefits import exits, ledger, statements
from benefits.models import Entry, Exit, Statement, StatementLine
from bureau import workdays
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from tests.benefits import bank
from tests.factories import benefits

pytestmark = pytest.mark.django_db
TODAY = workdays.today
RENT = Decimal("200.00")


@pytest.fixture
def cashier(people):
    return people["cashier"]


@pytest.fixture
def tenancy(people, sources):
    """One month of rent is owed and overdue since yesterday."""
    row = benefits.running(people, sources)
    bill(row, TODAY())
    return row


def bill(tenancy, due_on):
    return ledger.bill(tenancy.account, month=TODAY(), amount=RENT, due_on=due_on, by=None)


def bring(content, by, name="流水.csv"):
    return statements.bring_in(content, name=name, by=by)


def line(payer, remark="", amount="200.00", reference="B-1", on=None):
    return (on or TODAY(), amount, payer, remark, reference)


def what(statement):
    return [(row.state, row.why) for row in statement.lines.order_by("row")]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_line_is_posted_by_the_number_or_by_name_and_sum(tenancy, cashier, kind):
    other = benefits.copies(tenancy, 1)[0]
    remark = f"房租 {tenancy.number.lower()}"
    lines = line("房客的儿子", remark), line("某公司", other.account.number, "50.00", "B-2")
    found = bring(bank.statement(*lines, kind=kind), cashier)
    assert what(found) == [("posted", ""), ("posted", "")]
    assert (ledger.owed(tenancy.account), ledger.owed(other.account)) == (0, -50)
    assert Entry.objects.get(reference="B-1").kind == Entry.Kind.PAYMENT
    assert statements.sums_of(found).total == found.total == Decimal("250.00")


def test_without_a_number_the_name_and_exactly_what_one_tenancy_owes(tenancy, cashier):
    name = tenancy.tenant_name
    lines = line(name, reference="B-1"), line(name, reference="B-2"), line(name, amount="150.00", reference="B-3")
    found = bring(bank.statement(*lines), cashier)
    assert what(found) == [("posted", ""), ("waiting", "unmatched"), ("waiting", "unmatched")]
    assert ledger.owed(tenancy.account) == 0


def test_a_line_that_fits_two_tenancies_is_posted_on_neither(tenancy, cashier):
    other = benefits.copies(tenancy, 1)[0]
    bill(other, TODAY())
    both = f"{tenancy.number} {other.number}"
    lines = line(tenancy.tenant_name), line("甲", both, reference="B-2"), line("乙", f"{tenancy.number}、ZL1999-000001", reference="B-3")  # fmt: skip  # noqa: E501
    found = bring(bank.statement(*lines), cashier)
    assert what(found) == [("waiting", "several")] * 3
    assert not Entry.objects.exclude(kind="bill").exists()
    row = found.lines.first()
    statements.assign(row, other.account, by=cashier)
    assert (ledger.owed(tenancy.account), ledger.owed(other.account)) == (RENT, 0)
    with pytest.raises(MoveRefusedError, match="settled already"):
        statements.assign(row, tenancy.account, by=cashier)


def test_a_payment_for_a_closed_account_waits_and_goes_back(people, sources, cashier):
    tenancy = benefits.running(people, sources)
    exits.leave(tenancy, reason=Exit.Reason.VOLUNTARY, text="迁走。", by=people["housing"])
    exits.take_back(tenancy, on=TODAY(), condition="完好", by=people["housing"])
    ledger.receive(tenancy.account, amount=ledger.owed(tenancy.account), on=TODAY(), reference="A-1", by=cashier)
    exits.settle(tenancy, by=cashier)
    found = bring(bank.statement(line("甲", tenancy.number)), cashier)
    assert what(found) == [("waiting", "closed")]
    row = found.lines.get()
    with pytest.raises(MoveRefusedError, match="closed"):
        statements.assign(row, tenancy.account, by=cashier)
    with pytest.raises(UnfitDataError, match="reason"):
        statements.send_back(row, reason=" ", by=cashier)
    statements.send_back(row, reason="账户已销户，原路退回。", by=cashier)
    row.refresh_from_db()
    assert (row.state, row.settled_by) == ("returned", cashier)
    with pytest.raises(IntegrityError, match="settled once"), transaction.atomic():
        StatementLine.objects.filter(pk=row.pk).update(state="ignored")


def test_a_file_is_taken_once_and_a_line_of_another_file_is_not_posted_again(tenancy, cashier):
    content = bank.statement(line("甲", tenancy.number))
    first = bring(content, cashier)
    with pytest.raises(UnfitDataError, match=first.number):
        bring(content, cashier)
    second = bring(bank.statement(line("甲", tenancy.number), line("乙", reference="B-2")), cashier)
    assert what(second) == [("waiting", "known"), ("waiting", "unmatched")]
    assert Entry.objects.filter(kind="payment").count() == 1
    with pytest.raises(UnfitDataError, match="posted already"):
        statements.assign(second.lines.first(), tenancy.account, by=cashier)
    statements.ignore(second.lines.first(), reason="上份对账单已入账。", by=cashier)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: bank.statement(line("甲"), count=2), "says 2 lines and has 1"),
        (lambda: bank.statement(line("甲"), total="201.00"), "come to 200.00"),
        (lambda: bank.statement(line("甲", amount="1.005")), "Row 8, column B"),
        (lambda: bank.statement(line("甲", amount="-5")), "Row 8, column B"),
        (lambda: bank.statement(line("甲", on="昨天")), "Row 8, column A"),
        (lambda: bank.statement(line("甲", on=TODAY() + timedelta(days=1))), "outside the period"),
        (lambda: bank.statement(line("甲"), line("乙")), "in row 8 already"),
        (lambda: bank.statement(line("", reference="B-9")), "must not be empty"),
        (lambda: bank.statement(line("甲"), head=False), "开户行"),
        (lambda: bank.statement(line("甲", amount="=1+1"), total="2.00", kind="xlsx"), "formula"),
        (lambda: bank.statement(line("甲"), last=TODAY() + timedelta(days=3)), "lies ahead"),
        (lambda: b"", "empty"),
        (lambda: b"PK\x03\x04rubbish", "neither"),
        (lambda: b"\xff\xfe\x00\x00\x81", "neither"),
        (lambda: "日期,金额\n1,2".encode(), "付款人"),
    ],
)
def test_a_wrong_file_is_refused_whole_with_the_place_of_each_mistake(tenancy, cashier, make, words):
    with pytest.raises(UnfitDataError) as refused:
        bring(make(), cashier)
    assert any(words in text for text in refused.value.fields["file"])
    assert not Statement.objects.exists()
    assert not Entry.objects.filter(kind="payment").exists()


def test_every_mistake_is_told_at_once_and_nothing_is_posted_half(tenancy, cashier):
    lines = line("甲", tenancy.number), line("乙", amount="x", reference="B-2"), line("丙", on="y", reference="B-3")
    with pytest.raises(UnfitDataError) as refused:
        bring(bank.statement(*lines, total="600.00"), cashier)
    assert len(refused.value.fields["file"]) == 2
    assert ledger.owed(tenancy.account) == RENT


def test_gb18030_is_read_too(tenancy, cashier):
    content = bank.statement(line("甲", tenancy.number)).decode("utf-8-sig").encode("gb18030")
    assert what(bring(content, cashier)) == [("posted", "")]


def test_what_was_assigned_wrongly_is_taken_back_and_assigned_anew(tenancy, cashier):
    other = benefits.copies(tenancy, 1)[0]
    found = bring(bank.statement(line("甲", other.number)), cashier)
    row = found.lines.get()
    ledger.reverse(row.entry, reason="串户", by=cashier)
    statements.assign(row, tenancy.account, by=cashier)
    row.refresh_from_db()
    assert (row.account, row.entry.turn) == (tenancy.account, 2)
    assert (ledger.owed(tenancy.account), ledger.owed(other.account)) == (0, 0)


class TestWhatIsRecovered:
    def test_after_an_order_to_leave_what_is_overdue_is_recovered_and_no_more(self, tenancy, people, cashier):
        exits.order_out(tenancy, reason=Exit.Reason.BREACH, text="拖欠租金。", by=people["housing"])
        with benefits.later(2):
            lines = line("甲", tenancy.number, "150.00"), line("甲", tenancy.number, "50.00", "B-2"), line("甲", tenancy.number, "50.00", "B-3")  # fmt: skip  # noqa: E501
            bring(bank.statement(*lines, last=TODAY()), cashier)
        kinds = list(Entry.objects.exclude(kind="bill").order_by("reference").values_list("kind", flat=True))
        assert kinds == ["recovery", "recovery", "payment"]

    def test_before_the_order_or_when_it_was_taken_back_it_is_paid(self, tenancy, people, cashier):
        found = exits.order_out(tenancy, reason=Exit.Reason.BREACH, text="拖欠租金。", by=people["housing"])
        exits.let_stay(found, reason="已补缴承诺", by=people["housing"])
        with benefits.later(2):
            entry = statements.receive(tenancy.account, amount=RENT, on=TODAY(), reference="B-1", by=cashier)
        assert entry.kind == Entry.Kind.PAYMENT

    def test_by_hand_the_same_rule_is_asked(self, tenancy, people, cashier):
        exits.order_out(tenancy, reason=Exit.Reason.BREACH, text="拖欠租金。", by=people["housing"])
        with benefits.later(2):
            entry = statements.receive(tenancy.account, amount=RENT, on=TODAY(), reference="B-1", by=cashier)
        assert entry.kind == Entry.Kind.RECOVERY


@pytest.mark.parametrize("who", ["housing", "auditor", "window", "credit"])
def test_only_the_cashier_brings_in_assigns_and_ends(tenancy, people, cashier, who):
    with pytest.raises(NotAllowedError):
        bring(bank.statement(line("甲")), people[who])
    row = bring(bank.statement(line("甲")), cashier).lines.get()
    for act in (
        lambda by: statements.assign(row, tenancy.account, by=by),
        lambda by: statements.ignore(row, reason="x", by=by),
        lambda by: statements.send_back(row, reason="x", by=by),
    ):
        with pytest.raises(NotAllowedError):
            act(people[who])


def test_a_thousand_lines_take_as_many_queries_as_ten(tenancy, cashier, django_assert_max_num_queries):
    rows = benefits.copies(tenancy, 500)
    lines = [line("甲", row.number, "10.00", f"C-{place}") for place, row in enumerate(rows)]
    with django_assert_max_num_queries(24):
        found = bring(bank.statement(*lines), cashier)
    assert found.lines.filter(state="posted").count() == 500
