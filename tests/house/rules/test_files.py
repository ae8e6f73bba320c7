"""Every file has one reason to exist and is short enough to be read at a sitting."""

import pytest

from tests.house.rules.sources import name_of, python_files

LONGEST = 300
# Longer for a reason; the limit of each is where it stands, so that it does not grow further.
EXEMPT = {
    "verification/wording/lines.py": (315, "one word list: every kind of statement line, one after another"),
    "tests/applications/test_desk.py": (350, "one desk after another, each refusal on its own"),
    "tests/verification/test_views.py": (350, "one page of the check centre after another"),
    "tests/house/test_embedded.py": (400, "one scenario after another, each on its own"),
    "tests/house/test_look.py": (400, "one part of the page after another"),
    "tests/verification/records/test_records.py": (350, "one record kind after another"),
}


@pytest.mark.parametrize("path", python_files(tests=True), ids=name_of)
def test_a_file_has_at_most_300_lines(path):
    limit, _reason = EXEMPT.get(name_of(path), (LONGEST, ""))
    assert len(path.read_text(encoding="utf-8").splitlines()) <= limit


def test_every_exemption_is_still_needed():
    files = {name_of(path): path for path in python_files(tests=True)}
    needless = [name for name in EXEMPT if len(files[name].read_text(encoding="utf-8").splitlines()) <= LONGEST]
    assert needless == []


def test_no_module_is_a_drawer_for_everything():
    drawers = {"utils", "helpers", "common", "core", "misc", "services", "managers", "signals", "shared"}
    assert [name_of(path) for path in python_files() if drawers & {path.stem, *path.parts}] == []
