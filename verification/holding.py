"""Hold a source, so that it is not asked for now, in one round or at all; release it again."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau import bell, timeline
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.models import Staff
from bureau.roles import Role
from verification import doubt, evidence, orders
from verification.models import Check, Hold, Round, Source


@transaction.atomic
def hold(
    source: Source,
    *,
    by: Staff | None,
    reason: str,
    within: Round | None = None,
    ground: str = Hold.Ground.OFFICER,
    doubted_from: datetime | None = None,
) -> Hold:
    """Do not ask the source for now, in one round or at all. `by` None: the system found it wrong.

    What it told since `doubted_from` is in doubt: the checks concerned are assessed anew without it (`spreading`).
    """
    if by is not None:
        must_be_officer(by)
    if doubted_from is not None:
        doubt.settle_down()
    try:
        with transaction.atomic():
            held = Hold.objects.create(
                source=source,
                round=within,
                ground=ground,
                reason=given(reason)[:300],
                held_by=by,
                doubted_from=doubted_from,
            )
    except IntegrityError:
        raise MoveRefusedError(_("%(source)s is held already.") % {"source": source.name}) from None
    if within is not None:
        timeline.record(within, "source_held", by=by, note=reason.strip(), source=source.code)
    if doubted_from is not None:
        bell.ring("verification.spread_due_doubts")
    return held


@transaction.atomic
def release(held: Hold, *, by: Staff, reason: str, verdict: str = "") -> None:
    """Ask the source again; what waited for it is taken up at once.

    Where answers are in doubt, the `verdict` says whether they stand or are asked for again. Refused while the chain of
    its evidence is broken: an administrator repairs it first.
    """
    must_be_officer(by)
    text = given(reason)[:300]
    if held.doubted_from is None:
        verdict = ""
    elif verdict not in Hold.Verdict.values:
        word = _("Say what becomes of the answers in doubt.")
        raise UnfitDataError(word, {"verdict": [word]})
    evidence.must_be_whole(held.source)
    if held.doubted_from is not None:
        doubt.settle_down()
    live = Hold.objects.live().filter(pk=held.pk)
    if not live.update(released_by=by, released_at=timezone.now(), release_reason=text, verdict=verdict):
        raise MoveRefusedError(_("Somebody else has released this source meanwhile."))
    for found in [held.round] if held.round else Round.objects.under_way():
        timeline.record(found, "source_released", by=by, note=text, source=held.source.code)
        wake(found)
    if held.doubted_from is not None:
        bell.ring("verification.spread_due_doubts")


def wake(found: Round) -> None:
    """Ring for everything in the round that waits."""
    orders.ring_for(Check.objects.of_round(found.pk).filter(status="asking"))


def must_be_officer(by: Staff) -> None:
    """`NotAllowedError` for whoever is not a check officer of the city, where the sources are everybody's."""
    if not by.has_role(Role.CHECK_OFFICER, orders.CITY):
        raise NotAllowedError(_("Your posting does not include this work."))


def given(reason: str) -> str:
    """The reason, without outer blanks; `UnfitDataError` for none."""
    if not reason.strip():
        raise UnfitDataError(_("Give the reason."), {"reason": [_("Give the reason.")]})
    return reason.strip()
