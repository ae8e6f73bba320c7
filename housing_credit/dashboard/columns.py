"""What the lists behind the figures show of a row: plain values, names masked, for page and export alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bureau import masks
from bureau.roles import CASE_ROLES
from credit.policies import SubjectKind
from credit.querysets import REGISTRY_ROLES
from verification.wording import conclusion_name, programme_name

HOUSEHOLDS = frozenset(CASE_ROLES)
REGISTRY = frozenset(REGISTRY_ROLES)
Text = str | Promise


@dataclass(frozen=True)
class Column:
    """A column of a list. `seen_by`: roles that see a person in it; for others it is left out."""

    key: str
    label: Text
    value: Callable[[Any], Any]
    look: str = ""  # "", date, number, share
    seen_by: frozenset[str] = frozenset()


def case_url(row: Any) -> str:
    """The page of an application."""
    return reverse("applications:case", args=[row.reference])


def credit_case_url(row: Any) -> str:
    """The page of the credit case that a row belongs to; a ban by hand has none."""
    return reverse("credit:case", args=[row.case.number]) if row.case else ""


def masked(subject: Any) -> str:
    """The masked name of a subject of the registry."""
    return masks.company(subject.name) if subject.kind == SubjectKind.EMPLOYER else masks.name(subject.name)


def _parties(row: Any) -> str:
    return "、".join(masked(party.subject) for party in row.case.parties.all() if party.acted)


REFERENCE = Column("reference", _("Reference"), lambda row: row.reference)
KIND = Column("kind", _("Kind"), lambda row: programme_name(row.kind))
APPLICANT = Column("applicant", _("Applicant"), lambda row: masks.name(row.applicant_name), seen_by=HOUSEHOLDS)
WINDOW = Column("office", _("Window"), lambda row: row.office.name)
PERSONS = Column("persons", _("Persons"), lambda row: row.household_size, "number")
# Translators: 核对结论
RESULT = Column("result", _("Result"), lambda row: conclusion_name(row.current_check.conclusion.outcome))
CONCLUDED = Column("concluded", _("Concluded on"), lambda row: row.current_check.conclusion.at, "date")
# Translators: 进展
STATUS = Column("status", _("Status"), lambda row: row.get_status_display())

CASE_NUMBER = Column("case", _("Case"), lambda row: row.case.number if row.case else "")
ACT = Column("act", _("Act"), lambda row: row.case.act.name)
ACTORS = Column("actors", _("Who acted"), _parties, seen_by=REGISTRY)
RECORDED = Column("recorded", _("Recorded on"), lambda row: row.on, "date")
CASE_STATUS = Column("status", _("Status"), lambda row: row.case.get_status_display())
SUBJECT = Column("subject", _("Subject"), lambda row: masked(row.subject), seen_by=REGISTRY)
SEVERITY = Column("severity", _("Severity"), lambda row: row.get_severity_display())
BAN_ACT = Column("act", _("Act"), lambda row: row.case.act.name if row.case else row.act)
HOLDS_FROM = Column("from", _("From"), lambda row: row.holds_from, "date")
HOLDS_UNTIL = Column("until", _("Until"), lambda row: row.ends_on(), "date")


def seen(columns: Sequence[Column], roles: frozenset[str]) -> list[Column]:
    """The columns that somebody with these roles sees."""
    return [column for column in columns if not column.seen_by or column.seen_by & roles]
