"""The yearly review (年审) of everyone in benefit: opened, reported in, checked in sets, closed.

First a window in which households report what has changed: who tells in time leaves without a mark. Then the same
engine checks all of them for the purpose `periodic_review`, under the authorisations that cover it. The day of opening
chooses the standard.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import msgspec
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from applications import checks, guards
from applications.models import Application, Authorisation, Member
from benefits import letters_out, moves, review_moves, subsidies
from benefits.models import Grant, Review, ReviewPolicy, ReviewRound, SelfReport, Tenancy
from benefits.querysets import REVIEWED_GRANTS, REVIEWED_TENANCIES, ReviewQuerySet
from benefits.rent import month_after
from bureau import bell, divisions, lifecycle, numbers, timeline, workdays
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.models import Staff
from bureau.roles import Role
from verification import rounds
from verification.facts import Declared
from verification.models import Round

REVIEW = "NS"  # 年审: how numbers begin
SET_SIZE = 500  # households ordered in one transaction
WRITTEN_AT_ONCE = 1000


def policy_on(day: date) -> ReviewPolicy:
    """The policy in force. Raises `UnfitDataError` when there is none."""
    found = ReviewPolicy.objects.filter(effective_from__lte=day).order_by("-effective_from").first()
    if found is None:
        raise UnfitDataError(_("No review policy is in force. An administrator enters one."))
    return found


@transaction.atomic
def open_round(name: str, kinds: Sequence[str], area: str, *, by: Staff) -> ReviewRound:
    """Open a yearly review over everyone who is in benefit now; who is under review already is left out.

    Raises `UnfitDataError` when nobody is in benefit there.
    """
    if not by.has_role(Role.HOUSING_OFFICER, area):
        raise NotAllowedError(_("Your posting does not include this work."))
    if not name.strip():
        raise UnfitDataError(_("Give the review a name."), {"name": [_("Give the review a name.")]})
    if not kinds or not set(kinds) <= set(Application.Kind.values):
        raise UnfitDataError(_("Choose what is to be checked."), {"kinds": [_("Choose what is to be checked.")]})
    today = workdays.today()
    policy = policy_on(today)
    reports_until = today + timedelta(days=policy.report_days)
    found = ReviewRound.objects.create(
        number=numbers.reference(REVIEW, on=today),
        name=name.strip(),
        kinds=list(kinds),
        office_code=area,
        policy=policy,
        opened_on=today,
        reports_until=reports_until,
        answers_until=reports_until + timedelta(days=policy.grace_days),
        opened_by=by,
    )
    rows = Review.objects.bulk_create(_population(found), batch_size=WRITTEN_AT_ONCE)
    if not rows:
        text = _("No household is in benefit there.")
        raise UnfitDataError(text, {"area": [text]})
    timeline.record(found, "opened", by=by, households=len(rows))
    timeline.record_many(Review, [row.pk for row in rows], "opened", by=by, note=found.number)
    return found


def _population(found: ReviewRound) -> list[Review]:
    here = {"office_code__startswith": divisions.scope_prefix(found.office_code)}
    under_review = Review.objects.open().values("application")
    rows: list[Review] = []
    if Application.Kind.PUBLIC_RENTAL in found.kinds:
        tenancies = Tenancy.objects.filter(status__in=REVIEWED_TENANCIES, **here)
        for row in tenancies.exclude(application__in=under_review).order_by("pk"):
            rows.append(Review(tenancy=row, **_of(found, row)))
    if Application.Kind.RENTAL_SUBSIDY in found.kinds:
        grants = Grant.objects.filter(status__in=REVIEWED_GRANTS, **here)
        for grant in grants.exclude(application__in=under_review).order_by("pk"):
            rows.append(Review(grant=grant, **_of(found, grant)))
    return rows


def _of(found: ReviewRound, benefit: Tenancy | Grant) -> dict[str, object]:
    return {
        "review_round": found,
        "application_id": benefit.application_id,
        "office_code": benefit.office_code,
    }


@transaction.atomic
def order_checks(found: ReviewRound, *, by: Staff | None) -> Round:
    """Order the checks in the background, once the window has closed or everyone has reported. `by` None: the calendar.

    Who had to report and did not is not checked: that has its own consequence.
    """
    row = _locked(found.pk)
    if workdays.today() <= row.reports_until and row.reviews.filter(status="reporting", reported_on=None).exists():
        raise MoveRefusedError(_("Households can still report until %(day)s.") % {"day": row.reports_until})
    if row.round_id is not None:
        raise MoveRefusedError(_("The checks of this review have been ordered already."))
    row.round = rounds.open_round(row.name, {"review": row.number}, by=by)
    row.save(update_fields=["round"])
    lifecycle.make_move(row, review_moves.ORDER_CHECKS if by else review_moves.ORDER_BY_CALENDAR, by=by)
    if row.policy.demands_report:
        lifecycle.make_moves(row.reviews.filter(reported_on=None), review_moves.MISS, note=row.number)
    bell.ring("benefits.fill_review", row.pk)
    return row.round


def order_due() -> int:
    """The sweep: order the checks of reviews whose window has closed; returns how many reviews."""
    due = list(ReviewRound.objects.due_to_check(workdays.today()))
    return sum(_order(found) for found in due)


def _order(found: ReviewRound) -> int:
    try:
        order_checks(found, by=None)
    except MoveRefusedError:
        return 0  # an officer was faster
    return 1


def fill_due() -> int:
    """The sweep: order what is left in reviews that are checked, also of who answered late or has signed by now.

    Returns how many households were ordered.
    """
    return sum(fill(pk) for pk in ReviewRound.objects.filter(status="checking").values_list("pk", flat=True))


def fill(review_round: int) -> int:
    """Order the checks of a review, set by set; safe to stop anywhere and to run twice."""
    ordered = 0
    while count := _fill_one_set(review_round):
        ordered += count
    return ordered


@transaction.atomic
def _fill_one_set(review_round: int) -> int:
    """The next set. The row lock of the review lets one worker fill it at a time; a paused round is left alone."""
    found = _locked(review_round)
    within = found.round
    if found.status != ReviewRound.Status.CHECKING or within is None or within.status == Round.Status.PAUSED:
        return 0
    rows = list(
        can_be_checked(found)
        .select_related("application__declaration")
        .order_by("pk")
        .select_for_update(of=("self",), skip_locked=True)[:SET_SIZE]
    )
    if not rows:
        if within.filled_at is None:
            rounds.filled(within)
        return 0
    cases = [row.application for row in rows]
    wanted = checks.review_orders(
        cases, declared_of(rows), on=found.opened_on, kept_away=_recorders([case.pk for case in cases])
    )
    for row, check in zip(rows, rounds.add(within, wanted), strict=True):
        row.check_ordered = check
    Review.objects.bulk_update(rows, ["check_ordered"])
    lifecycle.make_moves(
        Review.objects.filter(pk__in=[row.pk for row in rows]), review_moves.BEGIN_CHECK, note=found.number
    )
    return len(rows)


def can_be_checked(found: ReviewRound) -> ReviewQuerySet:
    """Whose check can be ordered: every adult member has a live authorisation that covers a review."""
    rows: ReviewQuerySet = found.reviews.to_check().of_live_benefit()
    return rows.exclude(is_unsigned())


def unsigned(found: ReviewRound) -> ReviewQuerySet:
    """Stuck: an adult member has no live authorisation; the household is asked to sign."""
    rows: ReviewQuerySet = found.reviews.to_check().of_live_benefit()
    return rows.filter(is_unsigned())


def is_unsigned() -> Exists:
    """Of a review: an adult member has no live authorisation to a yearly review."""
    today = workdays.today()
    grants = Authorisation.objects.live(today).filter(
        application=OuterRef("application"), member_key=OuterRef("key"), purposes__contains=[checks.PERIODIC_REVIEW]
    )
    adults = Member.objects.filter(application=OuterRef("application"), born_on__lte=guards.adult_if_born_by(today))
    return Exists(adults.exclude(Exists(grants)))


def declared_of(rows: Sequence[Review]) -> dict[int, Declared]:
    """By application, what each household last declared: in a report of this or an earlier review, else with the
    application.
    """
    read = msgspec.json.Decoder(Declared)
    last = {row.application_id: row.application.declaration for row in rows}
    told = SelfReport.objects.filter(review__application__in=list(last)).order_by("pk")
    newest = {report.review.application_id: report for report in told.select_related("review")}
    found: dict[int, Declared] = {}
    for case, declaration in last.items():
        report = newest.get(case)
        assert declaration is not None  # noqa: S101 -- a constraint of what has been approved
        found[case] = read.decode(report.declared if report else declaration.content)
    return found


def _recorders(cases: Iterable[int]) -> dict[int, set[int]]:
    """Who took down the reports of each household; they have nothing to do in its check."""
    found: dict[int, set[int]] = {}
    for case, who in SelfReport.objects.filter(review__application__in=cases).values_list("review__application", "by"):
        found.setdefault(case, set()).add(who)
    return found


def notify_due() -> int:
    """The sweep: the notice of the review for each household that has none yet; returns how many."""
    rows = Review.objects.to_notify(workdays.today()).select_related("review_round", "tenancy__application")
    return sum(_notify(row) for row in rows.select_related("grant__application").order_by("pk")[:SET_SIZE])


@transaction.atomic
def _notify(review: Review) -> int:
    row = Review.objects.select_for_update(of=("self",)).get(pk=review.pk)
    if row.letter_id is not None:
        return 0  # another sweep was faster
    row.letter = letters_out.review_notice(review.benefit, reports_until=review.review_round.reports_until, by=None)
    row.save(update_fields=["letter"])
    return 1


def remind_due() -> int:
    """The sweep: note whom to remind, and stop subsidies from next month; returns how many households.

    A home is taken from nobody by a sweep: who stays silent beyond the reminder is put before an officer.
    """
    return sum(_remind(row) for row in Review.objects.to_remind().select_related("grant").order_by("pk")[:SET_SIZE])


@transaction.atomic
def _remind(review: Review) -> int:
    row = Review.objects.select_for_update(of=("self",)).get(pk=review.pk)
    if row.status != Review.Status.UNANSWERED or row.reminded_on is not None:
        return 0  # another sweep, or the household, was faster
    row.reminded_on = workdays.today()
    row.save(update_fields=["reminded_on"])
    timeline.record(row, "reminded", by=None)
    if row.grant is not None and row.grant.status == Grant.Status.RUNNING:
        # Translators: 未按期参加年审。
        reason = _("The yearly review was not answered.")
        subsidies.stop(row.grant, from_month=month_after(workdays.today()), reason=reason, by=None)
    return 1


@transaction.atomic
def close(found: ReviewRound, *, by: Staff) -> None:
    """Every household has its outcome."""
    lifecycle.make_move(found, review_moves.CLOSE, by=by)


def _locked(pk: int) -> ReviewRound:
    rows = ReviewRound.objects.select_for_update(of=("self",)).select_related("policy", "round")
    row: ReviewRound = rows.get(pk=pk)
    return row


def why_no_relative(review: Review, by: Staff) -> str:
    """Why this person has nothing to do in a household's review; empty where nothing speaks against it."""
    return str(moves.no_relative_of(review.benefit, by) or "")
