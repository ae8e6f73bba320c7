"""What can go wrong at a source, and the drawing of lots that decides when. The same request draws the same lot."""

from datetime import datetime
from hashlib import blake2b
from math import exp, log
from statistics import NormalDist

from msgspec import Struct, field

_NORMAL = NormalDist()
_P99 = _NORMAL.inv_cdf(0.99)


class Latency(Struct, frozen=True, forbid_unknown_fields=True):
    """Time that a source takes to answer. `fixed` always takes the median; `lognormal` is fitted to both figures."""

    kind: str = "none"  # none | fixed | lognormal
    median_ms: float = 0
    p99_ms: float = 0

    def __post_init__(self) -> None:
        if self.kind not in {"none", "fixed", "lognormal"}:
            raise ValueError("latency.kind is none, fixed or lognormal")
        if self.kind == "lognormal" and not 0 < self.median_ms <= self.p99_ms:
            raise ValueError("a lognormal latency needs 0 < median_ms <= p99_ms")

    def seconds(self, draw: float) -> float:
        """The delay for a draw between 0 and 1."""
        if self.kind == "none":
            return 0.0
        if self.kind == "fixed":
            return self.median_ms / 1000
        sigma = log(self.p99_ms / self.median_ms) / _P99
        return self.median_ms / 1000 * exp(sigma * _NORMAL.inv_cdf(min(max(draw, 1e-9), 1 - 1e-9)))


class Outage(Struct, frozen=True, rename={"start": "from", "end": "to"}, forbid_unknown_fields=True):
    """The source is down from `from` to `to` (ISO 8601 with offset)."""

    start: datetime
    end: datetime


class Faults(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How one source misbehaves; every field's default is good behaviour. Rates are shares of requests, 0 to 1."""

    latency: Latency = Latency()
    error_rate: float = 0  # answers 503, or 429 when retry_after is set
    retry_after: int | None = None  # seconds, sent with the error answers
    malformed_rate: float = 0  # the body is not of the promised form, rightly signed
    truncate_rate: float = 0  # the body stops half way and the connection closes
    duplicate_rate: float = 0  # an answer, and its records, come twice
    wrong_signature_rate: float = 0
    wrong_person_rate: float = 0  # an answer is on somebody who was not asked about
    drip: int = 0  # bytes per second; 0 is at once
    refuse: bool = False  # 403 to everything
    down: bool = False  # the connection is closed without a word
    outages: tuple[Outage, ...] = field(default=())
    silent: bool = False  # takes the request and never answers
    everybody: bool = False  # finds something on everybody
    control_wrong: bool = False  # says of the control persons what is not so

    def __post_init__(self) -> None:
        rates = (self.error_rate, self.malformed_rate, self.truncate_rate, self.duplicate_rate)
        if not all(0 <= rate <= 1 for rate in (*rates, self.wrong_signature_rate, self.wrong_person_rate)):
            raise ValueError("a rate lies between 0 and 1")
        if self.drip < 0 or (self.retry_after or 0) < 0:
            raise ValueError("drip and retry_after are not negative")

    def is_down(self, now: datetime) -> bool:
        """Whether connections are closed without a word at this moment (`now` is aware)."""
        return self.down or any(outage.start <= now < outage.end for outage in self.outages)


GOOD = Faults()


class Lot(Struct, frozen=True):
    """The draws of one request: the same seed, source and request number draw the same, whenever and wherever."""

    seed: int
    source: str
    request_number: str

    def draw(self, what: str) -> float:
        """A number in [0, 1) for one question of chance, such as "error"."""
        text = f"{self.seed}|{self.source}|{self.request_number}|{what}"
        return int.from_bytes(blake2b(text.encode(), digest_size=6).digest(), "big") / (1 << 48)

    def falls(self, what: str, rate: float) -> bool:
        """Whether what happens at this rate happens here."""
        return rate > 0 and self.draw(what) < rate
