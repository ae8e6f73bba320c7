"""The receipt that a household takes home: what was handed in, what is still to be brought, how long each takes."""

from collections.abc import Mapping, Set

import msgspec
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import deadlines, letters_out
from applications.models import Application, Procedure
from bureau import letter_data, workdays
from bureau.models import Document, Staff
from verification.facts import Declared

# Papers that every household brings, and how they are called.
NEEDED_PAPERS: Mapping[str, str | Promise] = {
    # Translators: 身份证
    "identity": gettext_lazy("ID card"),
    # Translators: 户口簿
    "hukou": gettext_lazy("Household register"),
}
# Those that some bring besides: who is or was married, who declares wages.
MARRIAGE, INCOME = "marriage", "income"
PAPER_NAMES: Mapping[str, str | Promise] = {
    **NEEDED_PAPERS,
    MARRIAGE: gettext_lazy("Proof of marital status"),
    INCOME: gettext_lazy("Proof of income"),
}
NEVER_MARRIED = "10"  # GB/T 2261.2; of a child as well


def needed(declared: Declared) -> dict[str, str | Promise]:
    """The kinds of paper that this household brings, by name."""
    kinds = [*NEEDED_PAPERS]
    if any(person.marital != NEVER_MARRIED for person in declared.persons):
        kinds.append(MARRIAGE)
    if any(person.income.wages for person in declared.persons):
        kinds.append(INCOME)
    return {kind: PAPER_NAMES[kind] for kind in kinds}


def receipt(case: Application, *, by: Staff) -> Document:
    """受理回执: what was handed in, and how long each desk may take."""
    brought = [*case.attachments.filter(removed_at=None).values_list("section", "title")]
    with translation.override(letters_out.LETTER_LANGUAGE):
        limits, status = deadlines.procedure_on(case.accepted_on or workdays.today()), Application.Status
        days = {each: deadlines.days_of(case, each, limits) or 0 for each in (status.AT_DISTRICT, status.AT_CITY)}
        stages = [
            (_("Street review"), deadlines.days_of(case, status.AT_STREET, limits), case.due_on),
            # Its days are counted from when it gets the case.
            (_("District review"), days[status.AT_DISTRICT], None),
            (_("City review and check"), days[status.AT_CITY] + limits.check_days, None),
            (_("Decision"), deadlines.days_of(case, status.CHECKED, limits), None),
        ]
        words = [(name, _("%(days)s working days") % {"days": days}, due_on) for name, days, due_on in stages]
        # Translators: 公示（拟准予保障的）
        words.append((_("Public notice (when a benefit is to be granted)"), _calendar_days(limits.notice_days), None))
        letter = letter_data.Receipt(
            **letters_out.header_of(case),
            accepted_on=case.accepted_on or workdays.today(),
            accepted_at=case.office.name_zh,
            members=letters_out.members_of(case),
            papers=tuple(letter_data.Paper(name=title) for _section, title in brought),
            missing=_missing(case, {section for section, _title in brought}, limits),
            stages=tuple(letter_data.Stage(name=name, limit=limit, due_on=due_on) for name, limit, due_on in words),
        )
        return letters_out.issue("receipt", case, letter, by=by)


def _missing(case: Application, brought: Set[str], limits: Procedure) -> tuple[str, ...]:
    """What is still to be brought; in the fast lane with the day by which it was promised."""
    missing = _names_of_missing(case, brought)
    if not case.fast:
        return missing
    by = workdays.add_workdays(workdays.today(), limits.supplement_days)
    # Translators: %(paper)s（%(day)s前补交）
    text = _("%(paper)s (promised by %(day)s)")
    return tuple(text % {"paper": paper, "day": by} for paper in missing)


def _names_of_missing(case: Application, brought: Set[str]) -> tuple[str, ...]:
    """The papers that this household brings and has not brought."""
    declared = msgspec.json.decode(case.declaration.content, type=Declared) if case.declaration else None
    wanted = needed(declared) if declared else NEEDED_PAPERS
    return tuple(str(name) for kind, name in wanted.items() if kind not in brought)


def _calendar_days(days: int) -> str:
    # Translators: %(days)s 天
    return _("%(days)s calendar days") % {"days": days}
