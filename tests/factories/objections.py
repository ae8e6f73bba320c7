"""Objections to results, as a window takes them in, against checks that were really asked and concluded."""

import json
from datetime import timedelta
from typing import Any

import pypdfium2
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from bureau import letters, workdays
from tests import papers
from tests.factories.later import SCENARIOS, asked, concluded
from tests.programs import Departments
from verification import objections, rechecks
from verification.models import Check, Dispute, Objection

SCENARIO = "hidden-flat"
SOURCE = "housing_bureau"
KEY = "泰州市不动产权第09556004号"
QUESTION = "请核实该房屋是否已转移登记。"
GROUNDS = "该房屋已于去年出售，登记未及时变更。"
WORDS = "经核实，该房屋已转移登记，现已更正。"


def unfit(check: Check, people: Any) -> Check:
    """The assessed check of a household with a hidden flat, concluded as unfit by `check`."""
    assert concluded(check, people["check"]).outcome == "unfit"
    return check


def set_right(departments: Departments) -> None:
    """From now on the register tells nothing of that flat."""
    people = json.loads((SCENARIOS / f"{SCENARIO}.json").read_text())["people"]
    for person in people:
        person["known"].pop(SOURCE, None)
    assert departments.ask("/control/people", "POST", {"people": people}) == {"pinned": len(people)}


def line_of(check: Check, source: str = SOURCE, place: int = 0) -> int:
    """The number of a line that a source told."""
    lines = [line for line in rechecks.disputable(rechecks.statement_of(check)) if line.source == source]
    return lines[place].number


def proof(content: bytes = papers.PDF, name: str = "sold.pdf") -> SimpleUploadedFile:
    """A scanned paper as it is uploaded."""
    return SimpleUploadedFile(name, content, "application/pdf")


def object_to(check: Check, people: Any, *lines: int, **changed: Any) -> Objection:
    """The household of a check disputes these lines, else the one of the flat."""
    today = timezone.localdate()
    given = {
        "grounds": GROUNDS,
        "lines": lines or (line_of(check),),
        "proofs": [("售房合同", proof())],
        "result_on": today,
        "due_on": today + timedelta(days=14),
        "department_days": 10,
        "by": people["window"],
    }
    return objections.receive(check, **given | changed)


def only_line(objection: Objection) -> Dispute:
    """The only disputed line of an objection."""
    dispute: Dispute = objection.disputes.get()
    return dispute


def checked_again(objection: Objection, people: Any) -> Check:
    """The household checked again by the second officer, and that check concluded as it is proposed."""
    check = asked(objections.check_again(objection, by=people["check2"]))
    concluded(check, people["check2"])
    return check


def text_of(document: Any) -> str:
    """What stands in a letter, without its line breaks."""
    pdf = pypdfium2.PdfDocument(letters.pdf_of(document))
    return "".join(page.get_textpage().get_text_bounded() for page in pdf).replace("\r", "").replace("\n", "")


def decide(objection: Objection, people: Any, act: str = "ask_again", reason: str = QUESTION) -> Dispute:
    """What the second officer decides on the only line."""
    return objections.decide(only_line(objection), act=act, reason=reason, by=people["check2"])


def reply(dispute: Dispute, people: Any, word: str, **changed: Any) -> Dispute:
    """What a department answered, written down by the second officer."""
    given = {"reply": word, "words": WORDS, "replied_on": workdays.today(), "by": people["check2"]}
    return objections.write_reply(dispute, **given | changed)
