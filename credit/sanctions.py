"""Impose a ban, and lift one before its end."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bureau import identifiers
from bureau.errors import UnfitDataError
from bureau.fields import blind_index
from bureau.models import Staff
from credit.models import Sanction, Severity, Subject

YEARS = {Severity.GENERAL: 1, Severity.MORE_SERIOUS: 3, Severity.SERIOUS: 5}  # Taizhou 2017, notice section 二(四)


def years_later(start: date, years: int) -> date:
    """The same day so many years later; 29 February becomes 1 March, so that no day of the ban is lost or given."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return date(start.year + years, 3, 1)


def impose(
    *, name: str, id_number: str, severity: Severity, act: str, basis: str, banned_from: date, by: Staff | None
) -> Sanction:
    """Ban a person for 1, 3 or 5 years from the day.

    Raises `UnfitDataError` on a bad ID number or an overlapping ban.
    """
    number = identifiers.normalise_id(id_number)
    try:
        with transaction.atomic():
            subject, _created = Subject.objects.get_or_create(
                kind=Subject.Kind.PERSON,
                identifier_index=blind_index(number),
                defaults={"name": name, "identifier": number},
            )
            return Sanction.objects.create(
                subject=subject,
                severity=severity,
                act=act,
                basis=basis,
                banned_from=banned_from,
                banned_until=years_later(banned_from, YEARS[severity]),
                entered_by=by,
            )
    except IntegrityError as error:
        if "sanctions_of_a_subject_do_not_overlap" not in str(error):
            raise
        raise UnfitDataError(
            _("This person is already under a ban during that time; lift or extend that one.")
        ) from None


@transaction.atomic
def lift(sanction: Sanction, *, on: date, reason: str) -> None:
    """End a ban before its day, with the reason (withdrawn, repaired, court order)."""
    sanction.lifted_on, sanction.lifted_reason = on, reason
    sanction.save(update_fields=["lifted_on", "lifted_reason"])
