"""A full example of each letter of benefits, in the language asked for."""

from datetime import date
from typing import Any

from bureau import benefit_letter_data as bd
from bureau.letter_data import Fact, Member

KINDS = ("home_offer", "lease", "order_to_leave", "rent_reminder", "subsidy_notice", "review_notice")
DAY = date(2026, 12, 8)


def letter(kind: str, zh: bool, case: dict[str, Any], members: tuple[Member, ...]) -> Any:
    """The example of a kind."""
    return _MAKERS[kind](zh, case, members)


def _home(zh: bool) -> tuple[Fact, ...]:
    labels = ("小区", "地址", "房号", "建筑面积") if zh else ("Estate", "Address", "Flat", "Floor area")
    values = ("凤城家园", "泰州市海陵区凤凰东路", "1-301", "48.60 平方米" if zh else "48.60 m²")
    return tuple(Fact(label=label, value=value) for label, value in zip(labels, values, strict=True))


def _heard(zh: bool) -> dict[str, str]:
    return {
        "reconsideration_by": "市人民政府" if zh else "the people's government of the city",
        "court": "有管辖权的人民法院" if zh else "the competent people's court",
    }


def _offer(zh: bool, case: dict[str, Any], _members: Any) -> bd.HomeOffer:
    return bd.HomeOffer(
        **case,
        turn="LH2026-000001",
        groups=("多子女家庭",) if zh else ("two minor children or more",),
        home=_home(zh),
        rent="194.40 元" if zh else "CNY 194.40",
        answer_by=DAY,
        answer_to="城东街道窗口" if zh else "Chengdong window",
        refusals=2,
        refused=1,
        basis="泰州市配租规则（演示）",
    )


def _lease(zh: bool, case: dict[str, Any], members: tuple[Member, ...]) -> bd.Lease:
    return bd.Lease(
        **case,
        contract="HT2026-000001",
        tenancy="ZL2026-000001",
        members=members,
        home=_home(zh),
        rent="194.40 元" if zh else "CNY 194.40",
        working=(Fact(label="租金单价" if zh else "Rate", value="4.00"),),
        deposit="1,000.00 元" if zh else "CNY 1,000.00",
        begins_on=DAY,
        ends_on=date(2029, 12, 7),
    )


def _order(zh: bool, case: dict[str, Any], _members: Any) -> bd.OrderToLeave:
    return bd.OrderToLeave(
        **case,
        tenancy="ZL2026-000001",
        contract="HT2026-000001",
        home="凤城家园 1-301",
        reason="情况变化，不再符合条件" if zh else "Circumstances have changed",
        text="家庭于2026年10月购买住房一套，建筑面积89.60平方米。",
        basis="《公共租赁住房管理办法》第三十一条",
        leave_by=DAY,
        hand_over_to="城东街道窗口" if zh else "Chengdong window",
        moving=(Fact(label="第1至3个月" if zh else "Months 1 to 3", value="388.80 元" if zh else "CNY 388.80"),),
        **_heard(zh),
    )


def _reminder(zh: bool, case: dict[str, Any], _members: Any) -> bd.RentReminder:
    return bd.RentReminder(
        **case,
        tenancy="ZL2026-000001",
        account="ZH2026-000001",
        home="凤城家园 1-301",
        as_of=DAY,
        owed="583.20 元" if zh else "CNY 583.20",
        months=3,
        since=date(2026, 9, 15),
        ages=(Fact(label="不满3个月" if zh else "Less than 3 months", value="388.80"),),
        pay_by=DAY,
        pay_to="泰州市住房保障中心 0523-86880000",
    )


def _subsidy(zh: bool, case: dict[str, Any], _members: Any) -> bd.SubsidyNotice:
    return bd.SubsidyNotice(
        **case,
        subsidy="BF2026-000001",
        act="stopped",
        from_month=date(2027, 1, 1),
        amount="480.00 元" if zh else "CNY 480.00",
        reason="未参加年审" if zh else "The review was not answered",
        **_heard(zh),
    )


def _review(zh: bool, case: dict[str, Any], _members: Any) -> bd.ReviewNotice:
    return bd.ReviewNotice(
        **case,
        benefit="tenancy",
        number_of_benefit="ZL2026-000001",
        reports_until=DAY,
        report_to="城东街道窗口" if zh else "Chengdong window",
    )


_MAKERS = {
    "home_offer": _offer,
    "lease": _lease,
    "order_to_leave": _order,
    "rent_reminder": _reminder,
    "subsidy_notice": _subsidy,
    "review_notice": _review,
}
