"""Visits to homes: planned by risk and at random, made by one person, confirmed by another, referred once."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from benefits import exits, visits
from benefits.models import Exit, Photograph, Tenancy, Visit
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.models import Relative
from credit.models import Lead
from tests import papers
from tests.factories import benefits

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
F = Visit.Finding
PICTURE = papers.picture()


def photo(name="room.png"):
    return SimpleUploadedFile(name, PICTURE, "image/png")


def fresh(row):
    return type(row).objects.get(pk=row.pk)


@pytest.fixture
def tenancy(people, sources):
    return benefits.running(people, sources)


@pytest.fixture
def visit(people, tenancy):
    [row] = visits.plan("321200", percent=10, due_on=TODAY() + timedelta(days=14), by=people["housing"])
    return row


@pytest.fixture
def found(people, visit):
    return visits.record(
        visit, finding=F.SUBLET, words="开门者称向户主租住。", on=TODAY(), photographs=[photo()], by=people["street"]
    )


class TestPlanning:
    def test_at_least_so_many_of_a_hundred_and_each_home_once(self, people, tenancy, visit):
        assert (visit.tenancy, visit.status, visit.ground) == (tenancy, "planned", "random")
        assert visit.number.startswith("RH")
        with pytest.raises(UnfitDataError, match="No home is left"):
            visits.plan("321200", percent=100, due_on=TODAY(), by=people["housing"])
        with pytest.raises(MoveRefusedError, match="open already"):
            visits.plan_one(tenancy, ground=Visit.Ground.REPORT, note="", due_on=TODAY(), by=people["housing"])

    def test_where_there_is_a_risk_first(self, people, tenancy):
        order = exits.order_out(tenancy, reason=Exit.Reason.BREACH, text="转租", by=people["housing"])
        exits.let_stay(order, reason="核实有误", by=people["housing"])
        [row] = visits.plan("321200", percent=1, due_on=TODAY(), by=people["housing"])
        assert row.ground == Visit.Ground.RISK

    @pytest.mark.parametrize(("percent", "days"), [(0, 1), (101, 1), (10, -1)])
    def test_no_sensible_plan_is_refused(self, people, tenancy, percent, days):
        with pytest.raises(UnfitDataError):
            visits.plan("321200", percent=percent, due_on=TODAY() + timedelta(days=days), by=people["housing"])

    def test_a_reviewer_plans_none(self, people, tenancy):
        with pytest.raises(NotAllowedError):
            visits.plan("321200", percent=10, due_on=TODAY(), by=people["street"])


class TestTheVisit:
    def test_in_order_ends_it(self, people, visit):
        row = visits.record(visit, finding=F.IN_ORDER, words="", on=TODAY(), by=people["street"])
        assert (row.status, row.visitor) == (Visit.Status.IN_ORDER, people["street"])
        with pytest.raises(MoveRefusedError):
            visits.record(row, finding=F.VACANT, words="空", on=TODAY(), photographs=[photo()], by=people["street"])
        assert not Photograph.objects.exists()

    def test_a_finding_wants_words_and_a_photograph(self, people, visit):
        for words, photographs in ((" ", [photo()]), ("无人居住", [])):
            with pytest.raises(UnfitDataError):
                visits.record(
                    visit, finding=F.VACANT, words=words, on=TODAY(), photographs=photographs, by=people["street"]
                )
        bad = SimpleUploadedFile("note.txt", b"hello", "text/plain")
        with pytest.raises(UnfitDataError, match=r"note\.txt"):
            visits.record(visit, finding=F.VACANT, words="空", on=TODAY(), photographs=[bad], by=people["street"])
        assert fresh(visit).status == Visit.Status.PLANNED

    def test_a_day_ahead_or_before_the_plan_is_refused(self, people, visit):
        for days in (1, -1):
            with pytest.raises(UnfitDataError, match="day lies"):
                visits.record(
                    visit, finding=F.IN_ORDER, words="", on=TODAY() + timedelta(days=days), by=people["street"]
                )

    def test_its_photographs_are_sealed_and_kept(self, people, found):
        kept = found.photographs.get()
        with kept.scan.storage.open(kept.scan.name) as file:
            assert file.read() == PICTURE
        with open(kept.scan.storage.path(kept.scan.name), "rb") as raw:
            assert PICTURE not in raw.read()

    def test_another_street_does_not_visit(self, people, visit):
        with pytest.raises(NotAllowedError):
            visits.record(visit, finding=F.IN_ORDER, words="", on=TODAY(), by=people["window2"])

    def test_who_is_related_does_not_visit(self, people, visit):
        index = visit.tenancy.application.members.first().id_index
        Relative.objects.create(staff=people["street"], person_index=index, relation="兄弟")
        people["street"].__dict__.pop("kin", None)
        with pytest.raises(NotAllowedError, match="relative"):
            visits.record(visit, finding=F.IN_ORDER, words="", on=TODAY(), by=people["street"])


class TestConfirming:
    def test_another_person_confirms_and_the_registry_gets_one_lead(self, people, found):
        lead = visits.confirm(found, reason="物业及邻居均证实。", by=people["housing"])
        assert (lead.kind, lead.act.code, lead.origin) == (Lead.Kind.MISUSE, "F08", f"visit:{found.pk}")
        assert lead.subjects.count() == found.tenancy.application.members.count()
        assert "物业及邻居均证实" in lead.text
        assert fresh(found).lead == lead
        with pytest.raises(MoveRefusedError):
            visits.confirm(fresh(found), reason="再次", by=people["housing"])
        assert Lead.objects.count() == 1

    def test_the_visitor_does_not_confirm_the_own_finding(self, people, visit):
        row = visits.record(
            visit, finding=F.VACANT, words="无人", on=TODAY(), photographs=[photo()], by=people["housing"]
        )
        for settle in (visits.confirm, visits.dismiss):
            with pytest.raises(NotAllowedError, match="another person"):
                settle(row, reason="属实", by=people["housing"])
        with pytest.raises(IntegrityError, match="another_person"), transaction.atomic():
            Visit.objects.filter(pk=row.pk).update(settled_by=people["housing"])
        assert not Lead.objects.exists()

    def test_neither_without_a_reason_nor_by_a_reviewer(self, people, found):
        with pytest.raises(UnfitDataError, match="reason"):
            visits.confirm(found, reason=" ", by=people["housing"])
        with pytest.raises(NotAllowedError):
            visits.confirm(found, reason="属实", by=people["district"])

    def test_what_was_dismissed_stays_and_makes_no_lead(self, people, found):
        visits.dismiss(found, reason="系亲属探望。", by=people["housing"])
        row = fresh(found)
        assert (row.status, row.reason, row.finding) == (Visit.Status.DISMISSED, "系亲属探望。", F.SUBLET)
        with pytest.raises(MoveRefusedError):
            visits.order_out(row, text="转租", by=people["housing"])
        with pytest.raises(IntegrityError, match="consequences"), transaction.atomic():
            Visit.objects.filter(pk=row.pk).update(exit=None, lead=Lead.objects.create(
                number="XS1", kind="report", text="x", office_code="321200", received_on=TODAY()))  # fmt: skip

    def test_an_order_to_leave_follows_once(self, people, tenancy, found):
        with pytest.raises(MoveRefusedError, match="confirmed"):
            visits.order_out(found, text="转租", by=people["housing"])
        visits.confirm(found, reason="属实", by=people["housing"])
        order = visits.order_out(found, text="擅自转租，经核实。", by=people["housing"])
        assert (order.reason, order.origin) == (Exit.Reason.BREACH, f"visit:{found.pk}")
        assert fresh(tenancy).status == Tenancy.Status.ORDERED
        with pytest.raises(MoveRefusedError):
            visits.order_out(found, text="再次", by=people["housing"])

    def test_a_planned_visit_is_cancelled_with_a_reason(self, people, visit):
        visits.cancel(visit, reason="家庭已退房", by=people["housing"])
        assert fresh(visit).status == Visit.Status.CANCELLED
        with pytest.raises(MoveRefusedError):
            visits.record(visit, finding=F.IN_ORDER, words="", on=TODAY(), by=people["street"])
