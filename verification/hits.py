"""How many persons a reply tells of, and of how many it has records, by kind. Plain Python."""

from collections import Counter
from collections.abc import Iterable

from verification.connector import Answer
from verification.facts import Outcome


def counted(answers: Iterable[Answer]) -> tuple[int, dict[str, int]]:
    """Persons told of, and by kind of record the persons of whom there are some."""
    told, hits = 0, Counter[str]()
    for answer in answers:
        for reply in answer.replies:
            told += reply.outcome is Outcome.FOUND or reply.outcome is Outcome.NONE
            if reply.records:
                hits.update({str(record.__struct_config__.tag) for record in reply.records})
    return told, dict(hits)
