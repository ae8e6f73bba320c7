"""The planner knows how few months and districts there are: of just the expressions by which the dashboard counts."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from housing_credit.dashboard import pages
from housing_credit.dashboard.counting import count
from housing_credit.dashboard.figures import FIGURES
from housing_credit.dashboard.forms import FilterForm

pytestmark = pytest.mark.django_db
KEPT = """
SELECT unnest(pg_get_statisticsobjdef_expressions(oid)) FROM pg_statistic_ext
WHERE stxname IN ('applications_district', 'verification_conclusion_month')
"""


def bare(expression):
    """Without the names of tables, quotes and brackets."""
    return re.sub(r'\b\w+\.|["() ]', "", expression)


def test_what_is_kept_of_months_and_districts_is_what_is_counted_by(people):
    form = FilterForm({}, people["auditor"], since=pages.first_day())
    with CaptureQueriesContext(connection) as asked:
        count([FIGURES["checked"]], form.chosen, form.spans)
    counted = next(each["sql"] for each in asked.captured_queries if "GROUP BY" in each["sql"])
    with connection.cursor() as cursor:
        cursor.execute(KEPT)
        kept = {bare(expression) for (expression,) in cursor.fetchall()}
        cursor.execute("EXPLAIN VERBOSE " + counted)
        plan = [line for (line,) in cursor.fetchall()]
    by = next(bare(line.partition("Group Key: ")[2]) for line in plan if "Group Key: " in line)
    assert len(kept) == 2
    assert all(expression in by for expression in kept), (kept, by)
