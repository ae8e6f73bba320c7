"""Commitment of honesty (守信承诺书) and authorisation to check (核对授权书):
printed, signed, scanned, recorded per member.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple, TypeAlias

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import asked, drafting, guards, letters_out
from applications.models import Application, Attachment, Authorisation, Commitment
from bureau import identifiers, masks, timeline, workdays
from bureau.composed import INT, TEXT, Composed
from bureau.errors import MoveRefusedError, NotAllowedError, StaleError, UnfitDataError
from bureau.fields import blind_index
from bureau.locking import lock
from bureau.models import Document, Staff
from verification import objections, orders
from verification.facts import Declared, DeclaredPerson, RecordKind
from verification.models import Check

Paper: TypeAlias = type[Commitment] | type[Authorisation]
SIGNED: Mapping[Paper, Composed] = {Commitment: asked.COMMITTED, Authorisation: asked.AUTHORISED}
ALL_KINDS = [kind.value for kind in RecordKind]
ADULT = 18
PRINTED = Composed(
    lambda case, kind: (
        Document.objects.of(Application(pk=case))
        .filter(kind=kind)
        .select_related(None)
        .order_by("-pk")
        .values_list("pk", "number", "data")
    ),
    case=INT,
    kind=TEXT,
)
OPEN = Q(status__in=["asking", "settled", "assessed"])  # checks that go on; after an objection another than the current


def needs_guardian(person: DeclaredPerson, on: date) -> bool:
    """Whether the guardian signs: for minors (PIPL article 31 for those under 14) and for incapable adults."""
    return person.incapable or identifiers.age(person.id_number, on) < ADULT


def unsigned(application: Application, declared: Declared) -> list[DeclaredPerson]:
    """The persons who have not signed both papers as the household is declared now."""
    missing = missing_papers(application, declared)
    return [person for person in declared.persons if person.key in missing]


def missing_papers(application: Application, declared: Declared) -> dict[str, tuple[str, ...]]:
    """By the key of each person who still has to sign: which papers, as the household is declared now."""
    return guards.unsigned(application, _signatories(declared), drafting.digest(declared))


def declaration_changed(application: Application, declared: Declared) -> bool:
    """Whether the applicant committed to an earlier declaration of these same members and commits anew to this one."""
    missing = missing_papers(application, declared)
    applicant = next((person.key for person in declared.persons if person.relation == guards.APPLICANT), "")
    signed = application.commitments.filter(member_key=applicant, ended_at=None)
    mark = guards.household_mark(_signatories(declared).values())
    return missing.get(applicant) == ("commitment",) and any(bytes(row.household) == mark for row in signed)


def _signatories(declared: Declared) -> dict[str, guards.Signatory]:
    return {
        person.key: guards.Signatory(person.name, blind_index(person.id_number), person.relation == guards.APPLICANT)
        for person in declared.persons
    }


def must_be_open(application: Application, by: Staff) -> None:
    """The clerk is of its window and it is a draft or returned; else `NotAllowedError` or `StaleError`."""
    if reason := guards.own_window(application, by):
        raise NotAllowedError(reason)
    if application.status not in {Application.Status.DRAFT, Application.Status.RETURNED}:
        raise StaleError(_("This application has been submitted; it can no longer be edited."))


def lock_while_open(application: Application, by: Staff) -> None:
    """The same of its locked row. Whoever writes to its draft, papers or signatures takes this lock first of all."""
    lock(application)
    must_be_open(application, by)


def print_form(application: Application, which: str, declared: Declared, *, by: Staff) -> Document:
    """The form for the whole household, numbered, to be signed at the window. `which`: commitment | authorisation."""
    _must_be_own(application, by)
    if not declared.persons:
        raise UnfitDataError(_("Enter the members first; the form lists them."))
    return letters_out.form_to_sign(application, which, declared, by=by)


class Signed(NamedTuple):
    """A member of the household and who signed for that person; the guardian's relation where a guardian did."""

    person: DeclaredPerson
    signer: str
    guardian: str = ""


def sign(
    application: Application,
    declared: Declared,
    person: DeclaredPerson,
    *,
    signer: str,
    guardian: str,
    signed_on: date,
    scan: Attachment,
    by: Staff,
) -> None:
    """Record that a member of the household, or the guardian, signed both papers.

    The authorisation bears the number of its form and the member's place on it. An earlier signature of the same member
    is ended, not changed; an authorisation that still holds stays when only the commitment was to be signed anew. The
    same signatures sent twice are recorded once.
    """
    sign_together(application, declared, [Signed(person, signer, guardian)], signed_on=signed_on, scan=scan, by=by)


@transaction.atomic
def sign_together(
    application: Application,
    declared: Declared,
    signed: Sequence[Signed],
    *,
    signed_on: date,
    scan: Attachment,
    by: Staff,
) -> None:
    """The same for several members on one scan, in as many queries as for one: all of them, or none."""
    lock_while_open(application, by)
    for each in signed:
        _check(application, each.person, each.signer, each.guardian, signed_on, scan)
    missing = missing_papers(application, declared)
    there = set(application.commitments.filter(ended_at=None, scan=scan).values_list("member_key", flat=True))
    new = [each for each in signed if missing.get(each.person.key) or each.person.key not in there]
    if not new:
        return
    household = guards.household_mark(_signatories(declared).values())
    rows: dict[str, dict[str, Any]] = {
        each.person.key: {
            "application": application,
            "member_key": each.person.key,
            "person_index": blind_index(each.person.id_number),
            "household": household,
            "signer": each.signer.strip(),
            "guardian": each.guardian.strip(),
            "signed_on": signed_on,
            "scan": scan,
            "digest": scan.digest,
            "recorded_by": by,
        }
        for each in new
    }
    _end_earlier(application, [*rows], Commitment)
    form, digest = _form_of(application, "commitment", declared, by), drafting.digest(declared)
    Commitment.objects.bulk_create(Commitment(**row, form=form, declaration=digest) for row in rows.values())
    _authorise(application, declared, [row for key, row in rows.items() if missing.get(key) != ("commitment",)], by)
    timeline.record_notes(application, "signed", [each.person.name for each in new], by=by)


