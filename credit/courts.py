"""Beyond the bureau: the lawyer's letter, and what courts and reviewing bodies make of a case (clause B7)."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from msgspec import Struct

from bureau import workdays
from bureau.errors import UnfitDataError
from bureau.models import Staff
from credit import cases, letters_out, moves
from credit.clocks import Event
from credit.models import Case, LawyersLetter, Proceeding

Kind, Outcome = Proceeding.Kind, Proceeding.Outcome
AGAINST_US = (Kind.RECONSIDERATION, Kind.LAWSUIT)
FITTING = {
    **dict.fromkeys(AGAINST_US, (Outcome.UPHELD, Outcome.REVOKED, Outcome.DROPPED)),
    Kind.SUIT: (Outcome.WON, Outcome.PARTLY, Outcome.LOST, Outcome.SETTLED, Outcome.DROPPED),
    Kind.ENFORCEMENT: (Outcome.ENFORCED, Outcome.ENDED, Outcome.SETTLED, Outcome.DROPPED),
}
OPEN_TO_REVIEW = frozenset(moves.REVOKE.steps)


class Brought(Struct, frozen=True, kw_only=True):
    """A proceeding as it was brought."""

    kind: Proceeding.Kind
    body: str
    number: str
    filed_on: date
    claim: str
    amount: Decimal | None = None


class Ended(Struct, frozen=True, kw_only=True):
    """How a proceeding ended, by which paper, and what came of it."""

    outcome: Proceeding.Outcome
    on: date
    paper: str
    recovered: Decimal | None = None
    home_recovered: bool = False


@transaction.atomic
def send_lawyers_letter(case: Case, *, firm: str, lawyer: str, telephone: str, days: int, by: Staff) -> LawyersLetter:
    """Issue the lawyer's letter to who has not done what is due after the record; it names what is left, and the day.

    Raises `UnfitDataError` when the case is not recorded, nothing is left to be done, or something is missing.
    """
    held = Case.objects.locked(case.pk)
    cases.must_be_recorded(held)
    if not held.cure_items.filter(met_on=None).exists():
        # Translators: 改正事项均已完成，无需发律师函。
        raise UnfitDataError(_("Everything that was due has been done; no lawyer's letter is needed."))
    if not firm.strip() or not lawyer.strip() or not telephone.strip():
        raise UnfitDataError(_("Name the law firm, the lawyer, and the telephone."))
    if days < 1:
        raise UnfitDataError(_("Leave at least one day."))
    named = {"firm": firm.strip(), "lawyer": lawyer.strip(), "telephone": telephone.strip()}
    document = letters_out.lawyers_letter(held, days=days, by=by, **named)
    today = workdays.today()
    return LawyersLetter.objects.create(
        case=held, until=today + timedelta(days=days), sent_on=today, document=document, by=by, **named
    )


@transaction.atomic
def bring(case: Case, brought: Brought, *, by: Staff) -> Proceeding:
    """Enter a proceeding. The bureau sues, or has a decision enforced, after the lawyer's letter has run out.

    Raises `UnfitDataError` on what does not fit.
    """
    held = Case.objects.locked(case.pk)
    if not brought.body.strip() or not brought.number.strip() or not brought.claim.strip():
        raise UnfitDataError(_("Name the court or body, its case number, and the claim."))
    if not held.opened_on <= brought.filed_on <= workdays.today():
        raise UnfitDataError(_("The day of filing lies before the case, or ahead."))
    if held.proceedings.filter(body=brought.body.strip(), number=brought.number.strip()).exists():
        raise UnfitDataError(_("This proceeding has been entered already."))
    if brought.kind in AGAINST_US:
        if held.status not in OPEN_TO_REVIEW:
            raise UnfitDataError(_("Only a finding can be reviewed; there is none in this case now."))
    else:
        cases.must_be_recorded(held)
        if not held.lawyers_letters.filter(until__lt=brought.filed_on).exists():
            # Translators: 律师函期限届满后方可起诉或申请执行。
            raise UnfitDataError(_("The bureau goes to court after a lawyer's letter has run out."))
    return Proceeding.objects.create(
        case=held,
        kind=brought.kind,
        body=brought.body.strip(),
        number=brought.number.strip(),
        filed_on=brought.filed_on,
        claim=brought.claim.strip(),
        amount=brought.amount,
        by=by,
    )


@transaction.atomic
def stay(found: Proceeding, *, on: date, order: str, by: Staff) -> None:
    """By order of who reviews it, publication stops until the outcome; without an order it goes on
    (信用修复管理办法, art. 19).
    """
    case = Case.objects.locked(found.case_id)
    found.refresh_from_db()
    if found.kind not in AGAINST_US or found.outcome or found.stayed_on:
        raise UnfitDataError(_("An order to stop comes from who reviews the finding, once, before the outcome."))
    cases.must_be_recorded(case)
    if not order.strip() or not found.filed_on <= on <= workdays.today():
        raise UnfitDataError(_("Name the order; its day lies between the filing and today."))
    found.stayed_on = on
    found.save(update_fields=["stayed_on"])
    cases.happen(case, Event.SUSPENDED, on=on, basis=order.strip(), by=by)


@transaction.atomic
def conclude(found: Proceeding, ended: Ended, *, by: Staff) -> None:
    """Write down how a proceeding ended: a finding that was revoked falls, a stop by order ends, a home that was
    recovered starts the clocks that wait for it.
    """
    case = Case.objects.locked(found.case_id)
    found.refresh_from_db()
    if found.outcome:
        raise UnfitDataError(_("The outcome has been written down already."))
    if ended.outcome not in FITTING[Kind(found.kind)]:
        raise UnfitDataError(_("Such a proceeding does not end like this."))
    if not ended.paper.strip() or not found.filed_on <= ended.on <= workdays.today():
        raise UnfitDataError(_("Name the judgment or decision; its day lies between the filing and today."))
    found.outcome, found.outcome_on, found.paper = ended.outcome, ended.on, ended.paper.strip()
    found.recovered, found.home_recovered = ended.recovered, ended.home_recovered
    found.save(update_fields=["outcome", "outcome_on", "paper", "recovered", "home_recovered"])
    if ended.outcome == Outcome.REVOKED:
        cases.revoke(case, by=by, paper=found.paper)
    elif case.status == Case.Status.RECORDED:
        if found.stayed_on and not case.proceedings.filter(outcome="", stayed_on__isnull=False).exists():
            cases.happen(case, Event.RESUMED, on=max(ended.on, found.stayed_on), basis=found.paper, by=by)
        back = Event.HOME_RETURNED
        if ended.home_recovered and not case.happenings.filter(event=back).exists():
            cases.happen(case, back, on=ended.on, basis=found.paper, by=by)
