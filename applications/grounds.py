"""Why a desk may end a case on the declaration alone, and what the standard says of it."""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Application
from bureau import workdays
from verification import standards
from verification.models import Standard

# What it is, and the criterion of the standard that says so.
GROUNDS: Mapping[str, tuple[str | Promise, str]] = {
    # Translators: 不具有本地户籍
    "not_local": (gettext_lazy("Not registered here for long enough"), "residence"),
    # Translators: 已享受其他住房保障
    "has_benefit": (gettext_lazy("Already has another housing benefit"), "one_benefit"),
    # Translators: 申报情况即不符合标准
    "by_declaration": (gettext_lazy("Above the standard by its own declaration"), ""),
}


class Ground(NamedTuple):
    """What heads a letter of rejection."""

    name: str
    basis: str  # the article
    standard: str


def ground_of(case: Application, code: str) -> Ground:
    """The ground in words, with the standard that holds for the case; blank where no standard has been entered."""
    # Translators: 经审核不符合申请条件
    name, criterion = GROUNDS.get(code, (_("Does not meet the conditions of an application"), ""))
    found = Standard.objects.in_force(case.kind, case.accepted_on or workdays.today()).first()
    if found is None:
        return Ground(str(name), "", "")
    standard = msgspec.convert(found.content, standards.Standard, strict=False)
    return Ground(str(name), standard.article(criterion) if criterion else "", found.name)
