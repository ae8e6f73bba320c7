"""The finding panel: three members at least, none with a part in it, each votes once and says why."""

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.utils import timezone
from hypothesis import given as for_all
from hypothesis import strategies as st

from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.fields import blind_index
from bureau.models import Relative
from credit import cases, panel
from credit.leads import Confirmed
from credit.models import Seat
from credit.policies import Severity
from tests.factories import credit as given

G, M, S = Severity.GENERAL, Severity.MORE_SERIOUS, Severity.SERIOUS
NAMES = ("panel", "panel2", "panel3")
pytestmark = pytest.mark.django_db


@pytest.fixture
def members(people):
    return [people[name] for name in NAMES]


@pytest.mark.parametrize(
    ("votes", "status", "severity"),
    [
        ((M, M, M), "found", M),
        ((M, M, None), "found", M),
        ((M, None, None), "not_found", M),
        ((None, None, None), "not_found", M),
        ((S, M, G), "found", M),
        ((S, S, G), "found", S),
        ((S, G, G), "found", G),
        ((S, G, None), "found", G),
    ],
)
def test_the_panel_decides_by_more_than_half(people, votes, status, severity):
    case = given.voted(*votes)
    assert (case.status, case.severity) == (status, severity)


def test_dissent_is_kept_with_its_reason(people):
    case = given.voted(M, M, None)
    assert list(case.seats.values_list("finds", flat=True)) == [True, True, False]
    assert all(seat.reason for seat in case.seats.all())


def test_nothing_is_decided_before_the_last_vote(people, members):
    case = given.seated()
    for member in members[:2]:
        panel.vote(case, by=member, finds=True, severity=M, reason="事实清楚")
    case.refresh_from_db()
    assert case.status == "at_panel"


def test_nobody_votes_twice(people, members):
    case = given.seated()
    panel.vote(case, by=members[0], finds=True, severity=M, reason="事实清楚")
    with pytest.raises(MoveRefusedError, match="already"):
        panel.vote(case, by=members[0], finds=False, reason="改变主意")
    with pytest.raises(InternalError), transaction.atomic():
        case.seats.filter(by=members[0]).update(finds=False, severity="")


def test_who_has_no_seat_does_not_vote(people):
    case = given.seated()
    for name in ("credit", "check", "auditor", "admin"):
        with pytest.raises(NotAllowedError):
            panel.vote(case, by=people[name], finds=True, severity=M, reason="x")


@pytest.mark.parametrize(
    "values",
    [
        {"finds": True, "severity": None, "reason": "x"},
        {"finds": True, "severity": M, "reason": " "},
        {"finds": False, "reason": ""},
    ],
)
def test_a_vote_says_how_grave_and_why(people, members, values):
    case = given.seated()
    with pytest.raises(UnfitDataError):
        panel.vote(case, by=members[0], **values)
    assert case.seats.filter(voted_at=None).count() == 3


def test_a_panel_of_two_is_too_small(people, members):
    case = given.heard()
    with pytest.raises(MoveRefusedError, match="wants 3"):
        panel.seat(case, members[:2], by=people["credit"])
    assert not Seat.objects.exists()
    panel.seat(case, [*members, members[0]], by=people["credit"])
    assert case.seats.count() == 3


def test_who_is_no_member_of_the_panel_has_no_seat(people, members):
    with pytest.raises(UnfitDataError, match="no member"):
        panel.seat(given.heard(), [*members, people["auditor"]], by=people["credit"])


def test_a_relative_of_the_household_has_no_seat(people, members):
    case = given.heard()
    Relative.objects.create(staff=members[1], person_index=blind_index(given.WIFE.identifier))
    fresh = [type(member).objects.get(pk=member.pk) for member in members]
    with pytest.raises(UnfitDataError, match="relative"):
        panel.seat(case, fresh, by=people["credit"])
    assert not Seat.objects.exists()


def test_a_relative_that_is_declared_after_the_seating_keeps_from_voting(people, members):
    case = given.seated()
    Relative.objects.create(staff=members[0], person_index=blind_index(given.WIFE.identifier))
    with pytest.raises(NotAllowedError):
        panel.vote(case, by=type(members[0]).objects.get(pk=members[0].pk), finds=True, severity=M, reason="x")


def test_who_confirmed_the_finding_has_no_seat(people, members):
    lead = given.lead(confirmed=Confirmed(members[2], timezone.now()))
    with pytest.raises(UnfitDataError, match="worked on the case"):
        panel.seat(given.heard(lead=lead), members, by=people["credit"])


def test_after_the_decision_nobody_votes(people, members):
    case = given.found_by_panel()
    with pytest.raises(MoveRefusedError, match="not before the panel"):
        panel.vote(case, by=members[0], finds=False, reason="x")
    with pytest.raises(UnfitDataError):
        cases.list_cures(case, by=people["credit"], things=[])


@pytest.mark.parametrize(
    "change",
    [
        {"finds": True},
        {"finds": True, "voted_at": "2026-01-01T00:00Z"},
        {"finds": False, "voted_at": "2026-01-01T00:00Z", "severity": "general"},
        {"severity": "general"},
    ],
)
def test_the_database_refuses_half_a_vote(people, change):
    case = given.seated()
    with pytest.raises(IntegrityError, match="seat_vote_is_whole"), transaction.atomic():
        case.seats.update(**change)


@for_all(votes=st.lists(st.sampled_from([G, M, S]), min_size=1, max_size=9), seed=st.randoms())
def test_the_severity_is_the_gravest_that_more_than_half_reach(votes, seed):
    found = panel.severity_of(votes)
    shuffled = list(votes)
    seed.shuffle(shuffled)
    assert panel.severity_of(shuffled) == found
    place = panel.ORDER.index
    reach = sum(place(vote) >= place(found) for vote in votes)
    graver = sum(place(vote) > place(found) for vote in votes)
    assert reach * 2 > len(votes) >= graver * 2
