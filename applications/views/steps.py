"""The way of a case in seven steps, for its overview: who acted, when, with which words, and what comes next.

A case that has ended shows how far it came and how it ended; what was never reached any more is left out.
"""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from applications.models import Application, Decision, Opinion, PublicNotice
from bureau.models import TimelineEntry
from bureau.roles import Tier

S = Application.Status
Step = dict[str, Any]
# Which step each status stands at: 0 street, 1 district, 2 city, 3 check, 4 decision, 5 notice, 6 approval.
PLACES = {
    S.AT_STREET: 0,
    S.AT_DISTRICT: 1,
    S.AT_CITY: 2,
    S.CHECK_DUE: 3,
    S.CHECKING: 3,
    S.CHECKED: 4,
    S.ON_NOTICE: 5,
    S.APPROVED: 7,
}
TIERS = (Tier.STREET, Tier.DISTRICT, Tier.CITY)
CUT_SHORT = (S.REFUSED, S.REJECTED, S.WITHDRAWN, S.DISCARDED)
GIVEN_UP = {S.WITHDRAWN: "withdraw", S.DISCARDED: "discard"}  # by which event of the timeline


def steps(case: Application) -> list[Step]:
    """The seven steps, from three queries; of a case cut short those it came through, and its end."""
    opinions = list(case.opinions.select_related("by", "office"))
    decision = case.decisions.select_related("by").order_by("-at").first()
    notice = case.notices.order_by("-opens_on", "-pk").first()
    place = PLACES.get(S(case.status), -1)
    way = [
        *(_tier_step(case, tier, place == number, opinions) for number, tier in enumerate(TIERS)),
        _check_step(case, place),
        _decision_step(decision, place),
        _notice_step(notice, place),
        # Translators: 准予保障
        {"label": _("Approved"), "state": "done" if place == 7 else "todo", "at": _approved_at(case)},
    ]
    return _cut_short(case, way) if case.status in CUT_SHORT else way


def _cut_short(case: Application, way: list[Step]) -> list[Step]:
    """The steps in which somebody acted, and the end where no desk's own step already shows it."""
    last = max((number for number, step in enumerate(way) if step.get("who")), default=-1)
    shown = [
        step | {"word": _("Not reached any more")} if step["state"] == "todo" else step for step in way[: last + 1]
    ]
    event = GIVEN_UP.get(S(case.status))
    if event is None:
        return shown
    entry = TimelineEntry.objects.of(case).filter(event=event).select_related("by").first()
    end: Step = {"label": case.get_status_display(), "state": "stopped", "word": _("Ended"), "at": case.status_since}
    return [*shown, end | ({"who": entry.by.name if entry.by else "", "opinion": entry.note} if entry else {})]


def _approved_at(case: Application) -> object:
    return case.status_since if case.status == S.APPROVED else None


def _tier_step(case: Application, tier: Tier, is_here: bool, opinions: Iterable[Opinion]) -> Step:
    said = [opinion for opinion in opinions if opinion.tier == tier]
    labels = {
        Tier.STREET: _("Street review"),
        Tier.DISTRICT: _("District review"),
        Tier.CITY: _("City review"),
    }
    step: Step = {"label": labels[tier], "state": "current" if is_here else "todo"}
    if not said:
        return step
    last = said[-1]
    if is_here:  # what it said before is no word of its present turn
        return step | {
            "before": _("Before: %(outcome)s") % {"outcome": last.get_outcome_display()},
            "before_at": last.at,
        }
    return step | {
        "state": _state_after(case, last),
        "office": last.office.name,
        "who": last.by.name,
        "at": last.at,
        "opinion": last.text,
        "invalid": not last.valid,
    }


def _state_after(case: Application, last: Opinion) -> str:
    if last.outcome == Opinion.Outcome.REJECT:
        return "stopped"
    if last.outcome == Opinion.Outcome.RETURN:
        return "returned" if case.status == S.RETURNED else "todo"
    return "done" if last.valid else "todo"


def _check_step(case: Application, place: int) -> Step:
    # Translators: 来源核对
    step: Step = {"label": _("Check by the sources"), "state": "current" if place == 3 else "todo"}
    conclusion = getattr(case.current_check, "conclusion", None)
    if conclusion is None:
        return step
    past = place != 3
    return step | {
        "state": "done" if past else "current",
        "who": conclusion.by.name,
        "at": conclusion.at,
        "opinion": conclusion.opinion,
        "invalid": not past,
        "word": conclusion.get_outcome_display() if past else "",
    }


def _decision_step(decision: Decision | None, place: int) -> Step:
    # Translators: 住房保障决定
    step: Step = {"label": _("Decision"), "state": "current" if place == 4 else "todo"}
    if decision is None:
        return step
    stands = decision.superseded_at is None
    refused = decision.outcome == Decision.Outcome.REFUSE
    if stands:
        step["state"] = "stopped" if refused else "done"
        step["word"] = decision.in_words
    return step | {
        "who": decision.by.name,
        "at": decision.at,
        "opinion": decision.opinion,
        "invalid": not stands,
    }


def _notice_step(notice: PublicNotice | None, place: int) -> Step:
    # Translators: 公示
    step: Step = {"label": _("Public notice"), "state": "todo"}
    if notice is None or place < 5:
        return step
    dates = _("%(first)s to %(last)s") % {
        "first": notice.opens_on.isoformat(),
        "last": notice.last_day.isoformat(),
    }
    if place == 5:
        return step | {"state": "current", "who": dates}
    return step | {"state": "done", "who": dates, "word": _("Ended")}


def has_ended(case: Application) -> bool:
    """Whether nothing comes next."""
    return case.status in CUT_SHORT or case.status == S.APPROVED


def next_words(case: Application) -> str:
    """What happens next, in a sentence or two."""
    words = {
        S.RETURNED: _(
            "The window corrects the application with the household and hands it in again. "
            "Unchanged: it goes back to the desk that returned it. "
            "Changed: it starts at the street again, and earlier opinions are struck through."
        ),
        S.AT_STREET: _("The street reviews the declaration and the papers, and forwards, returns or rejects it."),
        S.AT_DISTRICT: _("The district reviews it, and forwards, returns or rejects it."),
        S.AT_CITY: _("The city reviews it; then the check officer asks the sources."),
        S.CHECK_DUE: _("The check officer orders the check: all sources are asked about every member at once."),
        S.CHECKING: _(
            "The sources are answering, or a check officer is settling the findings. "
            "Once the check is concluded the case comes to the housing officer by itself."
        ),
        S.CHECKED: _("The housing officer decides: grant and publish, refuse, or have it checked again."),
        S.ON_NOTICE: _(
            "When the notice has run its days and no objection is open or upheld, the approval follows by itself."
        ),
        S.APPROVED: _("The letter of approval has been issued. The household is served next."),
        S.REFUSED: _("The letter of refusal names every failed criterion and how to object."),
        S.REJECTED: _("The letter tells the household why and what it can do. It may apply anew."),
        S.WITHDRAWN: _("The household took its application back. It may apply anew at any time."),
        S.DISCARDED: _("The draft was given up before it was handed in."),
    }
    return words.get(S(case.status), "")
