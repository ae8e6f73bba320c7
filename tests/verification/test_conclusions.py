"""A person concludes: unfit on a failed criterion and a finding that a person confirmed, fit on everything met."""

from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.utils import timezone
from msgspec.structs import replace

from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.models import Document, Relative, Staff
from tests.factories.checks import answer_anew
from verification import assessing, conclusions, findings
from verification.connector import Answer
from verification.models import Check, Conclusion

OPINION = "经核对，情况如上。"
INSERT = """
INSERT INTO verification_conclusion (check_ordered_id, assessment_id, outcome, opinion, decisive_finding_id, by_id, at)
VALUES (%(check)s, %(assessment)s, %(outcome)s, 'raw', %(finding)s, %(by)s, %(at)s)
"""


def settle(check, by, verb=findings.confirm):
    while finding := check.findings.open().first():  # one dismissed may take others with it
        verb(finding, by=by, reason="已核实。")


def conclude(check, outcome, people, username="check", opinion=OPINION):
    return conclusions.conclude(check, outcome=outcome, opinion=opinion, by=people[username])


def nothing_is_written(check):
    check.refresh_from_db()
    return (
        check.status == Check.Status.ASSESSED
        and not Conclusion.objects.exists()
        and not Document.objects.filter(kind="check_report").exists()
    )


