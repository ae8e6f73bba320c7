"""How many persons a reply tells of, and of how many it has records, by kind. Plain Python."""

from collections import Counter
from collections.abc import Iterable

from verification.connector import Answer
from verification.facts import Outcome
from verification.record_form import RecordForm

FOUND, NONE = Outcome.FOUND, Outcome.NONE  # looked up once: this runs for every person of a round


def counted(answers: Iterable[Answer]) -> tuple[int, dict[str, int]]:
    """Persons told of, and by kind of record the persons of whom there are some."""
    told, hits = 0, Counter[type[RecordForm]]()
    for answer in answers:
        for reply in answer.replies:
            outcome = reply.outcome
            if outcome is NONE:
                told += 1
            elif outcome is FOUND:
                told += 1
                for form in {type(record) for record in reply.records}:
                    hits[form] += 1
    return told, {str(form.__struct_config__.tag): count for form, count in hits.items()}
