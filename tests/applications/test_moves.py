"""Who may make which move of an application, where it stands: every role against every move."""

import pytest

from applications import moves
from applications.models import Application
from bureau.models import Posting, Relative, Staff
from bureau.moves import available, why_not
from bureau.roles import Role
from tests.factories.cases import case_at

CAST = ("window", "window2", "street", "district", "check", "housing", "credit", "auditor", "admin")
TIERS = (("at_street", "street"), ("at_district", "district"), ("at_city", "check"))
# (move, status) -> who may; the system is "system". Everybody else never may.
MAY = {
    **{("submit", status): "window" for status in ("draft", "returned")},
    ("resubmit_to_district", "returned"): "window",
    ("resubmit_to_city", "returned"): "window",
    ("discard", "draft"): "window",
    **{(move, status): who for move in ("forward", "return", "reject") for status, who in TIERS},
    ("order", "check_due"): "check",
    ("order_in_round", "check_due"): "system",
    ("take_up", "checking"): "system",
    ("check_fell_through", "checking"): "system",
    ("recheck", "checked"): "housing",
    ("recheck", "on_notice"): "housing",
    **{("object_to_result", status): "window" for status in ("checked", "on_notice", "refused")},
    **{("take_up_recheck", status): "system" for status in ("checked", "on_notice", "refused")},
    ("publish", "checked"): "housing",
    ("refuse", "checked"): "housing",
    ("approve", "on_notice"): "system",
    ("close", "approved"): "system",
    **{
        ("withdraw", status): "window"
        for status in (
            "at_street",
            "at_district",
            "at_city",
            "check_due",
            "checking",
            "checked",
            "on_notice",
            "returned",
        )
    },
}
TABLE = {move.name: move for move in moves.TABLE}
STEPS = [(move.name, str(status)) for move in moves.TABLE for status in move.steps]
pytestmark = pytest.mark.django_db


@pytest.fixture
def keyed_by_another(people):
    """A second clerk at the first window, so that the one who keyed is nobody of the cast."""
    clerk = Staff.objects.create(username="another-clerk", name="另一人")
    Posting.objects.create(staff=clerk, office=people["window"].seats[0].office, role=Role.CLERK)
    return clerk


@pytest.fixture
def case_in(keyed_by_another):
    yield lambda status: case_at(status, keyed_by=keyed_by_another)
    # A status without the decision that carries it would be refused when the test's transaction ends.
    Application.objects.exclude(status="draft").update(status="withdrawn")


def test_the_table_above_names_every_step_and_no_other():
    assert sorted(STEPS) == sorted(MAY)


# The other desks are told that the case is not with them now; everybody else, that it is not their work.
DESKS = {"street", "district", "check"}


@pytest.mark.parametrize(("name", "status"), STEPS)
def test_a_move_is_made_by_whose_work_it_is_and_never_by_anybody_else(case_in, people, name, status):
    case, move = case_in(status), TABLE[name]
    never = set()
    for who in (*CAST, "system"):
        reason = why_not(case, move, None if who == "system" else people[who])
        if reason is not None and reason.forbidden:
            never.add(who)
        elif reason is None:
            assert who == MAY[(name, status)]
    waiting = DESKS if name in {"forward", "return", "reject"} else set()
    assert never == {*CAST, "system"} - {MAY[(name, status)]} - waiting


@pytest.mark.parametrize(("status", "who"), TIERS)
def test_a_desk_acts_on_what_lies_before_it_and_on_nothing_else(case_in, people, status, who):
    case = case_in(status)
    for move in (moves.FORWARD, moves.RETURN, moves.REJECT):
        assert {desk for desk in DESKS if why_not(case, move, people[desk]) is None} == {who}


@pytest.mark.parametrize("name", sorted(TABLE))
def test_no_move_starts_where_the_table_does_not_say_so(case_in, people, name):
    move = TABLE[name]
    for status in set(Application.Status) - set(move.steps):
        case = case_in(status)
        for who in (*CAST, None):
            assert why_not(case, move, people[who] if who else None) is not None


def test_the_one_who_keyed_a_case_never_reviews_it(people):
    Posting.objects.create(staff=people["street"], office=people["window"].seats[0].office, role=Role.CLERK)
    case = case_at("at_street", keyed_by=people["street"])
    for move in (moves.FORWARD, moves.RETURN, moves.REJECT):
        assert why_not(case, move, people["street"]).forbidden


def test_nobody_signs_a_case_twice(case_in, people):
    case = case_in("at_district")
    case.opinions.create(
        declaration=case.declaration,
        tier="street",
        office=people["street"].seats[0].office,
        by=people["district"],
        outcome="forward",
        text="同意",
    )
    assert why_not(case, moves.FORWARD, people["district"]).forbidden


@pytest.mark.parametrize("who", ["street", "district", "check", "housing"])
def test_nobody_handles_the_case_of_a_declared_relative(case_in, people, who):
    status = {"street": "at_street", "district": "at_district", "check": "check_due", "housing": "checked"}[who]
    move = {"check": moves.ORDER, "housing": moves.REFUSE}.get(who, moves.FORWARD)
    case = case_in(status)
    number = "321299198306259176"
    case.members.create(key="m1", name="胡建军", relation="01", id_number=number, born_on="1983-06-25")
    Relative.objects.create(staff=people[who], person_index=number, relation="兄弟")
    assert why_not(case, move, people[who]).forbidden


def test_a_reviewer_of_another_street_is_refused(case_in):
    reviewer = Staff.objects.get(username="r321202002")
    assert why_not(case_in("at_street"), moves.FORWARD, reviewer).forbidden


@pytest.mark.parametrize(("from_on", "to_on"), [("2099-01-01", None), ("2017-01-01", "2020-01-01")])
def test_a_posting_not_begun_or_over_entitles_to_nothing(case_in, people, from_on, to_on):
    Posting.objects.filter(staff=people["street"]).update(from_on=from_on, to_on=to_on)
    person = Staff.objects.get(username="street")
    assert why_not(case_in("at_street"), moves.FORWARD, person).forbidden


def test_only_a_household_found_fit_is_granted_and_only_one_found_unfit_is_refused(case_in, people):
    case = case_in("checked")
    for move in (moves.PUBLISH, moves.REFUSE):
        reason = why_not(case, move, people["housing"])
        assert reason is not None
        assert not reason.forbidden


def test_the_buttons_of_a_page_are_the_moves_that_can_be_made(case_in, people):
    names = {who: [move.name for move in available(case_in("at_street"), people[who], moves.TABLE)] for who in CAST}
    assert names["street"] == ["forward", "return", "reject"]
    assert names["window"] == ["withdraw"]
    assert not any(names[who] for who in CAST if who not in {"street", "window"})
