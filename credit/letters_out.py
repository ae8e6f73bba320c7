"""Which letter of a case goes out when, with what in it.

The words stand in dated texts (credit.models.LetterText); here only the facts are put together. Every letter is filed
under its case and numbered in the transaction that decides it.
"""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from bureau import divisions, workdays
from bureau.letter_parts import Block
from bureau.models import Document, Office, Staff
from credit import deadlines, letter_lines, letter_texts
from credit.clocks import Event
from credit.letter_lines import day
from credit.letter_wording import Kind
from credit.models import Case, LetterText, Service
from credit.models.act import SEVERITIES

Blocks = dict[str, Block | None]
LETTER_OF = {Service.Letter.PROPOSAL.value: Kind.PROPOSAL, Service.Letter.NOTICE.value: Kind.NOTICE}


def latest(case: Case, kind: Kind) -> Document | None:
    """The newest letter of this kind about the case."""
    found: Document | None = Document.objects.of(case).filter(kind=kind.value).order_by("-pk").first()
    return found


def proposed_finding(case: Case, *, by: Staff) -> Document:
    """拟认定告知书: facts, act, basis, severity, what would follow, and the right to be heard with its days."""
    text = _text(Kind.PROPOSAL, case)
    with translation.override(letter_texts.LANGUAGE):
        days = deadlines.policy_of(case).defence_workdays
        values = {"days": str(days), "until": day(workdays.add_workdays(workdays.today(), days))}
        blocks: Blocks = {"evidence": letter_lines.evidence(case), "consequences": letter_lines.consequences(case)}
        return _issue(text, case, values, blocks, by=by)


def notice(case: Case, *, by: Staff) -> Document:
    """告知函: the finding, the exact list of things to correct, its last day, what follows, and the remedies."""
    text = _text(Kind.NOTICE, case)
    with translation.override(letter_texts.LANGUAGE):
        days = deadlines.policy_of(case).cure_days
        values = {
            "days": str(days),
            "until": day(deadlines.cure_until_if_served(case, workdays.today())),
            "defence": _defence(case),
            "found_on": day(_found_on(case)),
        }
        blocks: Blocks = {"things": letter_lines.things(case), "consequences": letter_lines.consequences(case)}
        return _issue(text, case, values, blocks, by=by)


def cure_acknowledgement(case: Case, *, by: Staff) -> Document:
    """改正结案通知书: everything was corrected in time, nothing is recorded."""
    text = _text(Kind.CURE, case)
    with translation.override(letter_texts.LANGUAGE):
        return _issue(text, case, _served(case), {"done": letter_lines.done(case)}, by=by)


@transaction.atomic
def record_notices(case: Case, *, by: Staff) -> tuple[Document, Document]:
    """记入诚信档案通知书 and 信用修复告知书, both or neither (两书同达)."""
    record_text, repair_text = _text(Kind.RECORD, case), _text(Kind.REPAIR, case)
    with translation.override(letter_texts.LANGUAGE):
        policy, until = deadlines.policy_of(case), deadlines.cure_until(case)
        recorded = {"recorded_on": day(_recorded_on(case))}
        record = _issue(
            record_text,
            case,
            {**_served(case), **recorded, "objection_days": str(policy.objection_workdays)},
            {"left": letter_lines.left(case, until=until), "spans": letter_lines.spans(case)},
            by=by,
        )
        repair = _issue(
            repair_text,
            case,
            {
                **recorded,
                "record_number": record.number,
                "acceptance_days": str(policy.repair_acceptance_workdays),
                "result_days": str(policy.repair_result_workdays),
            },
            {"repairs": letter_lines.repairs(case)},
            by=by,
        )
        return record, repair


