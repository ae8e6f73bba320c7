"""From what a section's page sent to what the draft keeps, and back with a row more or less. Nothing is judged here."""

import re
from collections.abc import Iterable, Mapping

from applications.forms.rows import LONGEST_TEXT, Person
from applications.forms.sections import APPLICANT, FIRST_KEY, INCOME, MEMBERS, Content, Section, SectionForm

MOST_ROWS = 40
ROW = re.compile(r"rows-(\d{1,3})-(\w{1,30})", re.ASCII)
# Control characters but tab and line feed: a pasted one shows nowhere, and a letter cannot print it.
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
KEY = re.compile(r"m[1-9]\d{0,2}", re.ASCII)


def content_from(section: Section, post: Mapping[str, str], people: Iterable[Person], last: int) -> Content:
    """What was typed on the page, as the draft keeps it. `last` is the highest member number ever given out."""
    rows: dict[int, dict[str, str]] = {}
    for name, value in post.items():
        found = ROW.fullmatch(name)
        if found and found[2] in section.form.base_fields and len(rows) <= MOST_ROWS:
            rows.setdefault(int(found[1]), {})[found[2]] = UNSEEN.sub("", str(value))[:LONGEST_TEXT]
    content: Content = {
        "none": "on" if post.get("none") and section.none else "",
        "rows": [rows[place] for place in sorted(rows)][:MOST_ROWS],
    }
    if section is MEMBERS:
        return with_keys(content, last)
    if section is INCOME:
        keys = {person.key for person in people}
        content["rows"] = [row for row in content["rows"] if row.get("key") in keys]
    if section is APPLICANT:
        content["rows"] = [{**row, "key": FIRST_KEY} for row in content["rows"][:1] or [{}]]
    return content


def with_keys(content: Content, last: int) -> Content:
    """Every member row has a key of its own; a key once given never comes back for somebody else."""
    taken = {FIRST_KEY}
    last = max([1, last, *(int(row["key"][1:]) for row in content["rows"] if KEY.fullmatch(row.get("key", "")))])
    rows = []
    for row in content["rows"]:
        key = row.get("key", "")
        if not KEY.fullmatch(key) or key in taken:
            last += 1
            key = f"m{last}"
        taken.add(key)
        rows.append({**row, "key": key})
    return {**content, "rows": rows, "last": last}


def with_row(section: Section, content: Content) -> Content:
    """The content with one more blank row."""
    if len(content["rows"]) >= MOST_ROWS:
        return content
    longer: Content = {**content, "none": "", "rows": [*content["rows"], {}]}
    return with_keys(longer, content.get("last", 0)) if section is MEMBERS else longer


def without_row(content: Content, place: int) -> Content:
    """The content without the row at that place."""
    return {**content, "rows": [row for at, row in enumerate(content["rows"]) if at != place]}


def without_blank_rows(section: Section, content: Content) -> Content:
    """The content without rows in which nothing was typed; the fixed rows of applicant and income stay."""
    if not section.add:
        return content
    forms = SectionForm(section, content, (), checked=False).forms
    return {**content, "rows": [row for row, form in zip(content["rows"], forms, strict=True) if form.has_text()]}
