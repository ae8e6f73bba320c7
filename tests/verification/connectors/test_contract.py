"""docs/source-contract.md holds true: its signatures, its examples, its tables."""

import hmac
import re
from pathlib import Path
from typing import get_args, get_type_hints

import msgspec
import pytest

from tests.verification.connectors.source import HAN, LI, SECRET, question, sm3
from verification.facts import Outcome, ReplyMode
from verification.record_form import Coded
from verification.records import Record
from verification.records.deposit import ELEMENTS
from verification.wire import json_envelope, matching, signing, xml_envelope

CONTRACT = (Path(__file__).parents[3] / "docs" / "source-contract.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```http\n(.*?)\n```\n(?:```(json|xml)\n(.*?)\n```)?", CONTRACT, re.DOTALL)
KINDS = {kind.__struct_config__.tag: kind for kind in get_args(Record)}
FIELD_ROW = re.compile(r"^\| (`[a-z_0-9`, ]+`) \|(.*)$", re.MULTILINE)


def body_of(language, text):
    return text.encode("gb18030" if language == "xml" else "utf-8")


def headers_of(block):
    return dict(line.split(": ", 1) for line in block.splitlines()[1:])


def expected_signature(block, body):
    headers, (first, second, *_) = headers_of(block), block.splitlines()[0].split()
    time, nonce = headers["X-Check-Time"], headers["X-Check-Nonce"]
    if first.startswith("HTTP/"):
        return hmac.new(SECRET, f"{second}\n{nonce}\n{time}\n{sm3(body)}".encode(), "sm3").hexdigest()
    return hmac.new(SECRET, f"{first}\n{second}\n{time}\n{nonce}\n{sm3(body)}".encode(), "sm3").hexdigest()


def test_there_is_an_example_of_every_request_and_answer():
    assert len(BLOCKS) == 10


@pytest.mark.parametrize(("block", "language", "text"), BLOCKS)
def test_the_examples_are_rightly_signed(block, language, text):
    assert headers_of(block)["X-Check-Signature"] == expected_signature(block, body_of(language, text))


def test_the_test_vector_is_right():
    body = '{"person_name":"王坔"}'.encode()
    nonce = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
    request = signing.request_signature(
        SECRET, "POST", "/housing_bureau/v1/queries", 1795313730, nonce, signing.sm3(body)
    )
    answer = signing.answer_signature(SECRET, 200, nonce, 1795313731, signing.sm3(b'{"ok":true}'))
    for value in (SECRET.hex(), signing.sm3(b""), signing.sm3(b"abc"), request, answer):
        assert f"`{value}`" in CONTRACT


def test_sm3_and_its_hmac_are_those_of_another_library():
    assert signing.sm3(b"abc") == sm3(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


@pytest.mark.parametrize(
    ("example", "read", "number", "dialect", "outcomes"),
    [
        (1, json_envelope.read_reply, "housing_bureau-7c1f0a9e", "gov_json", (Outcome.FOUND, Outcome.NONE)),
        (3, xml_envelope.read_reply, "icbc-5d20b7c4", "bank_xml", (Outcome.FOUND, Outcome.NONE)),
        (9, json_envelope.read_reply, "province-2b9e41d0", "province_batch", (Outcome.NONE, Outcome.FOUND)),
    ],
)
def test_the_example_answers_are_understood(example, read, number, dialect, outcomes):
    _, language, text = BLOCKS[example]
    heard = read(body_of(language, text), number)
    [answer] = matching.match(
        [question(dialect, persons=(LI, HAN))], heard.said, replied_at=heard.replied_at, mode=ReplyMode.API
    )
    assert tuple(reply.outcome for reply in answer.replies) == outcomes


@pytest.mark.parametrize("example", [0, 4])
def test_the_example_requests_say_what_ours_say(example):
    sent = msgspec.json.decode(json_envelope.write_request("n", [question("gov_json")]))
    shown = msgspec.json.decode(BLOCKS[example][2])
    assert sent.keys() == shown.keys()
    assert sent["questions"][0].keys() == shown["questions"][0].keys()
    assert sent["questions"][0]["persons"][0].keys() == shown["questions"][0]["persons"][0].keys()


def test_the_example_request_to_a_bank_has_the_elements_of_ours():
    def elements(text):
        return re.findall(r"<([A-Z]+)>", text)

    ours = xml_envelope.write_request("n", [question("bank_xml")]).decode("gb18030")
    assert elements(ours) == elements(BLOCKS[2][2])


def section(kind):
    return re.split(r"^### |^## ", CONTRACT.split(f"`{kind}`\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


@pytest.mark.parametrize("kind", list(KINDS))
def test_the_table_of_a_kind_names_its_fields_and_no_others(kind):
    named = {name for cell, _ in FIELD_ROW.findall(section(kind)) for name in re.findall(r"[a-z_0-9]+", cell)}
    ours = set(KINDS[kind].__struct_encode_fields__)
    assert named | {"record_key"} == ours


@pytest.mark.parametrize("kind", list(KINDS))
def test_the_table_of_a_kind_lists_every_code(kind):
    record = KINDS[kind]
    rows = {name: rest for cell, rest in FIELD_ROW.findall(section(kind)) for name in re.findall(r"[a-z_0-9]+", cell)}
    hints = get_type_hints(record)
    for field, said in zip(record.__struct_fields__, record.__struct_encode_fields__, strict=True):
        for codes in (hints[field], *get_args(hints[field])):
            if isinstance(codes, type) and issubclass(codes, Coded):
                meanings = rows[said].replace("scheme 1", "").replace(" of 01", "")
                assert set(re.findall(r"`([0-9A-Z]{1,2})`", meanings)) == {member.code for member in codes}, said


def test_the_table_of_deposits_names_every_element_of_a_bank():
    for element, (field, _) in ELEMENTS.items():
        assert f"| `{field}` | `{element}` |" in CONTRACT


def test_result_codes_and_purposes_stand_in_the_contract():
    for result, code in xml_envelope.RESULTS.items():
        assert f"| {code} | `{result}` |" in CONTRACT
    for purpose, code in xml_envelope.PURPOSES.items():
        assert f"`{purpose}`" in CONTRACT
        assert f"`{code}` {purpose}" in CONTRACT
