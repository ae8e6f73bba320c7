"""An installation is filled with many households, legally, once; and its main pages are measured by a command."""

import io
import json
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from applications.models import Application, Stay
from benefits import billing, ledger
from benefits.models import Account, Balance, Entry, PaymentList, Plan, Statement, Tenancy
from bureau import workdays
from credit.models import Case, Sanction
from housing_credit.dashboard.figures import FIGURES
from housing_credit.dashboard.forms import FilterForm
from housing_credit.dashboard.pages import first_day
from housing_credit.large.households import SHARES
from housing_credit.measured_pages import pages
from tests.factories.cases import case_at
from verification.models import Check, Conclusion

pytestmark = pytest.mark.django_db
HOUSEHOLDS = 400


def fill(**more):
    call_command("seed_large", households=HOUSEHOLDS, stdout=io.StringIO(), stderr=io.StringIO(), **more)


def test_all_stages_are_there_and_every_rule_of_the_database_holds(people):
    fill()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what is asked when a transaction ends is asked now
    assert Application.objects.count() == HOUSEHOLDS
    assert set(Application.objects.values_list("status", flat=True)) == {name for _share, name, _passed in SHARES}
    assert Check.objects.filter(status="concluded").count() == Conclusion.objects.count() > HOUSEHOLDS / 2
    assert Stay.objects.count() > HOUSEHOLDS * 3
    assert Case.objects.count() == Sanction.objects.count() == HOUSEHOLDS // 40
    form = FilterForm({"period": "all"}, people["auditor"], since=first_day())
    for code in ("checked", "unfit", "recorded", "bans_running", "findings_settled", "overdue", "time_check"):
        assert FIGURES[code].number(form.chosen), code


def test_it_is_filled_once_and_never_over_other_cases(people):
    case_at("at_street", keyed_by=people["window"])
    with pytest.raises(CommandError, match="of its own"):
        fill()
    assert Application.objects.count() == 1
    fill(yes=True)
    with pytest.raises(CommandError, match="already"):
        fill(yes=True)
    assert Application.objects.count() == HOUSEHOLDS + 1


def test_the_ledger_of_the_large_installation_balances(people):
    fill()
    assert sum(Entry.objects.in_books().values(), Decimal(0)) == 0
    keys = list(Account.objects.values_list("pk", flat=True))
    owed = Entry.objects.owed(keys)
    assert {key: left for key, left in Balance.objects.values_list("account", "owed") if left} == {
        key: left for key, left in owed.items() if left
    }
    closed = Account.objects.exclude(closed_on=None)
    assert closed.count() == Tenancy.objects.filter(status="ended").count() > 10
    assert not any(owed.get(account.pk) for account in closed)
    late = ledger.arrears_of(Account.objects.open(), on=workdays.today())
    months = {each.months for each in late.values()}
    assert len(months) > 2
    assert min(months) == 0
    assert billing.bill_due() == 0  # every month that has begun is billed
    held = Plan.objects.prefetch_related("instalments")
    assert all(sum(part.amount for part in plan.instalments.all()) == plan.total for plan in held)
    for statement in Statement.objects.all():
        assert sum(line.amount for line in statement.lines.all()) == statement.total
    for found in PaymentList.objects.all():
        assert sum(row.amount for row in found.rows.all()) == found.amount


@pytest.mark.parametrize("name", ["homes", "waiting", "tenancies", "subsidies", "reviews", "visits", "arrears"])
def test_each_list_of_benefits_has_rows(people, as_user, name):
    fill()
    response = as_user("housing").get(f"/benefits/{name}/")
    assert response.status_code == 200
    assert response.context["rows"]
    page = response.context["page"]
    assert page.paginator.count >= len(response.context["rows"])


def test_the_pages_are_measured_in_bounded_queries(people):
    fill()
    out = io.StringIO()
    call_command("measure_pages", times=1, json=True, stdout=out)
    found = json.loads(out.getvalue())
    rows = found["pages"]
    assert {row["page"] for row in rows} >= {"/dashboard/", "/supervision/stuck/", "/applications/?tab=all"}
    assert [row for row in rows if not 0 < row["queries"] <= 80 or row["ms"] <= 0] == []
    assert found["failed"] == []
    assert found["worst"]["ms"] == max(row["ms"] for row in rows)
    assert found["over"] == sum(row["ms"] > found["limit"] for row in rows)
    assert len(rows) > len(pages()) - 10  # but for records that this installation has none of
