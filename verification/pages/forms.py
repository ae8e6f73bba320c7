"""The forms drawn inside the parts of a check: why a finding is confirmed or dismissed, the opinion of a conclusion."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from bureau.forms import offer
from verification.models import Conclusion, Dispute

LONGEST = 2000
RECORD_LANGUAGE = "zh-hans"  # what is kept and printed is in Chinese, whoever chose it

CONFIRM_REASONS = (
    # Translators: 家庭已承认
    ("admitted", _("The household admits it")),
    # Translators: 登记清楚，家庭未能提出反证
    ("plain", _("The record is plain and the household could not refute it")),
    # Translators: 与家庭提交的材料一致
    ("papers", _("The papers handed in show it too")),
    # Translators: 与家庭申报一致
    ("declared", _("It follows from the household's own declaration")),
    # Translators: 其他理由
    ("other", _("Another reason")),
)
DISMISS_REASONS = (
    # Translators: 家庭提交的材料足以反证
    ("refuted", _("The proof handed in refutes it")),
    # Translators: 属他人记录
    ("other_person", _("The record is somebody else's")),
    # Translators: 来源已更正
    ("corrected", _("The source has corrected its record")),
    # Translators: 已另行申报
    ("declared_elsewhere", _("It was declared in another place")),
    # Translators: 冒名登记，登记机关已撤销
    ("impostor", _("Registered by an impostor, as the register confirms")),
    # Translators: 其他理由
    ("other", _("Another reason")),
)


class SettleForm(forms.Form):
    """A reason from the list and words of one's own; words alone decide when the reason is another one."""

    reason = forms.ChoiceField(label=_("Reason"))
    words = forms.CharField(
        # Translators: 说明
        label=_("In words"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    reasons: Sequence[tuple[str, Any]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Translators: 请选择理由
        offer(self, "reason", [("", _("Choose a reason")), *self.reasons])

    def clean(self) -> dict[str, Any]:
        """Another reason needs words."""
        cleaned = super().clean() or {}
        if cleaned.get("reason") == "other" and not (cleaned.get("words") or "").strip():
            # Translators: 请写明理由。
            self.add_error("words", _("Write the reason."))
        return cleaned

    @property
    def text(self) -> str:
        """The reason as it is kept: that of the list, then the words."""
        chosen, words = self.cleaned_data["reason"], self.cleaned_data["words"].strip()
        with translation.override(RECORD_LANGUAGE):
            listed = "" if chosen == "other" else str(dict(self.reasons)[chosen])
        return "：".join(part for part in (listed, words) if part)


class ConfirmForm(SettleForm):
    """Why a finding holds."""

    reasons = CONFIRM_REASONS


class DismissForm(SettleForm):
    """Why a finding does not hold."""

    reasons = DISMISS_REASONS


class ConcludeForm(forms.Form):
    """The outcome and the written opinion; only what is possible now can be chosen."""

    outcome = forms.ChoiceField(label=_("Conclusion"), widget=forms.RadioSelect)
    opinion = forms.CharField(
        # Translators: 核对意见
        label=_("Opinion"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        # Translators: 将写入核对报告并永久保存。
        help_text=_("Printed in the report and kept for ever."),
    )

    def __init__(self, *args: Any, possible: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(value, label) for value, label in Conclusion.Outcome.choices if value in possible]
        offer(self, "outcome", choices)
        if len(choices) == 1:
            self.fields["outcome"].initial = choices[0][0]


class DecideForm(forms.Form):
    """What is done about a disputed line."""

    act = forms.ChoiceField(
        # Translators: 处理方式
        label=_("What is done"),
        choices=Dispute.Act,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        # Translators: 理由，或者请部门核实的内容
        label=_("Reason, or what is to be verified"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        # Translators: 发函时写入函件；不予支持时写入答复书。
        help_text=_("A correction request prints it; a refusal is told to the household with it."),
    )


class ReplyForm(forms.Form):
    """What a department answered to a correction request."""

    reply = forms.ChoiceField(label=_("What it answered"), choices=Dispute.Reply, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("What the department says"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )
    replied_on = forms.DateField(label=_("Replied on"), widget=forms.DateInput)


class AnswerObjectionForm(forms.Form):
    """The answer to the household, in words; the outcome follows from the lines."""

    answer = forms.CharField(
        label=_("Answer"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        # Translators: 写入答复书；异议是否成立由各数据行的结果决定。
        help_text=_("Printed in the letter. Whether the objection is upheld follows from its lines."),
    )
