"""The live progress of a check: every source and person, what has come of it, what happens next."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.models import Staff
from bureau.moves import available
from bureau.roles import Role
from verification import doubt, moves, wording
from verification.models import Check, Inquiry
from verification.pages.household import Told, members_of, read
from verification.statement import Completeness
from verification.wording.criteria import listed
from verification.wording.inquiries import open_state

State, Status = Inquiry.State, Check.Status
OPEN_TAGS = {
    "asking": "asking",
    "working": "asking",
    "listed": "waiting",
    "waiting": "waiting",
    "rated": "waiting",
    "paused": "waiting",
    "held": "waiting",
    "out_of_force": "waiting",
    "maintained": "waiting",
    "quiet": "waiting",
    "retrying": "retrying",
    "resting": "retrying",
}


def progress_context(check: Check, staff: Staff, told: Told | None = None) -> dict[str, Any]:
    """`progress`: rows, totals, steps, and whether the page goes on asking. Two queries, whatever the household; one
    more where a source may serve by its last known answer or have old data, unless that was `told`.
    """
    inquiries = list(
        check.inquiries.select_related("source")
        .with_obstacles()
        .annotate(households=F("exchange__households"), doubted_at=doubt.doubted_at())
        .defer("answer", "source__secret")
        .order_by("source__place", "source__code")
    )
    members = members_of(check)
    may = {move.name for move in available(check, staff, moves.TABLE)}
    settled = sum(row.is_settled for row in inquiries)
    silent = [row for row in inquiries if row.state == State.FAILED]
    complete = _completeness(check, inquiries, told)
    rows = list(_rows(check, inquiries, members, may, complete, is_officer=_is_officer(check, staff)))
    return {
        "progress": {
            "check": check,
            "rows": rows,
            "sources": _by_source(rows),
            "asked": len(inquiries),
            "settled": settled,
            "answered": sum(row.state == State.ANSWERED for row in inquiries),
            "note": _note(inquiries, silent, complete),
            "stuck": _stuck(check),
            "steps": _steps(check),
            "active": check.status in {Status.ASKING, Status.SETTLED},
            "url": reverse("verification:progress", args=[check.number]),
            "announce": _announce(check, settled, len(inquiries)),
            "can_ask_again": moves.ASK_AGAIN.name in may
            and not check.is_stuck
            and any(_is_silent(row) for row in inquiries),
            "can_cancel": moves.CANCEL.name in may,
        }
    }


def _is_officer(check: Check, staff: Staff) -> bool:
    return staff.has_role(Role.CHECK_OFFICER, check.office_code)


def _completeness(check: Check, inquiries: Sequence[Inquiry], told: Told | None) -> Completeness | None:
    """How complete the comparison found the answers; asked only where that can tell more than the inquiries do."""
    may_tell = any(
        row.source.last_known_days if row.state == State.FAILED else row.source.stale_after_days for row in inquiries
    )
    if not may_tell or check.status not in {Status.ASSESSED, Status.CONCLUDED}:
        return None
    found = told.found if told else read(check)
    return found.result.statement.completeness if found else None


def _rows(
    check: Check,
    inquiries: Sequence[Inquiry],
    members: dict[str, str],
    may: set[str],
    told: Completeness | None,
    *,
    is_officer: bool,
) -> Iterator[dict[str, Any]]:
    for row in inquiries:
        own_message = getattr(row, "households", None) == 1
        for place, (key, name) in enumerate(members.items()):
            outcome = outcome_of(row, key)
            if getattr(row, "doubted_at", None) and outcome in {"found", "none"}:
                outcome = "kept_back"
            mendable = check.is_stuck or (
                not row.is_complete and outcome not in {"found", "none", "asking", "kept_back"}
            )
            evidence = is_officer and own_message and place == 0  # a shared message shows other households
            yield {
                "source": row.source.name,
                "code": row.source.code,
                "person": name,
                "outcome": outcome,
                "asked_at": row.asked_at,
                "answered_at": row.answered_at if row.state == State.ANSWERED else None,
                "ms": row.milliseconds if row.state == State.ANSWERED else None,
                "tries": row.attempts or None,
                "words": wording.inquiry_words(row, key) if place == 0 or row.state == State.ANSWERED else "",
                "caution": wording.person_caution(row.source.code, key, told) if told else "",
                "can_resend": mendable and moves.ASK_AGAIN.name in may and row.state not in _NEVER_ASKED,
                "evidence_url": reverse("verification:exchange", args=[check.number, row.exchange_id])
                if evidence
                else "",
            }


def _by_source(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows as the page draws them: one block for a source, in it a line for each person."""
    blocks = [list(block) for _code, block in groupby(rows, key=lambda row: row["code"])]
    return [{**block[0], "persons": block, "can_resend": any(row["can_resend"] for row in block)} for block in blocks]


