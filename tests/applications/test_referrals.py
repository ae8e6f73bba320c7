"""Only what a person has confirmed, of a concluded check that nobody objects to, goes to the registry: once."""

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.urls import reverse
from django.utils import timezone

from applications import checks, decisions, referrals
from applications.models import Application, Referral
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.fields import blind_index
from bureau.models import AuditEntry, Relative, Staff, TimelineEntry
from credit import leads
from credit.leads import Confirmed, Named
from credit.models import Case, Lead
from tests.factories.applications import ask_all, checking, concluded, household_of
from tests.factories.objection_pages import object_to
from tests.factories.objections import SCENARIO
from verification import findings, holding
from verification.models import Finding, Objection, Source

pytestmark = pytest.mark.django_db
HOME = "undeclared_home"


@pytest.fixture
def unfit(people, sources) -> Application:
    """A case that lies before its decision: a hidden flat, confirmed by the check officer."""
    return concluded(people, sources, SCENARIO, "unfit")


def finding_of(case: Application, kind: str = HOME) -> Finding:
    return Finding.objects.get(check_ordered__subject=case.reference, kind=kind)


def page(case: Application) -> str:
    return reverse("applications:case_refer", args=[case.reference])


def form(case: Application, *kinds: str, confirmed: str = "on") -> dict:
    token = Application.objects.get(pk=case.pk).status_since.isoformat()
    return {"findings": [finding_of(case, kind).pk for kind in kinds], "token": token, "confirmed": confirmed}


def test_a_confirmed_finding_becomes_a_lead_on_the_whole_household(unfit, people):
    (referral,) = referrals.refer(unfit, [finding_of(unfit).pk], by=people["housing"])
    lead = referral.lead
    assert (lead.kind, lead.status, lead.act.code) == ("finding", "received", "F01")
    assert lead.origin == f"finding:{finding_of(unfit).pk}"
    assert (lead.confirmed_by, lead.by) == (people["check"], people["housing"])
    assert {blind_index(each.identifier) for each in lead.subjects.all()} == {
        bytes(index) for index in unfit.members.values_list("id_index", flat=True)
    }
    for word in (unfit.reference, unfit.current_check.number, "未申报", "确认属实：已电话核实，属实。", "84.00"):
        assert word in lead.text
    assert TimelineEntry.objects.of(unfit).filter(event="finding_referred", by=people["housing"]).count() == 1
    assert not Case.objects.exists()


def test_each_finding_is_referred_once(unfit, people):
    referrals.refer(unfit, [finding_of(unfit).pk], by=people["housing"])
    with pytest.raises(UnfitDataError, match="already"):
        referrals.refer(unfit, [finding_of(unfit).pk], by=people["check"])
    assert Lead.objects.count() == Referral.objects.count() == 1


def test_a_choice_of_which_one_cannot_go_refers_none(unfit, people):
    both = [finding_of(unfit).pk, finding_of(unfit, "over_limit").pk]
    with pytest.raises(UnfitDataError, match="by itself"):
        referrals.refer(unfit, both, by=people["housing"])
    assert not Lead.objects.exists()


@pytest.mark.parametrize("wrong", [[], [10**9]])
def test_what_is_no_finding_of_the_case_is_not_referred(unfit, people, wrong):
    with pytest.raises(UnfitDataError, match="confirmed"):
        referrals.refer(unfit, wrong, by=people["housing"])


@pytest.mark.parametrize("state", ["open", "dismissed"])
def test_what_nobody_confirmed_is_not_referred(people, sources, state):
    case = checking(people, household_of(sources, SCENARIO))
    ask_all(case.current_check)
    finding = finding_of(case)
    if state == "dismissed":
        findings.dismiss(finding, by=people["check"], reason="登记有误")
    for by in (people["housing"], people["check"]):
        with pytest.raises(MoveRefusedError, match="concluded"):
            referrals.refer(case, [finding.pk], by=by)
    assert not Lead.objects.exists()


def test_nothing_is_referred_while_an_objection_is_open_and_again_after_it(unfit, people, as_user):
    objection = object_to(unfit, as_user)
    with pytest.raises(MoveRefusedError, match=objection.number):
        referrals.refer(unfit, [finding_of(unfit).pk], by=people["housing"])
    assert as_user("housing").get(page(unfit)).status_code == 409
    assert not referrals.may_refer(unfit, people["housing"])
    Objection.objects.filter(pk=objection.pk).update(status="withdrawn")
    referrals.refer(unfit, [finding_of(unfit).pk], by=people["housing"])
    assert Lead.objects.count() == 1


def test_nothing_is_referred_while_the_answer_it_rests_on_is_in_doubt(unfit, people):
    source = Source.objects.get(code=finding_of(unfit).source_code)
    hold = holding.hold(source, by=None, ground="flood", reason="test", doubted_from=unfit.submitted_at)
    with pytest.raises(UnfitDataError, match="in doubt"):
        referrals.refer(unfit, [finding_of(unfit).pk], by=people["housing"])
    type(hold).objects.filter(pk=hold.pk).update(
        released_at=timezone.now(), released_by=people["check"], release_reason="已核实", verdict="stand"
    )
    assert referrals.refer(unfit, [finding_of(unfit).pk], by=people["housing"])


def test_nothing_is_referred_while_the_household_is_to_be_checked_again(unfit, people):
    decisions.have_checked_again(unfit, by=people["housing"], reason="补充核实")
    with pytest.raises(MoveRefusedError, match="concluded"):
        referrals.refer(unfit, [finding_of(unfit).pk], by=people["housing"])


