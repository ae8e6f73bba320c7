"""The last known answer of a source that is silent now: what it said of the same persons for an earlier check.

It serves only while it is young enough and an authorisation covers it today, and only for the members of whom it told.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from django.db import connection
from django.utils import timezone
from msgspec.structs import replace

from verification.connector import Answer, Reply
from verification.facts import Declared, DeclaredPerson, Evidence, RecordKind
from verification.models import Check, Inquiry
from verification.statement import Heard, LastKnown

# Of each silent source the newest answer that it gave for an earlier check of the same case and that is not in doubt.
READ = """
SELECT w.check_id, w.source_id, earlier.*
FROM unnest(%(checks)s::bigint[], %(sources)s::bigint[], %(subjects)s::text[], %(since)s::timestamptz[])
     AS w (check_id, source_id, subject, since)
CROSS JOIN LATERAL (
    SELECT c.number, c.declared, i.answer, i.answered_at, COALESCE(NULLIF(x.request_number, ''), x.number::text),
           x.reply_digest
    FROM verification_check c
    JOIN verification_inquiry i ON i.check_ordered_id = c.id AND i.source_id = w.source_id
    JOIN verification_exchange x ON x.id = i.exchange_id
    WHERE c.subject = w.subject AND c.id < w.check_id AND i.state = 'answered' AND i.answered_at >= w.since
      AND NOT EXISTS (
          SELECT 1 FROM verification_hold h
          WHERE h.source_id = i.source_id AND h.doubted_from <= i.answered_at AND h.verdict <> 'stand'
            AND i.answered_at <= COALESCE(h.released_at, 'infinity')
            AND NOT EXISTS (SELECT 1 FROM verification_manualrequest m WHERE m.exchange_id = i.exchange_id)
      )
    ORDER BY i.answered_at DESC, c.id DESC LIMIT 1
) earlier
"""

_answers = msgspec.json.Decoder(Answer)
_declarations = msgspec.json.Decoder(Declared)


class Silent(NamedTuple):
    """A source that did not answer for a check, and how old an answer may be that serves instead."""

    check: int
    source: int
    days: int
    kinds: tuple[RecordKind, ...]


class Earlier(NamedTuple):
    """What serves: replies by member key of the check that is silent, and where they come from."""

    replies: dict[str, Reply]
    evidence: Evidence
    last_known: LastKnown

    def instead_of(self, heard: Heard) -> Heard:
        """What is heard with these replies; who is not covered by them stays unanswered."""
        return replace(
            heard,
            replies=tuple(self.replies.get(reply.person, reply) for reply in heard.replies),
            evidence=replace(self.evidence, source=heard.source),
            last_known=self.last_known,
        )


class _Row(NamedTuple):
    """An answer of earlier as it is kept."""

    check: int
    source: int
    number: str
    declared: memoryview
    answer: memoryview
    answered_at: datetime
    request_number: str
    digest: str


def serving(
    checks: Mapping[int, Check], declared: Mapping[int, Declared], silent: Sequence[Silent]
) -> dict[tuple[int, int], Earlier]:
    """What serves, by check and source; one query for all, and none where no source is silent."""
    wanted = {(each.check, each.source): each for each in silent}
    found = (
        (row, _earlier(row, wanted[row.check, row.source], checks[row.check], declared[row.check]))
        for row in (_read(checks, silent) if silent else ())
    )
    return {(row.check, row.source): earlier for row, earlier in found if earlier}


def _read(checks: Mapping[int, Check], silent: Sequence[Silent]) -> list[_Row]:
    values: dict[str, Any] = {
        "checks": [each.check for each in silent],
        "sources": [each.source for each in silent],
        "subjects": [checks[each.check].subject for each in silent],
        "since": [_start(checks[each.check].as_of - timedelta(days=each.days)) for each in silent],
    }
    with connection.cursor() as cursor:
        cursor.execute(READ, values)
        return [_Row._make(row) for row in cursor.fetchall()]


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))


def _earlier(row: _Row, silent: Silent, check: Check, declared: Declared) -> Earlier | None:
    """What of an earlier answer serves; None where it covers nobody."""
    answer = _answers.decode(Inquiry._meta.get_field("answer").opened(row.answer))
    before = _declarations.decode(Check._meta.get_field("declared").opened(row.declared))
    keys = {_who(person): person.key for person in before.persons}
    told = {reply.person: reply for reply in answer.replies if reply.outcome.is_answer}
    answered_on = min(timezone.localdate(row.answered_at), _day(answer.replied_at))
    oldest = check.as_of - timedelta(days=silent.days)
    replies, dates = {}, []
    for person in declared.persons:
        reply = told.get(keys.get(_who(person), ""))
        day = min(reply.data_date or answered_on, answered_on) if reply else date.min
        if reply and day >= oldest and _is_covered(check, person.key, silent.kinds):
            replies[person.key] = replace(reply, person=person.key)
            dates.append(day)
    if not replies:
        return None
    data_date = min((reply.data_date for reply in replies.values() if reply.data_date), default=None)
    evidence = Evidence("", row.request_number, answer.replied_at, data_date, row.digest)
    return Earlier(replies, evidence, LastKnown(on=min(dates), check=row.number))


def _day(at: datetime) -> date:
    try:
        return timezone.localdate(at)
    except OverflowError:  # at either end of the calendar, as a source once sent it
        return at.date()


def _who(person: DeclaredPerson) -> tuple[str, str]:
    """Whom the source was asked about: it knows a person by number and name together."""
    return person.id_number, person.name


def _is_covered(check: Check, member: str, kinds: Sequence[RecordKind]) -> bool:
    """Whether the member's authorisation lets the source be asked today."""
    grant = check.authorisations.get(member)
    if grant is None or not {*grant["kinds"]} & {*map(str, kinds)}:
        return False
    return grant["valid_to"] is None or grant["valid_to"] >= timezone.localdate().isoformat()
