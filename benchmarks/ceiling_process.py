"""One process of the raw ceiling: call, cut the reply into even shares, COPY. Plain Python: no Django.

One chunk's rows are written while the next chunk's sources are being asked.
"""

import asyncio
import io
import struct
from collections.abc import Iterator, Sequence
from multiprocessing.synchronize import Barrier
from pathlib import Path

import aiohttp
import msgspec
import psycopg2
import uvloop

from housing_credit.programs import die_with_parent
from verification.connector import SourceConfig
from verification.wire import transport

TABLE = """
CREATE TABLE ceiling_reply (household integer, source integer, reply bytea NOT NULL, PRIMARY KEY (household, source))
"""
COUNT = "SELECT count(*) FROM ceiling_reply"
COPY = "COPY ceiling_reply FROM STDIN (FORMAT binary)"
COPY_HEAD, COPY_END = b"PGCOPY\n\xff\r\n\x00" + bytes(8), struct.pack(">h", -1)
ROW = struct.Struct(">hiiiii")  # three columns: twice a length of 4 and a number, then the length of the reply


class Call(msgspec.Struct):
    """One batch to one source, ready to be signed and sent."""

    source: int
    config: SourceConfig
    path: str
    content_type: str
    body: bytes
    has_tickets: bool  # the answer is fetched with a second call


class Chunk(msgspec.Struct):
    """The batches of one set of households."""

    first: int  # number of its first household
    households: int
    calls: list[Call]


def work(files: Sequence[Path], database_url: str, barrier: Barrier) -> None:
    """The whole life of the process. At the barrier: ready, go, done."""
    die_with_parent()
    connection = psycopg2.connect(database_url)
    barrier.wait()
    barrier.wait()
    uvloop.run(_all(files, connection))
    barrier.wait()
    barrier.wait()  # until we are stopped: our figures are read meanwhile


async def _all(files: Sequence[Path], connection: "psycopg2.extensions.connection") -> None:
    writing: asyncio.Task[None] | None = None
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), auto_decompress=False) as http:
        for file in files:
            chunk = msgspec.msgpack.decode(file.read_bytes(), type=Chunk)
            replies = await asyncio.gather(*(_ask(call, http) for call in chunk.calls))
            if writing:
                await writing
            writing = asyncio.create_task(asyncio.to_thread(_copy, connection, chunk, replies))
    if writing:
        await writing


async def _ask(call: Call, http: aiohttp.ClientSession) -> bytes:
    """The signed round trip. A ticket is used at once: with zero delay the result is there."""
    message = transport.Message("POST", call.path, call.body, call.content_type)
    returned = await transport.send(call.config, http, message, taken=frozenset({200, 202}))
    if call.has_tickets:
        ticket = msgspec.json.decode(returned.body)["ticket"]
        message = transport.Message("GET", f"{call.path}/{ticket}")
        returned = await transport.send(call.config, http, message, taken=frozenset({200}))
    return returned.body


def _copy(connection: "psycopg2.extensions.connection", chunk: Chunk, replies: Sequence[bytes]) -> None:
    data = io.BytesIO()
    data.write(COPY_HEAD)
    for row in _rows(chunk, replies):
        data.write(row)
    data.write(COPY_END)
    data.seek(0)
    with connection, connection.cursor() as cursor:
        cursor.copy_expert(COPY, data)


def _rows(chunk: Chunk, replies: Sequence[bytes]) -> Iterator[bytes]:
    """One row for each household and source, with its even share of the bytes."""
    for call, reply in zip(chunk.calls, replies, strict=True):
        for place in range(chunk.households):
            share = reply[len(reply) * place // chunk.households : len(reply) * (place + 1) // chunk.households]
            yield ROW.pack(3, 4, chunk.first + place, 4, call.source, len(share)) + share
