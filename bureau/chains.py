"""Chains of rows that only grow: each row carries the keyed SM3 digest of the row before it, and sealed heads say where
the chains end, so that a row changed, removed, slipped in or cut off shows.

A chain has lanes, one per worker, so that workers do not wait for one another.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

import msgspec
from django.db import connection
from django.db.models import QuerySet

from bureau import ciphers
from bureau.models import ChainHead

LANES = 16
FIRST = bytes(32)  # what the first row of a lane carries as its previous digest
LOST = b"\xff" * 32  # what a row carries whose lane had lost its head: it links to nothing, for ever

MOVE_HEADS = """
UPDATE bureau_chainhead h SET place = v.place, digest = v.digest, seal = v.seal
FROM unnest(%s::bigint[], %s::bigint[], %s::bytea[], %s::bytea[]) AS v (id, place, digest, seal)
WHERE h.id = v.id
"""


class Row(Protocol):
    """What a row of a chain carries besides its content."""

    lane: Any
    place: Any  # 1, 2, 3, … within the lane of the chain, without gaps
    previous: Any
    digest: Any


@dataclass(frozen=True)
class Trail:
    """A table whose rows form chains."""

    chain_of: Callable[[Any], str]  # the name of the chain to which a row belongs
    content: Callable[[Any], Sequence[Any]]  # what its digest covers besides lane and place, as JSON can hold it
    rows: Callable[[str], QuerySet[Any]]  # the rows of a chain, with what `content` and `look_into` read
    ends: Callable[[Sequence[str]], Mapping[tuple[str, int], int]]  # the newest place of each lane that has rows
    look_into: Callable[[Any], Iterable[str]] = lambda _row: ()  # what else can be wrong with a row, for `verify`


class Finding(msgspec.Struct, frozen=True):
    """Where a chain is broken and how."""

    lane: int
    place: int
    problem: str  # changed | gap | unlinked | cut off | beyond the head | no head | forged head, or of `look_into`
    chain: str = ""


def own_lane() -> int:
    """The lane of this worker: the number of its thread, which is that of its process where there is but one."""
    return threading.get_native_id() % LANES


def moment(at: datetime) -> str:
    """A moment as digests cover it."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def link(trail: Trail, rows: Iterable[Row]) -> set[str]:
    """Chain rows behind the heads of this worker's lane and move the heads: two statements, whatever the number.

    Inside the transaction in which the caller then writes the rows; the row locks of the heads order writers. Returns
    the chains whose head was gone or forged: the first of their rows links to nothing, so that the break shows for
    ever.
    """
    lane = own_lane()
    by_chain: dict[str, list[Row]] = {}
    for row in rows:
        by_chain.setdefault(trail.chain_of(row), []).append(row)
    heads, broken = _locked(trail, sorted(by_chain), lane)
    for chain, many in by_chain.items():
        head = heads[chain]
        for row in many:
            row.lane, row.place, row.previous = lane, head.place + 1, bytes(head.digest)
            row.digest = _digest(trail, row)
            head.place, head.digest = row.place, row.digest
        head.seal = seal_of(head.chain, lane, head.place, head.digest)
    if heads:
        _move(list(heads.values()))
    return broken


def _locked(trail: Trail, names: Sequence[str], lane: int) -> tuple[dict[str, ChainHead], set[str]]:
    """The heads of these chains in a lane, by chain, locked in one order; and which of them were gone or forged."""
    locked = ChainHead.objects.select_for_update().filter(lane=lane).order_by("chain")
    heads = {head.chain: head for head in locked.filter(chain__in=names)}
    broken = {head.chain for head in heads.values() if not is_sealed(head)}
    if broken:
        ends = trail.ends(sorted(broken))
        for chain in broken:
            heads[chain].place = max(heads[chain].place, ends.get((chain, lane), 0))
            heads[chain].digest = LOST
    if missing := [name for name in names if name not in heads]:
        _lay(trail, missing, lane)
        laid = {head.chain: head for head in locked.filter(chain__in=missing)}
        heads |= laid
        broken |= {chain for chain, head in laid.items() if bytes(head.digest) == LOST}
    return heads, broken


def _lay(trail: Trail, missing: Sequence[str], lane: int) -> None:
    """Make heads. The first writer of a chain lays every lane's.

    A head that is gone later was removed: the new one leads nowhere, so that the chain shows a break there for ever.
    """
    ends = trail.ends(missing)
    begun = {chain for chain, _lane in ends}
    begun |= set(ChainHead.objects.filter(chain__in=missing).values_list("chain", flat=True).distinct())
    fresh = [
        head
        for chain in missing
        for head in ([_head(chain, lane, ends.get((chain, lane), 0), LOST)] if chain in begun else _first_heads(chain))
    ]
    ChainHead.objects.bulk_create(fresh, ignore_conflicts=True)  # another worker may be faster


