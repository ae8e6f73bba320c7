"""The XML that the banks speak (contract, section 8): GB18030, no document type, elements in capitals."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from html import escape
from zoneinfo import ZoneInfo

from lxml import etree

from verification.connector import SourceRefusedError, SourceUnavailableError
from verification.facts import Outcome, Person, Question
from verification.records.deposit import day, from_bank
from verification.wire import matching
from verification.wire.matching import Heard, Said, SaidOfPerson

ENCODING = "gb18030"
CONTENT_TYPE = "application/xml; charset=GB18030"
DECLARATION = '<?xml version="1.0" encoding="GB18030"?>'
DECLARED = re.compile(rb"""\s*<\?xml\s[^>]{0,200}encoding\s*=\s*["']gb18030["'][^>]{0,200}\?>""", re.IGNORECASE)
NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # characters that XML 1.0 has not
MOMENT = re.compile(r"[0-9]{14}", re.ASCII)
LONGEST_TEXT = 500
TRANSACTION = "HC2001"
RESIDENT_IDENTITY_CARD = "111"
SHANGHAI = ZoneInfo("Asia/Shanghai")
PURPOSES = {"public_rental": "01", "rental_subsidy": "02", "periodic_review": "03", "rehearsal": "99"}
RESULTS = {
    "0000": matching.FOUND,
    "1001": matching.NONE,
    "1002": matching.MISMATCH,
    "1003": matching.NOT_IN_CHARGE,
    "9999": matching.FAILED,
}


def write_request(number: str, questions: Sequence[Question]) -> bytes:
    """The body of a request. Raises `SourceRefusedError` when the dialect has no code or character for it."""
    try:
        items = "".join(_item(question) for question in questions)
    except KeyError:
        raise SourceRefusedError("the purpose has no code in this dialect") from None
    head = f"<HEAD><TXCODE>{TRANSACTION}</TXCODE><REQNO>{number}</REQNO></HEAD>"
    text = f"{DECLARATION}<REQUEST>{head}<BODY>{items}</BODY></REQUEST>"
    if NOT_XML.search(text):
        raise SourceRefusedError("a name cannot be written in XML")
    return text.encode(ENCODING)


def _item(question: Question) -> str:
    """Written as text: a tree of elements takes ten times as long, in rounds of a hundred thousand households."""
    return (
        f"<ITEM><REFNO>{escape(question.reference)}</REFNO><AUTHNO>{escape(question.authorisation)}</AUTHNO>"
        f"<USECD>{PURPOSES[question.purpose]}</USECD>"
        f"<ASOFDT>{_basic(question.as_of)}</ASOFDT><SINCEDT>{_basic(question.since)}</SINCEDT>"
        f"{''.join(_customer(person) for person in question.persons)}</ITEM>"
    )


def _customer(person: Person) -> str:
    return (
        f"<CUST><CUSTSEQ>{escape(person.key)}</CUSTSEQ><CUSTNM>{escape(person.name)}</CUSTNM>"
        f"<IDTP>{RESIDENT_IDENTITY_CARD}</IDTP><IDNO>{escape(person.id_number)}</IDNO></CUST>"
    )


def _basic(moment: date) -> str:
    return moment.isoformat().replace("-", "")


def read_reply(body: bytes, number: str) -> Heard:
    """What was said, without the entries that cannot be read.

    Raises `SourceUnavailableError` (BROKEN) when the whole cannot be read, or answers another request.
    """
    root = parse(body)
    head = root.find("HEAD")
    said = _said_in(head) if root.tag == "RESPONSE" and head is not None else {}
    if said.get("TXCODE") != TRANSACTION or said.get("REQNO") != number:
        raise broken("the answer is to another request")
    operator = said.get("OPER", "")[:LONGEST_TEXT]
    answers = tuple(_read_item(item, operator) for item in root.iterfind("BODY/ITEM"))
    return Heard(_moment(said.get("RSPTM", "")), answers)


def parse(body: bytes) -> etree._Element:
    """The root of a document in GB18030 without a document type. Raises `SourceUnavailableError` (BROKEN).

    Python decodes it, since the GB18030 of libxml2 depends on how that was built; a document type is refused unread, so
    entities are neither expanded nor fetched.
    """
    if not DECLARED.match(body):
        raise broken("the answer does not declare GB18030")
    try:
        text = body.decode(ENCODING)
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise broken("the answer has a document type")
        return etree.fromstring(text.encode(), _parser())
    except (UnicodeDecodeError, UnicodeEncodeError, etree.XMLSyntaxError):
        raise broken("the answer is malformed") from None


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",  # of what we hand over, whatever the document declares
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _said_in(head: etree._Element) -> dict[str, str]:
    """Name and text of each child, without the white space around it."""
    return {child.tag: (child.text or "").strip() for child in head}


def _read_item(item: etree._Element, operator: str) -> Said:
    persons, reference = [], None
    for child in item:
        tag = child.tag
        if tag == "CUST":
            if (person := _read_customer(child, operator)) is not None:
                persons.append(person)
        elif tag == "REFNO" and reference is None:
            reference = (child.text or "").strip()
    return Said(reference or "", tuple(persons))


def _read_customer(customer: etree._Element, operator: str) -> SaidOfPerson | None:
    """One entry, or None when it is malformed: to the person that is no readable entry."""
    fields: dict[str, str] = {}
    accounts = []
    for child in customer:  # once, and by nothing slower: this is walked over for every person at every bank
        tag = child.tag
        if tag == "ACCT":
            accounts.append(child)
        else:
            fields[tag] = (child.text or "").strip()
    try:
        return SaidOfPerson(
            person=fields["CUSTSEQ"],
            id_no=fields["IDNO"],
            result_code=RESULTS[fields["RTNCD"]],
            data_date=_day(fields.get("DATADT", "")),
            records=tuple(from_bank((field.tag, (field.text or "").strip()) for field in each) for each in accounts),
            operator=operator,
            remark=fields.get("MEMO", "")[:LONGEST_TEXT],
        )
    except (KeyError, ValueError):  # msgspec's ValidationError is a ValueError
        return None


def _day(text: str) -> date | None:
    return day(text) if text else None


def _moment(text: str) -> datetime:
    """YYYYMMDDHHMMSS, Shanghai time."""
    try:
        if not MOMENT.fullmatch(text):
            raise broken("the time of the answer is malformed")
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=SHANGHAI)
    except ValueError:
        raise broken("the time of the answer is malformed") from None


def broken(detail: str) -> SourceUnavailableError:
    """The error of an answer that cannot be read."""
    return SourceUnavailableError(detail, outcome=Outcome.BROKEN)
