"""A batch, its receipt and what the receiver holds come back from their files as they went in, or are refused."""

import pytest
from hypothesis import example
from hypothesis import given as for_all
from hypothesis import strategies as st

from bureau import ciphers
from credit.feeds import (
    Action,
    FileFault,
    Line,
    Receipt,
    Refusal,
    UnfitFileError,
    read_holdings,
    read_receipt,
    write_batch,
    write_holdings,
    write_receipt,
)
from credit.feeds.batch_files import name_of, read_batch
from credit.feeds.framing import UNWRITABLE
from tests.credit.feeds import given

BOTH = [given.CITY, given.BANK]
RARE = "王坔村𠮷𡈼䶮㛃龦\ue5e5\U00030000"  # rare characters of names and streets, in all planes
texts = st.text(st.characters(exclude_categories=UNWRITABLE), max_size=12)
keys = st.text("0123456789-SX", min_size=1, max_size=20)
lines = st.lists(st.tuples(keys, st.sampled_from(Action), texts, texts), max_size=6)


@pytest.mark.parametrize("code", BOTH)
@for_all(rows=lines)
@example(rows=[("1", Action.ADD, RARE, 'a"b|c,d;')])
@example(rows=[("1", Action.ADD, "", "\ufeff")])
@example(rows=[])
def test_a_batch_comes_back_as_it_went_in(code, rows):
    mapping = given.mapping(code)
    first, last = mapping.headers[0], mapping.headers[-1]
    written = [
        Line(action, key, {} if action is Action.DELETE else given.line(to=mapping, **{first: one, last: two}).values)
        for key, action, one, two in rows
    ]
    found = read_batch(write_batch(mapping, given.NAME, written), mapping)
    assert (found.name, found.lines) == (given.NAME, tuple(written))


@pytest.mark.parametrize("code", BOTH)
@for_all(refused=st.dictionaries(keys, texts, max_size=5), accepted=st.integers(0, 9999))
def test_a_receipt_comes_back_as_it_went_in(code, refused, accepted):
    mapping = given.mapping(code)
    refusals = tuple(Refusal(key, "E01", text) for key, text in refused.items())
    told = Receipt(given.NAME, given.DAY, "ab" * 32, accepted, len(refusals), refusals)
    assert read_receipt(write_receipt(mapping, told), mapping) == told


@pytest.mark.parametrize("code", BOTH)
@for_all(names=st.dictionaries(keys, texts, max_size=5))
def test_what_is_held_comes_back_as_it_went_in(code, names):
    mapping = given.mapping(code)
    header = mapping.headers[0]
    records = {key: {header: name} for key, name in names.items()}
    found = read_holdings(write_holdings(mapping, given.DAY, records, [header]), mapping)
    assert (found.on, found.records) == (given.DAY, records)


def test_a_file_has_header_columns_details_and_trailer_with_the_digest():
    content = write_batch(given.mapping(), given.NAME, [given.line(**{"主体名称": RARE})])
    rows = content.decode().split("\r\n")
    assert rows[0] == f"H|{given.NAME}|TZZFBZ|LHCJ|20261130|0001|1"
    assert rows[1].startswith("N|action|record_key|主体名称|主体类别|")
    assert rows[2].startswith(f"D|A|SX2026-000001-12|{RARE}|")
    before = content.rstrip()[:-64]
    assert rows[3] == f"T|1|1|0|0|{ciphers.sm3(before).hex()}"
    assert name_of(given.mapping(), given.DAY, 1) == given.NAME


def receipt(code=given.CITY, **change):
    values = {"batch": given.NAME, "on": given.DAY, "digest": "ab" * 32, "accepted": 3, "rejected": 1}
    values["refusals"] = (Refusal("SX2026-000001-12", "E01", "证件号码不合法"),)
    return write_receipt(given.mapping(code), Receipt(**{**values, **change}))


def fault(content, read=read_receipt, code=given.CITY):
    with pytest.raises(UnfitFileError) as caught:
        read(content, given.mapping(code))
    return caught.value.fault


def sealed(text):
    """A file of this text with the digest that belongs to it."""
    before = f"{text}|".encode()
    return before + ciphers.sm3(before).hex().encode() + b"\r\n"


