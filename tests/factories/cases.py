"""Cases and checks put where a test wants them, past the procedure that would bring them there."""

import itertools
from datetime import date

from django.utils import timezone

from applications.models import Application, Declaration
from bureau.models import Office, Staff
from verification.facts import RecordKind
from verification.models import Check, Standard

_numbers = itertools.count(1)
WINDOW = "321202001001"


def case_at(status: str, *, keyed_by: Staff, office_code: str = WINDOW) -> Application:
    """An application in this status, of a window, without members."""
    number = next(_numbers)
    case = Application.objects.create(
        reference=f"GZ2099-{number:06d}",
        kind="public_rental",
        office=Office.objects.get(code=office_code),
        office_code=office_code,
        keyed_by=keyed_by,
    )
    case.declaration = Declaration.objects.create(
        application=case, version=1, content=b'{"persons":[]}', digest="0" * 64, by=keyed_by
    )
    case.submitted_at, case.accepted_on, case.status = timezone.now(), timezone.localdate(), status
    case.save()
    return case


def check_at(status: str, *, office_code: str = WINDOW, subject: str = "", purpose: str = "rehearsal") -> Check:
    """A check in this status, of nobody, with nothing asked."""
    number = next(_numbers)
    return Check.objects.create(
        number=f"HD2099-{number:06d}",
        purpose=purpose,
        subject=subject or f"CASE-{number}",
        office_code=office_code,
        status=status,
        declared=b'{"persons":[]}',
        authorisations={"m1": {"number": "n", "kinds": [kind.value for kind in RecordKind], "valid_to": None}},
        standard=Standard.objects.filter(in_use=True)[0],
        accepted_on=date(2026, 11, 22),
        as_of=date(2026, 11, 22),
        since=date(2025, 11, 1),
    )
