"""What a receiver did not take is told again under a new number, as it is today; never under the old one."""

from functools import partial

import pytest

from bureau.errors import MoveRefusedError
from credit import cases, feed_replies, feeding
from tests.factories import credit as given
from tests.factories import feeds as fed
from tests.factories.feeds import lines

pytestmark = pytest.mark.django_db


def test_what_was_rejected_is_told_again_under_a_new_number(later):
    _case, key = fed.recorded(later)
    fed.recorded(later, about=fed.OTHERS[0], origin="finding:2")
    batch = fed.told(fed.city())
    officer = given.staff("credit")
    with pytest.raises(MoveRefusedError, match="was rejected"):
        feeding.resend_rejected(batch, by=officer)
    feed_replies.take_receipt(fed.city(), fed.receipt(batch, key), by=officer)
    assert key not in feeding.held_by(fed.city())
    again = feeding.resend_rejected(batch, by=officer)
    assert lines(again) == [("add", key)]
    assert (again.replaces, again.name) == (batch, f"{batch.name[:-4]}0002")
    for resend in (partial(feeding.resend_rejected, by=officer), partial(feeding.resend_all, by=officer, note="x")):
        with pytest.raises(MoveRefusedError):
            resend(batch)


def test_a_rejected_record_that_was_withdrawn_meanwhile_is_not_told_again(later):
    case, key = fed.recorded(later)
    batch, officer = fed.told(fed.city()), given.staff("credit")
    feed_replies.take_receipt(fed.city(), fed.receipt(batch, key), by=officer)
    cases.withdraw(case, by=officer, reason="法院判决撤销")
    with pytest.raises(MoveRefusedError, match="Nothing is left"):
        feeding.resend_rejected(batch, by=officer)


@pytest.mark.parametrize("answered", [True, False])
def test_a_batch_that_did_not_arrive_or_was_refused_is_sent_anew_as_a_whole(later, answered):
    _case, key = fed.recorded(later)
    batch, officer = fed.told(fed.city()), given.staff("credit")
    if answered:
        feed_replies.take_receipt(fed.city(), fed.refusal_of_all(batch), by=officer)
        assert feeding.held_by(fed.city()) == {}
    again = feeding.resend_all(batch, by=officer, note="未送达")
    assert lines(again) == [("add", key)]
    assert set(feeding.held_by(fed.city())) == {key}
    assert feeding.make(fed.city(), by=None) == []


def test_a_batch_that_was_taken_is_not_sent_anew(later):
    fed.recorded(later)
    batch, officer = fed.told(fed.city()), given.staff("credit")
    feed_replies.take_receipt(fed.city(), fed.receipt(batch), by=officer)
    with pytest.raises(MoveRefusedError, match="has taken this batch"):
        feeding.resend_all(batch, by=officer, note="未送达")
