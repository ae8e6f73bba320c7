"""An invented case, by which an administrator sees how a text looks as a letter; no household is in it."""

from datetime import date, timedelta
from decimal import Decimal

import msgspec
from django.utils import translation
from django.utils.translation import gettext as _

from bureau import masks
from bureau.letter_parts import Block
from bureau.models import Document, Office
from bureau.roles import Tier
from credit import letter_lines, letter_texts
from credit.clocks import Kind as ClockKind
from credit.letter_lines import MEASURES, WHY, day, money, table
from credit.letter_wording import Kind
from credit.models import Act, CureItem, LetterText, Party, Policy
from credit.models.act import SEVERITIES
from credit.policies import Policy as Rules
from credit.policies import Severity, SubjectKind

ID_NUMBER, CREDIT_CODE = "321299199001010012", "91321200MA00000000"


def preview(text: LetterText, on: date) -> bytes:
    """The PDF of a letter by this text, which need not be saved yet. Raises `PolicyError` on a text with faults."""
    with translation.override(letter_texts.LANGUAGE):
        office = Office.objects.filter(tier=Tier.CITY).order_by("pk").first()
        values = _values(text, on, office.name_zh if office else "")
        header = {
            "issuer": values["firm"] if text.kind == Kind.LAWYER else values["issuer"],
            "contact": " ".join(filter(None, (office.address, office.phone))) if office else "",
            "addressee": "" if text.kind == Kind.ANNOUNCEMENT else values["subject"],
        }
        letter = letter_texts.letter_of(text, header, values, _blocks(SubjectKind(text.subject_kind), on))
        return letter_texts.preview(text, letter, on=on)


def _values(text: LetterText, on: date, issuer: str) -> dict[str, str]:
    is_person = text.subject_kind == SubjectKind.PERSON
    # Translators: 张三丰 / 泰州市示例物业有限公司（虚构）
    name = _("Invented Person") if is_person else _("Invented Company Ltd")
    if text.kind == Kind.ANNOUNCEMENT:
        name = masks.name(name) if is_person else masks.company(name)
    act = Act.objects.filter(subject_kind=text.subject_kind, policy__in_use=True).order_by("pk").first()
    given = {
        "subject": name,
        "case": f"SX{on.year}-000000",
        "act": act.name_zh if act else "",
        "basis": act.basis if act else "",
        "severity": str(SEVERITIES[Severity.MORE_SERIOUS]),
        # Translators: 此处为案件事实（样张）。
        "facts": _("The facts of the case stand here."),
        "issuer": issuer,
        "reconsideration_by": _("the people's government of the city"),
        "court": _("the competent people's court"),
        "letter": str(Document.Kind.CREDIT_NOTICE.label),
        # Translators: 泰州日报
        "medium": _("The Daily"),
        "after": _("Once it counts as served, what the letter lists is to be corrected within %(days)s days.")
        % {"days": 15},
        "defence": _("No statement was made within the time. "),
        # Translators: 江苏示例律师事务所、王律、0523-00000000
        "firm": _("Invented Law Firm"),
        "lawyer": _("Invented Lawyer"),
        "telephone": "0523-00000000",
        "because": str(next(iter(WHY.values()))),
    }
    numbers = {name: f"泰房诚函〔{on.year}〕0000号" for name in ("letter_number", "notice_number", "record_number")}
    # An announcement counts as service after thirty days, a proposal leaves five working days, the others fifteen.
    days_of = {Kind.ANNOUNCEMENT: "30", Kind.PROPOSAL: "5"}
    counts = {
        "days": days_of.get(Kind(text.kind), "15"),
        "objection_days": "7",
        "acceptance_days": "3",
        "result_days": "7",
    }
    days = ("occurred_on", "issued_on", "found_on", "served_on", "recorded_on", "released_on")
    return given | numbers | counts | dict.fromkeys(days, day(on)) | {"until": day(on + timedelta(days=15))}


def _blocks(kind: SubjectKind, on: date) -> dict[str, Block | None]:
    is_person = kind is SubjectKind.PERSON
    name = _("Invented Person") if is_person else _("Invented Company Ltd")
    number = masks.id_number(ID_NUMBER) if is_person else CREDIT_CODE
    today, later = day(on), day(on + timedelta(days=15))
    # Translators: 补缴租金 / 补报家庭情况
    pay, file = _("Pay the rent that is owed"), _("Hand in what was not declared")
    amount, measure, basis = money(Decimal("1340.00")), str(MEASURES[ClockKind.SHARING]), "--"
    policy = Policy.objects.in_force(on).first()
    rules = (
        msgspec.convert(policy.content, Rules).grade(Severity(policy.content["grades"][-1]["severity"])).rules(kind)
        if policy
        else ()
    )
    return {
        "parties": table("parties", [(name, str(Party.Part.ACTOR.label), number)]),
        # Translators: 样张证据
        "evidence": table("evidence", [(_("Sample paper"), "1")]),
        "consequences": letter_lines.consequences_of(rules),
        "things": table(
            "things",
            [(pay, str(CureItem.Kind.PAY.label), amount), (file, str(CureItem.Kind.FILE.label), "")],
        ),
        "done": table("done", [(pay, amount, today, "1"), (file, "", today, "2")]),
        "left": table("left", [(pay, amount, ""), (file, "", later)]),
        "spans": table("spans", [(measure, today, later, basis)]),
        "repairs": table("repairs", [(measure, today, later, basis)]),
        "ended": table("ended", [(measure, today, later, str(next(iter(WHY.values()))))]),
    }
