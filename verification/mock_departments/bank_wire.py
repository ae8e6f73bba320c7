"""Section 8 of docs/source-contract.md: XML in GB18030, with the banks' own element names."""

import re
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from verification.mock_departments.questions import (
    Asked,
    BadRequestError,
    Household,
    HouseholdAnswer,
    PersonAnswer,
    Request,
)
from verification.mock_departments.sources import Source

CONTENT_TYPE = b"application/xml; charset=GB18030"
_DECLARATION = '<?xml version="1.0" encoding="GB18030"?>'
_ANY_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")  # lxml refuses text that still claims an encoding
_PURPOSES = {"01": "public_rental", "02": "rental_subsidy", "03": "periodic_review", "99": "rehearsal"}
_RESULTS = {0: "0000", 1: "1001", 2: "1002", 3: "1003", 9: "9999"}
_FIELDS = {
    "record_key": "ACCTKEY",
    "account_type": "ACCTTP",
    "account_no": "ACCTNO",
    "account_status": "ACCTST",
    "open_date": "OPNDT",
    "balance": "BAL",
    "average_6m": "AVGBAL6",
    "average_12m": "AVGBAL12",
    "inflow_6m": "INAMT6",
    "outflow_6m": "OUTAMT6",
    "large_outflow_6m": "LGOUT6",
    "product_value": "FINVAL",
    "joint": "JNTFLG",
}


def read(body: bytes) -> Request:
    """The request in a body; raises `BadRequestError`."""
    try:
        text = _ANY_DECLARATION.sub("", body.decode("gb18030"), count=1)
        if "<!" in text:
            raise BadRequestError("document types are not allowed")
        root = etree.fromstring(text, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
        if _text(root, "HEAD/TXCODE") != "HC2001":
            raise BadRequestError("TXCODE")
        return Request(_text(root, "HEAD/REQNO"), tuple(_question(item) for item in root.iterfind("BODY/ITEM")))
    except (UnicodeDecodeError, etree.XMLSyntaxError, ValueError) as error:
        raise BadRequestError("not the XML of the contract") from error


def write(source: Source, request: Request, answers: list[HouseholdAnswer], replied_at: datetime) -> bytes:
    """The answer body."""
    head = (
        f"<HEAD><TXCODE>HC2001</TXCODE><REQNO>{escape(request.request_no)}</REQNO>"
        f"<BANKCD>{source.bank_code}</BANKCD><RSPTM>{replied_at:%Y%m%d%H%M%S}</RSPTM></HEAD>"
    )
    items = "".join(_item(answer) for answer in answers)
    return f"{_DECLARATION}\n<RESPONSE>{head}<BODY>{items}</BODY></RESPONSE>".encode("gb18030")


def spoil(body: bytes) -> bytes:
    """The same answer with its form broken: the closing tag of the body is of another element."""
    return body.replace(b"</BODY>", b"</BODDY>", 1)


def _question(item: Any) -> Household:
    fields = _fields(item)
    return Household(
        reference=fields.get("REFNO", ""),
        authorisation_no=fields.get("AUTHNO", ""),
        purpose_code=_PURPOSES.get(fields.get("USECD", ""), ""),
        kinds=("deposit",),
        asof_date=_day(fields.get("ASOFDT", "")),
        since_date=_day(fields.get("SINCEDT", "")),
        persons=tuple(_person(_fields(child)) for child in item if child.tag == "CUST"),
    )


def _person(fields: dict[str, str]) -> Asked:
    return Asked(*(fields.get(tag, "") for tag in ("CUSTSEQ", "CUSTNM", "IDTP", "IDNO")))


def _fields(element: Any) -> dict[str, str]:
    """Texts by tag, in one walk: a path search for each field would cost ten times as much."""
    return {child.tag: (child.text or "").strip() for child in element}


def _text(element: Any, path: str) -> str:
    return (element.findtext(path) or "").strip()


@lru_cache(maxsize=1_000)
def _day(text: str) -> date:
    if len(text) != 8:
        raise ValueError("a date has eight digits")
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def _item(answer: HouseholdAnswer) -> str:
    return f"<ITEM><REFNO>{escape(answer.reference)}</REFNO>{''.join(map(_customer, answer.persons))}</ITEM>"


def _customer(person: PersonAnswer) -> str:
    day = f"<DATADT>{person.source_data_date.isoformat().replace('-', '')}</DATADT>" if person.source_data_date else ""
    memo = f"<MEMO>{escape(person.remark)}</MEMO>" if person.remark else ""
    return (
        f"<CUST><CUSTSEQ>{escape(person.person)}</CUSTSEQ><IDNO>{escape(person.id_no)}</IDNO>"
        f"<RTNCD>{_RESULTS[person.result_code]}</RTNCD>{day}{memo}{''.join(map(_account, person.records))}</CUST>"
    )


def _account(record: dict[str, Any]) -> str:
    return f"<ACCT>{''.join(_field(_FIELDS[name], value) for name, value in record.items() if name in _FIELDS)}</ACCT>"


def _field(tag: str, value: Any) -> str:
    if isinstance(value, bool):
        value = "Y" if value else "N"
    elif tag == "OPNDT":
        value = str(value).replace("-", "")
    return f"<{tag}>{escape(str(value))}</{tag}>"
