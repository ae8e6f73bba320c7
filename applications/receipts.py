"""The receipt that a household takes home: what was handed in, what is still to be brought, how long each takes."""

from collections.abc import Mapping

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import deadlines, letters_out
from applications.models import Application
from bureau import letter_data, workdays
from bureau.models import Document, Staff

# Papers that every household brings, and how they are called.
NEEDED_PAPERS: Mapping[str, str | Promise] = {
    # Translators: 身份证
    "identity": gettext_lazy("ID card"),
    # Translators: 户口簿
    "hukou": gettext_lazy("Household register"),
}


def receipt(case: Application, *, by: Staff) -> Document:
    """受理回执: what was handed in, and how long each desk may take."""
    with translation.override(letters_out.LETTER_LANGUAGE):
        limits = deadlines.procedure_on(case.accepted_on or workdays.today())
        stages = [
            (_("Street review"), limits.street_days, case.due_on),
            (_("District review"), limits.district_days, None),  # its days are counted from when it gets the case
            (_("City review and check"), limits.city_days + limits.check_days, None),
            (_("Decision"), limits.decision_days, None),
        ]
        words = [(name, _("%(days)s working days") % {"days": days}, due_on) for name, days, due_on in stages]
        # Translators: 公示（拟准予保障的）
        words.append((_("Public notice (when a benefit is to be granted)"), _calendar_days(limits.notice_days), None))
        letter = letter_data.Receipt(
            **letters_out.header_of(case),
            accepted_on=case.accepted_on or workdays.today(),
            accepted_at=case.office.name_zh,
            members=letters_out.members_of(case),
            papers=tuple(letter_data.Paper(name=paper.title) for paper in case.attachments.filter(removed_at=None)),
            missing=missing_papers(case),
            stages=tuple(letter_data.Stage(name=name, limit=limit, due_on=due_on) for name, limit, due_on in words),
        )
        return letters_out.issue("receipt", case, letter, by=by)


def missing_papers(case: Application) -> tuple[str, ...]:
    """The papers that every household brings and this one has not brought, by name."""
    brought = set(case.attachments.filter(removed_at=None).values_list("section", flat=True))
    return tuple(str(name) for kind, name in NEEDED_PAPERS.items() if kind not in brought)


def _calendar_days(days: int) -> str:
    # Translators: %(days)s 天
    return _("%(days)s calendar days") % {"days": days}
