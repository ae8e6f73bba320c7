"""The ten kinds of record: what a source holds on a person, in our words. Plain Python.

Each file is one kind, and its struct decodes straight from the source's bytes (see `verification.record_form`).
"""

from collections.abc import Sequence

from msgspec import MsgspecError, json

from verification.records.assistance import Assistance
from verification.records.business import Business
from verification.records.deposit import Deposit
from verification.records.fund import Fund
from verification.records.housing import Housing
from verification.records.insurance import Insurance
from verification.records.marriage import Marriage
from verification.records.registration import Registration
from verification.records.tax import Tax
from verification.records.vehicle import Vehicle

Record = (
    Housing | Registration | Marriage | Vehicle | Business | Tax | Fund | Insurance | Deposit | Assistance
)  # tagged by `kind`

_encoder = json.Encoder()
_decoder = json.Decoder(tuple[Record, ...])


class UnreadableError(Exception):
    """A record is not what the contract says it is. The text holds no personal data."""


def encode_records(records: Sequence[Record]) -> bytes:
    """Records as JSON, for the store."""
    return _encoder.encode(records)


def decode_records(content: bytes) -> tuple[Record, ...]:
    """Records from JSON, of the store or of a source (contract, section 10). Raises `UnreadableError`."""
    try:
        return _decoder.decode(content)
    except (MsgspecError, ValueError, RecursionError):
        # The first error's text quotes the value that was wrong: it may be personal.
        raise UnreadableError("a record is malformed") from None
