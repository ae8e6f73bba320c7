"""What is in force on the first day of a replay: standards, time limits and postings, older than those of the seeds.

The city's own figures of those years were not found, so that the demonstration's standard is used, and says so.
"""

from datetime import date, timedelta

import msgspec
from django.db import transaction

from applications.models import PatternThreshold, Procedure
from benefits.models import AllotmentPolicy, ReviewPolicy
from benefits.waiting import GROUPS
from bureau.models import Posting
from housing_credit.seeds.ground import OUR_CITY
from verification.models import Standard
from verification.standards import sample_standards

FIRST_DAY = date(2014, 1, 1)
NAME = "{}（重演用）"


@transaction.atomic
def lay() -> None:
    """Enter it all, once; a second time nothing is new."""
    _standards()
    Procedure.objects.get_or_create(effective_from=FIRST_DAY, defaults={"basis": "默认时限（重演用）"})
    PatternThreshold.objects.get_or_create(effective_from=FIRST_DAY, defaults={"basis": "默认触发线（重演用）"})
    ReviewPolicy.objects.get_or_create(effective_from=FIRST_DAY, defaults={"basis": "默认年审规则（重演用）"})
    groups = {"groups": [*GROUPS], "basis": "默认配租规则（重演用）"}
    AllotmentPolicy.objects.get_or_create(effective_from=FIRST_DAY, defaults=groups)
    _postings()


def _standards() -> None:
    """Each standard of the demonstration also for the days before it."""
    for sample in sample_standards():
        if sample.city != OUR_CITY:
            continue
        until = sample.effective_from - timedelta(days=1)
        code, name = f"{sample.id}-replay", NAME.format(sample.name)
        text = msgspec.structs.replace(sample, id=code, name=name, effective_from=FIRST_DAY, effective_to=until)
        Standard.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "city": sample.city,
                "programme": sample.programme,
                "effective_from": FIRST_DAY,
                "effective_to": until,
                "document": sample.document,
                "content": msgspec.to_builtins(text),
                "in_use": True,
            },
        )


def _postings() -> None:
    """Whoever works in the demonstration has done so since the first day."""
    later = Posting.objects.filter(from_on__gt=FIRST_DAY)
    known = set(Posting.objects.filter(from_on=FIRST_DAY).values_list("staff", "office", "role"))
    Posting.objects.bulk_create(
        Posting(staff_id=row.staff_id, office_id=row.office_id, role=row.role, from_on=FIRST_DAY, to_on=row.from_on)
        for row in later
        if (row.staff_id, row.office_id, row.role) not in known
    )