_NEVER_ASKED = {State.NOT_ASKED, State.CANCELLED}


def _is_silent(row: Inquiry) -> bool:
    """Whether asking again could mend something: not while its answer is awaited."""
    if row.state in _NEVER_ASKED or row.is_complete:
        return False
    return row.state != State.OPEN or open_state(row) in {"retrying", "resting"}


def outcome_of(row: Inquiry, member: str) -> str:
    """The state tag of one source and person: an Outcome, or waiting, asking, retrying while it is open."""
    if row.state == State.OPEN:
        return OPEN_TAGS[open_state(row)]
    if row.state in _NEVER_ASKED:
        return "not_asked"
    return row.outcomes.get(member) or (row.reason if row.state == State.FAILED else "not_asked")


def _note(inquiries: Sequence[Inquiry], silent: Sequence[Inquiry], told: Completeness | None) -> str:
    """What the bare count does not say: who is silent, who was not asked, who told of earlier."""
    notes = [wording.completeness_words(told)] if told and (told.served_by_last_known or told.old) else []
    if silent:
        names = listed(row.source.name for row in silent)
        # Translators: 未反馈：%(names)s
        notes.append(_("No answer: %(names)s") % {"names": names})
    if unasked := sum(row.state == State.NOT_ASKED for row in inquiries):
        # Translators: 未查询 %(count)s 个
        notes.append(_("Not asked: %(count)s") % {"count": unasked})
    return " · ".join(notes)


def _stuck(check: Check) -> str:
    """Why the answers were not compared, and what can be done."""
    if not check.is_stuck:
        return ""
    again = timezone.localtime(check.assess_after)
    # Translators: 反馈已齐，但未能完成比对（%(failure)s），详见运行日志。%(time)s 重试；也可重发某一来源或取消核对。
    return _(
        "The answers are complete and could not be compared: %(failure)s. The log has the details. It is tried again at"
        " %(time)s; you can also ask a source again or cancel the check."
    ) % {"failure": check.assess_failure, "time": f"{again:%Y-%m-%d %H:%M}"}


def _steps(check: Check) -> list[dict[str, Any]]:
    """已发出 → 已回 → 汇总 → 比对."""
    # Translators: 已发出
    labels = (_("Sent out"), _("Answered"), _("Statement"), _("Compared"))
    done = {Status.ASKING: 1, Status.SETTLED: 2, Status.ASSESSED: 4, Status.CONCLUDED: 4, Status.CANCELLED: 1}
    reached = done[Status(check.status)]
    steps: list[dict[str, Any]] = []
    for place, label in enumerate(labels):
        state = "done" if place < reached else "current" if place == reached else "todo"
        if check.status == Status.CANCELLED and place >= reached:
            state = "stopped" if place == reached else "todo"
        steps.append({"label": label, "state": state, "word": _word(state)})
    steps[0]["at"] = check.ordered_at
    if reached == len(labels):
        steps[-1]["at"] = check.status_since if check.status == Status.ASSESSED else None
    return steps


def _word(state: str) -> str:
    words = {
        # Translators: 完成
        "done": _("Completed"),
        # Translators: 进行中
        "current": _("In progress"),
        # Translators: 未到
        "todo": _("Not reached"),
        # Translators: 已取消
        "stopped": _("Cancelled"),
    }
    return words[state]


def _announce(check: Check, settled: int, total: int) -> str:
    if check.status in {Status.ASKING, Status.SETTLED}:
        return _("%(settled)s of %(total)s sources have settled.") % {"settled": settled, "total": total}
    return str(check.get_status_display())
