"""Receivers are told of every record that is shared, once, and of its end; nothing is lost or told twice."""

import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from bureau import ciphers, workdays
from bureau.errors import UnfitDataError
from credit import cases, feeding, prior_notices, releasing, remedies
from credit.clocks import Event
from credit.models import Batch, BatchLine, Receiver
from tests.factories import credit as given
from tests.factories import feeds as fed
from tests.factories.feeds import lines

pytestmark = pytest.mark.django_db


def test_a_record_is_told_once_with_its_values_and_its_digest(later):
    _case, key = fed.recorded(later, about=fed.OTHERS[0])
    city = fed.city()
    assert feeding.waiting(city) == 1
    batch = fed.told(city)
    assert lines(batch) == [("add", key)]
    content = feeding.content_of(batch)
    assert batch.digest == ciphers.sm3(content).hex()
    assert batch.name == f"TZZFBZ_LHCJ_{workdays.today():%Y%m%d}_0001"
    values = batch.lines.get().values
    assert (values["主体名称"], values["失信程度"]) == ("王䶮", "较重")
    assert values["证件号码"] == fed.OTHERS[0].identifier
    city.refresh_from_db()
    assert feeding.waiting(city) == 0
    assert feeding.make(city, by=None) == []


def test_who_only_belongs_to_the_household_is_not_told_of(later):
    given.recorded(later)
    batch = fed.told(fed.city())
    assert [line.subject.name for line in batch.lines.all()] == ["胡建军"]


def test_a_record_that_is_withdrawn_is_deleted(later):
    case, key = fed.recorded(later)
    fed.told(fed.city())
    cases.withdraw(case, by=given.staff("credit"), reason="法院判决撤销")
    assert lines(fed.told(fed.city())) == [("delete", key)]
    assert feeding.held_by(fed.city()) == {}


def test_a_record_that_came_and_went_between_two_batches_is_not_told(later):
    case, _key = fed.recorded(later)
    cases.withdraw(case, by=given.staff("credit"), reason="法院判决撤销")
    assert feeding.make(fed.city(), by=None) == []
    city = fed.city()
    assert city.cursor > 0


@pytest.mark.parametrize("swept", [True, False])
def test_on_the_day_on_which_it_ends_a_record_is_deleted_with_and_without_the_sweep(later, swept):
    case, key = fed.recorded(later)
    fed.told(fed.city())
    ends = case.sanctions.get(kind="sharing").holds_until
    later(to=ends - timedelta(days=1))
    assert feeding.make(fed.city(), by=None) == []
    later(days=1)
    if swept:
        releasing.release_due()
    assert lines(fed.told(fed.city())) == [("delete", key)]
    releasing.release_due()
    assert feeding.make(fed.city(), by=None) == []


def test_the_bank_is_told_of_nobody_who_was_not_told_before(later):
    case, key = fed.recorded(later)
    bank = fed.bank()
    assert feeding.make(bank, by=None) == []
    held = bank.held_back.get()
    assert (held.record_key, held.code) == (key, "no_prior_notice")
    assert feeding.make(bank, by=None) == []
    assert bank.held_back.get().since == held.since
    party = case.parties.get().subject
    prior_notices.give(case, party, on=workdays.today(), proof="送达回证9号", by=given.staff("credit"))
    batch = fed.told(bank)
    assert batch.lines.get().values["事先告知日期"] == f"{workdays.today():%Y%m%d}"
    assert not bank.held_back.exists()


def test_a_record_that_ends_while_it_is_held_back_is_let_go(later):
    case, _key = fed.recorded(later)
    bank = fed.bank()
    feeding.make(bank, by=None)
    cases.withdraw(case, by=given.staff("credit"), reason="法院判决撤销")
    assert feeding.make(bank, by=None) == []
    assert not bank.held_back.exists()


def told_bank(later):
    case, key = fed.recorded(later)
    prior_notices.give(
        case, case.parties.get().subject, on=workdays.today(), proof="送达回证9号", by=given.staff("credit")
    )
    bank = fed.bank()
    fed.told(bank)
    return case, key, bank


def test_where_the_mapping_says_so_an_end_is_a_change_and_a_withdrawal_a_deletion(later):
    case, key, bank = told_bank(later)
    ends = case.sanctions.get(kind="sharing").holds_until
    later(to=ends)
    releasing.release_due()
    batch = fed.told(bank)
    assert lines(batch) == [("change", key)]
    assert batch.lines.get().values["终止日期"] == f"{ends:%Y%m%d}"
    cases.withdraw(case, by=given.staff("credit"), reason="法院判决撤销")
    assert lines(fed.told(bank)) == [("delete", key)]


def test_what_has_ended_is_not_told_to_who_never_knew_of_it(later):
    case, _key = fed.recorded(later)
    bank, party = fed.bank(), case.parties.get().subject
    prior_notices.give(case, party, on=workdays.today(), proof="送达回证9号", by=given.staff("credit"))
    later(to=case.sanctions.get(kind="sharing").holds_until)
    releasing.release_due()
    assert feeding.make(bank, by=None) == []


