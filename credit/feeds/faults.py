"""Why a file of a receiver cannot be taken: a code for programs, made into words when it is read."""

from enum import StrEnum

from msgspec import Struct


class FileFault(StrEnum):
    """One kind of fault of a whole file."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    WRONG_ENCODING = "wrong_encoding"
    NO_HEADER = "no_header"  # another kind of file
    TRUNCATED = "truncated"  # no trailer
    BAD_LINE = "bad_line"
    WRONG_COUNT = "wrong_count"
    WRONG_DIGEST = "wrong_digest"
    UNKNOWN_BATCH = "unknown_batch"
    OTHER_BATCH = "other_batch"  # the digest of our file in it is not ours
    ANSWERED = "answered"  # this batch has its receipt
    UNKNOWN_KEY = "unknown_key"
    KEY_TWICE = "key_twice"
    UNKNOWN_COLUMN = "unknown_column"
    OTHER_RECEIVER = "other_receiver"
    REPLACED = "replaced"  # this batch was sent anew as a whole
    WRONG_DAY = "wrong_day"  # ahead, or before the batch
    TAKEN = "taken"  # this very file was taken before


class Where(Struct, frozen=True):
    """Where in the file: the line, counted from 1 (0: the file as a whole), and what it is about."""

    line: int = 0
    what: str = ""


class UnfitFileError(Exception):
    """A file that is not taken. Nothing of it was written."""

    def __init__(self, fault: FileFault, *, line: int = 0, what: str = "") -> None:
        super().__init__(f"{fault.value} {what}".strip())
        self.fault = fault
        self.where = Where(line, what)
