"""Let checks follow a hold that puts answers in doubt, and its release: assessed anew, or asked again.

Apart from the hold itself, so that none waits for the other; safe to stop anywhere and to run twice.
"""

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from verification import assessing, doubt, orders
from verification.models import HitRate, Hold


def spread_due() -> int:
    """The sweep: holds that checks have not followed yet; returns how many checks were put back."""
    behind = Q(spread_at__isnull=True) | Q(spread_at__lt=F("released_at"))
    ids = Hold.objects.filter(behind, doubted_from__isnull=False).order_by("pk").values_list("pk", flat=True)
    return sum(map(_spread, ids))


@transaction.atomic
def _spread(hold_id: int) -> int:
    held = Hold.objects.select_related("source", "released_by").select_for_update(of=("self",)).get(pk=hold_id)
    Hold.objects.filter(pk=hold_id).update(spread_at=timezone.now())
    if held.verdict == Hold.Verdict.ASK_AGAIN:
        # What is asked again is counted again.
        rates = HitRate.objects.filter(source=held.source, round__status="running")
        rates.update(counted_from=held.released_at, told=0, found=0, hold=None)
        return orders.ask_doubted_again(held)
    return assessing.put_back(doubt.checks(held, "assessed"), by=held.released_by, note=held.source.code)
