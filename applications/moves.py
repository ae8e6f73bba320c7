"""The life of an application on one screen: who may move it, from where to where, and what must be so first."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Application
from bureau import ciphers
from bureau.models import Staff
from bureau.moves import Guard, Move, Text
from bureau.roles import Role, Tier

S = Application.Status


# --- about the person (403) -----------------------------------------------------------------------------------------


def own_window(case: Application, by: Staff) -> Text | None:
    """A clerk works on the cases of the own window."""
    at_window = any(seat.role == Role.CLERK and seat.office.code == case.office_code for seat in by.seats)
    return None if at_window else _("This case belongs to another window.")


def not_keyed_by(case: Application, by: Staff) -> Text | None:
    """The one who keyed a case never reviews it."""
    return _("You keyed this case; somebody else reviews it.") if case.keyed_by_id == by.pk else None


def not_signed_by(case: Application, by: Staff) -> Text | None:
    """Nobody signs twice."""
    signed = case.opinions.filter(by=by, valid=True).exclude(outcome="return").exists()
    return _("You have already signed this case at another tier.") if signed else None


def no_relative_of(case: Application, by: Staff) -> Text | None:
    """Nobody handles the own case or that of a declared relative."""
    if by.is_related_to(case.members.values_list("id_index", flat=True)):
        return _("A member of this household is you or your declared relative; somebody else handles the case.")
    return None


# --- about the case (409) -------------------------------------------------------------------------------------------


def own_desk(case: Application, by: Staff) -> Text | None:
    """A reviewer acts for the tier that has the case; a higher tier waits until the lower one has decided."""
    on_desk = any(seat.office.tier == case.tier and seat.role in DESK_ROLES for seat in by.seats)
    return None if on_desk else _("The case is with another tier now.")


def household_mark(person_indexes: Iterable[bytes]) -> bytes:
    """32 bytes that stand for exactly these persons, whatever their order. Signatures hold for one such household."""
    return ciphers.sm3(b"".join(sorted(bytes(index) for index in person_indexes)))


def unsigned(case: Application, members: Mapping[str, bytes]) -> dict[str, str]:
    """By key, of the members (key to person index) who still have to sign: the first paper that is missing.

    A signature holds for the ID number and for the household it was given in: when members change everybody signs both
    papers anew (authorisation, clause 5).
    """
    mark = household_mark(members.values())
    missing: dict[str, str] = {}
    for paper, rows in (("commitment", case.commitments), ("authorisation", case.authorisations)):
        live = rows.filter(ended_at=None).values_list("member_key", "person_index", "household")
        signed = {key: (bytes(index), bytes(household)) for key, index, household in live}
        for key, index in members.items():
            if signed.get(key) != (bytes(index), mark):
                missing.setdefault(key, paper)
    return missing


def every_member_signed(case: Application, by: Staff | None) -> Text | None:
    """Every member, or the guardian, has signed both papers, under the present ID number and for these members."""
    members = list(case.members.all())
    missing = unsigned(case, {member.key: member.id_index for member in members})
    words = {
        "commitment": _("%(name)s has not signed the commitment of honesty."),
        "authorisation": _("%(name)s has not signed the authorisation to check."),
    }
    return next((words[missing[row.key]] % {"name": row.name} for row in members if row.key in missing), None)


def has_concluded(outcome: str, text: Text) -> Guard:
    """A guard: the current check ended with this conclusion."""

    def guard(case: Application, by: Staff | None) -> Text | None:
        conclusion = getattr(case.current_check, "conclusion", None)
        return None if conclusion is not None and conclusion.outcome == outcome else str(text)

    return guard


def no_open_objection(case: Application, by: Staff | None) -> Text | None:
    """Every objection to the public notice has been answered."""
    is_open = case.notices.filter(closed_at=None, objections__isnull=False, objections__settled_at=None).exists()
    return _("An objection to the public notice is still to be answered.") if is_open else None


DESK_ROLES = frozenset({Role.REVIEWER, Role.CHECK_OFFICER})
DESK = (not_keyed_by, not_signed_by, no_relative_of)
CITY = (not_keyed_by, no_relative_of)
UNDER_REVIEW = (S.AT_STREET, S.AT_DISTRICT, S.AT_CITY)
BEFORE_DECISION = (*UNDER_REVIEW, S.CHECK_DUE, S.CHECKING, S.CHECKED, S.ON_NOTICE, S.RETURNED)

SUBMIT = Move(
    "submit",
    gettext_lazy("Submit"),
    {S.DRAFT: S.AT_STREET, S.RETURNED: S.AT_STREET},
    who=frozenset({Role.CLERK}),
    may=(own_window,),
    needs=(every_member_signed,),
    tone="primary",
)
RESUBMIT_TO_DISTRICT = Move(
    "resubmit_to_district",
    SUBMIT.label,
    {S.RETURNED: S.AT_DISTRICT},
    who=SUBMIT.who,
    may=SUBMIT.may,
    needs=SUBMIT.needs,
)
RESUBMIT_TO_CITY = Move(
    "resubmit_to_city", SUBMIT.label, {S.RETURNED: S.AT_CITY}, who=SUBMIT.who, may=SUBMIT.may, needs=SUBMIT.needs
)
DISCARD = Move(
    "discard",
    gettext_lazy("Discard the draft"),
    {S.DRAFT: S.DISCARDED},
    who=frozenset({Role.CLERK}),
    may=(own_window,),
    tone="danger",
)
FORWARD = Move(
    "forward",
    gettext_lazy("Agree and forward"),
    {S.AT_STREET: S.AT_DISTRICT, S.AT_DISTRICT: S.AT_CITY, S.AT_CITY: S.CHECK_DUE},
    who=DESK_ROLES,
    may=DESK,
    needs=(own_desk,),
    tone="primary",
)
RETURN = Move(
    "return",
    gettext_lazy("Return for correction"),
    dict.fromkeys(UNDER_REVIEW, S.RETURNED),
    who=DESK_ROLES,
    may=DESK,
    needs=(own_desk,),
)
REJECT = Move(
    "reject",
    gettext_lazy("Reject"),
    dict.fromkeys(UNDER_REVIEW, S.REJECTED),
    who=DESK_ROLES,
    may=DESK,
    needs=(own_desk,),
    tone="danger",
)
ORDER = Move(
    "order",
    gettext_lazy("Order the check"),
    {S.CHECK_DUE: S.CHECKING},
    who=frozenset({Role.CHECK_OFFICER}),
    may=CITY,
    tone="primary",
)
ORDER_IN_ROUND = Move("order_in_round", gettext_lazy("Order the check in a round"), {S.CHECK_DUE: S.CHECKING})
TAKE_UP = Move("take_up", gettext_lazy("Check concluded"), {S.CHECKING: S.CHECKED})
CHECK_FELL_THROUGH = Move("check_fell_through", gettext_lazy("Check cancelled"), {S.CHECKING: S.CHECK_DUE})
RECHECK = Move(
    "recheck",
    gettext_lazy("Have it checked again"),
    {S.CHECKED: S.CHECK_DUE, S.ON_NOTICE: S.CHECK_DUE},
    who=frozenset({Role.HOUSING_OFFICER}),
    may=CITY,
)
PUBLISH = Move(
    "publish",
    gettext_lazy("Grant and publish"),
    {S.CHECKED: S.ON_NOTICE},
    who=frozenset({Role.HOUSING_OFFICER}),
    may=(*CITY, not_signed_by),
    needs=(has_concluded("fit", gettext_lazy("Only a household found fit can be granted a benefit.")),),
    tone="primary",
)
REFUSE = Move(
    "refuse",
    gettext_lazy("Refuse"),
    {S.CHECKED: S.REFUSED},
    who=frozenset({Role.HOUSING_OFFICER}),
    may=(*CITY, not_signed_by),
    needs=(
        has_concluded("unfit", gettext_lazy("Only a household found unfit, on a confirmed finding, can be refused.")),
    ),
    tone="danger",
)
APPROVE = Move("approve", gettext_lazy("Approve"), {S.ON_NOTICE: S.APPROVED}, needs=(no_open_objection,))
WITHDRAW = Move(
    "withdraw",
    gettext_lazy("Withdraw the application"),
    dict.fromkeys(BEFORE_DECISION, S.WITHDRAWN),
    who=frozenset({Role.CLERK}),
    may=(own_window,),
    tone="danger",
)

TABLE = (
    SUBMIT,
    RESUBMIT_TO_DISTRICT,
    RESUBMIT_TO_CITY,
    DISCARD,
    FORWARD,
    RETURN,
    REJECT,
    ORDER,
    ORDER_IN_ROUND,
    TAKE_UP,
    CHECK_FELL_THROUGH,
    RECHECK,
    PUBLISH,
    REFUSE,
    APPROVE,
    WITHDRAW,
)
RESUBMIT = {S.AT_DISTRICT: RESUBMIT_TO_DISTRICT, S.AT_CITY: RESUBMIT_TO_CITY}
TIER_OF = {S.AT_STREET: Tier.STREET, S.AT_DISTRICT: Tier.DISTRICT, S.AT_CITY: Tier.CITY}
