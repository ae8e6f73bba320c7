"""What employers certify against what the sources tell, and the lead that a pattern of contradictions becomes.

A certificate is contradicted when a person has confirmed, in a concluded check, that its member earned more than it
says. What the sources tell and nobody has confirmed is counted apart and makes no lead.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, DecimalField, Exists, Max, OuterRef, Q, Subquery, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from msgspec import Struct

from applications.letters_out import LETTER_LANGUAGE
from applications.models import Application, Certificate, Pattern, PatternCertificate, PatternThreshold
from bureau import workdays
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.models import Staff
from bureau.querysets import within
from bureau.roles import Role
from credit import leads
from credit.leads import Named
from credit.models import Lead
from credit.policies import SubjectKind
from verification import doubt, wording
from verification.models import Finding, Inquiry, Objection

READERS = (Role.CREDIT_OFFICER, Role.AUDITOR)
MONTHS = 12  # that a finding on income is about
ACT = "U02"  # who opens the case may choose U01, where the member never worked there
AT_WORK = (Lead.Status.RECEIVED,)


class Counted(Struct, frozen=True):
    """Certificates of an employer, or of who signs for it: all, contradicted, and told otherwise but not confirmed."""

    name: str
    certificates: int
    contradicted: int
    unsettled: int

    @property
    def share(self) -> float:
        """Which part of them is contradicted."""
        return self.contradicted / self.certificates if self.certificates else 0.0


class Employer(Struct, frozen=True):
    """An employer on the board: in all, by signatory, how many wait for a lead, and why none can be opened."""

    code: str
    total: Counted
    fresh: int
    signatories: list[Counted]
    why_not: str


def threshold_on(day: date) -> PatternThreshold:
    """What makes a pattern on the day. Raises `UnfitDataError` where nothing is in force."""
    found: PatternThreshold | None = PatternThreshold.objects.filter(effective_from__lte=day).first()
    if found is None:
        # Translators: 尚未设置单位证明异常的触发线，请管理员先录入。
        raise UnfitDataError(_("No threshold of patterns is in force. An administrator enters it first."))
    return found


def require_reader(by: Staff) -> None:
    """Raises `NotAllowedError` for who neither keeps nor audits the registry."""
    if not by.holds(*READERS):
        raise NotAllowedError(_("The registry's pages are for credit officers, its panel and auditors."))


def certificates(by: Staff, threshold: PatternThreshold) -> Any:
    """Those that count today, in this person's scope: `contradicted`, `told` otherwise, `taken`, `against`."""
    held = Q(attachment__removed_at=None) & ~Q(application__status__in=["draft", "discarded"])
    scope = Application.objects.filter(within(by.scopes_as(*READERS)))
    since = _months_before(workdays.today(), threshold.months)
    told, confirmed = _told(threshold), _confirmed(_told(threshold))
    rows = Certificate.objects.filter(held, application__in=scope, issued_on__gte=since)
    return rows.annotate(
        contradicted=Exists(confirmed),
        told=Exists(told),
        taken=Exists(PatternCertificate.objects.filter(certificate=OuterRef("pk"))),
        against=Subquery(confirmed.order_by("-found", "pk").values("pk")[:1]),
    )


def _told(threshold: PatternThreshold) -> Any:
    """Of the certificate outside: findings of more wages than it says, of the check that its case rests on."""
    found = Cast(KeyTextTransform("found", "params"), DecimalField(max_digits=24, decimal_places=2))
    limit = OuterRef("monthly_income") * Value(MONTHS * (1 + threshold.tolerance))
    rows = Finding.objects.filter(
        check_ordered=OuterRef("application__current_check"),
        member=OuterRef("member_key"),
        kind="understated_income",
        params__income="wages",
        state__in=[Finding.State.OPEN, Finding.State.CONFIRMED],
        gone_at=None,
    )
    return rows.annotate(found=found).filter(found__gt=limit)


def _confirmed(told: Any) -> Any:
    """Of these, what a person has confirmed in a concluded check, and what is neither in doubt nor objected to."""
    answers = Inquiry.objects.filter(
        check_ordered=OuterRef("check_ordered"), source__code=OuterRef("source_code"), state="answered"
    )
    doubted = answers.annotate(doubted_at=doubt.doubted_at()).filter(doubted_at__isnull=False)
    objected = Objection.objects.open().filter(subject=OuterRef("check_ordered__subject"))
    return told.filter(~Exists(doubted), ~Exists(objected), state="confirmed", check_ordered__status="concluded")


def counted(rows: Any, *by: str) -> Any:
    """Groups of certificates with their counts; one query."""
    return rows.values(*by).annotate(
        name=Max("employer_name"),
        all=Count("pk"),
        against_it=Count("pk", Q(contradicted=True)),
        not_settled=Count("pk", Q(told=True, contradicted=False)),
        fresh=Count("pk", Q(contradicted=True, taken=False)),
    )


def board(by: Staff, threshold: PatternThreshold, *, wanted: str = "") -> Any:
    """The employers in scope, those with most contradictions first; `wanted`: a credit code, or a part of the name."""
    rows = certificates(by, threshold)
    if wanted:
        rows = rows.filter(Q(employer_code=wanted.upper()) | Q(employer_name__icontains=wanted))
    return counted(rows, "employer_code").order_by("-against_it", "-not_settled", "-all", "employer_code")


