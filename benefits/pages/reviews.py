"""The pages of yearly reviews: how far one has come, district by district, and the list of its households."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Substr
from django.utils.translation import gettext as _

from benefits import duties, life_events, review_rounds, reviews, self_reports, words
from benefits.models import Review, ReviewRound
from benefits.pages import terms
from benefits.pages.tones import tone_of
from bureau.models import Office, Staff
from verification import wording
from verification.models import Conclusion
from verification.pages.changes import changes_of

S = Review.Status
COUNTS = {
    "households": Q(),
    "reported": Q(reported_on__isnull=False),
    "checking": Q(status=S.CHECKING) & ~Q(check_ordered__status="concluded"),
    "to_decide": Q(status=S.CHECKING, check_ordered__status="concluded"),
    "renewed": Q(status=S.RENEWED),
    "changed": Q(status=S.CHANGED),
    "to_exit": Q(status=S.TO_EXIT),
    "unanswered": Q(status=S.UNANSWERED),
    "over": Q(status__in=[S.DEAD, S.OVER]),
}
DISTRICT = 6  # digits of a district's code
TONES = {Conclusion.Outcome.FIT: "success", Conclusion.Outcome.UNFIT: "danger"}


def progress(rows: QuerySet[Any]) -> list[dict[str, Any]]:
    """How far a review has come by district, and in all; one query and the names."""
    counted = list(
        rows.order_by()
        .annotate(district=Substr("office_code", 1, DISTRICT))
        .values("district")
        .annotate(**{name: Count("pk", wanted) for name, wanted in COUNTS.items()})
        .order_by("district")
    )
    names = {
        office.code: office.name for office in Office.objects.filter(code__in=[row["district"] for row in counted])
    }
    found = [{**row, "name": names.get(row["district"], row["district"])} for row in counted]
    # Translators: 合计
    total = {name: sum(row[name] for row in counted) for name in COUNTS} | {"name": _("In all"), "is_total": True}
    return [*found, total] if len(found) > 1 else found


def rounds_of(rows: QuerySet[Any]) -> list[dict[str, Any]]:
    """Reviews for the list, each with its figures."""
    shown = rows.annotate(
        households=Count("reviews"),
        reported=Count("reviews", Q(reviews__reported_on__isnull=False)),
        left=Count("reviews", Q(reviews__status__in=["reporting", "checking", "unanswered"])),
    )
    return [{"row": row, "tone": tone_of(row)} for row in shown]


def by_weight(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The keys of the households of a review, what has changed most first."""
    weight = F("check_ordered__delta__weight").desc(nulls_last=True)
    found: QuerySet[Any] = rows.order_by(weight, "pk").values_list("pk", flat=True)
    return found


def lines(keys: Iterable[int]) -> list[dict[str, Any]]:
    """For the list of households, in this order. What a line shows is read for these alone."""
    related = ("review_round", "application", "tenancy", "grant", "check_ordered__conclusion")
    rows = Review.objects.select_related(*related).in_bulk(list(keys))
    found = []
    for row in (rows[key] for key in keys):
        conclusion = getattr(row.check_ordered, "conclusion", None)
        outcome = (TONES.get(conclusion.outcome, "warning"), conclusion.get_outcome_display()) if conclusion else None
        found.append({"row": row, "tone": tone_of(row), "outcome": outcome})
    return found


def of_household(review: Review, staff: Staff) -> dict[str, Any]:
    """What a household reported, what has changed since its last check, what it pays or is paid, what was confirmed."""
    check = review.check_ordered
    concluded = check is not None and check.status == "concluded"
    amounts = reviews.amounts_of([review])[review.pk] if concluded else None
    return {
        "reports": [_report(report, review) for report in review.reports.select_related("by")],
        "check": check,
        "conclusion": getattr(check, "conclusion", None),
        "changes": changes_of(check, wording.source_names()) if check is not None else None,
        "amounts": amounts,
        "standard": terms.names_of([amounts.due.standard]).get(amounts.due.standard) if amounts and amounts.due else "",
        "working": words.working(amounts.due.working) if amounts and amounts.due else [],
        "candidates": duties.candidates_once(review) if concluded else [],
        "stuck": _stuck(review),
        "referrals": review.referrals.select_related("lead", "by"),
    }


def _stuck(review: Review) -> bool:
    found: ReviewRound = review.review_round
    return review_rounds.unsigned(found).filter(pk=review.pk).exists()


def _report(report: Any, review: Review) -> dict[str, Any]:
    members = {row.key: row.name for row in review.application.members.all()}
    return {
        "row": report,
        "in_time": report.made_on <= review.review_round.reports_until,
        "events": [
            {"what": _(life_events.WORDS[event.kind]), "member": members.get(event.member, ""), "event": event}
            for event in self_reports.events_of(report)
        ],
    }
