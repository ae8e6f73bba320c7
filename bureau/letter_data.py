"""What each letter needs to be typeset: one Struct per kind of document, the fields named as they read in the template.

Every text is given as it is to be printed, in the language of the letter: money and areas with their unit, ID numbers
masked as the recipient may see them. A missing value is an empty text, printed as `--`; where nothing at all is known,
the column or row is left out. `msgspec.to_builtins(letter)` is what `bureau.letters.issue` keeps; number, date of
issue, check code and language are added there.
"""

from datetime import date
from typing import Literal

from msgspec import Struct

from bureau.letter_parts import (
    Block,
    Comparison,
    CopyLine,
    Correction,
    Criterion,
    Exchange,
    Fact,
    FailedCriterion,
    Fall,
    FallSource,
    Finding,
    Member,
    NoticeLine,
    Paper,
    Part,
    SourceAnswer,
    Stage,
)

__all__ = [
    "Approval",
    "Authorisation",
    "Block",
    "CaseLetter",
    "CheckReport",
    "Commitment",
    "Comparison",
    "CopyLine",
    "Correction",
    "CorrectionRequest",
    "CreditLetter",
    "Criterion",
    "DisputedLine",
    "Exchange",
    "Fact",
    "FailedCriterion",
    "Fall",
    "FallSource",
    "Finding",
    "HouseholdCopy",
    "Language",
    "Letter",
    "Member",
    "NoticeLine",
    "ObjectionAnswer",
    "Paper",
    "Part",
    "PromiseOfPapers",
    "PublicNotice",
    "Receipt",
    "Refusal",
    "ReturnNotice",
    "SourceAnswer",
    "Stage",
]

Language = Literal["zh", "en"]


