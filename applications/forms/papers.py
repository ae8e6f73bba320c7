"""Papers that the household brings, and the signed commitment and authorisation."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.certificates import SECTION, Certified
from applications.forms import codes
from applications.forms.fields import CreditCodeField, NameField, PastDateField
from applications.forms.rows import Person
from applications.models import Attachment
from bureau.forms import offer, scan_field

CERTIFICATE = ("employer_name", "employer_code", "signatory", "monthly_income", "issued_on")


class PaperForm(forms.Form):
    """One paper: what it is, whose, and its scan."""

    # Translators: 材料种类
    section = forms.ChoiceField(label=gettext_lazy("Kind of paper"), choices=codes.with_blank(codes.PAPERS))
    # Translators: 属于哪位成员
    member_key = forms.ChoiceField(label=gettext_lazy("Whose"), required=False)
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Blank: the name of its kind."),
    )
    file = scan_field(gettext_lazy("File"))
    # What stands on a certificate of income that an employer issued; none of it, or all.
    employer_name = forms.CharField(
        # Translators: 出具单位
        label=gettext_lazy("Employer that issued it"),
        max_length=120,
        required=False,
    )
    employer_code = CreditCodeField(label=gettext_lazy("Credit code of the employer"), max_length=18, required=False)
    # Translators: 单位签发人
    signatory = NameField(label=gettext_lazy("Signed for the employer by"), required=False)
    monthly_income = forms.DecimalField(
        # Translators: 证明月收入
        label=gettext_lazy("Monthly income certified"),
        max_digits=11,
        decimal_places=2,
        min_value=Decimal("0.01"),
        required=False,
    )
    issued_on = PastDateField(label=gettext_lazy("Issued on"), required=False)

    def __init__(self, *args: Any, people: Sequence[Person] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        # Translators: 全家
        everybody = [("", _("The whole household"))]
        offer(self, "member_key", everybody + [(person.key, person.name) for person in people])

    def clean(self) -> dict[str, Any]:
        """A certificate is told whole, of one member, and is a proof of income."""
        values = super().clean() or {}
        blank = [name for name in CERTIFICATE if not values.get(name)]
        if len(blank) == len(CERTIFICATE) or set(CERTIFICATE) & set(self.errors):
            return values
        if values.get("section") and values["section"] != SECTION:
            # Translators: 只有收入证明由单位出具。
            self.add_error("section", _("Only a proof of income is issued by an employer. Clear the lines below."))
        for name in (*blank, *(() if values.get("member_key") else ("member_key",))):
            self.add_error(name, _("A certificate of an employer is told whole: fill this in."))
        return values

    def certified(self) -> Certified | None:
        """What stands on the certificate of an employer, if this is one."""
        values = self.cleaned_data
        return Certified(**{name: values[name] for name in CERTIFICATE}) if values["employer_code"] else None

    def title_or_kind(self) -> str:
        """The title, or the name of the kind of paper."""
        kinds = {value: str(label) for value, label in codes.PAPERS}
        return self.cleaned_data["title"].strip() or kinds[self.cleaned_data["section"]]


class SupplyForm(forms.Form):
    """A promised paper that the household brings now."""

    file = scan_field(gettext_lazy("File"))


class ScanForm(forms.Form):
    """The scan of the signed papers: one for everybody who signed on them."""

    # Translators: 已签署文书的扫描件
    file = scan_field(gettext_lazy("Scan of the signed papers"))


class ScanChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs alone
    """A scan by its title and the time it came in."""

    def label_from_instance(self, obj: Any) -> str:
        """Two scans of the same title are told apart by their time."""
        return f"{obj.title} · {timezone.localtime(obj.uploaded_at):%Y-%m-%d %H:%M}"


class SigningForm(forms.Form):
    """When it was signed, and on which scan."""

    signed_on = PastDateField(label=gettext_lazy("Signed on"))
    # Translators: 扫描件
    scan = ScanChoiceField(Attachment.objects.none(), label=gettext_lazy("Scan"), empty_label=None)

    def __init__(self, *args: Any, scans: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["scan"].queryset = scans  # type: ignore[attr-defined]  # a ModelChoiceField, as named above
        self.fields["scan"].error_messages["invalid_choice"] = _("Choose a scan of this case.")


class SignerForm(forms.Form):
    """Whether this member has signed, and by whose hand."""

    # Translators: 已签署
    chosen = forms.BooleanField(label=gettext_lazy("Has signed both papers"), required=False)
    # Translators: 签署人
    signer = NameField(label=gettext_lazy("Signed by"), required=False)
    # Translators: 监护人与被监护人的关系
    guardian = forms.CharField(
        label=gettext_lazy("Guardian, and the relation"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Such as: mother."),
    )
