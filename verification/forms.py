"""What stands on pages of their own: why something is stopped or released, and the filter above the list of checks."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.confirming import WhyForm
from bureau.forms import offer
from verification.models import Hold


class VerdictForm(WhyForm):
    """Why a source whose answers are in doubt is released, and what becomes of them."""

    verdict = forms.ChoiceField(
        # Translators: 存疑反馈的处理
        label=_("The answers in doubt"),
        choices=Hold.Verdict.choices,
        widget=forms.RadioSelect,
    )

    field_order = ("verdict", "reason")


class ListForm(forms.Form):
    """A filled request list. What is in it is judged by `manual_replies.take_in`; an empty one too."""

    file = forms.FileField(
        # Translators: 已填写的清单
        label=_("Filled list"),
        allow_empty_file=True,
        # Translators: 该来源填写后的原清单，xlsx，不超过 5 MB。
        help_text=_("The list as the source filled it in: xlsx, at most 5 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )


class RoundFilterForm(forms.Form):
    """The filter above a list of a round's households: by district, and by what is listed."""

    district = forms.ChoiceField(label=_("District"), required=False)
    what = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, districts: Sequence[Any], what: Sequence[Any], label: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = ("", _("All"))
        offer(self, "district", [every, *districts])
        offer(self, "what", [every, *what])
        self.fields["what"].label = label


class MonthForm(forms.Form):
    """Which month of the scorecard."""

    # Translators: 月份
    month = forms.ChoiceField(label=_("Month"), required=False)

    def __init__(self, *args: Any, months: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "month", list(months))


class TrialForm(forms.Form):
    """Over whom a standard is tried. Whether they exist is judged by `trials.begin`."""

    # Translators: 区（不选则为全市）
    districts = forms.MultipleChoiceField(
        label=_("Districts"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all districts."),
    )
    # Translators: 结论日期起
    since = forms.DateField(label=_("Concluded from"), required=False, widget=forms.DateInput)
    # Translators: 结论日期止
    until = forms.DateField(label=_("Concluded until"), required=False, widget=forms.DateInput)
    # Translators: 批次
    round = forms.ChoiceField(
        label=_("Round"),
        required=False,
        # Translators: 选择批次时，试算该批次内已比对的家庭，不看结论日期。
        help_text=_("With a round, its assessed households are tried, whether concluded or not."),
    )

    def __init__(self, *args: Any, districts: Sequence[Any], rounds: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "districts", districts)
        # Translators: 不限批次
        offer(self, "round", [("", _("No round: every concluded check")), *rounds])


class SignForm(forms.Form):
    """What the second person says of the result of a trial."""

    # Translators: 签署意见
    note = forms.CharField(label=_("Note"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class TrialFilterForm(forms.Form):
    """The filter above the households of a trial."""

    district = forms.ChoiceField(label=_("District"), required=False)
    # Translators: 结果变化
    kind = forms.ChoiceField(label=_("What becomes of it"), required=False)
    criterion = forms.ChoiceField(label=_("Criterion"), required=False)

    def __init__(self, *args: Any, choices: Mapping[str, Sequence[Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, found in choices.items():
            offer(self, name, [("", _("All")), *found])


class FilterForm(forms.Form):
    """The filter above the list of checks. Nothing of a person: it stands in the address."""

    purpose = forms.ChoiceField(label=_("Purpose"), required=False)
    office = forms.ChoiceField(label=_("Office"), required=False)
    # Translators: 发起日期起
    since = forms.DateField(label=_("Ordered from"), required=False, widget=forms.DateInput)
    # Translators: 发起日期止
    until = forms.DateField(label=_("Ordered until"), required=False, widget=forms.DateInput)

    def __init__(self, *args: Any, purposes: Sequence[Any], offices: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = ("", _("All"))
        offer(self, "purpose", [every, *purposes])
        offer(self, "office", [every, *offices])

    def clean(self) -> dict[str, Any]:
        """The days in their order."""
        cleaned = super().clean() or {}
        if cleaned.get("since") and cleaned.get("until") and cleaned["since"] > cleaned["until"]:
            # Translators: 止日不能早于起日。
            self.add_error("until", _("The last day lies before the first."))
        return cleaned


class ObjectionFilterForm(forms.Form):
    """The filter above the list of objections: by number of objection, check or case, and by time limit."""

    q = forms.CharField(label=_("Objection, check or case number"), required=False, max_length=40)
    overdue = forms.BooleanField(label=_("Overdue only"), required=False)
