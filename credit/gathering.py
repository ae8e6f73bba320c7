"""Putting on file what bears out an act, with the scan of its paper."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from bureau import uploads
from bureau.errors import UnfitDataError
from bureau.models import Staff
from credit.models import Case, Evidence


def add_evidence(
    case: Case, *, by: Staff, kind: str, reference: str, note: str, scan: "UploadedFile[Any] | None" = None
) -> Evidence:
    """Put something on file while evidence is gathered, with a scan of it if there is one.

    Raises `UnfitDataError` on an empty field, too late, on a scan that is not taken or is on file already; then nothing
    is kept.
    """
    row = Evidence(case=case, kind=kind.strip(), reference=reference.strip(), note=note, by=by)
    with transaction.atomic():
        _must_be_open(case)
    if not row.kind or not row.reference:
        raise UnfitDataError(_("Say what it is and under which number it is kept."))
    if scan:
        _take(row, scan)
    try:
        with transaction.atomic():
            _must_be_open(case)
            _must_be_new(row)
            row.save(force_insert=True)
    except BaseException:
        if scan:
            row.scan.storage.delete(str(row.scan))
        raise
    return row


def _take(row: Evidence, scan: "UploadedFile[Any]") -> None:
    """Judge the scan and write it, before the transaction, which is not to wait for a disk."""
    taken = uploads.read(scan, field="scan")
    row.content_type, row.size, row.digest = taken.content_type, taken.size, taken.digest
    _must_be_new(row)
    row.scan.save(taken.name, scan, save=False)


def _must_be_open(case: Case) -> None:
    if Case.objects.locked(case.pk).status != Case.Status.OPENED:
        raise UnfitDataError(_("Evidence is put on file before a finding is proposed."))


def _must_be_new(row: Evidence) -> None:
    """One scan bears out one kind of evidence of a case once; the database holds it too."""
    if row.digest and row.case.evidence.filter(kind=row.kind, digest=row.digest).exists():
        text = _("This scan is on file already as evidence of this kind.")
        raise UnfitDataError(text, {"scan": [text]})
