"""From the approval to the keys, and from month to month: homes let, rents billed and paid, arrears followed, homes
taken back.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal

from benefits import allotting, billing, chasing, duties, exits, homes, plans, statements, subsidies, tenancies
from benefits.models import Exit, Home, Tenancy, Turn
from benefits.waiting import rooms_for
from bureau import workdays
from credit.models import Case
from housing_credit.replay import officers
from housing_credit.replay.population import Household

AREAS = {1: Decimal("32.50"), 2: Decimal("48.60"), 3: Decimal("59.80")}  # m² by rooms
ESTATE, ADDRESS, DISTRICT = "重演家园", "泰州市海陵区凤凰东路", "321202"
A_FLOOR = 10  # flats
GRAVE = 12  # months of arrears, after which a household is ordered to leave


def build(households: Iterable[Household]) -> None:
    """The city has homes for whoever applies for one."""
    officer = officers.staff(officers.DECIDES)
    wanted = Counter(rooms_for(len(each.people)) for each in households if each.kind == "public_rental")
    estate = homes.enter_estate(name=ESTATE, address=ADDRESS, office_code=DISTRICT, by=officer)
    for rooms, count in sorted(wanted.items()):
        flats = [
            homes.Flat(
                unit=f"{place // A_FLOOR + 1}{place % A_FLOOR:02d}",
                floor=place // A_FLOOR + 1,
                rooms=rooms,
                area=AREAS[rooms],
            )
            for place in range(count)
        ]
        for number, begin in enumerate(range(0, count, homes.MOST_AT_ONCE), start=1):
            part = flats[begin : begin + homes.MOST_AT_ONCE]
            homes.enter(estate, f"{rooms}-{number}", part, has_lift=True, by=officer)


def _house() -> None:
    """Offer a fitting home to who waits, in the order of the list; they take it, sign, and get the keys."""
    officer = officers.staff(officers.DECIDES)
    for turn in Turn.objects.filter(status=Turn.Status.WAITING).in_order():
        home = Home.objects.vacant().filter(rooms=turn.rooms).order_by("pk").first()
        if home is None:
            continue
        tenancy = tenancies.accept(allotting.offer(turn, home, by=officer), by=officer)
        tenancies.hand_over(tenancy, by=officer)


def bring_in(files: Sequence[bytes]) -> None:
    """The cashier takes the bank's file."""
    for content in files:
        name = f"{workdays.today():%Y-%m}.csv"
        statements.bring_in(content, name=name, by=officers.staff(officers.CASHIER))


def order_out_for_arrears() -> None:
    """Who is recorded for arrears and has not paid for a year is ordered to leave (公共租赁住房管理办法, art. 29)."""
    today = workdays.today()
    recorded = Case.objects.filter(status=Case.Status.RECORDED, act__code=chasing.ACT)
    leads = recorded.values("lead__number")
    rows = Tenancy.objects.filter(status=Tenancy.Status.RUNNING, reminders__lead__in=leads).distinct()
    tenants = {row.account_id: row for row in rows}
    for key, arrears in chasing.counting(list(tenants), on=today).items():
        if arrears.months >= GRAVE:
            text = f"累计拖欠租金{arrears.months}个月，共{arrears.amount}元，经催缴仍未缴清。"
            by = officers.staff(officers.DECIDES)
            exits.order_out(tenants[key], reason=Exit.Reason.BREACH, text=text, by=by)


def take_back(tenants: Sequence[int]) -> None:
    """The keys are back; the home is looked at, and readied for the next."""
    officer = officers.staff(officers.DECIDES)
    for row in Tenancy.objects.filter(pk__in=tenants):
        exits.take_back(row, on=workdays.today(), condition="房屋及设施完好。", by=officer)


def allot(_: Sequence[object]) -> None:
    """The sweeps, then homes for who waits: one after the other, as a place that is registered may stand first."""
    _sweep()
    _house()


def _sweep() -> None:
    """What the timetable does for benefits, in its order."""
    allotting.register_due()
    subsidies.grant_due()
    allotting.lapse_due()
    billing.bill_due()
    plans.note_due()
    chasing.remind_due()
    chasing.refer_due()
    duties.refer_due_stays()
