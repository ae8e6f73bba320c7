"""Where a source is reached, under which key and secret: changed by one administrator, in force once another confirms.

Whoever could change it alone could have every question sent to a machine of the own.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.errors import MoveRefusedError, NotAllowedError
from bureau.models import Staff
from verification.models import Source, SourceChange


@transaction.atomic
def propose(source: Source, *, url: str, key_id: str, secret: str, by: Staff) -> SourceChange:
    """Put a change down; an earlier one that still waits is dropped by it."""
    source.changes.filter(settled_at=None).update(settled_by=by, settled_at=timezone.now(), confirmed=False)
    return SourceChange.objects.create(source=source, url=url, key_id=key_id, secret=secret, proposed_by=by)


@transaction.atomic
def confirm(change: SourceChange, *, by: Staff) -> None:
    """The change holds from now on. Never by the one who proposed it."""
    row = _locked(change)
    if row.proposed_by_id == by.pk:
        raise NotAllowedError(_("You proposed this change; another administrator confirms it."))
    source = Source.objects.select_for_update().get(pk=row.source_id)
    source.url, source.key_id, source.secret = row.url, row.key_id, row.secret
    source.save(update_fields=["url", "key_id", "secret"])
    _settle(row, by, confirmed=True)


@transaction.atomic
def drop(change: SourceChange, *, by: Staff) -> None:
    """The change does not come about; also by the one who proposed it."""
    _settle(_locked(change), by, confirmed=False)


def _locked(change: SourceChange) -> SourceChange:
    row: SourceChange = SourceChange.objects.select_for_update().get(pk=change.pk)
    if row.settled_at is not None:
        raise MoveRefusedError(_("This change has been settled already."))
    return row


def _settle(row: SourceChange, by: Staff, *, confirmed: bool) -> None:
    row.settled_by, row.settled_at, row.confirmed = by, timezone.now(), confirmed
    row.save(update_fields=["settled_by", "settled_at", "confirmed"])
