"""Which letter goes out when, with what in it.

The texts stand in templates/letters; here only the facts are put together.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import drafting, grounds
from applications.models import Application, Decision, Member, Opinion, PublicNotice
from bureau import divisions, identifiers, letter_data, letters, masks, workdays
from bureau.composed import INT, TEXT, Composed
from bureau.models import Document, Office, Staff
from verification import conclusions, wording
from verification.facts import Declared
from verification.models import Source

PER_HEAD = {"cny_head_month", "cny_head", "m2_head"}  # units of a criterion
LETTER_LANGUAGE = "zh-hans"  # letters go out in Chinese; the English version is set from the same data

# As each is headed in templates/letters: one name on page and paper.
TITLES: Mapping[str, str | Promise] = {
    # Translators: 受理回执
    "receipt": gettext_lazy("Receipt"),
    # Translators: 守信承诺书
    "commitment": gettext_lazy("Commitment of honesty"),
    # Translators: 核对授权书
    "authorisation": gettext_lazy("Authorisation to check"),
    # Translators: 容缺受理承诺书
    "promise": gettext_lazy("Promise of papers that follow"),
    # Translators: 补正通知书
    "return_notice": gettext_lazy("Notice of correction"),
    # Translators: 不予住房保障告知书
    "refusal": gettext_lazy("Notice of refusal"),
    # Translators: 家庭核对结果告知书
    "household_copy": gettext_lazy("Result of the check for the household"),
    # Translators: 公示
    "public_notice": gettext_lazy("Public notice"),
    # Translators: 查询记录告知单
    "access_slip": gettext_lazy("Access slip"),
    # Translators: 准予住房保障告知书
    "approval": gettext_lazy("Notice of approval"),
}
ISSUER = Composed(lambda code: Office.objects.filter(code=code).values_list("name_zh", "address", "phone"), code=TEXT)

LISTED = Composed(
    lambda case: Member.objects.filter(application=case).values_list("name", "relation", "id_number"), case=INT
)


def issue(kind: str, subject: Application, letter: letter_data.Letter, *, by: Staff | None) -> Document:
    """A letter of this kind about the case, with its number."""
    return letters.issue(kind, str(TITLES[kind]), subject, msgspec.to_builtins(letter), by=by)


def header_of(case: Application) -> dict[str, Any]:
    """What every letter about the case bears: who writes, about which application of whom."""
    found = ISSUER.rows(code=divisions.ancestor(case.office_code, "city"))
    name, *contact = found[0] if found else (case.office.name_zh, case.office.address, case.office.phone)
    return {
        "issuer": name,
        "contact": " ".join(part for part in contact if part),
        "applicant": case.applicant_name,
        "reference": case.reference,
        "programme": str(Application.Kind(case.kind).label),
    }


def _members(rows: Iterable[tuple[str, str, str, bool]]) -> tuple[letter_data.Member, ...]:
    return tuple(
        letter_data.Member(
            name=name, relation=wording.relation(relation), id_number=masks.id_number(number), guarded=guarded
        )
        for name, relation, number, guarded in rows
    )


def members_of(case: Application) -> tuple[letter_data.Member, ...]:
    """The household as letters list it."""
    return _members((name, relation, number, False) for name, relation, number in LISTED.rows(case=case.pk))


def form_to_sign(case: Application, which: str, declared: Declared, *, by: Staff, **promised: Any) -> Document:
    """守信承诺书, 核对授权书 or 容缺受理承诺书 (what is `promised`) for the members as they stand in the draft."""
    today = workdays.today()
    with translation.override(LETTER_LANGUAGE):
        applicant = next(
            (person.name for person in declared.persons if person.relation == "01"),
            case.applicant_name or declared.persons[0].name,
        )
        common = {**header_of(case), "applicant": applicant}
        members = _members(
            (
                person.name,
                person.relation,
                person.id_number,
                person.incapable or _is_minor(person.id_number, today),
            )
            for person in declared.persons
        )
        if which == "commitment":
            return issue(which, case, _commitment(common, members, declared), by=by)
        if which == "promise":
            return issue(which, case, letter_data.PromiseOfPapers(**common, members=members, **promised), by=by)
        sources = tuple(Source.objects.in_force(today).values_list("name_zh", flat=True))
        letter = letter_data.Authorisation(**common, purpose=common["programme"], members=members, sources=sources)
        return issue("authorisation", case, letter, by=by)


def _commitment(
    common: dict[str, Any], members: tuple[letter_data.Member, ...], declared: Declared
) -> letter_data.Commitment:
    """With the main figures of the declaration that the applicant answers for."""
    income = sum((person.income.total for person in declared.persons), Decimal(0))
    assets = sum((asset.amount for asset in declared.assets), Decimal(0))
    figures = (
        # Translators: 家庭人口
        (_("Persons"), wording.quantity(len(declared.persons), "persons")),
        # Translators: 家庭年收入合计
        (_("Income of the household a year"), wording.quantity(income, "cny")),
        # Translators: 住房（处）
        (_("Homes declared"), str(len(declared.homes))),
        # Translators: 机动车（辆）
        (_("Vehicles declared"), str(len(declared.vehicles))),
        # Translators: 金融资产合计
        (_("Financial assets in all"), wording.quantity(assets, "cny")),
        # Translators: 经营（户）
        (_("Businesses declared"), str(len(declared.businesses))),
    )
    return letter_data.Commitment(
        **common,
        members=members,
        figures=tuple(letter_data.Fact(label=str(label), value=value) for label, value in figures),
        declaration=drafting.digest(declared),
    )


def _is_minor(id_number: str, on: date) -> bool:
    return identifiers.age(id_number, on) < 18


def return_notice(case: Application, opinion: Opinion, *, by: Staff) -> Document:
    """补正通知书: what is to be corrected, each point in a row of its own, until when."""
    with translation.override(LETTER_LANGUAGE):
        letter = letter_data.ReturnNotice(
            **header_of(case),
            returned_by=opinion.office.name_zh,
            corrections=tuple(letter_data.Correction(problem=point) for point in _points(opinion.text)),
            answer_by=case.due_on,
        )
        return issue("return_notice", case, letter, by=by)


def _points(text: str) -> list[str]:
    """What an officer wrote, cut at ends of lines and at semicolons."""
    return [point.strip() for point in re.split(r"[\n；;]", text) if point.strip()]


def rejection(case: Application, opinion: Opinion, *, ground: str = "", by: Staff) -> Document:
    """不予保障告知书 of a case that a desk rejected on its own declaration; a known `ground` heads it."""
    with translation.override(LETTER_LANGUAGE):
        why = grounds.ground_of(case, ground)
        failed = letter_data.FailedCriterion(
            name=why.name,
            declared="",
            found="",
            limit="",
            explanation=opinion.text,
            basis=why.basis,
        )
        letter = _refusal(case, (failed,), decided_by=opinion.office.name_zh, standard=why.standard)
        return issue("refusal", case, letter, by=by)


def refusal(case: Application, decision: Decision, *, by: Staff) -> Document:
    """不予保障告知书: every failed criterion in words (clause A9)."""
    with translation.override(LETTER_LANGUAGE):
        conclusion = decision.conclusion
        declared = msgspec.json.decode(conclusion.check_ordered.declared, type=Declared)
        failed = failed_criteria(decision.reasons, declared)
        letter = _refusal(
            case,
            failed,
            report=conclusion.report.number if conclusion.report else "",
            remarks=(decision.opinion,),
            standard=conclusions.standard_name(conclusion),
        )
        return issue("refusal", case, letter, by=by)


def failed_criteria(
    reasons: Iterable[dict[str, Any]], declared: Declared | None = None
) -> tuple[letter_data.FailedCriterion, ...]:
    """Failed criteria (`conclusions.failed_criteria`) in words, as the letter of refusal prints them."""
    return tuple(
        letter_data.FailedCriterion(
            name=wording.criterion_name(reason["name"], reason["unit"]),
            declared=_declared(declared, reason["name"], reason["unit"]) if declared else "",
            found=wording.quantity(reason["value"], reason["unit"]),
            limit=wording.limit(reason["operator"], reason["limit"], reason["unit"]),
            explanation=wording.criterion_reason(reason["reason"], reason["params"], unit=reason["unit"]),
            basis=reason["article"],
        )
        for reason in reasons
    )


def _declared(declared: Declared, name: str, unit: str) -> str:
    """What the household declared of what a criterion judges; empty for what the form does not ask for."""
    figures = {
        "income": [person.income.total / 12 for person in declared.persons if person.income.total],
        "area": [home.area * home.share for home in declared.homes if home.tenure == "owned" and not home.sold_on],
        "assets": [asset.amount for asset in declared.assets],
        "vehicles": [Decimal(1) for vehicle in declared.vehicles if not vehicle.sold_on],
        "business": [business.capital for business in declared.businesses],
    }.get(name)
    if figures is None:
        return ""
    if not figures:
        # Translators: 未申报
        return _("Not declared")
    heads = len(declared.persons) if unit in PER_HEAD else 1
    return wording.quantity(sum(figures, Decimal(0)) / heads, unit)


def _refusal(
    case: Application,
    failed: tuple[letter_data.FailedCriterion, ...],
    *,
    report: str = "",
    remarks: tuple[str, ...] = (),
    standard: str = "",
    decided_by: str = "",
) -> letter_data.Refusal:
    common = header_of(case)
    return letter_data.Refusal(
        **common,
        accepted_on=case.accepted_on or workdays.today(),
        decided_by=decided_by,
        report=report,
        standard=standard,
        failed=failed,
        remarks=remarks,
        objection_to=common["issuer"],
        # Translators: 市人民政府
        reconsideration_by=_("the people's government of the city"),
        court=_("the competent people's court"),
    )


def public_notice(case: Application, notice: PublicNotice, *, by: Staff) -> Document:
    """公示: masked name, size and place at street level; never a number, telephone or door."""
    with translation.override(LETTER_LANGUAGE):
        common = header_of(case)
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
                    place=divisions.place_name(case.office_code),
                    benefit=common["programme"],
                ),
            ),
            report_to=" ".join(part for part in (common["issuer"], common["contact"]) if part),
        )
        return issue("public_notice", case, letter, by=by)


def approval(case: Application, notice: PublicNotice, decision: Decision) -> Document:
    """准予保障告知书."""
    with translation.override(LETTER_LANGUAGE):
        conclusion = decision.conclusion
        letter = letter_data.Approval(
            **header_of(case),
            accepted_on=case.accepted_on or workdays.today(),
            report=conclusion.report.number if conclusion.report else "",
            standard=conclusions.standard_name(conclusion),
            members=members_of(case),
            criteria=conclusions.criteria_for_letter(conclusion),
            notice_from=notice.opens_on,
            notice_until=notice.closes_on - timedelta(days=1),
        )
        return issue("approval", case, letter, by=decision.by)
