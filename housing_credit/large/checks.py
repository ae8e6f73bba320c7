"""Their checks: ordered, assessed, with findings that were settled, and concluded."""

import hashlib
from typing import Any

import msgspec
from django.utils import timezone

from housing_credit.large.rows import insert, sealed
from verification.assessing import Inputs, pack
from verification.facts import Declared, DeclaredPerson
from verification.models import Assessment, Check, Conclusion, Finding, Standard
from verification.standards import Standard as Content

FIRST = 500_000  # numbers from here on, of every year: no desk gets so far
MOST = 400_000  # households; the checks of their yearly reviews are numbered behind them
OURS = "-([5-9]|1[0-2])[0-9]{5}$"  # how the numbers of both end


class LargeError(Exception):
    """The installation cannot be filled; the text says why."""


def at(stage: int) -> str:
    """When a household came to the stage of this number."""
    return "at0" + "".join(f" + d{each} * interval '1 day'" for each in range(stage))


def declared() -> Declared:
    """What every household declares: two persons, and nothing of their own."""
    numbers = {"m1": ("321299198003150018", "01"), "m2": ("321299198207080023", "10")}
    return Declared(
        persons=tuple(
            DeclaredPerson(key=key, name="某", id_number=number, relation=relation, marital="20")
            for key, (number, relation) in numbers.items()
        )
    )


def lay_checks(cursor: Any, source: str, **more: str) -> None:
    """The checks of the households of a table that have come so far, with findings and conclusions. `more`: columns of
    the checks.
    """
    standard = Standard.objects.filter(in_use=True).order_by("-effective_from").first()
    if standard is None:
        raise LargeError("There is no standard in use.")
    content = msgspec.convert(standard.content, Content, strict=False)
    inputs = Inputs(declared=declared(), heard=(), standard=content, on=timezone.localdate())
    result = inputs.work_out()
    insert(
        cursor,
        Check,
        f"{source} WHERE is_checked",
        id="chk",
        number=f"'HD' || extract(year FROM at0) || '-' || ({FIRST} + n)",
        purpose="kind",
        subject="reference",
        office_code="code",
        status="CASE WHEN is_concluded THEN 'concluded' ELSE 'assessed' END",
        status_since="CASE WHEN is_concluded THEN " + at(5) + " ELSE since END",
        declared=sealed(Check, "declared", msgspec.json.encode(declared())),
        standard_id=str(standard.pk),
        accepted_on="at0::date",
        as_of="at0::date",
        since="(at0 - interval '1 year')::date",
        ordered_by_id="checker",
        ordered_at=at(4),
        **more,
    )
    insert(
        cursor,
        Assessment,
        f"{source} WHERE is_checked",
        id="ass",
        check_ordered_id="chk",
        version="1",
        on="at0::date",
        standard_id=str(standard.pk),
        rules_version=f"'{result.rules_version}'",
        inputs=sealed(Assessment, "inputs", pack(inputs)),
        result=sealed(Assessment, "result", pack(result)),
        result_digest=f"'{hashlib.sha256(pack(result)).hexdigest()}'",
        proposed="outcome",
        asked="24",
        answered="24",
    )
    settled = "CASE WHEN is_concluded THEN {} END"
    insert(
        cursor,
        Finding,
        f"{source} WHERE is_checked AND (outcome = 'unfit' OR n %% 5 = 0)",
        id="fnd",
        check_ordered_id="chk",
        fingerprint="md5(reference) || md5('f' || n)",
        kind="(ARRAY['undeclared_home', 'undeclared_deposit', 'undeclared_vehicle', 'understated_income'])[1 + n %% 4]",
        source_code="(SELECT code FROM verification_source ORDER BY place, code OFFSET (n %% 24) LIMIT 1)",
        state="CASE WHEN NOT is_concluded THEN 'open' WHEN outcome = 'unfit' THEN 'confirmed' ELSE 'dismissed' END",
        settled_by_id=settled.format("checker"),
        settled_at=settled.format(at(5) + " - interval '1 hour'"),
        reason="CASE WHEN is_concluded THEN '已核实' ELSE '' END",
        created_at=at(4),
    )
    insert(
        cursor,
        Conclusion,
        f"{source} WHERE is_concluded",
        id="con",
        check_ordered_id="chk",
        assessment_id="ass",
        outcome="outcome",
        opinion="'材料与来源信息已逐项比对。'",
        decisive_finding_id="CASE WHEN outcome = 'unfit' THEN fnd END",
        by_id="checker",
        at=at(5),
    )
