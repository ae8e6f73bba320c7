"""Objections to results in words: their events, their states, what a source tells of a disputed line now."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# What happened to an objection, with its tone. The names are the moves' own; none is that of a case or a check.
EVENTS: Mapping[str, tuple[str | Promise, str]] = {
    "objection_to_result_received": (_("Objection to the result received"), "warning"),
    "decide": (_("Decided on a disputed line"), ""),
    "write_reply": (_("A department answered"), ""),
    "check_again": (_("New check placed"), ""),
    "answer": (_("Objection answered"), "success"),
    "withdraw_objection": (_("Objection withdrawn"), "warning"),
    "end_with_case": (_("Objection ended with its case"), "warning"),
}
TONES: Mapping[str, str] = {"received": "warning", "rechecking": "info", "answered": "success", "withdrawn": "neutral"}
OUTCOME_TONES: Mapping[str, str] = {
    "corrected": "success",
    "maintained": "neutral",
    "refused": "neutral",
    "withdrawn": "neutral",
    "upheld": "success",
    "partly": "warning",
    "not_upheld": "neutral",
}
TOLD: Mapping[str, str | Promise] = {
    # Translators: 该来源现反馈不同，或者已无此记录
    "another": _("The source now tells something else, or nothing of this record"),
    # Translators: 该来源反馈与前次一致
    "same": _("The source tells the same as before"),
    # Translators: 该来源未再反馈
    "nothing": _("The source did not answer again"),
}