def test_a_file_that_is_not_whole_is_refused():
    content = receipt()
    assert fault(b"") is FileFault.EMPTY
    assert fault(content[: content.rindex(b"T|")]) is FileFault.TRUNCATED
    assert fault(content[:-20]) is FileFault.TRUNCATED
    assert fault(content[: content.index(b"\r\n") + 2]) is FileFault.TRUNCATED
    assert fault(content[content.index(b"\n") + 1 :]) is FileFault.NO_HEADER
    assert fault(content.replace(b"E01", b"E02")) is FileFault.WRONG_DIGEST
    assert fault(b"PK\x03\x04 a workbook") is FileFault.NO_HEADER


@for_all(st.data())
def test_no_part_of_a_receipt_is_taken_for_the_whole(data):
    content = receipt()
    cut = data.draw(st.integers(0, len(content) - 3))
    with pytest.raises(UnfitFileError):
        read_receipt(content[:cut], given.mapping())


def test_a_file_in_another_encoding_is_refused():
    assert fault(receipt(given.BANK).replace(b",", b"|")) is FileFault.WRONG_ENCODING


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("H|B|20261130|ab\r\nE|1|E01\r\nT|0|1", FileFault.BAD_LINE),
        ("H|B|20261130|ab\r\nE|1|E01|x\r\nE|1|E02|x\r\nT|0|2", FileFault.KEY_TWICE),
        ("H|B|20261130|ab\r\nE|1|E01|x\r\nT|0|2", FileFault.WRONG_COUNT),
        ("H|B|20261130|ab\r\nE|*|E01|x\r\nT|1|2", FileFault.WRONG_COUNT),
        ("H|B|20261130|ab\r\nT|one|0", FileFault.BAD_LINE),
        ("H|B|20261130|ab\r\nT|1", FileFault.TRUNCATED),
        ("H|B|2026-13-01|ab\r\nT|1|0", FileFault.BAD_LINE),
        ('H|B|20261130|ab\r\nE|1|E01|"x\r\nT|0|1', FileFault.BAD_LINE),
        ("H|B|20261130|ab\r\n\r\nT|1|0", FileFault.BAD_LINE),
        ("H|B|20261130|ab\r\nE|1|E01|\x00\r\nT|0|1", FileFault.BAD_LINE),
        (f"H|B|20261130|ab\r\nE|{'1' * 61}|E01|x\r\nT|0|1", FileFault.BAD_LINE),
    ],
)
def test_a_receipt_that_contradicts_itself_is_refused(text, expected):
    assert fault(sealed(text)) is expected


def test_a_receipt_can_refuse_the_batch_as_a_whole():
    told = read_receipt(sealed("H|B|20261130|ab\r\nE|*|E90|格式\r\nT|0|7"), given.mapping())
    assert (told.refuses_all, told.rejected) == (True, 7)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("H|TZZFBZ|GGXX|20261130\r\nN|record_key\r\nT|0", FileFault.OTHER_RECEIVER),
        ("H|TZZFBZ|LHCJ|20261130\r\nT|0", FileFault.NO_HEADER),
        ("H|TZZFBZ|LHCJ|20261130\r\nN|record_key|电话\r\nT|0", FileFault.UNKNOWN_COLUMN),
        ("H|TZZFBZ|LHCJ|20261130\r\nN|record_key\r\nD|1\r\nD|1\r\nT|2", FileFault.KEY_TWICE),
        ("H|TZZFBZ|LHCJ|20261130\r\nN|record_key\r\nD|1|x\r\nT|1", FileFault.BAD_LINE),
        ("H|TZZFBZ|LHCJ|20261130\r\nN|record_key\r\nD|1\r\nT|2", FileFault.WRONG_COUNT),
    ],
)
def test_holdings_that_make_no_sense_are_refused(text, expected):
    assert fault(sealed(text), read_holdings) is expected


def test_a_batch_that_was_tampered_with_is_seen():
    content = write_batch(given.mapping(), given.NAME, [given.line()])
    assert fault(content.replace(b"|A|", b"|D|"), read_batch) is FileFault.WRONG_DIGEST


def test_lines_may_end_as_on_other_systems_and_begin_with_a_mark():
    content = sealed("\ufeffH|B|20261130|ab\nE|1|E01|x\nT|0|1")
    assert read_receipt(content.replace(b"\r\n", b"\n"), given.mapping()).batch == "B"
