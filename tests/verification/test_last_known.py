"""A source that goes down between two checks of a case: its last known answer serves, as far as it may.

Over real HTTP; time is moved in the rows, never slept away.
"""

from datetime import timedelta
from io import StringIO

import msgspec
import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from msgspec.structs import replace

from bureau import letter_data
from bureau.models import Staff
from tests.factories.checks import order_scenario, orders_of
from verification import asking, assessing, conclusions, hearing, orders, pages
from verification.facts import Outcome, RecordKind
from verification.models import Check, Inquiry, Source, Standard

pytestmark = pytest.mark.django_db
BANK = "njcb"  # in the seeds its last known answer serves for 90 days
KINDS = tuple(RecordKind)


@pytest.fixture
def bank(sources) -> Source:
    Source.objects.update(max_attempts=1, stale_after_days=None)
    return Source.objects.get(code=BANK)


def order_again(check: Check, order: orders.Order, **changed) -> Check:
    """Another check of the same case, when the first is over."""
    Check.objects.filter(pk=check.pk).update(status="concluded")
    return orders.place(msgspec.structs.replace(order, subject=check.subject, **changed), by=None)


def asked(check: Check) -> Check:
    asking.ask([check.pk])
    check.refresh_from_db()
    assert check.status == Check.Status.ASSESSED
    return check


@pytest.fixture
def twice(sources, bank):
    """A case checked once with all sources well, and again with one down: `twice(…)` gives the second check."""

    def check(scenario: str = "fit", *, days: int = 0, **changed) -> Check:
        order = orders_of(sources, scenario, 1)[0]
        first = asked(orders.place(order, by=None))
        if days:
            age(first, days)
        sources.set(BANK, down=True)
        return asked(order_again(first, order, **changed))

    return check


def age(check: Check, days: int) -> None:
    """The answer of the bank to this check came so many days earlier, and its data are of that day."""
    row = check.inquiries.get(source__code=BANK)
    earlier = timezone.now() - timedelta(days=days)
    answer = msgspec.json.decode(row.answer, type=hearing.Answer)
    day = timezone.localdate(earlier)
    old = replace(answer, replied_at=earlier, replies=tuple(replace(reply, data_date=day) for reply in answer.replies))
    Inquiry.objects.filter(pk=row.pk).update(runs=row.runs + 1, state="open")
    Inquiry.objects.filter(pk=row.pk).update(answer=msgspec.json.encode(old), answered_at=earlier, state="answered")


def heard_of_bank(check: Check):
    inputs = assessing.inputs_of(check.assessments.latest("version"))
    return next(each for each in inputs.heard if each.source == BANK)


def result(check: Check):
    return assessing.result_of(check.assessments.latest("version"))


def test_the_last_known_answer_of_a_silent_source_serves_and_says_so(twice):
    second = twice(days=20)
    first = Check.objects.get(subject=second.subject, number__lt=second.number)
    assert second.inquiries.get(source__code=BANK).state == "failed"
    heard, day = heard_of_bank(second), second.as_of - timedelta(days=20)
    assert (heard.last_known.on, heard.last_known.check) == (day, first.number)
    before = first.inquiries.select_related("exchange").get(source__code=BANK)
    assert heard.evidence.source == BANK
    assert heard.evidence.digest == before.exchange.reply_digest
    assert heard.evidence.request_number in {before.exchange.request_number, str(before.exchange.number)}
    completeness = result(second).statement.completeness
    assert (completeness.asked, completeness.answered, completeness.silent) == (24, 23, 0)
    assert completeness.missing == ()
    assert result(second).comparison.proposed == "fit"
    row = second.assessments.get()
    assert (row.asked, row.answered) == (24, 23)


def test_a_source_that_must_answer_is_not_served_by_what_it_said_earlier(twice, bank):
    Source.objects.filter(pk=bank.pk).update(policy="must_answer", last_known_days=None)
    second = twice()
    assert result(second).comparison.proposed == "incomplete"
    assert result(second).statement.completeness.missing == (BANK,)


@pytest.mark.parametrize(("days", "serves"), [(90, True), (91, False), (400, False)])
def test_it_serves_to_the_last_day_and_no_longer(twice, days, serves):
    second = twice(days=days)
    assert bool(result(second).statement.completeness.served_by_last_known) is serves
    assert result(second).comparison.proposed == ("fit" if serves else "incomplete")


def test_it_does_not_serve_where_the_standard_wants_a_current_answer(twice, bank):
    for standard in Standard.objects.filter(in_use=True):
        standard.content["sources_that_must_be_current"] = [BANK]
        standard.save()
    assert result(twice()).statement.completeness.missing == (BANK,)


