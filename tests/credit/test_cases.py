"""The life of a credit case up to its record: evidence, proposal, statement, service, correction."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, transaction

from bureau import workdays
from bureau.errors import MoveRefusedError, UnfitDataError
from credit import cases, deadlines, gathering, moves, panel
from credit.cases import Attempt, ToDo
from credit.models import CureItem, Sanction, Service
from credit.serving import Way
from tests.factories import credit as given

PROPOSAL, NOTICE = Service.Letter.PROPOSAL, Service.Letter.NOTICE
pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(people):
    """Who keeps the registry."""
    return people["credit"]


# --- evidence, proposal, statement ----------------------------------------------------------------------------------


def test_no_finding_is_proposed_before_the_evidence_of_the_catalogue_is_on_file(officer):
    case = given.case()
    with pytest.raises(MoveRefusedError, match="陈述"):
        cases.propose(case, by=officer)
    given.with_evidence(case)
    cases.propose(case, by=officer)
    assert case.status == "proposed"


def test_evidence_is_not_changed_and_comes_before_the_proposal(officer):
    case = given.proposed()
    with pytest.raises(UnfitDataError, match="before a finding"):
        gathering.add_evidence(case, by=officer, kind="照片", reference="卷9", note="")
    with pytest.raises(InternalError), transaction.atomic():
        case.evidence.update(reference="卷8")


def test_a_case_goes_before_the_panel_once_the_subject_was_heard_or_had_the_time(later, officer, people):
    case = given.proposed()
    seats = [people[name] for name in ("panel", "panel2", "panel3")]
    with pytest.raises(MoveRefusedError, match="served"):
        panel.seat(case, seats, by=officer)
    given.serve(case, PROPOSAL)
    until = deadlines.defence_until(case)
    assert workdays.workdays_between(workdays.today(), until) == 5
    later(to=until)
    with pytest.raises(MoveRefusedError, match="statement until"):
        panel.seat(case, seats, by=officer)
    later(days=1)
    panel.seat(case, seats, by=officer)
    assert case.status == "at_panel"


def test_a_statement_is_heard_between_the_service_and_the_panel(officer):
    case = given.proposed()
    told = {"by": officer, "text": "已出售", "weighed": "核实中", "received_on": workdays.today()}
    with pytest.raises(UnfitDataError, match="after the proposed finding was served"):
        cases.hear(case, **told)
    given.serve(case, PROPOSAL)
    for change in ({"text": " "}, {"weighed": ""}, {"received_on": given.day(-1)}, {"received_on": given.day(1)}):
        with pytest.raises(UnfitDataError):
            cases.hear(case, **{**told, **change})
    cases.hear(case, **told)
    assert moves.defence_is_heard(case, officer) is None


def test_more_evidence_can_be_gathered_and_a_case_dropped_with_a_reason(officer):
    case = given.heard()
    with pytest.raises(UnfitDataError, match="reason"):
        cases.move(case, moves.GATHER_MORE, by=officer, reason="")
    cases.move(case, moves.GATHER_MORE, by=officer, reason="补充登记材料")
    gathering.add_evidence(case, by=officer, kind="登记簿", reference="卷9", note="")
    cases.move(case, moves.DROP, by=officer, reason="证据不足")
    assert case.status == "dropped"
    with pytest.raises(ValueError, match="record"):
        cases.move(case, moves.RECORD, by=officer, reason="x")


def test_a_proposal_that_is_made_anew_is_served_and_answered_anew(later, officer, people):
    case = given.heard()
    cases.move(case, moves.GATHER_MORE, by=officer, reason="补充登记材料")
    cases.propose(case, by=officer)
    seats = [people[name] for name in ("panel", "panel2", "panel3")]
    with pytest.raises(MoveRefusedError, match="served"):
        panel.seat(case, seats, by=officer)
    given.serve(case, PROPOSAL)
    with pytest.raises(MoveRefusedError, match="statement until"):
        panel.seat(case, seats, by=officer)
    with pytest.raises(UnfitDataError, match="served already"):
        given.serve(case, PROPOSAL)
    later(to=deadlines.defence_until(case))
    later(days=1)
    panel.seat(case, seats, by=officer)
    assert case.status == "at_panel"


# --- service --------------------------------------------------------------------------------------------------------


def test_an_announcement_is_the_last_resort_and_counts_after_thirty_days(later, officer):
    case = given.found_by_panel()
    announced = {"way": Way.ANNOUNCED, "medium": "泰州日报"}
    with pytest.raises(UnfitDataError, match="last resort"):
        given.serve(case, NOTICE, **announced)
    given.serve(case, NOTICE, way=Way.POST, reached=False)
    assert deadlines.served_on(case, NOTICE) is None
    given.serve(case, NOTICE, **announced)
    assert deadlines.served_on(case, NOTICE) == given.day(30)
    with pytest.raises(MoveRefusedError, match="counts as served"):
        cases.notify(case, by=officer)
    later(days=30)
    cases.notify(case, by=officer)
    assert case.status == "notified"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"proof": " "}, "proof"),
        ({"medium": "泰州日报"}, "Only an announcement"),
        ({"way": Way.ELECTRONIC}, "consent"),
        ({"consent": "同意书"}, "consent"),
        ({"on_later": 1}, "ahead"),
        ({"on_later": -1}, "before the letter"),
    ],
)
def test_service_that_does_not_fit_is_refused(officer, change, words):
    case = given.issued(given.found_by_panel())
    on = given.day(change.pop("on_later", 0))
    attempt = Attempt(**{"way": Way.HAND, "on": on, "proof": "回证", **change})
    with pytest.raises(UnfitDataError, match=words):
        cases.serve(case, NOTICE, attempt, by=officer)
    assert not case.services.filter(letter=NOTICE).exists()


def test_each_letter_has_its_stage_and_arrives_once(officer):
    case = given.proposed()
    with pytest.raises(UnfitDataError, match="stage"):
        given.serve(case, NOTICE)
    found = given.found_by_panel(lead=given.lead(origin="finding:2"))
    given.serve(found, NOTICE)
    with pytest.raises(UnfitDataError, match="served already"):
        given.serve(found, NOTICE)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"way": "announced"}, "checked and is out"),
        ({"medium": "泰州日报"}, "service_by_announcement_names_the_medium"),
        ({"way": "electronic"}, "service_by_wire_has_consent"),
        ({"proof": ""}, "service_has_a_proof"),
        ({"way": "pigeon"}, "service_way_is_known"),
        ({"letter": "other"}, "letter that was issued"),
        ({"served_on": "2020-01-01"}, "service_follows_its_attempt"),
    ],
)
def test_the_database_refuses_service_that_makes_no_sense(officer, change, rule):
    case = given.issued(given.found_by_panel())
    values = {"letter": "notice", "way": "hand", "tried_on": workdays.today(), "proof": "回证", "by": officer}
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        case.services.create(**{**values, **change})


# --- correction -----------------------------------------------------------------------------------------------------


def test_who_corrects_everything_in_time_is_closed_without_a_record(later, officer):
    things = (ToDo("pay", "补缴租金", Decimal("1340.00")), ToDo("hand_back", "交还钥匙"))
    case = given.notified(things=things)
    pay, keys = case.cure_items.all()
    cases.correct(pay, by=officer, on=workdays.today(), proof="缴款书12号")
    with pytest.raises(MoveRefusedError, match="1 things"):
        cases.close_as_cured(case, by=officer)
    later(to=deadlines.cure_until(case))
    cases.correct(keys, by=officer, on=workdays.today(), proof="交接单3号")
    later(days=1)
    with pytest.raises(MoveRefusedError, match="without a record"):
        cases.record(case, by=officer)
    cases.close_as_cured(case, by=officer)
    assert case.status == "cured"
    assert not Sanction.objects.exists()


def test_a_day_late_is_too_late(later, officer):
    case = given.notified()
    later(to=deadlines.cure_until(case))
    later(days=1)
    cases.correct(case.cure_items.get(), by=officer, on=workdays.today(), proof="回执")
    with pytest.raises(MoveRefusedError):
        cases.close_as_cured(case, by=officer)
    cases.record(case, by=officer)
    assert case.status == "recorded"


def test_the_time_to_correct_ends_on_a_working_day(officer):
    case = given.notified()
    until = deadlines.cure_until(case)
    assert workdays.is_workday(until)
    assert until >= given.day(15)


def test_nothing_is_recorded_while_there_is_time_to_correct(later, officer):
    case = given.notified()
    later(to=deadlines.cure_until(case))
    with pytest.raises(MoveRefusedError, match="time to correct until"):
        cases.record(case, by=officer)


@pytest.mark.parametrize(
    "things",
    [
        (),
        (ToDo("file", " "),),
        (ToDo("pay", "补缴租金"),),
        (ToDo("pay", "补缴租金", Decimal(0)),),
        (ToDo("file", "补报", Decimal(1)),),
    ],
)
def test_a_list_of_things_to_correct_makes_sense(officer, things):
    with pytest.raises(UnfitDataError):
        cases.list_cures(given.found_by_panel(), by=officer, things=things)


def test_a_thing_is_corrected_once_with_its_proof_after_the_notice(officer):
    case = given.found_by_panel()
    (item,) = cases.list_cures(case, by=officer, things=given.TODO)
    today = workdays.today()
    with pytest.raises(UnfitDataError, match="after the notice"):
        cases.correct(item, by=officer, on=today, proof="回执")
    given.serve(case, NOTICE)
    cases.notify(case, by=officer)
    for change in ({"proof": ""}, {"on": today + timedelta(days=1)}):
        with pytest.raises(UnfitDataError):
            cases.correct(item, by=officer, **{"on": today, "proof": "回执", **change})
    cases.correct(item, by=officer, on=today, proof="回执")
    with pytest.raises(UnfitDataError, match="already"):
        cases.correct(item, by=officer, on=today, proof="回执")
    with pytest.raises(InternalError), transaction.atomic():
        CureItem.objects.filter(pk=item.pk).update(proof="别的")
