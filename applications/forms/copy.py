"""For whom the household's copy is, and who has agreed that this person sees their lines."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from applications.household_copies import Person
from bureau import masks
from bureau.forms import offer


class CopyForm(forms.Form):
    """Asked at the window before the copy is shown; members by their key, so that no name stands in an address."""

    # Translators: 领取人
    recipient = forms.ChoiceField(label=gettext_lazy("For whom"))
    agreed = forms.MultipleChoiceField(
        # Translators: 同意向领取人展示明细的成员
        label=gettext_lazy("Members who agree that this person sees their lines"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        # Translators: 当面征得本人单独同意后勾选……
        help_text=gettext_lazy(
            "Tick only who has agreed in person; for a child the guardian. Of everybody else only sums are shown."
        ),
    )

    def __init__(self, data: Mapping[str, Any] | None, *, persons: Iterable[Person]) -> None:
        persons = list(persons)
        to = [(person.key, masks.name(person.name)) for person in persons if person.may_receive]
        super().__init__(data, initial={"recipient": to[0][0] if to else "", "agreed": []})
        offer(self, "recipient", to)
        offer(self, "agreed", [(person.key, masks.name(person.name)) for person in persons])

    @property
    def chosen(self) -> tuple[str, frozenset[str]]:
        """Recipient and who has agreed: what was chosen, else nobody but the first who may receive it."""
        values = self.cleaned_data if self.is_bound else self.initial
        return str(values["recipient"]), frozenset(values["agreed"])

    def clean_agreed(self) -> list[str]:
        """Without the recipient, who sees the own lines anyhow."""
        return [key for key in self.cleaned_data["agreed"] if key != self.cleaned_data.get("recipient")]