def test_another_case_of_the_same_people_serves_nothing(sources, bank):
    asked(order_scenario(sources, "fit"))
    sources.set(BANK, down=True)
    second = asked(order_scenario(sources, "fit"))
    assert result(second).statement.completeness.missing == (BANK,)


def test_whom_no_authorisation_covers_today_is_not_served(sources, bank):
    order = orders_of(sources, "hidden-car", 1)[0]
    first = asked(orders.place(order, by=None))
    sources.set(BANK, down=True)
    keys = [person.key for person in order.declared.persons]
    yesterday = timezone.localdate() - timedelta(days=1)
    grants = {
        **order.grants,
        keys[-1]: orders.Grant("泰房权〔2026〕0001号", KINDS, yesterday),
        keys[0]: orders.Grant("泰房权〔2026〕0001号", KINDS, timezone.localdate()),
    }
    second = asked(order_again(first, order, grants=grants))
    told = {reply.person: reply.outcome.is_answer for reply in heard_of_bank(second).replies}
    assert told[keys[0]] is True
    assert told[keys[-1]] is False
    assert result(second).statement.completeness.missing != ()


def test_a_member_who_joined_or_changed_the_name_is_not_served(sources, bank):
    order = orders_of(sources, "hidden-car", 1)[0]
    one, *others = order.declared.persons
    first = asked(
        orders.place(msgspec.structs.replace(order, declared=replace(order.declared, persons=(one,))), by=None)
    )
    sources.set(BANK, down=True)
    swapped = tuple(replace(person, key=f"x{place}") for place, person in enumerate((*others, one)))
    renamed = replace(swapped[-1], name="另名")
    grants = {person.key: orders.Grant("泰房权〔2026〕0001号", KINDS) for person in swapped}
    second = asked(order_again(first, order, declared=replace(order.declared, persons=swapped), grants=grants))
    told = {reply.person: reply.outcome.is_answer for reply in heard_of_bank(second).replies}
    assert told == {person.key: person is swapped[-1] for person in swapped}  # by number, whatever the key was
    third = asked(
        order_again(second, order, declared=replace(order.declared, persons=(*swapped[:-1], renamed)), grants=grants)
    )
    assert heard_of_bank(third).last_known is msgspec.UNSET


def test_what_served_is_no_answer_of_its_own_and_does_not_serve_the_next_check(twice, sources):
    second = twice(days=60)
    order = msgspec.structs.replace(orders_of(sources, "fit", 1)[0])
    third = asked(order_again(second, order))
    assert heard_of_bank(third).last_known == heard_of_bank(second).last_known
    Check.objects.filter(pk=third.pk).update(status="concluded")
    first = Check.objects.filter(subject=second.subject).order_by("pk").first()
    age(first, 91)
    fourth = asked(order_again(third, order))
    assert heard_of_bank(fourth).last_known is msgspec.UNSET


def test_an_answer_that_comes_later_takes_its_place(twice, sources, people):
    second = twice(days=20)
    sources.reset()
    Source.objects.update(failures_in_row=0, open_until=None)
    assert orders.ask_again(second, by=people["check"]) == 1
    asking.ask([second.pk])
    second.refresh_from_db()
    heard = heard_of_bank(second)
    assert heard.last_known is msgspec.UNSET
    assert {reply.outcome.is_answer for reply in heard.replies} == {True}
    assert result(second).statement.completeness.answered == 24
    first, newest = second.assessments.order_by("version")
    assert assessing.result_of(first).statement.completeness.served_by_last_known
    assert newest.version == 2


def test_a_second_silence_serves_the_same_again(twice, people):
    second = twice(days=20)
    before = heard_of_bank(second)
    Source.objects.update(failures_in_row=0, open_until=None)
    orders.ask_again(second, by=people["check"])
    asking.ask([second.pk])
    assert second.assessments.count() == 2
    assert heard_of_bank(second) == before


def test_stored_decisions_replay_whatever_the_policy_is_by_then(twice, bank):
    second = twice(days=20)
    Source.objects.filter(pk=bank.pk).update(policy="may_be_missing", last_known_days=None, stale_after_days=1)
    out = StringIO()
    call_command("replay_decisions", "--json", stdout=out)
    told = msgspec.json.decode(out.getvalue())
    assert told["replayed"] == told["same"] >= 2
    assert (told["different"], told["by_earlier_rules"]) == ([], [])
    assert second.assessments.get().rules_version == assessing.result_of(second.assessments.get()).rules_version


