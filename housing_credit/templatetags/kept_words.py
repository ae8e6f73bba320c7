"""Django's `i18n` tags, under the same name for templates; constant words are looked up once for each language.

A list says the names of its columns again in every cell, for narrow screens: on the longest pages a tenth of the time
went into looking these up.
"""

from typing import Any

from django import template
from django.template.base import Node, Parser, Token
from django.template.context import Context
from django.templatetags import i18n
from django.utils.translation import get_language

register = template.Library()
register.tags.update(i18n.register.tags)
register.filters.update(i18n.register.filters)


class KeptWords(Node):
    """`{% translate "…" %}` with a constant text and nothing else."""

    def __init__(self, words: i18n.TranslateNode) -> None:
        self._words = words
        self._kept: dict[tuple[str | None, bool], str] = {}

    def render(self, context: Context) -> Any:
        """The words as Django renders them."""
        told = (get_language(), context.autoescape)
        if told not in self._kept:
            self._kept[told] = self._words.render(context)
        return self._kept[told]


@register.tag("translate")
def translate(parser: Parser, token: Token) -> Node:
    """Django's own tag, kept where its words are constant."""
    words: Any = i18n.do_translate(parser, token)
    expression = words.filter_expression
    is_constant = expression.var.literal is not None and not expression.filters
    return KeptWords(words) if is_constant and not (words.asvar or words.message_context or words.noop) else words
