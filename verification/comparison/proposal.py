"""What a proposed finding is, and how one is made from lines of the statement."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from msgspec import Struct

from verification.facts import Evidence
from verification.statement import Line, Statement
from verification.statement.fingerprints import about, marks

FINDING_KINDS = (
    "over_limit",
    "undeclared_home",
    "undeclared_transfer",
    "understated_income",
    "undeclared_vehicle",
    "sold_vehicle_unregistered",
    "undeclared_deposit",
    "moved_deposits",
    "undeclared_business",
    "disowned_business",
    "marriage_mismatch",
    "recent_divorce_one_household",
    "deceased_member",
    "identity_mismatch",
    "duplicate_assistance",
)


class ProposedFinding(Struct, frozen=True, kw_only=True):
    """Something that a person has to confirm or dismiss before anything follows from it.

    `weight` (CNY, roughly) sorts; `supports` names the criteria that rest on it; `params` fill its sentence. By its
    `marks` it is known again (the first is its fingerprint), by `about` also after its amount has changed.
    """

    kind: str
    source: str
    member: str
    weight: int
    amount: Decimal
    fingerprint: str
    params: dict[str, str]
    supports: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    marks: tuple[str, ...] = ()
    about: str = ""


def propose(
    kind: str,
    statement: Statement,
    *,
    source: str,
    record_key: str,
    amount: Decimal,
    weight: int,
    params: dict[str, str],
    member: str = "",
    period: str = "",
    on: date | None = None,
    worth: Decimal | None = None,
    supports: tuple[str, ...] = (),
    lines: Iterable[Line] = (),
) -> ProposedFinding:
    """A finding with its marks and the evidence of the sources behind its lines.

    `worth`: the amount in CNY, where it is counted in something else. `on`: where its period moves on with the check.
    """
    behind = [*lines]
    known_by = marks(source, record_key, kind, period, amount if worth is None else worth, on)
    sources = dict.fromkeys((source, *(line.text.get("source", line.source) for line in behind)))
    return ProposedFinding(
        kind=kind,
        source=source,
        member=member,
        weight=weight,
        amount=amount,
        fingerprint=known_by[0],
        params=params,
        supports=supports,
        lines=tuple(line.number for line in behind),
        evidence=tuple(statement.evidence[each] for each in sources if each in statement.evidence),
        marks=known_by,
        about=about(source, record_key, kind, period),
    )
