"""What a household in benefit owed and did not do, referred to the registry: a change not reported, a review not
answered, a home not left in time. Each becomes a lead once; the registry decides whether it becomes a case.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from msgspec import Struct

from applications import referrals
from applications.letters_out import LETTER_LANGUAGE
from benefits import life_events, moves, review_moves, self_reports
from benefits.models import Exit, Review, ReviewReferral
from bureau import timeline, workdays
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.models import Staff
from bureau.roles import Role
from credit import leads
from credit.leads import Confirmed, Named
from credit.models import Lead
from verification import doubt, wording
from verification.models import Check, Finding, Objection

NOT_REPORTED, NOT_ANSWERED, NOT_LEFT = "F04", "F05", "F12"  # acts of the catalogue
SWEEP = 200


class Candidate(Struct, frozen=True):
    """A confirmed finding of a review, in words, and why it is not referred, if so."""

    finding: Finding
    text: str
    why_not: str


# --- changes that were not reported ---------------------------------------------------------------------------------


def candidates(review: Review) -> list[Candidate]:
    """The confirmed findings of the review's check, the weightiest first. Who reported the change in time is spared."""
    check = review.check_ordered
    if check is None or check.status != Check.Status.CONCLUDED:
        return []
    rows = list(check.findings.filter(state=Finding.State.CONFIRMED).select_related("settled_by"))
    names, members = wording.source_names(), referrals.members_of(check)
    behind, doubted = referrals.sources_behind(check, rows), referrals.doubted_sources(check)
    gone, known, told = _referred(rows), _known_before(check), _told_in_time(review)
    return [
        Candidate(
            row,
            wording.finding_text(row.kind, row.params, member=members.get(row.member, ""), names=names),
            _why_not(row, behind[row.pk] & doubted, gone, known, told),
        )
        for row in rows
    ]


def candidates_once(review: Review) -> list[Candidate]:
    """The same, read once for each time that the review itself is read: a page asks for them more than once."""
    kept: dict[str, Any] = review.__dict__
    if "candidates" not in kept:
        kept["candidates"] = candidates(review)
    found: list[Candidate] = kept["candidates"]
    return found


def _why_not(row: Finding, doubted: set[str], referred: set[int], known: set[str], told: set[str]) -> str:
    if row.pk in referred:
        return _("Referred already.")
    if row.kind not in referrals.ACTS:
        return _("No dishonest act by itself.")
    if row.gone_at is not None:
        return _("No longer in the answers.")
    if known & {row.fingerprint, *row.marks}:
        # Translators: 以前的核对已确认，不是新的变化
        return _("Known from an earlier check; it is no change.")
    if told & life_events.TOLD_BY.get(row.kind, frozenset()):
        # Translators: 家庭已按期申报，不作为失信线索
        return _("The household reported it in time.")
    return _("Answers behind it are in doubt.") if doubted else ""


def _referred(rows: Sequence[Finding]) -> set[int]:
    origins = {f"finding:{row.pk}": row.pk for row in rows}
    taken = Lead.objects.filter(kind=Lead.Kind.FINDING, origin__in=origins).values_list("origin", flat=True)
    return {origins[origin] for origin in taken}


def _known_before(check: Check) -> set[str]:
    """By which the findings are known that a person confirmed in earlier checks of the household."""
    rows = Finding.objects.filter(
        check_ordered__subject=check.subject, check_ordered__lt=check, state=Finding.State.CONFIRMED
    )
    return {mark for fingerprint, marks in rows.values_list("fingerprint", "marks") for mark in (fingerprint, *marks)}


def _told_in_time(review: Review) -> set[str]:
    reports = review.reports.filter(made_on__lte=review.review_round.reports_until)
    return {event.kind for report in reports for event in self_reports.events_of(report)}


@transaction.atomic
def refer_findings(review: Review, findings: Sequence[int], *, by: Staff) -> list[ReviewReferral]:
    """Refer these confirmed findings, by their ids: a lead each, of the change that was not reported.

    Raises `UnfitDataError` where one is not there to be referred; then none is.
    """
    doubt.wait()
    row = self_reports.locked(review)
    _require(row, by)
    offered = {each.finding.pk: each for each in candidates(row)}
    if not findings or not set(findings) <= offered.keys():
        raise UnfitDataError(_("Choose among the findings that a person has confirmed."))
    chosen = [offered[pk] for pk in dict.fromkeys(findings)]
    if refused := next((each for each in chosen if each.why_not), None):
        raise UnfitDataError(f"{refused.text} {refused.why_not}")
    return [_refer(row, each, by) for each in chosen]


def why_not_refer(review: Review, by: Staff) -> str:
    """Why this person refers nothing of the review; empty where nothing speaks against it."""
    if not any(by.has_role(role, review.office_code) for role in referrals.OFFICERS):
        return _("Your posting does not include this work.")
    guards = (moves.no_relative_of(review, by), review_moves.not_reported_to(review, by))
    return next((str(reason) for reason in guards if reason), "")


def _require(review: Review, by: Staff) -> None:
    if reason := why_not_refer(review, by):
        raise NotAllowedError(reason)
    if found := Objection.objects.open().filter(subject=review.application.reference).first():
        raise MoveRefusedError(_("Objection %(number)s is open.") % {"number": found.number})