@pytest.mark.parametrize("name", ["window", "street", "district", "credit", "panel", "auditor", "admin"])
def test_only_officers_of_the_city_refer(unfit, people, as_user, name):
    with pytest.raises(NotAllowedError):
        referrals.refer(unfit, [finding_of(unfit).pk], by=people[name])
    for answer in (as_user(name).get(page(unfit)), as_user(name).post(page(unfit), form(unfit, HOME))):
        assert answer.status_code in {403, 404}
    assert not Lead.objects.exists()


def test_nobody_refers_a_relative(unfit, people):
    member = unfit.members.first()
    Relative.objects.create(staff=people["housing"], person_index=bytes(member.id_index))
    with pytest.raises(NotAllowedError, match="relative"):
        referrals.refer(unfit, [finding_of(unfit).pk], by=Staff.objects.get(username="housing"))


@pytest.mark.parametrize("name", ["housing", "check"])
def test_an_officer_chooses_sees_what_will_be_written_and_refers(unfit, as_user, name):
    client = as_user(name)
    statement = client.get(reverse("applications:case_statement", args=[unfit.reference])).content.decode()
    assert page(unfit) in statement
    shown = client.get(page(unfit)).content.decode()
    assert "84.00" in shown
    assert "No dishonest act by itself" in shown
    asked = client.post(page(unfit), form(unfit, HOME, confirmed=""))
    assert asked.status_code == 200
    assert "This cannot be taken back" in asked.content.decode()
    assert unfit.applicant_name in asked.content.decode()
    assert not Lead.objects.exists()
    assert client.post(page(unfit), form(unfit, HOME)).status_code == 302
    lead = Lead.objects.get()
    after = client.get(reverse("applications:case_statement", args=[unfit.reference])).content.decode()
    assert "Referred on" in after
    assert lead.number not in after
    assert AuditEntry.objects.of(unfit).filter(fields__contains=["findings"]).exists()
    assert client.post(page(unfit), form(unfit, HOME)).status_code == 422


def test_who_may_see_the_lead_finds_it_from_the_case(unfit, people, as_user):
    (referral,) = referrals.refer(unfit, [finding_of(unfit).pk], by=people["housing"])
    shown = as_user("auditor").get(reverse("applications:case_statement", args=[unfit.reference])).content.decode()
    assert reverse("credit:lead", args=[referral.lead.number]) in shown
    read = as_user("credit").get(reverse("credit:lead", args=[referral.lead.number])).content.decode()
    assert unfit.reference in read
    assert people["check"].name in read


def test_an_old_page_does_not_refer(unfit, as_user):
    old = form(unfit, HOME) | {"token": "old"}
    assert as_user("housing").post(page(unfit), old).status_code == 409
    assert not Lead.objects.exists()


def test_a_choice_of_none_is_told(unfit, as_user):
    answer = as_user("housing").post(page(unfit), form(unfit))
    assert answer.status_code == 422


# --- the database ---------------------------------------------------------------------------------------------------


def take(case: Application, origin: str, by: Staff) -> Lead:
    member = case.members.first()
    return leads.take(
        Lead.Kind.FINDING,
        about=[Named(member.name, member.id_number)],
        text="未申报住房",
        origin=origin,
        confirmed=Confirmed(by, timezone.now()),
        office_code=case.office_code,
        by=by,
    )


def test_the_database_takes_no_lead_of_a_finding_that_this_person_has_not_confirmed(unfit, people):
    other = finding_of(unfit)
    for origin, by in [
        ("finding:1", people["check"]),
        ("finding", people["check"]),
        (f"finding:{other.pk}", people["housing"]),
        (f" finding:{other.pk}", people["check"]),
    ]:
        with pytest.raises(IntegrityError, match="that this person has confirmed"), transaction.atomic():
            take(unfit, origin, by)
    report = Lead.objects.create(number="XS1", kind="report", text="x", office_code="3212", received_on=timezone.now())
    with pytest.raises(IntegrityError, match="lead"), transaction.atomic():
        Lead.objects.filter(pk=report.pk).update(kind="finding")


def test_the_database_takes_no_referral_of_an_objected_finding_nor_of_another_case(unfit, people, as_user):
    finding = finding_of(unfit)
    lead = take(unfit, f"finding:{finding.pk}", people["check"])
    values = {"application": unfit, "finding": finding, "lead": lead, "by": people["housing"]}
    for wrong in ({"application": checking(people)}, {"finding": finding_of(unfit, "over_limit")}):
        with pytest.raises(IntegrityError, match="only a confirmed finding"), transaction.atomic():
            Referral.objects.create(**values | wrong)
    objection = object_to(unfit, as_user)
    with pytest.raises(IntegrityError, match="only a confirmed finding"), transaction.atomic():
        Referral.objects.create(**values)
    Objection.objects.filter(pk=objection.pk).update(status="withdrawn")
    row = Referral.objects.create(**values)
    with pytest.raises(InternalError), transaction.atomic():
        Referral.objects.filter(pk=row.pk).update(by=people["check"])
    with pytest.raises(InternalError), transaction.atomic():
        row.delete()


def test_a_case_is_taken_up_and_referred_in_the_same_way_after_its_refusal(unfit, people):
    decisions.refuse(unfit, by=people["housing"], opinion="住房面积超过标准。")
    assert checks.take_up_due() == 0
    assert referrals.refer(unfit, [finding_of(unfit).pk], by=people["check"])