def described(by: Staff, threshold: PatternThreshold, rows: Sequence[dict[str, Any]]) -> list[Employer]:
    """Rows of the board with their signatories, and why no lead can be opened; two queries."""
    codes = [row["employer_code"] for row in rows]
    signed: dict[str, list[Counted]] = {}
    chosen = certificates(by, threshold).filter(employer_code__in=codes)
    for row in counted(chosen, "employer_code", "signatory").order_by("-against_it", "signatory"):
        signed.setdefault(row["employer_code"], []).append(_counts(row["signatory"], row))
    waiting = dict(
        Pattern.objects.filter(employer_code__in=codes, lead__status__in=AT_WORK).values_list(
            "employer_code", "lead__number"
        )
    )
    return [
        Employer(
            row["employer_code"],
            _counts(row["name"], row),
            row["fresh"],
            signed.get(row["employer_code"], []),
            _why_not(row, threshold, waiting.get(row["employer_code"], "")),
        )
        for row in rows
    ]


def _counts(name: str, row: dict[str, Any]) -> Counted:
    return Counted(name, row["all"], row["against_it"], row["not_settled"])


def _why_not(row: dict[str, Any], threshold: PatternThreshold, waiting: str) -> str:
    if waiting:
        # Translators: 线索 %(number)s 尚待处理。
        return _("Lead %(number)s is still to be looked into.") % {"number": waiting}
    enough = row["fresh"] >= threshold.least_contradicted
    if enough and Decimal(row["against_it"]) >= threshold.least_share * row["all"]:
        return ""
    # Translators: 未达到触发线（至少 %(count)s 份不符，占比不低于 %(share)s%%）。
    text = _("Below the threshold: at least %(count)s contradicted and not in a lead yet, and %(share)s%% of all.")
    return text % {"count": threshold.least_contradicted, "share": number_format(threshold.least_share * 100, 0)}


@transaction.atomic
def open_lead(code: str, *, by: Staff) -> Pattern:
    """One lead on the employer for all contradicted certificates that are in none yet.

    Raises `NotAllowedError`, or `MoveRefusedError` below the threshold and while a lead on it waits.
    """
    if not by.holds(Role.CREDIT_OFFICER):
        raise NotAllowedError(_("Your posting does not include this work."))
    doubt.wait()
    threshold = threshold_on(workdays.today())
    rows = list(board(by, threshold, wanted=code))
    found = described(by, threshold, rows)
    if len(found) != 1 or found[0].code != code:
        raise UnfitDataError(_("No certificate of this employer counts today."))
    if found[0].why_not:
        raise MoveRefusedError(found[0].why_not)
    chosen = list(fresh_of(by, threshold, code))
    lead = leads.take(
        Lead.Kind.PATTERN,
        about=[Named(found[0].total.name, code, SubjectKind.EMPLOYER)],
        text=words(found[0], threshold, chosen),
        act_code=ACT,
        origin=f"employer:{code}:{chosen[0].pk}",
        office_code=next(seat.office.code for seat in by.seats if seat.role == Role.CREDIT_OFFICER),
        by=by,
    )
    pattern = Pattern.objects.create(lead=lead, employer_code=code, by=by)
    for each in chosen:
        PatternCertificate.objects.create(pattern=pattern, certificate=each, finding_id=each.against)
    return pattern


def fresh_of(by: Staff, threshold: PatternThreshold, code: str) -> Any:
    """The contradicted certificates of an employer that are in no lead yet, the newest first."""
    rows = certificates(by, threshold).filter(employer_code=code, contradicted=True, taken=False)
    return rows.select_related("application__current_check", "attachment").order_by("-issued_on", "-pk")


def words(employer: Employer, threshold: PatternThreshold, chosen: Sequence[Any]) -> str:
    """What the registry reads: the counts, who signed, and each certificate with its case, check and finding.

    In the language of letters: it is kept. It names no member of a family; the papers are found by the case.
    """
    against = Finding.objects.select_related("settled_by").in_bulk([each.against for each in chosen])
    with translation.override(LETTER_LANGUAGE):
        names = wording.source_names()
        signed = Counter(each.signatory for each in chosen)
        # Translators: 近 %(months)s 个月出具收入证明 %(all)s 份，其中 %(count)s 份经人工确认与核实结果不符。
        head = _(
            "%(name)s (%(code)s) issued %(all)s certificates of income within %(months)s months; persons found "
            "%(count)s of them contradicted. Signed by: %(signed)s."
        ) % {
            "name": employer.total.name,
            "code": employer.code,
            "all": employer.total.certificates,
            "months": threshold.months,
            "count": employer.total.contradicted,
            "signed": _(", ").join(f"{name} {count}" for name, count in signed.most_common()),
        }
        return "\n".join([head, *(_line(each, against[each.against], names) for each in chosen)])


def _line(certificate: Any, finding: Finding, names: dict[str, str]) -> str:
    # Translators: 证明月收入 %(certified)s；%(source)s 核实全年 %(found)s
    text = _(
        "Application %(case)s: issued on %(on)s, signed by %(by)s, monthly income %(certified)s; found by %(source)s "
        "%(found)s over the year (check %(check)s, confirmed by %(who)s)."
    )
    check = certificate.application.current_check
    return text % {
        "case": certificate.application.reference,
        "on": date_format(certificate.issued_on),
        "by": certificate.signatory,
        "certified": wording.money_of(certificate.monthly_income),
        "source": names.get(finding.source_code, finding.source_code),
        "found": wording.money_of(Decimal(finding.params["found"])),
        "check": check.number if check else "--",
        "who": finding.settled_by.name if finding.settled_by else "--",
    }


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1)
