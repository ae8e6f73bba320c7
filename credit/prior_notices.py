"""Tell a party before its record is sent on (征信业管理条例, art. 15)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from bureau import workdays
from bureau.errors import UnfitDataError
from bureau.models import Staff
from credit.models import Case, PriorNotice, Subject


@transaction.atomic
def give(case: Case, subject: Subject, *, on: date, proof: str, by: Staff) -> PriorNotice:
    """Write down that a party of a recorded case was told, with the proof. Feeds that want it let the record go then.

    Raises `UnfitDataError` when the case is not recorded, it is nobody of the case, the day does not fit, or it was
    told already.
    """
    locked = Case.objects.locked(case.pk)
    if locked.status != Case.Status.RECORDED:
        raise UnfitDataError(_("This is written down of a recorded case."))
    if not locked.parties.filter(subject=subject).exists():
        raise UnfitDataError(_("Choose a party of this case."))
    if not locked.opened_on <= on <= workdays.today():
        raise UnfitDataError(_("The day lies before the case, or ahead."))
    if not proof.strip():
        raise UnfitDataError(_("Name the proof."))
    if locked.prior_notices.filter(subject=subject).exists():
        raise UnfitDataError(_("This has been written down already."))
    return PriorNotice.objects.create(case=case, subject=subject, on=on, proof=proof.strip(), by=by)
