"""The payment list of subsidies: every month once, by two persons, and what failed comes again."""

import io
from decimal import Decimal

import openpyxl
import pytest
from django.db import IntegrityError, transaction

from benefits import payment_files, payments, subsidies, tenancies
from benefits.models import PaymentList, PaymentReceipt, PaymentRow
from bureau import workdays
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from tests.benefits import bank
from tests.factories import benefits

pytestmark = pytest.mark.django_db


@pytest.fixture
def grant(people, sources):
    return benefits.paid(people, sources)


@pytest.fixture
def month(grant):
    """The first month that is paid for, as today."""
    days = (grant.paid_from - workdays.today()).days + 3
    with benefits.later(days):
        yield grant.paid_from


@pytest.fixture
def sent(people, month):
    found = payments.draft(month, by=people["cashier"])
    payments.approve(found, by=people["housing"])
    payments.send(found, by=people["cashier"])
    return PaymentList.objects.get()


def receipt(found, outcome="成功", why="", **changed):
    rows = openpyxl.load_workbook(io.BytesIO(payments.for_the_bank(found))).active.iter_rows(values_only=True)
    table = [list(row) for row in rows]
    places = {name: place for place, name in enumerate(payment_files.ANSWERED)}
    for row in table[7:]:
        row[places["结果"]], row[places["原因"]] = outcome, why
        for name, value in changed.items():
            row[places[name]] = value
    return bank.as_workbook(table)


def test_a_list_has_every_subsidy_of_the_month_by_its_terms(grant, month, people):
    found = payments.draft(month, by=people["cashier"])
    row = found.rows.get()
    assert (row.amount, row.month) == (subsidies.amount_in(grant, month), month)
    assert (found.households, found.persons, found.amount) == (1, grant.application.household_size, row.amount)
    assert (found.turn, row.bank_account) == (1, grant.bank_account)
    with pytest.raises(MoveRefusedError, match="Nothing is left"):
        payments.draft(month, by=people["cashier"])


def test_a_month_ahead_is_not_paid(grant, people):
    with pytest.raises(UnfitDataError, match="not begun"):
        payments.draft(grant.paid_from, by=people["cashier"])


def test_months_that_were_missed_are_on_the_next_list(grant, month, people):
    with benefits.later(62):
        found = payments.draft(workdays.today(), by=people["housing"])
        assert found.rows.count() == 3
        assert found.households == 1
        assert found.amount == 3 * subsidies.amount_in(grant, month)


def test_a_stopped_subsidy_is_not_listed(grant, month, people):
    subsidies.stop(grant, from_month=month, reason="未参加年审", by=people["housing"])
    with pytest.raises(MoveRefusedError):
        payments.draft(month, by=people["cashier"])


def test_money_leaves_by_two_persons_in_their_order(month, people):
    found = payments.draft(month, by=people["cashier"])
    with pytest.raises(MoveRefusedError, match="not been approved"):
        payments.for_the_bank(found)
    with pytest.raises(NotAllowedError):
        payments.approve(found, by=people["cashier"])
    with pytest.raises((MoveRefusedError, IntegrityError)), transaction.atomic():
        payments.send(found, by=people["cashier"])
    payments.approve(found, by=people["housing"])
    with pytest.raises(NotAllowedError):
        payments.send(found, by=people["housing"])
    payments.send(found, by=people["cashier"])
    found = PaymentList.objects.get()
    assert (found.status, found.approved_by, found.sent_by) == ("sent", people["housing"], people["cashier"])
    with pytest.raises(IntegrityError, match="two_persons"), transaction.atomic():
        PaymentList.objects.update(sent_by=people["housing"])


def test_a_discarded_list_is_drafted_anew(month, people):
    found = payments.draft(month, by=people["cashier"])
    with pytest.raises(UnfitDataError):
        payments.discard(found, reason="", by=people["cashier"])
    payments.discard(found, reason="账号有误", by=people["cashier"])
    again = payments.draft(month, by=people["cashier"])
    assert (again.turn, again.rows.count()) == (2, 1)


