"""Work on a case: the proposed finding, letters served, what is corrected, the record, its withdrawal."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from msgspec import Struct

from bureau import workdays
from bureau.errors import UnfitDataError
from bureau.lifecycle import make_move
from bureau.models import Document, Staff
from bureau.moves import Move
from credit import announcing, deadlines, letters_out, moves, releasing, sanctions, serving
from credit.clocks import Event
from credit.letter_wording import Kind
from credit.models import Case, CureItem, Happening, Service, Statement
from credit.serving import Way

SERVED_IN = {Service.Letter.PROPOSAL: Case.Status.PROPOSED, Service.Letter.NOTICE: Case.Status.FOUND}


class ToDo(Struct, frozen=True):
    """A thing to correct: to pay an amount of CNY, to hand back, to hand in, or other."""

    kind: str
    text: str
    amount: Decimal | None = None


class Attempt(Struct, frozen=True, kw_only=True):
    """One attempt to serve a letter. `reached`: it arrived, or the announcement appeared, on `on`."""

    way: Way
    on: date
    proof: str
    reached: bool = True
    medium: str = ""
    consent: str = ""


@transaction.atomic
def propose(case: Case, *, by: Staff, note: str = "") -> None:
    """Propose a finding: the subject is told facts, basis, severity and rights. Made anew, it is told anew."""
    make_move(case, moves.PROPOSE, by=by, note=note)
    case.proposals += 1
    case.save(update_fields=["proposals"])
    letters_out.proposed_finding(case, by=by)


@transaction.atomic
def hear(case: Case, *, by: Staff, text: str, weighed: str, received_on: date) -> Statement:
    """Write down what the subject says to the proposal, and how it was weighed."""
    locked = Case.objects.locked(case.pk)
    served = deadlines.served_on(locked, Service.Letter.PROPOSAL)
    if locked.status != Case.Status.PROPOSED or served is None:
        raise UnfitDataError(_("A statement is made after the proposed finding was served and before the panel sits."))
    if not text.strip() or not weighed.strip():
        raise UnfitDataError(_("Write down the statement, and how it was weighed."))
    if not served <= received_on <= workdays.today():
        raise UnfitDataError(_("The day of the statement lies before the service, or ahead."))
    return Statement.objects.create(
        case=case,
        text=text.strip(),
        weighed=weighed.strip(),
        turn=locked.proposals,
        received_on=received_on,
        by=by,
    )


@transaction.atomic
def move(case: Case, which: Move, *, by: Staff, reason: str) -> None:
    """Gather more evidence or drop the case, with the reason."""
    if which not in (moves.GATHER_MORE, moves.DROP):
        raise ValueError(which.name)
    need_reason(reason)
    make_move(case, which, by=by, note=reason.strip())
    announcing.take_down(case)


@transaction.atomic
def serve(case: Case, letter: Service.Letter, attempt: Attempt, *, by: Staff) -> Service:
    """Write down an attempt to serve a letter; the notice that has arrived starts the time to correct.

    An announcement is the last resort: another way has been tried and failed (民事诉讼法, art. 95). Raises
    `UnfitDataError` on what does not fit.
    """
    locked = Case.objects.locked(case.pk)
    if locked.status != SERVED_IN[letter]:
        raise UnfitDataError(_("This letter is not served at this stage of the case."))
    if letters_out.latest(locked, letters_out.LETTER_OF[letter]) is None:
        raise UnfitDataError(_("The letter has not been issued yet."))
    if not attempt.proof.strip():
        raise UnfitDataError(_("Name the proof of service: receipt, return slip, page and issue."))
    if not locked.status_since.astimezone(workdays.SHANGHAI).date() <= attempt.on <= workdays.today():
        raise UnfitDataError(_("The day of service lies before the letter, or ahead."))
    _must_fit(locked, letter, attempt)
    policy = deadlines.policy_of(locked)
    legal = serving.served_on(attempt.way, reached_on=attempt.on, deemed_days=policy.deemed_served_days)
    medium = ""
    if attempt.way is Way.ANNOUNCED:
        out = announcing.put_out(locked, letter, on=attempt.on, until=legal, medium=attempt.medium.strip())
        medium = out.medium
    return Service.objects.create(
        case=case,
        letter=letter,
        turn=deadlines.turn_of(locked, letter),
        way=attempt.way,
        tried_on=attempt.on,
        served_on=legal if attempt.reached else None,
        proof=attempt.proof.strip(),
        medium=medium,
        consent=attempt.consent.strip(),
        by=by,
    )


def _must_fit(case: Case, letter: str, attempt: Attempt) -> None:
    before = case.services.filter(letter=letter, turn=deadlines.turn_of(case, letter))
    if before.filter(served_on__isnull=False).exists():
        raise UnfitDataError(_("This letter has been served already."))
    if attempt.way is Way.ANNOUNCED:
        announcing.must_be_last_resort(case, letter)
        if not attempt.reached:
            raise UnfitDataError(_("An announcement is written down once it has appeared."))
    elif attempt.medium:
        raise UnfitDataError(_("Only an announcement has a medium."))
    if (attempt.way is Way.ELECTRONIC) != bool(attempt.consent.strip()):
        raise UnfitDataError(_("Electronic service wants the subject's consent, and only that does."))


@transaction.atomic
def notify(case: Case, *, by: Staff) -> None:
    """The notice has legally arrived: the time to correct runs from its day of service."""
    make_move(case, moves.NOTIFY, by=by)


@transaction.atomic
def list_cures(case: Case, *, by: Staff, things: Sequence[ToDo]) -> list[CureItem]:
    """What is to be done to be spared a record; it goes into the notice letter, so it stands before that is served."""
    locked = Case.objects.locked(case.pk)
    if locked.status != Case.Status.FOUND or letters_out.latest(locked, Kind.NOTICE):
        raise UnfitDataError(_("The list of things to correct is made before the notice letter goes out."))
    if not things or not all(thing.text.strip() for thing in things):
        raise UnfitDataError(_("Say what is to be done."))
    if any((thing.kind == CureItem.Kind.PAY) != bool(thing.amount and thing.amount > 0) for thing in things):
        raise UnfitDataError(_("What is to be paid has an amount, and nothing else has."))
    return [
        CureItem.objects.create(case=case, kind=thing.kind, text=thing.text.strip(), amount=thing.amount)
        for thing in things
    ]


@transaction.atomic
def issue_notice(case: Case, *, by: Staff) -> Document:
    """Issue the notice letter. It closes the list of things to correct, and there is one of it."""
    locked = Case.objects.locked(case.pk)
    if locked.status != Case.Status.FOUND or letters_out.latest(locked, Kind.NOTICE):
        raise UnfitDataError(_("The notice letter is issued once, after the panel has found the act."))
    if not locked.cure_items.exists():
        raise UnfitDataError(_("List first what is to be corrected: the notice letter says it."))
    return letters_out.notice(locked, by=by)


@transaction.atomic
def correct(item: CureItem, *, by: Staff, on: date, proof: str) -> None:
    """A thing has been done, with its proof."""
    case = Case.objects.locked(item.case.pk)
    item.refresh_from_db()
    served = deadlines.served_on(case, Service.Letter.NOTICE)
    if case.status not in {Case.Status.NOTIFIED, Case.Status.RECORDED} or served is None:
        raise UnfitDataError(_("Things are corrected after the notice letter was served."))
    if item.met_on is not None:
        raise UnfitDataError(_("This has been done already."))
    if not proof.strip():
        raise UnfitDataError(_("Name the proof."))
    if on > workdays.today():
        raise UnfitDataError(_("The day lies ahead."))
    item.met_on, item.proof, item.met_by = on, proof.strip(), by
    item.save(update_fields=["met_on", "proof", "met_by"])


@transaction.atomic
def close_as_cured(case: Case, *, by: Staff) -> None:
    """Everything was corrected in time: closed without a record, and the subject is told so."""
    make_move(case, moves.CURE, by=by)
    announcing.take_down(case)
    letters_out.cure_acknowledgement(case, by=by)


@transaction.atomic
def record(case: Case, *, by: Staff) -> None:
    """Enter the act in the archive: the clocks of its severity begin (clauses B6, B8). Who acted is told of it, and how
    it is repaired.
    """
    make_move(case, moves.RECORD, by=by)
    happen(case, Event.RECORDED, on=workdays.today(), basis=case.number, by=by)
    letters_out.record_notices(case, by=by)


@transaction.atomic
def tell(case: Case, event: Event, *, on: date, basis: str, by: Staff) -> None:
    """Write down what moves the clocks of a recorded case: the home returned, everything corrected, an order.

    Raises `UnfitDataError` when the case is not recorded, the day lies ahead or before the act, or nothing is named
    that it rests on.
    """
    locked = Case.objects.locked(case.pk)
    if locked.status != Case.Status.RECORDED or event in {Event.RECORDED, Event.WITHDRAWN}:
        raise UnfitDataError(_("This is written down of a recorded case."))
    if not locked.occurred_on <= on <= workdays.today():
        raise UnfitDataError(_("The day lies before the act, or ahead."))
    if not basis.strip():
        raise UnfitDataError(_("Name the paper that this rests on."))
    if locked.happenings.filter(event=event, on=on).exists():
        raise UnfitDataError(_("This has been written down already."))
    happen(case, event, on=on, basis=basis.strip(), by=by)


@transaction.atomic
def withdraw(case: Case, *, by: Staff, reason: str) -> None:
    """Set the finding aside: every clock ends on this day. What was recorded is certified to have ended."""
    need_reason(reason)
    make_move(case, moves.WITHDRAW, by=by, note=reason.strip())
    _set_aside(case, basis=reason.strip(), by=by)


def _set_aside(case: Case, *, basis: str, by: Staff) -> None:
    announcing.take_down(case)
    happen(case, Event.WITHDRAWN, on=workdays.today(), basis=basis, by=by)
    if case.happenings.filter(event=Event.RECORDED).exists():
        letters_out.release_certificate(case, by=by)


@transaction.atomic
def certify(case: Case, *, by: Staff) -> Document:
    """Issue the certificate of release where the sweep found no text for it."""
    locked = Case.objects.locked(case.pk)
    if locked.status != Case.Status.RELEASED:
        raise UnfitDataError(_("A release is certified once everything has ended."))
    return letters_out.release_certificate(locked, by=by)


@transaction.atomic
def revoke(case: Case, *, by: Staff, paper: str) -> None:
    """A court or reviewing body has set the finding aside: every clock ends on this day."""
    make_move(case, moves.REVOKE, by=by, note=paper)
    _set_aside(case, basis=paper, by=by)


def happen(case: Case, event: Event, *, on: date, basis: str, by: Staff | None) -> None:
    """Write down an event of a case and bring its measures in line; inside the caller's transaction, which holds the
    case.
    """
    Happening.objects.get_or_create(case=case, event=event, on=on, defaults={"basis": basis[:200], "by": by})
    sanctions.bring_in_line(case)
    releasing.release(case)


def need_reason(reason: str) -> None:
    """Refuse what gives none."""
    if not reason.strip():
        raise UnfitDataError(_("Give the reason."))


def must_be_recorded(case: Case) -> None:
    """Refuse what is done on a recorded case alone."""
    if case.status != Case.Status.RECORDED:
        raise UnfitDataError(_("This is done on a recorded case."))
