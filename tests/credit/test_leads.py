"""A lead is taken, opened or dismissed by a person; what a source answered is none."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.utils import timezone

from bureau import workdays
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.fields import blind_index
from bureau.identifiers import IdentifierError
from bureau.models import Relative
from credit import leads
from credit.leads import Named
from credit.models import Case, Lead, Party, Subject
from credit.policies import Severity, SubjectKind
from tests.factories import credit as given

pytestmark = pytest.mark.django_db


def test_a_confirmed_finding_becomes_a_lead_on_the_whole_household(people):
    lead = given.lead()
    assert lead.number.startswith("XS")
    assert set(lead.subjects.values_list("name", flat=True)) == {"胡建军", "刘敏"}
    assert lead.confirmed_by == people["check"]


@pytest.mark.parametrize("more", [{"confirmed": None}, {"origin": ""}])
def test_a_finding_that_nobody_confirmed_is_no_lead(people, more):
    with pytest.raises(UnfitDataError, match="confirmed"):
        given.lead(**more)
    assert not Lead.objects.exists()


@pytest.mark.parametrize("change", [{"confirmed_by": None}, {"confirmed_at": None}, {"origin": ""}])
def test_the_database_refuses_a_finding_that_nobody_confirmed(people, change):
    lead = given.lead()
    with pytest.raises(IntegrityError, match="lead_of_a_finding_was_confirmed_by_a_person"), transaction.atomic():
        Lead.objects.filter(pk=lead.pk).update(**change)


def test_the_same_finding_is_taken_once(people):
    given.lead()
    with pytest.raises(UnfitDataError, match="already"):
        given.lead()
    assert Lead.objects.count() == 1


def test_the_public_may_report_without_a_name(people):
    lead = given.lead(kind=Lead.Kind.REPORT, about=[given.HUSBAND], text="房屋长期转租", act_code="F08")
    assert (lead.reporter, lead.by, lead.confirmed_by) == ("", None, None)


@pytest.mark.parametrize(
    ("about", "error"),
    [
        ([], UnfitDataError),
        ([Named("胡建军", "321299198306259177")], IdentifierError),
        ([Named("某公司", "91321200MA1MTY6R0A", SubjectKind.EMPLOYER)], IdentifierError),
    ],
)
def test_a_wrong_number_or_nobody_is_refused_and_nothing_is_written(people, about, error):
    with pytest.raises(error):
        given.lead(about=about)
    assert not Lead.objects.exists()
    assert not Subject.objects.exists()


def test_a_lead_wants_facts(people):
    with pytest.raises(UnfitDataError, match="Write down"):
        given.lead(text="  ")


def test_a_person_who_moves_household_is_one_subject(people):
    given.lead()
    given.lead(origin="finding:2", about=[given.WIFE])
    wife = Subject.objects.get(identifier_index=blind_index(given.WIFE.identifier))
    assert wife.leads.count() == 2


def test_a_case_is_opened_by_the_catalogue_of_the_day_of_the_act(people):
    case = given.case()
    assert case.number.startswith("SX")
    assert (case.status, case.severity, case.act.code) == ("opened", Severity.MORE_SERIOUS, "F01")
    assert dict(case.parties.values_list("subject__name", "part")) == {"胡建军": "actor", "刘敏": "member"}
    case.lead.refresh_from_db()
    assert case.lead.status == "opened"


def test_an_act_is_graver_where_the_officer_says_so(people):
    assert given.case(graver=True).severity == Severity.SERIOUS


@pytest.mark.parametrize(("months", "severity"), [(6, "general"), (12, "serious")])
def test_arrears_are_as_grave_as_their_months(people, months, severity):
    assert given.case(act_code="F06", months=months).severity == severity


def test_what_has_not_lasted_long_enough_is_no_case(people):
    lead = given.lead()
    with pytest.raises(UnfitDataError, match="reminder"):
        given.case(lead=lead, act_code="F06", months=4)
    lead.refresh_from_db()
    assert lead.status == "received"


def test_an_employers_act_is_no_familys_and_the_other_way_round(people):
    with pytest.raises(UnfitDataError, match="not one of such"):
        given.case(act_code="U01")
    company = given.lead(origin="finding:2", about=[given.COMPANY], act_code="U02")
    with pytest.raises(UnfitDataError, match="not one of such"):
        given.case(lead=company, actor_kind="employer")
    assert given.case(lead=company, act_code="U02", actor_kind="employer").severity == Severity.GENERAL


def test_the_day_of_the_act_does_not_lie_ahead_nor_before_the_policy(people):
    with pytest.raises(UnfitDataError, match="ahead"):
        given.case(occurred_on=workdays.today() + timedelta(days=1))
    with pytest.raises(UnfitDataError, match="policy"):
        given.case(lead=Lead.objects.get(), occurred_on=date(2016, 5, 1))
    assert not Case.objects.exists()


def test_who_acted_is_one_of_those_whom_the_lead_is_about(people):
    lead = given.lead()
    stranger = leads.register(Named("高翔", "321299199708281696"))
    for actors in ([], [stranger]):
        with pytest.raises(UnfitDataError, match="Choose who acted"):
            leads.open_case(
                lead, by=people["credit"], act_code="F01", occurred_on=workdays.today(), facts="", actors=actors
            )


def test_a_lead_is_opened_once(people):
    lead = given.lead()
    given.case(lead=lead)
    with pytest.raises(MoveRefusedError):
        given.case(lead=lead)
    assert Case.objects.count() == 1


def test_a_lead_is_dismissed_with_a_reason_and_not_opened_afterwards(people):
    lead = given.lead()
    with pytest.raises(UnfitDataError, match="reason"):
        leads.dismiss(lead, by=people["credit"], reason=" ")
    leads.dismiss(lead, by=people["credit"], reason="住房已在申报前出售")
    with pytest.raises(MoveRefusedError):
        given.case(lead=lead)


@pytest.mark.parametrize("name", ["window", "check", "housing", "panel", "auditor", "admin"])
def test_only_a_credit_officer_works_on_leads(people, name):
    with pytest.raises(NotAllowedError):
        leads.dismiss(given.lead(), by=people[name], reason="无")


def test_nobody_works_on_a_lead_about_a_relative(people):
    lead = given.lead()
    Relative.objects.create(staff=people["credit"], person_index=blind_index(given.WIFE.identifier))
    with pytest.raises(NotAllowedError, match="relative"):
        leads.dismiss(lead, by=type(people["credit"]).objects.get(pk=people["credit"].pk), reason="无")


def test_leads_and_parties_are_kept(people):
    case = given.case()
    for row in (case.lead, case, case.parties.first()):
        table = row._meta.db_table
        with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE id = {row.pk}")  # noqa: S608 -- our own words
    with pytest.raises(InternalError), transaction.atomic():
        Party.objects.update(part="member")


def test_what_was_confirmed_when_is_kept(people):
    before = timezone.now()
    assert given.lead().confirmed_at >= before
