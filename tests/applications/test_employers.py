"""Employers whose certificates the sources contradict: only what a person has confirmed counts, and makes one lead."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications import employers
from applications.models import Certificate, Pattern, PatternCertificate, PatternThreshold
from bureau import workdays
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.models import AuditEntry
from credit import leads
from credit.models import Case, Lead
from tests.factories.applications import ask_all, checking, concluded, household_of
from tests.factories.objection_pages import object_to
from tests.factories.objections import line_of
from verification import findings

pytestmark = pytest.mark.django_db
SCENARIO = "employer-false-income"
NAME, CODE = "泰州凤城物业服务有限公司", "91321202MA9FC00028"
BOARD = "/employers/"
PAGE = f"{BOARD}{CODE}/"


@pytest.fixture
def family(people, sources):
    """A household whose pay an employer certified far too low; its findings are confirmed, its check concluded."""
    return concluded(people, sources, SCENARIO, "unfit")


@pytest.fixture
def unsettled(people, sources):
    """The same household before any person has looked at the findings."""
    case = checking(people, household_of(sources, SCENARIO))
    ask_all(case.current_check)
    return case


def certify(case, *, income="2000", signatory="孙立", key="m1", code=CODE, on: date | None = None) -> Certificate:
    """A certificate of the employer among the papers of a case."""
    number = Certificate.objects.count()
    paper = case.attachments.first()
    paper.pk = None
    paper.section, paper.member_key, paper.title = "income", key, f"收入证明{number}"
    paper.save(force_insert=True)
    return Certificate.objects.create(
        attachment=paper,
        application=case,
        member_key=key,
        employer_name=NAME,
        employer_code=code,
        signatory=signatory,
        monthly_income=Decimal(income),
        issued_on=on or workdays.today(),
        recorded_by=paper.uploaded_by,
    )


def of(people, code=CODE) -> employers.Employer:
    threshold = employers.threshold_on(workdays.today())
    found = employers.board(people["credit"], threshold, wanted=code)
    return employers.described(people["credit"], threshold, list(found))[0]


# --- what counts ----------------------------------------------------------------------------------------------------


def test_a_certificate_is_contradicted_by_what_a_person_confirmed(family, people):
    certify(family)
    certify(family, income="9500", signatory="周敏")
    certify(family, income="2000", key="m2", signatory="周敏")
    found = of(people)
    assert (found.total.certificates, found.total.contradicted, found.total.unsettled) == (3, 1, 0)
    assert [(each.name, each.certificates, each.contradicted) for each in found.signatories] == [
        ("孙立", 1, 1),
        ("周敏", 2, 0),
    ]


def test_what_nobody_has_confirmed_is_counted_apart_and_never_makes_a_lead(unsettled, people, as_user):
    for _each in range(4):
        certify(unsettled)
    found = of(people)
    assert (found.total.certificates, found.total.contradicted, found.total.unsettled) == (4, 0, 4)
    with pytest.raises(MoveRefusedError, match="threshold"):
        employers.open_lead(CODE, by=people["credit"])
    assert as_user("credit").post(f"{PAGE}lead/").status_code == 409
    for finding in unsettled.current_check.findings.filter(kind="understated_income"):
        findings.confirm(finding, by=people["check"], reason="属实")
    assert of(people).total.contradicted == 0  # confirmed, and the check is not concluded
    assert not Lead.objects.exists()


def test_what_was_dismissed_does_not_count_at_all(unsettled, people):
    certify(unsettled)
    while found := unsettled.current_check.findings.open().filter(kind="understated_income").first():
        findings.dismiss(found, by=people["check"], reason="单位已说明")
    assert (of(people).total.contradicted, of(people).total.unsettled) == (0, 0)


def test_an_objected_result_does_not_count_meanwhile(family, people, as_user):
    certify(family)
    source = family.current_check.findings.filter(kind="understated_income").first().source_code
    object_to(family, as_user, lines=[line_of(family.current_check, source)])
    assert (of(people).total.contradicted, of(people).total.unsettled) == (0, 1)


def test_old_certificates_and_papers_taken_out_do_not_count(family, people):
    certify(family, on=workdays.today() - timedelta(days=800))
    assert not list(employers.board(people["credit"], employers.threshold_on(workdays.today())))


def test_the_tolerance_is_that_of_the_day(family, people):
    certify(family, income="9000")  # 9,600 were found: within a tenth
    assert of(people).total.contradicted == 0
    PatternThreshold.objects.create(effective_from=date(2020, 1, 1), tolerance=Decimal("0.05"), basis="调整")
    assert of(people).total.contradicted == 1


# --- the lead -------------------------------------------------------------------------------------------------------


@pytest.fixture
def pattern(family):
    """Three contradicted certificates with one signatory, one that agrees, and one that another signed."""
    for income in ("2000", "2100", "2200"):
        certify(family, income=income)
    certify(family, income="9600")
    certify(family, income="2000", signatory="周敏")
    return family


def test_a_pattern_becomes_one_lead_on_the_employer_that_names_each_family_by_its_case(pattern, people):
    made = employers.open_lead(CODE, by=people["credit"])
    lead = made.lead
    assert (lead.kind, lead.act.code, lead.by) == ("pattern", "U02", people["credit"])
    assert [(each.kind, each.identifier) for each in lead.subjects.all()] == [("employer", CODE)]
    assert made.certificates.count() == 4
    for word in (pattern.reference, pattern.current_check.number, "孙立 3", "2,100.00", "115,200.00"):
        assert word in lead.text
    assert not any(name in lead.text for name in pattern.members.values_list("name", flat=True))
    with pytest.raises(MoveRefusedError, match=lead.number):
        employers.open_lead(CODE, by=people["credit"])
    case = leads.open_case(
        lead, by=people["credit"], act_code="U02", occurred_on=workdays.today(), facts="", actors=lead.subjects.all()
    )
    assert list(case.parties.values_list("part", flat=True)) == ["actor"]


def test_what_is_in_a_lead_does_not_make_another(pattern, people):
    made = employers.open_lead(CODE, by=people["credit"])
    leads.dismiss(made.lead, by=people["credit"], reason="单位已更正")
    with pytest.raises(MoveRefusedError, match="threshold"):
        employers.open_lead(CODE, by=people["credit"])
    for _each in range(3):
        certify(pattern)
    assert employers.open_lead(CODE, by=people["credit"]).certificates.count() == 3
    assert Lead.objects.count() == 2


@pytest.mark.parametrize("change", [{"least_contradicted": 5}, {"least_share": Decimal("0.90")}])
def test_below_the_threshold_of_the_day_there_is_no_lead(pattern, people, change):
    PatternThreshold.objects.create(effective_from=date(2020, 1, 1), basis="调整", **change)
    with pytest.raises(MoveRefusedError, match="Below the threshold"):
        employers.open_lead(CODE, by=people["credit"])
    assert not Lead.objects.exists()


@pytest.mark.parametrize("name", ["window", "street", "check", "housing", "panel", "auditor", "admin"])
def test_only_a_credit_officer_opens_it(pattern, people, as_user, name):
    with pytest.raises(NotAllowedError):
        employers.open_lead(CODE, by=people[name])
    assert as_user(name).post(f"{PAGE}lead/").status_code == 403
    assert not Lead.objects.exists()


def test_the_database_counts_no_certificate_without_a_confirmed_finding(unsettled, people):
    certificate = certify(unsettled)
    finding = unsettled.current_check.findings.filter(kind="understated_income").first()
    subject = [leads.Named(NAME, CODE, employers.SubjectKind.EMPLOYER)]
    lead = leads.take(Lead.Kind.PATTERN, about=subject, text="x", office_code="321200", by=people["credit"])
    pattern = Pattern.objects.create(lead=lead, employer_code=CODE, by=people["credit"])
    with pytest.raises(IntegrityError, match="has confirmed"), transaction.atomic():
        PatternCertificate.objects.create(pattern=pattern, certificate=certificate, finding=finding)


def test_certificates_are_kept_as_they_were_read(family):
    row = certify(family)
    with pytest.raises(InternalError), transaction.atomic():
        Certificate.objects.filter(pk=row.pk).update(monthly_income=1)
    with pytest.raises(InternalError), transaction.atomic():
        row.delete()


# --- pages ----------------------------------------------------------------------------------------------------------


def test_a_credit_officer_sees_the_employer_and_opens_the_lead(pattern, as_user, people):
    client = as_user("credit")
    shown = client.get(BOARD).content.decode()
    assert NAME in shown
    assert "80.0%" in shown
    one = client.get(PAGE)
    text = one.content.decode()
    assert pattern.reference in text
    assert pattern.applicant_name not in text
    assert AuditEntry.objects.of(pattern).filter(fields__contains=["certificates"], staff=people["credit"]).exists()
    asked = client.get(f"{PAGE}lead/").content.decode()
    assert pattern.current_check.number in asked
    assert not Lead.objects.exists()
    answer = client.post(f"{PAGE}lead/")
    assert answer["Location"] == reverse("credit:lead", args=[Lead.objects.get().number])
    assert Lead.objects.get().number in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}lead/").status_code == 409
    assert not Case.objects.exists()


def test_the_board_asks_as_little_for_many_as_for_one(pattern, as_user):
    client, counts = as_user("credit"), []
    for place in range(3):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(BOARD).status_code == 200
        counts.append(len(asked))
        certify(pattern, code=f"91321202MA9FC0003{place}", signatory=f"孙{place}")
    assert counts[1] == counts[2] <= counts[0]


def test_an_auditor_reads_it_masked_and_opens_nothing(pattern, as_user):
    for address in (BOARD, PAGE):
        shown = as_user("auditor").get(address).content.decode()
        assert "孙立" not in shown
        assert "孙*" in shown
    assert as_user("auditor").get(f"{PAGE}lead/").status_code == 403


@pytest.mark.parametrize("name", ["window", "street", "district", "check", "housing", "panel", "admin"])
def test_the_board_is_not_for_others(as_user, name):
    for address in (BOARD, PAGE):
        assert as_user(name).get(address).status_code == 403


def test_an_unknown_employer_is_not_found(as_user, people):
    assert as_user("credit").get(PAGE).status_code == 404
    with pytest.raises(UnfitDataError, match="No certificate"):
        employers.open_lead(CODE, by=people["credit"])
