"""What a person settled stays settled in the later checks of the case, until something material changes."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from bureau.errors import MoveRefusedError, NotAllowedError, StaleError, UnfitDataError
from bureau.models import TimelineEntry
from tests.api_cases import caller
from tests.factories.checks import order_scenario
from tests.factories.later import FLAT, REASON, account, asked, concluded, open_kinds, ordered_again, tell
from verification import assessing, conclusions, findings
from verification.models import Check, Finding, Reopening

pytestmark = pytest.mark.django_db
WHY = "排除有误：当事人承认该存款为其本人所有。"


@pytest.fixture
def first(sources, people) -> Check:
    """A concluded check in which an officer dismissed 12,000 at a bank that were not declared."""
    tell(sources, "fit", {(2, "boc"): [account("12000.00")]})
    check = asked(order_scenario(sources, "fit"))
    assert open_kinds(check) == ["undeclared_deposit"]
    concluded(check, people["check"], dismiss=("undeclared_deposit",))
    return check


def page_of(check, client):
    page = client.get(reverse("verification:check", args=[check.number]))
    assert page.status_code == 200
    return page


def test_a_dismissed_finding_does_not_come_back_and_is_listed_with_who_when_why_and_where(first, as_user):
    second = asked(ordered_again(first))
    assert open_kinds(second) == []
    assert not second.findings.exists()

    page = page_of(second, as_user("check"))
    (before,) = page.context["settling"]["before"]
    assert before["row"].check_ordered == first
    text = page.content.decode()
    for told in (first.number, before["row"].settled_by.name, REASON, "below CNY 7,100.00, or from CNY 20,000.00 on"):
        assert told in text


@pytest.mark.parametrize("balance", ["12000.01", "11999.99", "15000.00", "19999.99", "7100.00"])
def test_a_small_change_of_the_amount_does_not_bring_it_back(first, sources, balance):
    tell(sources, "fit", {(2, "boc"): [account(balance)]})
    assert open_kinds(asked(ordered_again(first))) == []


def test_a_material_change_brings_it_back_and_says_what_was_said_and_what_has_changed(first, sources, as_user):
    tell(sources, "fit", {(2, "boc"): [account("48000.00")]})
    second = asked(ordered_again(first))
    assert open_kinds(second) == ["undeclared_deposit"]

    settling = page_of(second, as_user("check")).context["settling"]
    assert settling["before"] == []
    said, changed = settling["open"][0]["earlier"]
    assert said.startswith("Dismissed on ")
    assert first.number in said
    assert REASON in said
    assert changed == "Since then: CNY 12,000.00 → CNY 48,000.00"


def test_another_account_at_the_bank_is_another_finding(first, sources):
    other = account("12000.00") | {"record_key": "boc-700009", "account_no": "************7009"}
    tell(sources, "fit", {(2, "boc"): [other]})
    assert open_kinds(asked(ordered_again(first))) == ["undeclared_deposit"]


def test_what_was_confirmed_before_is_told_beside_the_new_one_which_a_person_settles_anew(sources, people, as_user):
    first = asked(order_scenario(sources, "hidden-car"))
    concluded(first, people["check"])
    second = asked(ordered_again(first))
    assert "undeclared_vehicle" in open_kinds(second)

    settling = page_of(second, as_user("check")).context["settling"]
    (car,) = (each for each in settling["open"] if each["row"].kind == "undeclared_vehicle")
    day = f"{timezone.localtime(first.findings.first().settled_at):%Y-%m-%d}"
    assert car["earlier"] == [f"Confirmed on {day} in {first.number} by {people['check'].name}: {REASON}"]
    with pytest.raises(MoveRefusedError):
        conclusions.conclude(second, outcome="unfit", opinion="同上次。", by=people["check"])


def test_a_dismissal_belongs_to_its_case(first, sources):
    """The same person in another case is looked at anew."""
    assert open_kinds(asked(order_scenario(sources, "fit"))) == ["undeclared_deposit"]


def test_a_confirmed_finding_stays_confirmed_when_its_amount_drifts_across_an_edge(sources, people):
    tell(sources, "fit", {(2, "boc"): [account("19999.99")]})
    check = asked(order_scenario(sources, "fit"))
    finding = check.findings.open().get()
    findings.confirm(finding, by=people["check"], reason=REASON)
    tell(sources, "fit", {(2, "boc"): [account("20000.01")]})
    check.inquiries.filter(source__code="boc").update(state="open", runs=2)
    Check.objects.filter(pk=check.pk).update(status="asking")
    asked(check)
    assert list(check.findings.values_list("state", "gone_at")) == [("confirmed", None)]


def test_a_dismissal_is_taken_back_in_the_newest_check_and_the_finding_is_open_again(first, people, as_user):
    second = asked(ordered_again(first))
    dismissed = first.findings.get(state="dismissed")
    findings.reopen(dismissed, by=people["check"], reason=f" {WHY} ")

    assert open_kinds(second) == ["undeclared_deposit"]
    dismissed.refresh_from_db()
    assert (dismissed.state, dismissed.reason) == ("dismissed", REASON)
    entry = TimelineEntry.objects.of(second).first()
    assert (entry.event, entry.by, entry.note) == ("finding_reopened", people["check"], WHY)
    settling = page_of(second, as_user("check")).context["settling"]
    assert settling["before"] == []
    assert settling["open"][0]["earlier"][1].endswith(WHY)

    concluded(second, people["check"])
    assert open_kinds(asked(ordered_again(second))) == ["undeclared_deposit"]  # no later check sets it aside either


def test_a_dismissal_of_the_same_check_is_taken_back_dismissed_again_and_taken_back_again(sources, people):
    tell(sources, "fit", {(2, "boc"): [account("12000.00")]})
    check = asked(order_scenario(sources, "fit"))
    for turn in (1, 2):
        finding = check.findings.open().get()
        assert finding.turn == turn
        findings.dismiss(finding, by=people["check"], reason=REASON)
        assert open_kinds(check) == []
        findings.reopen(finding, by=people["check"], reason=WHY)
    assert check.findings.open().get().turn == 3
    assert check.findings.filter(state="dismissed").count() == 2
    assessing.write([check])
    assert check.findings.open().count() == 1


def test_it_is_taken_back_once(first, people):
    asked(ordered_again(first))
    dismissed = first.findings.get(state="dismissed")
    findings.reopen(dismissed, by=people["check"], reason=WHY)
    with pytest.raises(StaleError):
        findings.reopen(Finding.objects.get(pk=dismissed.pk), by=people["check"], reason=WHY)
    assert Reopening.objects.count() == 1


def test_after_the_conclusion_and_while_sources_are_asked_nothing_is_taken_back(first, people):
    dismissed = first.findings.get(state="dismissed")
    with pytest.raises(MoveRefusedError):
        findings.reopen(dismissed, by=people["check"], reason=WHY)
    ordered_again(first)
    with pytest.raises(MoveRefusedError):
        findings.reopen(dismissed, by=people["check"], reason=WHY)


def test_only_a_dismissal_is_taken_back(sources, people):
    check = asked(order_scenario(sources, "hidden-car"))
    finding = check.findings.open().get(kind="undeclared_vehicle")
    with pytest.raises(MoveRefusedError):
        findings.reopen(finding, by=people["check"], reason=WHY)
    findings.confirm(finding, by=people["check"], reason=REASON)
    with pytest.raises(MoveRefusedError):
        findings.reopen(finding, by=people["check"], reason=WHY)


@pytest.mark.parametrize("username", ["window", "street", "district", "housing", "credit", "auditor", "admin"])
def test_nobody_but_a_check_officer_takes_a_dismissal_back(first, people, username):
    asked(ordered_again(first))
    with pytest.raises(NotAllowedError):
        findings.reopen(first.findings.get(state="dismissed"), by=people[username], reason=WHY)
    assert not Reopening.objects.exists()


def test_it_is_not_taken_back_without_a_reason_or_by_who_keyed_the_case(first, people):
    asked(ordered_again(first))
    dismissed = first.findings.get(state="dismissed")
    with pytest.raises(UnfitDataError):
        findings.reopen(dismissed, by=people["check"], reason="  ")


def test_who_keyed_the_case_takes_nothing_back(first, people):
    second = asked(ordered_again(first, kept_away=(people["check"].pk,)))
    dismissed = first.findings.get(state="dismissed")
    with pytest.raises(NotAllowedError):
        findings.reopen(dismissed, by=people["check"], reason=WHY)
    with pytest.raises(IntegrityError, match="nobody who keyed it"), transaction.atomic():
        Reopening.objects.create(finding=dismissed, within=second, by=people["check"], reason=WHY)


def test_the_database_holds_what_a_taken_back_dismissal_is(first, sources, people):
    dismissed = first.findings.get(state="dismissed")
    second = asked(ordered_again(first))
    stranger = asked(order_scenario(sources, "hidden-car"))
    by = {"by": people["check"], "reason": WHY}
    refused = [
        {"finding": dismissed, "within": first, **by},  # concluded
        {"finding": dismissed, "within": stranger, **by},  # of another case
        {"finding": stranger.findings.first(), "within": stranger, **by},  # not dismissed
        {"finding": dismissed, "within": second, **by, "reason": ""},
    ]
    for each in refused:
        with pytest.raises(IntegrityError), transaction.atomic():
            Reopening.objects.create(**each)
    row = Reopening.objects.create(finding=dismissed, within=second, **by)
    for change in (lambda: Reopening.objects.filter(pk=row.pk).update(reason="x"), row.delete):
        with pytest.raises(DatabaseError, match="reopening_is_append_only|Cannot"), transaction.atomic():
            change()


def test_the_page_takes_it_back_after_a_reason_and_tells_who_may_not(first, as_user):
    second = asked(ordered_again(first))
    pk = first.findings.get(state="dismissed").pk
    address = reverse("verification:reopen", args=[second.number, pk])
    client = as_user("check")
    assert address in page_of(second, client).content.decode()
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": ""}).status_code == 422
    assert as_user("auditor").get(address).status_code == 403
    assert as_user("window2").get(address).status_code == 404
    assert client.get(reverse("verification:reopen", args=[second.number, 10**9])).status_code == 404
    assert client.post(f"{address}?next=/checks/{second.number}/", {"reason": WHY}).url == f"/checks/{second.number}/"
    assert client.get(address).status_code == 409
    assert address not in page_of(second, client).content.decode()
    assert "Take back" not in page_of(second, as_user("auditor")).content.decode()


def test_a_program_takes_it_back_too(first, people):
    asked(ordered_again(first))
    row = first.findings.get(state="dismissed")
    address = f"/api/v1/checks/{first.number}/findings/{row.pk}/reopen"
    assert caller(people["auditor"]).post(address, {"reason": WHY}, format="json").status_code == 403
    assert caller(people["window2"]).post(address, {"reason": WHY}, format="json").status_code == 404
    assert caller(people["check"]).post(address, {"reason": ""}, format="json").status_code == 422
    answer = caller(people["check"]).post(address, {"reason": WHY}, format="json")
    assert answer.status_code == 200
    assert answer.json()["taken_back_at"] is not None
    assert caller(people["check"]).post(address, {"reason": WHY}, format="json").status_code == 409


def test_a_home_that_two_members_are_told_of_is_one_finding(sources, people):
    """One certificate in both names: the check is assessed, and one word settles it."""
    tell(sources, "fit", {(0, "housing_bureau"): [FLAT], (1, "housing_bureau"): [FLAT]})
    check = asked(order_scenario(sources, "fit"))
    home = check.findings.get(kind="undeclared_home")
    assert open_kinds(check) == ["over_limit", "undeclared_home"]
    findings.dismiss(home, by=people["check"], reason=REASON)
    assert open_kinds(check) == []


def test_more_findings_settled_before_cost_no_more_queries(first, as_user, people, django_assert_max_num_queries):
    second = asked(ordered_again(first))
    client = as_user("check")
    page_of(second, client)
    with django_assert_max_num_queries(34):
        page_of(second, client)
