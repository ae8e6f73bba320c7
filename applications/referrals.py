"""Refer confirmed findings to the registry: each becomes one lead, once, and nothing else does.

A finding is what the arithmetic proposes from the answers. A check officer confirms it; the check is concluded; then an
officer of the city refers it. What is in doubt, objected to, or no dishonest act by itself is not referred.
"""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from msgspec import Struct

from applications import guards
from applications.letters_out import LETTER_LANGUAGE
from applications.models import Application, Referral
from bureau import timeline
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.models import Staff
from bureau.roles import Role
from credit import leads
from credit.leads import Confirmed, Named
from credit.models import Lead
from verification import assessing, doubt, wording
from verification.models import Check, Finding, Inquiry, Objection

# Which act of the catalogue a finding points to (clause B2); the catalogue of the day says what it is and how grave.
# A kind that is missing here is no dishonest act by itself, such as an income above the limit that was declared.
ACTS: Mapping[str, str] = {
    **dict.fromkeys(("undeclared_home", "undeclared_transfer"), "F01"),
    **dict.fromkeys(("understated_income", "undeclared_deposit", "moved_deposits"), "F02"),
    **dict.fromkeys(("undeclared_vehicle", "sold_vehicle_unregistered"), "F02"),
    **dict.fromkeys(("undeclared_business", "disowned_business"), "F02"),
    **dict.fromkeys(("marriage_mismatch", "recent_divorce_one_household", "deceased_member"), "F03"),
}
OFFICERS = (Role.HOUSING_OFFICER, Role.CHECK_OFFICER)


class Candidate(Struct, frozen=True):
    """A confirmed finding of the case: in words, with the act it points to, and why it is not referred, if so."""

    finding: Finding
    text: str
    act_code: str
    why_not: str


def may_refer(case: Application, by: Staff) -> bool:
    """Whether this person refers findings of the case, now."""
    return _kept_from(case, by) is None and not why_not_now(case)


def require(case: Application, by: Staff) -> None:
    """Raises why this person does not refer findings of the case, or not now."""
    if reason := _kept_from(case, by):
        raise NotAllowedError(reason)
    if waits := why_not_now(case):
        raise MoveRefusedError(waits)


def _kept_from(case: Application, by: Staff) -> str | None:
    if not any(by.has_role(role, case.office_code) for role in OFFICERS):
        return _("Your posting does not include this work.")
    reasons = (guard(case, by) for guard in (guards.not_keyed_by, guards.no_relative_of))
    return next((str(reason) for reason in reasons if reason), None)


def why_not_now(case: Application) -> str:
    """Why nothing of the case is referred now; empty where its check is concluded and nobody objects to it."""
    check = case.current_check
    anew = {Application.Status.CHECK_DUE, Application.Status.CHECKING}
    if check is None or check.status != Check.Status.CONCLUDED or case.status in anew:
        # Translators: 核对出具结论后才能移送疑点。
        return _("Findings are referred once the check of the case is concluded.")
    if open_one := Objection.objects.open().filter(subject=case.reference).first():
        # Translators: 异议 %(number)s 尚未答复，暂不移送。
        return _("Objection %(number)s to the result is open; nothing is referred before it is answered.") % {
            "number": open_one.number
        }
    if Application.objects.to_decide_anew().filter(pk=case.pk).exists():
        return _("The household was checked again; findings are referred once the case rests on the new check.")
    return ""


def candidates(case: Application) -> list[Candidate]:
    """The confirmed findings of the check that the case rests on, the weightiest first."""
    check = case.current_check
    if check is None or check.status != Check.Status.CONCLUDED:
        return []
    rows = list(check.findings.filter(state=Finding.State.CONFIRMED).select_related("settled_by"))
    if not rows:
        return []
    names, members = wording.source_names(), members_of(check)
    doubted, behind = doubted_sources(check), sources_behind(check, rows)
    gone = _marks_referred(case)
    return [
        Candidate(
            row,
            wording.finding_text(row.kind, row.params, member=members.get(row.member, ""), names=names),
            ACTS.get(row.kind, ""),
            _why_not(row, doubted & behind[row.pk], gone, names),
        )
        for row in rows
    ]