def test_an_open_objection_is_told_as_a_change_and_so_is_its_answer(later):
    case, key = fed.recorded(later)
    fed.told(fed.city())
    officer, party = given.staff("credit"), case.parties.get().subject
    found = remedies.dispute(case, party, text="房屋已于2019年出售", received_on=workdays.today(), by=officer)
    marked = fed.told(fed.city())
    assert lines(marked) == [("change", key)]
    assert marked.lines.get().values["异议标注"] == "有异议"
    remedies.answer(found, by=officer, upheld=False, text="与登记不符，维持记录")
    assert fed.told(fed.city()).lines.get().values["异议标注"] == "无"


@pytest.mark.parametrize(
    ("change", "words"),
    [({"proof": " "}, "proof"), ({"on": "ahead"}, "ahead"), ({"subject": "other"}, "party"), ({}, "already")],
)
def test_a_prior_notice_that_makes_no_sense_is_refused(later, change, words):
    case, _key = fed.recorded(later)
    values = {
        "subject": case.parties.get().subject,
        "on": workdays.today(),
        "proof": "回证",
        "by": given.staff("credit"),
    }
    if change.get("on"):
        change = {"on": given.day(1)}
    if change.get("subject"):
        change = {"subject": fed.recorded(later, about=fed.OTHERS[0], origin="finding:2")[0].parties.get().subject}
    if not change:
        prior_notices.give(case, **values)
    with pytest.raises(UnfitDataError, match=words):
        prior_notices.give(case, **{**values, **change})


def test_a_receiver_that_is_off_or_has_no_template_is_told_nothing(later):
    fed.recorded(later)
    bank = Receiver.objects.get(code="central-bank")
    with pytest.raises(UnfitDataError, match="not sent batches"):
        feeding.make(bank, by=None)
    city = fed.city()
    city.mappings.update(effective_to=given.day(-1))
    with pytest.raises(UnfitDataError, match="no mapping template"):
        feeding.make(city, by=None)
    assert feeding.make_due() == 0


def test_due_batches_are_made_once_for_each_turn(later):
    fed.recorded(later)
    assert (feeding.make_due(), feeding.make_due()) == (1, 0)
    fed.recorded(later, about=fed.OTHERS[0], origin="finding:2")
    assert feeding.make_due() == 1
    assert Batch.objects.count() == 2


def test_a_first_batch_tells_all_that_is_in_force_in_as_many_files_as_it_takes(later):
    city = fed.city()
    for place, person in enumerate(fed.OTHERS):
        fed.recorded(later, about=person, origin=f"finding:{place}")
    row = city.mappings.get()
    row.content = {**row.content, "most_lines": 2}
    row.save()
    batches = feeding.make(city, by=None)
    assert [batch.added for batch in batches] == [2, 1]
    assert [batch.number for batch in batches] == [1, 2]


def test_the_database_keeps_a_batch_as_it_was_made(later):
    fed.recorded(later)
    batch = fed.told(fed.city())
    for change in ({"digest": "0" * 64}, {"added": 7}, {"file": "elsewhere"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Batch.objects.filter(pk=batch.pk).update(**change)
    for rows in (Batch.objects.filter(pk=batch.pk), BatchLine.objects.filter(batch=batch)):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._raw_delete(rows.db)
    feeding.hand_over(batch, by=given.staff("credit"))
    first = Batch.objects.get(pk=batch.pk).handed_over_at
    feeding.hand_over(batch, by=given.staff("credit"))
    assert Batch.objects.get(pk=batch.pk).handed_over_at == first
    with pytest.raises(DatabaseError), transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(handed_over_at=timezone.now() + timedelta(days=1))


def test_a_stop_and_its_end_are_told_as_they_are_today(later):
    """However the events came, the receiver is told what holds on the day."""
    case, key = fed.recorded(later)
    fed.told(fed.city())
    cases.tell(case, Event.CORRECTED, on=workdays.today(), basis="缴款凭证", by=given.staff("credit"))
    assert feeding.make(fed.city(), by=None) == []
    assert set(feeding.held_by(fed.city())) == {key}


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_batch(later):
    fed.recorded(later)
    gate, made = threading.Barrier(2), []

    def work():
        gate.wait()
        try:
            made.extend(feeding.make(Receiver.objects.get(code="city-credit"), by=None))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(made) == 1
    assert BatchLine.objects.count() == 1


def test_making_a_batch_takes_as_many_queries_however_many_records(later, django_assert_max_num_queries):
    for place, person in enumerate(fed.OTHERS):
        fed.recorded(later, about=person, origin=f"finding:{place}")
    with django_assert_max_num_queries(20):
        batch = fed.told(fed.city())
    assert batch.added == 3
