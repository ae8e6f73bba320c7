"""The end of measures: each ends on its legal day by itself; here it is told, and the case is closed.

Late, twice or not for a week: the legal days are the same, for they are read from the rows.
"""

import logging

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bureau import workdays
from bureau.errors import UnfitDataError
from bureau.lifecycle import make_move
from credit import letters_out, moves, sanctions
from credit.models import Case, Sanction

logger = logging.getLogger(__name__)


def release_due() -> int:
    """Note every end that has come, and release the cases of which nothing is left. Returns how many ends were told."""
    today = workdays.today()
    due = Sanction.objects.to_note(today).order_by("pk")
    told = sum(_note_by_hand(pk) for pk in due.filter(case=None).values_list("pk", flat=True))
    for pk in due.exclude(case=None).order_by("case").values_list("case", flat=True).distinct():
        told += _note(pk)
    return told


@transaction.atomic
def _note_by_hand(pk: int) -> int:
    row = Sanction.objects.select_for_update().get(pk=pk)
    return int(sanctions.note_end(row, today=workdays.today()))


@transaction.atomic
def _note(case_pk: int) -> int:
    case = Case.objects.locked(case_pk)
    rows = case.sanctions.select_related("subject", "case")
    told = sum(sanctions.note_end(row, today=workdays.today()) for row in rows)
    release(case)
    return told


def release(case: Case) -> None:
    """Close a case of which every clock has ended for good; one that waits for the end of a stop stays. Inside the
    caller's transaction, which holds the case.
    """
    if case.status != Case.Status.RECORDED or not sanctions.is_over(case, workdays.today()):
        return
    ended = sanctions.ended_on(case)
    # Translators: 惩戒于 %(day)s 期满
    note = _("Everything has ended by %(day)s.") % {"day": date_format(ended)} if ended else ""
    make_move(case, moves.RELEASE, by=None, note=note)
    try:
        letters_out.release_certificate(case)
    except UnfitDataError:  # no text is in force: nobody stays banned for that; an officer issues it later
        logger.warning("No certificate of release for %s: no text is in force.", case.number)
