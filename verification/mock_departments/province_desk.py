"""The provincial platform at its counter: takes a batch, gives a ticket, has the result after a while (section 9)."""

from collections import OrderedDict
from math import ceil
from time import monotonic

from msgspec import Struct

from verification.mock_departments import json_wire
from verification.mock_departments.desk import Desk
from verification.mock_departments.faults import Lot
from verification.mock_departments.questions import BadRequestError, Request
from verification.mock_departments.signatures import hmac_sm3_hex

BATCHES_KEPT = 500


class Batch(Struct):
    """A batch by its ticket. `ready_at` is on the monotonic clock; the request is dropped once the result is there."""

    digest: str
    request: Request
    ready_at: float
    polls: int = 0
    result: bytes = b""

    @property
    def wait(self) -> int:
        """Whole seconds until it is ready, at least 1."""
        return max(1, ceil(self.ready_at - monotonic()))


class ProvinceDesk(Desk):
    """Its latency is the time that a batch is at work, counted from its arrival; handing in and asking are quick."""

    def reset(self) -> None:
        """As every desk; the tickets too are forgotten."""
        super().reset()
        self.batches: OrderedDict[str, Batch] = OrderedDict()

    async def answer(self, method: str, path: str, body: bytes) -> tuple[Lot, int, bytes]:
        """202 with a ticket for a batch, 202 or 200 for a ticket; raises `LookupError` for anything else."""
        base = f"/{self.source.code}/v1/batches"
        if method == "POST" and path == base:
            return self._hand_in(body)
        if method == "GET" and path.startswith(f"{base}/"):
            return self._fetch(path.removeprefix(f"{base}/"))
        raise LookupError

    def _hand_in(self, body: bytes) -> tuple[Lot, int, bytes]:
        request, digest, lot = self.take(body)
        ticket = "T" + hmac_sm3_hex(self.source.secret, request.request_no)[:24]
        batch = self.batches.get(ticket)
        if batch is None:
            batch = Batch(digest, request, monotonic() + self.faults.latency.seconds(lot.draw("latency")))
            self.batches[ticket] = batch
            if len(self.batches) > BATCHES_KEPT:
                self.batches.popitem(last=False)
        elif batch.digest != digest:
            raise BadRequestError("another body under a known request_no")
        self.counter.last_delay_ms = batch.wait * 1000
        return lot, 202, json_wire.write_ticket(ticket, batch.wait)

    def _fetch(self, ticket: str) -> tuple[Lot, int, bytes]:
        batch = self.batches.get(ticket)
        if batch is None:
            raise LookupError
        batch.polls += 1
        lot = Lot(self.world.seed, self.source.code, f"{ticket}#{batch.polls}")
        if batch.result:
            return lot, 200, batch.result
        if monotonic() < batch.ready_at or self._is_never_ready(batch):
            return lot, 202, json_wire.write_ticket(ticket, batch.wait)
        body, is_true = self.search(batch.request, lot)
        if is_true:
            batch.result, batch.request = body, Request("", ())
        return lot, 200, body

    def _is_never_ready(self, batch: Batch) -> bool:
        return all(self.world.is_silent_on(self.source, question) for question in batch.request.questions)
