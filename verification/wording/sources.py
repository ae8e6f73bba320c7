"""How a source fares, in a sentence for who watches a round or the board."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from verification.models import Hold, Source


def source_state(
    source: Source, held: Hold | None, waiting_since: datetime | None = None, *, is_tried: bool = False
) -> str:
    """Why a source is not asked at this moment, or that its last call failed; empty where all is well.

    `is_tried`: a round waits for its answers to control questions. Of a source that is down, with those who have
    waited longest `waiting_since`, also when that ends.
    """
    words = _state(source, held, is_tried)
    until = waited_for_until(source, waiting_since) if waiting_since and source.is_down and held is None else None
    if until is None:
        return words
    # Translators: %(words)s；%(until)s 起不再等待
    return _("%(words)s; gives up waiting at %(until)s") % {"words": words, "until": moment_words(until)}


def waited_for_until(source: Source, since: datetime) -> datetime | None:
    """Until when who waits since a moment waits for a source that is down; None: for ever."""
    if source.patience_hours is None:
        return None
    patience = timedelta(hours=source.patience_hours)
    return max(since, source.last_success_at or since) + patience


def _state(source: Source, held: Hold | None, is_tried: bool) -> str:
    if held is not None:
        words = {"ground": held.get_ground_display(), "reason": held.reason, "at": moment_words(held.held_at)}
        # Translators: %(at)s 起暂停查询（%(ground)s）：%(reason)s
        return _("Not asked since %(at)s (%(ground)s): %(reason)s") % words
    if not source.enabled:
        # Translators: 已停用
        return _("Switched off")
    if is_tried:
        # Translators: 先以校验样本校验，通过后再查询
        return _("Asked about control persons first")
    if source.is_open:
        # Translators: 连续失败，暂停至 %(at)s 后自动重试
        return _("Failed several times in a row; tried again by itself at %(at)s") % {
            "at": moment_words(source.open_until)
        }
    if source.failures_in_row:
        # Translators: 最近 %(count)s 次查询失败，自动重试中
        return _("The last %(count)s calls failed; it is tried again by itself") % {"count": source.failures_in_row}
    return ""


def moment_words(at: datetime | None) -> str:
    """The time of day, with the date when it is not today; `--` for none."""
    if at is None:
        return "--"
    local = timezone.localtime(at)
    return local.strftime("%H:%M:%S") if local.date() == timezone.localdate() else local.strftime("%Y-%m-%d %H:%M")
