"""Every code of the check centre in the words of its reader: criteria, findings, answers, lines of the statement.

Codes are for programs and are stored; words are made here, at the moment of reading, in the language of the reader.
An unknown code raises KeyError, so that none is ever shown as a blank.
"""

from verification.wording.amounts import MISSING, area_of, limit, money_of, quantity, signed
from verification.wording.cautions import NO_DAY, cautions, completeness_words, line_caution, person_caution
from verification.wording.criteria import (
    criterion_for_letter,
    criterion_limit,
    criterion_name,
    criterion_reason,
    listed,
    proposal_reason,
    reason_words,
    verdict_word,
)
from verification.wording.findings import finding_name, finding_text
from verification.wording.inquiries import inquiry_words
from verification.wording.lines import line_reason, line_text, step_text
from verification.wording.people import marital, relation
from verification.wording.sources import source_state
from verification.wording.terms import (
    completeness,
    conclusion_name,
    mode_name,
    mode_words,
    outcome_name,
    programme_name,
    purpose_name,
    record_kind,
    section_name,
    source_name,
    source_names,
)

__all__ = [
    "MISSING",
    "NO_DAY",
    "area_of",
    "cautions",
    "completeness",
    "completeness_words",
    "conclusion_name",
    "criterion_for_letter",
    "criterion_limit",
    "criterion_name",
    "criterion_reason",
    "finding_name",
    "finding_text",
    "inquiry_words",
    "limit",
    "line_caution",
    "line_reason",
    "line_text",
    "listed",
    "marital",
    "mode_name",
    "mode_words",
    "money_of",
    "outcome_name",
    "person_caution",
    "programme_name",
    "proposal_reason",
    "purpose_name",
    "quantity",
    "reason_words",
    "record_kind",
    "relation",
    "section_name",
    "signed",
    "source_name",
    "source_names",
    "source_state",
    "step_text",
    "verdict_word",
]