def insert(check, people, outcome, finding):
    values = {
        "check": check.pk,
        "assessment": check.assessments.order_by("-version")[0].pk,
        "outcome": outcome,
        "finding": finding.pk if finding else None,
        "by": people["check"].pk,
        "at": timezone.now(),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(INSERT, values)


def test_a_fit_household_is_concluded_fit_with_a_numbered_report(check_of, people):
    check = check_of("fit")
    conclusion = conclude(check, "fit", people)

    check.refresh_from_db()
    assert (check.status, conclusion.outcome, conclusion.decisive_finding) == ("concluded", "fit", None)
    assert conclusion.report.kind == "check_report"
    assert conclusion.report.number.startswith("泰房核〔")


@pytest.mark.parametrize("name", ["hidden-car", "hidden-flat", "unfit-income", "unfit-area", "moved-deposits"])
def test_an_unfit_conclusion_rests_on_a_confirmed_finding_behind_a_failed_criterion(check_of, people, name):
    check = check_of(name)
    settle(check, people["check"])
    conclusion = conclude(check, "unfit", people)

    assert conclusion.decisive_finding.state == "confirmed"
    failed = {criterion["name"] for criterion in conclusions.failed_criteria(conclusion)}
    assert failed & set(conclusion.decisive_finding.supports)


def test_unfit_is_refused_while_findings_are_open(check_of, people):
    check = check_of("hidden-car")
    with pytest.raises(MoveRefusedError):
        conclude(check, "unfit", people)
    assert nothing_is_written(check)


def test_unfit_is_refused_when_every_finding_was_dismissed(check_of, people):
    check = check_of("hidden-car")
    settle(check, people["check"], findings.dismiss)
    with pytest.raises(MoveRefusedError):
        conclude(check, "unfit", people)
    assert nothing_is_written(check)


def test_unfit_is_refused_when_no_criterion_failed_whatever_was_confirmed(check_of, people):
    check = check_of("sold-vehicle")
    settle(check, people["check"])
    with pytest.raises(MoveRefusedError):
        conclude(check, "unfit", people)
    assert nothing_is_written(check)


@pytest.mark.parametrize("name", ["hidden-car", "unfit-income", "two-banks-silent", "identity-mismatch"])
def test_fit_is_refused_with_a_failed_criterion_or_an_answer_missing(check_of, people, name):
    check = check_of(name)
    settle(check, people["check"])
    with pytest.raises(MoveRefusedError):
        conclude(check, "fit", people)
    assert nothing_is_written(check)


def test_a_household_with_silent_banks_is_concluded_incomplete(check_of, people):
    assert conclude(check_of("two-banks-silent"), "incomplete", people).outcome == "incomplete"


@pytest.mark.parametrize("outcome", ["", "maybe", "FIT", "found"])
def test_an_unknown_outcome_is_refused_in_words(check_of, people, outcome):
    check = check_of("fit")
    with pytest.raises(UnfitDataError):
        conclude(check, outcome, people)
    assert nothing_is_written(check)


@pytest.mark.parametrize("opinion", ["", "   "])
def test_a_conclusion_needs_an_opinion(check_of, people, opinion):
    check = check_of("fit")
    with pytest.raises(UnfitDataError) as error:
        conclude(check, "fit", people, opinion=opinion)
    assert "opinion" in error.value.fields
    assert nothing_is_written(check)


@pytest.mark.parametrize("username", ["window", "street", "district", "housing", "credit", "auditor", "admin"])
def test_nobody_but_a_check_officer_concludes(check_of, people, username):
    check = check_of("fit")
    with pytest.raises(NotAllowedError):
        conclude(check, "fit", people, username)
    assert nothing_is_written(check)


def test_a_check_is_concluded_once(check_of, people):
    check = check_of("fit")
    conclude(check, "fit", people)
    with pytest.raises(MoveRefusedError):
        conclude(check, "fit", people)
    assert Conclusion.objects.count() == 1


def test_the_database_itself_refuses_unfit_on_a_finding_that_nobody_confirmed(check_of, people):
    check = check_of("hidden-car")
    with pytest.raises(IntegrityError, match="confirmed by a person"):
        insert(check, people, "unfit", check.findings.get(kind="undeclared_vehicle"))


def test_the_database_itself_refuses_unfit_on_no_finding(check_of, people):
    with pytest.raises(IntegrityError, match="confirmed by a person|rests_on_a_finding"):
        insert(check_of("hidden-car"), people, "unfit", None)


def test_the_database_itself_refuses_unfit_on_a_finding_of_another_check(check_of, people):
    other = check_of("hidden-flat")
    settle(other, people["check"])
    with pytest.raises(IntegrityError, match="confirmed by a person"):
        insert(check_of("hidden-car"), people, "unfit", other.findings.confirmed()[0])


def test_the_database_takes_unfit_on_a_confirmed_finding_of_the_check(check_of, people):
    check = check_of("hidden-car")
    settle(check, people["check"])
    insert(check, people, "unfit", check.findings.confirmed()[0])
    assert Conclusion.objects.get().outcome == "unfit"


def test_a_concluded_fit_cannot_be_turned_into_unfit_behind_the_work_modules(check_of, people):
    conclusion = conclude(check_of("fit"), "fit", people)
    with pytest.raises(IntegrityError), transaction.atomic():
        Conclusion.objects.filter(pk=conclusion.pk).update(outcome="unfit")


def test_the_report_shows_no_whole_id_number(check_of, people):
    check = check_of("fit")
    conclude(check, "fit", people)
    text = str(Document.objects.get(kind="check_report").data)
    for person in assessing.declared_of(check).persons:
        assert person.id_number not in text
        assert person.name in text


def test_the_database_refuses_fit_that_the_newest_assessment_does_not_propose(check_of, people):
    check = check_of("hidden-car")
    with pytest.raises(IntegrityError, match="newest assessment"):
        insert(check, people, "fit", None)


def test_the_database_keeps_a_settled_finding_as_it_was_settled(check_of, people):
    check = check_of("hidden-car")
    finding = findings.confirm(check.findings.open()[0], by=people["check"], reason="已核实。")
    with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
        type(finding).objects.filter(pk=finding.pk).update(reason="另一个理由")


def test_nobody_settles_or_concludes_the_check_of_a_declared_relative(check_of, people):
    check = check_of("hidden-car")
    Relative.objects.create(staff=people["check"], person_index=check.person_indexes()[-1], relation="表兄")
    officer = Staff.objects.get(username="check")  # as the next request reads it
    with pytest.raises(NotAllowedError):
        findings.confirm(check.findings.open()[0], by=officer, reason="已核实。")
    with pytest.raises(NotAllowedError):
        conclusions.conclude(check, outcome="unfit", opinion=OPINION, by=officer)
    assert nothing_is_written(check)


def told_otherwise(check, times=6):
    """The register tells of homes so many times as large as before, and the check is assessed anew."""
    inquiry = check.inquiries.get(source__code="housing_bureau")
    answer = msgspec.json.decode(inquiry.answer, type=Answer)
    replies = tuple(
        replace(reply, records=tuple(replace(home, area=home.area * times) for home in reply.records))
        for reply in answer.replies
    )
    answer_anew(inquiry, msgspec.json.encode(replace(answer, replies=replies)))
    assessing.write([check])


def test_unfit_is_refused_on_findings_that_the_newest_answers_do_not_hold(check_of, people):
    check = check_of("unfit-area")
    settle(check, people["check"])
    confirmed = check.findings.confirmed().get(kind="over_limit")
    told_otherwise(check)
    settle(check, people["check"], findings.dismiss)  # the register is wrong

    confirmed.refresh_from_db()
    assert (confirmed.state, confirmed.gone_at is not None) == ("confirmed", True)
    newest = check.assessments.order_by("-version")[0]
    assert newest.proposed == "incomplete"
    assert conclusions.failed_of(newest) == []
    with pytest.raises(MoveRefusedError):
        conclude(check, "unfit", people)
    with pytest.raises(IntegrityError, match="confirmed by a person"):
        insert(check, people, "unfit", confirmed)
    assert nothing_is_written(check)
    assert conclude(check, "incomplete", people).decisive_finding is None


def test_a_confirmed_finding_that_is_back_in_the_answers_carries_again(check_of, people):
    check = check_of("unfit-area")
    settle(check, people["check"])
    told_otherwise(check)
    told_otherwise(check, times=Decimal(1) / 6)
    assert not check.findings.filter(gone_at__isnull=False).exists()
    assert conclude(check, "unfit", people).decisive_finding.state == "confirmed"


def test_the_database_refuses_unfit_that_the_newest_assessment_does_not_propose(check_of, people):
    check = check_of("sold-vehicle")
    settle(check, people["check"])
    with pytest.raises(IntegrityError, match="newest assessment"):
        insert(check, people, "unfit", check.findings.confirmed()[0])


def test_the_database_refuses_unfit_on_an_assessment_that_is_not_the_newest(check_of, people):
    check = check_of("unfit-area")
    settle(check, people["check"])
    old = check.assessments.get()
    told_otherwise(check, times=0)
    assert check.assessments.order_by("-version")[0].proposed != "unfit"
    values = {"check_ordered": check, "assessment": old, "by": people["check"], "opinion": OPINION}
    with pytest.raises(IntegrityError, match="confirmed by a person|newest assessment"), transaction.atomic():
        Conclusion.objects.create(outcome="unfit", decisive_finding=check.findings.confirmed()[0], **values)


def test_only_a_confirmed_finding_can_be_gone(check_of):
    finding = check_of("hidden-car").findings.open()[0]
    with pytest.raises(IntegrityError, match="finding_gone_was_confirmed"), transaction.atomic():
        type(finding).objects.filter(pk=finding.pk).update(gone_at=timezone.now())


def test_the_page_says_that_a_confirmed_finding_is_no_longer_in_the_answers(check_of, people, as_user):
    check = check_of("unfit-area")
    settle(check, people["check"])
    page = f"/checks/{check.number}/"
    assert "no longer in the answers" not in as_user("check").get(page).content.decode()
    told_otherwise(check)
    assert "no longer in the answers" in as_user("check").get(page).content.decode()


def test_a_report_is_written_of_an_answer_dated_at_the_end_of_the_calendar(check_of, people):
    check = check_of("fit")
    inquiry = check.inquiries.get(source__code="housing_bureau")
    answer = msgspec.json.decode(inquiry.answer, type=Answer)
    answer_anew(inquiry, msgspec.json.encode(replace(answer, replied_at=datetime(9999, 12, 31, 23, 59, tzinfo=UTC))))
    assessing.write([check])
    assert "9999-12-31 23:59" in str(conclude(check, "fit", people).report.data)
