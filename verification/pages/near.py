"""Households within a tenth of a line: the criterion that one fact would turn, and the fact to check first."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef

from verification import assessing, wording
from verification.comparison import Assessed, NearLine
from verification.figures import Criterion
from verification.models import Assessment, Round
from verification.pages.household import applicant_of, offices_of
from verification.pages.readers import Reader
from verification.statement import Line
from verification.wording.criteria import criterion_distance, unit_of
from verification.wording.netting import distance_words, line_amount, more_to_the_line


def near_in(found: Round, *, district: str = "", criterion: str = "") -> Any:
    """The newest assessments of a round that one fact within a tenth of the line would change, the nearest first."""
    newer = Assessment.objects.filter(check_ordered=OuterRef("check_ordered"), version__gt=OuterRef("version"))
    rows = Assessment.objects.filter(~Exists(newer), round=found, near_share__isnull=False)
    if district:
        rows = rows.filter(check_ordered__office_code__startswith=district)
    if criterion:
        rows = rows.filter(near_criterion=criterion)
    return rows.order_by("near_share", "pk")


def near_rows(rows: Any) -> list[dict[str, Any]]:
    """The rows of one page: check, criterion, how far it is from its line, and the line that alone decides."""
    shown = list(rows.select_related("check_ordered").defer("inputs"))
    names, offices = wording.source_names(), offices_of(row.check_ordered for row in shown)
    return [
        {
            "check": row.check_ordered,
            "household": applicant_of(row.check_ordered),
            "office": offices.get(row.check_ordered.office_code, row.check_ordered.office_code),
            **_near(row, names),
        }
        for row in shown
    ]


def _near(row: Assessment, names: Mapping[str, str]) -> dict[str, Any]:
    result = assessing.result_of(row)
    near, criterion = result.near, result.comparison.criterion(row.near_criterion)
    if near is None or criterion is None:
        raise ValueError(f"assessment {row.pk} is listed as near a line that its result does not know")
    unit = unit_of(criterion.name, criterion.unit)
    line = _deciding(result, near, criterion)
    return {
        "criterion": wording.criterion_name(criterion.name, criterion.unit),
        "value": wording.quantity(criterion.value, unit),
        "limit": wording.criterion_limit(criterion),
        "distance": criterion_distance(criterion),
        "share": row.near_share,
        "fact": f"{wording.line_text(line)} · {wording.source_name(line.source, names)}" if line else "",
    }


def near_of(result: Assessed, reader: Reader, names: Mapping[str, str]) -> dict[str, Any] | None:
    """For the statement: the criterion that one fact would turn, and that fact; None where none alone would.

    Beyond the line it is the line of the statement without which the criterion would be met, if one alone is enough;
    inside, what would have to come on top.
    """
    near = result.near
    criterion = result.comparison.criterion(near.criterion) if near else None
    if near is None or criterion is None:
        return None
    told = {
        "name": wording.criterion_name(criterion.name, criterion.unit),
        "distance": distance_words(criterion),
        "is_beyond": criterion.met is False,
        "line": None,
        "fact": "",
        "is_told": True,
        "more": "" if criterion.met is False else more_to_the_line(criterion, result.statement),
    }
    if near.line and not reader.is_told_apart((line := result.statement.line(near.line)).person):
        told["is_told"] = False
    elif near.line:
        source = wording.source_name(line.source, names)
        told |= {"line": near.line, "fact": f"{reader.line(line)} · {source} · {line_amount(line, criterion)}"}
    return told


def _deciding(result: Assessed, near: NearLine, criterion: Criterion) -> Line | None:
    """The line without which the criterion would turn; where none alone would, the heaviest of the figure."""
    if near.line:
        return result.statement.line(near.line)
    lines = [result.statement.line(number) for number in criterion.lines]
    return max(lines, key=lambda line: (line.counted, -line.number), default=None)
