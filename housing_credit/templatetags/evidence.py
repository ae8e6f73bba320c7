"""What a figure of a statement rests on. A page shows dozens of these, so they are drawn without a template each."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from housing_credit.templatetags import look, parts

register = template.Library()


@register.simple_tag(takes_context=True)
def evidence(context: template.Context, kept: Mapping[str, Any], summary: object) -> SafeString:
    """The request, the answer's time and day, and the digest it is found again by, folded under a summary.

    `kept`: source, request_number, replied_at, data_date, digest; mode and record_key where they are known.
    """
    return format_html(
        '<details class="details"><summary>{}</summary><div class="details-body">'
        '<dl class="facts facts-1">{}</dl></div></details>',
        summary,
        format_html_join("", "{}", ((parts.fact(context, label, value),) for label, value in _facts(kept))),
    )


def _facts(kept: Mapping[str, Any]) -> list[tuple[str, object]]:
    # Translators: 反馈方式
    mode = [(_("How it came"), kept["mode"])] if kept.get("mode") else []
    record = [(_("Record"), kept["record_key"])] if kept.get("record_key") else []
    return [
        (_("Source"), kept["source"]),
        (_("Request number"), kept["request_number"]),
        *mode,
        (_("Replied at"), look.moment(kept["replied_at"])),
        (_("Data as of"), look.day(kept["data_date"])),
        *record,
        (_("Digest (SM3)"), kept["digest"]),
    ]
