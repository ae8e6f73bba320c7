"""Draws the fields of forms: as Django does, but for lists to choose from, which it draws with a template an option.

The periods of a dashboard are two hundred options: 8 ms of the server for each such list, a tenth of that here.
"""

from collections.abc import Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

SELECT, OPTION = "django/forms/widgets/select.html", "django/forms/widgets/select_option.html"


class Renderer(DjangoTemplates):
    """Django's renderer, with `<select>` drawn in one go."""

    def render(self, template_name: str, context: Any, request: Any = None) -> str:
        """The widget as HTML."""
        if template_name == SELECT and _is_plain(context["widget"]):
            return _select(context["widget"])
        return super().render(template_name, context, request)


def _is_plain(widget: Mapping[str, Any]) -> bool:
    """Whether each option is words under a value, drawn by Django's own template."""
    options = (option for _name, group, _place in widget["optgroups"] for option in group)
    return all(option["template_name"] == OPTION and isinstance(option["label"], str | Promise) for option in options)


def _select(widget: Mapping[str, Any]) -> SafeString:
    groups = format_html_join("", "{}", ((_group(name, options),) for name, options, _place in widget["optgroups"]))
    return format_html('<select name="{}"{}>{}\n</select>', widget["name"], _attributes(widget["attrs"]), groups)


def _group(name: Any, options: list[dict[str, Any]]) -> SafeString:
    drawn = mark_safe("".join(map(_option, options)))  # noqa: S308 -- each is escaped
    return format_html('\n  <optgroup label="{}">{}\n  </optgroup>', name, drawn) if name else drawn


def _option(option: Mapping[str, Any]) -> str:
    value, label = conditional_escape(str(option["value"])), conditional_escape(option["label"])
    return f'\n  <option value="{value}"{_attributes(option["attrs"])}>{label}</option>'


def _attributes(attributes: Mapping[str, Any]) -> SafeString:
    """As Django's template writes them: True stands alone, False does not stand at all."""
    shown = (_attribute(conditional_escape(name), value) for name, value in attributes.items() if value is not False)
    return mark_safe("".join(shown))  # noqa: S308 -- each is escaped


def _attribute(name: str, value: Any) -> str:
    return f" {name}" if value is True else f' {name}="{conditional_escape(str(value))}"'
