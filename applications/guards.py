"""What must be so about a person, and about a case, before a move: each guard says why not, or nothing."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

import msgspec
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import asked, deadlines
from applications.models import Application, Decision, Member
from bureau import ciphers, divisions, workdays
from bureau.models import Posting, Staff
from bureau.moves import Guard, Text
from bureau.roles import Role
from credit import standing
from verification.models import Objection

APPLICANT = "01"  # GB/T 4761
ADULT = 18
DESK_ROLES = frozenset({Role.REVIEWER, Role.CHECK_OFFICER})

# --- about the person (403) -----------------------------------------------------------------------------------------


def own_window(case: Application, by: Staff) -> Text | None:
    """A clerk works on the cases of the own window."""
    at_window = any(seat.role == Role.CLERK and seat.office.code == case.office_code for seat in by.seats)
    return None if at_window else _("This case belongs to another window.")


def not_keyed_by(case: Application, by: Staff) -> Text | None:
    """Who had a hand in keying a case never reviews it: opened it, typed in it, handed it in, recorded a signature."""
    if case.keyed_by_id == by.pk or asked.KEYED.any(case=case.pk, by=by.pk):
        return _("You keyed this case; somebody else reviews it.")
    return None


def not_signed_by(case: Application, by: Staff) -> Text | None:
    """Nobody signs twice."""
    signed = asked.SIGNED.any(case=case.pk, by=by.pk)
    return _("You have already signed this case at another tier.") if signed else None


def no_relative_of(case: Application, by: Staff) -> Text | None:
    """Nobody handles the own case or that of a declared relative."""
    if by.kin and by.is_related_to(case.members.values_list("id_index", flat=True)):
        return _("A member of this household is you or your declared relative; somebody else handles the case.")
    return None


def not_concluded_by(case: Application, by: Staff) -> Text | None:
    """Who concluded the check, or settled one of its findings, does not decide on it."""
    check = case.current_check
    if check is None:
        return None
    concluded = getattr(check, "conclusion", None)
    if (concluded is not None and concluded.by_id == by.pk) or asked.SETTLED_BY.any(check=check.pk, by=by.pk):
        return _("You concluded the check of this household; somebody else decides.")
    return None


def not_decided_by(case: Application, by: Staff) -> Text | None:
    """Who decided on a case does not answer what is objected to that decision."""
    if case.decisions.filter(superseded_at=None, by=by).exists():
        return _("You decided on this case; somebody else answers the objection.")
    return None


# --- about the case (409) -------------------------------------------------------------------------------------------


def desk_seat(case: Application, by: Staff) -> Posting | None:
    """The posting by which this person sits at the desk that has the case: of its tier, and over its window."""
    return seat_at(case.tier, case.office_code, by)


def seat_at(tier: str, office_code: str, by: Staff) -> Posting | None:
    """The posting by which this person sits at the desk of the tier, over the window of this code."""
    return next(
        (
            seat
            for seat in by.seats
            if seat.role in DESK_ROLES and seat.office.tier == tier and divisions.covers(seat.office.code, office_code)
        ),
        None,
    )


def own_desk(case: Application, by: Staff) -> Text | None:
    """A reviewer acts for the tier that has the case; a higher tier waits until the lower one has decided."""
    return None if desk_seat(case, by) else _("The case is with another tier now.")


class Signatory(NamedTuple):
    """A member as the papers name that person."""

    name: str
    person_index: bytes  # blind index of the ID number
    is_applicant: bool


def household_mark(members: Iterable[Signatory]) -> bytes:
    """32 bytes that stand for exactly these persons, by ID number and name, whatever their order.

    Signatures hold for one such household.
    """
    persons = sorted((bytes(each.person_index), each.name) for each in members)
    return ciphers.sm3(msgspec.json.encode([(index.hex(), name) for index, name in persons]))


def unsigned(case: Application, members: Mapping[str, Signatory], declared: str) -> dict[str, tuple[str, ...]]:
    """By key, of the members who still have to sign: the papers that are missing, the commitment first.

    A signature holds for the ID number and for the household it was given in: when members change everybody signs both
    papers anew (authorisation, clause 5). The applicant's commitment holds for what was declared, too: for the
    declaration with the digest `declared`, which stands on the form.
    """
    mark = household_mark(members.values())
    commitments = {
        key: (_Signed(index, household), said) for key, index, household, said in asked.COMMITTED.rows(case=case.pk)
    }
    grants = {key: _Signed(index, household) for key, index, household in asked.AUTHORISED.rows(case=case.pk)}
    missing: dict[str, tuple[str, ...]] = {}
    for key, member in members.items():
        papers = []
        commitment, said = commitments.get(key, (None, ""))
        if not _holds(commitment, member, mark) or (member.is_applicant and said != declared):
            papers.append("commitment")
        if not _holds(grants.get(key), member, mark):
            papers.append("authorisation")
        if papers:
            missing[key] = tuple(papers)
    return missing


class _Signed(NamedTuple):
    person_index: bytes
    household: bytes


def _holds(signature: _Signed | None, member: Signatory, mark: bytes) -> bool:
    """Whether it was given under this ID number, in a household of just these members."""
    return (
        signature is not None
        and bytes(signature.person_index) == bytes(member.person_index)
        and bytes(signature.household) == mark
    )


def every_member_signed(case: Application, by: Staff | None) -> Text | None:
    """Every member, or the guardian, has signed both papers as the household is declared now."""
    members = {
        key: Signatory(name, index, relation == APPLICANT)
        for key, name, relation, index in asked.SIGNATORIES.rows(case=case.pk)
    }
    declared = asked.DIGEST.rows(declaration=case.declaration_id) if case.declaration_id else []
    missing = unsigned(case, members, declared[0][0] if declared else "")
    words = {
        "commitment": _("%(name)s has not signed the commitment of honesty."),
        "authorisation": _("%(name)s has not signed the authorisation to check."),
    }
    return next((words[missing[key][0]] % {"name": each.name} for key, each in members.items() if key in missing), None)


def barred(persons: Mapping[bytes, str]) -> list[str]:
    """Of these persons, by blind index: a sentence for each whom the registry keeps from benefits today."""
    standings = standing.standings(persons, on=workdays.today()) if persons else {}
    dated = _("%(name)s is barred from housing benefits until %(day)s (%(act)s; %(basis)s).")
    # Translators: 惩戒期自退回住房之日起算
    open_ended = _(
        "%(name)s is barred from housing benefits; the term begins when the home is returned (%(act)s; %(basis)s)."
    )
    return [
        (dated if found.until else open_ended)
        % {"name": persons[index], "day": found.until, "act": found.act, "basis": found.basis}
        for index, found in standings.items()
        if found.blocked
    ]


def nobody_is_barred(case: Application, by: Staff | None) -> Text | None:
    """No member is under a sanction, also none that began after the application was handed in (clauses B8, B13)."""
    under_one = asked.BARRED.rows(case=case.pk, on=workdays.today())
    return next(iter(barred({bytes(index): name for index, name in under_one})), None)


def without_authorisation(case: Application) -> list[str]:
    """The adult members about whom no source may be asked: their authorisation ended or was taken back."""
    today = workdays.today()
    live = case.authorisations.live(today)
    granted = {row.member_key for row in live if case.kind in row.purposes}
    adults = case.members.filter(born_on__lte=adult_if_born_by(today)).defer("id_number")
    return [member.name for member in adults if member.key not in granted]


def adult_if_born_by(today: date) -> date:
    """Whoever was born on this day or before is an adult today (Civil Code, article 17)."""
    try:
        return today.replace(year=today.year - ADULT)
    except ValueError:  # 29 February
        return date(today.year - ADULT, 2, 28)


def every_adult_authorises(case: Application, by: Staff | None) -> Text | None:
    """No check is ordered of a household that may not be asked about."""
    names = without_authorisation(case)
    if not names:
        return None
    return _("%(names)s has no authorisation in force; the check could not be completed.") % {"names": "、".join(names)}


def has_concluded(outcome: str, text: Text) -> Guard:
    """A guard: the current check ended with this conclusion."""

    def guard(case: Application, by: Staff | None) -> Text | None:
        conclusion = getattr(case.current_check, "conclusion", None)
        return None if conclusion is not None and conclusion.outcome == outcome else str(text)

    return guard


def no_open_objection(case: Application, by: Staff | None) -> Text | None:
    """Every objection to the public notice has been answered."""
    objections = asked.OBJECTED_TO_NOTICE.rows(case=case.pk)
    if any(settled_at is None for settled_at, _upheld in objections):
        return _("An objection to the public notice is still to be answered.")
    if any(upheld for _settled_at, upheld in objections):
        return _("An objection to the public notice was upheld; the household is to be checked again.")
    return None


def no_objection_to_result(case: Application, by: Staff | None) -> Text | None:
    """Nothing is decided on a result that the household disputes, and no decision becomes final on it."""
    for (number,) in asked.OBJECTED.rows(check=case.current_check_id):
        text = _("The household's objection %(number)s to the result is still to be answered.")
        return text % {"number": number}
    return None


def not_objected_before(case: Application, by: Staff | None) -> Text | None:
    """One result is objected to once; against the decision that rests on it there are other ways."""
    answered = Objection.objects.filter(check_ordered=case.current_check_id, status=Objection.Status.ANSWERED).first()
    if answered is None:
        return None
    return _("This result has been objected to already: %(number)s has been answered.") % {"number": answered.number}


def nobody_applies_elsewhere(case: Application, by: Staff | None) -> Text | None:
    """A case that had ended is taken up again only while no member takes part in another."""
    if case.status != Application.Status.REFUSED:
        return None
    members = list(case.members.defer("id_number"))
    others = Member.objects.filter(live=True, id_index__in=[member.id_index for member in members])
    taken = {bytes(index) for index in others.exclude(application=case).values_list("id_index", flat=True)}
    names = [member.name for member in members if bytes(member.id_index) in taken]
    if not names:
        return None
    text = _("%(name)s already takes part in a live application or receives a benefit; one person, one benefit.")
    return text % {"name": "、".join(names)}


def result_told_on(case: Application) -> date | None:
    """The first day on which the household can have received the result: of the letter of refusal, else the report."""
    refusals = case.decisions.filter(superseded_at=None, outcome=Decision.Outcome.REFUSE)
    refused = refusals.select_related("letter").first()
    if refused is not None and refused.letter is not None:
        return refused.letter.issued_on
    conclusion = getattr(case.current_check, "conclusion", None)
    return timezone.localtime(conclusion.at).date() if conclusion is not None else None


def last_day_to_object(case: Application, received_on: date) -> date:
    """Until when a household may object that received the result on the day."""
    procedure = deadlines.procedure_on(case.accepted_on or received_on)
    return workdays.add_workdays(received_on, procedure.objection_days)
