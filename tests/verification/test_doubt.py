"""Answers in doubt are kept back until an officer lets them stand or has them asked for again. Over real HTTP."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, InternalError, transaction
from django.urls import reverse
from django.utils import timezone

from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from tests.factories import lists
from tests.factories.checks import orders_of
from tests.factories.later import concluded, order_again
from verification import asking, assessing, conclusions, findings, holding, orders, rounds, spreading
from verification.models import Check, Exchange, Finding, HitRate, Hold, Inquiry, Source

pytestmark = pytest.mark.django_db
CODE = "police"


@pytest.fixture
def found(sources, people):
    """A round of two households with a hidden car, asked and assessed."""
    opened = rounds.open_round("年度复核", {}, by=people["check"])
    checks = rounds.add(opened, orders_of(sources, "hidden-car", 2))
    rounds.filled(opened)
    asking.ask([check.pk for check in checks])
    return opened


def doubted(found) -> Hold:
    """The police is held, and what it told in the round is in doubt."""
    source = Source.objects.get(code=CODE)
    return holding.hold(source, by=None, reason="命中率异常", ground=Hold.Ground.FLOOD, doubted_from=found.opened_at)


def spread() -> None:
    """What the sweeps do."""
    spreading.spread_due()
    assessing.assess_due()


def car(found) -> Finding:
    """The hidden car of the first household."""
    return Finding.objects.filter(check_ordered__round=found, kind="undeclared_vehicle").order_by("pk")[0]


def result(check: Check):
    return assessing.result_of(check.assessments.latest("version"))


@pytest.fixture
def kept_back(found) -> Hold:
    held = doubted(found)
    spread()
    return held


def test_a_finding_on_answers_in_doubt_is_kept_back_and_nothing_is_proposed_on_it(found, kept_back):
    check = car(found).check_ordered
    assert car(found).state == "lapsed"
    assert check.status == "assessed"
    comparison, completeness = result(check).comparison, result(check).statement.completeness
    assert completeness.in_doubt == (CODE,)
    assert set(completeness.outcomes[CODE].values()) == {"kept_back"}
    assert comparison.proposed == "incomplete"
    assert f"kept_back:{CODE}" in comparison.reasons
    assert f"missing:{CODE}" not in comparison.reasons
    assert not [line for line in result(check).statement.lines if line.source == CODE]


def test_neither_fit_nor_unfit_can_be_concluded_while_answers_are_kept_back(found, kept_back, people):
    check = car(found).check_ordered
    while finding := check.findings.open().first():
        findings.confirm(finding, by=people["check"], reason="属实")
    for outcome in ("fit", "unfit"):
        with pytest.raises(MoveRefusedError):
            conclusions.conclude(check, outcome=outcome, opinion="同意。", by=people["check"])


def test_between_the_hold_and_the_new_assessment_nothing_is_settled_or_concluded(found, people, as_user):
    finding = car(found)
    number = finding.check_ordered.number
    doubted(found)
    with pytest.raises(MoveRefusedError, match="into doubt"):
        findings.confirm(finding, by=people["check"], reason="属实")
    settled = Check.objects.of_round(found.pk).exclude(pk=finding.check_ordered_id).get()
    settled.findings.open().update(state="lapsed")
    with pytest.raises(MoveRefusedError, match="into doubt"):
        conclusions.conclude(settled, outcome="incomplete", opinion="同意。", by=people["check"])
    settled.refresh_from_db()
    assert settled.status == "assessed"
    client = as_user("check")
    page = reverse("verification:confirm", args=[number, finding.pk])
    form = {f"confirm-{finding.pk}-reason": "admitted", f"confirm-{finding.pk}-words": "属实"}
    answer = client.post(page, form)
    assert answer.status_code == 409
    api = f"/api/v1/checks/{number}/findings/{finding.pk}/confirm"
    assert client.post(api, {"reason": "属实"}, content_type="application/json").status_code == 409
    finding.refresh_from_db()
    assert finding.state == "open"


def test_kept_back_it_is_settled_by_no_page_no_program_and_no_work_module(found, kept_back, people, as_user):
    finding = car(found)
    number = finding.check_ordered.number
    with pytest.raises(Exception, match="no longer there"):
        findings.dismiss(finding, by=people["check"], reason="不属实")
    client = as_user("check")
    text = client.get(reverse("verification:check", args=[number])).content.decode()
    assert "Findings are kept back" in text
    assert reverse("verification:confirm", args=[number, finding.pk]) not in text
    api = f"/api/v1/checks/{number}/findings/{finding.pk}/dismiss"
    assert client.post(api, {"reason": "不属实"}, content_type="application/json").status_code == 409
    with pytest.raises(InternalError), transaction.atomic():
        Finding.objects.filter(pk=finding.pk).update(
            state="confirmed", settled_by=people["check"], settled_at=timezone.now(), reason="属实"
        )


def test_findings_of_other_sources_are_settled_meanwhile(sources, people):
    opened = rounds.open_round("年度复核", {}, by=people["check"])
    check = rounds.add(opened, orders_of(sources, "unfit-deposits", 1))[0]
    asking.ask([check.pk])
    before = {each.kind for each in check.findings.open()}
    doubted(opened)
    spread()
    assert {each.kind for each in check.findings.open()} == before != set()
    for finding in check.findings.open():
        findings.confirm(finding, by=people["check"], reason="属实")


def test_only_a_check_officer_of_the_city_releases_with_a_verdict_and_a_reason(kept_back, people, as_user):
    for other in ("street", "window", "housing", "credit", "auditor", "admin"):
        with pytest.raises(NotAllowedError):
            holding.release(kept_back, by=people[other], reason="x", verdict="stand")
    with pytest.raises(UnfitDataError):
        holding.release(kept_back, by=people["check"], reason=" ", verdict="stand")
    for verdict in ("", "perhaps"):
        with pytest.raises(UnfitDataError):
            holding.release(kept_back, by=people["check"], reason="已核实", verdict=verdict)
    page = reverse("verification:release", args=[kept_back.pk])
    assert as_user("street").get(page).status_code == 403
    assert as_user("auditor").post(page, {"reason": "x", "verdict": "stand"}).status_code == 403
    assert as_user("check").post(page, {"reason": "已核实"}).status_code == 422
    for changes in ({"verdict": "stand"}, {"released_at": timezone.now(), "released_by": people["check"]}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Hold.objects.filter(pk=kept_back.pk).update(**changes)
    assert Hold.objects.live().get() == kept_back


def test_when_the_answers_stand_findings_come_free_and_are_assessed_again(found, kept_back, people, as_user):
    client = as_user("check")
    page = reverse("verification:release", args=[kept_back.pk])
    context = client.get(page).context
    assert (context["waiting"], context["concluded"]) == (2, 0)
    assert "Waiting for the release" in client.get(page).content.decode()
    assert client.post(page, {"reason": "已与公安局核实", "verdict": "stand"}).status_code == 302
    assert "Waiting for the release" not in client.get(page).content.decode()
    zh = as_user("check", "zh-hans").get(page).content.decode()
    assert "已恢复" in zh
    assert "Release" not in zh
    spread()
    check = car(found).check_ordered
    assert car(found).state == "open"
    assert result(check).statement.completeness.in_doubt == ()
    findings.confirm(car(found), by=people["check"], reason="属实")
    versions = Check.objects.of_round(found.pk).values_list("assessments__version", flat=True)
    spread()
    assert sorted(versions) == [1, 1, 2, 2, 3, 3]
    kept_back.refresh_from_db()
    assert (kept_back.verdict, kept_back.released_by) == ("stand", people["check"])


def test_asked_again_the_old_answers_stay_as_evidence_and_the_new_ones_are_heard(found, kept_back, people, sources):
    HitRate.objects.create(round=found, source=kept_back.source, kind="vehicle", told=6, found=6, hold=kept_back)
    holding.release(kept_back, by=people["check"], reason="接口已更正", verdict="ask_again")
    exchanges = Exchange.objects.filter(source__code=CODE).count()
    spreading.spread_due()
    rows = Inquiry.objects.filter(check_ordered__round=found, source__code=CODE)
    assert {(row.state, row.runs, row.attempts) for row in rows} == {("open", 2, 0)}
    assert set(Check.objects.of_round(found.pk).values_list("status", flat=True)) == {"asking"}
    rate = HitRate.objects.get()
    assert (rate.told, rate.found, rate.hold) == (0, 0, None)
    assert rate.counted_from is not None
    asking.ask(list(found.checks.values_list("pk", flat=True)))
    assert Exchange.objects.filter(source__code=CODE).count() > exchanges
    check = car(found).check_ordered
    assert car(found).state == "open"
    assert result(check).statement.completeness.in_doubt == ()
    assert spreading.spread_due() == 0


def test_a_check_that_is_still_being_asked_hears_of_the_doubt_when_it_is_assessed(found, sources, people):
    late = rounds.add(found, orders_of(sources, "hidden-car", 1))[0]
    Source.objects.filter(code="icbc").update(open_until=timezone.now() + timedelta(hours=1))
    asking.ask([late.pk])
    doubted(found)
    Source.objects.filter(code="icbc").update(open_until=None)
    asking.ask([late.pk])
    late.refresh_from_db()
    assert late.status == "assessed"
    assert result(late).statement.completeness.in_doubt == (CODE,)


def test_a_concluded_check_stays_and_is_counted(found, people, as_user):
    check = car(found).check_ordered
    concluded(check, people["check"])
    held = doubted(found)
    spread()
    check.refresh_from_db()
    assert (check.status, check.assessments.count()) == ("concluded", 1)
    context = as_user("check").get(reverse("verification:release", args=[held.pk])).context
    assert (context["waiting"], context["concluded"]) == (1, 1)


def test_what_a_person_wrote_on_a_request_list_is_not_in_doubt(found, people):
    row = Inquiry.objects.filter(check_ordered__round=found, source__code=CODE).select_related("exchange").first()
    exchange = row.exchange
    back = {"returned_at": timezone.now(), "imported_by": people["check"], "exchange": exchange}
    lists.request(row.source, by=people["check"], **back)
    doubted(found)
    assert spreading.spread_due() == 0


@pytest.mark.parametrize(("verdict", "serves"), [(None, False), ("stand", True), ("ask_again", False)])
def test_a_last_known_answer_is_never_one_in_doubt(sources, people, verdict, serves):
    bank = Source.objects.get(code="njcb")
    Source.objects.update(max_attempts=1, stale_after_days=None)
    first = orders.place(orders_of(sources, "fit", 1)[0], by=None)
    begun = timezone.now()
    asking.ask([first.pk])
    first.refresh_from_db()
    concluded(first, people["check"])
    held = holding.hold(bank, by=None, reason="命中率异常", ground=Hold.Ground.FLOOD, doubted_from=begun)
    if verdict is not None:
        holding.release(held, by=people["check"], reason="已核实", verdict=verdict)
        spreading.spread_due()
    sources.set("njcb", down=True)
    second = orders.place(order_again(first, programme="public_rental"), by=None)
    asking.ask([second.pk])
    if verdict is None:  # nothing is asked of it while it is held: as if it had been given up
        Inquiry.objects.filter(check_ordered=second, source=bank).update(
            state="failed", reason="unavailable", answered_at=timezone.now()
        )
        asking.settle_due()
        assessing.assess_due()
    second.refresh_from_db()
    assert second.status == "assessed"
    assert bool(result(second).statement.completeness.served_by_last_known) is serves


def test_decisions_made_in_doubt_are_replayed(kept_back):
    out = StringIO()
    call_command("replay_decisions", stdout=out)
    assert "0" in out.getvalue()


def test_a_second_doubt_after_the_first_was_settled_works_as_the_first(found, kept_back, people):
    holding.release(kept_back, by=people["check"], reason="已核实", verdict="stand")
    spread()
    again = doubted(found)
    spread()
    assert car(found).state == "lapsed"
    holding.release(again, by=people["check"], reason="已核实", verdict="stand")
    spread()
    assert car(found).state == "open"


def test_the_progress_of_a_check_says_which_answers_are_kept_back(found, kept_back, as_user):
    number = car(found).check_ordered.number
    page = as_user("check").get(reverse("verification:check", args=[number]))
    rows = [row for row in page.context["progress"]["rows"] if row["code"] == CODE]
    assert {row["outcome"] for row in rows} == {"kept_back"}