def test_the_workbook_says_the_sum_in_figures_and_in_capitals(sent):
    sheet = openpyxl.load_workbook(io.BytesIO(payments.for_the_bank(sent))).active
    head = {row[0].value: row[1].value for row in sheet.iter_rows(max_row=6)}
    assert head["清册编号"] == sent.number
    assert head["合计金额"] == f"{sent.amount:.2f}"
    assert head["大写"] == payment_files.in_capitals(sent.amount)
    assert sheet.cell(8, 4).value == "6228480012345678901"
    kept = openpyxl.load_workbook(io.BytesIO(payments.report(sent)))
    assert kept.sheetnames[-1] == "新增退出"
    assert not any("6228480012345678901" in str(cell.value) for each in kept for row in each for cell in row)


def test_the_receipt_answers_every_row(sent, people):
    payments.answer(sent, receipt(sent), name="回执.xlsx", by=people["cashier"])
    assert PaymentRow.objects.get().outcome == "paid"
    assert PaymentList.objects.get().status == "answered"
    with pytest.raises(MoveRefusedError):
        payments.draft(sent.month, by=people["cashier"])


def test_what_failed_comes_on_the_next_list(sent, people):
    payments.answer(sent, receipt(sent, "失败", "户名不符"), name="回执.xlsx", by=people["cashier"])
    assert PaymentRow.objects.get().why == "户名不符"
    again = payments.draft(sent.month, by=people["cashier"])
    assert (again.turn, again.rows.get().month) == (2, sent.month)
    with pytest.raises(IntegrityError, match="paid_once_a_month"), transaction.atomic():
        PaymentRow.objects.create(
            list=sent, place=9, grant=again.rows.get().grant, month=sent.month, amount=1, payee="x", bank="x",
            bank_account="1", persons=1,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"金额": Decimal("1.00")}, "another amount"),
        ({"序号": 7}, "not on the list"),
        ({"银行账号": "111111111111"}, "another account"),
        ({"outcome": "也许"}, "成功"),
        ({"outcome": "失败"}, "why it was not paid"),
    ],
)
def test_a_wrong_receipt_is_refused_whole(sent, people, changed, words):
    with pytest.raises(UnfitDataError) as refused:
        payments.answer(sent, receipt(sent, **changed), name="回执.xlsx", by=people["cashier"])
    assert any(words in text for text in refused.value.fields["file"])
    assert PaymentRow.objects.get().outcome == ""
    assert not PaymentReceipt.objects.exists()


def test_a_receipt_of_another_list_twice_or_by_another_is_refused(sent, people):
    content = receipt(sent)
    with pytest.raises(NotAllowedError):
        payments.answer(sent, content, name="x", by=people["housing"])
    head = ["清册编号", "FF1999-000001"], list(payment_files.ANSWERED)
    other = bank.as_workbook([*head, [1, "甲", "x", "1", "1", "x"]])
    with pytest.raises(UnfitDataError) as refused:
        payments.answer(sent, other, name="x", by=people["cashier"])
    assert "another list" in refused.value.fields["file"][0]
    payments.answer(sent, content, name="x", by=people["cashier"])
    with pytest.raises(UnfitDataError, match="brought in already"):
        payments.answer(sent, content, name="x", by=people["cashier"])


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0.00", "零元整"),
        ("1200.00", "壹仟贰佰元整"),
        ("105.20", "壹佰零伍元贰角"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("100000000.00", "壹亿元整"),
        ("100010001.05", "壹亿零壹万零壹元零伍分"),
        ("0.30", "叁角"),
    ],
)
def test_money_in_capitals(amount, words):
    assert payment_files.in_capitals(Decimal(amount)) == words


def test_what_was_due_before_a_stop_is_due_after_it_and_what_was_left_out_is_not(grant, month, people):
    """One month that the bank could not pay, one that was on no list yet, two that were left out."""
    first = payments.draft(month, by=people["cashier"])
    payments.approve(first, by=people["housing"])
    payments.send(first, by=people["cashier"])
    first.refresh_from_db()
    payments.answer(first, receipt(first, "失败", "账户已注销"), name="r.xlsx", by=people["cashier"])
    months = [tenancies.months_after(month, count) for count in range(6)]
    subsidies.stop(grant, from_month=months[2], reason="未参加年审", by=people["housing"])
    with benefits.later((months[3] - workdays.today()).days + 3):
        subsidies.resume(grant, reason="已补办年审", by=people["housing"])
    with benefits.later((months[5] - workdays.today()).days + 3):
        found = payments.draft(workdays.today(), by=people["cashier"])
        assert [row.month for row in found.rows.order_by("month")] == [*months[:2], *months[4:]]
