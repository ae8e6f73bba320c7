"""The task list of a draft: every section, the papers and the signatures, each with how far it is."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications import signing
from applications.forms import codes
from applications.forms.household import Household
from applications.forms.sections import APPLICANT, ASSETS, ASSISTANCE, BUSINESSES, HOMES, INCOME, MEMBERS, VEHICLES
from applications.models import Application
from applications.receipts import needed

Task = dict[str, Any]


def steps_of(application: Application, household: Household) -> list[tuple[str, list[Task]]]:
    """(heading, tasks) in the order of the page."""
    return [
        # Translators: 家庭
        (
            _("The household"),
            [_task(application, household, each.name) for each in (APPLICANT, MEMBERS, HOMES, INCOME)],
        ),
        # Translators: 资产
        (
            _("Assets"),
            [_task(application, household, each.name) for each in (VEHICLES, ASSETS, BUSINESSES, ASSISTANCE)],
        ),
        # Translators: 材料与签署
        (_("Papers and signatures"), [_papers(application, household), _signing(application, household)]),
    ]


def _task(application: Application, household: Household, name: str) -> Task:
    bound = household[name]
    return {
        "label": bound.section.label,
        "url": reverse("applications:section", args=[application.reference, name]),
        "state": bound.state,
        "hint": _hint(household, name),
    }


def _hint(household: Household, name: str) -> str:
    bound = household[name]
    if bound.says_none:
        return str(bound.section.none)
    if bound.section.add and bound.forms:
        return "、".join(form.title for form in bound.forms if form.title)
    return bound.forms[0].title if name == APPLICANT.name and bound.forms else ""


def _papers(application: Application, household: Household) -> Task:
    kept = list(
        application.attachments.filter(removed_at=None)
        .exclude(section=codes.SIGNED_PAPERS[0])
        .values_list("section", flat=True)
    )
    state = "done" if set(needed(household.declared)) <= set(kept) else "in_progress" if kept else "not_started"
    count = ngettext("%(count)s paper", "%(count)s papers", len(kept)) % {"count": len(kept)} if kept else ""
    # Translators: 材料
    return {
        "label": _("Papers"),
        "url": reverse("applications:papers", args=[application.reference]),
        "state": state,
        "hint": count,
    }


def _signing(application: Application, household: Household) -> Task:
    # Translators: 承诺与授权
    label, url = _("Commitment and authorisation"), reverse("applications:signing", args=[application.reference])
    if not household.has_persons:
        # Translators: 先填好申请人和家庭成员，才能打印和签署
        return {
            "label": label,
            "url": url,
            "state": "blocked",
            "hint": _("Opens when applicant and members are entered without a mistake."),
        }
    waiting = signing.unsigned(application, household.declared)
    if not waiting:
        return {"label": label, "url": url, "state": "done", "hint": ""}
    if len(waiting) == 1 and signing.declaration_changed(application, household.declared):
        hint = _("The declaration changed since it was signed: print the commitment again, the applicant signs it.")
    else:
        hint = _("Still to sign: %(names)s") % {"names": "、".join(person.name for person in waiting)}
    started = len(waiting) < len(household.declared.persons) or application.commitments.exists()
    return {"label": label, "url": url, "state": "in_progress" if started else "not_started", "hint": hint}
