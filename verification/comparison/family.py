"""Findings on who the household is: deaths, mismatched identities, marriages, a divorce within one home."""

from collections.abc import Iterator
from datetime import date

from verification.comparison.proposal import ProposedFinding, propose
from verification.facts import Declared
from verification.standards import Standard
from verification.statement import Line, Statement
from verification.statement.fingerprints import group_key, own_key
from verification.statement.sheet import NOTHING, years_before

MARRIED, SINGLE, WIDOWED, DIVORCED, UNSTATED = "20", "10", "30", "40", "90"  # GB/T 2261.2
WEIGHT = 50_000  # puts these among findings of that many CNY


def family_findings(declared: Declared, statement: Statement, standard: Standard) -> Iterator[ProposedFinding]:
    """Those on deaths, identities and marriages, in this order."""
    household = statement.lines_of("household")
    yield from _deaths(statement, household)
    for source, person in statement.completeness.mismatched:
        yield propose(
            "identity_mismatch",
            statement,
            source=source,
            record_key=person,
            amount=NOTHING,
            weight=WEIGHT,
            member=person,
            params={"source": source},
        )
    marital = {person.key: person.marital for person in declared.persons}
    since = years_before(statement.on, standard.divorce_years)
    for line in household:
        if line.kind not in {"married", "divorced"}:
            continue
        if mismatch := _mismatch(line, marital[line.person]):
            yield _on(line, "marriage_mismatch", statement, (), {"why": mismatch, **line.text})
        if _divorced_in_one_home(line, since, statement):
            yield _on(line, "recent_divorce_one_household", statement, ("income", "area", "assets"), dict(line.text))


def _deaths(statement: Statement, household: list[Line]) -> Iterator[ProposedFinding]:
    """One for each member, however many sources report the death."""
    reports: dict[str, list[Line]] = {}
    for line in household:
        if line.kind == "death" and line.reason == "reported_dead":
            reports.setdefault(line.person, []).append(line)
    for person, lines in reports.items():
        yield propose(
            "deceased_member",
            statement,
            source=lines[0].source,
            record_key=own_key(person, group_key(line.record_key for line in lines)),
            amount=NOTHING,
            weight=WEIGHT,
            member=person,
            params={"sources": ",".join(line.source for line in lines), **lines[0].text},
            supports=("income", "area", "assets"),
            lines=lines,
        )


def _mismatch(line: Line, marital: str) -> str:
    """Why the declared marriage is not the registered one; empty where it is, or where no register can tell."""
    declared = f"{marital[:1]}0"  # 21, 22 and 23 are kinds of married
    if line.kind == "divorced":
        return "" if declared in {DIVORCED, UNSTATED} else "registered_divorced"
    if declared in {SINGLE, DIVORCED}:
        return "registered_married"
    return "spouse_not_listed" if declared == MARRIED and "partner" not in line.text else ""


def _divorced_in_one_home(line: Line, since: date, statement: Statement) -> bool:
    if line.kind != "divorced" or date.fromisoformat(line.text["on"]) < since:
        return False
    partner = line.text.get("partner", "")
    # Two who both apply are told once, with the first of them.
    return partner > line.person if partner in statement.members else "same_register" in line.text


def _on(
    line: Line, kind: str, statement: Statement, supports: tuple[str, ...], params: dict[str, str]
) -> ProposedFinding:
    return propose(
        kind,
        statement,
        source=line.source,
        record_key=line.record_key,
        amount=NOTHING,
        weight=WEIGHT,
        member=line.person,
        params=params,
        supports=supports,
        lines=[line],
    )
