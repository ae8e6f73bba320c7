"""The chain of evidence: each round trip with a source linked to the one before it, verified by
`manage.py verify_exchanges`. A source whose chain is broken is asked nothing more.
"""

import logging
import uuid
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import BinaryField, Max, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from bureau import chains, ciphers
from bureau.ciphers import UndecipherableError
from bureau.errors import MoveRefusedError
from bureau.models import ChainHead
from verification import connector
from verification.connector import SourceError
from verification.models import Exchange, Hold, Source

log = logging.getLogger(__name__)

PREFIX = "exchange:"  # of the name of a chain, before the code of its source

# Where chains end, of the sources that are not held anyway: the head of each lane beside its newest row.
ENDS = """
SELECT s.id, s.code, l.lane, h.place, h.digest, h.seal, newest.place, newest.digest,
       CASE WHEN h.id IS NULL THEN
           EXISTS (SELECT 1 FROM bureau_chainhead o WHERE o.chain = 'exchange:' || s.code)
           OR EXISTS (SELECT 1 FROM verification_exchange e WHERE e.source_id = s.id AND e.place IS NOT NULL)
       END AS begun
FROM verification_source s CROSS JOIN unnest(%(lanes)s::smallint[]) AS l (lane)
LEFT JOIN bureau_chainhead h ON h.chain = 'exchange:' || s.code AND h.lane = l.lane
LEFT JOIN LATERAL (
    SELECT e.place, e.digest FROM verification_exchange e
    WHERE e.source_id = s.id AND e.lane = l.lane ORDER BY e.place DESC LIMIT 1
) AS newest ON true
"""
FREE = """
WHERE NOT EXISTS (SELECT 1 FROM verification_hold d
                  WHERE d.source_id = s.id AND d.round_id IS NULL AND d.released_at IS NULL)
"""
ONE = "WHERE s.id = %(source)s"


class BrokenChainError(Exception):
    """Evidence cannot be written behind a head that is gone or not ours. The text names the chains."""


def round_trip(source: Source, told: connector.Exchange | SourceError, **more: Any) -> Exchange:
    """A round trip with a source as it is kept, not written yet. A digest that is known is not worked out again."""
    digests = (told.request_digest, told.reply_digest) if isinstance(told, connector.Exchange) else ("", "")
    return Exchange(
        source=source,
        number=uuid.uuid4(),
        request=told.request,
        reply=told.reply,
        request_digest=digests[0] or ciphers.sm3(told.request).hex(),
        reply_digest=digests[1] or ciphers.sm3(told.reply).hex(),
        **more,
    )


def keep(rows: Sequence[Exchange]) -> None:
    """Link these round trips and write them, in the caller's transaction; BrokenChainError, then nothing is written."""
    if broken := chains.link(TRAIL, rows):
        raise BrokenChainError(", ".join(sorted(broken)))
    Exchange.objects.bulk_create(rows)


def hold_broken() -> None:
    """Hold every source whose chain is broken where this worker would write, so that it is asked nothing more.

    One query while all is well.
    """
    broken = _broken(ENDS + FREE, lanes=[chains.own_lane()])
    if not broken:
        return
    reason = _("Its kept exchanges do not fit together. An administrator looks into it first.")
    Hold.objects.bulk_create(
        [Hold(source_id=source, ground=Hold.Ground.EVIDENCE, reason=reason) for source, _code in broken],
        ignore_conflicts=True,  # another worker may be faster
    )
    for (_source, code), lanes in broken.items():
        log.error("The chain of evidence of %s is broken in lane %s; it is asked nothing more.", code, lanes[0])


def must_be_whole(source: Source) -> None:
    """Refuse to ask a source again while its chain is broken in any lane."""
    if _broken(ENDS + ONE, lanes=range(chains.LANES), source=source.pk):
        words = _("The chain of evidence of %(source)s is broken. An administrator repairs it first.")
        raise MoveRefusedError(words % {"source": source.name})


@transaction.atomic
def mend(source: Source) -> list[int]:
    """Give the broken lanes of a source a head again, from which work goes on; the break shows for ever.

    Returns the lanes.
    """
    broken = _broken(ENDS + ONE, lanes=range(chains.LANES), source=source.pk)
    lanes = [lane for many in broken.values() for lane in many]
    chains.mend(TRAIL, PREFIX + source.code, lanes)
    return lanes


