"""Which pages are measured: every list that somebody works from, each kind of page behind them, the figures.

Pages of one record are found by query, so that the same table serves every installation; where there is no such
record the page is left out.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.urls import reverse

from applications.models import Application
from benefits.models import Account, Grant, Home, PaymentList, Review, ReviewRound, Statement, Tenancy, Turn, Visit
from bureau.models import Staff
from bureau.roles import Role, Tier
from credit.models import Case, Lead, Subject
from housing_credit.dashboard.fairness import GROUPS
from housing_credit.dashboard.figures import FIGURES
from housing_credit.dashboard.pages import PARTS
from housing_credit.seeds.ground import OUR_CITY
from housing_credit.supervision.pages import TROUBLES
from verification.models import Check, Round, Source

Address = str | Callable[[Staff], str | None]
CHECK, HOUSING, CASHIER, CREDIT = Role.CHECK_OFFICER, Role.HOUSING_OFFICER, Role.CASHIER, Role.CREDIT_OFFICER
AUDITOR, CLERK, REVIEWER, PANEL = Role.AUDITOR, Role.CLERK, Role.REVIEWER, Role.PANEL_MEMBER


class Page(NamedTuple):
    """One address and who asks for it: the first who holds the role at an office of the tier. `sent`: by POST; `part`:
    as the page asks for a part of itself.
    """

    role: Role
    address: Address
    tier: Tier = Tier.CITY
    sent: Mapping[str, str] | None = None
    part: bool = False


def pages() -> list[Page]:
    """All of them."""
    return [*_desks(), *_centre(), *_benefits(), *_benefit(), *_registry(), *_cases(), *_figures(), *_supervision()]


def _desks() -> Iterator[Page]:
    """The desks and lists of cases, by role."""
    everybody = ((CLERK, Tier.WINDOW), (REVIEWER, Tier.STREET), (REVIEWER, Tier.DISTRICT))
    for role, tier in (*everybody, *((role, Tier.CITY) for role in (CHECK, HOUSING, AUDITOR))):
        yield Page(role, "/", tier)
        for tab in ("todo", "open", "done", "all"):
            yield Page(role, f"/applications/?tab={tab}", tier)
    for role in (CASHIER, CREDIT, PANEL):
        yield Page(role, "/")
    yield Page(AUDITOR, "/applications/?tab=all&page=40")
    yield Page(AUDITOR, "/applications/?tab=all&sort=-submitted")
    yield Page(AUDITOR, f"/applications/?tab=all&kind=rental_subsidy&office={OUR_CITY[:4]}02")
    yield Page(CHECK, "/search/", sent={"q": "王建"})
    yield Page(HOUSING, "/notices/")
    yield Page(AUDITOR, "/employers/")
    yield Page(AUDITOR, "/audit/")


def _centre() -> Iterator[Page]:
    """The check centre."""
    for address in (
        *("/checks/", "/checks/?page=40", "/checks/board/", "/checks/scorecard/", "/checks/rounds/"),
        *("/checks/standards/", "/checks/objections/"),
    ):
        yield Page(CHECK, address)
    yield Page(CHECK, _of("verification:board_source", Source.objects.order_by("place", "code"), "code"))
    rounds = Round.objects.order_by("-households", "pk")
    for name in ("round", "round_changes", "round_near"):
        yield Page(CHECK, _of(f"verification:{name}", rounds))
    checks = Check.objects.exclude(purpose="rehearsal")
    for status in ("concluded", "assessed"):
        yield Page(CHECK, _of("verification:check", checks.filter(status=status).order_by("-pk")))


def _benefits() -> Iterator[Page]:
    """The lists of benefits and of money."""
    for address in (
        *("homes/", "homes/?tab=vacant", "homes/?rooms=2&tab=let&page=20"),
        *("waiting/", "waiting/?tab=waiting", "waiting/?tab=waiting&page=40", "waiting/?due=late"),
        *("waiting/?group=elderly", "tenancies/", "tenancies/?tab=running", "tenancies/?tab=running&page=40"),
        *("tenancies/?due=ends", "tenancies/?due=late", "subsidies/", "subsidies/?tab=running&page=40"),
        *("reviews/", "visits/", "visits/?tab=found", "arrears/", "arrears/?months=6", "payments/", "statements/"),
    ):
        yield Page(HOUSING, f"/benefits/{address}")
    for address in ("arrears/", "arrears/?months=3", "arrears/?page=10", "payments/", "statements/"):
        yield Page(CASHIER, f"/benefits/{address}")
    for role, tier in ((CLERK, Tier.WINDOW), (REVIEWER, Tier.STREET), (REVIEWER, Tier.DISTRICT), (AUDITOR, Tier.CITY)):
        for name in ("waiting", "tenancies", "subsidies", "reviews", "visits"):
            yield Page(role, f"/benefits/{name}/", tier)
    yield Page(REVIEWER, "/benefits/homes/", Tier.DISTRICT)


def _benefit() -> Iterator[Page]:
    """One of each kind, with its parts."""
    lived = Tenancy.objects.filter(status="running").order_by("signed_on", "pk")
    late = lived.filter(reminders__isnull=False)
    for part in ("contracts", "rents", "exits", "letters", "timeline", "history"):
        yield Page(HOUSING, _part("benefits:tenancy_part", lived, part))
    yield Page(HOUSING, _of("benefits:tenancy", lived))
    yield Page(HOUSING, _of("benefits:tenancy", late))
    yield Page(CASHIER, _of("benefits:account", Account.objects.filter(tenancy__in=late).order_by("opened_on", "pk")))
    yield Page(CASHIER, _of("benefits:account", Account.objects.exclude(closed_on=None).order_by("opened_on", "pk")))
    yield Page(HOUSING, _of("benefits:home", Home.objects.filter(status="let").order_by("-pk")))
    turns = Turn.objects.filter(status="waiting")
    yield Page(HOUSING, _of("benefits:turn", turns.order_by("-rank", "-approved_on", "-number")))
    yield Page(CLERK, _of("benefits:turn", turns.order_by("rank", "approved_on", "number")), Tier.WINDOW)
    grants = Grant.objects.filter(status="running").order_by("granted_on", "pk")
    yield Page(HOUSING, _of("benefits:subsidy", grants))
    for part in ("amounts", "history"):
        yield Page(HOUSING, _part("benefits:subsidy_part", grants, part))
    rounds = ReviewRound.objects.order_by("-opened_on", "-pk")
    yield Page(HOUSING, _of("benefits:review_round", rounds))
    yield Page(HOUSING, _of("benefits:review_round", rounds, query="?tab=checking"))
    yield Page(HOUSING, _of("benefits:review_round", rounds, query="?page=40"))
    yield Page(REVIEWER, _of("benefits:review_round", rounds), Tier.DISTRICT)
    for status in ("changed", "renewed", "checking"):
        yield Page(HOUSING, _of("benefits:review", Review.objects.filter(status=status).order_by("-pk")))
    yield Page(HOUSING, _of("benefits:visit", Visit.objects.filter(status="found").order_by("-pk")))
    yield Page(CASHIER, _of("benefits:statement", Statement.objects.order_by("-lines_count")))
    yield Page(CASHIER, _of("benefits:payment", PaymentList.objects.order_by("-households", "-pk")))


def _registry() -> Iterator[Page]:
    """The registry and what departments ask of it."""
    for address in (
        *("cases/", "cases/?tab=recorded", "leads/", "leads/?tab=received", "registry/", "queries/", "announcements/"),
        *("announcements/running/", "deliveries/", "still-applied/", "feeds/"),
    ):
        yield Page(CREDIT, f"/credit/{address}")
    yield Page(CREDIT, "/credit/registry/", sent={"q": "样本"})
    yield Page(CREDIT, "/credit/queries/", sent={"outcome": "hit"})
    yield Page(AUDITOR, "/credit/queries/")
    for status in ("recorded", "released", "notified"):
        cases = Case.objects.filter(status=status).order_by("-pk")
        yield Page(CREDIT, _of("credit:case", cases))
        yield Page(CREDIT, _of("benefits:credit_case", cases))
    yield Page(CREDIT, _of("credit:lead", Lead.objects.filter(status="received").order_by("-pk")))
    banned = Subject.objects.filter(sanctions__isnull=False).order_by("-pk")
    yield Page(CREDIT, _of("credit:file", banned, "pk"))


def _cases() -> Iterator[Page]:
    """One application with all its parts: of a household that has its home, and of one that is being checked."""
    housed = Application.objects.filter(tenancies__isnull=False).order_by("submitted_at", "pk")
    for name in ("", "_household", "_check", "_statement", "_papers", "_documents", "_timeline"):
        yield Page(HOUSING, _of(f"applications:case{name}", housed, "reference"))
    yield Page(AUDITOR, _of("applications:case_audit", housed, "reference"))
    for status in ("at_street", "checking", "checked", "on_notice"):
        cases = Application.objects.filter(status=status).order_by("submitted_at", "pk")
        yield Page(AUDITOR, _of("applications:case", cases, "reference"))


def _figures() -> Iterator[Page]:
    """The dashboard as it is chosen, and the list behind each of its numbers."""
    district = f"{OUR_CITY[:4]}02"
    for query in (
        *("", "?period=all", "?period=all&by=month", f"?period=all&district={district}"),
        *("?period=all&kind=public_rental", f"?by=month&kind=rental_subsidy&district={district}"),
    ):
        yield Page(AUDITOR, f"/dashboard/{query}")
        for part in list(PARTS)[1:]:  # the first one comes with the page
            yield Page(AUDITOR, f"/dashboard/parts/{part}/{query}", part=True)
    yield Page(HOUSING, "/dashboard/")
    yield Page(CREDIT, "/dashboard/?period=all&by=month")
    for code in FIGURES:
        yield Page(AUDITOR, f"/dashboard/figures/{code}/?period=all")
    yield Page(HOUSING, f"/dashboard/figures/checked/?period=all&district={district}&kind=public_rental&page=20")
    yield Page(AUDITOR, "/dashboard/exports/")


def _supervision() -> Iterator[Page]:
    """The districts, what is stuck, fairness."""
    yield Page(AUDITOR, "/supervision/")
    for who in (AUDITOR, HOUSING):
        yield Page(who, "/supervision/stuck/")
        yield Page(who, "/supervision/stuck/parts/benefits/", part=True)
    yield Page(AUDITOR, "/supervision/stuck/parts/credit/", part=True)
    for query in ("", "?period=all&by=month"):
        yield Page(AUDITOR, f"/supervision/fairness/{query}")
        for group in GROUPS:
            yield Page(AUDITOR, f"/supervision/fairness/{group.code}/{query}", part=True)
    for code, trouble in TROUBLES.items():
        if AUDITOR in trouble.seen_by:
            yield Page(AUDITOR, f"/supervision/stuck/{code}/")


def _of(name: str, rows: QuerySet[Any], by: str = "number", query: str = "") -> Address:
    """The page of the first of these rows that its reader may see."""

    def address(staff: Staff) -> str | None:
        scoped = rows.visible_to(staff) if hasattr(rows, "visible_to") else rows
        found = _first(name, scoped, by)
        return f"{found}{query}" if found else None

    return address


def _part(name: str, rows: QuerySet[Any], part: str) -> Address:
    def address(staff: Staff) -> str | None:
        found = rows.visible_to(staff).first()  # type: ignore[attr-defined]  # both have scopes
        return reverse(name, args=[found.number, part]) if found else None

    return address


def _first(name: str, rows: QuerySet[Any], by: str) -> str | None:
    found = rows.first()
    return reverse(name, args=[getattr(found, by)]) if found else None
