"""Who may make which move of a check, where it stands: every role against every move."""

import pytest

from bureau.moves import why_not
from tests.factories.cases import check_at
from verification import moves
from verification.models import Check

CAST = ("window", "window2", "street", "district", "check", "housing", "credit", "auditor", "admin")
MAY = {
    ("settle", "asking"): "system",
    ("assess", "settled"): "system",
    ("ask_again", "assessed"): "check",
    ("ask_again", "settled"): "check",
    ("ask_again", "asking"): "check",
    ("ask_source_again", "assessed"): "system",
    ("ask_source_again", "asking"): "system",
    ("assess_again", "assessed"): "system",
    **{("ask_doubted_again", status): "system" for status in ("asking", "settled", "assessed")},
    ("conclude", "assessed"): "check",
    **{("cancel", status): "check" for status in ("asking", "settled", "assessed")},
    **{("drop", status): "system" for status in ("asking", "settled", "assessed")},
}
TABLE = {move.name: move for move in moves.TABLE}
STEPS = [(move.name, str(status)) for move in moves.TABLE for status in move.steps]
pytestmark = pytest.mark.django_db


def test_the_table_above_names_every_step_and_no_other():
    assert sorted(STEPS) == sorted(MAY)


@pytest.mark.parametrize(("name", "status"), STEPS)
def test_a_move_is_made_by_whose_work_it_is_and_never_by_anybody_else(people, name, status):
    check, may = check_at(status), set()
    for who in (*CAST, "system"):
        reason = why_not(check, TABLE[name], None if who == "system" else people[who])
        if reason is None or not reason.forbidden:
            may.add(who)
    assert may == {MAY[(name, status)]}


@pytest.mark.parametrize("name", sorted(TABLE))
def test_no_move_starts_where_the_table_does_not_say_so(people, name):
    for status in set(Check.Status) - set(TABLE[name].steps):
        check = check_at(status)
        for who in (*CAST, None):
            assert why_not(check, TABLE[name], people[who] if who else None) is not None


def test_nothing_leads_out_of_a_concluded_or_cancelled_check():
    for move in moves.TABLE:
        assert not {"concluded", "cancelled"} & set(move.steps)
