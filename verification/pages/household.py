"""Whom a check is about, and which result stands: what every part of its page begins with."""

from collections.abc import Iterable

from msgspec import Struct

from bureau import masks
from bureau.models import Office
from verification import assessing, wording
from verification.assessing import Inputs
from verification.comparison import Assessed
from verification.models import Assessment, Check

APPLICANT = "01"  # GB/T 4761


class Read(Struct, frozen=True):
    """The assessment that stands, read once: its row, its inputs, its result, names of members (masked) by key."""

    row: Assessment
    inputs: Inputs
    result: Assessed
    members: dict[str, str]


def read(check: Check) -> Read | None:
    """The latest assessment of a check; None while there is none."""
    row = check.assessments.select_related("standard").order_by("-version").first()
    return None if row is None else read_assessment(row)


def read_assessment(row: Assessment) -> Read:
    """An assessment as it was made."""
    inputs = assessing.inputs_of(row)
    members = {person.key: masks.name(person.name) for person in inputs.declared.persons}
    return Read(row, inputs, assessing.result_of(row), members)


class Told(Struct, frozen=True):
    """What all parts of a result are told from: the assessment that stands, and the names of the sources by code."""

    found: Read | None
    sources: dict[str, str]


def told_of(check: Check) -> Told:
    """Read once for all parts of a page."""
    return Told(read(check), wording.source_names())


def members_of(check: Check) -> dict[str, str]:
    """Masked names by member key."""
    return {person.key: masks.name(person.name) for person in assessing.declared_of(check).persons}


def applicant_of(check: Check) -> str:
    """The masked name of the applicant of a check."""
    persons = assessing.declared_of(check).persons
    return masks.name(next((each.name for each in persons if each.relation == APPLICANT), "")) or "--"


def offices_of(checks: Iterable[Check]) -> dict[str, str]:
    """The names of the offices of these checks by code; one query."""
    codes = {check.office_code for check in checks}
    return {office.code: office.name for office in Office.objects.filter(code__in=codes)}
