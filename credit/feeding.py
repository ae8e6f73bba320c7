"""Make batches for the receivers of feeds: what has changed, what was rejected, what a reconciliation has shown.

Each batch is one transaction under the lock of its receiver, so that two workers neither lose a record nor tell it
twice.
"""

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from msgspec import Struct

from bureau import ciphers, workdays
from bureau.dated_policy import in_force
from bureau.errors import MoveRefusedError, UnfitDataError
from bureau.models import Staff
from credit import feeds, shared_records, stream
from credit.clocks import Kind
from credit.feeds import Action, Line, Unfit
from credit.feeds.batch_files import name_of
from credit.feeds.due import is_due
from credit.models import Batch, BatchLine, FeedMapping, HeldBack, Receiver, Reconciliation, RegistryEvent, Sanction
from credit.shared_records import Known

Values = Mapping[str, str]
THERE: Values = {}  # a record that is there, we do not know how


class Template(Struct, frozen=True):
    """A mapping with the row that it stands in."""

    row: FeedMapping
    mapping: feeds.Mapping


def template_on(receiver: Receiver, day: date) -> Template:
    """The mapping in force. Raises `UnfitDataError` when there is none."""
    row = in_force(receiver.mappings.all(), on=day)
    if row is None:
        # Translators: 《%(name)s》当日没有有效的报送模板。
        raise UnfitDataError(_("%(name)s has no mapping template in force on this day.") % {"name": receiver.name})
    return Template(row, msgspec.convert(row.content, feeds.Mapping))


def template_of(batch: Batch) -> feeds.Mapping:
    """The mapping with which a batch was made."""
    return msgspec.convert(batch.mapping.content, feeds.Mapping)


def make_due() -> int:
    """Make the batches that are due by the receivers' schedules; returns how many."""
    now, made = timezone.now(), 0
    for receiver in Receiver.objects.filter(in_use=True):
        row = in_force(receiver.mappings.all(), on=workdays.today())
        if row and is_due(msgspec.convert(row.content, feeds.Mapping).schedule, receiver.looked_at, now):
            made += len(make(receiver, by=None))
    return made


def make(receiver: Receiver, *, by: Staff | None) -> list[Batch]:
    """Tell a receiver all that has changed, in as many batches as it takes; none when nothing has.

    Raises `UnfitDataError` when the receiver is off or has no mapping.
    """
    made = []
    more = True
    while more:
        batch, more = _make(receiver, by)
        made += [batch] if batch else []
    return made


@transaction.atomic
def _make(receiver: Receiver, by: Staff | None) -> tuple[Batch | None, bool]:
    """One batch, if there is anything to tell, and whether there is more."""
    receiver = _lock(receiver)
    template = template_on(receiver, workdays.today())
    most = template.mapping.most_lines
    events = stream.after(receiver.cursor, limit=most)
    keys = dict.fromkeys(event.sanction.record_key for event in events)
    keys |= dict.fromkeys(receiver.held_back.values_list("record_key", flat=True)[:most])
    keys |= dict.fromkeys(row.record_key for row in _ended_untold())
    receiver.cursor = events[-1].pk if events else receiver.cursor
    receiver.looked_at = timezone.now()
    receiver.save(update_fields=["cursor", "looked_at"])
    batch = _write(receiver, template, keys, held_by(receiver, keys), reason=Batch.Reason.REGULAR, by=by)
    return batch, len(events) == most


def _ended_untold() -> Iterable[Sanction]:
    """What has ended and the sweep has not told yet: the receiver need not wait for that."""
    rows = Sanction.objects.to_note(workdays.today()).filter(kind=Kind.SHARING.value, case__isnull=False)
    return rows.select_related("case")


def waiting(receiver: Receiver) -> int:
    """How many records have changed since the last batch."""
    events = RegistryEvent.objects.filter(pk__gt=receiver.cursor, kind=Kind.SHARING.value)
    return events.values("sanction__case", "subject").distinct().count()


def held_by(receiver: Receiver, keys: Iterable[str] | None = None, *, acknowledged: bool = False) -> dict[str, Values]:
    """What the receiver holds by what we have told it, by key."""
    lines = BatchLine.objects.filter(receiver=receiver).held(keys, acknowledged=acknowledged)
    return {line.record_key: line.values for line in lines if line.action != Action.DELETE}


@transaction.atomic
def resend_rejected(batch: Batch, *, by: Staff) -> Batch:
    """Tell again, under a new number, of what the receiver has rejected; as it is today."""
    receiver = _lock(batch.receiver)
    receipt = getattr(Batch.objects.select_related("receipt").get(pk=batch.pk), "receipt", None)
    if receipt is None or receipt.refuses_all or not receipt.rejected:
        raise MoveRefusedError(_("No record of this batch was rejected."))
    keys = list(receipt.errors.values_list("line__record_key", flat=True))
    return _again(receiver, batch, keys, held_by(receiver, keys), Batch.Reason.RESEND_REJECTED, by)


@transaction.atomic
def resend_all(batch: Batch, *, by: Staff, note: str) -> Batch:
    """Tell again, under a new number, of all that a batch told which did not arrive, or was refused as a whole; the
    note says why.
    """
    receiver = _lock(batch.receiver)
    receipt = getattr(Batch.objects.select_related("receipt").get(pk=batch.pk), "receipt", None)
    if receipt is not None and not receipt.refuses_all:
        raise MoveRefusedError(_("The receiver has taken this batch; only rejected records are sent again."))
    keys = list(batch.lines.values_list("record_key", flat=True))
    return _again(receiver, batch, keys, held_by(receiver, keys, acknowledged=True), Batch.Reason.RESEND_ALL, by, note)


