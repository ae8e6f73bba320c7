"""Offices with Taizhou's real codes, the time limits, the standards."""

from datetime import date

import msgspec

from applications.models import PatternThreshold, Procedure
from benefits.models import AllotmentPolicy, ReviewPolicy
from benefits.waiting import GROUPS
from bureau import divisions
from bureau.models import Office
from verification.models import Standard
from verification.standards import sample_standards

OUR_CITY = "321200"


def seed_offices() -> int:
    """Enter the offices that are missing, from the city down. Returns how many were new."""
    known = dict(Office.objects.values_list("code", "pk"))
    new = 0
    for seed in divisions.OFFICES:
        if seed.code in known:
            continue
        office = Office.objects.create(
            code=seed.code,
            name_zh=seed.name_zh,
            name_en=seed.name_en,
            tier=seed.tier,
            parent_id=known.get(seed.parent_code) if seed.parent_code else None,
            area=seed.area or "",
        )
        known[seed.code] = office.pk
        new += 1
    return new


def seed_procedure() -> None:
    """The default time limits (docs/decisions): to be confirmed by the bureau."""
    Procedure.objects.get_or_create(
        effective_from=date(2017, 3, 7), defaults={"basis": "默认时限（参照各市规定，待主管部门确认）"}
    )
    PatternThreshold.objects.get_or_create(
        effective_from=date(2017, 3, 7), defaults={"basis": "预设触发线（待主管部门确认）"}
    )
    AllotmentPolicy.objects.get_or_create(
        effective_from=date(2012, 7, 15),  # 公共租赁住房管理办法
        defaults={"groups": list(GROUPS), "basis": "预设配租规则（参照公共租赁住房管理办法，待主管部门确认）"},
    )
    ReviewPolicy.objects.get_or_create(
        effective_from=date(2012, 7, 15), defaults={"basis": "预设年审规则（参照公共租赁住房管理办法，待主管部门确认）"}
    )


def seed_standards() -> int:
    """The worked samples of other cities and the demo standard of Taizhou, which alone is in use.

    Returns how many were new.
    """
    new = 0
    for standard in sample_standards():
        _row, created = Standard.objects.get_or_create(
            code=standard.id,
            defaults={
                "name": standard.name,
                "city": standard.city,
                "programme": standard.programme,
                "effective_from": standard.effective_from,
                "effective_to": standard.effective_to,
                "document": standard.document,
                "content": msgspec.to_builtins(standard),
                "in_use": standard.city == OUR_CITY,
            },
        )
        new += created
    return new