def _why_not(row: Finding, doubted: set[str], referred: set[str], names: Mapping[str, str]) -> str:
    if referred & {row.fingerprint, *row.marks}:
        # Translators: 已移送
        return _("Referred already.")
    if row.kind not in ACTS:
        # Translators: 本身不构成失信行为
        return _("No dishonest act by itself.")
    if row.gone_at is not None:
        return _("No longer in the answers.")
    if doubted:
        told = wording.listed(names.get(code, code) for code in sorted(doubted))
        # Translators: %(sources)s 的反馈存疑。
        return _("The answers of %(sources)s are in doubt.") % {"sources": told}
    return ""


def members_of(check: Check) -> dict[str, str]:
    """The names of the declared members, by key."""
    return {person.key: person.name for person in assessing.declared_of(check).persons}


def doubted_sources(check: Check) -> set[str]:
    """The sources whose answers to the check came into doubt, whenever that was, and were not let stand."""
    told = Inquiry.objects.filter(check_ordered=check, state="answered").annotate(doubted_at=doubt.doubted_at())
    return set(told.filter(doubted_at__isnull=False).values_list("source__code", flat=True))


def sources_behind(check: Check, rows: Sequence[Finding]) -> dict[int, set[str]]:
    """By finding, the sources that it rests on: of its lines in the assessment that was concluded, and its own."""
    proposed = assessing.result_of(check.conclusion.assessment).comparison.findings
    return {
        row.pk: {row.source_code}
        | {
            evidence.source
            for each in proposed
            if {row.fingerprint, *row.marks} & {*each.marks}
            for evidence in each.evidence
        }
        for row in rows
    }


def _marks_referred(case: Application) -> set[str]:
    """By which the findings of this case are known that were referred from this check or an earlier one."""
    rows = case.referrals.values_list("finding__fingerprint", "finding__marks")
    return {mark for fingerprint, marks in rows for mark in (fingerprint, *marks)}


@transaction.atomic
def refer(case: Application, findings: Sequence[int], *, by: Staff) -> list[Referral]:
    """Refer these confirmed findings, by their ids: a lead each, on the whole household.

    Raises `UnfitDataError` where one is not there to be referred; then none is.
    """
    doubt.wait()
    locked = Application.objects.select_for_update(of=("self",)).select_related("current_check").get(pk=case.pk)
    require(locked, by)
    offered = {each.finding.pk: each for each in candidates(locked)}
    if not findings or not set(findings) <= offered.keys():
        # Translators: 请选择要移送的疑点，只能选择经人工确认的疑点。
        raise UnfitDataError(_("Choose among the findings that a person has confirmed."))
    chosen = [offered[pk] for pk in dict.fromkeys(findings)]
    if refused := next((each for each in chosen if each.why_not), None):
        raise UnfitDataError(f"{refused.text} {refused.why_not}")
    return [_refer(locked, each, by) for each in chosen]


def _refer(case: Application, chosen: Candidate, by: Staff) -> Referral:
    finding = chosen.finding
    assert finding.settled_by is not None  # noqa: S101 -- a constraint of what is confirmed
    assert finding.settled_at is not None  # noqa: S101 -- likewise
    lead = leads.take(
        Lead.Kind.FINDING,
        about=[Named(member.name, member.id_number) for member in case.members.order_by("key")],
        text=words(case, finding),
        act_code=chosen.act_code,
        origin=f"finding:{finding.pk}",
        confirmed=Confirmed(finding.settled_by, finding.settled_at),
        office_code=case.office_code,
        by=by,
    )
    timeline.record(case, "finding_referred", by=by, kind=finding.kind)
    return Referral.objects.create(application=case, finding=finding, lead=lead, by=by)


def words(case: Application, finding: Finding) -> str:
    """What the registry reads: of which case and check, what was declared against what was found, who confirmed it.

    In the language of letters: it is kept, and every officer of the registry reads it.
    """
    check = finding.check_ordered
    with translation.override(LETTER_LANGUAGE):
        told = wording.finding_text(
            finding.kind, finding.params, member=members_of(check).get(finding.member, ""), names=wording.source_names()
        )
        # Translators: 申请 %(case)s，核对 %(check)s。%(finding)s %(by)s于 %(on)s 确认属实：%(reason)s
        text = _("Application %(case)s, check %(check)s. %(finding)s Confirmed by %(by)s on %(on)s: %(reason)s")
        assert finding.settled_at is not None  # noqa: S101 -- a constraint of what is confirmed
        return text % {
            "case": case.reference,
            "check": check.number,
            "finding": told,
            "by": finding.settled_by.name if finding.settled_by else "--",
            "on": date_format(finding.settled_at),
            "reason": finding.reason,
        }
