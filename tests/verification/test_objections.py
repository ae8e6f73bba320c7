"""An objection to a result is received with its proof, kept from who had a part in the result, and taken back."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.moves import why_not
from tests import papers
from tests.factories.objections import (
    GROUNDS,
    SCENARIO,
    SOURCE,
    checked_again,
    decide,
    object_to,
    only_line,
    proof,
    unfit,
)
from verification import objection_moves, objections, orders, rechecks
from verification.models import Check, Conclusion, Objection, Proof

pytestmark = pytest.mark.django_db


@pytest.fixture
def disputed(check_of, sources, people) -> Check:
    return unfit(check_of(SCENARIO), people)


@pytest.fixture
def objection(disputed, people) -> Objection:
    return object_to(disputed, people)


# --- received -------------------------------------------------------------------------------------------------------


def test_an_objection_has_a_number_the_disputed_line_with_its_source_and_its_proof(objection, disputed):
    assert objection.number.startswith("YY")
    assert (objection.status, objection.grounds, objection.subject) == ("received", GROUNDS, disputed.subject)
    assert only_line(objection).source.code == SOURCE
    kept = objection.proofs.get()
    assert (kept.title, kept.content_type, kept.size) == ("售房合同", "application/pdf", len(papers.PDF))
    with kept.file.open("rb") as file:
        assert file.read() == papers.PDF


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"grounds": " "}, "grounds"),
        ({"lines": []}, "lines"),
        ({"lines": [999]}, "lines"),
        ({"proofs": []}, "proofs"),
        ({"proofs": [("", proof(b"MZ\x90\x00 not a scan", "sold.pdf"))]}, "proofs"),
        ({"proofs": [("", proof(papers.PDF, "sold.exe"))]}, "proofs"),
        ({"proofs": [("one", proof()), ("two", proof())]}, "proofs"),
    ],
)
def test_what_is_missing_or_not_taken_is_named_and_nothing_is_kept(disputed, people, changed, field):
    with pytest.raises(UnfitDataError) as refused:
        object_to(disputed, people, **changed)
    assert field in refused.value.fields
    assert not Objection.objects.exists()
    assert not Proof.objects.exists()


def test_what_the_household_declared_itself_is_not_disputed(disputed, people):
    declared = [line.number for line in rechecks.statement_of(disputed).lines if line.source == "declared"]
    assert declared
    with pytest.raises(UnfitDataError, match="a source told"):
        object_to(disputed, people, declared[0])


def test_one_objection_is_open_at_a_time_and_only_to_a_concluded_check(objection, disputed, people):
    with pytest.raises(MoveRefusedError, match=objection.number):
        object_to(disputed, people)
    for username in ("check2", "housing", "window2"):
        with pytest.raises(NotAllowedError):
            object_to(disputed, people, by=people[username])


# --- who has no part ------------------------------------------------------------------------------------------------


def test_who_concluded_the_check_has_no_part_in_any_move(objection, people):
    for move in (
        objection_moves.DECIDE,
        objection_moves.WRITE_REPLY,
        objection_moves.CHECK_AGAIN,
        objection_moves.ANSWER,
    ):
        reason = why_not(objection, move, people["check"])
        assert reason.forbidden
        assert "objected to" in str(reason.text)
    with pytest.raises(NotAllowedError, match="objected to"):
        objections.decide(only_line(objection), act="refuse", reason="无证据。", by=people["check"])
    with pytest.raises(NotAllowedError, match="does not include"):
        objections.decide(only_line(objection), act="refuse", reason="无证据。", by=people["housing"])
    assert only_line(objection).act == ""


def test_who_concluded_the_check_does_not_check_again_either(objection, people, sources):
    decide(objection, people)
    check = objections.check_again(objection, by=people["check2"])
    with pytest.raises(NotAllowedError, match="had a part in the result"):
        orders.ask_again(check, by=people["check"])
    with pytest.raises(DatabaseError, match="another person"), transaction.atomic():
        Conclusion.objects.create(
            check_ordered=check, assessment=objection.check_ordered.conclusion.assessment, outcome="incomplete",
            opinion="x", by=people["check"],
        )  # fmt: skip


# --- taken back --------------------------------------------------------------------------------------------------


def test_the_household_withdraws_at_its_window_and_the_new_check_is_dropped(objection, people):
    decide(objection, people)
    check = objections.check_again(objection, by=people["check2"])
    with pytest.raises(UnfitDataError):
        objections.withdraw(objection, by=people["window"], reason=" ")
    for username in ("window2", "check2"):
        with pytest.raises(NotAllowedError):
            objections.withdraw(objection, by=people[username], reason="本户撤回。")
    objections.withdraw(objection, by=people["window"], reason="本户撤回。")
    check.refresh_from_db()
    assert (objection.status, check.status, only_line(objection).outcome) == ("withdrawn", "cancelled", "withdrawn")
    again = object_to(objection.check_ordered, people)
    assert again.is_open


def test_a_result_that_is_there_is_not_withdrawn(objection, people):
    decide(objection, people)
    checked_again(objection, people)
    with pytest.raises(MoveRefusedError, match="answered now"):
        objections.withdraw(objection, by=people["window"], reason="本户撤回。")


def test_an_objection_ends_with_its_case(objection, people):
    decide(objection, people)
    check = objections.check_again(objection, by=people["check2"])
    objections.drop(objection.subject, reason="申请已撤回。")
    objections.drop(objection.subject, reason="申请已撤回。")
    objection.refresh_from_db()
    check.refresh_from_db()
    assert (objection.status, check.status) == ("withdrawn", "cancelled")


def test_the_list_takes_no_query_per_row(objection, people, as_user):
    client, address = as_user("check2"), reverse("verification:objections")
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        assert len(client.get(address).context["rows"]) == 1
    objections.withdraw(objection, by=people["window"], reason="本户撤回。")
    object_to(objection.check_ordered, people)
    with CaptureQueriesContext(connection) as two:
        rows = client.get(address).context["rows"]
    assert [row["objection"].status for row in rows] == ["received", "withdrawn"]
    assert len(two) == len(one)
