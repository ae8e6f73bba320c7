"""What the rows of every section have in common: they are bound to what was typed, and know the household's people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _

from applications.forms import codes
from bureau.forms import offer

LONGEST_TEXT = 400  # characters kept of any one box: enough for an address, too little to fill a database


class Person(NamedTuple):
    """A member as far as typed: enough to be chosen as an owner."""

    key: str
    name: str
    id_number: str = ""  # of the applicant once it is valid: for finding the same person among the members


@dataclass(frozen=True)
class Answer:
    """One box as it reads on the check page: label, answer, id of the box; `wrong` when it is to be corrected."""

    label: str
    value: str
    target: str
    wrong: bool

    @property
    def is_id_number(self) -> bool:
        """Whether birth date and sex are to be shown beside it."""
        return self.target.endswith("-id_number")


class RowForm(forms.Form):
    """One row of a section: a person, a home, a vehicle. `groups` says which fields stand under which legend."""

    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=10)
    groups: Sequence[tuple[Any, Sequence[str]]] = ()
    title_field = ""
    suffixes: Mapping[str, Any] = {}

    def __init__(self, *args: Any, people: Sequence[Person] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.people = people
        if "owner" in self.fields:
            offer(self, "owner", [("", _("Choose")), *((person.key, person.name) for person in people)])

    def typed(self, name: str) -> str:
        """What stands in a box, right or wrong."""
        return str(self[name].value() or "").strip()

    @property
    def title(self) -> str:
        """The row in a word, from what was typed; empty while it is blank."""
        return self.typed(self.title_field) if self.title_field else ""

    def has_text(self) -> bool:
        """Whether anything was typed: choices alone, which have defaults, do not count."""
        return any(self.typed(name) for name, field in self.fields.items() if name != "key" and not _is_choice(field))

    def source(self, name: str) -> str:
        """The line beside a box that tells what follows from it; empty for most."""
        return ""

    def layout(self) -> Iterator[tuple[Any, list[tuple[BoundField, Any, str]]]]:
        """(legend, [(field, unit, what follows from it)]) in the order of the page."""
        for legend, names in self.groups:
            yield legend, [(self[name], self.suffixes.get(name, ""), self.source(name)) for name in names]

    def answers(self) -> list[Answer]:
        """Every box that was filled or is wrong, in words."""
        rows = [(self[name], self.suffixes.get(name, "")) for _legend, names in self.groups for name in names]
        found = [
            Answer(
                label=str(bound.label),
                value=_in_words(bound, unit) if self.typed(bound.name) else "",  # “Choose” is no answer
                target=bound.auto_id,
                wrong=bool(bound.errors),
            )
            for bound, unit in rows
        ]
        return [answer for answer in found if answer.value or answer.wrong]

    @property
    def only_incomplete(self) -> bool:
        """Whether nothing is wrong but that some boxes are still empty."""
        return all(error.code == "required" for errors in self.errors.as_data().values() for error in errors)


def _is_choice(field: forms.Field) -> bool:
    return isinstance(field, forms.ChoiceField | forms.BooleanField)


def _in_words(bound: BoundField, unit: Any) -> str:
    value = bound.value()
    if isinstance(bound.field, forms.BooleanField):
        return _("Yes") if value and value != "False" else ""
    if isinstance(bound.field, forms.ChoiceField):
        return str(dict(_flat(bound.field.choices)).get(str(value), value or ""))
    cleaned = getattr(bound.form, "cleaned_data", {}).get(bound.name, value)
    text = (
        f"{cleaned:,.2f}"
        if isinstance(bound.field, forms.DecimalField) and not isinstance(cleaned, str | None)
        else str(cleaned or "")
    )
    return f"{text} {unit}" if unit and text else text


def _flat(choices: Any) -> list[tuple[str, Any]]:
    return [(str(value), label) for value, label in choices]


def owner_field(label: Any) -> forms.ChoiceField:
    """Whose it is: one of the people entered as applicant or member."""
    return forms.ChoiceField(
        label=label,
        error_messages={"invalid_choice": codes.OWNER_GONE},
    )
