"""The sections of the declaration, each a list of rows, kept in the draft as typed: {"none": "", "rows": [{…}, …]}.

The applicant is one row, income one row for every person, the others as many as there are, or expressly none.
"""

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.forms.holdings import AssetForm, AssistanceForm, BusinessForm, HomeForm, IncomeForm, VehicleForm
from applications.forms.persons import ApplicantForm, MemberForm
from applications.forms.rows import Person, RowForm

FIRST_KEY = "m1"

Content = dict[str, Any]
State = Literal["not_started", "in_progress", "done", "error"]


@dataclass(frozen=True)
class Section:
    """One section: its form, and the words that its page shows."""

    name: str
    label: str | Promise
    form: type[RowForm]
    row: str | Promise  # what one row is called
    none: str | Promise = (
        ""  # the sentence by which the household says that there is none; empty where there must be some
    )
    hint: str | Promise = ""
    add: str | Promise = ""  # the button for one more row; empty where the rows are fixed


# Translators: 申请人
APPLICANT = Section("applicant", gettext_lazy("Applicant"), ApplicantForm, gettext_lazy("Applicant"))
MEMBERS = Section(
    "members",
    # Translators: 家庭成员
    gettext_lazy("Household members"),
    MemberForm,
    gettext_lazy("Member"),
    # Translators: 除申请人外，本户无其他成员
    none=gettext_lazy("The applicant lives alone; there are no other members"),
    hint=gettext_lazy(
        "Everybody who applies together with the applicant: spouse, children, parents and others supported."
    ),
    add=gettext_lazy("Add a member"),
)
HOMES = Section(
    "homes",
    # Translators: 住房
    gettext_lazy("Housing"),
    HomeForm,
    gettext_lazy("Home"),
    # Translators: 本户无自有、承租、借住的住房
    none=gettext_lazy("This household has no home, owned, rented or borrowed"),
    hint=gettext_lazy(
        "Every home owned or lived in by a member, and every one sold in the past five years. "
        "A home with several owners is entered once per owner, with the share."
    ),
    add=gettext_lazy("Add a home"),
)
INCOME = Section(
    "income",
    # Translators: 过去 12 个月收入
    gettext_lazy("Income of the past 12 months"),
    IncomeForm,
    "",
    hint=gettext_lazy(
        "Before tax, for every person. Enter 0 where there was none of a kind; an empty box does not mean 0."
    ),
)
VEHICLES = Section(
    "vehicles",
    # Translators: 车辆船舶
    gettext_lazy("Vehicles and boats"),
    VehicleForm,
    gettext_lazy("Vehicle"),
    none=gettext_lazy("This household has no vehicle or boat"),
    hint=gettext_lazy("Also a vehicle that was sold but is still registered to a member."),
    add=gettext_lazy("Add a vehicle"),
)
ASSETS = Section(
    "assets",
    # Translators: 存款与金融资产
    gettext_lazy("Deposits and financial assets"),
    AssetForm,
    gettext_lazy("Asset"),
    none=gettext_lazy("This household has no deposits or other financial assets"),
    hint=gettext_lazy("One row for every member and bank or institution, with the balance of today."),
    add=gettext_lazy("Add an asset"),
)
BUSINESSES = Section(
    "businesses",
    # Translators: 经营与投资
    gettext_lazy("Businesses"),
    BusinessForm,
    gettext_lazy("Business"),
    none=gettext_lazy("No member has a business or a share in one"),
    add=gettext_lazy("Add a business"),
)
ASSISTANCE = Section(
    "assistance",
    # Translators: 已享受的救助和保障
    gettext_lazy("Assistance received"),
    AssistanceForm,
    gettext_lazy("Assistance"),
    none=gettext_lazy("No member receives any assistance or housing benefit"),
    add=gettext_lazy("Add assistance"),
)
SECTIONS = {each.name: each for each in (APPLICANT, MEMBERS, HOMES, INCOME, VEHICLES, ASSETS, BUSINESSES, ASSISTANCE)}


class NoneForm(forms.Form):
    """The tick by which the household says that it has none: without it, an empty section is unanswered, not empty."""

    none = forms.BooleanField(required=False)


