"""What waits too long for papers, lists, replies and answers stands on the board until it has come."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications.models import Application, Attachment, FastLane, Supplement
from bureau import workdays
from credit import cases, feeding, prior_notices, remedies
from credit.models import Acknowledgement, RegistryEvent
from tests.factories import credit as given
from tests.factories import feeds, lists
from tests.factories.cases import case_at
from tests.factories.partners import Caller
from tests.supervision.boards import board
from verification.models import ManualRequest, Source

pytestmark = pytest.mark.django_db
READERS = ("housing", "check", "credit", "auditor")


def stuck(people, code):
    """By person, who has any of this kind on the board: the first lines."""
    found = {}
    for name in READERS:
        for kind in board(people[name]):
            if kind["trouble"].code == code and kind["count"]:
                found[name] = kind["lines"]
    return found


def looks(people, as_user, code, sees):
    """Just these see it, and the door behind the row opens for each; returns the row."""
    found = stuck(people, code)
    assert set(found) == set(sees)
    for name in sees:
        [line] = found[name]
        assert as_user(name).get(line.url).status_code == 200, name
        assert line.name in as_user(name).get(f"/supervision/stuck/{code}/").content.decode()
    return found[sees[0]][0]


def test_promised_papers_that_have_not_come(people, later, as_user):
    case, today = case_at("at_street", keyed_by=people["window"]), workdays.today()
    Application.objects.filter(pk=case.pk).update(fast=True)
    FastLane.objects.create(application=case, household=bytes(32), given_on=today, grades=[])
    scan = {"content_type": "image/png", "size": 1, "uploaded_by": people["window"], "application": case}
    promise, paper = (
        Attachment.objects.create(section=section, title=section, file=f"{section}.png", digest=str(digit) * 64, **scan)
        for digit, section in enumerate(("promise", "hukou"))
    )
    row = Supplement.objects.create(
        application=case,
        section="hukou",
        promise=promise,
        promised_on=today - timedelta(days=1),
        due_on=today,
        recorded_by=people["window"],
    )
    assert not stuck(people, "late_papers")
    later(days=1)
    assert looks(people, as_user, "late_papers", ("check", "auditor")).since == today
    Supplement.objects.filter(pk=row.pk).update(supplied_at=timezone.now(), paper=paper)
    assert not stuck(people, "late_papers")


def test_a_request_list_whose_reply_has_not_come(people, later, as_user):
    row = lists.request(Source.objects.first(), by=people["check"])
    assert not stuck(people, "late_lists")
    later(days=1)
    looks(people, as_user, "late_lists", ("check", "auditor"))
    ManualRequest.objects.filter(pk=row.pk).update(
        taken_back_at=timezone.now(), taken_back_by=people["check"], take_back_reason="改由接口查询"
    )
    assert not stuck(people, "late_lists")


def test_an_objection_to_a_record_that_is_not_answered(people, later, as_user):
    case = given.recorded(later)
    actor = case.parties.get(part="actor").subject
    found = remedies.dispute(case, actor, text="房屋已于去年出售", received_on=workdays.today(), by=people["credit"])
    later(to=found.due_on)
    assert not stuck(people, "late_answers")
    later(days=1)
    line = looks(people, as_user, "late_answers", ("credit", "auditor"))
    assert line.since == found.due_on
    remedies.answer(found, by=people["credit"], upheld=False, text="登记机关复核无误")
    assert not stuck(people, "late_answers")


def test_a_repair_that_is_neither_accepted_nor_decided_in_time(people, later, as_user):
    case, by = given.recorded(later), people["credit"]
    for item in case.cure_items.filter(met_on=None):
        cases.correct(item, by=by, on=workdays.today(), proof="收据")
    later(days=200)
    repair = remedies.seek_repair(
        case,
        case.parties.get(part="actor").subject,
        promise="信用承诺书3号",
        papers="已补报",
        applied_on=workdays.today(),
        by=by,
    )
    later(to=repair.accept_by + timedelta(days=1))
    assert looks(people, as_user, "late_answers", ("credit", "auditor")).since == repair.accept_by
    remedies.accept(repair, by=by, accepted=True)
    assert not stuck(people, "late_answers")
    repair.refresh_from_db()
    later(to=repair.result_by + timedelta(days=1))
    assert looks(people, as_user, "late_answers", ("credit", "auditor")).since == repair.result_by
    remedies.decide(repair, by=by, granted=False, reason="条件未满足")
    assert not stuck(people, "late_answers")


def test_a_department_that_still_applies_what_was_taken_back(people, later, as_user):
    case, _key = feeds.recorded(later)
    caller = Caller()
    event = RegistryEvent.objects.filter(kind="sharing").order_by("pk").first()
    applied = {"record": event.sanction.record_key, "cursor": event.pk, "state": "applied"}
    assert caller.post("acknowledgements", applied).status_code == 200
    assert not stuck(people, "still_applied")
    cases.withdraw(case, by=people["credit"], reason="法院判决撤销")
    line = looks(people, as_user, "still_applied", ("credit", "auditor"))
    assert line.who == caller.partner.name
    ending = RegistryEvent.objects.filter(kind="sharing").order_by("pk").last()
    assert caller.post("acknowledgements", applied | {"cursor": ending.pk, "state": "lifted"}).status_code == 200
    assert not Acknowledgement.objects.still_applied().exists()
    assert not stuck(people, "still_applied")


def test_a_record_that_the_bank_cannot_be_told_yet(people, later, as_user):
    case, key = feeds.recorded(later)
    bank = feeds.bank()
    assert not stuck(people, "held_back")
    feeding.make(bank, by=None)
    assert looks(people, as_user, "held_back", ("credit", "auditor")).name == key
    party = case.parties.get().subject
    prior_notices.give(case, party, on=workdays.today(), proof="送达回证9号", by=people["credit"])
    feeding.make(bank, by=None)
    assert not stuck(people, "held_back")
