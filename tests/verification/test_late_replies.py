"""A department that does not answer a request to correct stands on the board of what is stuck until it has answered."""

import pytest

from bureau import workdays
from tests.factories import benefits
from tests.factories.objections import SCENARIO, decide, object_to, reply, unfit
from tests.supervision.boards import board

pytestmark = pytest.mark.django_db


def late(person):
    """The late replies on this person's board."""
    kinds = {kind["trouble"].code: kind["lines"] for kind in board(person)}
    return kinds.get("late_replies", [])


def test_a_late_reply_is_seen_by_the_check_centre_until_it_is_there(check_of, sources, people, as_user):
    objection = object_to(unfit(check_of(SCENARIO), people), people)
    dispute = decide(objection, people, "correction")
    ahead = (dispute.reply_due_on - workdays.today()).days
    with benefits.later(ahead):
        assert not late(people["check"])
    with benefits.later(ahead + 1):
        for name in ("check", "auditor"):
            [line] = late(people[name])
            assert (line.name, line.since) == (objection.number, dispute.reply_due_on)
            assert as_user(name).get(line.url).status_code == 200
            assert as_user(name).get("/supervision/stuck/late_replies/").status_code == 200
        assert not late(people["credit"])
        reply(dispute, people, "maintained")
        assert not late(people["check"])
