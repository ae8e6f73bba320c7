"""What every page shares: how values are written, what the parts say to eye and screen reader, what the CSP allows."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from housing_credit.templatetags import look, tones
from housing_credit.templatetags.samples import SAMPLES
from verification.facts import Outcome

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "use", "path", "circle"}


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def part(source: str, **values: object) -> str:
    return Template("{% load look parts %}" + source).render(Context(values))


class Page(HTMLParser):
    """Collects ids, references between elements, headings, and elements that are never closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.references: set[str] = set()
        self.open: list[str] = []
        self.crossed: list[str] = []
        self.headings: list[int] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if "id" in values:
            self.ids.append(values["id"])
        for name in ("for", "aria-describedby", "aria-labelledby"):
            self.references.update((values.get(name) or "").split())
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.crossed.append(tag)


def styleguide() -> str:
    request = RequestFactory().get("/styleguide/")
    request.user = AnonymousUser()
    return render_to_string(
        "styleguide.html", {"me": SAMPLES["me"](), "menu": SAMPLES["menu"](), "inbox_count": 14}, request=request
    )


# Values


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (look.money(Decimal("12345.6")), "12,345.60"),
        (look.money("12345.6", 0), "12,346"),
        (look.money(Decimal(0)), "0.00"),
        (look.difference(Decimal("1200")), "+1,200.00"),
        (look.difference(Decimal("-35")), "-35.00"),
        (look.difference(Decimal("0.00")), "0.00"),
        (look.area(Decimal("52.3")), "52.30"),
        (look.percent(0.263), "26.3%"),
        (look.percent(2473 / 4970), "49.8%"),
        (look.moment(datetime(2019, 12, 8, 6, 8, tzinfo=UTC)), "2019-12-08 14:08"),
        (look.day(datetime(2019, 12, 8, 16, 30, tzinfo=UTC)), "2019-12-09"),
        (look.clock(datetime(2019, 12, 8, 6, 8, 31, tzinfo=UTC)), "14:08:31"),
        (look.dash(0), 0),
        (look.mask_name("仲春妮"), "仲*妮"),
        (look.moment(datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))), "0001-01-01 00:00"),
        (look.day(datetime(9999, 12, 31, 23, tzinfo=UTC)), "9999-12-31"),
        (look.mask_phone("18600001402"), "186****1402"),
    ],
)
def test_a_value_is_written_the_one_way(written, shown):
    assert written == shown


@pytest.mark.parametrize(
    "write",
    [look.money, look.difference, look.area, look.percent, look.amount_of, look.day, look.moment, look.clock, look.dash]
    + [look.mask_name, look.mask_id, look.mask_phone, look.mask_card, look.mask_address],
)
def test_a_missing_value_is_two_dashes_and_never_zero(write):
    assert write(None) == "--"


def test_a_plain_date_gets_no_made_up_time():
    assert look.moment(date(2026, 3, 2)) == "2026-03-02"


# States


def test_every_outcome_of_an_inquiry_has_a_word_and_a_tone():
    for outcome in Outcome:
        tone, label = tones.of_outcome(outcome)
        assert tone in tones.TONES
        assert str(label)


def test_no_two_outcomes_share_a_word():
    words = [str(label) for _, label in tones.OUTCOMES.values()]
    assert len(words) == len(set(words))


def test_no_answer_never_looks_like_an_answer():
    for outcome in Outcome:
        tone, _ = tones.of_outcome(outcome)
        assert (tone == "success") == outcome.is_answer


def test_a_tone_that_no_style_knows_is_refused():
    with pytest.raises(ValueError, match="purple"):
        part('{% tag "purple" "x" %}')


@pytest.mark.parametrize(
    ("days", "tone", "words"),
    [
        (-2, "danger", "2 days overdue"),
        (0, "warning", "Due today"),
        (2, "warning", "2 days left"),
        (3, "neutral", "3 days left"),
    ],
)
def test_a_time_limit_is_said_in_words_and_not_by_colour_alone(days, tone, words):
    html = part("{% due_tag days %}", days=days)
    assert f"tag-{tone}" in html
    assert words in html


# Forms


class IncomeForm(forms.Form):
    wages = forms.DecimalField(label="Wages", help_text="Twelve months")
    born_on = forms.DateField(label="Born on", widget=forms.DateInput)
    marital = forms.ChoiceField(
        label="Marital status", widget=forms.RadioSelect, choices=[("10", "Single"), ("20", "Married")]
    )


def test_a_wrong_field_keeps_what_was_typed_and_points_to_its_hint_and_error():
    form = IncomeForm({"wages": "sixty", "born_on": "1985-13-12", "marital": "10"})
    html = part('{% field form.wages suffix="CNY" %}{% field form.born_on %}', form=form)
    assert 'value="sixty"' in html
    assert 'value="1985-13-12"' in html
    assert 'type="text"' in html
    assert 'inputmode="decimal"' in html
    assert 'aria-describedby="id_wages_helptext id_wages_error"' in html
    assert html.count('aria-invalid="true"') == 2
    page = Page(html)
    assert page.references <= set(page.ids)


def test_a_right_field_is_not_marked_wrong():
    html = part("{% field form.wages %}", form=IncomeForm({"wages": "60", "born_on": "1985-03-12", "marital": "10"}))
    assert "aria-invalid" not in html
    assert "field-wrong" not in html


