"""Pages need nothing from elsewhere and carry no script or style of their own (a strict CSP can then hold)."""

import re

import pytest

from tests.house.rules.sources import ROOT

TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt"})
STATIC = sorted(path for path in (ROOT / "static").rglob("*") if path.suffix in {".css", ".js", ".svg"})
INLINE = re.compile(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|<script(?![^>]*\ssrc=)", re.IGNORECASE)
FOREIGN = re.compile(r"(?:https?:)?//(?!127\.0\.0\.1|localhost)[a-z0-9-]+\.[a-z]", re.IGNORECASE)
NAMESPACES = re.compile(r"https?://www\.w3\.org/\S+")


def in_project(path):
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", TEMPLATES, ids=in_project)
def test_a_template_has_no_script_style_or_handler_in_it(path):
    assert INLINE.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", [*TEMPLATES, *STATIC], ids=in_project)
def test_nothing_is_fetched_from_a_foreign_host(path):
    assert FOREIGN.findall(NAMESPACES.sub("", path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=in_project)
def test_nothing_is_marked_safe_unread(path):
    assert not re.search(r"\|\s*safe\b|autoescape\s+off", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "text", ["<script>x</script>", '<p style="a">', "<style>", '<a onclick="x">', '<a href="javascript:x">']
)
def test_the_rule_sees_what_it_forbids(text):
    assert INLINE.search(text)


def test_the_rule_lets_files_of_ours_pass():
    assert not INLINE.search('<script src="/static/a.js" defer></script>')
    assert FOREIGN.search("https://cdn.example.com/a.js")
    assert not FOREIGN.search("http://127.0.0.1:8000/")
