"""One check that cannot be assessed holds up no other, says so in words, and is tried again after a pause."""

import logging
from datetime import timedelta

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from bureau.moves import why_not
from tests.factories.checks import answer_anew
from verification import assessing, moves, orders
from verification.models import Check


@pytest.fixture
def pair(check_of):
    """Two checks whose answers are complete; those of the first cannot be read."""
    broken, sound = check_of("hidden-car"), check_of("fit")
    settled_again(broken, sound)
    spoil(broken)
    return broken, sound


def settled_again(*checks):
    for check in checks:
        Check.objects.filter(pk=check.pk).update(status="settled", status_since=timezone.now())
        check.refresh_from_db()


def spoil(check, answer=b"not an answer"):
    """Another answer of the police; returns the one before."""
    row = check.inquiries.get(source__code="police")
    kept = bytes(row.answer)
    answer_anew(row, answer)
    return kept


def is_due(check):
    return Check.objects.to_assess().filter(pk=check.pk).exists()


def test_the_others_of_its_set_are_assessed_and_the_fault_is_logged_with_its_trace(pair, caplog):
    broken, sound = pair
    with caplog.at_level(logging.ERROR, "verification.assessing"):
        assert assessing.assess_due() == 2
    for check in pair:
        check.refresh_from_db()
    assert (sound.status, sound.is_stuck, sound.assessments.count()) == ("assessed", False, 2)
    assert (broken.status, broken.is_stuck, broken.assessments.count()) == ("settled", True, 1)
    assert broken.assess_failure.startswith("DecodeError (hearing.py, ")
    last = caplog.records[-1]
    assert (last.exc_info[0].__name__, f"Check {broken.pk} " in last.getMessage()) == ("DecodeError", True)


def test_it_is_tried_again_after_a_pause_that_doubles_up_to_a_limit(pair):
    broken, _sound = pair
    pauses = []
    for _ in range(12):
        assessing.assess([broken.pk])
        broken.refresh_from_db()
        pauses.append(broken.assess_after - broken.assess_failed_at)
        assert not is_due(broken)
        assessing.assess_due()  # the sweep leaves it alone
        broken.refresh_from_db()
        assert broken.assess_failures == len(pauses)
        Check.objects.filter(pk=broken.pk).update(assess_after=timezone.now() - timedelta(seconds=1))
        assert is_due(broken)
    assert pauses[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert pauses[-1] == timedelta(hours=6)


def test_what_was_mended_is_assessed_when_its_pause_is_over(check_of):
    check = check_of("hidden-car")
    settled_again(check)
    kept = spoil(check)
    assessing.assess([check.pk])
    spoil(check, kept)
    Check.objects.filter(pk=check.pk).update(assess_after=timezone.now())
    assert assessing.assess_due() == 1
    check.refresh_from_db()
    assert (check.status, check.is_stuck) == ("assessed", False)


def test_an_officer_asks_again_and_the_new_answers_need_not_wait(pair, people):
    broken, _sound = pair
    assert why_not(broken, moves.ASK_AGAIN, people["check"]).text  # not while it is just being compared
    assessing.assess([broken.pk])
    broken.refresh_from_db()
    assert why_not(broken, moves.ASK_AGAIN, people["check"]) is None
    assert orders.ask_again(broken, by=people["check"], source_codes=["police"]) == 1
    broken.refresh_from_db()
    assert (broken.status, broken.is_stuck) == ("asking", False)
    settled_again(broken)
    assert is_due(broken)
    assessing.assess([broken.pk])
    broken.refresh_from_db()
    assert broken.assess_failures == 1  # counted anew for the new answers


def test_the_page_says_it_in_words_and_offers_every_source(pair, as_user):
    broken, sound = pair
    assessing.assess_due()
    page = as_user("check", "en").get(f"/checks/{broken.number}/").content.decode()
    assert "could not be compared" in page
    assert "DecodeError" in page
    assert page.count('name="source"') >= broken.inquiries.filter(state="answered").count()
    assert "could not be compared" not in as_user("check", "en").get(f"/checks/{sound.number}/").content.decode()
    chinese = as_user("check", "zh-hans").get(f"/checks/{broken.number}/").content.decode()
    assert "未能完成比对" in chinese


def test_a_database_that_is_not_there_is_the_fault_of_no_check(pair):
    def unreachable(execute, sql, *arguments):
        if "INSERT INTO" in sql and "verification_assessment" in sql:
            raise OperationalError("the connection is lost")
        return execute(sql, *arguments)

    with connection.execute_wrapper(unreachable), pytest.raises(OperationalError):
        assessing.assess([pair[1].pk])
    pair[1].refresh_from_db()
    assert (pair[1].status, pair[1].assess_failure) == ("settled", "")


def test_the_database_keeps_reason_and_pause_together(check_of):
    with pytest.raises(IntegrityError, match="failed_with_a_reason"), transaction.atomic():
        Check.objects.filter(pk=check_of("fit").pk).update(assess_failed_at=timezone.now())
