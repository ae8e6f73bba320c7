"""What the pages of feeds take in. What is in a file is judged by the work modules."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau import workdays
from bureau.forms import offer
from credit.forms import OfCase
from credit.models import Party


class ReceiptForm(forms.Form):
    """The receipt of a batch."""

    file = forms.FileField(
        # Translators: 回执文件
        label=_("Receipt file"),
        allow_empty_file=True,
        # Translators: 对方退回的原文件，不要改动。
        help_text=_("As the receiver sent it, unchanged."),
    )


class HoldingsForm(forms.Form):
    """What a receiver says that it holds."""

    file = forms.FileField(
        # Translators: 对方在册记录文件
        label=_("File of the records held there"),
        allow_empty_file=True,
        # Translators: 记录标识，可附部分列；同样带摘要。
        help_text=_("The keys of its records, with some of the columns where it tells them, and the digest."),
    )


class PriorNoticeForm(OfCase):
    """A party was told before its record is sent on to a central bank branch."""

    subject = forms.ChoiceField(label=_("Who was told"))
    on = forms.DateField(label=_("Told on"), initial=workdays.today)
    proof = forms.CharField(
        label=_("Proof"),
        max_length=200,
        # Translators: 例如记入告知书的送达回证。
        help_text=_("Such as the receipt of the record notice."),
    )

    def offer(self) -> None:
        """Who acted and was not told yet."""
        told = self.case.prior_notices.values("subject")
        left = Party.objects.filter(case=self.case, part=Party.Part.ACTOR).exclude(subject__in=told)
        names = left.values_list("subject", "subject__name").order_by("pk")
        offer(self, "subject", [(str(pk), name) for pk, name in names])
