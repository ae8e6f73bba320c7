"""The pieces that pages are put together from. Each tag fills one template in `templates/_parts` (docs/screens.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BaseFormSet, BoundField
from django.template.base import render_value_in_context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bureau import workdays
from housing_credit.templatetags import field_parts, look, tones

register = template.Library()


# One line: icons, tags, crumbs, rows


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing from `static/img/icons.svg`, hidden from screen readers: a word always stands beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("img/icons.svg"),
        name,
    )


@register.simple_tag
def tag(tone: str, label: object) -> SafeString:
    """A status tag; tone is neutral, info, success, warning or danger. The word carries the meaning, colour helps."""
    return format_html('<span class="tag tag-{}">{}</span>', tones.checked(tone), label)


@register.simple_tag
def outcome_tag(outcome: str) -> SafeString:
    """What came of asking one source: a `verification.facts.Outcome`, or an inquiry still on its way."""
    return tag(*tones.of_outcome(outcome))


@register.simple_tag
def conclusion_tag(conclusion: str | None) -> SafeString:
    """The conclusion of a check: fit, unfit, incomplete, or none yet."""
    return tag(*tones.of_conclusion(conclusion or ""))


@register.simple_tag
def task_tag(state: str) -> SafeString:
    """The state of a section: not_started, in_progress, done, error, blocked."""
    return tag(*tones.of_task(state))


@register.simple_tag
def step_word(state: str) -> str:
    """The state of a tier in words: done, current, todo, returned, stopped."""
    return str(tones.STEP_STATES[state])


@register.simple_tag
def due_tag(days_left: int | None, due: date | datetime | None = None) -> SafeString:
    """Working days left until a time limit, in words and a tone; the day itself is the title."""
    if days_left is None:
        return format_html('<span class="muted">{}</span>', "--")
    if days_left < 0:
        label = ngettext("%(days)d day overdue", "%(days)d days overdue", -days_left) % {"days": -days_left}
    elif days_left == 0:
        label = _("Due today")
    else:
        label = ngettext("%(days)d day left", "%(days)d days left", days_left) % {"days": days_left}
    title = f"{due:%Y-%m-%d}" if due else ""
    if due and not workdays.is_calendar_known(due.date() if isinstance(due, datetime) else due):
        title = _("%(day)s, provisional: the holidays of that year are not announced yet") % {"day": title}
    return format_html('<span class="tag tag-{}" title="{}">{}</span>', tones.of_days_left(days_left), title, label)


@register.simple_tag
def pages_around(page: Page[Any]) -> list[int]:
    """The page numbers to show; 0 stands for a gap."""
    shown = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return [number if isinstance(number, int) else 0 for number in shown]


@register.inclusion_tag("_parts/crumb.html")
def crumb(label: object, url: str = "") -> dict[str, object]:
    """One step of the breadcrumb; without `url` it is the page itself."""
    return {"label": label, "url": url}


@register.simple_tag(takes_context=True)
def fact(
    context: template.Context,
    label: object,
    value: object,
    note: object = "",
    change_url: str = "",
    *,
    numeric: bool = False,
    wide: bool = False,
) -> SafeString:
    """A label and value inside `facts`, `summary_list`, `identity_bar`. `numeric=True`: figures; `wide=True`: a row."""
    label, value = render_value_in_context(label, context), render_value_in_context(look.dash(value), context)
    return format_html(
        '<div class="fact{}{}"><dt>{}</dt><dd><span class="fact-value">{}</span>{}</dd>{}</div>',
        " fact-wide" if wide else "",
        " fact-numeric" if numeric else "",
        label,
        value,
        format_html(' <span class="fact-note">{}</span>', render_value_in_context(note, context)) if note else "",
        _change_link(change_url, label) if change_url else "",
    )


def _change_link(url: str, label: object) -> SafeString:
    # Translators: 更改
    words = _("Change")
    link = '<dd class="fact-action"><a href="{}">{}<span class="visually-hidden"> {}</span></a></dd>'
    return format_html(link, url, words, label)


@register.inclusion_tag("_parts/stat.html")
def stat(label: object, value: object, url: str = "", definition: object = "", tone: str = "") -> dict[str, object]:
    """A figure with what it counts; it links to the list that makes the number."""
    return {"label": label, "value": value, "url": url, "definition": definition, "tone": tone}


@register.inclusion_tag("_parts/sort_header.html", takes_context=True)
def sort_header(
    context: template.Context, key: str, label: object, numeric: bool = False, definition: object = ""
) -> dict[str, object]:
    """A column head that sorts by `?sort=key` and, when it already does, by `?sort=-key`; `definition`: its title."""
    query = context["request"].GET.copy()
    current = query.get("sort", "")
    query["sort"] = f"-{key}" if current == key else key
    query.pop("page", None)
    order = {key: "ascending", f"-{key}": "descending"}.get(current, "")
    url = f"?{query.urlencode()}"
    return {"label": label, "order": order, "numeric": numeric, "url": url, "definition": definition}


# Forms


@register.inclusion_tag("_parts/field.html")
def field(bound: BoundField, **options: Any) -> dict[str, object]:
    """A whole form field. Options: prefix, suffix, width (xs, s, m, l), label, hint, source, inline."""
    return field_parts.context_of(bound, options)


@register.inclusion_tag("_parts/error_summary.html")
def error_summary(*forms: BaseForm | BaseFormSet[Any]) -> dict[str, object]:
    """Everything wrong in these forms, on top of the page, each linking to its field in the field's own words."""
    return {"errors": [line for form in forms for line in field_parts.errors_of(form)]}


