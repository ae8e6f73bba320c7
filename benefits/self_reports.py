"""What a household reports for its yearly review, taken down at the window (年度申报).

A report in time makes no lead of what it tells. A later one is taken as well, until the check has been ordered.
"""

from collections.abc import Sequence
from datetime import date

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from applications import drafting
from benefits import life_events, review_moves, review_rounds
from benefits.models import Review, SelfReport
from bureau import lifecycle, timeline, workdays
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.models import Staff
from bureau.roles import Role
from verification.facts import Declared

OPEN_TO_REPORT = frozenset({Review.Status.REPORTING, Review.Status.UNANSWERED})


@transaction.atomic
def take(
    review: Review,
    events: Sequence[life_events.Event] = (),
    *,
    by: Staff,
    words: str = "",
    made_on: date | None = None,
    declared: Declared | None = None,
) -> SelfReport:
    """Take down what a household reports; no events: nothing has changed. `declared`: as it is now, where the window
    has filled it in itself; else the last declaration as the events change it.

    Raises `MoveRefusedError` once the check has been ordered, `UnfitDataError` for a day ahead or before the review,
    and for an event of nobody in the household.
    """
    row = locked(review)
    day = made_on or workdays.today()
    if reason := why_not(row, by):
        raise NotAllowedError(reason)
    if row.status not in OPEN_TO_REPORT:
        # Translators: 核对已发起或已有结果，不再受理本次申报。
        raise MoveRefusedError(_("The check has been ordered or decided on; nothing more is reported."))
    if not row.review_round.opened_on <= day <= workdays.today():
        text = _("The day lies before the review, or ahead.")
        raise UnfitDataError(text, {"made_on": [text]})
    last = review_rounds.declared_of([row])[row.application_id]
    _require_sense(events, last)
    content = msgspec.json.encode(declared or life_events.declared_after(last, events))
    report = SelfReport.objects.create(
        review=row,
        made_on=day,
        events=msgspec.to_builtins(list(events)),
        words=words.strip(),
        declared=content,
        digest=drafting.digest(msgspec.json.decode(content, type=Declared)),
        by=by,
    )
    if row.reported_on is None:
        row.reported_on = day
        row.save(update_fields=["reported_on"])
    timeline.record(row, "reported", by=by, events=len(events))
    if row.status == Review.Status.UNANSWERED:
        lifecycle.make_move(row, review_moves.ANSWER_LATE, by=by)
    return report


def why_not(review: Review, by: Staff) -> str:
    """Why this person takes down no report of the household; empty where nothing speaks against it."""
    if not any(by.has_role(role, review.office_code) for role in (Role.CLERK, Role.HOUSING_OFFICER)):
        return _("Your posting does not include this work.")
    return review_rounds.why_no_relative(review, by)


def events_of(report: SelfReport) -> tuple[life_events.Event, ...]:
    """What a report told."""
    return msgspec.convert(report.events, tuple[life_events.Event, ...], strict=False)


def locked(review: Review) -> Review:
    """The review as it stands, locked."""
    rows = Review.objects.select_for_update(of=("self",)).select_related(
        "review_round", "application__declaration", "tenancy", "grant", "check_ordered"
    )
    row: Review = rows.get(pk=review.pk)
    return row


def _require_sense(events: Sequence[life_events.Event], declared: Declared) -> None:
    keys = {person.key for person in declared.persons}
    today = workdays.today()
    for event in events:
        if event.kind not in life_events.WORDS:
            raise UnfitDataError(_("Choose what has happened."))
        if event.member and event.member not in keys:
            raise UnfitDataError(_("Choose a member of the household."))
        if event.on is not None and event.on > today:
            raise UnfitDataError(_("This day lies in the future."))
        if event.kind == life_events.Kind.HOME_GOT and (event.area is None or event.area <= 0 or not event.address):
            # Translators: 新取得的住房请填写坐落和建筑面积。
            raise UnfitDataError(_("Write where the home lies, and its floor area."))
        if event.amount is not None and event.amount < 0:
            raise UnfitDataError(_("Enter an amount of 0 or more."))
