"""Orders: one inquiry per source, nothing without an authorisation, cancelled and asked again by the right person."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.models import NumberSeries, TimelineEntry
from verification import asking, assessing, claiming, conclusions, orders
from verification.facts import RecordKind
from verification.models import Check, Standard

ALL = tuple(kind.value for kind in RecordKind)


@pytest.fixture
def order(check_of):
    """An order like that of the household that is fit, for a case of its own."""

    def make(**changes):
        declared = assessing.declared_of(check_of("fit"))
        values = {
            "subject": "TEST-ORDER",
            "purpose": "rehearsal",
            "programme": "public_rental",
            "office_code": "321202001001",
            "declared": declared,
            "grants": {person.key: orders.Grant("泰房权〔2026〕0001号", ALL) for person in declared.persons},
            "accepted_on": timezone.localdate(),
            **changes,
        }
        return orders.Order(**values)

    return make


def test_an_order_makes_one_inquiry_per_source_and_is_told_in_the_timeline(order, people):
    check = orders.place(order(), by=people["check"])

    assert check.inquiries.filter(state="open").count() == 24
    assert check.inquiries.values("source").distinct().count() == 24
    entry = TimelineEntry.objects.of(check).get()
    assert (entry.event, entry.by) == ("ordered", people["check"])


def test_checks_of_a_set_have_numbers_in_a_row(order):
    checks = orders.place_many([order(subject=f"TEST-{place}") for place in range(3)], by=None)

    last = NumberSeries.objects.get(kind="HD").last
    expected = [f"HD{timezone.localdate().year}-{last - 2 + place:06d}" for place in range(3)]
    assert [check.number for check in checks] == expected


def test_nothing_is_ordered_when_no_standard_is_in_force_on_the_day(order):
    before = Check.objects.count(), NumberSeries.objects.get(kind="HD").last
    with pytest.raises(UnfitDataError):
        orders.place_many([order(subject="A"), order(subject="B", accepted_on=date(1999, 1, 1))], by=None)
    assert (Check.objects.count(), NumberSeries.objects.get(kind="HD").last) == before


def test_a_worked_sample_of_another_city_is_never_our_standard(order):
    check = orders.place(order(), by=None)
    assert check.standard.in_use
    Standard.objects.filter(in_use=True).update(in_use=False)
    with pytest.raises(UnfitDataError):
        orders.place(order(subject="B"), by=None)


def test_the_day_of_acceptance_chooses_the_standard(order):
    current = orders.standard_for("public_rental", timezone.localdate())
    turn = timezone.localdate() - timedelta(days=10)
    newer = Standard.objects.get(pk=current.pk)
    Standard.objects.filter(pk=current.pk).update(effective_to=turn)
    newer.pk, newer.code, newer.effective_from, newer.effective_to = None, "newer", turn, None
    newer.save(force_insert=True)

    assert orders.place(order(accepted_on=turn - timedelta(days=1)), by=None).standard_id == current.pk
    assert orders.place(order(subject="B", accepted_on=turn), by=None).standard_id == newer.pk


def test_a_case_has_one_open_check_for_a_purpose(order):
    orders.place(order(), by=None)
    with pytest.raises(IntegrityError, match="check_is_open_once_per_case_and_purpose"), transaction.atomic():
        orders.place(order(), by=None)


def test_an_authorisation_that_has_run_out_covers_nothing(order):
    yesterday = timezone.localdate() - timedelta(days=1)
    household = order()
    grants = {key: orders.Grant(grant.number, ALL, yesterday) for key, grant in household.grants.items()}
    check = orders.place(order(grants=grants), by=None)
    assert set(check.inquiries.values_list("state", flat=True)) == {"not_asked"}


def test_an_authorisation_holds_on_its_last_day():
    today = date(2026, 11, 22)
    assert orders.Grant("n", ("deposit",), today).covers(["deposit"], today)
    assert not orders.Grant("n", ("deposit",), today).covers(["deposit"], today + timedelta(days=1))
    assert not orders.Grant("n", ("deposit",)).covers(["housing"], today)


def test_no_member_without_an_authorisation_is_put_to_a_source(order):
    grants = {"m1": orders.Grant("n", ALL)}
    check = orders.place(order(grants=grants), by=None)
    _lease, rows = claiming.claim([check.pk])
    questions = [question for _row, question in asking.questions(rows)]
    assert {tuple(person.key for person in question.persons) for question in questions} == {("m1",)}


def test_a_cancelled_check_is_not_asked_any_more(order, people):
    check = orders.place(order(), by=None)
    orders.cancel(check, by=people["check"], reason="重复下单")

    assert set(check.inquiries.values_list("state", flat=True)) == {"cancelled"}
    assert claiming.claim([check.pk])[1] == []
    assert TimelineEntry.objects.of(check).first().note == "重复下单"


@pytest.mark.parametrize("username", ["window", "street", "district", "housing", "credit", "auditor", "admin"])
def test_nobody_but_a_check_officer_cancels_or_asks_again(check_of, people, username):
    check = check_of("two-banks-silent")
    with pytest.raises(NotAllowedError):
        orders.cancel(check, by=people[username], reason="x")
    with pytest.raises(NotAllowedError):
        orders.ask_again(check, by=people[username])
    check.refresh_from_db()
    assert check.status == "assessed"


def test_asking_again_asks_those_who_did_not_answer_under_a_new_run(check_of, people):
    check = check_of("two-banks-silent")
    assert orders.ask_again(check, by=people["check"]) == 2

    again = check.inquiries.filter(state="open")
    assert again.count() == 2
    assert set(again.values_list("runs", "attempts")) == {(2, 0)}
    check.refresh_from_db()
    assert check.status == "asking"


def test_named_sources_are_asked_again_although_they_answered(check_of, people):
    check = check_of("fit")
    assert orders.ask_again(check, by=people["check"], source_codes=["icbc", "police"]) == 2


def test_a_concluded_check_is_neither_cancelled_nor_asked_again(check_of, people):
    check = check_of("fit")
    conclusions.conclude(check, outcome="fit", opinion="齐全。", by=people["check"])
    with pytest.raises(MoveRefusedError):
        orders.cancel(check, by=people["check"], reason="x")
    with pytest.raises(MoveRefusedError):
        orders.ask_again(check, by=people["check"])


def test_a_withdrawn_authorisation_cancels_what_is_queued_about_that_person(order):
    check = orders.place(order(), by=None)
    keys = list(check.authorisations)
    orders.withdraw_authorisation(check, keys[0])
    check.refresh_from_db()
    assert keys[0] not in check.authorisations
    assert check.inquiries.filter(state="open").count() == 24

    for key in keys[1:]:
        orders.withdraw_authorisation(check, key)
    assert set(check.inquiries.values_list("state", flat=True)) == {"not_asked"}
