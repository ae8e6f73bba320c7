"""The messages kept as evidence, made readable: JSON and XML laid out in lines, in their own character set; the cells
of a request list row by row.

A source can send anything, signed or not, and all of it is kept. What is long, deep or neither JSON nor XML is shown
as it was sent.
"""

import json
from collections.abc import Callable
from typing import Any

from lxml import etree

from verification import spreadsheet
from verification.spreadsheet import guarding

LONGEST = 60_000  # characters shown; the whole is kept
LAID_OUT = 200_000  # bytes; what is longer is shown as it is
DEEPEST = 100  # levels of nesting


def readable(message: bytes) -> str:
    """The text of a message, laid out where that can be done. Empty for none."""
    message = bytes(message)
    if message.startswith(guarding.ZIP):
        return spreadsheet.as_text(message)
    is_xml = message.lstrip().startswith(b"<")
    if len(message) <= LAID_OUT and (laid_out := _xml(message) if is_xml else _json(message)):
        return laid_out[:LONGEST]
    return message[: 4 * LONGEST].decode("gb18030" if is_xml else "utf-8", errors="replace")[:LONGEST]


def _xml(message: bytes) -> str:
    """Decoded by Python, since the GB18030 of libxml2 depends on how that was built."""
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(message.decode("gb18030").encode(), parser)
    except (etree.LxmlError, ValueError):
        return ""
    if _is_deep(root, list):
        return ""
    etree.indent(root)
    return str(etree.tostring(root, encoding="unicode"))


def _json(message: bytes) -> str:
    try:
        whole = json.loads(message)
    except (ValueError, RecursionError):
        return ""
    return "" if _is_deep(whole, _inside) else json.dumps(whole, ensure_ascii=False, indent=2)


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _is_deep(root: Any, inside: Callable[[Any], list[Any]]) -> bool:
    """Whether there are more levels than are laid out: each line of one would begin with so many spaces."""
    level = [root]
    for _ in range(DEEPEST):
        level = [each for value in level for each in inside(value)]
        if not level:
            return False
    return True
