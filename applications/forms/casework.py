"""The forms of the desks. Each carries the state of the case that its page was drawn from, so that no old page acts."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.forms.codes import Choices
from applications.grounds import GROUNDS
from applications.models import Opinion
from bureau.forms import offer

LONGEST = 2000
LONGEST_END_REASON = 200  # it stands beside the signature that it ends
RETURN_REASONS: Choices = [
    # Translators: 材料不全
    ("papers_missing", gettext_lazy("Papers are missing")),
    # Translators: 材料不清晰
    ("papers_unreadable", gettext_lazy("Papers are not readable or out of date")),
    # Translators: 填报内容有误
    ("wrong_entries", gettext_lazy("Entries are wrong or contradict the papers")),
    # Translators: 家庭成员不全
    ("members", gettext_lazy("Members of the household are missing or do not belong to it")),
    # Translators: 签字授权有误
    ("signatures", gettext_lazy("Commitment or authorisation is not properly signed")),
]
MENDED_AT = {
    "papers_missing": "papers",
    "papers_unreadable": "papers",
    "wrong_entries": "answers",
    "signatures": "signing",
}
# A case not corrected in time is none of them: it stays at the window, as the notice of correction says.
REJECT_REASONS = [(code, label) for code, (label, _criterion) in GROUNDS.items()]
OTHER_REASON = ("other", gettext_lazy("Other reason"))  # of a return as of a rejection


class CaseForm(forms.Form):
    """A form that acts on a case."""

    token = forms.CharField(widget=forms.HiddenInput, required=False)


class OpinionForm(CaseForm):
    """What a desk says of the case."""

    # Translators: 审核结论
    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome of the review"), choices=Opinion.Outcome, widget=forms.RadioSelect
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Main reason"),
        required=False,
        # Translators: 仅退回补正或驳回时选择，列在意见之前。
        help_text=gettext_lazy("Only to return or to reject; it stands before your words."),
    )
    opinion = forms.CharField(
        # Translators: 审核意见
        label=gettext_lazy("Opinion in words"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Kept for ever. The household reads it when the case is returned or rejected."),
    )
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            "reason",
            [
                ("", "--"),
                (_("Return for correction"), RETURN_REASONS),
                (_("Reject"), REJECT_REASONS),
                OTHER_REASON,
            ],
        )
        # For the page: which reasons belong to which outcome. Without JavaScript all are shown, and `clean` tells.
        self.fields["reason"].widget.attrs["data-choices-of"] = "outcome"
        for outcome in Opinion.Outcome.values:
            self.fields["reason"].widget.attrs[f"data-{outcome}"] = " ".join(sorted(_reasons_of(outcome) or ()))
        offer(
            self,
            "outcome",
            [
                # Translators: 通过
                (Opinion.Outcome.FORWARD, _("Agree and forward")),
                # Translators: 退回补正
                (Opinion.Outcome.RETURN, _("Return for correction")),
                # Translators: 驳回
                (Opinion.Outcome.REJECT, _("Reject")),
            ],
        )

    def clean(self) -> dict[str, Any]:
        """A return or rejection needs a reason of its own list."""
        values = super().clean() or {}
        allowed = _reasons_of(values.get("outcome", ""))
        if allowed is not None and values.get("reason") not in allowed:
            self.add_error("reason", _("Choose the main reason from the list that fits your opinion."))
        if values.get("outcome") == Opinion.Outcome.FORWARD and values.get("reason"):
            # Translators: 同意上报不选原因；如不同意，请改选审核结论。
            self.add_error(
                "reason", _("Who agrees gives no reason from this list. Clear it, or choose another outcome.")
            )
        return values

    def ground(self) -> dict[str, str]:
        """What a rejection rests on, for its letter; nothing for any other outcome."""
        rejected = self.cleaned_data["outcome"] == Opinion.Outcome.REJECT
        return {"ground": self.cleaned_data["reason"]} if rejected else {}

    def words(self) -> str:
        """The opinion as it is kept: the reason, when one is needed, then the words."""
        values = self.cleaned_data
        if values["outcome"] == Opinion.Outcome.FORWARD or values["reason"] == "other":
            return str(values["opinion"])
        reason = dict([*RETURN_REASONS, *REJECT_REASONS])[values["reason"]]
        # Translators: 原因：意见
        return _("%(reason)s: %(opinion)s") % {"reason": reason, "opinion": values["opinion"]}


def place_to_mend(opinion: str) -> str:
    """Where a returned case is mended, by the reason that heads the opinion: a name in urls_intake; else blank."""
    for language in ("zh-hans", "en"):
        with translation.override(language):
            heads = {str(label): MENDED_AT.get(code, "") for code, label in RETURN_REASONS}
        found = next((page for head, page in heads.items() if opinion.startswith(head)), "")
        if found:
            return found
    return ""


def _reasons_of(outcome: str) -> frozenset[str] | None:
    """The reasons that go with an outcome; None for one that needs none."""
    lists = {"return": RETURN_REASONS, "reject": REJECT_REASONS}
    reasons = lists.get(outcome)
    return frozenset(code for code, _label in (*reasons, OTHER_REASON)) if reasons else None


class WordsForm(CaseForm):
    """A decision or a request, with its words."""

    opinion = forms.CharField(
        label=gettext_lazy("Opinion in words"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4})
    )


class AuthorisationForm(forms.Form):
    """Why a member takes the authorisation back."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=LONGEST_END_REASON, widget=forms.Textarea(attrs={"rows": 3})
    )


class ConfirmForm(CaseForm):
    """Nothing but the confirmation itself."""


class ReferralForm(CaseForm):
    """Which confirmed findings are referred to the registry; asked again before it is done."""

    findings = forms.TypedMultipleChoiceField(
        # Translators: 要移送的疑点
        label=gettext_lazy("Findings to refer"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, findings: Sequence[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "findings", findings)


class ObjectionForm(forms.Form):
    """What somebody brought forward against a public notice."""

    text = forms.CharField(
        label=gettext_lazy("What is objected"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )
    objector = forms.CharField(
        # Translators: 异议人（可匿名）
        label=gettext_lazy("Who objects"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("May stay empty: an objection without a name is looked into as well."),
    )


class AnswerForm(forms.Form):
    """What was found about an objection."""

    upheld = forms.TypedChoiceField(
        label=gettext_lazy("Outcome"),
        # Translators: 异议成立 / 异议不成立
        choices=[("yes", gettext_lazy("Upheld: have it checked again")), ("no", gettext_lazy("Not upheld"))],
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(label=gettext_lazy("Answer"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))
