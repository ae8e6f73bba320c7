"""What an export holds, as tables of plain values: the figures with their definitions, or the rows of a list."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from bureau import workdays
from bureau.models import Staff
from housing_credit.dashboard import columns, fairness, notice, pages
from housing_credit.dashboard.figure import Figure, Group
from housing_credit.dashboard.forms import FilterForm
from housing_credit.dashboard.words import period_name

GROUPS: dict[str, Sequence[Group]] = {"dashboard": notice.GROUPS, "fairness": fairness.GROUPS}


class Table(NamedTuple):
    """A sheet of a workbook, a table on paper."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Any]]


def tables(what: str, form: FilterForm) -> list[Table]:
    """All figures of a page, as it shows them, with what each counts."""
    groups = pages.groups_of(GROUPS[what], form)
    found = [table for group in groups for table in _of_group(group)]
    if what == "dashboard":
        found.append(_times(pages.times_of(form)))
    return [_totals(groups), *found]


def _totals(groups: Sequence[dict[str, Any]]) -> Table:
    heads = (_("Figure"), _("Number"), _("What it counts"))
    rows = [(str(tile["label"]), tile["value"], str(tile["definition"])) for each in groups for tile in each["tiles"]]
    # Translators: 指标
    return Table(_("Figures"), heads, rows)


def _of_group(group: dict[str, Any]) -> Iterator[Table]:
    labels = [str(figure.label) for figure in group["figures"]]
    for key, first, how in (
        ("time_rows", _("Period"), group["by_time"]),
        ("district_rows", _("District"), _("By district")),
        ("source_rows", _("Source"), _("By source")),
    ):
        if rows := group.get(key):
            title = _("%(label)s: %(how)s") % {"label": group["label"], "how": how}
            values = [(str(row["label"]), *(cell["value"] for cell in row["cells"])) for row in rows]
            yield Table(title, (first, *labels), values)


def _times(times: dict[str, Any]) -> Table:
    heads = (_("Desk"), _("Went on"), _("Median"), _("Nine of ten within"), _("Longest"))
    rows = []
    for row in times["rows"]:
        took = row["took"]
        rows.append((str(row["figure"].label), took.stays, took.median, took.most, took.longest))
    return Table(_("Time at each desk, in working days"), heads, rows)


def chosen_words(form: FilterForm) -> list[tuple[str, str]]:
    """What was chosen, in words: period, district, kind, and the day on which it was counted."""
    chosen = form.chosen
    kinds = dict(form.fields["kind"].choices)  # type: ignore[attr-defined]  # wider than the stubs know
    found = [(_("Period"), period_name(chosen.period))]
    if chosen.district:
        found.append((_("District"), form.districts[chosen.district]))
    if chosen.kind:
        found.append((_("Kind"), str(kinds[chosen.kind])))
    # Translators: 统计时间
    return [*found, (_("Counted on"), f"{workdays.today():%Y-%m-%d}")]


def shown_columns(figure: Figure, staff: Staff) -> list[columns.Column]:
    """The columns of a list that this person sees."""
    return columns.seen(figure.base.columns, pages.roles_of(staff))


def value_of(column: columns.Column, row: Any) -> Any:
    """What a column shows of a row: moments as their day in Taizhou."""
    value = column.value(row)
    if column.look == "date" and hasattr(value, "astimezone"):
        return value.astimezone(workdays.SHANGHAI).date()
    return value if isinstance(value, int | float | None) or column.look in {"date", "money"} else str(value)
