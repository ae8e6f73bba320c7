"""What every page of one home, place, tenancy or subsidy shares: identity bar, what can be done now, its parts."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from benefits import deeds, review_deeds
from benefits.deed import Deed
from benefits.models import Grant, Home, Review, ReviewRound, Tenancy, Turn, Visit
from benefits.pages.tones import tone_of
from benefits.querysets import HOME_ROLES, LEDGER_ROLES
from bureau import masks
from bureau.models import Staff
from bureau.moves import Guard, Text

# By model: its deeds, the addresses of its page and of a deed on it, the template of its frame.
KINDS: dict[str, tuple[tuple[Deed, ...], str, str, str]] = {
    "home": (deeds.HOMES, "benefits:home", "benefits:home_deed", "benefits/_home.html"),
    "turn": (deeds.TURNS, "benefits:turn", "benefits:turn_deed", "benefits/_turn.html"),
    "tenancy": (deeds.TENANCIES, "benefits:tenancy", "benefits:tenancy_deed", "benefits/_tenancy.html"),
    "grant": (deeds.SUBSIDIES, "benefits:subsidy", "benefits:subsidy_deed", "benefits/_subsidy.html"),
    "reviewround": (
        review_deeds.ROUNDS,
        "benefits:review_round",
        "benefits:review_round_deed",
        "benefits/_review_round.html",
    ),
    "review": (review_deeds.REVIEWS, "benefits:review", "benefits:review_deed", "benefits/_review.html"),
    "visit": (review_deeds.VISITS, "benefits:visit", "benefits:visit_deed", "benefits/_visit.html"),
}


def kind_of(subject: Any) -> tuple[tuple[Deed, ...], str, str, str]:
    """Its line of the table above."""
    return KINDS[str(subject._meta.model_name)]


def page_token(subject: Any) -> str:
    """The state that a page was drawn from; its forms send it back."""
    return str(subject.status_since.isoformat())


def actions(subject: Any, staff: Staff) -> list[dict[str, str]]:
    """What this person can do now; at most one of them is the primary button."""
    table, _page, address, _template = kind_of(subject)
    known: dict[Guard, Text | None] = {}
    possible = [deed for deed in table if deed.why_not(subject, staff, known) is None]
    return [
        {"label": str(deed.label), "url": reverse(address, args=[subject.number, deed.name]), "tone": deed.look()}
        for deed in possible
    ]


def frame(subject: Any, staff: Staff, *, with_actions: bool = True) -> dict[str, Any]:
    """The context that all of them share."""
    return {
        "subject": subject,
        "tone": tone_of(subject),
        "tags": [(tone_of(subject), subject.get_status_display())],
        "actions": actions(subject, staff) if with_actions else [],
        "token": page_token(subject),
        "works": staff.works_on(subject.office_code),
        "sees_homes": staff.holds(*HOME_ROLES),
    }


def of_household(
    subject: Turn | Tenancy | Grant | Review | Visit, staff: Staff, tab: str = "", **more: Any
) -> dict[str, Any]:
    """The frame of a page about a household."""
    case = subject.application
    # Translators: %(name)s，家庭 %(count)s 人
    name = _("%(name)s, household of %(count)s")
    parts: dict[str, Callable[[Any, str, Staff], Sequence[dict[str, object]]]] = {
        "turn": _no_parts,
        "tenancy": _tenancy_parts,
        "grant": _grant_parts,
        "review": _no_parts,
        "visit": _no_parts,
    }
    return frame(subject, staff, **more) | {
        "case": case,
        "name": name % {"name": masks.name(case.applicant_name), "count": case.household_size},
        "title": f"{subject.number} · {masks.name(case.applicant_name)}",
        "subnav": parts[str(subject._meta.model_name)](subject, tab, staff),
    }


def of_round(found: ReviewRound, staff: Staff, **more: Any) -> dict[str, Any]:
    """The frame of the page of a yearly review."""
    return frame(found, staff, **more) | {"name": found.name, "title": f"{found.number} · {found.name}"}


def of_home(home: Home, staff: Staff, **more: Any) -> dict[str, Any]:
    """The frame of the page of a home."""
    return frame(home, staff, **more) | {"home": home, "name": str(home), "title": f"{home.number} · {home}"}


def hidden_names(subject: Any, staff: Staff) -> list[str]:
    """The names of the household that are masked in notes to who only reads."""
    if staff.works_on(subject.office_code):
        return []
    return list(subject.application.members.values_list("name", flat=True))


def told(rows: Iterable[Any], hidden: Sequence[str], *fields: str) -> list[Any]:
    """Rows with these texts as their reader may see them."""
    shown = list(rows)
    for row in shown if hidden else ():
        for name in fields:
            setattr(row, name, masks.names(getattr(row, name), hidden))
    return shown


def exits_of(subject: Tenancy | Grant, staff: Staff) -> list[Any]:
    """The ways out of a benefit, the newest first."""
    rows = subject.exits.select_related("by", "letter").defer("letter__data")
    return told(rows, hidden_names(subject, staff), "text", "condition", "rescinded_because")


def standing_exit(subject: Tenancy | Grant, staff: Staff) -> Any:
    """By which it ends, if anything has been decided."""
    rows = subject.exits.filter(rescinded_at=None)
    return next(iter(told(rows, hidden_names(subject, staff), "text")), None)


def _no_parts(_subject: Any, _tab: str, _staff: Staff) -> Sequence[dict[str, object]]:
    return ()


def _tenancy_parts(tenancy: Tenancy, tab: str, staff: Staff) -> Sequence[dict[str, object]]:
    labels: dict[str, Text] = {
        "overview": _("Overview"),
        "account": _("Rent account"),
        # Translators: 租赁合同
        "contracts": _("Leases"),
        # Translators: 租金标准
        "rents": _("Rents"),
        # Translators: 退出
        "exits": _("Way out"),
        # Translators: 文书
        "letters": _("Letters"),
        # Translators: 时间线
        "timeline": _("Timeline"),
        # Translators: 家庭全程
        "history": _("Household from first to last"),
    }
    if not staff.holds(*LEDGER_ROLES):
        del labels["account"]
    return _parts(tenancy, "tenancy", labels, tab)


def _grant_parts(grant: Grant, tab: str, _staff: Staff) -> Sequence[dict[str, object]]:
    labels: dict[str, Text] = {
        "overview": _("Overview"),
        # Translators: 补贴金额
        "amounts": _("Amounts"),
        "exits": _("Way out"),
        "letters": _("Letters"),
        "timeline": _("Timeline"),
        "history": _("Household from first to last"),
    }
    return _parts(grant, "subsidy", labels, tab)


def _parts(subject: Any, word: str, labels: dict[str, Text], tab: str) -> Sequence[dict[str, object]]:
    return [
        {"label": label, "url": _address(subject, word, name), "current": name == tab} for name, label in labels.items()
    ]


def _address(subject: Any, word: str, name: str) -> str:
    """Of a part."""
    if name == "overview":
        return reverse(f"benefits:{word}", args=[subject.number])
    if name == "account":
        return reverse("benefits:account", args=[subject.account.number])
    return reverse(f"benefits:{word}_part", args=[subject.number, name])
