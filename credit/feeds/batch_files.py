"""A batch (报送批次) as a file: header, names of the columns, one detail line for each record, trailer.

H | batch | provider | kind | day | number of the day | count of lines
N | action | record_key | …the receiver's columns
D | A | SX2026-000001-12 | 胡建军 | …
T | lines | added | changed | deleted | SM3
"""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from credit.feeds import framing
from credit.feeds.differences import Action
from credit.feeds.faults import FileFault, UnfitFileError
from credit.feeds.framing import DETAIL, HEADER, NAMES
from credit.feeds.mapping import Mapping

OWN_NAMES = ("action", "record_key")
Values = dict[str, str]  # by the receiver's name of the column


class Line(Struct, frozen=True):
    """What becomes of one record. A deletion says nothing but its key."""

    action: Action
    record_key: str
    values: Values = {}


class WrittenBatch(Struct, frozen=True):
    """A batch as it was read back from its file."""

    name: str
    lines: tuple[Line, ...]


def name_of(mapping: Mapping, day: date, number: int) -> str:
    """The number of a batch, which is the name of its file."""
    return f"{mapping.provider}_{mapping.kind}_{day:%Y%m%d}_{number:04d}"


def write_batch(mapping: Mapping, name: str, lines: Sequence[Line]) -> bytes:
    """The file of a batch. It is read back before it is given out: no character may be lost on the way."""
    day, number = name.rsplit("_", 2)[1:]
    words = _words(mapping)
    rows = [
        [HEADER, name, mapping.provider, mapping.kind, day, number, str(len(lines))],
        [NAMES, *OWN_NAMES, *mapping.headers],
        *(
            [DETAIL, words[line.action], line.record_key, *(line.values.get(header, "") for header in mapping.headers)]
            for line in lines
        ),
    ]
    counts = [sum(line.action is action for line in lines) for action in Action]
    content = framing.write(mapping, rows, [str(len(lines)), *map(str, counts)])
    if read_batch(content, mapping).lines != tuple(map(_as_read, lines)):
        raise AssertionError(f"the file of {name} does not say what was to be written")
    return content


def read_batch(content: bytes, mapping: Mapping) -> WrittenBatch:
    """A batch as its receiver reads it. Raises `UnfitFileError`."""
    framed = framing.read(content, mapping, fewest=7, counts=4)
    if not framed.body or framed.body[0][1] != (NAMES, *OWN_NAMES, *mapping.headers):
        raise UnfitFileError(FileFault.UNKNOWN_COLUMN, line=2)
    actions = {word: action for action, word in _words(mapping).items()}
    lines = []
    for number, row in framed.body[1:]:
        if row[0] != DETAIL or len(row) != len(mapping.headers) + 3 or row[1] not in actions:
            raise UnfitFileError(FileFault.BAD_LINE, line=number)
        action = actions[row[1]]
        values = {} if action is Action.DELETE else dict(zip(mapping.headers, row[3:], strict=True))
        lines.append(Line(action, row[2], values))
    counts = [str(sum(line.action is action for line in lines)) for action in Action]
    if framed.trailer != (str(len(lines)), *counts) or framed.header[6] != str(len(lines)):
        raise UnfitFileError(FileFault.WRONG_COUNT, line=framed.body[-1][0] + 1)
    return WrittenBatch(framed.header[1], tuple(lines))


def _words(mapping: Mapping) -> dict[Action, str]:
    return {action: getattr(mapping.actions, action.value) for action in Action}


def _as_read(line: Line) -> Line:
    values = {name: framing.clean(value) for name, value in line.values.items()}
    return Line(line.action, line.record_key, {} if line.action is Action.DELETE else values)
