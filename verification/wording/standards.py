"""A standard in words: its lines, when it comes into force, who tried and signed it."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from verification.standards import Standard
from verification.wording.amounts import limit, quantity
from verification.wording.criteria import criterion_name, listed

if TYPE_CHECKING:
    from verification import models

COMING, IN_FORCE, SUPERSEDED, OVER, OFF = "coming", "in_force", "superseded", "over", "off"
STATES: Mapping[str, tuple[str, str | Promise]] = {
    # Translators: 待施行
    COMING: ("info", _("Still to come")),
    # Translators: 施行中
    IN_FORCE: ("success", _("In force now")),
    # Translators: 已被新标准取代
    SUPERSEDED: ("neutral", _("Superseded")),
    # Translators: 已失效
    OVER: ("neutral", _("No longer in force")),
    # Translators: 未启用
    OFF: ("warning", _("Not switched on")),
}


def lines_of(standard: Standard) -> dict[str, tuple[str, str]]:
    """By criterion, the line that a standard draws for its widest tier, and the article."""
    return {name: (text, standard.article(name)) for name, text in _lines(standard)}


def _lines(standard: Standard) -> Iterator[tuple[str, str]]:
    tier, area, assets = standard.tier, standard.area, standard.asset_test
    if standard.residence:
        yield "residence", limit(">=", standard.residence.years, "years")
    if tier.income:
        yield "income", limit(tier.income.operator, tier.income.monthly_limit, "cny_head_month")
    if area:
        yield "area", limit(area.operator, area.per_head, "m2_head")
    if assets:
        unit = "cny_head" if assets.scope == "per_head" else "cny"
        bands = ((quantity(band.persons, "persons"), limit(assets.operator, band.limit, unit)) for band in assets.table)
        # Translators: %(persons)s及以上%(limit)s
        yield "assets", listed(gettext("from %(persons)s %(limit)s") % {"persons": p, "limit": t} for p, t in bands)
    if standard.vehicles:
        yield "vehicles", limit("<=", standard.vehicles.count, "vehicles")
        if standard.vehicle_price is not None:
            yield "vehicle_price", limit(standard.vehicles.price_operator, standard.vehicle_price, "cny")
    if standard.business:
        yield "business", limit(standard.business.operator, standard.business.capital, "cny")
    if standard.single:
        yield "single_age", limit(">=", standard.single.age, "years_of_age")


def line_name(criterion: str, standard: Standard) -> str:
    """What the line is drawn for."""
    unit = {"area": "m2_head"}.get(criterion, "")
    if criterion == "assets" and standard.asset_test and standard.asset_test.scope == "per_head":
        unit = "cny_head"
    return criterion_name(criterion, unit)


def state_word(state: str) -> tuple[str, str]:
    """Tone and word of a state."""
    tone, word = STATES[state]
    return tone, str(word)


def commencement(standard: "models.Standard", today: date) -> str:
    """When it comes into force, or came."""
    told = {"day": standard.effective_from.isoformat()}
    if standard.effective_from <= today:
        # Translators: 自 %(day)s 起施行
        return gettext("In force from %(day)s.") % told
    if not standard.in_use:
        # Translators: 尚未启用：须由系统管理员启用，否则 %(day)s 不会施行。
        return (
            gettext("Not switched on: it does not come into force on %(day)s unless an administrator switches it on.")
            % told
        )
    # Translators: %(day)s 自动施行，适用于当日起受理的申请；此前受理的申请和已出具的结论不变。
    return (
        gettext(
            "Comes into force by itself on %(day)s, for cases accepted from that day on. Cases accepted before, and"
            " conclusions, stay as they are."
        )
        % told
    )


def trial_words(trial: "models.Trial | None", *, is_changed: bool = False) -> str:
    """Who tried the standard as it reads now, and who signed."""
    if trial is None and is_changed:
        # Translators: 试算后内容已修改，现行内容尚未试算。
        return gettext("Changed after it was tried; as it reads now it has not been tried.")
    if trial is None or trial.finished_at is None:
        # Translators: 尚未试算
        return gettext("Not tried.")
    told = {"day": _day(trial.run_at), "who": trial.run_by.name}
    # Translators: %(day)s 由%(who)s试算
    tried = gettext("Tried on %(day)s by %(who)s") % told
    if trial.signed_by is None or trial.signed_at is None:
        # Translators: %(tried)s，尚未签署。
        return gettext("%(tried)s; not signed yet.") % {"tried": tried}
    signed = {"tried": tried, "day": _day(trial.signed_at), "who": trial.signed_by.name}
    # Translators: %(tried)s，%(day)s 由%(who)s签署。
    return gettext("%(tried)s; signed on %(day)s by %(who)s.") % signed


def _day(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d}"
