"""An installation is filled with many households, legally, once; and its main pages are measured by a command."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from applications.models import Application, Stay
from credit.models import Case, Sanction
from housing_credit.dashboard import pages
from housing_credit.dashboard.figures import FIGURES
from housing_credit.dashboard.forms import FilterForm
from housing_credit.large.households import SHARES
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
    form = FilterForm({"period": "all"}, people["auditor"], since=pages.first_day())
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


def test_the_pages_are_measured_in_bounded_queries(people):
    fill()
    out = io.StringIO()
    call_command("measure_pages", times=1, json=True, stdout=out)
    rows = json.loads(out.getvalue())["pages"]
    assert {row["page"] for row in rows} >= {"/dashboard/", "/supervision/stuck/", "/applications/?tab=all"}
    assert [row for row in rows if not 0 < row["queries"] <= 80 or row["ms"] <= 0] == []
