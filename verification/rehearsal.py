"""Try a source out: one rehearsal question about nobody, over the real wire, outside any check."""

import time
import uuid
from concurrent.futures import TimeoutError as FutureTimeoutError

from django.utils import timezone
from msgspec import Struct

from verification import asking, calling
from verification.connector import SourceError, SourcePendingError
from verification.facts import Outcome, Person, Question, RecordKind
from verification.models import Source

# Nobody's number: there is no division 321299, so it cannot have been given to anyone.
NOBODY = Person(key="m1", name="测试", id_number="321299198003150018")
GRACE_SECONDS = 5.0


class Tried(Struct, frozen=True):
    """How a source answered the rehearsal. `answered`: it can be asked; a batch taken in counts."""

    answered: bool
    outcome: str  # an Outcome, or "pending"
    milliseconds: int
    detail: str = ""


def ask(source: Source) -> Tried:
    """Put the question and wait for the answer, at most the source's own limit. Nothing is written."""
    today = timezone.localdate()
    question = Question(
        reference=f"REHEARSAL-{uuid.uuid4().hex[:16]}-1.1",
        persons=(NOBODY,),
        purpose="rehearsal",
        authorisation="REHEARSAL",
        kinds=tuple(RecordKind(kind) for kind in source.kinds),
        as_of=today,
        since=today.replace(year=today.year - 1, day=1),
    )
    started = time.perf_counter()
    try:
        future = calling.submit(asking.config_of(source), source.dialect, [question])
        exchange = future.result(timeout=source.total_seconds + GRACE_SECONDS)
    except SourcePendingError:
        return Tried(True, "pending", _since(started))
    except SourceError as error:
        return Tried(False, str(error.outcome), _since(started), str(error)[:200])
    except FutureTimeoutError:
        return Tried(False, str(Outcome.TIMEOUT), _since(started))
    outcome = next((reply.outcome for answer in exchange.answers for reply in answer.replies), Outcome.BROKEN)
    return Tried(outcome.is_answer or outcome == Outcome.NOT_IN_CHARGE, str(outcome), _since(started))


def _since(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)
