"""What households do outside the offices: they pay or do not, leave or stay. The officers see what comes of it."""

import io
from collections.abc import Iterable, Mapping, Sequence
from csv import writer
from datetime import date
from decimal import Decimal

from applications.models import Member
from benefits.models import Entry, Exit, Reminder, Tenancy
from benefits.querysets import LIVE_TENANCIES
from bureau import workdays
from bureau.fields import blind_index
from credit.clocks import Event
from credit.models import Happening
from housing_credit.replay.days import Month
from housing_credit.replay.fates import PAYS_BACK_IN, Fate
from housing_credit.replay.people import APPLICANT
from housing_credit.replay.population import Household

NOTHING = Decimal(0)
BANK, CITY_ACCOUNT = "泰州农村商业银行", "3212990100000017"


class World:
    """The households by the ID numbers of their applicants, and what becomes of each."""

    def __init__(self, households: Iterable[Household]) -> None:
        self._by_index = {blind_index(each.people[0].id_number): each for each in households}

    def homes(self, tenancies: Iterable[Tenancy]) -> Mapping[int, Household]:
        """Who lives in each of these tenancies, by its id."""
        by_case = {row.application_id: row.pk for row in tenancies}
        rows = Member.objects.filter(application__in=by_case, relation=APPLICANT).values_list("application", "id_index")
        return {by_case[case]: self._by_index[bytes(index)] for case, index in rows}

    def statement(self, month: Month) -> bytes | None:
        """What the bank has taken in this month, as its file; nothing when nobody pays."""
        rows = list(Tenancy.objects.filter(status__in=(*LIVE_TENANCIES, "returned")).order_by("pk"))
        owed = Entry.objects.owed([row.account_id for row in rows])
        reminded = set(Reminder.objects.filter(tenancy__in=rows).values_list("tenancy", flat=True))
        by_pk = {row.pk: row for row in rows}
        lines = []
        for pk, household in self.homes(rows).items():
            row = by_pk[pk]
            amount = _paid(household.fate, owed.get(row.account_id, NOTHING), month, is_reminded=pk in reminded)
            if amount > 0:
                lines.append((row, amount))
        return _file(month, lines) if lines else None

    def leaving(self, *, before: date) -> list[int]:
        """The tenancies whose households hand the keys back today: they have to go before that day, or are recorded."""
        ordered = list(Tenancy.objects.filter(status__in=("ordered", "court")))
        by = dict(
            Exit.objects.filter(tenancy__in=ordered, rescinded_at=None).values_list("tenancy", "leave_by").order_by()
        )
        recorded = self._recorded()
        return [
            pk
            for pk, household in self.homes(ordered).items()
            if (household.place in recorded if household.fate.stays_on else _has_to_go(by.get(pk), before))
        ]

    def _recorded(self) -> set[int]:
        """Which households have been recorded."""
        rows = Happening.objects.filter(event=Event.RECORDED)
        found = rows.values_list("case__parties__subject__identifier_index", flat=True)
        return {self._by_index[bytes(index)].place for index in found if bytes(index) in self._by_index}


def _paid(fate: Fate, owed: Decimal, month: Month, *, is_reminded: bool) -> Decimal:
    """What a household transfers in a month that owes so much."""
    if fate.stops is None or month < fate.stops or (fate.is_late and is_reminded):
        return owed
    return fate.pays_back if month == PAYS_BACK_IN else NOTHING


def _has_to_go(leave_by: date | None, before: date) -> bool:
    """Whether the next day would be too late: they go when they have to."""
    return leave_by is not None and leave_by < before


def _file(month: Month, lines: Sequence[tuple[Tenancy, Decimal]]) -> bytes:
    today = workdays.today()
    first = date(month.year, month.month, 1)
    text = io.StringIO()
    out = writer(text)
    total = sum((amount for _row, amount in lines), NOTHING)
    for name, value in (
        ("开户行", BANK),
        ("账号", CITY_ACCOUNT),
        ("起始日期", first),
        ("截止日期", today),
        ("笔数", len(lines)),
        ("合计金额", f"{total:.2f}"),
    ):
        out.writerow((name, value))
    out.writerow(("日期", "金额", "付款人", "附言", "流水号"))
    for row, amount in lines:
        paid_on = max(first, row.signed_on)
        out.writerow((paid_on, f"{amount:.2f}", row.tenant_name, f"房租 {row.number}", f"{today:%Y%m}{row.pk:08d}"))
    return text.getvalue().encode()
