"""The stages of the way out in the words of their reader: the order, the registry, the court, the keys, the money."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import pgettext_lazy
from msgspec.structs import replace

from benefits import stages
from benefits.models import Tenancy
from benefits.pages import frames
from bureau import masks
from bureau.models import Staff
from credit.models import Case, Proceeding

LABELS: dict[str, Any] = {
    # Translators: 责令腾退
    "ordered": pgettext_lazy("stage", "Ordered to leave"),
    # Translators: 登记自行退出
    "left": pgettext_lazy("stage", "Leaves of itself"),
    # Translators: 腾退期限
    "last_day": pgettext_lazy("stage", "Last day to leave"),
    # Translators: 移送失信线索
    "lead": pgettext_lazy("stage", "Referred to the registry"),
    # Translators: 失信立案
    "case": pgettext_lazy("stage", "Credit case opened"),
    # Translators: 律师函
    "lawyer": pgettext_lazy("stage", "Lawyer's letter"),
    **dict(Proceeding.Kind.choices),
    # Translators: 交还住房
    "keys": pgettext_lazy("stage", "Home given back"),
    # Translators: 租金结清销户
    "settled": pgettext_lazy("stage", "Account settled"),
}


def lines(tenancy: Tenancy, staff: Staff) -> list[dict[str, Any]]:
    """The stages of a tenancy that ends; of credit cases that this person does not see only the stage and the day."""
    found = stages.of(tenancy)
    numbers = {stage.case for stage in found} - {""}
    visible = Case.objects.visible_to(staff).filter(number__in=numbers) if numbers else Case.objects.none()
    seen = {"", *visible.values_list("number", flat=True)}
    hidden = frames.hidden_names(tenancy, staff)
    return [_line(each, hidden) if each.case in seen else _line(_bare(each), hidden) for each in found]


def _line(stage: stages.Stage, hidden: Sequence[str]) -> dict[str, Any]:
    told = replace(stage, text=masks.names(stage.text, hidden))
    return {"stage": told, "label": LABELS[stage.code], "case": stage.case}


def _bare(stage: stages.Stage) -> stages.Stage:
    return stages.Stage(stage.code, stage.on, stage.done)
