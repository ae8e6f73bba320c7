"""At the window a person is told who looked at the own data; nothing of that is told to anybody else."""

import datetime as dt

import pypdfium2
import pytest
import time_machine
from django.db import InternalError, transaction
from django.utils import timezone

from applications import access_slips
from applications.access_slips import Asking
from applications.models import AccessSlip, Authorisation
from bureau import audit, letters, workdays
from bureau.errors import NotAllowedError, UnfitDataError
from bureau.models import AuditEntry, Document, Relative
from credit import cases
from credit.models import Partner, PartnerCall, Purpose, Service, Subject
from tests.factories import credit as registry
from tests.factories.applications import FATHER, MOTHER, checking
from verification.models import Inquiry

pytestmark = pytest.mark.django_db
FORM = "/access-slips/"


@pytest.fixture
def case(people):
    """A checked household; two of its sources have been asked."""
    found = checking(people)
    asked = found.current_check.inquiries.order_by("pk")
    Inquiry.objects.filter(pk__in=list(asked.values_list("pk", flat=True)[:2])).update(first_asked_at=timezone.now())
    return found


def ask(**change):
    today = workdays.today()
    values = {
        "name": FATHER.name,
        "id_number": FATHER.id_number,
        "since": today - dt.timedelta(days=30),
        "reason": "本人申请",
    }
    return Asking(**{**values, **change})


def slip(people, **change):
    return access_slips.shown(access_slips.issue(ask(**change), by=people["window"]))


def form(**change):
    values = {
        "name": FATHER.name,
        "id_number": FATHER.id_number,
        "since": "2026-01-01",
        "reason": "本人申请",
        "compared": "on",
    }
    return {**values, "since": str(workdays.today() - dt.timedelta(days=30)), **change}


def test_who_looked_is_told_by_day_office_staff_number_case_and_purpose(case, people):
    for _ in range(3):
        audit.look(people["street"], case, purpose="casework", fields=["overview"])
    audit.look(people["check"], case.current_check, purpose="check")
    told = slip(people)
    street = next(look for look in told.looks if look.officer == "street")
    assert (street.day, street.case, street.times) == (workdays.today().isoformat(), case.reference, "3")
    assert (street.office, street.purpose) == ("城东街道办事处", "案件办理")
    assert any(look.case == case.current_check.number for look in told.looks)
    assert people["street"].name not in str(told)  # officers are shown by office and staff number


def test_each_source_that_was_asked_is_told_with_its_authorisation_and_expiry(case, people):
    told = slip(people)
    assert len(told.asked) == 2
    signed = Authorisation.objects.get(application=case, member_key="m1")
    assert {each.authorisation for each in told.asked} == {signed.number}
    assert {each.until for each in told.asked} == {"申请及保障期间"}
    assert {each.check for each in told.asked} == {case.current_check.number}
    assert [(each.number, each.state) for each in told.signed] == [(signed.number, "有效")]


def test_departments_that_asked_the_registry_are_told(case, people):
    partner = Partner.objects.create(code="minzheng", name_zh="泰州市民政局", name_en="Civil affairs")
    purpose = Purpose.objects.filter(code="x-test").first() or Purpose.objects.create(
        code="x-test", name_zh="低保审核", name_en="Allowance"
    )
    PartnerCall.objects.create(
        partner=partner, purpose=purpose, endpoint="standing", subject_kind="person",
        subject_index=FATHER.id_number, outcome="none",
    )  # fmt: skip
    assert [(each.department, each.purpose, each.answer) for each in slip(people).told] == [
        ("泰州市民政局", "低保审核", "无失信信息")
    ]
    assert slip(people, name=MOTHER.name, id_number=MOTHER.id_number).told == ()


def test_the_slip_stands_on_the_next_one(case, people):
    first = access_slips.issue(ask(), by=people["window"])
    again = slip(people)
    assert [(look.case, look.purpose) for look in again.looks if look.case == first.number] == [
        (first.number, "出具查询记录告知单")
    ]


def test_what_is_examined_and_not_told_yet_is_not_told_by_the_slip(people):
    lead = registry.lead()
    case = registry.with_evidence(registry.case(lead=lead))
    husband = Subject.objects.get(name=registry.HUSBAND.name)
    for subject in (lead, case, husband):
        audit.look(people["credit"], subject, purpose="credit")
    his = {"name": husband.name, "id_number": registry.HUSBAND.identifier}
    untold = slip(people, **his)
    assert untold.looks == ()
    cases.propose(case, by=people["credit"])
    registry.serve(case, Service.Letter.PROPOSAL)
    told = slip(people, **his)
    assert {look.case for look in told.looks} >= {lead.number, case.number}
    assert untold.remarks == told.remarks  # the words give nothing away


