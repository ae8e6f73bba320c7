"""What every page of benefits begins with: who asks, what was found in scope, the look written down, the race held."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from benefits.models import Grant, Home, Review, ReviewRound, Tenancy, Turn, Visit
from benefits.pages.frames import page_token
from benefits.querysets import HOME_ROLES, LEDGER_ROLES
from bureau import audit
from bureau.errors import NotAllowedError, StaleError
from bureau.models import Staff
from bureau.roles import CASE_ROLES

PURPOSE = "casework"


def staff_of(request: HttpRequest) -> Staff:
    """The signed-in member of staff; the login middleware lets nobody else come this far."""
    staff: Staff = request.user  # type: ignore[assignment]  # only staff sign in
    return staff


def require_casework(request: HttpRequest) -> None:
    """Households in benefit are for who works on their cases, and for auditors."""
    if not staff_of(request).holds(*CASE_ROLES):
        raise NotAllowedError(_("The pages of benefits are for those who work on households' cases, and for auditors."))


def require_homes(request: HttpRequest) -> None:
    """Homes are for who lets, inspects or audits them."""
    if not staff_of(request).holds(*HOME_ROLES):
        raise NotAllowedError(_("The homes are for those who let, inspect or audit them."))


def require_ledger(request: HttpRequest) -> Staff:
    """Money is for who keeps the ledger, lets the homes or audits both."""
    staff = staff_of(request)
    if not staff.holds(*LEDGER_ROLES):
        raise NotAllowedError(_("The rent ledger is for cashiers, housing officers and auditors."))
    return staff


def home_of(request: HttpRequest, number: str) -> Home:
    """The home in this person's scope, else 404."""
    rows = Home.objects.visible_to(staff_of(request)).select_related("estate")
    found: Home = get_object_or_404(rows, number=number)
    return found


def turn_of(request: HttpRequest, number: str) -> Turn:
    """The place in this person's scope, else 404."""
    rows = Turn.objects.visible_to(staff_of(request)).select_related("application", "policy")
    found: Turn = get_object_or_404(rows, number=number)
    return found


def tenancy_of(request: HttpRequest, number: str) -> Tenancy:
    """The tenancy in this person's scope, else 404."""
    rows = Tenancy.objects.visible_to(staff_of(request))
    chosen = rows.select_related("application__current_check", "home__estate", "account", "offer__turn")
    found: Tenancy = get_object_or_404(chosen, number=number)
    return found


def grant_of(request: HttpRequest, number: str) -> Grant:
    """The subsidy in this person's scope, else 404."""
    rows = Grant.objects.visible_to(staff_of(request)).select_related("application__current_check")
    found: Grant = get_object_or_404(rows, number=number)
    return found


def round_of(request: HttpRequest, number: str) -> ReviewRound:
    """The yearly review with a household in this person's scope, else 404."""
    rows = ReviewRound.objects.visible_to(staff_of(request)).select_related("policy", "round", "opened_by")
    found: ReviewRound = get_object_or_404(rows, number=number)
    return found


def review_of(request: HttpRequest, number: str) -> Review:
    """The review of a household in this person's scope, else 404."""
    of_round, _dash, key = number.rpartition("-")
    if not key.isdecimal():
        raise Http404
    rows = Review.objects.visible_to(staff_of(request)).select_related(
        *("review_round", "application", "tenancy__home__estate", "tenancy__account", "grant")
    )
    # Of all these tables joined the database would plan longer than these take.
    rows = rows.prefetch_related("decided_by", "check_ordered__conclusion__assessment")
    found: Review = get_object_or_404(rows, pk=int(key[:18]), review_round__number=of_round)
    return found


def visit_of(request: HttpRequest, number: str) -> Visit:
    """The visit in this person's scope, else 404."""
    rows = Visit.objects.visible_to(staff_of(request)).select_related(
        *("tenancy__application", "tenancy__home__estate", "visitor", "planned_by", "settled_by", "lead", "exit")
    )
    found: Visit = get_object_or_404(rows, number=number)
    return found


def looked(
    request: HttpRequest, subject: Turn | Tenancy | Grant | Review | Visit, *fields: str, action: str = "look"
) -> None:
    """Write down that this person saw these parts, under the number and under the household's case."""
    staff, number = staff_of(request), request.META.get("REQUEST_NUMBER", "")
    purpose = audit.purpose_of(staff, subject.office_code, PURPOSE)
    seen = [subject, subject.application]
    audit.look_many(staff, seen, purpose=purpose, action=action, fields=fields, request_number=number)


@contextmanager
def unchanged(subject: Any, token: str) -> Iterator[None]:
    """Lock it and do one thing to it, only while it is still as the page showed it.

    Raises `StaleError` (409) when somebody was faster; then nothing is written.
    """
    with transaction.atomic():
        rows = type(subject)._default_manager.select_for_update(of=("self",))
        subject.refresh_from_db(fields=["status", "status_since"], from_queryset=rows)
        if token != page_token(subject):
            raise StaleError(
                _("Somebody else has dealt with this case meanwhile: it is now “%(status)s”. Nothing was written.")
                % {"status": subject.get_status_display()}
            )
        yield


def looked_at_home(request: HttpRequest, home: Home, cases: list[Any]) -> None:
    """Write down that this person saw who lives or lived in a home."""
    staff, number = staff_of(request), request.META.get("REQUEST_NUMBER", "")
    purpose = audit.purpose_of(staff, home.office_code, PURPOSE)
    audit.look_many(staff, [home, *cases], purpose=purpose, fields=["overview"], request_number=number)
