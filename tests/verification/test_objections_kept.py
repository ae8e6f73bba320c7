"""What the database holds of objections to results: one at a time, by another person, decided once; reports superseded
once, by a later one of the same case.
"""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from bureau.models import Document
from verification import conclusions, findings
from verification.models import Dispute, Objection, Proof, Source

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def conclude(check, by, outcome="incomplete"):
    for finding in check.findings.open():
        findings.confirm(finding, by=by, reason="已核实，属实。")
    return conclusions.conclude(check, outcome=outcome, opinion="已逐项比对。", by=by)


@pytest.fixture
def concluded(check_of, people):
    return conclude(check_of("unfit-deposits"), people["check"])


@pytest.fixture
def objection(concluded, people):
    return object_to(concluded.check_ordered, people)


def object_to(check, people, number="YY2099-000001"):
    return Objection.objects.create(
        number=number,
        check_ordered=check,
        subject=check.subject,
        office_code=check.office_code,
        grounds="存款余额有误。",
        result_on=TODAY(),
        received_on=TODAY(),
        received_by=people["window"],
        due_on=TODAY() + timedelta(days=14),
        department_days=10,
    )


@pytest.fixture
def dispute(objection):
    return Dispute.objects.create(objection=objection, source=Source.objects.all()[0], line=3)


def refused(rows, why, **changes):
    with pytest.raises(DatabaseError, match=why), transaction.atomic():
        rows.update(**changes)


def test_one_objection_is_open_at_a_time(objection, people):
    with pytest.raises(IntegrityError, match="open_once_per_check"), transaction.atomic():
        object_to(objection.check_ordered, people, "YY2099-000002")
    Objection.objects.update(status="withdrawn")
    assert object_to(objection.check_ordered, people, "YY2099-000003").is_open


def test_what_was_objected_does_not_change(objection):
    rows = Objection.objects.filter(pk=objection.pk)
    refused(rows, "Cannot update", grounds="另一理由")
    refused(rows, "Cannot update", due_on=TODAY() + timedelta(days=90))
    rows.update(status="withdrawn")
    refused(rows, "Cannot update", status="received")
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        rows.delete()


def test_who_concluded_the_check_has_no_part_in_the_objection(dispute, people):
    rows, now = Dispute.objects.filter(pk=dispute.pk), timezone.now()
    refused(rows, "another person", act="ask_again", decided_by=people["check"], decided_at=now)
    refused(rows, "another person", outcome="corrected", settled_by=people["check"], settled_at=now)
    refused(
        Objection.objects.filter(pk=dispute.objection_id),
        "another person",
        outcome="upheld",
        answer="成立",
        answered_by=people["check"],
        answered_at=now,
    )
    assert rows.update(act="ask_again", decided_by=people["housing"], decided_at=now) == 1


def test_a_line_is_decided_once_and_by_the_rules(dispute, people):
    rows, now = Dispute.objects.filter(pk=dispute.pk), timezone.now()
    by = {"decided_by": people["housing"], "decided_at": now}
    refused(rows, "refused_with_a_reason", act="refuse", **by)
    refused(rows, "goes_out_with_a_letter", act="correction", **by)
    refused(rows, "decided_by_a_person", act="ask_again")
    refused(rows, "settled_by_a_person", outcome="corrected", settled_at=now)
    rows.update(act="ask_again", **by)
    refused(rows, "Cannot update", act="refuse", reason="无证据")
    with pytest.raises(IntegrityError, match="one_per_line"), transaction.atomic():
        Dispute.objects.create(objection=dispute.objection, source=dispute.source, line=dispute.line)


def test_a_proof_stays_as_it_was_brought(objection, people):
    proof = Proof.objects.create(
        objection=objection, title="证明", file="x", content_type="application/pdf", size=1, digest="0" * 64,
        uploaded_by=people["window"],
    )  # fmt: skip
    refused(Proof.objects.filter(pk=proof.pk), "Cannot update", title="另一证明")


def test_a_report_is_superseded_by_a_later_one_of_its_case_alone(concluded, check_of, people):
    other = conclude(check_of("unfit-income"), people["check"])
    report, stranger = concluded.report, other.report
    earlier, later = sorted((report, stranger), key=lambda each: each.pk)
    refused(Document.objects.filter(pk=earlier.pk), "later report of the same case", superseded_by=later)
    refused(Document.objects.filter(pk=report.pk), "later report of the same case", superseded_by=report)