class Letter(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all letters have. `issuer` is the office whose name and seal it bears, `contact` its address and phone."""

    issuer: str
    contact: str = ""
    number: str = ""
    issued_on: date | None = None
    check_code: str = ""
    lang: Language = "zh"


class CaseLetter(Letter, frozen=True, kw_only=True):
    """A letter about one application. `reference` is what people quote of it, `programme` what was applied for."""

    applicant: str
    reference: str
    programme: str


class Receipt(CaseLetter, frozen=True, kw_only=True):
    """受理回执."""

    accepted_on: date
    accepted_at: str  # the window
    members: tuple[Member, ...]
    papers: tuple[Paper, ...] = ()
    missing: tuple[str, ...] = ()  # papers that every household brings and this one has not brought yet
    stages: tuple[Stage, ...] = ()


class Commitment(CaseLetter, frozen=True, kw_only=True):
    """守信承诺书. Without acts or consequences of its own it prints the standard wording.

    `figures` are what the household declares, in sums; `declaration` is the digest of the whole of it.
    """

    members: tuple[Member, ...]
    figures: tuple[Fact, ...] = ()
    declaration: str = ""
    acts: tuple[str, ...] = ()
    consequences: tuple[str, ...] = ()


class PromiseOfPapers(CaseLetter, frozen=True, kw_only=True):
    """容缺受理承诺书: papers that follow by the last day, and who promises it."""

    members: tuple[Member, ...]
    papers: tuple[str, ...]
    until: date


class Authorisation(CaseLetter, frozen=True, kw_only=True):
    """核对授权书. `sources` are the bodies that may be asked, by name."""

    purpose: str
    members: tuple[Member, ...]
    sources: tuple[str, ...]
    valid_from: date | None = None  # the day of the last signature; empty on the form to be signed


class CheckReport(CaseLetter, frozen=True, kw_only=True):
    """核对报告."""

    client: str
    purpose: str
    authorisation: str
    standard: str
    since: date
    as_of: date
    completeness: str  # such as "21 / 24"
    members: tuple[Member, ...]
    answers: tuple[SourceAnswer, ...]
    comparisons: tuple[Comparison, ...]
    criteria: tuple[Criterion, ...]
    findings: tuple[Finding, ...] = ()
    conclusion: Literal["fit", "unfit", "incomplete"]
    remarks: tuple[str, ...] = ()
    valid_until: date
    officer: str
    reviewer: str = ""


class HouseholdCopy(CaseLetter, frozen=True, kw_only=True):
    """家庭核对结果告知书: the statement as one member of the household is shown it, and how to object."""

    recipient: str
    check: str
    concluded_on: date
    as_of: date
    completeness: str
    conclusion: Literal["fit", "unfit", "incomplete"]
    agreed: tuple[str, ...] = ()  # whose lines are shown with their consent, masked
    failed: tuple[str, ...] = ()  # names of the figures by which the conclusion is unfit
    figures: tuple[Fall, ...]
    lines: tuple[CopyLine, ...]
    cautions: tuple[str, ...] = ()
    evidence: tuple[Exchange, ...]
    objection_to: str  # the window, its address and telephone
    objection_days: int
    objection_until: date | None  # None: no objection is taken in, for the reason that is told
    no_objection: str = ""


class Approval(CaseLetter, frozen=True, kw_only=True):
    """准予保障告知书."""

    accepted_on: date
    report: str  # number of the check report
    standard: str
    tier: str = ""
    members: tuple[Member, ...]
    criteria: tuple[Criterion, ...] = ()
    benefit: tuple[Fact, ...] = ()
    notice_from: date | None = None
    notice_until: date | None = None


class Refusal(CaseLetter, frozen=True, kw_only=True):
    """不予保障告知书: every failed criterion, and the ways to be heard."""

    accepted_on: date
    decided_by: str = ""  # the desk that ended the case on the declaration alone; empty after a check
    report: str = ""
    standard: str = ""
    failed: tuple[FailedCriterion, ...]
    remarks: tuple[str, ...] = ()
    objection_to: str  # the office that re-checks
    reconsideration_by: str  # the body alone; the template has the period
    court: str


class PublicNotice(Letter, frozen=True, kw_only=True):
    """公示."""

    programme: str
    standard: str = ""
    from_on: date
    until_on: date
    households: tuple[NoticeLine, ...]
    report_to: str  # where objections and reports are taken: office, telephone, address


class ReturnNotice(CaseLetter, frozen=True, kw_only=True):
    """补正通知书."""

    returned_by: str
    corrections: tuple[Correction, ...]
    answer_by: date | None = None


class CorrectionRequest(CaseLetter, frozen=True, kw_only=True):
    """核实更正函, to the source that told a line which the household disputes; it finds the record by its own reply."""

    source: str
    objection: str
    received_on: date
    member: Member
    told: tuple[Fact, ...]  # what it told, under which number of its own
    question: str  # what is to be verified, in the officer's words
    proofs: tuple[str, ...] = ()
    reply_by: date
    officer: str


class DisputedLine(Part, frozen=True, kw_only=True):
    """A line that the household disputed, and how that ended."""

    source: str
    member: str
    line: str
    act: str
    outcome: str
    explanation: str = ""


class ObjectionAnswer(CaseLetter, frozen=True, kw_only=True):
    """核对结果异议答复书. `conclusion` is that of the new check, empty where there was none."""

    objection: str
    received_on: date
    report: str  # the one that was objected to
    outcome: Literal["upheld", "partly", "not_upheld"]
    lines: tuple[DisputedLine, ...]
    answer: str
    new_report: str = ""
    conclusion: Literal["fit", "unfit", "incomplete", ""] = ""
    reconsideration_by: str
    court: str


class CreditLetter(Letter, frozen=True, kw_only=True):
    """A letter of the registry: its heading and body come from a dated text (credit.models.LetterText), filled in.

    `addressee` is empty where it is addressed to everybody.
    """

    heading: str
    addressee: str = ""
    body: tuple[Block, ...]
