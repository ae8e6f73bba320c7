"""The next check of a case: what departments tell of a pinned household meanwhile, and how the last check ended."""

import copy
import json
from pathlib import Path
from typing import Any

import msgspec

from bureau.models import Staff
from tests.programs import Departments
from verification import asking, conclusions, findings, mock_departments, orders
from verification.assessing import declared_of
from verification.facts import RecordKind
from verification.models import Check, Conclusion, Finding, Source

SCENARIOS = Path(mock_departments.__file__).parent / "scenarios"
REASON = "与当事人核实，已说明情况。"
ACCOUNT = {
    "kind": "deposit",
    "record_key": "boc-700001",
    "account_type": "D",
    "account_no": "************7001",
    "account_status": "0",
    "open_date": "-6y",
}
FLAT = {
    "kind": "housing",
    "record_key": "泰州市不动产权第09700002号",
    "record_type": "01",
    "certificate_no": "泰州市不动产权第09700002号",
    "unit_no": "321202001001GB09700F00010002",
    "address": "泰州市海陵区济川东路97号2幢301室",
    "area": "84.00",
    "share_type": "0",
    "use": "10",
    "acquire_date": "-1y",
    "status": "1",
}


def account(balance: str) -> dict[str, Any]:
    """An account at the Bank of China that no scenario knows."""
    return ACCOUNT | {"balance": balance, "average_6m": balance, "average_12m": balance}


def tell(departments: Departments, scenario: str, told: dict[tuple[int, str], list[dict[str, Any]]]) -> None:
    """From now on sources tell of the persons of a scenario (0, 1, …) also these records; of all else as it stands."""
    pinned = json.loads((SCENARIOS / f"{scenario}.json").read_text())["people"]
    people = copy.deepcopy(pinned)
    for (place, source), records in told.items():
        holding = people[place]["known"].setdefault(source, {})
        holding["records"] = [*holding.get("records", []), *records]
    assert departments.ask("/control/people", "POST", {"people": people}) == {"pinned": len(people)}


def asked(check: Check) -> Check:
    """The same check, asked over HTTP and assessed."""
    Source.objects.update(open_until=None, failures_in_row=0)
    asking.ask([check.pk])
    check.refresh_from_db()
    assert check.status == Check.Status.ASSESSED
    return check


def concluded(check: Check, by: Staff, *, dismiss: tuple[str, ...] = ()) -> Conclusion:
    """Every finding settled, these kinds dismissed, and the check concluded as it is proposed, if it can be."""
    while finding := check.findings.open().first():
        settle = findings.dismiss if finding.kind in dismiss else findings.confirm
        settle(finding, by=by, reason=REASON)
    newest = check.assessments.order_by("-version")[0]
    outcome = "incomplete" if conclusions.obstacle(check, newest, newest.proposed) else newest.proposed
    return conclusions.conclude(check, outcome=outcome, opinion="同意。", by=by)


def ordered_again(check: Check, **changed: Any) -> Check:
    """The next check of the same case, not asked yet."""
    return orders.place(order_again(check, **changed), by=None)


def order_again(check: Check, **changed: Any) -> orders.Order:
    """The order of the next check of the same case."""
    declared = declared_of(check)
    order = orders.Order(
        subject=check.subject,
        purpose=check.purpose,
        programme="public_rental",
        office_code=check.office_code,
        declared=declared,
        grants={each.key: orders.Grant("泰房权〔2026〕0001号", tuple(RecordKind)) for each in declared.persons},
        accepted_on=check.accepted_on,
    )
    return msgspec.structs.replace(order, **changed)


def open_kinds(check: Check) -> list[str]:
    """The kinds of the findings that a person still has to settle."""
    return sorted(Finding.objects.open().filter(check_ordered=check).values_list("kind", flat=True))
