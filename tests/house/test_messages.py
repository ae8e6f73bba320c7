"""The words that people meet: every text has its Chinese, both sides take the same figures, one word per idea."""

import unicodedata
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from django.utils import translation
from django.utils.translation import gettext, ngettext, pgettext

from housing_credit import messages

MARKS = ("P", "S", "Z", "N")  # punctuation, signs, spaces, numerals such as ²
# Words for which the glossary has another one.
AVOIDED = {
    "登陆": "登录",
    "回复": "反馈 of a source, 答复 to an objection",
    "公租房": "公共租赁住房",
    "帐号": "账号",
    "核验结果": "核对结果",
    "证件号码": "身份证号",
    "疑似问题": "疑点",
    "经办窗口人员": "窗口协理员",
    "房产局": "住房保障部门",
}
# Proper names in a hint: a number plate, a place.
CHINESE_IN_ENGLISH = {"苏M12345", "苏MD12345", "医药高新区"}


@pytest.fixture(scope="module")
def texts() -> Catalog:
    return messages.collect()


@pytest.fixture(scope="module")
def chinese() -> Catalog:
    return messages.read()


def test_every_text_has_a_chinese_that_can_be_used(texts, chinese):
    assert messages.problems(texts, chinese) == []


def test_the_catalogue_holds_nothing_that_is_no_longer_said(texts, chinese):
    said = {(message.id, message.context) for message in texts}
    assert [message.id for message in chinese if (message.id, message.context) not in said] == []


@pytest.mark.parametrize(
    ("context", "text", "word"),
    [
        ("finding", "Dismiss", "排除"),
        ("finding", "Dismissed", "已排除"),
        ("source", "Release", "恢复查询"),
        ("source", "Released", "已恢复"),
        ("change", "Dropped", "已撤销"),
    ],
)
def test_a_word_of_findings_and_sources_is_not_that_of_a_credit_case(context, text, word):
    with translation.override("zh-hans"):
        assert pgettext(context, text) == word
        assert gettext(text) != word


def test_texts_are_written_in_english(texts):
    for message in texts:
        for text in _each(message.id):
            for name in CHINESE_IN_ENGLISH:
                text = text.replace(name, "")
            strange = [sign for sign in text if not sign.isascii() and unicodedata.category(sign)[0] not in MARKS]
            assert not strange, text


def test_the_chinese_keeps_to_the_words_of_the_glossary(chinese):
    found = [
        (string, word)
        for message in chinese
        if message.id
        for string in _each(message.string)
        for word in AVOIDED
        if word in string
    ]
    assert found == []


def test_chinese_stands_on_both_sides_of_a_sentence_without_latin_stops(chinese):
    """A Chinese sentence ends with a Chinese stop."""
    loose = [
        string
        for message in chinese
        if message.id
        for string in _each(message.string)
        if string.endswith((".", "?", "!", ";")) and not string.isascii()
    ]
    assert loose == []