def test_a_set_takes_one_statement_more_and_only_when_somebody_is_silent(sources, bank):
    orders_placed = [orders_of(sources, "fit", 1)[0] for _ in range(4)]
    firsts = [asked(orders.place(order, by=None)) for order in orders_placed]

    def queries(checks: list[Check]) -> int:
        rows = list(Check.objects.filter(pk__in=[check.pk for check in checks]).select_related("standard"))
        declared = {check.pk: assessing.declared_of(check) for check in rows}
        with CaptureQueriesContext(
            connection,
        ) as counted:
            hearing.heard(rows, declared, {})
        return len(counted)

    assert queries(firsts[:1]) == queries(firsts) == 3
    sources.set(BANK, down=True)
    seconds = [order_again(first, order) for first, order in zip(firsts, orders_placed, strict=True)]
    asking.ask([check.pk for check in seconds])
    assert queries(seconds[:1]) == queries(seconds) == 4


def test_the_pages_mark_what_is_last_known_in_both_languages(twice, as_user):
    second = twice("moved-deposits", days=20)
    day = (second.as_of - timedelta(days=20)).isoformat()
    lines = [line for line in result(second).statement.lines if line.source == BANK]
    for language, words in (("en", f"last known of {day}"), ("zh-hans", f"沿用 {day} 的反馈")):
        client = as_user("check", language)
        page = client.get(f"/checks/{second.number}/").content.decode()
        assert page.count(words) >= len(lines) + 1, language
    progress = as_user("check").get(f"/checks/{second.number}/progress/").content.decode()
    assert f"1 last known of {day}" in progress
    assert f"last known of {day}" in progress


def test_an_officer_is_cautioned_before_concluding_and_the_report_names_the_day(twice, people, as_user):
    second = twice(days=20)
    day = (second.as_of - timedelta(days=20)).isoformat()
    page = as_user("check").get(f"/checks/{second.number}/").content.decode()
    assert f"its last known answer of {day} serves" in page
    officer: Staff = people["check"]
    conclusion = conclusions.conclude(second, outcome="fit", opinion="符合。", by=officer)
    letter = msgspec.convert(conclusion.report.data, letter_data.CheckReport, strict=False)
    outcomes = [each.outcome for each in letter.answers if each.source == Source.objects.get(code=BANK).name_zh]
    assert outcomes
    assert all(f"沿用 {day} 的反馈" in outcome for outcome in outcomes)
    assert any(day in remark for remark in letter.remarks)
    assert letter.completeness == "23 / 24"


def test_the_api_tells_the_cautions_and_the_words_for_who_waits(twice, as_user):
    second = twice(days=20)
    told = as_user("check").get(f"/api/v1/checks/{second.number}").json()
    assert len(told["assessment"]["cautions"]) == 1
    words = {each["source"]: each["words"] for each in told["inquiries"]}
    assert "Ask again later" in words[BANK]
    assert words["icbc"] == ""


def test_a_single_source_with_old_data_leaves_its_figures_open_in_the_whole_journey(sources, bank):
    Source.objects.filter(code="housing_bureau").update(stale_after_days=1)
    check = order_scenario(sources, "fit")
    asking.ask([check.pk])
    row = check.inquiries.get(source__code="housing_bureau")
    answer = msgspec.json.decode(row.answer, type=hearing.Answer)
    day = check.as_of - timedelta(days=300)
    old = replace(answer, replies=tuple(replace(reply, data_date=day) for reply in answer.replies))
    Inquiry.objects.filter(pk=row.pk).update(runs=2, state="open")
    Inquiry.objects.filter(pk=row.pk).update(answer=msgspec.json.encode(old), state="answered")
    check.refresh_from_db()
    assessing.write([check])
    told = result(check)
    assert told.comparison.proposed == "incomplete"
    assert told.statement.completeness.old["housing_bureau"].days == 300
    assert {reply.outcome for reply in old.replies} <= {Outcome.FOUND, Outcome.NONE}


@pytest.mark.parametrize("scenario", ["fit", "unfit-deposits"])
def test_the_figure_names_the_last_known_answer_beside_its_source_also_where_it_has_nothing(twice, people, scenario):
    check = twice(scenario)
    sections = pages.statement_context(check, people["check"])["statement"]["sections"]
    assets = next(each for section in sections for each in section["figures"] if each["code"] == "assets")
    row = next(each for each in (*assets["sources"], *assets["quiet"]) if each["name"] == "Bank of Nanjing")
    assert row["caution"].startswith("last known of ")
    assert row["evidence"]["request_number"]