def _refer(review: Review, chosen: Candidate, by: Staff) -> ReviewReferral:
    finding = chosen.finding
    assert finding.settled_by is not None  # noqa: S101 -- a constraint of what is confirmed
    assert finding.settled_at is not None  # noqa: S101 -- likewise
    lead = leads.take(
        Lead.Kind.FINDING,
        about=_household(review),
        text=_change_in_words(review, finding),
        act_code=NOT_REPORTED,
        origin=f"finding:{finding.pk}",
        confirmed=Confirmed(finding.settled_by, finding.settled_at),
        office_code=review.office_code,
        by=by,
    )
    timeline.record(review, "finding_referred", by=by, kind=finding.kind)
    return ReviewReferral.objects.create(review=review, lead=lead, by=by)


def _change_in_words(review: Review, finding: Finding) -> str:
    check = finding.check_ordered
    with translation.override(LETTER_LANGUAGE):
        told = wording.finding_text(
            finding.kind,
            finding.params,
            member=referrals.members_of(check).get(finding.member, ""),
            names=wording.source_names(),
        )
        reported = (
            # Translators: 该家庭 %(on)s 申报，未申报此项变化。
            _("The household reported on %(on)s, but not this change.") % {"on": date_format(review.reported_on)}
            if review.reported_on
            # Translators: 该家庭未申报。
            else _("The household reported nothing.")
        )
        # Translators: 年审 %(review)s，%(benefit)s，核对 %(check)s。%(finding)s %(reported)s %(by)s确认属实：%(reason)s
        text = _(
            "Yearly review %(review)s, %(benefit)s, check %(check)s. %(finding)s %(reported)s Confirmed by "
            "%(by)s: %(reason)s"
        )
        return text % {
            "review": review.review_round.number,
            "benefit": review.benefit.number,
            "check": check.number,
            "finding": told,
            "reported": reported,
            "by": finding.settled_by.name if finding.settled_by else "--",
            "reason": finding.reason,
        }


# --- a review that was not answered ---------------------------------------------------------------------------------


@transaction.atomic
def refer_silence(review: Review, *, by: Staff) -> Lead:
    """Who answered neither the review nor the reminder in time: a lead, once, by a housing officer."""
    row = self_reports.locked(review)
    if not by.has_role(Role.HOUSING_OFFICER, row.office_code):
        raise NotAllowedError(_("Your posting does not include this work."))
    if reason := moves.no_relative_of(row, by):
        raise NotAllowedError(str(reason))
    if row.status != Review.Status.UNANSWERED or row.review_round.answers_until >= workdays.today():
        raise MoveRefusedError(_("The household still has time to answer, or has answered."))
    with translation.override(LETTER_LANGUAGE):
        # Translators: %(benefit)s 在年审 %(review)s 中未申报，经 %(reminded)s 催告，至 %(until)s 仍未补办。
        text = _(
            "%(benefit)s did not answer yearly review %(review)s, was reminded on %(reminded)s, and had not "
            "answered by %(until)s."
        ) % {
            "benefit": row.benefit.number,
            "review": row.review_round.number,
            "reminded": date_format(row.reminded_on) if row.reminded_on else "--",
            "until": date_format(row.review_round.answers_until),
        }
    lead = _duty(_household(row), text, NOT_ANSWERED, f"review:{row.pk}", row.office_code, by)
    ReviewReferral.objects.create(review=row, lead=lead, by=by)
    timeline.record(row, "silence_referred", by=by)
    return lead


# --- a home that was not left ---------------------------------------------------------------------------------------


def refer_due_stays() -> int:
    """The sweep: households that have stayed on beyond their last day become leads, once; returns how many.

    A person ordered them to leave; whether it becomes a case a person decides again.
    """
    due = Exit.objects.to_refer(workdays.today()).select_related("tenancy__application").order_by("pk")
    return sum(_refer_stay(row) for row in due[:SWEEP])


@transaction.atomic
def _refer_stay(found: Exit) -> int:
    row = Exit.objects.select_for_update(of=("self",)).select_related("tenancy__application").get(pk=found.pk)
    if row.tenancy is None or not row.is_standing or not row.days_late():
        return 0  # the keys came back meanwhile
    with translation.override(LETTER_LANGUAGE):
        # Translators: 租赁 %(tenancy)s，%(ordered)s 责令腾退（%(reason)s），期限至 %(until)s，逾期未退出。%(text)s
        text = _(
            "Tenancy %(tenancy)s was ordered on %(ordered)s to leave (%(reason)s) by %(until)s, and has not left. "
            "%(text)s"
        ) % {
            "tenancy": row.tenancy.number,
            "ordered": date_format(row.ordered_on),
            "reason": row.get_reason_display(),
            "until": date_format(row.leave_by) if row.leave_by else "--",
            "text": row.text,
        }
    about = [Named(each.name, each.id_number) for each in row.tenancy.application.members.order_by("key")]
    try:
        with transaction.atomic():
            _duty(about, text, NOT_LEFT, f"exit:{row.pk}", row.tenancy.office_code, None)
    except UnfitDataError:
        return 0  # another sweep was faster
    timeline.record(row.tenancy, "stay_referred", by=None)
    return 1


def _duty(about: Sequence[Named], text: str, act_code: str, origin: str, office_code: str, by: Staff | None) -> Lead:
    return leads.take(
        Lead.Kind.DUTY, about=about, text=text, act_code=act_code, origin=origin, office_code=office_code, by=by
    )


def _household(review: Review) -> list[Named]:
    return [Named(each.name, each.id_number) for each in review.application.members.order_by("key")]
