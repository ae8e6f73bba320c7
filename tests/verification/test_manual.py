"""Request lists: who goes on one, what the engine leaves alone meanwhile, how a filled one is brought in."""

import msgspec
import pytest
from django.utils import timezone

from bureau import workdays
from bureau.errors import MoveRefusedError, NotAllowedError
from bureau.models import AuditEntry, Posting, Staff, TimelineEntry
from tests.factories.checks import order_scenario, orders_of
from tests.factories.lists import Filled
from verification import asking, claiming, giving_up, manual, manual_replies, orders
from verification.connector import Answer
from verification.facts import RecordKind, ReplyMode
from verification.models import Check, Exchange, Inquiry, ManualRequest, Source
from verification.spreadsheet import terms
from verification.spreadsheet.columns import REPLIES

pytestmark = pytest.mark.django_db


@pytest.fixture
def source():
    """The housing bureau; a bank where a test wants one."""
    return lambda code="housing_bureau": Source.objects.get(code=code)


@pytest.fixture
def silent(sources, source):
    """Two households whose checks are assessed but for one source, which was down."""

    def make(code="housing_bureau", count=2, scenario="fit"):
        sources.set(code, down=True)
        Source.objects.filter(code=code).update(max_attempts=1)
        checks = [order_scenario(sources, scenario) for _ in range(count)]
        asking.ask([check.pk for check in checks])
        rows = Inquiry.objects.filter(source__code=code, check_ordered__in=checks)
        assert set(rows.values_list("state", flat=True)) == {"failed"}
        return checks

    return make


@pytest.fixture
def by(people):
    return people["check"]


def filled(found, by):
    return Filled(manual.file_of(found, by=by)).answer_all()


def inquiries(code="housing_bureau"):
    return Inquiry.objects.filter(source__code=code).order_by("pk")


@pytest.mark.parametrize(("code", "workdays_given"), [("housing_bureau", 5), ("icbc", 10)])
def test_a_list_goes_out_is_filled_in_and_comes_back(silent, source, by, code, workdays_given):
    checks = silent(code)
    found = manual.export(source(code), by=by)
    assert found.number.startswith("QD")
    assert found.households == 2
    assert found.due_on == workdays.add_workdays(timezone.localdate(), workdays_given)
    assert set(Check.objects.values_list("status", flat=True)) == {"asking"}
    kinds = [RecordKind(kind) for kind in found.source.kinds]
    content = filled(found, by).found(kinds).saved()
    assert manual_replies.take_in(found, content, by=by) == ()
    found.refresh_from_db()
    counts = manual_replies.counts(found)
    assert (counts.households, counts.left_out, sum(counts.records.values())) == (2, 0, len(kinds))
    assert manual_replies.bring_in(found, by=by) == 2
    assert set(Check.objects.values_list("status", flat=True)) == {"assessed"}
    rows = list(inquiries(code))
    assert {row.state for row in rows} == {"answered"}
    answer = msgspec.json.decode(rows[0].answer, type=Answer)
    assert (answer.mode, answer.replies[0].operator) == (ReplyMode.MANUAL, "赵敏")
    exchange = Exchange.objects.get(manual_request=found)
    assert (exchange.request_number, exchange.outcome, bytes(exchange.reply)) == (found.number, "answered", content)
    assert {row.exchange_id for row in rows} == {exchange.pk}
    found.refresh_from_db()
    assert (found.brought_in, found.upload, found.imported_by) == (2, None, by)
    assert TimelineEntry.objects.of(checks[0]).filter(note__contains=found.number).exists()


def test_the_engine_leaves_a_list_alone_and_keeps_its_room(silent, source, by, sources):
    checks = silent(count=2)
    Source.objects.filter(code="housing_bureau").update(concurrency=1, open_until=None, failures_in_row=0)
    found = manual.export(source(), by=by)
    sources.reset()
    assert claiming.claim([check.pk for check in checks])[1] == []
    assert asking.ask_due() == 0
    giving_up.give_up_hopeless()
    assert set(inquiries().values_list("state", "lease")) == {("open", found.lease)}
    other = order_scenario(sources, "fit")
    asking.ask([other.pk])
    assert inquiries().get(check_ordered=other).state == "answered"


