"""One event loop and one keep-alive HTTP client per process, in a thread of its own. Plain Python: no Django, no
database.

Work modules hand a batch in and get a `Future`; all sources are called at the same time, and a slow one holds up
nobody.
"""

import asyncio
import atexit
import os
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from datetime import UTC, datetime

import aiohttp
import uvloop

from verification.connector import Exchange, SourceConfig, SourceError, SourcePendingError
from verification.connectors import connector_for
from verification.facts import Question


class WireLoop:
    """The loop of this process. Started on first use, so that a forked child gets its own."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.loop = uvloop.new_event_loop()
        self.session: aiohttp.ClientSession | None = None
        threading.Thread(target=self.loop.run_forever, name="wire", daemon=True).start()
        atexit.register(self._close)

    def _close(self) -> None:
        """Let the connections go when the process ends; in a forked child there is nothing of ours to close."""
        if self.session is not None and self.pid == os.getpid():
            asyncio.run_coroutine_threadsafe(self.session.close(), self.loop).result(timeout=2)

    def submit(
        self, config: SourceConfig, dialect: str, questions: Sequence[Question], ticket: str
    ) -> "Future[Exchange]":
        """Call from any thread."""
        return asyncio.run_coroutine_threadsafe(self._ask(config, dialect, questions, ticket), self.loop)

    async def _ask(self, config: SourceConfig, dialect: str, questions: Sequence[Question], ticket: str) -> Exchange:
        """Ask; a failure bears the moment at which it was known, however late it is written down."""
        try:
            return await self._patiently(config, dialect, questions, ticket)
        except SourceError as error:
            error.ended_at = datetime.now(UTC)
            raise

    async def _patiently(
        self, config: SourceConfig, dialect: str, questions: Sequence[Question], ticket: str
    ) -> Exchange:
        """Ask, and wait for a source that hands out a ticket as long as its total limit allows; then it stays due."""
        connector = connector_for(config, dialect, self._http())
        deadline = self.loop.time() + config.total_seconds
        while True:
            try:
                return await connector.ask(questions, ticket=ticket)
            except SourcePendingError as pending:
                if self.loop.time() + pending.retry_after >= deadline:
                    raise
                ticket = pending.ticket
                await asyncio.sleep(pending.retry_after)

    def _http(self) -> aiohttp.ClientSession:
        if self.session is None:
            connector = aiohttp.TCPConnector(limit=0, limit_per_host=0, keepalive_timeout=30)
            self.session = aiohttp.ClientSession(connector=connector, auto_decompress=False)
        return self.session


_lock = threading.Lock()
_loops: dict[int, WireLoop] = {}


def submit(config: SourceConfig, dialect: str, questions: Sequence[Question], ticket: str = "") -> "Future[Exchange]":
    """Put one batch of questions to one source; the result is an `Exchange` or one of the three source errors."""
    with _lock:
        loop = _loops.get(os.getpid())
        if loop is None:
            loop = _loops[os.getpid()] = WireLoop()
    return loop.submit(config, dialect, questions, ticket)
