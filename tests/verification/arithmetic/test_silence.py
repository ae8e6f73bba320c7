"""No answer is never a zero: what rests on a source that is silent stays open, unless what is known decides it."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.verification.arithmetic.drawn import (
    GRANDFATHER,
    PROPERTY,
    Household,
    households,
    values,
)
from tests.verification.household import CHILD, DIBAO, LOCAL, ON, STANDARDS, TAIZHOU
from verification.comparison import Assessed, assess
from verification.facts import Declared, Outcome, RecordKind
from verification.figures import Criterion
from verification.standards.schema import SOURCE_KINDS
from verification.statement import Heard

SILENT = tuple(outcome for outcome in Outcome if not outcome.is_answer)
RESTS_ON: Mapping[str, set[RecordKind]] = {
    "income": {RecordKind.TAX, RecordKind.FUND, RecordKind.INSURANCE, RecordKind.ASSISTANCE, RecordKind.REGISTRATION},
    "area": {RecordKind.HOUSING, RecordKind.REGISTRATION},
    "assets": {RecordKind.DEPOSIT, RecordKind.REGISTRATION},
    "vehicles": {RecordKind.VEHICLE},
    "vehicle_price": {RecordKind.VEHICLE},
    "business": {RecordKind.BUSINESS},
    "residence": {RecordKind.REGISTRATION},
    "certificate": {RecordKind.ASSISTANCE},
    "one_benefit": {RecordKind.ASSISTANCE, RecordKind.HOUSING},
}
FLOORS = {"residence", "certificate"}
SHARED = {"income", "area", "assets"}  # by the number of members, which a death changes
REQUIRED = TAIZHOU.required_sources
FIGURES = ("income", "area", "area_total", "assets", "vehicles", "vehicle_price", "business", "benefits")


def rests(criterion: Criterion, source: str) -> bool:
    return bool(RESTS_ON[criterion.name] & {*SOURCE_KINDS[source]})


def hushed(household: Household, source: str, members: set[str], outcome: Outcome) -> list[Heard]:
    """The source says nothing of these members."""
    return [
        replace(
            each,
            replies=tuple(
                replace(reply, outcome=outcome, records=()) if reply.person in members else reply
                for reply in each.replies
            ),
        )
        if each.source == source
        else each
        for each in household.heard()
    ]


def assert_open_or_decided(after: Assessed, source: str) -> None:
    for criterion in after.comparison.criteria:
        if rests(criterion, source):
            assert criterion.missing == (source,)
            heads_alone = criterion.name in SHARED and {*SOURCE_KINDS[source]} & RESTS_ON[criterion.name] == {
                RecordKind.REGISTRATION
            }
            assert (criterion.met is not True) or criterion.name in FLOORS or heads_alone


@given(
    household=households(deaths=False),
    source=st.sampled_from(REQUIRED),
    outcome=st.sampled_from(SILENT),
    data=st.data(),
)
@PROPERTY
def test_a_required_source_that_is_silent_on_one_member_leaves_open_what_rests_on_it(household, source, outcome, data):
    standard = data.draw(st.sampled_from([*STANDARDS.values()]))
    members = data.draw(st.sets(st.sampled_from(household.keys), min_size=1))
    after = assess(household.declared, hushed(household, source, members, outcome), standard, on=ON)
    assert after.statement.completeness.missing == (source,)
    assert after.comparison.proposed != "fit"
    assert_open_or_decided(after, source)
    told = after.statement.completeness.outcomes[source]
    assert {person for person, said in told.items() if said == outcome.value} == members


@given(
    household=households(),
    silent=st.sets(st.sampled_from([*REQUIRED, "state_tax"]), min_size=1, max_size=2),
    outcome=st.sampled_from(SILENT),
    standard=st.sampled_from([*STANDARDS.values()]),
)
@settings(PROPERTY, max_examples=5 * PROPERTY.max_examples)
def test_silence_makes_a_criterion_unknown_and_never_turns_it_over(household, silent, outcome, standard):
    """Whatever the silent sources then answer, a verdict that was given without them stands."""
    may_be_missing = tuple(source for source in standard.sources_that_may_be_missing if source not in silent)
    standard = replace(
        standard,
        sources_that_may_be_missing=may_be_missing,
        required_sources=tuple({*standard.required_sources, *silent}),
    )
    whole = household.assess(standard)
    before = {each.name: each for each in whole.comparison.criteria}
    after = household.assess(standard, silent=dict.fromkeys(silent, outcome))
    for now in after.comparison.criteria:
        was = before.get(now.name)  # the age of who applies alone is not judged once another turns out to have died
        if was is None or was.value is None:
            continue
        assert now.met in {was.met, None}
        if not any(rests(now, source) for source in silent) and now.name != "single_age":
            assert (now.value, now.met, now.missing) == (was.value, was.met, was.missing)
    if whole.statement.members:
        for name in FIGURES:
            least = getattr(after.statement.figures, name).at_least
            assert least is None or least <= getattr(whole.statement.figures, name).value, name
    assert whole.comparison.proposed == "unfit" or after.comparison.proposed == "incomplete"


@given(household=households(deaths=False), source=st.sampled_from(REQUIRED))
@PROPERTY
def test_every_way_of_not_answering_comes_to_the_same_as_not_being_asked(household, source):
    heard = [each for each in household.heard() if each.source != source]
    unasked = assess(household.declared, heard, TAIZHOU, on=ON)
    for outcome in SILENT:
        after = household.assess(TAIZHOU, silent={source: outcome})
        assert values(after.statement.figures) == values(unasked.statement.figures)
        assert after.comparison.criteria == unasked.comparison.criteria


@given(
    household=households(deaths=False), outcome=st.sampled_from(SILENT), standard=st.sampled_from([*STANDARDS.values()])
)
@PROPERTY
def test_a_source_that_may_be_missing_leaves_nothing_open_unless_it_knows_somebody_else(household, outcome, standard):
    may_be_missing = standard.sources_that_may_be_missing
    told = {place: records for place, records in household.told.items() if place[0] not in may_be_missing}
    whole = Household(household.declared, told)
    before = whole.assess(standard)
    after = whole.assess(standard, silent=dict.fromkeys(may_be_missing, outcome))
    assert after.comparison.criteria == before.comparison.criteria
    assert after.statement.completeness.missing == ()
    assert after.statement.completeness.answered == 24 - len(may_be_missing)
    if outcome is not Outcome.IDENTITY_MISMATCH:
        assert after.comparison.proposed == before.comparison.proposed


@pytest.mark.parametrize("outcome", SILENT, ids=lambda outcome: outcome.value)
@pytest.mark.parametrize("standard", STANDARDS.values(), ids=STANDARDS)
def test_a_household_of_which_nobody_says_anything_is_neither_fit_nor_unfit(standard, outcome):
    nobody = Household(Declared(persons=(replace(CHILD, key="m1"),)), {})
    after = nobody.assess(standard, silent=dict.fromkeys(SOURCE_KINDS, outcome))
    assert after.comparison.proposed == "incomplete"
    assert after.statement.completeness.missing == tuple(sorted(standard.required_sources))
    assert {criterion.met for criterion in after.comparison.criteria} == {None}


@pytest.mark.parametrize("source", REQUIRED)
@pytest.mark.parametrize("standard", STANDARDS.values(), ids=STANDARDS)
def test_a_fit_household_is_incomplete_while_a_required_source_is_silent_though_no_criterion_rests_on_it(
    standard, source
):
    home = {"division_code": f"{standard.residence.divisions[0]:0<6}", "moved_in_date": "2000-01-01"}
    told = {("police", "m1"): [LOCAL | home], ("civil_affairs", "m1"): [DIBAO]}
    pensioner = Household(Declared(persons=(replace(GRANDFATHER, key="m1"),)), told)
    assert pensioner.assess(standard).comparison.proposed == "fit"
    after = pensioner.assess(standard, {source: Outcome.TIMEOUT}).comparison
    assert after.proposed == "incomplete"
    assert f"missing:{source}" in after.reasons
