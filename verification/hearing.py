"""What the sources said of a set of checks, as the arithmetic takes it: read in three statements, whatever the number.

Answers that this very process has just recorded are handed in and not read again.
Where a source ended silent whose last known answer may serve, those answers are read, in one statement more.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from django.db import connection
from msgspec import UNSET

from bureau.querysets import array_of
from verification import doubt, last_known
from verification.connector import Answer, Reply
from verification.doubt import Window
from verification.facts import Declared, Evidence, Outcome, RecordKind, ReplyMode
from verification.last_known import Silent
from verification.models import Check, Exchange, Inquiry, Source
from verification.statement import Heard


class Told(NamedTuple):
    """An answer to one inquiry, written by this process."""

    check: int
    source: int
    answered_at: datetime
    exchange: int
    answer: Answer


JustTold = Mapping[int, Told]  # by inquiry

# Numbers as one text: as an array of values, a set's thousands would be parsed one by one. Check by check, as one set
# is taken for half a table while nobody has counted it yet; and beside each what was told of it, not of all.
READ = """
SELECT i.check_ordered_id, i.source_id, i.state, i.reason, i.outcomes::text, i.answered_at, i.exchange_id, i.answer
FROM (SELECT id, told::bigint[] FROM unnest(%(checks)s::bigint[], %(told)s::text[]) AS c (id, told) OFFSET 0) c
CROSS JOIN LATERAL (SELECT * FROM verification_inquiry WHERE check_ordered_id = c.id OFFSET 0) i
WHERE i.state <> 'cancelled' AND i.id <> ALL(c.told)
"""

_answers = msgspec.json.Decoder(Answer)
_outcomes = msgspec.json.Decoder(dict[str, Outcome])


class _Row(NamedTuple):
    """An inquiry as it stands."""

    check: int
    source: int
    state: str
    reason: str
    outcomes: str
    answered_at: datetime | None
    exchange: int | None
    answer: Answer | None


class _Exchange(NamedTuple):
    """What is cited of a round trip."""

    request_number: str
    reply_digest: str


def heard(checks: Sequence[Check], declared: Mapping[int, Declared], told: JustTold) -> dict[int, tuple[Heard, ...]]:
    """What each source said of each check, also where it said nothing, by check and in the order of the sources."""
    by_pk = {check.pk: check for check in checks}
    sources = _Sources(checks)
    told = {pk: each for pk, each in told.items() if each.check in by_pk}
    rows = [*_read(by_pk, told), *map(_just_told, told.values())]
    rows.sort(key=lambda row: (row.check, sources.order[row.source]))
    exchanges = _exchanges({row.exchange for row in rows if row.exchange})
    served = last_known.serving(by_pk, declared, list(_silent(rows, by_pk, sources)))
    said: dict[int, list[Heard]] = {}
    for row in rows:
        evidence = exchanges.get(row.exchange) if row.exchange else None
        source = sources.of[row.source]
        kept_back = _is_kept_back(row, source.doubted)
        heard = Heard(
            source=source.code,
            kinds=source.kinds,
            replies=_kept_back(_replies(row, declared[row.check]), kept_back),
            evidence=_evidence(source.code, row, evidence) if evidence else None,
            required=sources.is_required(source, by_pk[row.check].standard_id),
            stale_after=UNSET if source.stale_after is None else source.stale_after,
            kept_back=kept_back or UNSET,
        )
        earlier = served.get((row.check, row.source))
        said.setdefault(row.check, []).append(earlier.instead_of(heard) if earlier else heard)
    return {check: tuple(many) for check, many in said.items()}


def _is_kept_back(row: "_Row", doubted: Sequence[Window]) -> bool:
    """Whether what the source told is in doubt; what a person there wrote on a request list is not."""
    if row.answer is None or row.answered_at is None or row.answer.mode == ReplyMode.MANUAL:
        return False
    return any(window.covers(row.answered_at) for window in doubted)


def _kept_back(replies: tuple[Reply, ...], kept_back: bool) -> tuple[Reply, ...]:
    """Replies in doubt without what they tell."""
    if not kept_back:
        return replies
    return tuple(
        Reply(person=reply.person, outcome=Outcome.KEPT_BACK) if reply.outcome.is_answer else reply for reply in replies
    )


def _silent(rows: Iterable["_Row"], checks: Mapping[int, Check], sources: "_Sources") -> Iterator[Silent]:
    """The inquiries that ended without an answer, of sources whose last known one may serve."""
    for row in rows:
        source = sources.of[row.source]
        if row.state == "failed" and sources.may_serve(source, checks[row.check].standard_id):
            yield Silent(row.check, row.source, source.last_known_days or 0, source.kinds)


def _read(checks: Iterable[int], told: JustTold) -> Iterator[_Row]:
    of_check: dict[int, list[int]] = {check: [] for check in checks}
    for pk, each in told.items():
        of_check[each.check].append(pk)
    with connection.cursor() as cursor:
        cursor.execute(READ, {"checks": array_of(of_check), "told": list(map(array_of, of_check.values()))})
        for *columns, answer in cursor.fetchall():
            row = _Row._make((*columns, None))
            # What was told before it was asked again is not heard, when nothing came of that.
            yield row._replace(answer=_opened(answer)) if row.state == "answered" else row


def _just_told(told: Told) -> _Row:
    return _Row(told.check, told.source, "answered", "", "{}", told.answered_at, told.exchange, told.answer)


def _exchanges(ids: Iterable[int]) -> dict[int, _Exchange]:
    rows = Exchange.objects.filter(pk__in=list(ids)).values_list("pk", "request_number", "number", "reply_digest")
    return {pk: _Exchange(request_number or str(number), digest) for pk, request_number, number, digest in rows}


def _opened(sealed: memoryview | None) -> Answer | None:
    if sealed is None:
        return None
    return _answers.decode(Inquiry._meta.get_field("answer").opened(sealed))


def _replies(row: _Row, declared: Declared) -> tuple[Reply, ...]:
    """One reply per member; where the source gave none, why not."""
    said = {reply.person: reply for reply in row.answer.replies} if row.answer else {}
    if len(said) >= len(declared.persons) and all(person.key in said for person in declared.persons):
        return tuple(said[person.key] for person in declared.persons)
    outcomes = _outcomes.decode(row.outcomes)
    why_not = Outcome.NOT_ASKED if row.answer is not None else Outcome(row.reason or Outcome.NOT_ASKED)
    return tuple(
        said.get(person.key) or Reply(person=person.key, outcome=outcomes.get(person.key, why_not))
        for person in declared.persons
    )


def _evidence(source: str, row: _Row, exchange: _Exchange) -> Evidence:
    answer = row.answer
    return Evidence(
        source=source,
        request_number=exchange.request_number,
        replied_at=answer.replied_at if answer else row.answered_at,
        data_date=next((reply.data_date for reply in answer.replies if reply.data_date), None) if answer else None,
        digest=exchange.reply_digest,
    )


class _Source(NamedTuple):
    """What is to be known of a source."""

    pk: int
    code: str
    kinds: tuple[RecordKind, ...]
    policy: str
    last_known_days: int | None
    stale_after: int | None
    doubted: tuple[Window, ...]


class _Sources:
    """The sources, each read once, and which of them the standards of a set of checks require."""

    def __init__(self, checks: Iterable[Check]) -> None:
        names = ("pk", "code", "kinds", "policy", "last_known_days", "stale_after_days")
        known = doubt.with_windows(Source.objects.order_by("place", "pk"))
        columns = known.values_list(*names, "doubted_from", "doubted_to")
        rows = (_Source._make((*own, tuple(map(Window, begun, ended)))) for *own, begun, ended in columns)
        self.of = {row.pk: row._replace(kinds=tuple(map(RecordKind, row.kinds))) for row in rows}
        self.order = {pk: at for at, pk in enumerate(self.of)}
        self._standards: dict[int, Any] = {check.standard_id: check.standard.content for check in checks}

    def is_required(self, source: _Source, standard: int) -> bool:
        """The dated standard decides; where it does not name the source, the source's own policy does."""
        content = self._standards[standard]
        if source.code in content["required_sources"]:
            return True
        may_be_missing = content.get("sources_that_may_be_missing", ())
        return source.code not in may_be_missing and source.policy != Source.Policy.MAY_BE_MISSING

    def may_serve(self, source: _Source, standard: int) -> bool:
        """Whether the last known answer serves while the source is silent, unless the standard wants a current one."""
        current = self._standards[standard].get("sources_that_must_be_current", ())
        return source.policy == Source.Policy.LAST_KNOWN and source.code not in current
