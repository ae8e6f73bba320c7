"""A demonstration has households in benefit: one in a home for three months, one on a subsidy, one that waits.

They go the real way, months ago: this process and the mock departments live at the days at which it happened, before
any worker runs. Every step calls the work module that its page calls.
"""

import time
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from applications import publicity
from applications.models import Application, Member
from benefits import allotting, billing, ledger, payments, statements, subsidies, tenancies
from benefits.models import Grant, Home, Tenancy, Turn
from benefits.statement_files import COLUMNS, HEAD
from bureau import workdays
from housing_credit import demo_journey as journey
from housing_credit.replay.calendar import Calendar
from verification import asking, assessing, recording
from verification.models import Check

TENANT, PAID, WAITS = "rare-character-name", "dibao-family", "old-15-digit-id"  # scenarios of the mock departments
BEGAN = 100  # days ago
NOTICE_DAYS = 12
PATIENCE = 60.0  # seconds until all sources have answered
MONTHS_PAID = 1  # of the rent, when the first bills are out; what came after is still owed
STRAY = ("35.00", "王秀英", "")  # of a statement: money that fits no tenancy and waits for a person
BANK, ACCOUNT = "江苏银行泰州分行", "6228480012345678901"


def seed_benefits() -> int:
    """Bring each household as far as it goes; returns how many are new. One that is there already is left alone."""
    new = [name for name in (TENANT, PAID, WAITS) if not _is_known(name)]
    if not new:
        return 0
    began = workdays.today() - timedelta(days=BEGAN)
    with Calendar() as calendar:
        calendar.go_to(began)
        cases = {name: _decided(name) for name in new}
        calendar.go_to(began + timedelta(days=NOTICE_DAYS))
        publicity.close_due()
        allotting.register_due()
        subsidies.grant_due()
        calendar.go_to(began + timedelta(days=NOTICE_DAYS + 3))
        if TENANT in cases:
            _move_in(cases[TENANT])
        if PAID in cases:
            grant = Grant.objects.get(application=cases[PAID])
            subsidies.set_up(grant, bank=BANK, account=ACCOUNT, rent_paid=None, by=journey.staff("window"))
        if TENANT in cases:
            _pay(cases[TENANT], calendar, began)
    if PAID in cases:
        payments.draft(workdays.today(), by=journey.staff("cashier"))
    return len(new)


def _is_known(scenario: str) -> bool:
    applicant = journey.declared_of(journey.papers_of(scenario)).persons[0]
    return Member.objects.filter(id_index=applicant.id_number).exists()


def _decided(scenario: str) -> Application:
    """From the window to the public notice."""
    case = journey.submit(scenario, say=_quietly)
    outcome = journey.conclude(_answered(journey.review(case, say=_quietly)), say=_quietly)
    journey.decide(case, outcome, say=_quietly)
    return case


def _answered(check: Check) -> Check:
    """Asked and assessed here: no worker runs yet."""
    deadline = time.monotonic() + PATIENCE
    while check.status != Check.Status.ASSESSED:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{check.number} is still {check.status} after {PATIENCE:.0f} s.")
        asking.ask([check.pk])
        recording.settle([check.pk])
        assessing.assess_due()
        check.refresh_from_db()
        time.sleep(0.05)
    return check


def _move_in(case: Application) -> None:
    officer, turn = journey.staff("housing"), Turn.objects.get(application=case)
    home = Home.objects.visible_to(officer).vacant().filter(rooms__gte=turn.rooms).order_by("rooms", "number")[0]
    tenancy = tenancies.accept(allotting.offer(turn, home, by=officer), by=officer)
    tenancies.hand_over(tenancy, by=officer)


def _pay(case: Application, calendar: Calendar, began: date) -> None:
    """The rent is billed every month; the first months are paid."""
    tenancy = Tenancy.objects.select_related("account").get(application=case)
    for month in range(1, MONTHS_PAID + 1):
        day = tenancies.months_after(began + timedelta(days=NOTICE_DAYS), month)
        calendar.go_to(day)
        billing.bill_due()
        reference = f"DEMO-{tenancy.account.number}-{month}"
        if (left := ledger.owed(tenancy.account)) > 0:
            lines = (f"{left}", case.applicant_name, tenancy.number, reference), (*STRAY, f"{reference}-2")
            name = f"{BANK}{day:%Y-%m}.csv"
            statements.bring_in(_statement(day, lines), name=name, by=journey.staff("cashier"))


def _statement(day: date, lines: Sequence[tuple[str, str, str, str]]) -> bytes:
    """A statement of the bank over one day: amount, payer, remark and reference of each line."""
    total = sum(Decimal(line[0]) for line in lines)
    values = (BANK, "3212000000000000000", day, day, len(lines), total)
    rows = [*zip(HEAD, values, strict=True), COLUMNS, *((day, *line) for line in lines)]
    return "\n".join(",".join(map(str, row)) for row in rows).encode()


def _quietly(_text: str) -> None:
    pass
