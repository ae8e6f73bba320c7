"""Collect every text that a person may see, and keep the Chinese catalogue complete. Babel, no system gettext.

A text is written in English where it is used; its Chinese stands in `locale/zh_Hans/LC_MESSAGES/django.po`. The
catalogue carries no dates and no line numbers, so that it changes only when a text does.
"""

import ast
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message, TranslationError
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
CHINESE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
APPS = ("applications", "benefits", "bureau", "credit", "housing_credit", "verification")
COMMENT_TAG = "Translators:"

Places = tuple[int | tuple[int, int] | tuple[int, str], ...]  # which arguments are text, plural, context ("c")
SINGULAR: Places = (1,)
PLURAL: Places = (1, 2)
CONTEXT: Places = ((1, "c"), 2)
CONTEXT_PLURAL: Places = ((1, "c"), 2, 3)
MARKERS: Mapping[str, Places] = {
    "gettext": SINGULAR,
    "gettext_lazy": SINGULAR,
    "gettext_noop": SINGULAR,
    "ngettext": PLURAL,
    "ngettext_lazy": PLURAL,
    "pgettext": CONTEXT,
    "pgettext_lazy": CONTEXT,
    "npgettext": CONTEXT_PLURAL,
    "npgettext_lazy": CONTEXT_PLURAL,
}
MODULES_OF_MARKERS = ("django.utils.translation", "gettext")

HEADER = """\
# The Chinese catalogue of Housing Credit (住房保障诚信管理系统). Words follow docs/glossary.md.
# New texts are added by `manage.py collect_messages`; only the msgstr lines are written by hand.
msgid ""
msgstr ""
"Language: zh_Hans\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""

_TEMPLATE_COMMENT = re.compile(r"(\{#[^\n]*?#\})\s*")
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|(?<!%)%[sd]")


@dataclass(frozen=True)
class Problem:
    """A text whose Chinese cannot be used, and why."""

    text: str
    why: str  # missing | untranslated | fuzzy | placeholders | format | f-string


def collect(root: Path = ROOT) -> Catalog:
    """Every marked text of the apps and templates, in the order of files and lines, with its translators' comments."""
    template = Catalog(fuzzy=False)
    for path in _sources(root):
        name = path.relative_to(root).as_posix()
        for text, context, comments in _texts(path):
            template.add(text, locations=[(name, 0)], auto_comments=comments, context=context)
    return template


def _sources(root: Path) -> Iterator[Path]:
    for app in APPS:
        yield from sorted(path for path in (root / app).rglob("*.py") if "migrations" not in path.parts)
    for folder in ("templates", *(f"{app}/templates" for app in APPS)):
        yield from sorted((root / folder).rglob("*.html"))


def _texts(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None, list[str]]]:
    words = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        code, markers = _as_python(words, str(path)), {**MARKERS, "_": SINGULAR}
    else:
        markers = markers_of(words)
        code = f"{words}\n{_inside_f_strings(words, markers)}"
    for _line, text, comments, context in extract(
        "python", io.BytesIO(code.encode()), keywords=markers, comment_tags=(COMMENT_TAG,)
    ):
        yield text, context, comments


def markers_of(code: str) -> dict[str, Places]:
    """The names under which a module imports markers: `gettext_lazy as _` makes `_` one.

    Plain modules mark with Python's own gettext; Django's catalogue translates their texts where they are shown.
    """
    found = dict(MARKERS)
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and node.module in MODULES_OF_MARKERS:
            found |= {name.asname or name.name: MARKERS[name.name] for name in node.names if name.name in MARKERS}
    return found


def _inside_f_strings(code: str, markers: Mapping[str, Places]) -> str:
    """The marked texts inside f-strings, as lines of their own: to Python 3.11's tokenizer an f-string is one word."""
    strings = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.JoinedStr))
    return "\n".join(ast.unparse(call) for string in strings for call in _marked(string, markers))


def _marked(tree: ast.AST, markers: Mapping[str, Places]) -> Iterator[ast.Call]:
    """The calls of a marker, by the name it was imported by."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in markers:
            yield node


def filled_in(root: Path = ROOT) -> list[Problem]:
    """Marked texts that are f-strings: filled in before anybody looks for their Chinese, which is never found."""
    found = []
    for path in _sources(root):
        if path.suffix == ".py":
            code = path.read_text(encoding="utf-8")
            calls = _marked(ast.parse(code), markers_of(code))
            words = (word for call in calls for word in call.args if isinstance(word, ast.JoinedStr))
            found += [Problem(ast.unparse(word), "f-string") for word in words]
    return found


def _as_python(template: str, origin: str) -> str:
    """A template as calls that Python's tokenizer reads: comments end their line, and no line is indented."""
    calls = templatize(_TEMPLATE_COMMENT.sub(r"\1\n", template), origin=origin)
    return "".join(line.lstrip() for line in calls.splitlines(keepends=True))


def read(path: Path = CHINESE) -> Catalog:
    """The catalogue as it stands; an empty one when there is none yet."""
    if not path.exists():
        return read_po(io.StringIO(HEADER))
    with path.open("rb") as words:
        return read_po(words)


def merged(template: Catalog, known: Catalog) -> Catalog:
    """The template's texts in its order with the translations known; texts that are gone are dropped."""
    known.update(template, no_fuzzy_matching=True, update_creation_date=False)
    return known


def written(catalog: Catalog) -> str:
    """The catalogue as the text of its file: no dates, no line numbers, no obsolete entries."""
    output = io.BytesIO()
    write_po(output, catalog, width=0, omit_header=True, ignore_obsolete=True, include_lineno=False)
    return HEADER + output.getvalue().decode().rstrip("\n") + "\n"


def problems(template: Catalog, chinese: Catalog) -> list[Problem]:
    """What keeps the catalogue from being whole, in the template's order."""
    found = []
    for wanted in template:
        if wanted.id:
            message = chinese.get(wanted.id, context=wanted.context)
            if why := _why_unusable(message, chinese):
                found.append(Problem(_first(wanted.id), why))
    return found


def _why_unusable(message: Message | None, chinese: Catalog) -> str:
    if message is None:
        return "missing"
    if not message.string or not all(_each(message.string)):
        return "untranslated"
    if message.fuzzy:
        return "fuzzy"
    wanted = placeholders(_each(message.id)[-1])
    if any(placeholders(string) != wanted for string in _each(message.string)):
        return "placeholders"
    return "format" if _is_misformed(message, chinese) else ""


def _is_misformed(message: Message, chinese: Catalog) -> bool:
    errors: list[TranslationError] = message.check(chinese)
    return bool(errors)


def placeholders(text: str) -> set[str]:
    """The places of a text that are filled in: `%(count)s`, `%s`."""
    return set(_PLACEHOLDER.findall(text))


def _each(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _first(text: str | tuple[str, ...] | list[str]) -> str:
    return _each(text)[0]
