"""The stages of the way out in the words of their reader: the order, the registry, the court, the keys, the money."""

from typing import Any

from django.utils.translation import pgettext_lazy

from benefits import stages
from benefits.models import Tenancy
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


def lines(tenancy: Tenancy, staff: Staff | None = None) -> list[dict[str, Any]]:
    """The stages of a tenancy that ends; of credit cases only those that this person sees."""
    found = stages.of(tenancy)
    numbers = {stage.case for stage in found} - {""}
    seen = numbers
    if staff is not None and numbers:
        visible = Case.objects.visible_to(staff).filter(number__in=numbers)
        seen = set(visible.values_list("number", flat=True))
    return [
        {"stage": each, "label": LABELS[each.code], "case": each.case if each.case in seen else ""} for each in found
    ]
