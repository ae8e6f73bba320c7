"""A finding has no consequence until a person settles it, once, with a reason."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from bureau.errors import MoveRefusedError, NotAllowedError, StaleError, UnfitDataError
from bureau.models import TimelineEntry
from tests.factories.checks import order_scenario
from verification import asking, assessing, findings
from verification.models import Finding

REASON = "与当事人核实，登记属实。"


@pytest.fixture
def finding(check_of) -> Finding:
    return check_of("hidden-car").findings.get(kind="undeclared_vehicle")


def test_a_check_officer_confirms_with_a_reason_and_the_timeline_tells_it(finding, people):
    findings.confirm(finding, by=people["check"], reason=f"  {REASON} ")

    finding.refresh_from_db()
    assert (finding.state, finding.settled_by, finding.reason) == ("confirmed", people["check"], REASON)
    assert finding.settled_at is not None
    entry = TimelineEntry.objects.of(finding.check_ordered).first()
    assert (entry.event, entry.by, entry.note) == ("finding_confirmed", people["check"], REASON)


@pytest.mark.parametrize("verb", [findings.confirm, findings.dismiss])
@pytest.mark.parametrize("username", ["window", "street", "district", "housing", "credit", "auditor", "admin"])
def test_nobody_but_a_check_officer_settles_a_finding(finding, people, username, verb):
    with pytest.raises(NotAllowedError):
        verb(finding, by=people[username], reason=REASON)
    finding.refresh_from_db()
    assert finding.state == "open"


@pytest.mark.parametrize("verb", [findings.confirm, findings.dismiss])
@pytest.mark.parametrize("reason", ["", "   ", "\n\t"])
def test_a_finding_is_not_settled_without_a_reason(finding, people, verb, reason):
    with pytest.raises(UnfitDataError) as error:
        verb(finding, by=people["check"], reason=reason)
    assert "reason" in error.value.fields
    finding.refresh_from_db()
    assert finding.state == "open"


@pytest.mark.parametrize("first", [findings.confirm, findings.dismiss])
@pytest.mark.parametrize("second", [findings.confirm, findings.dismiss])
def test_a_finding_is_settled_once(finding, people, first, second):
    first(finding, by=people["check"], reason=REASON)
    settled = Finding.objects.values_list("state", "settled_at", "reason").get(pk=finding.pk)

    with pytest.raises(StaleError):
        second(finding, by=people["check"], reason="another")
    assert Finding.objects.values_list("state", "settled_at", "reason").get(pk=finding.pk) == settled


@pytest.mark.parametrize("status", ["asking", "settled", "concluded", "cancelled"])
def test_findings_are_settled_between_assessment_and_conclusion_only(finding, people, status):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE verification_check SET status = %s WHERE id = %s", [status, finding.check_ordered_id])
    with pytest.raises(MoveRefusedError):
        findings.confirm(finding, by=people["check"], reason=REASON)


def test_a_dismissed_finding_is_set_aside_at_once_and_does_not_come_back(finding, people):
    check = finding.check_ordered
    before = check.assessments.get()

    findings.dismiss(finding, by=people["check"], reason="车辆为单位所有，登记有误。")

    newest, oldest = check.assessments.order_by("-version")
    assert (newest.version, oldest.pk) == (2, before.pk)
    assert finding.fingerprint in assessing.inputs_of(newest).set_aside
    proposed = assessing.result_of(newest).comparison
    assert finding.fingerprint not in {each.fingerprint for each in proposed.findings}
    assert proposed.proposed != "unfit"
    assert not check.findings.filter(state="open", kind="undeclared_vehicle").exists()

    assessing.write([check])
    assert check.findings.get(fingerprint=finding.fingerprint).state == "dismissed"
    assert not check.findings.open().filter(kind="undeclared_vehicle").exists()


def test_what_was_dismissed_in_one_check_of_a_case_stays_dismissed_in_the_next(finding, people, departments):
    findings.dismiss(finding, by=people["check"], reason=REASON)
    check = finding.check_ordered
    check.pk, check.number = None, f"{check.number}-2"
    check.status = "cancelled"  # the first check is still open, and one case has one open check
    check._state.adding = True
    check.save()

    assessing.write([check])

    assert finding.fingerprint in assessing.inputs_of(check.assessments.get()).set_aside


@pytest.mark.parametrize("kept", [{"reason": ""}, {"settled_by": None}, {"settled_at": None}])
def test_the_database_refuses_a_settled_finding_without_person_time_and_reason(finding, people, kept):
    values = {"settled_by": people["check"], "settled_at": timezone.now(), "reason": REASON, **kept}
    with pytest.raises(IntegrityError, match="finding_is_settled_by_a_person_with_a_reason"), transaction.atomic():
        Finding.objects.filter(pk=finding.pk).update(state="confirmed", **values)


def test_a_finding_is_never_removed(finding):
    with pytest.raises(Exception, match="finding_is_kept|Cannot delete"), transaction.atomic():
        Finding.objects.filter(pk=finding.pk).delete()


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_at_once_one_settles_and_the_other_is_told(sources, people):
    check = order_scenario(sources, "hidden-car")
    asking.ask([check.pk])
    finding = check.findings.get(kind="undeclared_vehicle")
    told = []

    def settle(verb):
        try:
            verb(Finding.objects.get(pk=finding.pk), by=people["check"], reason=REASON)
            told.append("settled")
        except StaleError:
            told.append("stale")
        finally:
            connection.close()

    threads = [threading.Thread(target=settle, args=(verb,)) for verb in (findings.confirm, findings.dismiss)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(told) == ["settled", "stale"]
    assert TimelineEntry.objects.of(check).filter(event__startswith="finding_").count() == 1