def test_a_source_that_is_switched_off_meanwhile_loses_no_list(silent, source, by):
    silent()
    found = manual.export(source(), by=by)
    Source.objects.filter(code="housing_bureau").update(enabled=False)
    giving_up.give_up_hopeless()
    assert inquiries().filter(lease=found.lease, state="open").count() == 2


def test_a_list_that_never_comes_back_is_asked_over_the_wire_in_the_end(silent, source, by, sources):
    silent(count=1)
    manual.export(source(), by=by)
    sources.reset()
    Source.objects.update(open_until=None, failures_in_row=0)
    inquiries().update(not_before=timezone.now())
    assert asking.ask_due() == 1
    assert set(inquiries().values_list("state", flat=True)) == {"answered"}


def test_a_source_that_was_never_connected_gets_a_list(sources, source, by):
    Source.objects.filter(code="housing_bureau").update(enabled=False)
    check = order_scenario(sources, "fit")
    asking.ask([check.pk])
    assert inquiries().get().state == "not_asked"
    found = manual.export(source(), by=by)
    assert found.households == 1
    manual_replies.take_in(found, filled(found, by).saved(), by=by)
    manual_replies.bring_in(ManualRequest.objects.get(), by=by)
    assert inquiries().get().state == "answered"
    assert Check.objects.get().status == "assessed"


def test_nobody_without_a_live_authorisation_goes_on_a_list(sources, source, by, silent):
    order_scenario(sources, "fit", kinds=("deposit",))
    with pytest.raises(MoveRefusedError):
        manual.export(source(), by=by)
    (check,) = silent(count=1)
    orders.withdraw_authorisation(check, "m1")
    found = manual.export(source(), by=by)
    asked = {person.key for each in manual.listed_of(found) for person in each.question.persons}
    assert asked
    assert "m1" not in asked


def test_who_takes_the_authorisation_back_meanwhile_is_left_out(silent, source, by):
    check, other = silent()
    found = manual.export(source(), by=by)
    content = filled(found, by).saved()
    manual_replies.take_in(found, content, by=by)
    orders.withdraw_authorisation(check, "m1")
    for member in list(other.authorisations):
        orders.withdraw_authorisation(Check.objects.get(pk=other.pk), member)
    found.refresh_from_db()
    assert manual_replies.counts(found).left_out == 1
    assert manual_replies.bring_in(found, by=by) == 1
    assert "m1" not in inquiries().get(check_ordered=check).outcomes
    assert inquiries().get(check_ordered=other).state == "not_asked"


def test_a_list_with_a_mistake_brings_in_nothing(silent, source, by):
    silent()
    found = manual.export(source(), by=by)
    wrong = filled(found, by)
    wrong.put(REPLIES, 3, result_code=7)
    before = list(inquiries().values())
    assert manual_replies.take_in(found, filled(found, by).saved(), by=by) == ()
    assert [each.row for each in manual_replies.take_in(found, wrong.saved(), by=by)] == [3]
    with pytest.raises(MoveRefusedError):
        manual_replies.bring_in(found, by=by)
    assert list(inquiries().values()) == before
    assert not Exchange.objects.filter(request_number=found.number).exists()


def test_a_list_is_brought_in_once(silent, source, by):
    silent(count=1)
    found = manual.export(source(), by=by)
    content = filled(found, by).saved()
    manual_replies.take_in(found, content, by=by)
    manual_replies.bring_in(found, by=by)
    for again in (
        lambda: manual_replies.bring_in(found, by=by),
        lambda: manual_replies.take_in(found, content, by=by),
        lambda: manual.file_of(ManualRequest.objects.get(), by=by),
        lambda: manual.take_back(found, by=by, reason="x"),
    ):
        with pytest.raises(MoveRefusedError, match="brought in already"):
            again()
    assert Exchange.objects.filter(request_number=found.number).count() == 1


def test_the_file_of_another_list_is_not_taken(silent, source, by):
    silent("housing_bureau", 1)
    first = manual.export(source(), by=by)
    content = filled(first, by).saved()
    manual.take_back(first, by=by, reason="重新导出")
    second = manual.export(source(), by=by)
    assert [each.code for each in manual_replies.take_in(second, content, by=by)] == ["wrong_list"]
    with pytest.raises(MoveRefusedError, match="taken back"):
        manual_replies.take_in(first, content, by=by)


