"""Households checked and concluded under a standard, and standards still to come, for trials."""

import itertools
import json
from datetime import date, timedelta
from typing import Any

import msgspec
from django.utils import timezone

from bureau import ciphers
from bureau.models import Staff
from tests.verification import household
from verification import trials, trying
from verification.assessing import Inputs, pack
from verification.comparison import Assessed
from verification.facts import Declared, RecordKind
from verification.models import Assessment, Check, Conclusion, Round, Standard, Trial
from verification.standards import Standard as Content
from verification.standards.reading import SAMPLES

CODE = "taizhou-demo-public-rental"
NEXT = "taizhou-2027-public-rental"
EVERYBODY = trying.Population()
LEAST = 2260 * 12  # the minimum wage, which is counted for who earns less
_numbers = itertools.count(1)


def earning(monthly: int) -> Declared:
    """The household with so much income per head a month, declared and undisputed."""
    father = household.earning(household.FATHER, wages=monthly * 36 - LEAST)
    mother = household.earning(household.MOTHER, wages=LEAST)
    return Declared(persons=(father, mother, household.CHILD))


def standard_of(code: str = CODE) -> Standard:
    """A standard as it was seeded."""
    standard: Standard = Standard.objects.get(code=code)
    return standard


def coming(day: date | None = None, *, code: str = NEXT, in_use: bool = True, **changes: Any) -> Standard:
    """A standard of the next year: as the demonstration, but for these changes of its content."""
    content = json.loads((SAMPLES / f"{CODE}.json").read_text())
    starts = day or timezone.localdate() + timedelta(days=30)
    content |= {
        "id": code,
        "name": "泰州市公共租赁住房保障标准（次年）",
        "effective_from": starts.isoformat(),
        **changes,
    }
    read = msgspec.convert(content, Content, strict=False)
    standard: Standard = Standard.objects.create(
        code=read.id,
        name=read.name,
        city=read.city,
        programme=read.programme,
        effective_from=read.effective_from,
        document=read.document,
        content=msgspec.to_builtins(read),
        in_use=in_use,
    )
    return standard


def income_line(amount: int) -> dict[str, Any]:
    """The change that moves the line of income per head."""
    income = {"amount": str(amount), "operator": "<"}
    return {"tiers": [{"code": "lower_middle", "name": "中等偏下收入家庭", "income": income}]}


def checked(
    by: Staff,
    declared: Declared,
    *,
    standard: Standard | None = None,
    silent: Any = None,
    office_code: str = "321202001001",
    subject: str = "",
    purpose: str = "public_rental",
    within: Round | None = None,
    concluded_at: Any = None,
    concluded: bool = True,
    **written: Any,
) -> Check:
    """A household checked under a standard, all answers in, and concluded as proposed where no finding is needed.

    `written`: what its assessment says otherwise than it came to.
    """
    number = next(_numbers)
    used = standard or standard_of()
    check = Check.objects.create(
        number=f"HD2098-{number:06d}",
        purpose=purpose,
        subject=subject or f"GZ2098-{number:06d}",
        office_code=office_code,
        status="concluded" if concluded else "assessed",
        declared=msgspec.json.encode(declared),
        authorisations={"m1": {"number": "n", "kinds": [kind.value for kind in RecordKind], "valid_to": None}},
        standard=used,
        accepted_on=household.ON,
        as_of=household.ON,
        since=date(2025, 11, 1),
        round=within,
    )
    assessment, result = assessed(check, declared, used, silent, **written)
    if concluded:
        proposed = result.comparison.proposed
        Conclusion.objects.create(
            check_ordered=check,
            assessment=assessment,
            outcome="fit" if proposed == "fit" else "incomplete",
            opinion="同意。",
            by=by,
            at=concluded_at or timezone.now(),
        )
    return check


def assessed(
    check: Check, declared: Declared, standard: Standard, silent: Any = None, **written: Any
) -> tuple[Assessment, Assessed]:
    """An assessment of a check with all that it was worked out from."""
    heard = tuple(household.hear(silent=silent, persons=len(declared.persons)))
    content = msgspec.convert(standard.content, Content, strict=False)
    inputs = Inputs(declared=declared, heard=heard, standard=content, on=household.ON)
    result = inputs.work_out()
    columns = {
        "version": 1,
        "rules_version": result.rules_version,
        "proposed": result.comparison.proposed,
        **written,
    }
    row = Assessment.objects.create(
        check_ordered=check,
        on=household.ON,
        standard=standard,
        inputs=pack(inputs),
        result=pack(result),
        result_digest=ciphers.sm3(msgspec.json.encode(result)).hex(),
        asked=24,
        answered=24,
        round=check.round,
        **columns,
    )
    return row, result


def run(standard: Standard, by: Staff, population: trying.Population = EVERYBODY) -> Trial:
    """A trial of the standard, worked out to its end."""
    trial = trials.begin(standard, population, by=by)
    assert trying.work(trial.pk)
    trial.refresh_from_db()
    return trial
