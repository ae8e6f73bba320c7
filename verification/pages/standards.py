"""What the pages of standards show: which is in force, which is to come, who tried and signed it, what it changes."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import msgspec
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.models import Staff
from verification import trials, wording
from verification.models import Standard, Trial
from verification.standards import Standard as Content
from verification.wording import standards as words

DAY = timedelta(days=1)


def rows_of_standards() -> list[dict[str, Any]]:
    """Our own standards and whatever is still to come, each with its state and its trial; two queries for all."""
    today = timezone.localdate()
    shown = list(Standard.objects.filter(Q(in_use=True) | Q(effective_from__gt=today)))
    holding = trials.that_hold(shown)
    rows = [_row(standard, shown, holding.get(standard.pk), today) for standard in shown]
    order = [words.COMING, words.OFF, words.IN_FORCE, words.SUPERSEDED, words.OVER]
    return sorted(rows, key=lambda row: (order.index(row["state"]), row["standard"].programme))


def _row(standard: Standard, among: Sequence[Standard], trial: Trial | None, today: date) -> dict[str, Any]:
    state = state_of(standard, among, today)
    tone, word = words.state_word(state)
    return {
        "standard": standard,
        "programme": wording.programme_name(standard.programme),
        "url": reverse("verification:standard", args=[standard.code]),
        "state": state,
        "tone": tone,
        "word": word,
        "commencement": words.commencement(standard, today),
        "trial": words.trial_words(trial) if trial or state in {words.COMING, words.OFF} else "",
        "is_unsigned": state == words.COMING and (trial is None or trial.signed_at is None),
    }


def state_of(standard: Standard, among: Iterable[Standard], today: date) -> str:
    """Still to come, in force, superseded by a later one, or over; as `StandardQuerySet.in_force` chooses."""
    if standard.effective_from > today:
        return words.COMING if standard.in_use else words.OFF
    if standard.effective_to is not None and standard.effective_to < today:
        return words.OVER
    later = (
        other.in_use
        and other.programme == standard.programme
        and standard.effective_from < other.effective_from <= today
        and (other.effective_to is None or other.effective_to >= today)
        for other in among
    )
    return words.SUPERSEDED if any(later) else words.IN_FORCE


def standard_context(standard: Standard, staff: Staff) -> dict[str, Any]:
    """One standard: when it begins, what it replaces and changes, its trials, what this person can do."""
    today = timezone.localdate()
    before = (
        Standard.objects.in_force(standard.programme, standard.effective_from - DAY).exclude(pk=standard.pk).first()
    )
    among = list(Standard.objects.filter(in_use=True, programme=standard.programme).defer("content"))
    made = list(standard.trials.visible_to(staff).select_related("run_by", "signed_by").defer("content"))
    trial = trials.that_holds(standard)
    state = state_of(standard, among, today)
    tone, word = words.state_word(state)
    is_coming = state in {words.COMING, words.OFF}
    return {
        "standard": standard,
        "programme": wording.programme_name(standard.programme),
        "notice": standard.content.get("notice", ""),
        "tone": tone,
        "word": word,
        "before": before,
        "lines": _compared(standard, before),
        "commencement": words.commencement(standard, today),
        "tried": words.trial_words(trial, is_changed=bool(made)),
        "warning": _warning(trial) if is_coming else "",
        "trials": [_trial(each, trial) for each in made],
        "may_try": not trials.why_not_tried(standard, staff),
    }


def _warning(trial: Trial | None) -> str:
    """What is missing before a standard begins; it begins all the same."""
    if trial is None:
        # Translators: 该标准尚未试算。到期仍将自动施行，请先试算并由另一人签署。
        return _("Nobody has tried this standard as it reads. It begins on its day all the same: try it before.")
    if trial.signed_at is None:
        # Translators: 试算结果尚未签署。到期仍将自动施行，请由另一人查看结果并签署。
        return _("Nobody has signed the result of its trial. It begins on its day all the same: have it signed before.")
    return ""


def _compared(standard: Standard, before: Standard | None) -> list[dict[str, Any]]:
    """By criterion, the line before and the line of this standard."""
    content = _read(standard)
    now = words.lines_of(content)
    was = words.lines_of(_read(before)) if before else {}
    names = [*now, *(name for name in was if name not in now)]
    return [
        {
            "name": words.line_name(name, content),
            "was": was.get(name, ("", ""))[0],
            "now": now.get(name, ("", ""))[0],
            "article": now.get(name, ("", ""))[1],
            "differs": bool(before) and was.get(name, ("", ""))[0] != now.get(name, ("", ""))[0],
        }
        for name in names
    ]


def _read(standard: Standard) -> Content:
    return msgspec.convert(standard.content, Content, strict=False)


def _trial(trial: Trial, holding: Trial | None) -> dict[str, Any]:
    if not trial.is_finished:
        # Translators: 试算中
        tone, word = "info", _("Trial under way")
    elif trial.signed_at is not None:
        # Translators: 已签署
        tone, word = "success", _("Signature given")
    else:
        # Translators: 待签署
        tone, word = "warning", _("To be signed")
    return {
        "trial": trial,
        "url": reverse("verification:trial", args=[trial.standard.code, trial.number]),
        "tone": tone,
        "word": word,
        "is_of_this_text": holding is not None and trial.content_digest == holding.content_digest,
    }
