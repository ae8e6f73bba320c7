"""Certificates of income as the window reads them off the paper: told whole and rightly, or not at all."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications import certificates, employers, intake
from applications.certificates import Certified
from applications.models import Certificate
from bureau import workdays
from bureau.errors import UnfitDataError
from bureau.identifiers import IdentifierError
from credit.models import Subject
from tests.factories.applications import draft
from tests.papers import PDF

pytestmark = pytest.mark.django_db
NAME, CODE = "泰州凤城物业服务有限公司", "91321202MA9FC00028"


def paper(**changed) -> dict:
    told = {"section": "income", "member_key": "m1", "title": "", "employer_name": NAME, "employer_code": CODE}
    told |= {"signatory": "孙立", "monthly_income": "2000", "issued_on": workdays.today().isoformat()}
    return told | {"file": SimpleUploadedFile("a.pdf", PDF)} | changed


@pytest.fixture
def at_window(people):
    case = intake.open_draft("public_rental", by=people["window"])
    case.draft.sections = {"applicant": {"rows": [{"key": "m1", "name": "杜伟民"}]}}
    case.draft.save()
    return case


def test_what_stands_on_the_certificate_is_kept_with_the_paper(at_window, as_user, people):
    address = reverse("applications:papers", args=[at_window.reference])
    assert as_user("window").post(address, paper()).status_code == 302
    row = Certificate.objects.get()
    assert (row.employer_code, row.signatory, row.monthly_income) == (CODE, "孙立", Decimal("2000.00"))
    assert row.attachment.section == "income"
    shown = as_user("window").get(address).content.decode()
    assert "2,000.00" in shown
    assert not list(employers.board(people["credit"], employers.threshold_on(workdays.today())))  # a draft counts not


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"employer_code": "91321202MA9FC00029"}, "employer_code"),
        ({"signatory": ""}, "signatory"),
        ({"monthly_income": "0"}, "monthly_income"),
        ({"issued_on": "2099-01-01"}, "issued_on"),
        ({"member_key": ""}, "member_key"),
        ({"section": "identity"}, "section"),
    ],
)
def test_a_certificate_is_told_whole_and_rightly(at_window, as_user, changed, field):
    answer = as_user("window").post(reverse("applications:papers", args=[at_window.reference]), paper(**changed))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Certificate.objects.exists()
    assert not at_window.attachments.exists()


def test_the_work_module_takes_no_half_certificate(people):
    case = draft(people["window"])
    told = {"employer_name": NAME, "employer_code": CODE, "signatory": "孙立", "issued_on": workdays.today()}
    for changed, error in (
        ({"monthly_income": Decimal(0)}, UnfitDataError),
        ({"monthly_income": Decimal(1), "signatory": " "}, UnfitDataError),
        ({"monthly_income": Decimal(1), "employer_code": "1"}, IdentifierError),
    ):
        with pytest.raises(error):
            certificates.attach(
                case,
                SimpleUploadedFile("a.pdf", PDF),
                Certified(**{**told, **changed}),
                title="收入证明",
                member_key="m1",
                by=people["window"],
            )
    assert not Certificate.objects.exists()
    assert not Subject.objects.exists()
