"""The administration's forms of the registry: a policy that must be readable, acts that fit their policy."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau.admin_forms import DatedPolicyForm
from credit import hooks
from credit.feeds import read_mapping
from credit.models import Act, FeedMapping, Partner, Policy, Sanction
from credit.policies import Severity, read_policy


class PolicyForm(DatedPolicyForm):
    """A policy on dishonest acts as JSON."""

    columns = ("name", "city", "effective_from", "document")
    # Translators: 已有惩戒依据本政策作出，内容不再更改；请录入自以后日期起施行的新政策。
    rests_on_it = gettext_lazy(
        "Sanctions rest on this policy, so it does not change any more. Enter a new one from a later day."
    )

    class Meta:
        model = Policy
        fields = ("content", "in_use", "effective_to")

    def read(self, content: bytes) -> Any:
        """A policy."""
        return read_policy(content)

    def is_in_use(self) -> bool:
        """Whether somebody was banned on its days."""
        policy = self.instance
        since = Sanction.objects.filter(holds_from__gte=policy.effective_from)
        return (
            policy.in_use
            and (since.filter(holds_from__lte=policy.effective_to) if policy.effective_to else since).exists()
        )

    def refuse_clash(self, policy: Any) -> None:
        """One of an id; one of a city from a day."""
        others = Policy.objects.exclude(pk=self.instance.pk)
        if others.filter(code=policy.id).exists():
            raise ValidationError(_("There is a policy of this id already: %(code)s.") % {"code": policy.id})
        if others.filter(city=policy.city, effective_from=policy.effective_from).exists():
            raise ValidationError(_("This city has a policy from this day already."))


class FeedMappingForm(DatedPolicyForm):
    """A receiver's layout as JSON."""

    columns = ("name", "effective_from", "document")
    # Translators: 已按本模板报送，内容不再更改；请录入自以后日期起施行的新模板。
    rests_on_it = gettext_lazy(
        "Batches were made with this template, so it does not change any more. Enter a new one from a later day."
    )

    class Meta:
        model = FeedMapping
        fields = ("receiver", "content", "effective_to")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["receiver"].disabled = True

    def read(self, content: bytes) -> Any:
        """A mapping."""
        return read_mapping(content)

    def is_in_use(self) -> bool:
        """Whether a batch was made with it."""
        return bool(self.instance.batches.exists())

    def refuse_clash(self, policy: Any) -> None:
        """One of an id; one of a receiver from a day; no file name that another receiver has."""
        receiver = self.cleaned_data.get("receiver")
        others = FeedMapping.objects.exclude(pk=self.instance.pk)
        if others.filter(code=policy.id).exists():
            raise ValidationError(_("There is a template of this id already: %(code)s.") % {"code": policy.id})
        if others.filter(receiver=receiver, effective_from=policy.effective_from).exists():
            raise ValidationError(_("This receiver has a template from this day already."))
        named_alike = others.filter(content__provider=policy.provider, content__kind=policy.kind)
        if named_alike.exclude(receiver=receiver).exists():
            raise ValidationError(_("Another receiver's files are named like this: change provider or kind."))


class ActForm(forms.ModelForm[Act]):
    """An act of a catalogue: no severity that its policy does not know, no day on which it would stand twice."""

    class Meta:
        model = Act
        fields = ("policy", "code", "name_zh", "name_en", "subject_kind", "stage", "severity", "graver", "graver_when",
                  "from_return", "evidence", "basis", "effective_from", "effective_to")  # fmt: skip

    def clean_code(self) -> str:
        """Capital letter and number, as people quote it."""
        return str(self.cleaned_data["code"]).strip().upper()

    def clean(self) -> dict[str, Any]:
        """What belongs together, in the words of the form before the database refuses it."""
        cleaned = super().clean() or self.cleaned_data
        policy, graver, when = cleaned.get("policy"), cleaned.get("graver"), cleaned.get("graver_when")
        if graver and not when:
            self.add_error("graver_when", _("Say when the act is graver."))
        if when and not graver:
            self.add_error("graver", _("Choose the graver severity, or leave its condition empty."))
        if graver and graver == cleaned.get("severity"):
            self.add_error("graver", _("Choose another severity than the usual one."))
        if policy is not None:
            for name in ("severity", "graver"):
                if cleaned.get(name) and not _knows(policy, cleaned[name]):
                    self.add_error(name, _("%(policy)s does not know this severity.") % {"policy": policy.name})
        if cleaned.get("from_return") and cleaned.get("subject_kind") == "employer":
            self.add_error("from_return", _("An employer has no home to return."))
        self._order(cleaned)
        return cleaned

    def _order(self, cleaned: dict[str, Any]) -> None:
        begin, end = cleaned.get("effective_from"), cleaned.get("effective_to")
        if begin and end and end <= begin:
            self.add_error("effective_to", _("Enter a day after the first day."))


def _knows(policy: Policy, severity: str) -> bool:
    """Whether the policy has this grade."""
    return any(Severity(grade["severity"]) == severity for grade in policy.content["grades"])


class PartnerForm(forms.ModelForm[Partner]):
    """A department: its names, its quotas, and where events are sent to."""

    class Meta:
        model = Partner
        fields = ("code", "name_zh", "name_en", "active", "quota_day", "quota_minute", "webhook_url")

    def clean_webhook_url(self) -> str:
        """By https alone."""
        url = str(self.cleaned_data["webhook_url"])
        if url and not hooks.is_allowed(url):
            raise ValidationError(_("Enter an https address without a user name."))
        return url