# Blocks around what the page author writes


def _around(part: str, content: SafeString, **values: object) -> str:
    return render_to_string(f"_parts/{part}.html", {"content": content, **values})


@register.simple_block_tag
def card(content: SafeString, title: object = "", note: object = "", **rest: object) -> str:
    """A white group with a heading. `level=3` inside another, `id=` to link to it, `action_url`, `action_label`."""
    return _around("card", content, title=title, note=note, **rest)


@register.simple_block_tag
def facts(content: SafeString, columns: int = 3) -> str:
    """A key-value grid of `fact` tags in 1 to 4 columns; one column on a phone."""
    return _around("facts", content, columns=columns)


@register.simple_block_tag
def summary_list(content: SafeString, title: object = "") -> str:
    """The check-answers list of one section: `fact` tags with `change_url`."""
    return _around("summary_list", content, title=title)


@register.simple_block_tag
def table(content: SafeString, caption: object, **rest: object) -> str:
    """A table that scrolls inside itself. `stack=True`: rows are cards on a phone; `quiet=True` hides the caption."""
    return _around("table", content, caption=caption, **rest)


@register.simple_block_tag
def fieldset(content: SafeString, legend: object, hint: object = "") -> str:
    """Fields that belong together under one legend."""
    return _around("fieldset", content, legend=legend, hint=hint)


@register.simple_block_tag
def filter_bar(content: SafeString, clear_url: str = "", method: str = "get") -> str:
    """Filters above a list, sent together by GET; by POST where an ID number may be typed: it must not be in a URL."""
    return _around("filter_bar", content, clear_url=clear_url, method=method)


@register.simple_block_tag
def batch_bar(content: SafeString) -> str:
    """Actions on chosen rows, inside the form `class="batch"`; it appears when a row is chosen."""
    return _around("batch_bar", content)


@register.simple_block_tag(takes_context=True)
def identity_bar(
    context: template.Context,
    content: SafeString,
    name: object,
    reference: object,
    tags: Iterable[tuple[str, object]] = (),
    actions: Iterable[Mapping[str, object]] = (),
) -> str:
    """Whose case this is, fixed on top: masked name, number, then `fact` tags. An action has label, url, tone, post."""
    token = context.get("csrf_token")
    return _around(
        "identity_bar", content, name=name, reference=reference, tags=tags, actions=actions, csrf_token=token
    )


@register.simple_block_tag
def notice(content: SafeString, tone: str = "info", title: object = "") -> str:
    """A standing remark on the page. danger and warning are read out at once."""
    return _around("notice", content, tone=tones.checked(tone), title=title)


@register.simple_block_tag
def confirmation(content: SafeString, title: object, reference: object = "", label: object = "") -> str:
    """What has just been done, with its number; the content says what happens next."""
    return _around("confirmation", content, title=title, reference=reference, label=label)


@register.simple_block_tag
def empty(content: SafeString, title: object) -> str:
    """Nothing here: the content tells what to do about it."""
    return _around("empty", content, title=title)


@register.simple_block_tag
def details(content: SafeString, summary: object, is_open: bool = False) -> str:
    """Something that may be folded away."""
    return _around("details", content, summary=summary, is_open=is_open)


@register.simple_block_tag
def live(
    content: SafeString, url: str, name: str, active: bool = True, every: str = "1s", announce: object = ""
) -> str:
    """A part that asks `url` for itself while `active`; `announce` is read out when it changes (docs/screens.md)."""
    return _around("live", content, url=url, name=name, active=active, every=every, announce=announce)
