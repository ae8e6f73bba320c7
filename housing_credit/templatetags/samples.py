"""Made-up data for the style guide page: one invented household. Chinese, as officers see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms, template
from django.core.paginator import Page, Paginator

from housing_credit.templatetags import sample_check

register = template.Library()

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICES = ["海陵区城中街道", "海陵区城东街道", "高港区口岸街道", "姜堰区三水街道"]


def _at(month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


class MemberForm(forms.Form):
    """Every kind of field, as the intake has them."""

    name = forms.CharField(label="姓名", help_text="与身份证一致；生僻字请照实录入")
    id_number = forms.CharField(label="身份证号", max_length=18, help_text="18 位，末位可为 X；出生日期和性别自动带出")
    born_on = forms.DateField(label="出生日期", widget=forms.DateInput)
    relation = forms.ChoiceField(
        label="与申请人关系", choices=[("", "请选择"), ("10", "配偶"), ("20", "子"), ("30", "女"), ("51", "父亲")]
    )
    marital = forms.ChoiceField(
        label="婚姻状况",
        widget=forms.RadioSelect,
        choices=[("10", "未婚"), ("20", "已婚"), ("30", "丧偶"), ("40", "离婚")],
    )
    wages = forms.DecimalField(label="工资性收入", help_text="过去 12 个月税前合计", max_digits=12, decimal_places=2)
    area = forms.DecimalField(label="现住房建筑面积", required=False, max_digits=7, decimal_places=2)
    special = forms.MultipleChoiceField(
        label="特殊情况",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("a", "低保家庭"), ("b", "重度残疾"), ("c", "重大疾病")],
    )
    proof = forms.FileField(label="收入证明", required=False, help_text="PDF、JPG 或 PNG，不超过 10 MB")
    remark = forms.CharField(label="情况说明", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    promise = forms.BooleanField(label="本人已阅读守信承诺书，所填内容真实完整")


class FilterForm(forms.Form):
    """Filters of a list: nothing is required."""

    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), ("a", "公租房"), ("b", "租赁补贴")])
    reference = forms.CharField(label="受理编号", required=False)
    since = forms.DateField(label="受理日期起", required=False, widget=forms.DateInput)


def _good_form() -> MemberForm:
    return MemberForm(
        initial={"name": "陆建明", "born_on": "1985-03-12", "relation": "10", "marital": "20", "wages": "61200.00"},
        prefix="good",
    )


def _wrong_form() -> MemberForm:
    form = MemberForm(
        {
            "bad-name": "陆建明",
            "bad-id_number": "32120219850312",
            "bad-born_on": "1985-13-12",
            "bad-relation": "10",
            "bad-wages": "六万",
        },
        prefix="bad",
    )
    form.is_valid()
    return form


def _link(label: str, count: int | None = None, *, current: bool = False) -> dict[str, object]:
    return {"label": label, "url": "#", "count": count, "current": current}


def _menu() -> list[dict[str, object]]:
    return [
        {"label": "", "items": [_link("工作台")]},
        {"label": "收件", "items": [_link("新建申请"), _link("草稿", 3)]},
        {"label": "审核", "items": [_link("待我审核", 12, current=True), _link("退回补正", 4), _link("公示")]},
        {"label": "核对", "items": [_link("核对单", 7), _link("待认定疑点", 2)]},
        {"label": "动态复核", "items": [_link("复核批次")]},
        {"label": "诚信", "items": [_link("线索"), _link("诚信档案")]},
        {"label": "文书", "items": [_link("文书登记")]},
        {"label": "统计", "items": [_link("数据看板")]},
    ]


def _cases() -> list[dict[str, object]]:
    rows = [
        ("SB-2026-000128", "仲*妮", 3, "公租房", -1, "warning", "区级审核"),
        ("SB-2026-000131", "欧阳*华", 2, "租赁补贴", 0, "warning", "区级审核"),
        ("SB-2026-000135", "钱*", 4, "公租房", 2, "info", "待发核对"),
        ("SB-2026-000119", "㛃*芳", 1, "租赁补贴", 3, "danger", "退回补正"),
        ("SB-2026-000140", "陈*平", 5, "公租房", 6, "neutral", "街道审核"),
    ]
    names = ("reference", "head", "size", "kind", "days", "tone", "status")
    return [
        {**dict(zip(names, row, strict=True)), "office": OFFICES[index % 4], "received": _at(3, 2 + index, 9, 14)}
        for index, row in enumerate(rows)
    ]


def _steps() -> list[dict[str, object]]:
    return [
        {
            "label": "街道审核",
            "state": "done",
            "who": "城中街道 · 王海燕",
            "at": _at(3, 4, 10, 26),
            "opinion": "材料齐全，入户核实属实，同意上报。",
            "invalid": True,
        },
        {
            "label": "区级审核",
            "state": "done",
            "who": "海陵区核对中心 · 周立",
            "at": _at(3, 6, 15, 2),
            "opinion": "收入、住房符合条件，同意上报。",
        },
        {"label": "市级核对", "state": "current", "who": "市核对中心 · 张文娟", "at": _at(3, 9, 9, 31), "opinion": ""},
        {"label": "住房保障决定", "state": "todo", "who": "", "at": None, "opinion": ""},
        {"label": "公示", "state": "todo", "who": "", "at": None, "opinion": ""},
    ]


def _timeline() -> list[dict[str, object]]:
    return [
        {
            "title": "邮储银行 5 次未回复，已停止重试",
            "at": _at(3, 9, 9, 33),
            "by": "",
            "text": "可由核对员重发，或改为人工函询。",
            "url": "#",
            "tone": "warning",
        },
        {
            "title": "发出核对申请",
            "at": _at(3, 9, 9, 31),
            "by": "张文娟 · 市核对中心",
            "text": "24 个来源，4 名成员。",
            "url": "#",
        },
        {
            "title": "区级审核通过",
            "at": _at(3, 6, 15, 2),
            "by": "周立 · 海陵区核对中心",
            "text": "收入、住房符合条件，同意上报。",
            "tone": "success",
        },
        {"title": "签署核对授权书", "at": _at(3, 2, 9, 40).date(), "by": "王海燕 · 城中街道", "text": ""},
    ]


def _tasks() -> list[dict[str, object]]:
    return [
        {"label": "申请人", "url": "#", "state": "done"},
        {"label": "家庭成员", "url": "#", "state": "error", "hint": "陆*涵的身份证号校验位不符"},
        {"label": "住房", "url": "#", "state": "in_progress"},
        {"label": "收入与资产", "url": "#", "state": "not_started"},
        {"label": "材料", "url": "#", "state": "not_started"},
        {"label": "守信承诺与核对授权", "url": "", "state": "blocked", "hint": "以上各项完成后方可签署"},
    ]


def _page() -> Page[int]:
    return Paginator(range(1, 241), 20).page(4)


SAMPLES: Mapping[str, Callable[[], Any]] = {
    "me": lambda: {"name": "张文娟", "role": "核对员", "office": "泰州市核对中心"},
    "menu": _menu,
    "cases": _cases,
    "steps": _steps,
    "inquiries": sample_check.inquiries,
    "statement": sample_check.statement,
    "timeline": _timeline,
    "tasks": _tasks,
    "page": _page,
    "filter_form": FilterForm,
    "good_form": _good_form,
    "wrong_form": _wrong_form,
    "tabs": lambda: [_link("待办", 12, current=True), _link("在办", 31), _link("已办", 1204), _link("全部", 1247)],
    "identity_tags": lambda: [("info", "核对中"), ("warning", "今日到期"), ("success", "诚信良好")],
    "actions": lambda: [
        {"label": "通过", "url": "#"},
        {"label": "退回补正", "url": "#"},
        {"label": "驳回", "url": "#"},
        {"label": "转交", "url": "#"},
    ],
    "subnav": lambda: [
        _link(label, current=label == "核对结果")
        for label in ("概况", "家庭与申报", "核对结果", "比对与资格", "审批", "材料", "文书", "时间线", "访问记录")
    ],
}


@register.simple_tag
def sample(name: str) -> Any:
    """The sample of this name; raises KeyError for one that does not exist."""
    return SAMPLES[name]()
