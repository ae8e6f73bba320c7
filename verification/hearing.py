"""What the sources said of a set of checks, as the arithmetic takes it: read in three statements, whatever the number.

Answers that this very process has just recorded are handed in, so that they are not fetched, opened and decoded again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from django.db import connection

from verification.connector import Answer, Reply
from verification.facts import Declared, Evidence, Outcome, RecordKind
from verification.models import Check, Exchange, Inquiry, Source
from verification.statement import Heard

Told = Mapping[int, Answer]  # by inquiry

READ = """
SELECT i.check_ordered_id, i.source_id, i.id, i.reason,
       CASE WHEN i.id = ANY(%(told)s) THEN '{}' ELSE i.outcomes::text END, i.answered_at, i.exchange_id,
       CASE WHEN i.id = ANY(%(told)s) THEN NULL ELSE i.answer END
FROM verification_inquiry i JOIN verification_source s ON s.id = i.source_id
WHERE i.check_ordered_id = ANY(%(checks)s) AND i.state <> 'cancelled'
ORDER BY i.check_ordered_id, s.place, s.id
"""

_answers = msgspec.json.Decoder(Answer)
_outcomes = msgspec.json.Decoder(dict[str, Outcome])


class _Row(NamedTuple):
    """An inquiry as it stands."""

    check: int
    source: int
    pk: int
    reason: str
    outcomes: str
    answered_at: datetime | None
    exchange: int | None
    answer: memoryview | None


class _Exchange(NamedTuple):
    """What is cited of a round trip."""

    request_number: str
    reply_digest: str


def heard(checks: Sequence[Check], declared: Mapping[int, Declared], told: Told) -> dict[int, tuple[Heard, ...]]:
    """What each source said of each check, also where it said nothing, by check and in the order of the sources."""
    by_pk = {check.pk: check for check in checks}
    rows = list(_read(list(by_pk), list(told)))
    exchanges = _exchanges({row.exchange for row in rows if row.exchange})
    sources = _Sources(checks)
    said: dict[int, list[Heard]] = {}
    for row in rows:
        evidence = exchanges.get(row.exchange) if row.exchange else None
        answer = told.get(row.pk) or _opened(row.answer)
        said.setdefault(row.check, []).append(
            Heard(
                source=sources.codes[row.source],
                kinds=sources.kinds[row.source],
                replies=_replies(row, answer, declared[row.check]),
                evidence=_evidence(sources.codes[row.source], row, answer, evidence) if evidence else None,
                required=sources.is_required(row.source, by_pk[row.check].standard_id),
            )
        )
    return {check: tuple(many) for check, many in said.items()}


def _read(checks: list[int], told: list[int]) -> Iterator[_Row]:
    with connection.cursor() as cursor:
        cursor.execute(READ, {"checks": checks, "told": told})
        yield from map(_Row._make, cursor.fetchall())


def _exchanges(ids: Iterable[int]) -> dict[int, _Exchange]:
    rows = Exchange.objects.filter(pk__in=list(ids)).values_list("pk", "request_number", "number", "reply_digest")
    return {pk: _Exchange(request_number or str(number), digest) for pk, request_number, number, digest in rows}


def _opened(sealed: memoryview | None) -> Answer | None:
    if sealed is None:
        return None
    return _answers.decode(Inquiry._meta.get_field("answer").opened(sealed))


def _replies(row: _Row, answer: Answer | None, declared: Declared) -> tuple[Reply, ...]:
    """One reply per member; where the source gave none, why not."""
    said = {reply.person: reply for reply in answer.replies} if answer else {}
    if len(said) >= len(declared.persons) and all(person.key in said for person in declared.persons):
        return tuple(said[person.key] for person in declared.persons)
    outcomes = _outcomes.decode(row.outcomes)
    why_not = Outcome.NOT_ASKED if answer is not None else Outcome(row.reason or Outcome.NOT_ASKED)
    return tuple(
        said.get(person.key) or Reply(person=person.key, outcome=outcomes.get(person.key, why_not))
        for person in declared.persons
    )


def _evidence(source: str, row: _Row, answer: Answer | None, exchange: _Exchange) -> Evidence:
    return Evidence(
        source=source,
        request_number=exchange.request_number,
        replied_at=answer.replied_at if answer else row.answered_at,
        data_date=next((reply.data_date for reply in answer.replies if reply.data_date), None) if answer else None,
        digest=exchange.reply_digest,
    )


class _Sources:
    """The sources, each read once, and which of them the standards of a set of checks require."""

    def __init__(self, checks: Iterable[Check]) -> None:
        rows: list[tuple[int, str, list[str], str]] = list(Source.objects.values_list("pk", "code", "kinds", "policy"))
        self.codes = {pk: code for pk, code, _kinds, _policy in rows}
        self.kinds = {pk: tuple(RecordKind(kind) for kind in kinds) for pk, _code, kinds, _policy in rows}
        self._policies = {pk: policy for pk, _code, _kinds, policy in rows}
        self._standards: dict[int, Any] = {check.standard_id: check.standard.content for check in checks}

    def is_required(self, source: int, standard: int) -> bool:
        """The dated standard decides; where it does not name the source, the source's own policy does."""
        content, code = self._standards[standard], self.codes[source]
        if code in content["required_sources"]:
            return True
        may_be_missing = content.get("sources_that_may_be_missing", ())
        return code not in may_be_missing and self._policies[source] == Source.Policy.MUST_ANSWER
