"""A standard comes into force by itself on its day: the day before the old one applies, on the day the new one."""

from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from applications import checks, decisions
from tests.factories import applications as cases
from tests.factories import trials as made
from verification import assessing, conclusions, orders, trials
from verification.models import Assessment, Check, Conclusion, Standard
from verification.wire import transport

pytestmark = pytest.mark.django_db
NEW_ARTICLE = "次年标准　第九条"


@pytest.fixture
def day() -> date:
    return timezone.localdate() + timedelta(days=2)


@pytest.fixture
def standard(day) -> Standard:
    basis = {**made.standard_of().content["basis"], "income": NEW_ARTICLE}
    return made.coming(day, basis=basis, **made.income_line(4700))


def at(on: date, clock: str) -> time_machine.travel:
    moment = datetime.combine(on, time.fromisoformat(clock), tzinfo=timezone.get_default_timezone())
    return time_machine.travel(moment, tick=True)


def income_of(check: Check):
    return assessing.result_of(check.assessments.order_by("-version")[0]).comparison.criterion("income")


def kept() -> list:
    """What was assessed and concluded, as it is written."""
    return [
        *Assessment.objects.order_by("pk").values_list("pk", "standard__code", "result_digest", "proposed"),
        *Conclusion.objects.order_by("pk").values_list("pk", "assessment", "outcome", "opinion", "at"),
    ]


def test_a_standard_takes_over_at_midnight_of_its_day(standard, day):
    last_second = "23:59:59"
    with at(day - timedelta(days=1), last_second):
        assert orders.standard_for("public_rental", timezone.localdate()) == made.standard_of()
    with at(day, "00:00:00"):
        assert timezone.localdate() == day
        assert orders.standard_for("public_rental", timezone.localdate()) == standard
    assert orders.standard_for("rental_subsidy", day) != standard


def test_one_that_is_not_switched_on_does_not_begin(day):
    made.coming(day, in_use=False)
    assert orders.standard_for("public_rental", day) == made.standard_of()


def test_a_whole_case_goes_by_the_standard_of_its_day_and_earlier_ones_stay(
    standard, day, people, sources, as_user, monkeypatch
):
    monkeypatch.setattr(transport, "time", time_machine.escape_hatch.time)  # the departments' clocks stand as they do
    with at(day - timedelta(days=1), "10:00"):
        before = cases.concluded(people, sources, "fit", "fit")
        assert before.current_check.standard == made.standard_of()
        assert income_of(before.current_check).limit == 4480
    written = kept()

    with at(day, "00:05"):
        assert kept() == written
        after = cases.concluded(people, sources, "fit-single-elder", "fit")
        check = after.current_check
        assert check.standard == check.assessments.get().standard == standard
        assert (income_of(check).limit, income_of(check).article) == (4700, NEW_ARTICLE)
        page = as_user("check").get(reverse("verification:check", args=[check.number])).content.decode()
        assert standard.name in page
        assert NEW_ARTICLE in page

        # A case accepted before is checked again: by the standard of its acceptance.
        decisions.have_checked_again(before, by=people["housing"], reason="补充核对。")
        again = checks.order(before, by=people["check"])
        cases.ask_all(again)
        assert again.standard == made.standard_of()
        assert income_of(again).limit == 4480
        conclusions.conclude(again, outcome="fit", opinion="同意。", by=people["check"])
        assert kept()[: len(written)][0] == written[0]
        assert set(written) <= set(kept())

        rows = {row["standard"].code: row for row in as_user("check").get("/checks/standards/").context["rows"]}
        assert (rows[made.NEXT]["state"], rows[made.CODE]["state"]) == ("in_force", "superseded")
        assert rows[made.NEXT]["commencement"] == f"In force from {day}."


def test_it_begins_untried_too_and_the_page_goes_on_saying_so(standard, day, people, as_user, four):
    with at(day, "08:00"):
        assert trials.why_not_tried(standard, people["check"])
        page = as_user("check").get(reverse("verification:standard", args=[made.NEXT]))
        assert page.context["tried"] == "Not tried."
        assert page.context["may_try"] is False
        assert orders.standard_for("public_rental", day) == standard


def test_a_signed_trial_is_named_before_and_after_the_day(standard, day, people, as_user, four):
    trial = made.run(standard, people["check"])
    trials.sign(trial, note="同意。", by=people["check2"])
    told = as_user("auditor").get(reverse("verification:standard", args=[made.NEXT])).context["tried"]
    assert people["check2"].name in told
    with at(day + timedelta(days=3), "08:00"):
        rows = as_user("auditor").get(reverse("verification:standards")).context["rows"]
        row = next(row for row in rows if row["standard"] == standard)
        assert (row["trial"], row["state"]) == (told, "in_force")
        assert Standard.objects.in_force("public_rental", timezone.localdate()).first() == standard
