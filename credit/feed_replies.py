"""What comes back from a receiver of feeds: receipts of batches, and what it says that it holds.

A file is taken as a whole or not at all. Every refusal is an `UnfitFileError` with its own fault.
"""

from collections.abc import Callable
from typing import TypeVar

import msgspec
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q

from bureau import ciphers, workdays
from bureau.models import Staff
from credit import feeding, feeds, shared_records
from credit.feeds import FileFault, UnfitFileError
from credit.feeds.differences import compare
from credit.feeds.replies import ALL
from credit.models import Batch, Discrepancy, LineError, Receipt, Receiver, Reconciliation

Reply = TypeVar("Reply")


@transaction.atomic
def take_receipt(receiver: Receiver, content: bytes, *, by: Staff) -> Receipt:
    """Bring in the receipt of a batch. Raises `UnfitFileError`; then nothing was written."""
    locked = Receiver.objects.select_for_update().get(pk=receiver.pk)
    told = _read(locked, content, feeds.read_receipt)
    batch = locked.batches.filter(name=told.batch).first()
    if batch is None:
        raise UnfitFileError(FileFault.UNKNOWN_BATCH, line=1, what=told.batch)
    _must_fit(batch, told)
    lines = dict(batch.lines.values_list("record_key", "pk"))
    unknown = [each.record_key for each in told.refusals if each.record_key not in lines and each.record_key != ALL]
    if unknown:
        raise UnfitFileError(FileFault.UNKNOWN_KEY, what=unknown[0])
    whole = next((each for each in told.refusals if each.record_key == ALL), None)
    receipt = Receipt.objects.create(
        batch=batch,
        on=told.on,
        accepted=told.accepted,
        rejected=told.rejected,
        refuses_all=whole is not None,
        code=whole.code if whole else "",
        message=whole.message if whole else "",
        file=ContentFile(content, name=f"{batch.name}_receipt.txt"),
        digest=ciphers.sm3(content).hex(),
        by=by,
    )
    LineError.objects.bulk_create(
        LineError(receipt=receipt, line_id=lines[each.record_key], code=each.code, message=each.message)
        for each in told.refusals
        if each is not whole
    )
    return receipt


def _must_fit(batch: Batch, told: feeds.Receipt) -> None:
    if Receipt.objects.filter(batch=batch).exists():
        raise UnfitFileError(FileFault.ANSWERED, what=batch.name)
    anew = batch.replaced_by.filter(reason=Batch.Reason.RESEND_ALL).first()
    if anew is not None:
        raise UnfitFileError(FileFault.REPLACED, what=anew.name)
    if told.digest != batch.digest:
        raise UnfitFileError(FileFault.OTHER_BATCH, line=1, what=batch.name)
    if not batch.made_on <= told.on <= workdays.today():
        raise UnfitFileError(FileFault.WRONG_DAY, line=1, what=str(told.on))
    if told.accepted + told.rejected != batch.lines_count:
        raise UnfitFileError(FileFault.WRONG_COUNT, what=str(batch.lines_count))


@transaction.atomic
def reconcile(receiver: Receiver, content: bytes, *, by: Staff) -> Reconciliation:
    """Set what the receiver says that it holds beside what it should hold by what it was told.

    Raises `UnfitFileError`; then nothing was written.
    """
    locked = Receiver.objects.select_for_update().get(pk=receiver.pk)
    told = _read(locked, content, feeds.read_holdings)
    digest = ciphers.sm3(content).hex()
    if locked.reconciliations.filter(digest=digest).exists():
        raise UnfitFileError(FileFault.TAKEN)
    if told.on > workdays.today():
        raise UnfitFileError(FileFault.WRONG_DAY, line=1, what=str(told.on))
    ours = feeding.held_by(locked)
    found = list(compare(ours, told.records))
    apart = {each.record_key for each in found}
    reconciliation = Reconciliation.objects.create(
        receiver=locked,
        on=told.on,
        held=len(told.records),
        alike=len(ours.keys() & told.records.keys() - apart),
        file=ContentFile(content, name=f"{locked.code}_{told.on:%Y%m%d}_held.txt"),
        digest=digest,
        by=by,
    )
    mapping = feeding.template_on(locked, workdays.today()).mapping
    known = shared_records.of(apart, mapping, today=workdays.today())
    Discrepancy.objects.bulk_create(
        Discrepancy(
            reconciliation=reconciliation,
            record_key=each.record_key,
            kind=each.kind.value,
            columns=list(each.columns),
            subject=known[each.record_key].sanction.subject if each.record_key in known else None,
        )
        for each in found
    )
    return reconciliation


def _read(receiver: Receiver, content: bytes, read: Callable[[bytes, feeds.Mapping], Reply]) -> Reply:
    """The file by the newest mapping that it can be read by: an answer may follow the one before."""
    since = Q(effective_from__lte=workdays.today())
    first: UnfitFileError | None = None
    for row in receiver.mappings.filter(since).order_by("-effective_from"):
        try:
            return read(content, msgspec.convert(row.content, feeds.Mapping))
        except UnfitFileError as error:
            first = first or error
    raise first or UnfitFileError(FileFault.OTHER_RECEIVER)
