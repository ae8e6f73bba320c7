"""The access slip (查询记录告知单): at the window a person is told who looked at the own data, when, for which case,
from which source, under which authorisation (个人信息保护法, art. 44, 45).
"""

from datetime import date
from typing import NamedTuple

import msgspec
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from applications import accesses, letters_out
from applications.accesses import Days, Traces
from applications.models import AccessSlip
from bureau import audit, divisions, identifiers, letters, masks, numbers, workdays
from bureau.access_slip_data import AccessSlip as Letter
from bureau.errors import NotAllowedError, UnfitDataError
from bureau.fields import blind_index
from bureau.models import Document, Office, Staff
from bureau.roles import Role

SERIES = "CX"
PURPOSE = "access slip"


class Asking(NamedTuple):
    """What is asked for: by the card that the person shows, or by a guardian or agent with the paper."""

    name: str
    id_number: str
    since: date
    reason: str
    asked_by: str = ""


@transaction.atomic
def issue(asking: Asking, *, by: Staff, request_number: str = "") -> AccessSlip:
    """Hand out a slip with its number and its letter; the slip is itself a look, and stands on the next one.

    Raises `NotAllowedError` for who holds no window or would tell it of the own kin, `UnfitDataError` on a name that is
    not of this number, a day ahead, or no reason.
    """
    seat = next((seat for seat in by.seats if seat.role == Role.CLERK), None)
    if seat is None:
        raise NotAllowedError(_("Slips are handed out at the windows."))
    number = identifiers.normalise_id(asking.id_number)
    index, today = blind_index(number), workdays.today()
    if by.is_related_to([index]):
        raise NotAllowedError(_("This is you or your declared relative; somebody else hands out the slip."))
    if not asking.reason.strip():
        raise UnfitDataError(_("Give the reason."))
    if asking.since > today:
        raise UnfitDataError(_("The day lies ahead."))
    found = accesses.traces(index)
    if (known := accesses.names_of(found)) and asking.name.strip() not in known:
        raise UnfitDataError(_("Name and ID number do not belong together. Compare the card once more."))
    slip = AccessSlip.objects.create(
        number=numbers.reference(SERIES, on=today),
        id_number=number,
        since=asking.since,
        until=today,
        reason=asking.reason.strip(),
        asked_by=asking.asked_by.strip(),
        office=seat.office,
        office_code=seat.office.code,
        by=by,
    )
    with translation.override(letters_out.LETTER_LANGUAGE):
        letter = _letter(slip, asking.name.strip(), found)
        letters.issue("access_slip", str(letters_out.TITLES["access_slip"]), slip, msgspec.to_builtins(letter), by=by)
    audit.look(by, slip, purpose=PURPOSE, fields=["access log"], request_number=request_number)
    return slip


def document_of(slip: AccessSlip) -> Document:
    """The letter of a slip."""
    found: Document = Document.objects.of(slip).get()
    return found


def shown(slip: AccessSlip) -> Letter:
    """What the letter tells, so that page and paper cannot differ."""
    return msgspec.convert(document_of(slip).data, Letter, strict=False)


def _letter(slip: AccessSlip, name: str, found: Traces) -> Letter:
    days = Days(slip.since, slip.until)
    looks, more_looks = accesses.looks(found, days)
    asked, more_asked = accesses.asked(found, days)
    told, more_told = accesses.told(found, days)
    city = Office.objects.filter(code=divisions.ancestor(slip.office_code, "city")).first() or slip.office
    return Letter(
        issuer=city.name_zh,
        contact=" ".join(part for part in (slip.office.address, slip.office.phone) if part),
        person=name,
        id_number=masks.id_number(slip.id_number),
        slip=slip.number,
        since=slip.since,
        until=slip.until,
        # Translators: 本人
        asked_by=slip.asked_by or _("the person"),
        window=slip.office.name_zh,
        looks=tuple(looks),
        asked=tuple(asked),
        told=tuple(told),
        signed=tuple(accesses.signed(found)),
        remarks=tuple(_remarks(cut=more_looks or more_asked or more_told)),
    )


def _remarks(*, cut: bool) -> list[str]:
    """What the slip does not list. The same words for everybody: they tell nobody that something is examined."""
    words = [
        # Translators: 正在核查、尚未告知当事人的线索和案件，其查看记录依法在告知后列示……
        _("Looks at leads and cases that are examined and not told to the person yet are listed once they are told.")
    ]
    if cut:
        words.append(
            _("Only the newest %(most)s lines of each part are listed; ask for fewer days.") % {"most": accesses.MOST}
        )
    return words
