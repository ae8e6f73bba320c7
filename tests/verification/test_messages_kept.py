"""The messages kept as evidence are laid out to be read, whatever a source has sent."""

import time

import pytest

from verification.views.messages_kept import LONGEST, readable

HOSTILE = [
    b"[" * 100_000,
    b'{"a":' * 30_000,
    b"[" * 900 + b"1," * 90_000 + b"1" + b"]" * 900,
    b"<a>" * 3000,
    b"<a>" * 3000 + b"</a>" * 3000,
    b"<r>" + b"<b/>" * 2_000_000 + b"</r>",
    b'<!DOCTYPE x [<!ENTITY a "'
    + b"a" * 10_000
    + b'"><!ENTITY b "'
    + b"&a;" * 10_000
    + b'">]><x>'
    + b"&b;" * 9000
    + b"</x>",
    b"\xff\xfe\x00",
    b"<",
]


def test_json_and_xml_are_laid_out_in_their_own_character_set():
    assert readable('{"name":"王㛃"}'.encode()) == '{\n  "name": "王㛃"\n}'
    bank = '<?xml version="1.0" encoding="GB18030"?><A><B>王㛃𬱖</B></A>'.encode("gb18030")
    assert readable(bank) == "<A>\n  <B>王㛃𬱖</B>\n</A>"
    assert readable(b"") == ""
    assert readable(b"out of service") == "out of service"


@pytest.mark.parametrize("message", HOSTILE, ids=lambda message: message[:12].decode(errors="replace"))
def test_what_is_long_deep_or_neither_is_shown_as_it_was_sent_and_at_once(message):
    started = time.process_time()
    text = readable(message)
    assert time.process_time() - started < 2  # seconds
    assert text[:1] == message[:1].decode(errors="replace")
    assert len(text) <= LONGEST


def test_an_entity_is_not_read_from_a_file():
    assert "root:" not in readable(b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>')
