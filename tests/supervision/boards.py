"""The board of what is stuck, all its parts together, and an objection that lies on it."""

from datetime import timedelta

from bureau import workdays
from housing_credit.supervision import pages
from tests.factories import trials
from verification.models import Objection

TODAY = workdays.today()


def board(person):
    """Every kind that this person sees."""
    return [kind for code in pages.parts_for(person) for kind in pages.board(person, code)]


def objection(people, **more):
    """An objection to a result that should have been answered two days ago."""
    check = trials.checked(people["check2"], trials.earning(3000))
    values = {
        "number": f"YY2097-{check.pk:06d}",
        "check_ordered": check,
        "subject": check.subject,
        "office_code": check.office_code,
        "grounds": "已出售",
        "result_on": TODAY - timedelta(days=30),
        "received_on": TODAY - timedelta(days=30),
        "received_by": people["window"],
        "due_on": TODAY - timedelta(days=2),
        "department_days": 10,
    }
    return Objection.objects.create(**values | more)
