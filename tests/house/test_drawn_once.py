"""What is drawn without Django's own templates is drawn as Django draws it."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.template import engines
from django.test.html import parse_html
from django.utils import translation
from django.utils.translation import gettext_lazy

from housing_credit.form_renderer import Renderer

NASTY = '"><b>&'


class _Form(forms.Form):
    period = forms.ChoiceField(
        choices=[("", "All"), ("2014", [("2014-1", "January"), (NASTY, NASTY)]), (NASTY, [(7, gettext_lazy("Kind"))])],
        widget=forms.Select(attrs={"title": NASTY, "hidden": True, "autofocus": False}),
    )
    places = forms.MultipleChoiceField(choices=[(1, "one"), (2, "two")], widget=forms.SelectMultiple)
    known = forms.NullBooleanField()
    days = forms.ChoiceField(choices=[("1", date(2026, 11, 30)), ("2", Decimal("1234.5"))])


@pytest.mark.parametrize("data", [{}, {"period": "2014-1"}, {"period": NASTY, "places": ["1", "2"], "known": "true"}])
@pytest.mark.parametrize("field", ["period", "places", "known", "days"])
def test_a_list_to_choose_from_is_drawn_as_django_draws_it(field, data):
    ours, theirs = (_Form(data or None, renderer=renderer) for renderer in (Renderer(), DjangoTemplates()))
    assert parse_html(str(ours[field])) == parse_html(str(theirs[field]))


def _drawn(text: str, **context: object) -> str:
    return engines["django"].from_string("{% load i18n parts %}" + text).render(context)


def test_constant_words_are_kept_for_each_language_on_its_own():
    template = engines["django"].from_string('{% load i18n %}{% translate "Kind" %}')
    for _time in range(2):
        with translation.override("en"):
            assert template.render() == "Kind"
        with translation.override("zh-hans"):
            assert template.render() != "Kind"


def test_words_that_are_not_constant_are_looked_up_each_time():
    template = engines["django"].from_string("{% load i18n %}{% translate word as told %}{{ told }}")
    assert [template.render({"word": word}) for word in ("one", "two")] == ["one", "two"]
    with translation.override("en"):
        assert _drawn('{% translate "Kind" as told %}[{{ told }}]') == "[Kind]"


def test_a_fact_escapes_what_it_tells_and_leaves_out_what_is_not_there():
    drawn = _drawn("{% fact label value note=note %}", label=NASTY, value=NASTY, note=None)
    assert NASTY not in drawn
    assert drawn.count("&quot;&gt;&lt;b&gt;&amp;") == 2
    assert "fact-note" not in drawn
    assert "fact-action" not in drawn
    assert ">--<" in _drawn('{% fact "Area" value %}', value=None)
    assert ">0<" in _drawn('{% fact "Area" value numeric=True %}', value=0)


def test_a_fact_that_can_be_changed_says_what_its_link_changes():
    drawn = _drawn('{% fact "Area" "52.30" change_url=url wide=True %}', url="/x/?a=1&b=2")
    assert 'href="/x/?a=1&amp;b=2"' in drawn
    assert '<span class="visually-hidden"> Area</span>' in drawn
    assert "fact-wide" in drawn


def test_evidence_is_folded_under_its_summary_and_escapes_what_it_tells():
    kept = {"source": NASTY, "request_number": "HD2026-000001-01", "digest": "5b3c", "replied_at": None}
    drawn = _drawn("{% load evidence %}{% evidence kept summary %}", kept=kept | {"data_date": None}, summary=NASTY)
    assert NASTY not in drawn
    assert drawn.count("&quot;&gt;&lt;b&gt;&amp;") == 2
    assert drawn.startswith('<details class="details"><summary>')
    assert drawn.count('<div class="fact">') == 5  # neither how it came nor a record
    full = kept | {"data_date": date(2026, 11, 2), "mode": "清单", "record_key": "苏M12345"}
    assert _drawn("{% load evidence %}{% evidence kept summary %}", kept=full, summary="").count('class="fact"') == 7
