"""What is entered of objections, repairs, lawyer's letters and proceedings. Whether it fits is judged by the work."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau import workdays
from bureau.forms import offer
from credit.courts import AGAINST_US, FITTING
from credit.forms import OfCase, long_text
from credit.models import Dispute, Proceeding, Subject


class _OfSubject(OfCase):
    """A form that names one of those whom the case is about."""

    subject = forms.ChoiceField(label=_("Whom it concerns"))

    def offer(self) -> None:
        """Those who acted first."""
        parties = self.case.parties.select_related("subject").order_by("part", "pk")
        offer(self, "subject", [(str(party.subject_id), party.subject.name) for party in parties])

    def chosen(self) -> Subject:
        """Whom it names."""
        found: Subject = Subject.objects.get(pk=self.cleaned_data["subject"])
        return found


class DisputeForm(_OfSubject):
    """An objection to a record."""

    text = long_text(_("Grounds"))
    received_on = forms.DateField(label=_("Received on"), initial=workdays.today)


class AnswerForm(OfCase):
    """The answer to an objection."""

    dispute = forms.ChoiceField(label=_("Objection"))
    upheld = forms.ChoiceField(
        label=_("Answer"),
        choices=[("yes", _("The objection is right: withdraw the finding")), ("no", _("The record stands"))],
        widget=forms.RadioSelect,
    )
    text = long_text(_("Reasons"))

    def offer(self) -> None:
        """Those that are open."""
        rows = self.case.disputes.filter(status=Dispute.Status.OPEN).select_related("subject")
        offer(self, "dispute", [(str(row.pk), f"{row.number} {row.subject.name}") for row in rows])


class RepairForm(_OfSubject):
    """An application for repair."""

    promise = forms.CharField(label=_("Public promise (number of the paper)"), max_length=200)
    papers = long_text(_("Proof that all duties are met"))
    applied_on = forms.DateField(label=_("Applied on"), initial=workdays.today)


class AcceptForm(OfCase):
    """Whether an application for repair is accepted."""

    accepted = forms.ChoiceField(
        label=_("Acceptance"), choices=[("yes", _("Accept it")), ("no", _("Not accept it"))], widget=forms.RadioSelect
    )
    # Translators: 一次性告知需补正的全部材料
    missing = long_text(_("Everything that is missing"), required=False)


class ExtendForm(OfCase):
    """More time for a repair."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class DecideForm(OfCase):
    """The result of a repair."""

    granted = forms.ChoiceField(
        label=_("Result"),
        choices=[("yes", _("Grant the repair")), ("no", _("Refuse the repair"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reasons"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class LawyerForm(OfCase):
    """A lawyer's letter that goes out today."""

    firm = forms.CharField(label=_("Law firm"), max_length=120)
    lawyer = forms.CharField(label=_("Lawyer"), max_length=60)
    telephone = forms.CharField(label=_("Telephone"), max_length=40)
    # Translators: 限期（天）
    days = forms.IntegerField(label=_("Days to do what is left"), min_value=1, max_value=90, initial=15)


class BringForm(OfCase):
    """A proceeding."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Proceeding.Kind.choices)
    body = forms.CharField(label=_("Court or body"), max_length=120)
    number = forms.CharField(label=_("Case number"), max_length=60)
    filed_on = forms.DateField(label=_("Filed on"), initial=workdays.today)
    claim = long_text(_("What is claimed"))
    amount = forms.DecimalField(label=_("Amount"), max_digits=12, decimal_places=2, min_value=0, required=False)


class _OfProceeding(OfCase):
    """A form that names a proceeding whose outcome is still to come."""

    proceeding = forms.ChoiceField(label=_("Proceeding"))
    kinds = tuple(FITTING)

    def offer(self) -> None:
        """Those that are open."""
        rows = self.case.proceedings.filter(outcome="", kind__in=self.kinds)
        offer(self, "proceeding", [(str(row.pk), str(row)) for row in rows])


class StayForm(_OfProceeding):
    """An order that stops publication."""

    kinds = AGAINST_US
    on = forms.DateField(label=_("Day of the order"), initial=workdays.today)
    order = forms.CharField(label=_("Order (its paper)"), max_length=200)


class ConcludeForm(_OfProceeding):
    """How a proceeding ended."""

    outcome = forms.ChoiceField(label=_("Outcome"))
    on = forms.DateField(label=_("Day of the outcome"), initial=workdays.today)
    paper = forms.CharField(label=_("Judgment or decision"), max_length=120)
    recovered = forms.DecimalField(
        label=_("Amount recovered"), max_digits=12, decimal_places=2, min_value=0, required=False
    )
    home_recovered = forms.BooleanField(label=_("The home was recovered"), required=False)

    def offer(self) -> None:
        """The outcomes that the open ones can have."""
        super().offer()
        kinds = self.case.proceedings.filter(outcome="").values_list("kind", flat=True)
        fitting: dict[str, Any] = {one.value: one.label for kind in kinds for one in FITTING[Proceeding.Kind(kind)]}
        offer(self, "outcome", list(fitting.items()))