def lawyers_letter(case: Case, *, firm: str, lawyer: str, telephone: str, days: int, by: Staff) -> Document:
    """律师函, of a recorded case: what is still to be done, until when, and that a suit follows."""
    text = _text(Kind.LAWYER, case)
    with translation.override(letter_texts.LANGUAGE):
        values = {
            **_served(case),
            "recorded_on": day(_recorded_on(case)),
            "firm": firm,
            "lawyer": lawyer,
            "telephone": telephone,
            "days": str(days),
            "until": day(workdays.today() + timedelta(days=days)),
        }
        # It is on the paper of the lawyers, who write for the bureau.
        return _issue(text, case, values, {"left": letter_lines.left(case)}, by=by, letterhead=firm)


def release_certificate(case: Case, *, by: Staff | None = None) -> Document:
    """解除惩戒证明: what has ended, when and why. Asked for again, it is the one that went out."""
    if gone_out := latest(case, Kind.RELEASE):
        return gone_out
    text = _text(Kind.RELEASE, case)
    with translation.override(letter_texts.LANGUAGE):
        today = workdays.today()
        values = {
            "recorded_on": day(_recorded_on(case)),
            "released_on": day(letter_lines.released_on(case, today)),
            "because": letter_lines.why_released(case, today),
        }
        return _issue(text, case, values, {"ended": letter_lines.ended(case, today)}, by=by)


def _text(kind: Kind, case: Case) -> LetterText:
    return letter_texts.text_on(kind, letter_lines.kind_of(case), workdays.today())


def _issue(
    text: LetterText,
    case: Case,
    values: dict[str, str],
    blocks: Blocks,
    *,
    by: Staff | None,
    letterhead: str = "",
) -> Document:
    header = header_of(case)
    everything = {**values_of(case), "issuer": header["issuer"], **values}
    header["issuer"] = letterhead or header["issuer"]
    letter = letter_texts.letter_of(text, header, everything, {"parties": letter_lines.parties(case), **blocks})
    return letter_texts.issue(text, case, letter, by=by)


def header_of(case: Case) -> dict[str, Any]:
    """Who writes to whom."""
    city = Office.objects.filter(code=divisions.ancestor(case.office_code, "city")).first()
    return {
        "issuer": city.name_zh if city else "",
        "contact": " ".join(part for part in (city.address, city.phone) if part) if city else "",
        "addressee": _names(case),
    }


def values_of(case: Case) -> dict[str, str]:
    """What every letter of a case can say."""
    return {
        "subject": _names(case),
        "case": case.number,
        "act": case.act.name_zh,
        "basis": case.act.basis,
        "severity": str(SEVERITIES[case.severity]),
        "occurred_on": day(case.occurred_on),
        "facts": case.facts,
        "issued_on": day(workdays.today()),
        # Translators: 市人民政府
        "reconsideration_by": _("the people's government of the city"),
        "court": _("the competent people's court"),
    }


def _names(case: Case) -> str:
    # Translators: 、
    return _(", ").join(party.subject.name for party in letter_lines.actors(case))


def _served(case: Case) -> dict[str, str]:
    sent = latest(case, Kind.NOTICE)
    return {
        "served_on": day(deadlines.served_on(case, Service.Letter.NOTICE)),
        "notice_number": sent.number if sent else "",
        "until": day(deadlines.cure_until(case)),
    }


def _found_on(case: Case) -> date | None:
    votes = [seat.voted_at for seat in case.seats.all() if seat.voted_at]
    return max(votes).astimezone(workdays.SHANGHAI).date() if votes else None


def _recorded_on(case: Case) -> date | None:
    return min((each.on for each in case.happenings.all() if each.event == Event.RECORDED), default=None)


def _defence(case: Case) -> str:
    told = case.statements.filter(turn=case.proposals).order_by("received_on").first()
    if told is None:
        # Translators: 你方在规定期限内未提出陈述申辩。
        return _("No statement was made within the time. ")
    # Translators: 你方于%(day)s提出的陈述申辩，已经复核并提交认定小组。
    return _("The statement of %(day)s was weighed and put before the panel. ") % {"day": day(told.received_on)}