def _again(
    receiver: Receiver,
    old: Batch,
    keys: list[str],
    held: Mapping[str, Values],
    reason: Batch.Reason,
    by: Staff,
    note: str = "",
) -> Batch:
    if old.replaced_by.exists():
        raise MoveRefusedError(_("This batch has been sent again already."))
    template = template_on(receiver, workdays.today())
    batch = _write(receiver, template, keys, held, reason=reason, by=by, replaces=old, note=note)
    if batch is None:
        raise MoveRefusedError(_("Nothing is left to tell of these records."))
    return batch


@transaction.atomic
def correct(found: Reconciliation, *, by: Staff) -> Batch:
    """Make the batch that sets right what a reconciliation has shown. What was told since is left as it is."""
    receiver = _lock(found.receiver)
    found.refresh_from_db()
    if found.batch_id is not None:
        raise MoveRefusedError(_("This reconciliation has been set right already."))
    since = set(
        BatchLine.objects.filter(receiver=receiver, batch__made_at__gt=found.at).values_list("record_key", flat=True)
    )
    open_ = [row for row in found.discrepancies.all() if row.record_key not in since]
    held = {row.record_key: THERE for row in open_ if row.kind != "missing"}
    keys = [row.record_key for row in open_]
    template = template_on(receiver, workdays.today())
    batch = _write(receiver, template, keys, held, reason=Batch.Reason.CORRECTION, by=by)
    if batch is None:
        raise MoveRefusedError(_("Nothing is left to tell of these records."))
    found.batch = batch
    found.save(update_fields=["batch"])
    return batch


@transaction.atomic
def hand_over(batch: Batch, *, by: Staff) -> bytes:
    """The file, for its receiver; when it was first handed over is kept."""
    locked = Batch.objects.select_for_update().get(pk=batch.pk)
    if locked.handed_over_at is None:
        locked.handed_over_at, locked.handed_over_by = timezone.now(), by
        locked.save(update_fields=["handed_over_at", "handed_over_by"])
    return content_of(locked)


def content_of(batch: Batch) -> bytes:
    """The file as it was made. ValueError when it is not the one that was made."""
    with batch.file.open("rb") as file:
        content: bytes = file.read()
    if ciphers.sm3(content).hex() != batch.digest:
        raise ValueError(f"the file of batch {batch.name} is not the one that was made")
    return content


def _lock(receiver: Receiver) -> Receiver:
    locked = Receiver.objects.select_for_update().get(pk=receiver.pk)
    if not locked.in_use:
        # Translators: 《%(name)s》未启用报送。
        raise UnfitDataError(_("%(name)s is not sent batches.") % {"name": locked.name})
    return locked


def _write(
    receiver: Receiver,
    template: Template,
    keys: Iterable[str],
    held: Mapping[str, Values],
    *,
    reason: Batch.Reason,
    by: Staff | None,
    replaces: Batch | None = None,
    note: str = "",
) -> Batch | None:
    """Tell of these records what there is to tell. None when there is nothing."""
    known = shared_records.of(keys, template.mapping, today=workdays.today())
    lines = _lines(receiver, template.mapping, keys, known, held)
    if not lines:
        return None
    today = workdays.today()
    number = receiver.batches.filter(made_on=today).count() + 1
    name = name_of(template.mapping, today, number)
    content = feeds.write_batch(template.mapping, name, lines)
    actions = [line.action for line in lines]
    batch = Batch.objects.create(
        receiver=receiver,
        mapping=template.row,
        name=name,
        made_on=today,
        number=number,
        reason=reason,
        replaces=replaces,
        note=note,
        added=actions.count(Action.ADD),
        changed=actions.count(Action.CHANGE),
        deleted=actions.count(Action.DELETE),
        cursor=receiver.cursor,
        file=ContentFile(content, name=f"{name}.txt"),
        digest=ciphers.sm3(content).hex(),
        made_by=by,
    )
    BatchLine.objects.bulk_create(
        BatchLine(
            batch=batch,
            receiver=receiver,
            place=place,
            record_key=line.record_key,
            action=line.action.value,
            values=line.values,
            sanction=known[line.record_key].sanction if line.record_key in known else None,
            subject=known[line.record_key].sanction.subject if line.record_key in known else None,
        )
        for place, line in enumerate(lines, start=1)
    )
    return batch


def _lines(
    receiver: Receiver,
    mapping: feeds.Mapping,
    keys: Iterable[str],
    known: Mapping[str, Known],
    held: Mapping[str, Values],
) -> list[Line]:
    """What is told of each record. What cannot go is held back and tried again; what can, or need not, is let go."""
    lines, kept = [], []
    for key in keys:
        ours = known.get(key)
        record = ours.record if ours else None
        if record and record.ended_on and key not in held:
            record = None  # its end is for those who know of it
        wanted = feeds.fill(mapping, record, today=workdays.today()) if record else None
        if isinstance(wanted, Unfit):
            if ours:
                kept.append(_kept(receiver, key, ours.sanction, wanted))
            continue
        if action := feeds.action_for(held.get(key), wanted):
            lines.append(Line(action, key, wanted or {}))
    still = {row.record_key for row in kept}
    receiver.held_back.filter(record_key__in=[key for key in keys if key not in still]).delete()
    HeldBack.objects.bulk_create(
        kept, update_conflicts=True, unique_fields=["receiver", "record_key"], update_fields=["code", "column"]
    )
    return lines


def _kept(receiver: Receiver, key: str, sanction: Sanction, why: Unfit) -> HeldBack:
    return HeldBack(
        receiver=receiver,
        sanction=sanction,
        subject=sanction.subject,
        record_key=key,
        code=why.code,
        column=why.column,
    )