class SectionForm:
    """A section as typed, bound and checked. To the error summary it is a form: `non_field_errors` and boxes."""

    def __init__(
        self, section: Section, content: Mapping[str, Any] | None, people: Sequence[Person], *, checked: bool = True
    ) -> None:
        self.section = section
        self.content: Mapping[str, Any] = content or {}
        self.started = content is not None
        self.people = people
        self.checked = checked  # False: rows are shown as typed, and say nothing about what is wrong
        self.none_form = NoneForm({"none": self.content.get("none", "")})
        self.none_form.fields["none"].label = str(section.none)
        self.forms = [self._row(place, row) for place, row in enumerate(self.content.get("rows", ()))]

    def _row(self, place: int, row: Mapping[str, str]) -> RowForm:
        prefix = f"rows-{place}"
        if not self.checked:
            return self.section.form(prefix=prefix, people=self.people, initial=dict(row))
        return self.section.form(
            {f"{prefix}-{name}": value for name, value in row.items()}, prefix=prefix, people=self.people
        )

    @property
    def says_none(self) -> bool:
        """Whether the household expressly said that there is none."""
        return bool(self.section.none) and bool(self.content.get("none"))

    @cached_property
    def errors(self) -> list[ValidationError]:
        """Everything wrong with the section as a whole; the rows are checked on the way and carry their own errors."""
        if not self.checked:
            return []
        for form in self.forms:
            form.full_clean()
        if self.section is MEMBERS:
            _check_twice(self)
        errors = [*_contradictions(self), *_missing(self)]
        for error in errors:
            self.none_form.add_error("none" if self.section.none else None, error)
        return errors

    def is_valid(self) -> bool:
        """Whether the section is answered completely and nothing in it is wrong."""
        return self.started and not self.errors and not any(form.errors for form in self.forms)

    @property
    def state(self) -> State:
        """How the task list shows the section."""
        if not self.started:
            return "not_started"
        if self.is_valid():
            return "done"
        incomplete = all(error.code == "required" for error in self.errors) and all(
            form.only_incomplete for form in self.forms
        )
        return "in_progress" if incomplete else "error"

    def non_field_errors(self) -> list[str]:
        """For the error summary: what belongs to no box."""
        return [str(text) for form in (self.none_form, *self.forms) for text in form.non_field_errors()]

    def __iter__(self) -> Iterator[BoundField]:
        """For the error summary: every box, its label led by the row it stands in."""
        if self.section.none:
            yield _labelled(self.none_form["none"], str(self.section.label))
        for place, form in enumerate(self.forms):
            name = self.row_name(place)
            for bound in form:
                yield _labelled(bound, f"{name} · {bound.label}" if name else str(bound.label))

    def row_name(self, place: int) -> str:
        """What the row is called on the page: “Member 2”, or the person's name for income."""
        if self.section is INCOME:
            return self.forms[place].title
        return f"{self.section.row} {place + 1}" if self.section.add else ""

    def rows(self) -> list[tuple[str, RowForm]]:
        """(name, form) of every row, for the page."""
        return [(self.row_name(place), form) for place, form in enumerate(self.forms)]

    def headed_rows(self) -> list[tuple[str, RowForm]]:
        """(heading, form) of every row, for the check page: “Housing · Home 1 · 鼓楼南路118号”."""
        headed = []
        for name, form in self.rows():
            parts = [str(self.section.label), name, form.title if self.section.add else ""]
            headed.append((" · ".join(part for part in parts if part), form))
        return headed

    def facts(self) -> list[Any]:
        """What is declared; only of a valid section."""
        return [form.facts() for form in self.forms]  # type: ignore[attr-defined]  # each form of the set has `facts`


def _labelled(bound: BoundField, label: str) -> BoundField:
    copied = copy.copy(bound)
    copied.label = label
    return copied


def _contradictions(form: SectionForm) -> Iterator[ValidationError]:
    if form.says_none and form.forms:
        yield ValidationError(
            _("You ticked that there is none, but something is entered below. Remove it, or take the tick away."),
            code="contradiction",
        )


def _missing(form: SectionForm) -> Iterator[ValidationError]:
    if form.forms or form.says_none:
        return
    if form.section.none:
        yield ValidationError(_("Enter what there is, or tick that there is none."), code="required")
    elif form.section is APPLICANT:
        yield ValidationError(_("Enter the applicant."), code="required")


def _check_twice(section: SectionForm) -> None:
    """The same ID number in two rows, or the applicant's once more."""
    seen = {number: name for number, name in [_applicant_of(section)] if number}
    for place, form in enumerate(section.forms):
        number = form.cleaned_data.get("id_number")
        if number in seen:
            text = _("This is the ID number of %(other)s. A person is entered once.") % {"other": seen[number]}
            form.add_error("id_number", ValidationError(text, code="twice"))
        elif number:
            seen[number] = section.row_name(place)


def _applicant_of(section: SectionForm) -> tuple[str, str]:
    applicant = next((person for person in section.people if person.key == FIRST_KEY), None)
    return (applicant.id_number, applicant.name) if applicant else ("", "")
