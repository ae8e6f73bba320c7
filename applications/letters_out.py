"""Which letter goes out when, with what in it.

The texts stand in templates/letters; here only the facts are put together.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import msgspec
from django.utils import translation
from django.utils.translation import gettext as _

from applications import deadlines
from applications.models import Application, Decision, Opinion, PublicNotice
from bureau import divisions, identifiers, letter_data, letters, masks, workdays
from bureau.models import Document, Office, Staff
from verification import conclusions, wording
from verification.facts import Declared
from verification.models import Source

OBJECTION_DAYS = 10  # working days to object to a check result
RECONSIDERATION_DAYS = 60  # Administrative Reconsideration Law, article 20
LETTER_LANGUAGE = "zh-hans"  # letters go out in Chinese; the English version is set from the same data


def _issue(kind: str, title: str, subject: Application, letter: letter_data.Letter, *, by: Staff | None) -> Document:
    return letters.issue(kind, title, subject, msgspec.to_builtins(letter), by=by)


def _common(case: Application) -> dict[str, Any]:
    office = Office.objects.filter(code=divisions.ancestor(case.office_code, "city")).first() or case.office
    return {
        "issuer": office.name_zh,
        "contact": " ".join(part for part in (office.address, office.phone) if part),
        "applicant": case.applicant_name,
        "reference": case.reference,
        "programme": str(Application.Kind(case.kind).label),
    }


def _members(rows: Iterable[tuple[str, str, str, str]]) -> tuple[letter_data.Member, ...]:
    return tuple(
        letter_data.Member(
            name=name, relation=wording.relation(relation), id_number=masks.id_number(number), guardian=guardian
        )
        for name, relation, number, guardian in rows
    )


def _members_of(case: Application) -> tuple[letter_data.Member, ...]:
    return _members((member.name, member.relation, member.id_number, "") for member in case.members.all())


def receipt(case: Application, *, by: Staff) -> Document:
    """受理回执: what was handed in, and how long each desk may take."""
    with translation.override(LETTER_LANGUAGE):
        limits = deadlines.procedure_on(case.accepted_on or workdays.today())
        stages = [
            (_("Street review"), limits.street_days),
            (_("District review"), limits.district_days),
            (_("City review and check"), limits.city_days + limits.check_days),
        ]
        letter = letter_data.Receipt(
            **_common(case),
            accepted_on=case.accepted_on or workdays.today(),
            accepted_at=case.office.name_zh,
            members=_members_of(case),
            papers=tuple(letter_data.Paper(name=paper.title) for paper in case.attachments.filter(removed_at=None)),
            stages=tuple(
                letter_data.Stage(name=name, limit=_("%(days)s working days") % {"days": days}) for name, days in stages
            ),
        )
        return _issue("receipt", _("Receipt"), case, letter, by=by)


def form_to_sign(case: Application, which: str, declared: Declared, *, by: Staff) -> Document:
    """守信承诺书 or 核对授权书 for the members as they stand in the draft."""
    today = workdays.today()
    with translation.override(LETTER_LANGUAGE):
        applicant = next(
            (person.name for person in declared.persons if person.relation == "01"), declared.persons[0].name
        )
        common = {**_common(case), "applicant": applicant}
        members = _members(
            (
                person.name,
                person.relation,
                person.id_number,
                _("Guardian") if person.incapable or _is_minor(person.id_number, today) else "",
            )
            for person in declared.persons
        )
        if which == "commitment":
            return _issue(
                which, _("Commitment of honesty"), case, letter_data.Commitment(**common, members=members), by=by
            )
        sources = tuple(Source.objects.in_force(today).values_list("name_zh", flat=True))
        letter = letter_data.Authorisation(**common, purpose=common["programme"], members=members, sources=sources)
        return _issue("authorisation", _("Authorisation to check"), case, letter, by=by)


def _is_minor(id_number: str, on: date) -> bool:
    return identifiers.age(id_number, on) < 18


def return_notice(case: Application, opinion: Opinion, *, by: Staff) -> Document:
    """补正通知书: what is to be corrected, until when."""
    with translation.override(LETTER_LANGUAGE):
        letter = letter_data.ReturnNotice(
            **_common(case),
            returned_by=opinion.office.name_zh,
            corrections=(letter_data.Correction(section=_("Application"), problem=opinion.text),),
            answer_by=case.due_on,
        )
        return _issue("return_notice", _("Notice of correction"), case, letter, by=by)


def rejection(case: Application, opinion: Opinion, *, by: Staff) -> Document:
    """不予保障告知书 of a case that a desk rejected on its own declaration."""
    with translation.override(LETTER_LANGUAGE):
        failed = letter_data.FailedCriterion(
            name=_("Review by %(office)s") % {"office": opinion.office.name_zh},
            declared="",
            found="",
            limit="",
            explanation=opinion.text,
        )
        return _issue("refusal", _("Notice of refusal"), case, _refusal(case, (failed,)), by=by)


def refusal(case: Application, decision: Decision, *, by: Staff) -> Document:
    """不予保障告知书: every failed criterion in words (clause A9)."""
    with translation.override(LETTER_LANGUAGE):
        conclusion = decision.conclusion
        failed = failed_criteria(decision.reasons)
        letter = _refusal(
            case,
            failed,
            report=conclusion.report.number if conclusion.report else "",
            remarks=(decision.opinion,),
            standard=conclusions.standard_name(conclusion),
        )
        return _issue("refusal", _("Notice of refusal"), case, letter, by=by)


def failed_criteria(reasons: Iterable[dict[str, Any]]) -> tuple[letter_data.FailedCriterion, ...]:
    """Failed criteria (`conclusions.failed_criteria`) in words, as the letter of refusal prints them."""
    return tuple(
        letter_data.FailedCriterion(
            name=wording.criterion_name(reason["name"]),
            declared="",
            found=wording.quantity(reason["value"], reason["unit"]),
            limit=wording.limit(reason["operator"], reason["limit"], reason["unit"]),
            explanation=wording.criterion_reason(reason["reason"], reason["params"]),
            basis=reason["article"],
        )
        for reason in reasons
    )


def _refusal(
    case: Application,
    failed: tuple[letter_data.FailedCriterion, ...],
    *,
    report: str = "",
    remarks: tuple[str, ...] = (),
    standard: str = "",
) -> letter_data.Refusal:
    common = _common(case)
    return letter_data.Refusal(
        **common,
        accepted_on=case.accepted_on or workdays.today(),
        report=report,
        standard=standard,
        failed=failed,
        remarks=remarks,
        objection_to=common["issuer"],
        reconsideration_by=_("the people's government of the city, within %(days)s days")
        % {"days": RECONSIDERATION_DAYS},
        court=_("the competent people's court"),
    )


def public_notice(case: Application, notice: PublicNotice, *, by: Staff) -> Document:
    """公示: masked name, size and place at street level; never a number, telephone or door."""
    with translation.override(LETTER_LANGUAGE):
        common = _common(case)
        street = Office.objects.filter(code=divisions.ancestor(case.office_code, "street")).first()
        letter = letter_data.PublicNotice(
            issuer=common["issuer"],
            contact=common["contact"],
            programme=common["programme"],
            from_on=notice.opens_on,
            until_on=notice.closes_on - timedelta(days=1),
            households=(
                letter_data.NoticeLine(
                    applicant=notice.masked_name,
                    persons=notice.household_size,
                    place=street.name_zh if street else "",
                    benefit=common["programme"],
                ),
            ),
            report_to=" ".join(part for part in (common["issuer"], common["contact"]) if part),
        )
        return _issue("public_notice", _("Public notice"), case, letter, by=by)


def approval(case: Application, notice: PublicNotice) -> Document:
    """准予保障告知书."""
    with translation.override(LETTER_LANGUAGE):
        decision = case.decisions.get(superseded_at=None)
        conclusion = decision.conclusion
        letter = letter_data.Approval(
            **_common(case),
            accepted_on=case.accepted_on or workdays.today(),
            report=conclusion.report.number if conclusion.report else "",
            standard=conclusions.standard_name(conclusion),
            members=_members_of(case),
            criteria=conclusions.criteria_for_letter(conclusion),
            notice_from=notice.opens_on,
            notice_until=notice.closes_on - timedelta(days=1),
        )
        return _issue("approval", _("Notice of approval"), case, letter, by=decision.by)
