"""The flood breaker: a source that in a round finds something on far more people than usual, or on far fewer, is held.

Counted from the exchanges as they were recorded, in one statement for all rounds under way. What is usual an
administrator has entered (`HitBand`), else the earlier rounds tell. Too few are not judged.
"""

from collections.abc import Iterable, Mapping
from math import sqrt
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, Sum
from django.utils import translation
from django.utils.translation import gettext as _

from bureau.errors import MoveRefusedError
from verification import doubt, holding, wording
from verification.models import HitBand, HitRate, Hold, Round, Source

LEAST_TOLD = 200  # persons in this round
LEAST_PAST = 500  # persons in earlier rounds, before they tell what is usual
MARGIN = 0.10  # to either side of what is usual, besides what chance makes of so many persons
SIGMAS = 3.0

# What the exchanges of running rounds tell, by round, source and kind, from where a release has it counted anew.
COUNT = """
INSERT INTO verification_hitrate (round_id, source_id, kind, told, found)
SELECT e.round_id, e.source_id, k.kind, sum(e.told), sum(COALESCE((e.hits ->> k.kind)::int, 0))
FROM verification_exchange e
JOIN verification_source s ON s.id = e.source_id
CROSS JOIN LATERAL unnest(s.kinds) AS k (kind)
LEFT JOIN verification_hitrate r ON r.round_id = e.round_id AND r.source_id = e.source_id AND r.kind = k.kind
WHERE e.round_id = ANY(%s) AND e.told > 0 AND e.ended_at > COALESCE(r.counted_from, '-infinity')
GROUP BY e.round_id, e.source_id, k.kind
ON CONFLICT (round_id, source_id, kind) DO UPDATE SET told = EXCLUDED.told, found = EXCLUDED.found
WHERE (verification_hitrate.told, verification_hitrate.found) IS DISTINCT FROM (EXCLUDED.told, EXCLUDED.found)
"""


class Band(NamedTuple):
    """The usual share of persons, 0 to 1, and from how many persons on a round is judged by it."""

    low: float
    high: float
    least: int
    sigmas: float = 0.0  # of chance that are granted beyond its edges


def watch_due() -> int:
    """Count the rounds that run and hold who left the usual band; returns how many sources were held."""
    running = list(Round.objects.filter(status="running").values_list("pk", flat=True))
    if not running:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [running])
    rates = HitRate.objects.filter(round__in=running, hold__isnull=True).select_related("round", "source")
    rows = list(rates.defer("source__secret").order_by("pk"))
    bands = usual(rows)
    return sum(_judge(row, bands.get((row.source_id, row.kind))) for row in rows)


def usual(rows: Iterable[HitRate]) -> Mapping[tuple[int, str], Band]:
    """What is usual, by source and kind: as entered, else by the earlier rounds. Two statements."""
    sources = {row.source_id for row in rows}
    entered = {
        (band.source_id, band.kind): Band(band.low / 100, band.high / 100, band.least)
        for band in HitBand.objects.filter(source__in=sources)
    }
    return _by_the_past(sources) | entered


def _by_the_past(sources: Iterable[int]) -> dict[tuple[int, str], Band]:
    """Rounds that run still are no past, nor are those whose answers were in doubt and did not stand."""
    trusted = Q(hold__isnull=True) | Q(hold__verdict=Hold.Verdict.STAND)
    past = HitRate.objects.filter(trusted, source__in=sources).exclude(round__status="running").order_by()
    sums = past.values("source", "kind").annotate(all_told=Sum("told"), all_found=Sum("found"))
    return {
        (row["source"], row["kind"]): Band(share - MARGIN, share + MARGIN, LEAST_TOLD, SIGMAS)
        for row in sums
        if row["all_told"] >= LEAST_PAST
        for share in [row["all_found"] / row["all_told"]]
    }


def leaves(row: HitRate, band: Band) -> bool:
    """Whether a rate lies outside its band by more than chance makes of so many persons; never of too few."""
    if row.told < band.least:
        return False
    chance = [band.sigmas * sqrt(max(edge * (1 - edge), 0.0) / row.told) for edge in (band.low, band.high)]
    return row.share < band.low - chance[0] or row.share > band.high + chance[1]


@transaction.atomic
def _judge(row: HitRate, band: Band | None) -> bool:
    if band is None or not leaves(row, band):
        return False
    with translation.override(settings.LANGUAGE_CODE):  # what is kept is in the language of the record
        text = _reason(row, band)
    held = _hold(row.source, row.round, text)
    if held is not None:
        HitRate.objects.filter(pk=row.pk).update(hold=held)
    return held is not None


def _reason(row: HitRate, band: Band) -> str:
    words = {
        "kind": wording.record_kind(row.kind),
        "share": f"{row.share:.1%}",
        "told": f"{row.told:,}",
        "low": f"{max(band.low, 0):.0%}",
        "high": f"{min(band.high, 1):.0%}",
    }
    # Translators: %(kind)s：%(told)s 人中 %(share)s 有记录，通常为 %(low)s 至 %(high)s
    return _("%(kind)s: found of %(share)s of %(told)s persons; usual are %(low)s to %(high)s") % words


def _hold(source: Source, found: Round, reason: str) -> Hold | None:
    """Everywhere, where it is held already in the round; the hold that is there where its answers are in doubt already.

    None where all is taken.
    """
    there: Hold | None = Hold.objects.live().in_doubt().filter(source=source).first()
    if there is not None:
        return there
    since = doubt.right_in(found, source)
    for within in (None, found):
        try:
            return holding.hold(
                source, by=None, reason=reason, within=within, ground=Hold.Ground.FLOOD, doubted_from=since
            )
        except MoveRefusedError:
            continue
    return None
