"""Receipts and what a receiver holds: a file is taken as a whole or not at all, each refusal with its own reason."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from bureau.errors import MoveRefusedError
from credit import cases, feed_replies, feeding, feeds
from credit.feeds import FileFault, UnfitFileError
from credit.models import Discrepancy, LineError, Receipt, Reconciliation
from tests.factories import credit as given
from tests.factories import feeds as fed

pytestmark = pytest.mark.django_db


def take(content, receiver=None):
    return feed_replies.take_receipt(receiver or fed.city(), content, by=given.staff("credit"))


def reconcile(content):
    return feed_replies.reconcile(fed.city(), content, by=given.staff("credit"))


def refused(content, work=take):
    with pytest.raises(UnfitFileError) as caught:
        work(content)
    assert (Receipt.objects.count(), LineError.objects.count(), Discrepancy.objects.count()) == (0, 0, 0)
    return caught.value.fault


@pytest.fixture
def batch(later):
    """Two records were told."""
    fed.recorded(later)
    fed.recorded(later, about=fed.OTHERS[0], origin="finding:2")
    return fed.told(fed.city())


def keys_of(batch):
    return list(batch.lines.values_list("record_key", flat=True))


def test_a_receipt_is_taken_with_its_errors_and_kept_as_it_came(batch):
    key, other = keys_of(batch)
    content = fed.receipt(batch, key)
    found = take(content)
    assert (found.accepted, found.rejected) == (1, 1)
    error = found.errors.get()
    assert (error.line.record_key, error.code, error.message) == (key, "E02", "姓名与证件号码不一致")
    assert found.file.open("rb").read() == content
    assert set(feeding.held_by(fed.city())) == {other}


def test_a_receipt_is_taken_once(batch):
    content = fed.receipt(batch)
    take(content)
    for again in (content, fed.receipt(batch, *keys_of(batch))):
        with pytest.raises(UnfitFileError) as caught:
            take(again)
        assert caught.value.fault is FileFault.ANSWERED
    assert Receipt.objects.count() == 1


def test_a_receipt_that_does_not_belong_is_refused_and_nothing_is_written(batch):
    good = fed.receipt(batch)
    assert refused(fed.receipt(batch, batch="TZZFBZ_LHCJ_20200101_0001")) is FileFault.UNKNOWN_BATCH
    assert refused(fed.receipt(batch, digest="ab" * 32)) is FileFault.OTHER_BATCH
    assert refused(fed.receipt(batch, on=given.day(1))) is FileFault.WRONG_DAY
    assert refused(fed.receipt(batch, on=given.day(-1))) is FileFault.WRONG_DAY
    assert refused(fed.receipt(batch, accepted=7)) is FileFault.WRONG_COUNT
    assert refused(fed.receipt(batch, "SX2020-000001-1")) is FileFault.UNKNOWN_KEY
    assert refused(good[:-70]) is FileFault.TRUNCATED
    assert refused(good[:-9]) is FileFault.TRUNCATED
    assert refused(good.replace(b"|2|0|", b"|1|1|")) is FileFault.WRONG_DIGEST
    assert refused(fed.receipt(batch, *keys_of(batch)).decode().encode("gb18030")) is FileFault.WRONG_ENCODING
    assert refused(b"") is FileFault.EMPTY
    assert refused(b"%PDF-1.7 scan") is FileFault.NO_HEADER


def test_the_receipt_of_another_receivers_batch_is_refused(batch):
    fed.bank()
    with pytest.raises(UnfitFileError) as caught:
        take(fed.receipt(batch), fed.bank())
    assert caught.value.fault is FileFault.NO_HEADER
    assert not Receipt.objects.exists()


def test_a_receipt_of_a_batch_that_was_sent_anew_is_refused(batch):
    content = fed.receipt(batch)
    feeding.resend_all(batch, by=given.staff("credit"), note="未送达")
    assert refused(content) is FileFault.REPLACED


def test_a_receipt_in_the_layout_of_before_is_still_read(batch):
    city = fed.city()
    content = fed.receipt(batch)
    row = city.mappings.get()
    row.pk, row.code, row.effective_from = None, "city-credit-next", given.day(0)
    row.content = {**row.content, "id": "city-credit-next", "separator": ";", "encoding": "gb18030"}
    row.save()
    assert take(content).accepted == 2


def test_the_database_keeps_receipts(batch):
    found = take(fed.receipt(batch))
    with pytest.raises(DatabaseError), transaction.atomic():
        Receipt.objects.filter(pk=found.pk).update(accepted=9)
    with pytest.raises(IntegrityError), transaction.atomic():
        Receipt.objects.create(
            batch=batch, on=given.day(0), accepted=0, rejected=0, digest="0" * 64, by=given.staff("credit")
        )


def kinds(found):
    return {row.record_key: row.kind for row in found.discrepancies.all()}


def test_a_receiver_that_holds_what_it_should_is_alike(batch):
    records = feeding.held_by(fed.city())
    found = reconcile(fed.holdings(fed.city(), records, ["主体名称", "列入日期"]))
    assert (found.held, found.alike, kinds(found)) == (2, 2, {})
    with pytest.raises(MoveRefusedError, match="Nothing is left"):
        feeding.correct(found, by=given.staff("credit"))


def test_what_is_missing_left_over_or_different_is_found_and_set_right(later, batch):
    first, second = keys_of(batch)
    case, third = fed.recorded(later, about=fed.OTHERS[1], origin="finding:3")
    fed.told(fed.city())
    cases.withdraw(case, by=given.staff("credit"), reason="法院判决撤销")
    fed.told(fed.city())
    there = {first: {"主体名称": "胡建君"}, third: {"主体名称": "吕方"}, "SX1999-000001-7": {"主体名称": "无此记录"}}
    found = reconcile(fed.holdings(fed.city(), there, ["主体名称"]))
    assert kinds(found) == {
        first: "different",
        second: "missing",
        third: "left_over",
        "SX1999-000001-7": "left_over",
    }
    assert found.discrepancies.get(record_key=first).columns == ["主体名称"]
    right = feeding.correct(found, by=given.staff("credit"))
    assert set(right.lines.values_list("action", "record_key")) == {
        ("change", first),
        ("add", second),
        ("delete", third),
        ("delete", "SX1999-000001-7"),
    }
    assert set(feeding.held_by(fed.city())) == {first, second}
    with pytest.raises(MoveRefusedError, match="set right already"):
        feeding.correct(found, by=given.staff("credit"))
    records = feeding.held_by(fed.city())
    assert kinds(reconcile(fed.holdings(fed.city(), records, ["主体名称"]))) == {}


def test_what_was_told_since_a_reconciliation_is_left_as_it_is(later, batch):
    found = reconcile(fed.holdings(fed.city(), {}))
    later(days=1)
    case = batch.lines.earliest("place").sanction.case
    cases.withdraw(case, by=given.staff("credit"), reason="法院判决撤销")
    fed.told(fed.city())
    right = feeding.correct(found, by=given.staff("credit"))
    assert list(right.lines.values_list("action", "record_key")) == [("add", keys_of(batch)[1])]


def test_what_a_receiver_says_that_it_holds_is_taken_once_and_only_when_it_fits(batch):
    city = fed.city()
    content = fed.holdings(city, {})
    other = feeds.write_holdings(fed.mapping(fed.bank()), given.day(0), {})
    assert refused(other, reconcile) is FileFault.NO_HEADER
    assert refused(content.replace(b"LHCJ", b"LHCX"), reconcile) is FileFault.WRONG_DIGEST
    assert refused(feeds.write_holdings(fed.mapping(city), given.day(1), {}), reconcile) is FileFault.WRONG_DAY
    assert refused(fed.receipt(batch), reconcile) is FileFault.BAD_LINE
    reconcile(content)
    with pytest.raises(UnfitFileError) as caught:
        reconcile(content)
    assert caught.value.fault is FileFault.TAKEN
    assert Reconciliation.objects.count() == 1