def test_a_date_is_shown_as_the_rest_of_the_page_shows_dates_in_both_languages():
    for language in ("en", "zh-hans"):
        with translation.override(language):
            assert 'value="1985-03-12"' in part(
                "{% field form.born_on %}", form=IncomeForm(initial={"born_on": date(1985, 3, 12)})
            )


def test_the_error_summary_links_to_each_field_in_the_words_beside_it():
    form = IncomeForm({"wages": "sixty", "born_on": "1985-03-12"})
    html = part("{% error_summary form %}{% for bound in form %}{% field bound %}{% endfor %}", form=form)
    targets = re.findall(r'href="#([^"]+)"', html)
    assert targets == ["id_wages", "id_marital_0"]
    assert set(targets) <= set(Page(html).ids)
    assert html.count("Enter a number.") == 2


def test_a_form_without_errors_has_no_error_summary():
    assert "error-summary" not in part("{% error_summary form %}", form=IncomeForm())


def test_what_people_type_is_escaped():
    html = part('{% card title="x" %}{% fact label value %}{% endcard %}', label="a", value="<script>alert(1)</script>")
    assert "<script>" not in html


# Live parts


def test_a_live_part_asks_again_only_while_it_is_active():
    source = '{% live url="/x/" name="progress" active=active announce="21 of 24" %}<p>…</p>{% endlive %}'
    assert 'hx-trigger="every 1s"' in part(source, active=True)
    assert "hx-" not in part(source, active=False)


# The whole


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_style_guide_is_sound_html_with_labels_for_all(language):
    with translation.override(language):
        page = Page(styleguide())
    assert page.crossed == []
    assert page.open == []
    assert [name for name in page.references if name not in page.ids] == []
    assert page.headings.count(1) == 1


def test_the_style_guide_shows_every_part():
    source = (ROOT / "templates/styleguide.html").read_text()
    shown = (
        source
        + "".join(path.read_text() for path in (ROOT / "templates/_parts").glob("*.html"))
        + (ROOT / "templates/base.html").read_text()
    )
    code = (ROOT / "housing_credit/templatetags/parts.py").read_text()
    for path in (ROOT / "templates/_parts").glob("*.html"):
        used_by_tag = f'"_parts/{path.name}"' in code or re.search(rf'_around\(\s*"{path.stem}"', code)
        whole_page = path.stem in {"bare", "confirm_page"}
        assert whole_page or used_by_tag or f'"_parts/{path.name}"' in shown, path.name


def test_every_tag_and_filter_is_in_the_manual():
    manual = (ROOT / "docs/screens.md").read_text()
    internal = {"pages_around", "step_word"}
    for module in ("parts.py", "look.py"):
        code = (ROOT / "housing_credit/templatetags" / module).read_text()
        for name in re.findall(r"@register[^\n]*\ndef (\w+)", code):
            assert name in internal or name in manual, name


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_has_what_the_content_security_policy_forbids(path):
    html = path.read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert not re.search(r"\sstyle=|<style", html)
    assert not re.search(r"\son[a-z]+=|hx-on", html)
    assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//", html)


@pytest.mark.parametrize("code", ["403", "404", "409", "422", "500", "csrf"])
def test_an_error_page_says_why_and_what_to_do(code):
    html = render_to_string(
        f"errors/{code}.html", {"message": "Wang has forwarded this case.", "request_number": "7F3K"}
    )
    assert "Wang has forwarded this case." in html
    assert "<li>" in html
    assert "7F3K" in html
    assert Page(html).headings.count(1) == 1


def test_a_step_that_is_hard_to_undo_is_confirmed_on_a_page_that_says_what_it_does():
    html = render_to_string(
        "_parts/confirm_page.html",
        {
            "title": "Reject the application",
            "warning": "This cannot be undone.",
            "summary": [("Case", "SB-2026-000128")],
            "form": IncomeForm(),
            "action": "Reject",
            "cancel_url": "/back/",
        },
    )
    assert "This cannot be undone." in html
    assert "SB-2026-000128" in html
    assert 'href="/back/"' in html
    assert "button-danger" in html
    assert Page(html).headings.count(1) == 1


@pytest.mark.parametrize("page", ["login", "logged_out", "locked_out"])
def test_the_pages_around_signing_in_stand_by_themselves(page):
    html = render_to_string(f"registration/{page}.html", {"form": IncomeForm({})})
    assert Page(html).crossed == []
    assert Page(html).headings.count(1) == 1


# Colours


def luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


TOKENS = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", (ROOT / "static/css/app.css").read_text()))
TEXT_ON = [
    *[
        (ink, ground)
        for ink in ("ink", "ink-soft", "brand", "danger-ink", "success-ink", "warning-ink")
        for ground in ("paper", "ground", "shade")
    ],
    *[(f"{tone}-ink", f"{tone}-tint") for tone in sorted(tones.TONES)],
    *[("ink", f"{tone}-tint") for tone in sorted(tones.TONES)],
    ("ink-soft", "neutral-tint"),
    ("brand-dark", "brand-tint"),
    ("on-bar", "bar"),
    ("on-bar-soft", "bar"),
    ("paper", "brand"),
    ("paper", "danger"),
]


@pytest.mark.parametrize(("ink", "ground"), TEXT_ON)
def test_text_can_be_read_on_its_ground(ink, ground):
    assert contrast(TOKENS[ink], TOKENS[ground]) >= 4.5


def test_the_edge_of_a_form_field_can_be_seen():
    assert contrast(TOKENS["line-strong"], TOKENS["paper"]) >= 3
