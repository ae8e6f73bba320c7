"""The order in which anything is told or written down moves no figure, and an answer of "nothing" adds nothing."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.verification.arithmetic.drawn import PROPERTY, Household, encoded, households, values
from tests.verification.household import ON, STANDARDS, TAIZHOU
from verification.comparison import Assessed, assess
from verification.connector import Reply
from verification.facts import Outcome, RecordKind
from verification.statement import Heard

STANDARD = st.sampled_from([*STANDARDS.values()])
SECTIONS = ("homes", "vehicles", "assets", "businesses", "assistance")


def renamed(household: Household, order: list[int]) -> Household:
    """The same people, written down in this order: the first of them is now m1."""
    old = household.declared
    key = {old.persons[place].key: f"m{number}" for number, place in enumerate(order, 1)}
    sections = {
        name: tuple(replace(each, owner=key[each.owner]) for each in reversed(getattr(old, name))) for name in SECTIONS
    }
    persons = tuple(replace(old.persons[place], key=key[old.persons[place].key]) for place in order)
    told = {(source, key[person]): records[::-1] for (source, person), records in household.told.items()}
    return Household(replace(old, persons=persons, **sections), told)


def judged(assessed: Assessed) -> list[tuple[object, ...]]:
    return [(each.name, each.value, each.met, each.reason) for each in assessed.comparison.criteria]


@given(household=households(), data=st.data(), standard=STANDARD)
@PROPERTY
def test_who_of_the_household_is_written_down_first_moves_no_figure(household, data, standard):
    order = data.draw(st.permutations(range(len(household.keys))))
    first, second = household.assess(standard), renamed(household, order).assess(standard)
    assert values(second.statement.figures) == values(first.statement.figures)
    assert judged(second) == judged(first)
    assert second.comparison.proposed == first.comparison.proposed
    assert second.comparison.tier == first.comparison.tier
    kinds = [sorted((each.kind, each.amount) for each in side.comparison.findings) for side in (first, second)]
    assert kinds[0] == kinds[1]


@given(household=households(), data=st.data())
@PROPERTY
def test_the_order_of_sources_replies_and_records_changes_not_one_byte(household, data):
    heard = household.heard()
    shuffled = [
        replace(each, replies=tuple(replace(reply, records=reply.records[::-1]) for reply in each.replies[::-1]))
        for each in data.draw(st.permutations(heard))
    ]
    assert encoded(assess(household.declared, shuffled, TAIZHOU, on=ON)) == encoded(household.assess(TAIZHOU))


@given(household=households(), again=st.lists(st.integers(0, 23), min_size=1, max_size=4))
@PROPERTY
def test_what_is_told_twice_in_the_same_words_counts_once(household, again):
    heard = household.heard()
    twice = [*heard, *(heard[place] for place in again)]
    assert encoded(assess(household.declared, twice, TAIZHOU, on=ON)) == encoded(household.assess(TAIZHOU))


@given(household=households(), kinds=st.sets(st.sampled_from(RecordKind)), required=st.booleans(), standard=STANDARD)
@PROPERTY
def test_a_further_source_that_knows_of_nothing_changes_the_completeness_alone(household, kinds, required, standard):
    replies = tuple(Reply(person=key, outcome=Outcome.NONE, data_date=date(2026, 11, 20)) for key in household.keys)
    further = Heard(source="notary", kinds=tuple(sorted(kinds)), replies=replies, required=required)
    before = household.assess(standard)
    heard = [further, *household.heard()]
    after = assess(household.declared, heard, standard, on=ON)
    assert after.comparison == before.comparison
    assert replace(after.statement, completeness=before.statement.completeness) == before.statement
    completeness = after.statement.completeness
    assert (completeness.asked, completeness.answered) == (25, 25)
    assert completeness.missing == completeness.mismatched == ()


@given(household=households(), standard=STANDARD)
@PROPERTY
def test_a_person_who_is_not_of_the_household_moves_no_figure(household, standard):
    told = {(source, "m9"): records for (source, person), records in household.told.items() if person == "m1"}
    heard = household.heard()
    strangers = [
        replace(each, replies=(*each.replies, *(replace(each.replies[0], person="m9"),)))
        if (each.source, "m9") in told
        else each
        for each in heard
    ]
    assert encoded(assess(household.declared, strangers, standard, on=ON)) == encoded(household.assess(standard))