def _first_heads(chain: str) -> list[ChainHead]:
    return [_head(chain, lane, 0, FIRST) for lane in range(LANES)]


def _head(chain: str, lane: int, place: int, digest: bytes) -> ChainHead:
    return ChainHead(chain=chain, lane=lane, place=place, digest=digest, seal=seal_of(chain, lane, place, digest))


def _move(heads: Sequence[ChainHead]) -> None:
    values = [[head.pk, head.place, head.digest, head.seal] for head in heads]
    with connection.cursor() as cursor:
        cursor.execute(MOVE_HEADS, [list(column) for column in zip(*values, strict=True)])


def seal_of(chain: str, lane: int, place: int, digest: bytes | memoryview) -> bytes:
    """What only a holder of the signing key can put on the head of a lane."""
    return ciphers.current().sign(msgspec.json.encode(("head", chain, lane, place, bytes(digest).hex())))


def is_sealed(head: ChainHead) -> bool:
    """Whether the head stands as one of us left it."""
    return seal_of(head.chain, head.lane, head.place, head.digest) == bytes(head.seal)


def _digest(trail: Trail, row: Row) -> bytes:
    content = msgspec.json.encode((row.lane, row.place, *trail.content(row)))
    return ciphers.current().sign(bytes(row.previous) + content)


def mend(trail: Trail, chain: str, lanes: Iterable[int]) -> None:
    """Give broken lanes a head that is ours again and leads nowhere: work goes on, and the break shows for ever.

    Inside the caller's transaction.
    """
    ends = trail.ends([chain])
    for lane in lanes:
        place = ends.get((chain, lane), 0)
        head = ChainHead.objects.select_for_update().filter(chain=chain, lane=lane).first()
        if head is None:
            _head(chain, lane, place, LOST).save(force_insert=True)
        else:  # forward, as the trigger wants it
            head.place, head.digest = max(head.place, place) + 1, LOST
            head.seal = seal_of(chain, lane, head.place, LOST)
            head.save(update_fields=["place", "digest", "seal"])


def verify(trail: Trail, chains: Iterable[str]) -> Iterator[tuple[int, list[Finding]]]:
    """Walk every lane and yield (rows read so far, problems found with the newest row); ends after the last row.

    Whoever rewinds a head together with its rows to an earlier state, seal and all, is found out only by a head noted
    elsewhere, such as a backup.
    """
    read = 0
    for chain in chains:
        for lane in range(LANES):
            before = _known_head(chain, lane)
            previous, place, sealed = FIRST, 0, FIRST
            for row in trail.rows(chain).filter(lane=lane).order_by("place").iterator(chunk_size=2000):
                read += 1
                yield read, [Finding(lane, row.place, what, chain) for what in _problems(trail, row, previous, place)]
                previous, place = bytes(row.digest), row.place
                if before is not None and place == before.place:
                    sealed = previous
            ends = _end_problems(chain, lane, before, place, sealed)
            yield read, [Finding(lane, at, what, chain) for at, what in ends]


def _problems(trail: Trail, row: Row, previous: bytes, place: int) -> Iterator[str]:
    """What is wrong with a row behind the row of this place and digest."""
    if row.place != place + 1:
        yield "gap"
    elif bytes(row.previous) != previous:
        yield "unlinked"
    if _digest(trail, row) != bytes(row.digest):
        yield "changed"
    yield from trail.look_into(row)


def _end_problems(
    chain: str, lane: int, before: ChainHead | None, place: int, sealed: bytes
) -> Iterator[tuple[int, str]]:
    """What is wrong at the end of a lane. `before`: the head read before its rows, as rows are added meanwhile."""
    after = _known_head(chain, lane)
    if before is None or after is None:
        if place or ChainHead.objects.filter(chain=chain).exists():
            yield place, "no head"
        return
    if not (is_sealed(before) and is_sealed(after)):
        yield place, "forged head"
    if before.place > place:
        yield place, "cut off"
    elif bytes(before.digest) != sealed:
        yield before.place, "unlinked"
    if place > after.place:
        yield place, "beyond the head"


def _known_head(chain: str, lane: int) -> ChainHead | None:
    return ChainHead.objects.filter(chain=chain, lane=lane).first()
