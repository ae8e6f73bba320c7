"""Trials of standards: begin one over a population, work it out, have another person sign it. What of one still holds.

A trial changes nothing but its own tables, and no standard waits for one: a standard begins on its day.
"""

import time
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from msgspec import to_builtins

from bureau import bell
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.models import Office, Staff
from bureau.roles import Role, Tier
from verification import trying
from verification.models import Round, Standard, Trial
from verification.trying import Population

CITY = "321200"
SWEEP_SIZE = 4  # trials that one sweep looks after


def may_run(by: Staff) -> bool:
    """Administrators, who enter standards, and the city's check officers."""
    return by.holds(Role.ADMINISTRATOR) or by.has_role(Role.CHECK_OFFICER, CITY)


def why_not_tried(standard: Standard, by: Staff) -> str:
    """Why this person cannot try the standard now; empty where it can be done."""
    if not may_run(by):
        return _("Your posting does not include this work.")
    if standard.effective_from <= timezone.localdate():
        # Translators: 该标准已施行，试算只针对尚未施行的标准。
        return _("This standard is in force; only one that is still to come is tried.")
    return ""


def may_ever_sign(trial: Trial, by: Staff) -> bool:
    """A check officer of the city, who sees the households behind the figures; never who ran it."""
    return by.has_role(Role.CHECK_OFFICER, CITY) and trial.run_by_id != by.pk


def why_not_signed(trial: Trial, by: Staff) -> str:
    """Why this person cannot sign the trial now; empty where it can be done."""
    if trial.run_by_id == by.pk:
        # Translators: 试算由您发起，须由另一名核对员签署。
        return _("You ran this trial; another check officer signs it.")
    if not may_ever_sign(trial, by):
        return _("Your posting does not include this work.")
    if not trial.is_finished:
        # Translators: 试算尚未完成。
        return _("The trial is still under way.")
    if trial.signed_at is not None:
        # Translators: 该试算已签署。
        return _("This trial has been signed already.")
    if trial.content_digest != trying.digest_of(trial.standard.content):
        # Translators: 试算后标准内容已修改，请重新试算。
        return _("The standard was changed after this trial. Try it again.")
    return ""


@transaction.atomic
def begin(standard: Standard, population: Population, *, by: Staff) -> Trial:
    """A new trial of the standard as it reads now, over who is concluded now; a worker is told to work it out."""
    if reason := why_not_tried(standard, by):
        raise (MoveRefusedError if may_run(by) else NotAllowedError)(reason)
    _check(population)
    locked = Standard.objects.select_for_update(of=("self",), no_key=True).get(pk=standard.pk)
    ids = trying.assessments_of(locked.programme, population)
    if not ids:
        # Translators: 所选范围内没有已核对的家庭。
        raise UnfitDataError(_("No household that was checked lies within these limits."))
    last = locked.trials.aggregate(last=Max("number"))["last"] or 0
    trial = Trial.objects.create(
        standard=locked,
        number=last + 1,
        content=locked.content,
        content_digest=trying.digest_of(locked.content),
        population=to_builtins(population),
        population_digest=trying.digest_of(ids),
        households=len(ids),
        run_by=by,
    )
    trying.lay_out(trial, ids)
    bell.ring("verification.try_standard", trial.pk)
    return trial


def _check(population: Population) -> None:
    """`UnfitDataError` by field for districts or a round that do not exist, days out of order, or too much at once."""
    wrong: dict[str, list[str]] = {}
    known = Office.objects.filter(tier=Tier.DISTRICT, code__in=population.districts).values_list("code", flat=True)
    if unknown := sorted({*population.districts} - {*known}):
        # Translators: 没有这个区：%(codes)s
        wrong["districts"] = [_("There is no such district: %(codes)s.") % {"codes": ", ".join(unknown)}]
    if population.round and not Round.objects.filter(number=population.round).exists():
        # Translators: 没有编号为 %(number)s 的批次。
        wrong["round"] = [_("There is no round %(number)s.") % {"number": population.round}]
    if population.round and (population.since or population.until):
        # Translators: 选择批次时不填起止日期。
        wrong["round"] = [_("Choose a round or a period, not both.")]
    if population.since and population.until and population.since > population.until:
        wrong["until"] = [_("The last day lies before the first.")]
    if wrong:
        raise UnfitDataError(_("The population cannot be used as given."), wrong)


def go_on(trial_id: int) -> None:
    """A worker's turn at one trial. When its time is up it is rung for again, so that others have their turn between;
    what other workers have at hand they finish, and the sweep looks after what a dead one left.
    """
    ends = time.monotonic() + trying.TURN
    if not trying.work(trial_id, seconds=trying.TURN) and time.monotonic() >= ends:
        bell.ring("verification.try_standard", trial_id)


def go_on_with_due() -> None:
    """The sweep: trials that nobody goes on with, after a lost message or a dead worker."""
    for trial_id in Trial.objects.under_way().order_by("pk").values_list("pk", flat=True)[:SWEEP_SIZE]:
        trying.work(trial_id, seconds=trying.TURN / SWEEP_SIZE)


@transaction.atomic
def sign(trial: Trial, *, note: str, by: Staff) -> None:
    """A second person has looked at the result and stands for it, with a note. Not who ran it; once."""
    locked = Trial.objects.select_for_update(of=("self",)).select_related("standard").get(pk=trial.pk)
    if reason := why_not_signed(locked, by):
        raise (MoveRefusedError if may_ever_sign(locked, by) else NotAllowedError)(reason)
    if not note.strip():
        # Translators: 请填写签署意见。
        raise UnfitDataError(_("Write a note."), {"note": [_("Write a note.")]})
    locked.signed_by, locked.signed_at, locked.sign_note = by, timezone.now(), note.strip()[:500]
    locked.save(update_fields=["signed_by", "signed_at", "sign_note"])


def that_holds(standard: Standard) -> Trial | None:
    """The finished trial of the standard as it reads now: a signed one first, else the newest; None: not tried."""
    return that_hold([standard]).get(standard.pk)


def that_hold(standards: Sequence[Standard]) -> dict[int, Trial]:
    """The same of several, by the id of the standard; one query."""
    finished = Trial.objects.filter(standard__in=[standard.pk for standard in standards], finished_at__isnull=False)
    read = {standard.pk: trying.digest_of(standard.content) for standard in standards}
    holding: dict[int, Trial] = {}
    for trial in finished.best_first().select_related("run_by", "signed_by").defer("content"):
        if trial.content_digest == read[trial.standard_id]:
            holding.setdefault(trial.standard_id, trial)
    return holding
