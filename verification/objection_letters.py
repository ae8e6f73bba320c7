"""The letters of an objection: the correction request to a department, the answer to the household. In Chinese."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from bureau import divisions, letter_data, letters, masks
from bureau.models import Document, Office, Staff
from verification import assessing, rechecks, wording
from verification.models import Conclusion, Dispute, Objection
from verification.statement import Line, Statement
from verification.wording.objections import TOLD

LANGUAGE = "zh-hans"
AMOUNT_UNITS = {"area": "m2", "amount": "cny"}


def correction_request(dispute: Dispute, question: str, *, reply_by: date, by: Staff) -> Document:
    """核实更正函: what the source told, under which number of its own, and what it is asked to verify."""
    objection, source = dispute.objection, dispute.source
    check = objection.check_ordered
    with translation.override(LANGUAGE):
        statement = rechecks.statement_of(check)
        line = statement.line(dispute.line)
        person = next(each for each in assessing.declared_of(check).persons if each.key == line.person)
        letter = letter_data.CorrectionRequest(
            **_header(objection),
            source=source.name_zh,
            objection=objection.number,
            received_on=objection.received_on,
            member=letter_data.Member(
                name=person.name,
                relation=wording.relation(person.relation),
                id_number=masks.id_number(person.id_number),
            ),
            told=tuple(_told(line, statement, source.code)),
            question=question,
            proofs=tuple(objection.proofs.values_list("title", flat=True)),
            reply_by=reply_by,
            officer=by.name,
        )
        # Translators: 核实更正函
        return letters.issue(
            "correction_request", _("Correction request"), objection, msgspec.to_builtins(letter), by=by
        )


def answer(objection: Objection, *, by: Staff) -> Document:
    """核对结果异议答复书: line by line what was done and what came of it, and the ways to be heard that are left."""
    check, recheck = objection.check_ordered, objection.recheck
    concluded = recheck.conclusion if recheck is not None and hasattr(recheck, "conclusion") else None
    with translation.override(LANGUAGE):
        letter = letter_data.ObjectionAnswer(
            **_header(objection),
            objection=objection.number,
            received_on=objection.received_on,
            report=_report(check.conclusion),
            outcome=objection.outcome,  # type: ignore[arg-type]  # held to the three by a constraint
            lines=tuple(_lines(objection)),
            answer=objection.answer,
            new_report=_report(concluded) if concluded else "",
            conclusion=concluded.outcome if concluded else "",  # type: ignore[arg-type]  # likewise
            # Translators: 市人民政府
            reconsideration_by=_("the people's government of the city"),
            court=_("the competent people's court"),
        )
        # Translators: 核对结果异议答复书
        title = _("Answer to an objection")
        return letters.issue("objection_answer", title, objection, msgspec.to_builtins(letter), by=by)


def _report(conclusion: Conclusion) -> str:
    return conclusion.report.number if conclusion.report else ""


def _lines(objection: Objection) -> list[letter_data.DisputedLine]:
    statement = rechecks.statement_of(objection.check_ordered)
    members = {each.key: each.name for each in assessing.declared_of(objection.check_ordered).persons}
    now, told = rechecks.told_now(objection), []
    for dispute in objection.disputes.select_related("source"):
        line = statement.line(dispute.line)
        words = dispute.reason if dispute.act == Dispute.Act.REFUSE else dispute.reply_words
        told.append(
            letter_data.DisputedLine(
                source=dispute.source.name_zh,
                member=members.get(line.person, ""),
                line=words_of(line),
                act=dispute.get_act_display(),
                outcome=dispute.get_outcome_display(),
                explanation="；".join(part for part in (words, str(TOLD.get(now.get(dispute.pk, ""), ""))) if part),
            )
        )
    return told


def _told(line: Line, statement: Statement, source: str) -> Iterator[letter_data.Fact]:
    """What the source told, and by which number of its own it finds the record again; nothing that it did not say."""
    evidence = statement.evidence.get(source)
    at = timezone.localtime(evidence.replied_at) if evidence and evidence.replied_at else None
    on = line.data_date or (evidence.data_date if evidence else None)
    told = {
        # Translators: 反馈内容
        _("What was told"): words_of(line),
        # Translators: 记录标识
        _("Key of the record"): line.record_key,
        # Translators: 请求编号
        _("Request number"): evidence.request_number if evidence else "",
        # Translators: 反馈时间
        _("Told at"): f"{at:%Y-%m-%d %H:%M}" if at else "",
        # Translators: 数据日期
        _("Date of the data"): f"{on}" if on else "",
    }
    for label, value in told.items():
        if value:
            yield letter_data.Fact(label=label, value=value)


def words_of(line: Line) -> str:
    """What a line is, with the amount or area that its source told."""
    told = [wording.quantity(getattr(line, name), unit) for name, unit in AMOUNT_UNITS.items() if getattr(line, name)]
    # Translators: 分类：数据
    what = _("%(section)s: %(line)s") % {
        "section": wording.section_name(line.section),
        "line": wording.line_text(line),
    }
    return " · ".join([what, *told])


def _header(objection: Objection) -> dict[str, Any]:
    """What every letter bears: who writes, about which case of whom."""
    check = objection.check_ordered
    city = Office.objects.filter(code=divisions.ancestor(objection.office_code, "city")).first()
    persons = assessing.declared_of(check).persons
    return {
        "issuer": city.name_zh if city else "",
        "contact": " ".join(part for part in (city.address, city.phone) if part) if city else "",
        "applicant": persons[0].name,
        "reference": objection.subject,
        "programme": wording.programme_name(check.standard.programme),
    }
