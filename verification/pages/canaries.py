"""How a source answered control questions: what it must say and what it said. Persons are named by label alone."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import get_language

from verification import control_answers, wording
from verification.control_answers import Fact, Told
from verification.facts import RecordKind
from verification.models import Canary, Source
from verification.spreadsheet.columns import record_columns

TONES = {"waiting": "info", "right": "success", "wrong": "danger", "silent": "warning", "dropped": "neutral"}
SHOWN = 5


def canaries_context(source: Source) -> dict[str, Any]:
    """`canaries`: the newest of one source, the last first."""
    rows = Canary.objects.filter(source=source).select_related("round", "exchange")
    return {"canaries": [_row(row) for row in rows.defer("exchange__request", "exchange__reply")[:SHOWN]]}


def _row(row: Canary) -> dict[str, Any]:
    told = control_answers.read_rows(row.told)
    return {
        "row": row,
        "tone": TONES[row.state],
        "word": row.get_state_display(),
        "told": [_told(each) for each in told],
    }


def _told(each: Told) -> dict[str, Any]:
    return {
        "person": each.person,
        "known": wording.outcome_name(each.known),
        "told": wording.outcome_name(each.told) if each.told else "",
        "facts": list(_facts(each.facts)),
        "tone": TONES[each.verdict],
        "word": Canary.State(each.verdict).label,
    }


def _facts(facts: tuple[Fact, ...]) -> Iterator[dict[str, Any]]:
    for fact in facts:
        yield {
            "name": f"{wording.record_kind(fact.kind)} · {_field_name(fact)}",
            "known": fact.known,
            "told": fact.told,
            "agrees": fact.agrees,
        }


def _field_name(fact: Fact) -> str:
    """The contract's term in Chinese, its name of the field otherwise."""
    if not (get_language() or "").startswith("zh"):
        return fact.field.replace("_", " ")
    terms = {column.code: column.term for column in record_columns(RecordKind(fact.kind))}
    return terms.get(fact.field, fact.field)
