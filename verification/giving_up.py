"""End what nothing can come of any more: lost attempts, sources that are off, sources that are down for good."""

from django.db import transaction
from django.utils import timezone

from verification import recording, tallying
from verification.facts import Outcome
from verification.models import Check, Inquiry, Lease, Source
from verification.querysets import InquiryQuerySet

GIVEN_UP_AT_A_TIME = 5000


def give_up_hopeless() -> int:
    """Inquiries from which nothing can come any more end without an answer; returns how many.

    The last allowed attempt died with its worker: timed out. The source was switched off, or its agreement ended, while
    they waited, or it has been down for longer than they are to wait: unavailable.
    """
    gone = list(Source.objects.out_of_force(timezone.localdate()).values_list("pk", flat=True))
    unreachable = _give_up(Inquiry.objects.waiting_for(gone), Outcome.UNAVAILABLE) if gone else 0
    down = list(Source.objects.down_for_good(timezone.now()).values_list("pk", flat=True))
    waited = Inquiry.objects.waiting_for(down).waiting_too_long()
    unreachable += _give_up(waited, Outcome.UNAVAILABLE) if down else 0
    return unreachable + _give_up_worn_out()


def _give_up_worn_out() -> int:
    """What dead workers had out for the last time. Their leases go, and with them what marks those checks."""
    leases = list(Lease.objects.run_out().values_list("pk", "checks"))
    if not leases:
        return 0
    checks = sorted({check for _pk, checks in leases for check in checks})
    given_up = _give_up(Inquiry.objects.worn_out(checks), Outcome.TIMEOUT)
    if given_up < GIVEN_UP_AT_A_TIME:
        Lease.objects.filter(pk__in=[pk for pk, _checks in leases]).delete()
    return given_up


def _give_up(hopeless: InquiryQuerySet, reason: Outcome) -> int:
    rows = list(hopeless.values_list("pk", "check_ordered_id")[:GIVEN_UP_AT_A_TIME])
    if not rows:
        return 0
    with transaction.atomic():
        checks = sorted({check for _pk, check in rows})
        Check.objects.filter(pk__in=checks).lock()
        still = hopeless.filter(pk__in=[pk for pk, _check in rows])
        tallying.given_up(still, str(reason))
        still.update(state="failed", reason=str(reason), answered_at=timezone.now(), lease=None, lease_until=None)
        recording.settle(checks)
    return len(rows)