def test_a_list_taken_back_is_asked_over_the_wire_at_once(silent, source, by, sources):
    checks = silent(count=1)
    found = manual.export(source(), by=by)
    sources.reset()
    Source.objects.update(open_until=None, failures_in_row=0)
    assert manual.take_back(found, by=by, reason="接口已恢复") == 1
    asking.ask([checks[0].pk])
    assert inquiries().get().state == "answered"


def test_who_was_asked_again_or_cancelled_is_not_awaited_any_more(silent, source, by):
    checks = silent(count=2)
    found = manual.export(source(), by=by)
    manual_replies.take_in(found, filled(found, by).saved(), by=by)
    for check in checks:
        orders.cancel(Check.objects.get(pk=check.pk), by=by, reason="撤回")
    found.refresh_from_db()
    with pytest.raises(MoveRefusedError, match="Nobody on list"):
        manual_replies.bring_in(found, by=by)
    assert set(inquiries().values_list("state", flat=True)) == {"cancelled"}


@pytest.mark.parametrize("username", ["window", "street", "district", "housing", "credit", "auditor", "admin"])
def test_only_the_citys_check_officers_send_and_bring_in(silent, source, people, by, username):
    silent(count=1)
    with pytest.raises(NotAllowedError):
        manual.export(source(), by=people[username])
    found = manual.export(source(), by=by)
    for deed in (
        lambda: manual.file_of(found, by=people[username]),
        lambda: manual.take_back(found, by=people[username], reason="x"),
        lambda: manual_replies.take_in(found, b"", by=people[username]),
        lambda: manual_replies.bring_in(found, by=people[username]),
    ):
        with pytest.raises(NotAllowedError):
            deed()


def test_who_keyed_a_case_neither_lists_it_nor_brings_it_in(sources, source, by):
    Source.objects.filter(code="housing_bureau").update(enabled=False)
    (order,) = orders_of(sources, "fit", 1)
    keyed = orders.place(msgspec.structs.replace(order, kept_away=(by.pk,)), by=None)
    asking.ask([keyed.pk])
    with pytest.raises(MoveRefusedError):
        manual.export(source(), by=by)
    colleague = Staff.objects.create_user("check-2", name="钱进")
    seat = by.postings.get()
    Posting.objects.create(staff=colleague, office=seat.office, role=seat.role, from_on=seat.from_on)
    found = manual.export(source(), by=colleague)
    manual_replies.take_in(found, filled(found, colleague).saved(), by=by)
    with pytest.raises(NotAllowedError, match=keyed.number):
        manual_replies.bring_in(found, by=by)
    assert manual_replies.bring_in(found, by=colleague) == 1


def test_every_download_is_a_look_at_every_household(silent, source, by):
    checks = silent()
    found = manual.export(source(), by=by)
    manual.file_of(found, by=by)
    looks = AuditEntry.objects.filter(purpose="manual list", action="download", staff=by)
    assert set(looks.values_list("reference", flat=True)) == {check.number for check in checks}


def test_the_file_is_kept_by_nobody_and_no_id_number_is_logged(silent, source, by, caplog):
    silent(count=1)
    found = manual.export(source(), by=by)
    number = manual.listed_of(found)[0].question.persons[0].id_number
    wrong = filled(found, by)
    wrong.put(REPLIES, 3, id_no="321202199001011999", remark=number)
    told = manual_replies.take_in(found, wrong.saved(), by=by)
    assert told
    assert number not in repr(told)
    manual_replies.take_in(found, filled(found, by).saved(), by=by)
    manual_replies.bring_in(found, by=by)
    assert number not in caplog.text


def test_more_households_cost_no_more_queries(silent, source, by, django_assert_max_num_queries):
    silent(count=4)
    with django_assert_max_num_queries(24):
        found = manual.export(source(), by=by)
    with django_assert_max_num_queries(12):
        content = manual.file_of(found, by=by)
    filled_in = Filled(content).answer_all().saved()
    with django_assert_max_num_queries(6):
        manual_replies.take_in(found, filled_in, by=by)
    with django_assert_max_num_queries(50):
        manual_replies.bring_in(found, by=by)


def test_the_workbook_asks_for_the_kinds_of_the_source_and_no_others(silent, source, by):
    silent("police", 1)
    book = filled(manual.export(source("police"), by=by), by).book
    kinds = {terms.SHEETS[RecordKind(kind)] for kind in source("police").kinds}
    assert set(book.sheetnames) == {"填报说明", "请求清单", "答复", "代码", *kinds}
