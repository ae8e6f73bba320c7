"""What the documents promise is so: links lead somewhere, lists are whole, commands exist."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

from housing_credit.env import Env
from housing_credit.seeds.people import CAST, DEMO_PASSWORD

ROOT = Path(settings.BASE_DIR)
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_to_a_file(document):
    broken = [
        target
        for target in LINK.findall(document.read_text(encoding="utf-8"))
        if not (document.parent / target).exists()
    ]
    assert broken == []


@pytest.mark.parametrize("name", sorted(Env.__struct_fields__))
def test_every_variable_of_the_environment_is_explained(name):
    assert f"`{name.upper()}`" in read("docs/operations.md")


@pytest.mark.parametrize("requirements", ["requirements.txt", "requirements-dev.txt"])
def test_every_dependency_has_its_reason(requirements):
    reasons = read("docs/decisions/0002-dependencies.md")
    names = [line.split("==")[0] for line in read(requirements).splitlines() if "==" in line]
    assert [
        name for name in names if not re.search(rf"^\|[^|]*(?<![\w-]){re.escape(name)}(?![\w-])", reasons, re.MULTILINE)
    ] == []


def test_the_readme_names_the_demo_logins():
    readme = read("README.md")
    assert DEMO_PASSWORD in readme
    assert [person.username for person in CAST if f"| `{person.username}` |" not in readme] == []


def test_every_management_command_that_is_named_exists():
    commands = {*get_commands(), "COMMAND"}
    named = {
        name
        for document in DOCUMENTS
        for name in re.findall(r"manage\.py ([A-Za-z_]+)", document.read_text(encoding="utf-8"))
    }
    assert named <= commands