def test_only_the_days_that_are_asked_for_are_told(case, people):
    audit.look(people["street"], case, purpose="casework")
    with time_machine.travel(timezone.now() + dt.timedelta(days=10)):
        assert slip(people, since=workdays.today()).looks == ()
        assert slip(people, since=workdays.today() - dt.timedelta(days=10)).looks


def test_of_somebody_unknown_the_slip_says_that_nobody_looked(people):
    told = slip(people, name="钱多", id_number="321299199001019125")
    assert (told.looks, told.asked, told.told, told.signed) == ((), (), (), ())


@pytest.mark.parametrize(
    "change", [{"name": "王五"}, {"reason": " "}, {"since": workdays.today() + dt.timedelta(days=1)}]
)
def test_what_does_not_fit_is_refused_and_nothing_is_handed_out(case, people, change):
    with pytest.raises(UnfitDataError):
        access_slips.issue(ask(**change), by=people["window"])
    assert not AccessSlip.objects.exists()
    assert not Document.objects.filter(kind="access_slip").exists()


@pytest.mark.parametrize("username", ["street", "check", "housing", "credit", "auditor", "admin"])
def test_slips_are_handed_out_at_windows_only(people, as_user, username):
    with pytest.raises(NotAllowedError):
        access_slips.issue(ask(), by=people[username])
    assert as_user(username).get(FORM).status_code == 403
    assert as_user(username).post(FORM, form()).status_code == 403


def test_nobody_hands_out_a_slip_of_the_own_kin(case, people):
    Relative.objects.create(staff=people["window"], person_index=FATHER.id_number, relation="父亲")
    with pytest.raises(NotAllowedError):
        access_slips.issue(ask(), by=people["window"])


def test_the_window_hands_it_out_on_page_and_paper(case, as_user, people):
    audit.look(people["street"], case, purpose="casework")
    answer = as_user("window").post(FORM, form())
    found = AccessSlip.objects.get()
    assert answer.url == f"/access-slips/{found.number}/"
    text = as_user("window", "zh-hans").get(answer.url).content.decode()
    assert "城东街道办事处" in text
    assert FATHER.id_number not in text
    pdf = pypdfium2.PdfDocument(letters.pdf_of(access_slips.document_of(found)))
    paper = "".join(page.get_textpage().get_text_bounded() for page in pdf)
    assert "查询记录告知单" in paper
    assert found.number in paper
    assert "street" in paper
    assert as_user("window").get(f"/documents/{access_slips.document_of(found).pk}/").status_code == 200


@pytest.mark.parametrize(
    "change",
    [{"id_number": "321299198003150019"}, {"compared": ""}, {"name": ""}, {"since": "2099-01-01"}, {"name": "王五"}],
)
def test_a_wrong_form_is_told_with_everything_kept(case, as_user, change):
    answer = as_user("window").post(FORM, form(**change))
    assert answer.status_code == 422
    assert not AccessSlip.objects.exists()


def test_another_window_and_the_street_see_nothing_of_a_slip(case, people, as_user):
    found = access_slips.issue(ask(), by=people["window"])
    document = access_slips.document_of(found)
    for username in ("window2", "street", "check", "credit"):
        assert as_user(username).get(f"/access-slips/{found.number}/").status_code == 404
        assert as_user(username).get(f"/documents/{document.pk}/").status_code == 404


def test_an_auditor_sees_that_a_slip_was_handed_out_and_no_line_of_it(case, people, as_user):
    found = access_slips.issue(ask(), by=people["window"])
    text = as_user("auditor").get(f"/access-slips/{found.number}/").content.decode()
    assert found.number in text
    assert FATHER.name not in text
    assert AuditEntry.objects.filter(subject_kind="applications.accessslip", purpose="audit").exists()


def test_a_slip_is_never_changed_and_stored_sealed(case, people):
    found = access_slips.issue(ask(), by=people["window"])
    with pytest.raises(InternalError), transaction.atomic():
        AccessSlip.objects.filter(pk=found.pk).update(since=workdays.today())
    with pytest.raises(InternalError), transaction.atomic():
        AccessSlip.objects.filter(pk=found.pk).delete()


def test_a_slip_takes_the_same_queries_however_much_there_is(case, people, django_assert_max_num_queries):
    for number in range(60):
        audit.look(people["street"], case, purpose="casework", fields=[f"part {number}"])
    with django_assert_max_num_queries(60):
        access_slips.issue(ask(), by=people["window"])
