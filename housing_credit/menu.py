"""The side menu: work by work, only what the signed-in person's postings cover."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from applications.models import Application
from benefits.querysets import HOME_ROLES, LEDGER_ROLES, VISIT_ROLES
from bureau.models import Staff
from bureau.roles import CASE_ROLES, Role
from housing_credit.dashboard.base import READERS

IN_DRAFT = re.compile(r"^/applications/[^/]+/intake/")
Group = dict[str, Any]


@dataclass(frozen=True)
class Entry:
    """One line of the menu. `begins` also marks it as current on the pages below it."""

    label: str
    url: str
    count: int | None = None
    begins: bool = False
    drafts: bool = False  # the pages on which a draft or a returned case is filled in are below it


def menu(request: HttpRequest) -> dict[str, Any]:
    """Template context: who is signed in, the menu of that person, how many cases wait on the desk."""
    staff = getattr(request, "user", None)
    if not isinstance(staff, Staff):
        return {"menu": []}
    waiting = Application.objects.visible_to(staff).on_desk_of(staff.seats).count() if staff.seats else 0
    groups = [group for group in _groups(staff, waiting) if group["items"]]
    return {"me": _me(staff), "menu": _mark_current(groups, request.path), "inbox_count": waiting}


def _me(staff: Staff) -> dict[str, str]:
    seat = staff.seats[0] if staff.seats else None
    return {
        "name": staff.name or staff.username,
        "role": seat.get_role_display() if seat else _("No posting"),
        "office": seat.office.name if seat else "--",
    }


def _groups(staff: Staff, waiting: int) -> Iterator[Group]:
    queue = reverse("applications:queue")
    # Translators: 工作台
    yield _group("", Entry(_("My desk"), reverse("home")))
    if staff.holds(Role.CLERK):
        # Translators: 收件
        yield _group(
            _("Intake"),
            # Translators: 新建申请
            Entry(_("New application"), reverse("applications:start")),
            # Translators: 草稿与补正
            Entry(_("Drafts and corrections"), f"{queue}?tab=todo", waiting, drafts=True),
            # Translators: 查询记录告知单
            Entry(_("Access slip"), reverse("applications:access_slips"), begins=True),
        )
    if staff.holds(*CASE_ROLES):
        # Translators: 审核
        yield _group(_("Review"), *_review(staff, queue, waiting))
    if staff.holds(*CASE_ROLES):
        # Translators: 保障
        yield _group(pgettext("menu", "Benefits"), *_benefits(staff))
    if staff.holds(*LEDGER_ROLES):
        # Translators: 资金
        yield _group(pgettext("menu", "Money"), *_money())
    if staff.holds(Role.CHECK_OFFICER, Role.AUDITOR):
        # Translators: 核对
        yield _group(
            _("Checks"),
            Entry(_("Checks"), reverse("verification:list"), begins=True),
            # Translators: 核对结果异议
            Entry(_("Objections to results"), reverse("verification:objections"), begins=True),
            # Translators: 核对批次
            Entry(_("Rounds"), reverse("verification:rounds"), begins=True),
            # Translators: 来源运行情况
            Entry(_("Sources at work"), reverse("verification:board"), begins=True),
            # Translators: 来源评价表
            Entry(_("Scorecard"), reverse("verification:scorecard"), begins=True),
            # Translators: 保障标准
            Entry(_("Standards"), reverse("verification:standards"), begins=True),
        )
    if staff.holds(Role.CREDIT_OFFICER, Role.PANEL_MEMBER, Role.AUDITOR, Role.CHECK_OFFICER):
        # Translators: 诚信
        yield _group(_("Credit"), *_credit(staff))
    if staff.holds(*READERS):
        # Translators: 统计
        yield _group(_("Statistics"), *_statistics())
    if staff.holds(Role.AUDITOR):
        # Translators: 审计
        yield _group(_("Audit"), Entry(_("Access log"), reverse("audit_list"), begins=True))
    if staff.is_superuser or staff.holds(Role.ADMINISTRATOR):
        yield _system(staff)
    yield _group(_("Account"), Entry(_("My password"), reverse("own_password")))


def _system(staff: Staff) -> Group:
    # Translators: 系统
    system = [Entry(_("Administration"), reverse("admin:index"))]
    system.append(Entry(_("Scorecard"), reverse("verification:scorecard"), begins=True))
    if staff.holds(Role.ADMINISTRATOR):
        system.append(Entry(_("Standards"), reverse("verification:standards"), begins=True))
        system.append(Entry(_("Departments"), reverse("credit:partners"), begins=True))
    return _group(_("System"), *system)


def _statistics() -> Iterator[Entry]:
    # Translators: 统计看板
    yield Entry(_("Dashboard"), reverse("dashboard:dashboard"), begins=True)
    # Translators: 我的导出
    yield Entry(_("My exports"), reverse("dashboard:exports"), begins=True)
    # Translators: 监管一张网
    yield Entry(_("Supervision"), reverse("supervision:overview"), begins=True)
    # Translators: 办理受阻
    yield Entry(_("What is stuck"), reverse("supervision:stuck"), begins=True)
    # Translators: 执法公平
    yield Entry(_("Fairness of enforcement"), reverse("supervision:fairness"), begins=True)


def _money() -> Iterator[Entry]:
    # Translators: 欠租管理
    yield Entry(_("Households in arrears"), reverse("benefits:arrears"), begins=True)
    # Translators: 银行对账
    yield Entry(_("Bank statements"), reverse("benefits:statements"), begins=True)
    # Translators: 补贴发放
    yield Entry(_("Payment lists"), reverse("benefits:payments"), begins=True)


def _benefits(staff: Staff) -> Iterator[Entry]:
    # Translators: 轮候
    yield Entry(_("Waiting list"), reverse("benefits:waiting"), begins=True)
    # Translators: 租赁
    yield Entry(_("Tenancies"), reverse("benefits:tenancies"), begins=True)
    # Translators: 租赁补贴
    yield Entry(_("Rental subsidies"), reverse("benefits:subsidies"), begins=True)
    # Translators: 年审
    yield Entry(_("Yearly reviews"), reverse("benefits:reviews"), begins=True)
    if staff.holds(*VISIT_ROLES):
        # Translators: 入户检查
        yield Entry(_("Visits"), reverse("benefits:visits"), begins=True)
    if staff.holds(*HOME_ROLES):
        # Translators: 房源
        yield Entry(_("Homes to let"), reverse("benefits:homes"), begins=True)


def _credit(staff: Staff) -> Iterator[Entry]:
    if staff.holds(Role.CREDIT_OFFICER, Role.AUDITOR):
        # Translators: 诚信档案查询
        yield Entry(_("Registry"), reverse("credit:registry"), begins=True)
        # Translators: 失信线索
        yield Entry(_("Leads"), reverse("credit:leads"), begins=True)
        # Translators: 单位证明核验
        yield Entry(_("Employers' certificates"), reverse("applications:employers"), begins=True)
        # Translators: 信用报送
        yield Entry(_("Feeds"), reverse("credit:feeds"), begins=True)
    if staff.holds(Role.CREDIT_OFFICER, Role.PANEL_MEMBER, Role.AUDITOR):
        # Translators: 失信案件
        yield Entry(_("Credit cases"), reverse("credit:cases"), begins=True)
    if staff.holds(Role.CREDIT_OFFICER, Role.AUDITOR, Role.CHECK_OFFICER):
        # Translators: 送达公告
        yield Entry(_("Announcements"), reverse("credit:announcements"), begins=True)
    if staff.holds(Role.CREDIT_OFFICER, Role.AUDITOR):
        yield from _departments()


def _departments() -> Iterator[Entry]:
    """What has to do with the departments that ask the registry."""
    # Translators: 共享部门
    yield Entry(_("Departments"), reverse("credit:partners"), begins=True)
    # Translators: 部门查询记录
    yield Entry(_("Queries of departments"), reverse("credit:queries"))
    # Translators: 推送失败
    yield Entry(_("Events that did not arrive"), reverse("credit:deliveries"))
    # Translators: 本处已解除、部门仍在惩戒
    yield Entry(_("Still punished there"), reverse("credit:still_applied"))


def _review(staff: Staff, queue: str, waiting: int) -> Iterator[Entry]:
    if staff.holds(Role.REVIEWER, Role.CHECK_OFFICER, Role.HOUSING_OFFICER):
        # Translators: 待我办理
        yield Entry(_("Waiting for me"), f"{queue}?tab=todo", waiting)
    # Translators: 在办件
    yield Entry(_("Under way"), f"{queue}?tab=open")
    # Translators: 全部申请
    yield Entry(_("All applications"), f"{queue}?tab=all")
    # Translators: 公示栏
    yield Entry(_("Public notices"), reverse("applications:notices"))


def _group(label: str, *entries: Entry) -> Group:
    return {"label": label, "items": [asdict(entry) for entry in entries]}


def _mark_current(groups: list[Group], path: str) -> list[Group]:
    """Lists that differ by their query only are told apart by their tabs, so none of them is marked here.

    Of several that begin like the page the longest is where one is.
    """
    items = [item for group in groups for item in group["items"]]
    here = max((item["url"] for item in items if item["begins"] and path.startswith(item["url"])), key=len, default="")
    if IN_DRAFT.search(path):
        here = next((item["url"] for item in items if item["drafts"]), here)
    for item in items:
        below = item.pop("begins"), item.pop("drafts")
        item["current"] = path == item["url"] or (any(below) and item["url"] == here)
    return groups
