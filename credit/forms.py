"""What the pages of the registry take in. Whether it fits the case is judged by the work modules."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau import identifiers, workdays
from bureau.forms import offer, scan_field
from bureau.models import Posting, Staff
from bureau.roles import Role
from credit import clocks
from credit.models import SEVERITIES, Act, Case, CureItem, Lead, Policy, Service, Subject
from credit.policies import SubjectKind

LONG = {"rows": 3}
# Leads that a person enters; the others come from the floors above.
BY_HAND = (Lead.Kind.REPORT, Lead.Kind.DEPARTMENT, Lead.Kind.PATTERN)
TOLD = {
    clocks.Event.HOME_RETURNED.value: gettext_lazy("The home was returned"),
    clocks.Event.CORRECTED.value: gettext_lazy("Everything was corrected"),
    # Translators: 发现以虚假材料骗取信用修复
    clocks.Event.DECEIVED.value: gettext_lazy("A repair was sought with false papers"),
}


def long_text(label: Any, **more: Any) -> forms.CharField:
    """A text of several lines."""
    return forms.CharField(label=label, widget=forms.Textarea(attrs=LONG), max_length=2000, **more)


class SearchForm(forms.Form):
    """Find cases and leads by their number."""

    q = forms.CharField(label=gettext_lazy("Number"), max_length=20, required=False)


class RegistryForm(forms.Form):
    """Find somebody in the registry."""

    q = forms.CharField(
        # Translators: 身份证号、统一社会信用代码、姓名（名称）或者案件、线索、文书编号
        label=gettext_lazy("ID number, credit code, name, or the number of a case, lead or letter"),
        max_length=120,
        # Translators: 姓名按开头两个以上字符查找；单位名称可查其中任何部分。每次查询均留痕。
        help_text=gettext_lazy(
            "Of a person's name its first two characters or more, of an employer's any part. Every search is recorded."
        ),
    )


class LeadForm(forms.Form):
    """A lead by hand: whom it is about, what is said, who said it."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=[(kind.value, kind.label) for kind in BY_HAND])
    subject_kind = forms.ChoiceField(
        label=gettext_lazy("Whom it is about"),
        choices=[
            (SubjectKind.PERSON.value, gettext_lazy("Person")),
            (SubjectKind.EMPLOYER.value, gettext_lazy("Employer")),
        ],
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    identifier = forms.CharField(label=gettext_lazy("ID number or credit code"), max_length=20)
    text = long_text(gettext_lazy("What is said to have happened"))
    reporter = forms.CharField(
        label=gettext_lazy("Reported by"),
        max_length=120,
        required=False,
        # Translators: 可匿名；部门移送的填写部门名称。
        help_text=gettext_lazy("May stay empty: a report can be anonymous."),
    )
    received_on = forms.DateField(label=gettext_lazy("Received on"), initial=workdays.today)

    def clean(self) -> dict[str, Any]:
        """The number is one of such a subject."""
        cleaned = super().clean() or self.cleaned_data
        text = cleaned.get("identifier")
        if text and cleaned.get("subject_kind"):
            is_person = cleaned["subject_kind"] == SubjectKind.PERSON
            read = identifiers.normalise_id if is_person else identifiers.normalise_credit_code
            try:
                cleaned["identifier"] = read(text)
            except identifiers.IdentifierError as error:
                self.add_error("identifier", ValidationError(_(error.message) % error.params, code=error.code))
        if cleaned.get("received_on") and cleaned["received_on"] > workdays.today():
            self.add_error("received_on", _("The day lies ahead."))
        return cleaned


class OpenForm(forms.Form):
    """Open a case of a lead: the act, who did it, when, for how long."""

    act_code = forms.ChoiceField(label=gettext_lazy("Act"))
    actors = forms.MultipleChoiceField(label=gettext_lazy("Who acted"), widget=forms.CheckboxSelectMultiple)
    occurred_on = forms.DateField(label=gettext_lazy("Day of the act"))
    months = forms.IntegerField(
        label=gettext_lazy("Months that it lasted"),
        min_value=0,
        max_value=600,
        required=False,
        help_text=gettext_lazy("For arrears and vacancy."),
    )
    graver = forms.BooleanField(label=gettext_lazy("The graver case of the catalogue"), required=False)
    facts = long_text(gettext_lazy("Facts"), required=False, help_text=gettext_lazy("Empty takes those of the lead."))

    def __init__(self, *args: Any, lead: Lead, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        subjects = list(lead.subjects.order_by("pk"))
        kinds = {subject.kind for subject in subjects}
        today = workdays.today()
        acts = Act.objects.in_force(today).filter(policy=Policy.objects.in_force(today).first(), subject_kind__in=kinds)
        offer(self, "act_code", [(act.code, str(act)) for act in acts])
        offer(self, "actors", [(str(subject.pk), subject.name) for subject in subjects])
        self.initial.setdefault("act_code", lead.act.code if lead.act else None)

    def chosen(self) -> list[Subject]:
        """Those who acted."""
        return list(Subject.objects.filter(pk__in=self.cleaned_data["actors"]))


class OfCase(forms.Form):
    """A form on the page of a case, which it knows."""

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        self.offer()

    def offer(self) -> None:
        """Set what depends on the case."""


class EvidenceForm(OfCase):
    """Something for the file."""

    kind = forms.ChoiceField(label=gettext_lazy("What it is"))
    reference = forms.CharField(label=gettext_lazy("Kept under"), max_length=120)
    note = long_text(gettext_lazy("What it shows"), required=False)
    # Translators: 证据扫描件
    scan = scan_field(gettext_lazy("Scan of the paper"), required=False)

    def offer(self) -> None:
        """What the catalogue demands, and anything else."""
        offer(self, "kind", [*((kind, kind) for kind in self.case.act.evidence), (_("Other"), _("Other"))])


class ServeForm(OfCase):
    """One attempt to serve a letter."""

    way = forms.ChoiceField(label=gettext_lazy("Way"), choices=Service.WAYS)
    on = forms.DateField(label=gettext_lazy("Day"), initial=workdays.today)
    reached = forms.BooleanField(
        label=gettext_lazy("It reached the subject, or appeared"), required=False, initial=True
    )
    proof = forms.CharField(label=gettext_lazy("Proof"), max_length=200)
    consent = forms.CharField(label=gettext_lazy("Consent to electronic service"), max_length=100, required=False)


class AnnounceForm(OfCase):
    """The announcement of a letter that reached nobody."""

    medium = forms.CharField(
        label=gettext_lazy("Medium of the announcement"),
        max_length=100,
        # Translators: 报纸、网站等媒体名称
        help_text=gettext_lazy("Newspaper or web site, by name."),
    )
    note = forms.CharField(
        label=gettext_lazy("Further sentence"),
        max_length=300,
        required=False,
        # Translators: 公开发布：不写姓名、号码、电话和住址。
        help_text=gettext_lazy("It is public: no names, numbers, telephones or addresses."),
    )


class HearForm(OfCase):
    """What the subject says to the proposal."""

    text = long_text(gettext_lazy("What the subject says"))
    weighed = long_text(gettext_lazy("How it was weighed"))
    received_on = forms.DateField(label=gettext_lazy("Received on"), initial=workdays.today)


class SeatForm(OfCase):
    """Who sits on the panel."""

    members = forms.MultipleChoiceField(label=gettext_lazy("Members"), widget=forms.CheckboxSelectMultiple)

    def offer(self) -> None:
        """Everybody who holds the role today."""
        seats = Posting.objects.current().filter(role=Role.PANEL_MEMBER).select_related("staff").order_by("staff")
        offer(self, "members", [(str(seat.staff_id), seat.staff.name or seat.staff.username) for seat in seats])

    def chosen(self) -> list[Staff]:
        """Those who were chosen."""
        return list(Staff.objects.filter(pk__in=self.cleaned_data["members"]).order_by("pk"))


class VoteForm(OfCase):
    """A vote, with its reason."""

    finds = forms.ChoiceField(
        label=gettext_lazy("Your vote"),
        choices=[("yes", gettext_lazy("The act is found")), ("no", gettext_lazy("The act is not found"))],
        widget=forms.RadioSelect,
    )
    severity = forms.ChoiceField(label=gettext_lazy("Severity"), required=False)
    reason = long_text(gettext_lazy("Reason"))

    def offer(self) -> None:
        """The grades that the policy knows."""
        known = [grade["severity"] for grade in self.case.policy.content["grades"]]
        offer(self, "severity", [("", "--"), *((name, SEVERITIES[name]) for name in known)])


class CureForm(OfCase):
    """A thing to correct."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=CureItem.Kind.choices)
    text = long_text(gettext_lazy("What is to be done"))
    amount = forms.DecimalField(
        label=gettext_lazy("Amount"), max_digits=12, decimal_places=2, min_value=0, required=False
    )


class CorrectForm(OfCase):
    """A thing that was done."""

    item = forms.ChoiceField(label=gettext_lazy("Thing to correct"))
    on = forms.DateField(label=gettext_lazy("Done on"), initial=workdays.today)
    proof = forms.CharField(label=gettext_lazy("Proof"), max_length=200)

    def offer(self) -> None:
        """What is still to be done."""
        offer(self, "item", [(str(item.pk), item.text) for item in self.case.cure_items.filter(met_on=None)])


class TellForm(OfCase):
    """What moves the clocks of a recorded case."""

    event = forms.ChoiceField(label=gettext_lazy("What happened"), choices=TOLD.items())
    on = forms.DateField(label=gettext_lazy("Day"), initial=workdays.today)
    basis = forms.CharField(label=gettext_lazy("Rests on"), max_length=200)
