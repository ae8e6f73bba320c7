"""A draft read as a whole: every section bound and checked, the people in it, and what it declares."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from applications import drafting
from applications.forms.rows import Person
from applications.forms.sections import APPLICANT, FIRST_KEY, INCOME, MEMBERS, SECTIONS, Content, SectionForm
from verification.facts import Declared


class Household:
    """What a draft says so far. Sections are bound when they are first asked for, each once."""

    def __init__(self, sections: Mapping[str, Any]) -> None:
        self.sections = sections
        self._bound: dict[str, SectionForm] = {}

    def __getitem__(self, name: str) -> SectionForm:
        """The section of that name, bound to what was typed."""
        if name not in self._bound:
            self._bound[name] = self.bind(name, self.sections.get(name))
        return self._bound[name]

    def bind(self, name: str, content: Mapping[str, Any] | None, *, checked: bool = True) -> SectionForm:
        """The section with this content instead of the draft's; unchecked: shown as typed, without errors."""
        people = () if name == APPLICANT.name else self.people
        if content is not None and name == INCOME.name:
            content = self.one_row_each(content)
        return SectionForm(SECTIONS[name], content, people, checked=checked)

    def one_row_each(self, content: Mapping[str, Any]) -> Content:
        """Income with one row for every person, whatever was typed for that person in it."""
        rows = {row.get("key"): row for row in content.get("rows", ())}
        return {**content, "rows": [rows.get(person.key, {"key": person.key}) for person in self.people]}

    @cached_property
    def people(self) -> list[Person]:
        """The applicant and the members as far as typed, for choosing an owner."""
        return [self._applicant(), *self._members()]

    def _applicant(self) -> Person:
        form = next(iter(self[APPLICANT.name].forms), None)
        if form is None:
            return Person(FIRST_KEY, str(APPLICANT.label))
        number = "" if form.has_error("id_number") else form.cleaned_data.get("id_number", "")
        return Person(FIRST_KEY, form.title or str(APPLICANT.label), number)

    def _members(self) -> list[Person]:
        rows = (self.sections.get(MEMBERS.name) or {}).get("rows", ())
        names = ((row.get("key", ""), row.get("name", "").strip()) for row in rows)
        return [
            Person(key, name or _("Member %(place)s") % {"place": place})
            for place, (key, name) in enumerate(names, start=1)
        ]

    def unfinished(self) -> list[SectionForm]:
        """The sections that are not done, in the order of the task list."""
        return [self[name] for name in SECTIONS if self[name].state != "done"]

    @property
    def has_persons(self) -> bool:
        """Whether applicant and members are entered without a mistake: then the forms to sign can be printed."""
        return self[APPLICANT.name].is_valid() and self[MEMBERS.name].is_valid()

    @cached_property
    def declared(self) -> Declared:
        """What the valid sections declare; no persons at all while one of them is wrong."""
        if not self.has_persons:
            return Declared(persons=())
        return drafting.declared_from({name: self[name].facts() for name in SECTIONS if self[name].is_valid()})
