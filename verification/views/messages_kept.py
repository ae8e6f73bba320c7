"""The messages kept as evidence, made readable: JSON and XML laid out in lines, in their own character set."""

import json
from xml.dom import minidom
from xml.parsers.expat import ExpatError

LONGEST = 60_000  # characters shown; the whole is kept


def readable(message: bytes) -> str:
    """The text of a message as sent, laid out; what is neither JSON nor XML is shown as it is. Empty for none."""
    return _laid_out(bytes(message))[:LONGEST]


def _laid_out(message: bytes) -> str:
    if message.lstrip().startswith(b"<"):
        try:
            # Our own evidence, within the limit of size; expat loads nothing from outside.
            return minidom.parseString(message).toprettyxml(indent="  ")  # noqa: S318
        except (ExpatError, ValueError):
            return message.decode("gb18030", errors="replace")
    try:
        return json.dumps(json.loads(message), ensure_ascii=False, indent=2)
    except ValueError:
        return message.decode("utf-8", errors="replace")