def _broken(statement: str, *, lanes: Iterable[int], **values: Any) -> Mapping[tuple[int, str], list[int]]:
    """The broken lanes, by id and code of the source."""
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"lanes": list(lanes), **values})
        for source, code, lane, *ends in cursor.fetchall():
            if not _is_whole(PREFIX + code, lane, *ends):
                found[source, code].append(lane)
    return found


def _is_whole(
    chain: str,
    lane: int,
    place: int | None,
    digest: memoryview | None,
    seal: memoryview | None,
    last_place: int | None,
    last_digest: memoryview | None,
    begun: bool | None,
) -> bool:
    """Whether the head of a lane is ours and stands at its newest row, or leads nowhere since it was mended."""
    if place is None or digest is None or seal is None:
        return not begun
    if chains.seal_of(chain, lane, place, digest) != bytes(seal):
        return False
    last = (last_place or 0, chains.FIRST if last_digest is None else bytes(last_digest))
    return bytes(digest) == chains.LOST or (place, bytes(digest)) == last


def verify() -> Iterator[tuple[int, list[chains.Finding]]]:
    """Walk every lane of every source, open what was sent and what came, and yield as `chains.verify` does."""
    known = {PREFIX + code for code in Source.objects.values_list("code", flat=True)}
    known |= set(ChainHead.objects.filter(chain__startswith=PREFIX).values_list("chain", flat=True))
    read = 0
    for read, problems in chains.verify(TRAIL, sorted(known)):
        yield read, problems
    yield read, list(_beside_the_chains())


def _beside_the_chains() -> Iterator[chains.Finding]:
    """Round trips in no chain that are newer than the first one in a chain: nobody of ours wrote them."""
    first = chained().order_by("pk").values_list("pk", flat=True).first()
    if first is not None:
        for pk, code in unchained().filter(pk__gt=first).order_by("pk").values_list("pk", "source__code"):
            yield chains.Finding(lane=-1, place=pk, problem="in no chain", chain=PREFIX + code)


def chained() -> QuerySet[Exchange]:
    """The round trips that stand in a chain."""
    return Exchange.objects.filter(place__isnull=False)


def unchained() -> QuerySet[Exchange]:
    """The round trips that were kept before there were chains: they can only be counted."""
    return Exchange.objects.filter(place__isnull=True)


def _content(row: Exchange) -> Sequence[Any]:
    return (
        row.source.code,
        str(row.number),
        row.request_number,
        chains.moment(row.asked_at),
        chains.moment(row.ended_at),
        row.outcome,
        row.detail,
        row.households,
        row.settled,
        row.round_id,
        row.request_digest,
        row.reply_digest,
    )


def _rows(chain: str) -> QuerySet[Exchange]:
    """The rows of a chain, their bodies as they are stored: one that does not open must not end the walk."""
    sealed = {f"sealed_{name}": Cast(name, BinaryField()) for name in ("request", "reply")}
    rows = chained().filter(source__code=chain.removeprefix(PREFIX)).select_related("source")
    return rows.defer("request", "reply", "source__secret").annotate(**sealed)


def _ends(names: Sequence[str]) -> dict[tuple[str, int], int]:
    codes = [name.removeprefix(PREFIX) for name in names]
    rows = chained().filter(source__code__in=codes).order_by().values_list("source__code", "lane")
    return {(PREFIX + code, lane): place for code, lane, place in rows.annotate(Max("place"))}


def _bodies(row: Any) -> Iterator[str]:
    """What is wrong with what was sent or what came: it does not open, or is not what its digest says."""
    for name, sealed, digest in (
        ("request", row.sealed_request, row.request_digest),
        ("reply", row.sealed_reply, row.reply_digest),
    ):
        field: Any = Exchange._meta.get_field(name)
        try:
            body = field.opened(sealed)
        except (UndecipherableError, zlib.error):
            yield f"{name} does not open"
        else:
            if ciphers.sm3(body).hex() != digest:
                yield f"{name} changed"


TRAIL = chains.Trail(
    chain_of=lambda row: PREFIX + row.source.code, content=_content, rows=_rows, ends=_ends, look_into=_bodies
)
