"""The household's objection to the result of its check, as the window takes it in."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.forms.casework import LONGEST, CaseForm
from applications.forms.fields import PastDateField
from bureau.forms import offer, scan_field

PROOFS = 3  # files on the form; the programmers' door takes more


class ResultObjectionForm(CaseForm):
    """Which lines are disputed, why, since when the result is known, and the scanned proof."""

    received_on = PastDateField(
        # Translators: 收到核对结果的日期
        label=gettext_lazy("Result received on"),
        # Translators: 按送达回证填写。
        help_text=gettext_lazy("As the proof of service says. From the day after it the term runs, in working days."),
    )
    lines = forms.TypedMultipleChoiceField(
        # Translators: 有争议的数据行
        label=gettext_lazy("Disputed lines"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    grounds = forms.CharField(
        # Translators: 异议内容和理由
        label=gettext_lazy("What the household objects, and why"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, lines: Sequence[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "lines", lines)
        for number in range(1, PROOFS + 1):
            # Translators: 证明材料 %(number)s 名称
            title = _("Proof %(number)s: what it is") % {"number": number}
            # Translators: 证明材料 %(number)s 文件
            label = _("Proof %(number)s: file") % {"number": number}
            self.fields[f"title_{number}"] = forms.CharField(label=title, max_length=80, required=False)
            self.fields[f"file_{number}"] = scan_field(label, required=False)

    def proof_rows(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """Title and file, proof by proof."""
        for number in range(1, PROOFS + 1):
            yield self[f"title_{number}"], self[f"file_{number}"]

    def proofs(self) -> list[tuple[str, "UploadedFile[Any]"]]:
        """Title and file of each proof that was chosen."""
        rows = [
            (self.cleaned_data[f"title_{place}"], self.cleaned_data[f"file_{place}"]) for place in range(1, PROOFS + 1)
        ]
        return [(title, file) for title, file in rows if file is not None]

    def note(self, fields: dict[str, list[str]], whole: str) -> None:
        """What the work module would not take, beside its field; proofs beside the first file."""
        for name, problems in (fields or {"": [whole]}).items():
            place = {"proofs": "file_1"}.get(name, name)
            for problem in problems:
                self.add_error(place if place in self.fields else None, problem)
