"""What comes back from a receiver: the receipt of a batch (回执), and what it holds, for the monthly reconciliation.

H | batch | day | SM3 of our file          H | provider | kind | day
E | record_key | code | message            N | record_key | …some of the columns
E | * | code | message   the whole batch   D | SX2026-000001-12 | …
T | accepted | rejected | SM3              T | count | SM3
"""

from collections.abc import Mapping as Named
from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from credit.feeds import framing
from credit.feeds.faults import FileFault, UnfitFileError
from credit.feeds.framing import DETAIL, HEADER, NAMES
from credit.feeds.mapping import Mapping

ERROR = "E"
LONGEST_KEY, LONGEST_CODE = 60, 20
ALL = "*"
KEY = "record_key"


class Refusal(Struct, frozen=True):
    """A record that the receiver did not take, and why; of `ALL` records, the batch as a whole."""

    record_key: str
    code: str
    message: str


class Receipt(Struct, frozen=True):
    """What the receiver made of a batch."""

    batch: str
    on: date
    digest: str  # of the file that it received
    accepted: int
    rejected: int
    refusals: tuple[Refusal, ...] = ()

    @property
    def refuses_all(self) -> bool:
        """Whether the batch as a whole was refused."""
        return any(refusal.record_key == ALL for refusal in self.refusals)


class Holdings(Struct, frozen=True):
    """What the receiver holds on a day: the values that it tells of each record, by key."""

    provider: str
    kind: str
    on: date
    records: dict[str, dict[str, str]]


def read_receipt(content: bytes, mapping: Mapping) -> Receipt:
    """A receipt that is whole and agrees with itself. Raises `UnfitFileError`."""
    framed = framing.read(content, mapping, fewest=4, counts=2)
    refusals: dict[str, Refusal] = {}
    for number, row in framed.body:
        if len(row) != 4 or row[0] != ERROR or not (_is_key(row[1]) and 0 < len(row[2].strip()) <= LONGEST_CODE):
            raise UnfitFileError(FileFault.BAD_LINE, line=number)
        if row[1] in refusals:
            raise UnfitFileError(FileFault.KEY_TWICE, line=number, what=row[1])
        refusals[row[1]] = Refusal(*row[1:])
    last = len(framed.body) + 2
    accepted, rejected = (framing.count_of(text, last) for text in framed.trailer)
    whole = ALL in refusals
    if (whole and (accepted or len(refusals) > 1)) or (not whole and rejected != len(refusals)):
        raise UnfitFileError(FileFault.WRONG_COUNT, line=last)
    batch, day, digest = framed.header[1:4]
    return Receipt(batch, _day(day), digest.strip().lower(), accepted, rejected, tuple(refusals.values()))


def write_receipt(mapping: Mapping, receipt: Receipt) -> bytes:
    """A receipt as a receiver writes it."""
    rows = [
        [HEADER, receipt.batch, f"{receipt.on:%Y%m%d}", receipt.digest],
        *([ERROR, each.record_key, each.code, each.message] for each in receipt.refusals),
    ]
    return framing.write(mapping, rows, [str(receipt.accepted), str(receipt.rejected)])


def read_holdings(content: bytes, mapping: Mapping) -> Holdings:
    """What a receiver says that it holds. Raises `UnfitFileError`."""
    framed = framing.read(content, mapping, fewest=4, counts=1)
    provider, kind, day = framed.header[1:4]
    if (provider, kind) != (mapping.provider, mapping.kind):
        raise UnfitFileError(FileFault.OTHER_RECEIVER, line=1, what=f"{provider}_{kind}")
    names = framed.body[0][1] if framed.body else ()
    if names[:2] != (NAMES, KEY):
        raise UnfitFileError(FileFault.NO_HEADER, line=2)
    columns = names[2:]
    if unknown := [name for name in columns if name not in mapping.headers]:
        raise UnfitFileError(FileFault.UNKNOWN_COLUMN, line=2, what=unknown[0])
    records: dict[str, dict[str, str]] = {}
    for number, row in framed.body[1:]:
        if len(row) != len(names) or row[0] != DETAIL or not _is_key(row[1]):
            raise UnfitFileError(FileFault.BAD_LINE, line=number)
        if row[1] in records:
            raise UnfitFileError(FileFault.KEY_TWICE, line=number, what=row[1])
        records[row[1]] = dict(zip(columns, row[2:], strict=True))
    last = len(framed.body) + 2
    if framing.count_of(framed.trailer[0], last) != len(records):
        raise UnfitFileError(FileFault.WRONG_COUNT, line=last)
    return Holdings(provider, kind, _day(day), records)


def write_holdings(
    mapping: Mapping, on: date, records: Named[str, Named[str, str]], columns: Sequence[str] = ()
) -> bytes:
    """What a receiver holds, as it writes it: the keys, and these columns."""
    rows = [
        [HEADER, mapping.provider, mapping.kind, f"{on:%Y%m%d}"],
        [NAMES, KEY, *columns],
        *([DETAIL, key, *(values.get(name, "") for name in columns)] for key, values in records.items()),
    ]
    return framing.write(mapping, rows, [str(len(records))])


def _is_key(text: str) -> bool:
    return bool(text.strip()) and len(text) <= LONGEST_KEY


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UnfitFileError(FileFault.BAD_LINE, line=1, what=text) from None