def test_the_compiled_catalogue_speaks_chinese():
    with translation.override("zh-hans"):
        assert gettext("Commitment of honesty") == "守信承诺书"
        assert ngettext("%(days)d day left", "%(days)d days left", 3) % {"days": 3} == "剩余 3 天"
    with translation.override("en"):
        assert ngettext("%(days)d day left", "%(days)d days left", 3) % {"days": 3} == "3 days left"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A small project with one app and one template."""
    (tmp_path / "bureau").mkdir()
    (tmp_path / "templates").mkdir()
    return tmp_path


def _collected(place: Path, *, code: str = "", page: str = "") -> list[tuple[object, str | None, list[str]]]:
    (place / "bureau" / "words.py").write_text(code, encoding="utf-8")
    (place / "templates" / "page.html").write_text(page, encoding="utf-8")
    return [(message.id, message.context, message.auto_comments) for message in messages.collect(place) if message.id]


def test_a_marker_is_found_under_the_name_it_is_imported_by(place):
    code = "from django.utils.translation import gettext as _now, pgettext_lazy as p\n"
    code += "_now('One ' 'two')\np('file', 'Open')\n"
    assert _collected(place, code=code) == [("One two", None, []), ("Open", "file", [])]


def test_texts_of_plain_modules_and_texts_inside_f_strings_are_found(place):
    plain = "from gettext import gettext as _\nREASONS = {'empty': _('Empty file')}\n"
    assert _collected(place, code=plain) == [("Empty file", None, [])]
    within = "from django.utils.translation import gettext as _\nx = f\"{1}; {_('and more')}\"\n"
    assert _collected(place, code=within) == [("and more", None, [])]


def test_a_text_that_is_filled_in_before_it_is_translated_is_a_problem(place):
    _collected(place, code="from gettext import gettext as _\nname = 'x'\n_(f'Dear {name}')\n")
    assert [problem.why for problem in messages.filled_in(place)] == ["f-string"]
    assert messages.filled_in() == []


def test_a_name_that_is_no_marker_is_left_alone(place):
    assert _collected(place, code="_ = print\n_('Not a text for people')\n") == []


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ('  <b>{% translate "Save" as label %}</b>', [("Save", None, [])]),
        ('{# Translators: 打开 #}{% translate "Open" context "file" %}', [("Open", "file", ["Translators: 打开"])]),
        ('{% card _("Household") note=_("As declared") %}', [("Household", None, []), ("As declared", None, [])]),
        ('{{ name|default:_("Nobody") }}', [("Nobody", None, [])]),
        (
            "{% blocktranslate trimmed count n=n %}{{ n }} paper\n{% plural %}\n{{ n }} papers{% endblocktranslate %}",
            [(("%(n)s paper", "%(n)s papers"), None, [])],
        ),
        ("<p>{% blocktranslate %}100 % of {{ x }}{% endblocktranslate %}</p>", [("100 %% of %(x)s", None, [])]),
    ],
)
def test_texts_of_templates_are_found(place, page, found):
    assert _collected(place, page=page) == found


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("", "missing"),
        ('msgid "%(n)s papers"\nmsgstr ""\n', "untranslated"),
        ('#, fuzzy\nmsgid "%(n)s papers"\nmsgstr "%(n)s 份"\n', "fuzzy"),
        ('msgid "%(n)s papers"\nmsgstr "多份"\n', "placeholders"),
        ('msgid "%(n)s papers"\nmsgstr "%(n)s 份，%(m)s"\n', "placeholders"),
    ],
)
def test_a_chinese_that_cannot_be_used_is_told_with_the_reason(place, tmp_path, entry, why):
    (place / "bureau" / "words.py").write_text(
        "from django.utils.translation import gettext as _\n_('%(n)s papers')\n", encoding="utf-8"
    )
    po = tmp_path / "django.po"
    po.write_text(messages.HEADER + entry, encoding="utf-8")
    assert messages.problems(messages.collect(place), messages.read(po)) == [messages.Problem("%(n)s papers", why)]


def test_collecting_twice_changes_nothing_and_keeps_what_was_translated(place, tmp_path):
    (place / "bureau" / "words.py").write_text(
        "from django.utils.translation import gettext as _\n_('New')\n_('Kept')\n", encoding="utf-8"
    )
    po = tmp_path / "django.po"
    po.write_text(messages.HEADER + 'msgid "Gone"\nmsgstr "走"\n\nmsgid "Kept"\nmsgstr "留"\n', encoding="utf-8")
    once = messages.written(messages.merged(messages.collect(place), messages.read(po)))
    po.write_text(once, encoding="utf-8")
    assert messages.written(messages.merged(messages.collect(place), messages.read(po))) == once
    assert 'msgid "New"\nmsgstr ""' in once
    assert 'msgid "Kept"\nmsgstr "留"' in once
    assert "Gone" not in once
    assert ":1" not in once


def _each(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)
