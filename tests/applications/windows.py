"""A household of three as it is typed at the window, and ways to key it in through pages or work modules."""

from copy import deepcopy
from typing import Any

import pypdfium2
from django.core.files.uploadedfile import SimpleUploadedFile
from stdnum.cn import ric

from applications import intake, signing
from applications.forms.household import Household
from applications.models import Application, Attachment
from bureau import letters, workdays
from bureau.models import Document, Staff
from tests.papers import PDF

DIVISION = "321202"


def id_number(born: str, place: int) -> str:
    """A valid ID number of somebody born on YYYYMMDD; an odd place is a man's."""
    number = f"{DIVISION}{born}{place:03d}"
    return number + ric.calc_check_digit(f"{number}0")


MAN, WOMAN, CHILD = id_number("19850312", 11), id_number("19870620", 22), id_number("20150901", 31)
EMPLOYER = "91321202MA9HY0004Y"


def person(name: str, number: str, **more: str) -> dict[str, str]:
    """A person's row as typed."""
    return {
        "name": name,
        "id_number": number,
        "marital": "20",
        "phone": "",
        "hukou_division": DIVISION,
        "hukou_since": "2010-05-01",
        "health": "healthy",
        "disability": "none",
        "employment": "none",
        "employer_name": "",
        "employer_code": "",
        **more,
    }


SECTIONS: dict[str, dict[str, Any]] = {
    "applicant": {
        "none": "",
        "rows": [
            person(
                "张建国",
                MAN,
                key="m1",
                phone="13805260001",
                employment="employed",
                employer_name="泰州海阳纺织有限公司",
                employer_code=EMPLOYER,
            )
        ],
    },
    "members": {
        "none": "",
        "last": 3,
        "rows": [
            person("李秀英", WOMAN, key="m2", relation="10", employment="flexible"),
            person("张子涵", CHILD, key="m3", relation="20", marital="10", hukou_since="", employment="child"),
        ],
    },
    "homes": {
        "none": "",
        "rows": [
            {"owner": "m1", "address": "泰州市海陵区鼓楼南路118号3幢204室", "tenure": "private_rental", "area": "52.00"}
        ],
    },
    "income": {
        "none": "",
        "rows": [
            {"key": "m1", "wages": "48,000", "business": "0", "property": "0", "transfers": "0", "other": "0"},
            {"key": "m2", "wages": "0", "business": "12000.50", "property": "0", "transfers": "0", "other": "0"},
            {"key": "m3", "without": "on"},
        ],
    },
    "vehicles": {"none": "on", "rows": []},
    "assets": {
        "none": "",
        "rows": [{"owner": "m1", "asset_type": "deposit", "institution": "江苏银行", "amount": "31000"}],
    },
    "businesses": {"none": "on", "rows": []},
    "assistance": {"none": "on", "rows": []},
}


def sections(**changes: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The household as typed, with whole sections replaced."""
    return {**deepcopy(SECTIONS), **changes}


def changed_row(section: str, place: int = 0, **values: str) -> dict[str, Any]:
    """One section of the household with some boxes of one row typed otherwise."""
    content = deepcopy(SECTIONS[section])
    content["rows"][place] |= values
    return content


def keyed(by: Staff, content: dict[str, dict[str, Any]] | None = None, kind: str = "public_rental") -> Application:
    """A draft with everything typed in."""
    application = intake.open_draft(kind, by=by)
    for name, typed in (content or sections()).items():
        version = application.draft.version
        intake.save_section(application, name, typed, version=version, by=by)
        application.draft.refresh_from_db()
    return application


def household(application: Application) -> Household:
    """The draft read as the pages read it."""
    application.draft.refresh_from_db()
    return Household(application.draft.sections)


def scan_of(application: Application, by: Staff) -> Attachment:
    """A scan of the signed papers."""
    file = SimpleUploadedFile("scan.pdf", PDF)
    return intake.attach(application, file, section="signing", title="scan", by=by)


def sign_all(application: Application, by: Staff, but: str = "") -> None:
    """Both papers are printed and everybody signs, but the member of that key; guardians where needed."""
    for which in ("commitment", "authorisation"):
        signing.print_form(application, which, household(application).declared, by=by)
    scan = scan_of(application, by)
    today = workdays.today()
    declared = household(application).declared
    for each in declared.persons:
        needs = signing.needs_guardian(each, today)
        signer, guardian = ("李秀英", "母亲") if needs else (each.name, "")
        if each.key != but:
            signing.sign(
                application, declared, each, signer=signer, guardian=guardian, signed_on=today, scan=scan, by=by
            )


def submitted(by: Staff, content: dict[str, dict[str, Any]] | None = None) -> Application:
    """A household keyed in, signed and handed in."""
    application = keyed(by, content)
    sign_all(application, by)
    return intake.submit(application, household(application).declared, by=by)


def post_of(content: dict[str, Any], **more: str) -> dict[str, str]:
    """The section's page as the browser sends it."""
    boxes = {
        f"rows-{place}-{name}": value
        for place, row in enumerate(content["rows"])
        for name, value in row.items()
        if value
    }
    none = {"none": content["none"]} if content.get("none") else {}
    return {**boxes, **none, "page": "page-of-test", **more}


def printed(document: Document) -> str:
    """The text on the paper, without its breaks and spaces."""
    pages = pypdfium2.PdfDocument(letters.pdf_of(document))
    return "".join("".join(page.get_textpage().get_text_bounded().split()) for page in pages)
