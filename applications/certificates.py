"""Take in a paper on which an employer certifies an income, with what stands on it."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from msgspec import Struct

from applications import intake
from applications.models import Application, Certificate
from bureau import identifiers, workdays
from bureau.errors import UnfitDataError
from bureau.models import Staff

SECTION = "income"


class Certified(Struct, frozen=True, kw_only=True):
    """What stands on the paper; income in CNY a month."""

    employer_name: str
    employer_code: str
    signatory: str
    monthly_income: Decimal
    issued_on: date


def attach(
    application: Application,
    file: "UploadedFile[Any]",
    certified: Certified,
    *,
    title: str,
    member_key: str,
    by: Staff,
) -> Certificate:
    """The paper and what stands on it, both or neither. `UnfitDataError` or `IdentifierError` name what is wrong."""
    code = identifiers.normalise_credit_code(certified.employer_code)
    problems = {}
    if not member_key:
        problems["member_key"] = [_("Say whose income is certified.")]
    if not certified.employer_name.strip() or not certified.signatory.strip():
        problems["signatory"] = [_("Name the employer and who signed for it.")]
    if certified.monthly_income <= 0:
        problems["monthly_income"] = [_("The income is more than nothing.")]
    if certified.issued_on > workdays.today():
        problems["issued_on"] = [_("The day lies ahead.")]
    if problems:
        raise UnfitDataError(next(iter(problems.values()))[0], problems)
    with transaction.atomic():
        paper = intake.attach(application, file, section=SECTION, title=title, member_key=member_key, by=by)
        return Certificate.objects.create(
            attachment=paper,
            application=application,
            member_key=member_key,
            employer_name=certified.employer_name.strip(),
            employer_code=code,
            signatory=" ".join(certified.signatory.split()),
            monthly_income=certified.monthly_income,
            issued_on=certified.issued_on,
            recorded_by=by,
        )