def _authorise(application: Application, declared: Declared, rows: Sequence[dict[str, Any]], by: Staff) -> None:
    if not rows:
        return
    form = _form_of(application, "authorisation", declared, by)
    keys = [each.key for each in declared.persons]
    _end_earlier(application, [row["member_key"] for row in rows], Authorisation)
    Authorisation.objects.bulk_create(
        Authorisation(
            **row,
            form=form,
            number=f"{form.number}-{keys.index(row['member_key']) + 1}",
            kinds=ALL_KINDS,
            purposes=[application.kind, "periodic_review"],
        )
        for row in rows
    )


def _end_earlier(application: Application, keys: Sequence[str], model: Paper) -> None:
    """Who signs anew has no earlier signature under this paper; most sign for the first time."""
    if not _signed(application, model).isdisjoint(keys):
        _end(application, _("Signed anew."), member_keys=keys, only=model)


def _check(
    application: Application, person: DeclaredPerson, signer: str, guardian: str, signed_on: date, scan: Attachment
) -> None:
    fields: dict[str, list[str]] = {}
    today = workdays.today()
    if needs_guardian(person, today):
        if not guardian.strip():
            fields["guardian"] = [
                _("%(name)s cannot sign alone: name the guardian and the relation.") % {"name": person.name}
            ]
        elif not signer.strip():
            fields["signer"] = [_("Write who signed for %(name)s.") % {"name": person.name}]
        elif signer.strip() == person.name:
            fields["signer"] = [_("The guardian signs for %(name)s, not the member.") % {"name": person.name}]
    elif signer.strip() != person.name:
        fields["signer"] = [_("%(name)s signs in person; the signer's name must be the same.") % {"name": person.name}]
    if signed_on > today:
        fields["signed_on"] = [_("The day of signing lies in the future.")]
    elif signed_on < today - timedelta(days=180):
        fields["signed_on"] = [_("The signature is older than half a year; have it signed anew.")]
    if scan.application_id != application.pk or scan.removed_at is not None:
        fields["scan"] = [_("Choose a scan of this case.")]
    if fields:
        raise UnfitDataError(next(iter(fields.values()))[0], fields)


@transaction.atomic
def withdraw_authorisation(application: Application, member_key: str, *, by: Staff, reason: str) -> None:
    """A member takes the authorisation back: it ends now, and what is still queued about that person is not asked."""
    if reason_text := guards.own_window(application, by):
        raise NotAllowedError(reason_text)
    if not reason.strip():
        raise UnfitDataError(_("Give the reason."), {"reason": [_("Give the reason.")]})
    lock(application)
    ended = _end(application, reason.strip(), member_keys=[member_key], only=Authorisation)
    if not ended:
        raise MoveRefusedError(_("There is no live authorisation of this member."))
    for check in Check.objects.filter(Q(pk=application.current_check_id) | OPEN, subject=application.reference):
        orders.withdraw_authorisation(check, member_key)
    timeline.record(application, "authorisation_withdrawn", by=by, note=reason)


def end_all(application: Application, *, reason: str) -> None:
    """The application is over: its authorisations end, its check stops, its objection is not answered."""
    _end(application, reason)
    objections.drop(application.reference, reason=reason)
    check = application.current_check
    if check is not None and check.status in {"asking", "settled", "assessed"}:
        orders.cancel(check, by=None, reason=reason)


def end_for_leavers(application: Application, declared: Declared) -> None:
    """Who is no longer declared as a member has no live signature in this case any more."""
    keys = [person.key for person in declared.persons]
    for model in SIGNED:
        left = _signed(application, model) - set(keys)
        if left:
            _end(application, _("No longer a member of the household."), member_keys=[*left], only=model)


def rests_on(attachment: Attachment) -> bool:
    """Whether a live signature rests on this scan."""
    return any(model._default_manager.filter(scan=attachment, ended_at=None).exists() for model in SIGNED)


def _end(
    application: Application,
    reason: str,
    *,
    member_keys: Sequence[str] = (),
    only: Paper | None = None,
) -> int:
    which = {"member_key__in": member_keys} if member_keys else {}
    return sum(
        model._default_manager.filter(application=application, ended_at=None, **which).update(
            ended_at=timezone.now(), end_reason=reason
        )
        for model in ((only,) if only else SIGNED)
    )


def _signed(application: Application, model: Paper) -> set[str]:
    """The keys of the members whose signature under this paper lives."""
    return {key for key, *_rest in SIGNED[model].rows(case=application.pk)}


def _form_of(application: Application, which: str, declared: Declared, by: Staff) -> Document:
    """The latest form that lists just these members under their present ID numbers; of commitments, one that prints the
    present declaration.

    Where none was printed the form is issued now, so that what is cited later is always a paper of this case.
    """
    wanted = [(person.name, masks.id_number(person.id_number)) for person in declared.persons]
    digest = drafting.digest(declared) if which == "commitment" else ""
    for pk, number, data in PRINTED.rows(case=application.pk, kind=which):
        listed = [(member["name"], member["id_number"]) for member in data["members"]]
        if listed == wanted and data.get("declaration", "") == digest:
            return Document(pk=pk, number=number)
    return letters_out.form_to_sign(application, which, declared, by=by)


def _must_be_own(application: Application, by: Staff) -> None:
    if reason := guards.own_window(application, by):
        raise NotAllowedError(reason)
