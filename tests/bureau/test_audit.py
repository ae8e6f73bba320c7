"""Who looked is written once; a row changed, removed, swapped, slipped in or cut off behind our back shows."""

import io
import json
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import InternalError, connection, transaction

from bureau import audit, chains
from bureau.models import AuditEntry, ChainHead
from tests.tampering import behind_our_back

ROWS = 5


@pytest.fixture
def looks(people):
    """Five looks and searches of this process, in one lane."""
    for place in range(ROWS - 1):
        audit.look(people["street"], people["window"], purpose=f"case page {place}", fields=["name", "id_number"])
    audit.search(people["street"], "王*", found=3, request_number="0123456789ab")
    return list(AuditEntry.objects.order_by("place"))


def problems():
    return [(found.place, found.problem) for _read, many in audit.verify() for found in many]


def verdict():
    out = io.StringIO()
    try:
        call_command("verify_audit", json=True, stdout=out)
        passed = True
    except CommandError:
        passed = False
    return passed, json.loads(out.getvalue())


def test_a_look_says_who_where_when_which_case_why_and_which_fields(looks, people):
    row = looks[0]
    assert (row.staff, row.office_code, row.action) == (people["street"], "321202001", "look")
    assert (row.subject_kind, row.subject_id) == ("bureau.staff", people["window"].pk)
    assert (row.purpose, row.fields) == ("case page 0", ["name", "id_number"])
    assert row.at is not None


def test_a_search_is_kept_as_masked_with_how_many_it_showed(looks):
    row = looks[-1]
    assert (row.action, row.purpose, row.subject_id) == ("search", "王* → 3", None)
    assert row.request_number == "0123456789ab"


def test_an_untouched_trail_verifies(looks):
    assert verdict() == (True, {"rows": ROWS, "problems": []})


def test_an_empty_trail_verifies(people):
    assert verdict() == (True, {"rows": 0, "problems": []})


def test_the_first_row_follows_nothing_and_each_other_the_row_before_it(looks):
    assert [row.place for row in looks] == list(range(1, ROWS + 1))
    assert bytes(looks[0].previous) == chains.FIRST
    for before, after in zip(looks, looks[1:], strict=False):
        assert bytes(after.previous) == bytes(before.digest)


CONTENT = {
    "at": "at + interval '1 microsecond'",
    "staff_id": "(SELECT id FROM bureau_staff WHERE username = 'window2')",
    "office_code": "'321202002'",
    "action": "'Look'",
    "subject_kind": "'bureau.Staff'",
    "subject_id": "subject_id + 1",
    "reference": "'x'",
    "purpose": "'case page 9'",
    "fields": "ARRAY['name']",
    "request_number": "'0'",
    "digest": "set_byte(digest, 31, (get_byte(digest, 31) + 1) %% 256)",
    "previous": "set_byte(previous, 0, (get_byte(previous, 0) + 1) %% 256)",
}
CHANGES = {
    column: f"UPDATE bureau_auditentry SET {column} = {value} WHERE id = %s"  # noqa: S608 -- the words above
    for column, value in CONTENT.items()
}
SLIP_IN = """
INSERT INTO bureau_auditentry (lane, place, at, staff_id, office_code, action, subject_kind, subject_id, reference,
    purpose, fields, request_number, previous, digest)
SELECT lane, place + 1, at, staff_id, office_code, action, subject_kind, subject_id, reference,
    purpose, fields, request_number, digest, digest FROM bureau_auditentry WHERE id = %s
"""


@pytest.mark.parametrize("column", sorted(CHANGES))
def test_one_byte_of_one_row_changed_is_found(looks, column):
    behind_our_back(CHANGES[column], looks[1].pk)
    passed, said = verdict()
    assert not passed
    assert {row["place"] for row in said["problems"]} <= {2, 3}
    assert "changed" in {row["problem"] for row in said["problems"]}


def test_a_row_removed_is_found(looks):
    behind_our_back("DELETE FROM bureau_auditentry WHERE id = %s", looks[2].pk)
    assert problems() == [(4, "gap")]


def test_a_row_removed_and_the_places_closed_up_is_found(looks):
    behind_our_back("DELETE FROM bureau_auditentry WHERE id = %s", looks[2].pk)
    behind_our_back("UPDATE bureau_auditentry SET place = 3 WHERE id = %s", looks[3].pk)
    behind_our_back("UPDATE bureau_auditentry SET place = 4 WHERE id = %s", looks[4].pk)
    assert (3, "unlinked") in problems()
    assert (3, "changed") in problems()


def test_two_rows_swapped_are_found(looks):
    behind_our_back("UPDATE bureau_auditentry SET place = 99 WHERE id = %s", looks[1].pk)
    behind_our_back("UPDATE bureau_auditentry SET place = 2 WHERE id = %s", looks[2].pk)
    behind_our_back("UPDATE bureau_auditentry SET place = 3 WHERE id = %s", looks[1].pk)
    assert {place for place, _ in problems()} == {2, 3, 4}


def test_a_row_slipped_in_is_found(looks):
    behind_our_back(
        SLIP_IN,
        looks[-1].pk,
    )
    assert (ROWS + 1, "changed") in problems()
    assert (ROWS + 1, "beyond the head") in problems()


@pytest.mark.parametrize("cut", [1, 2, ROWS])
def test_the_newest_rows_cut_off_are_found(looks, cut):
    behind_our_back("DELETE FROM bureau_auditentry WHERE place > %s", ROWS - cut)
    assert (ROWS - cut, "cut off") in problems()


def test_rows_cut_off_stay_found_after_more_looks(looks, people):
    behind_our_back("DELETE FROM bureau_auditentry WHERE place > %s", ROWS - 2)
    audit.look(people["street"], None, purpose="afterwards")
    assert problems() == [(ROWS + 1, "gap")]


def test_rows_cut_off_and_the_head_set_back_is_found(looks):
    behind_our_back("DELETE FROM bureau_auditentry WHERE place > %s", ROWS - 2)
    newest = AuditEntry.objects.get(place=ROWS - 2)
    behind_our_back(
        "UPDATE bureau_chainhead SET place = %s, digest = %s WHERE lane = %s",
        newest.place,
        bytes(newest.digest),
        newest.lane,
    )
    assert problems() == [(ROWS - 2, "forged head")]


def test_a_forged_head_stays_found_after_more_looks(looks, people):
    test_rows_cut_off_and_the_head_set_back_is_found(looks)
    audit.look(people["street"], None, purpose="afterwards")
    assert problems() == [(ROWS - 1, "unlinked")]


def test_a_removed_head_is_found_also_after_more_looks(looks, people):
    behind_our_back("DELETE FROM bureau_chainhead WHERE lane = %s", looks[0].lane)
    assert problems() == [(ROWS, "no head")]
    audit.look(people["street"], None, purpose="afterwards")
    assert problems() == [(ROWS + 1, "unlinked")]


def test_a_lane_removed_with_its_head_is_found(looks):
    behind_our_back("DELETE FROM bureau_auditentry WHERE lane = %s", looks[0].lane)
    behind_our_back("DELETE FROM bureau_chainhead WHERE lane = %s", looks[0].lane)
    assert problems() == [(0, "no head")]


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_the_database_refuses_to_change_or_remove_a_row(looks, verb):
    rows = AuditEntry.objects.filter(pk=looks[0].pk)
    with pytest.raises(InternalError, match="audit_is_append_only|Cannot"), transaction.atomic():
        _ = rows.update(purpose="x") if verb == "update" else rows.delete()
    assert problems() == []


@pytest.mark.parametrize("verb", ["back", "delete"])
def test_the_database_refuses_to_set_a_head_back_or_remove_it(looks, verb):
    head = ChainHead.objects.filter(lane=looks[0].lane)
    with pytest.raises(InternalError), transaction.atomic():
        _ = head.update(place=1) if verb == "back" else head.delete()


def test_a_look_that_is_rolled_back_leaves_the_chain_whole(looks, people):
    with transaction.atomic():
        audit.look(people["street"], None, purpose="never happened")
        transaction.set_rollback(True)
    audit.look(people["street"], None, purpose="happened")
    assert problems() == []
    assert AuditEntry.objects.filter(purpose="never happened").count() == 0


def test_the_command_prints_each_broken_row_and_fails(looks):
    behind_our_back("UPDATE bureau_auditentry SET purpose = 'x' WHERE id = %s", looks[1].pk)
    out = io.StringIO()
    with pytest.raises(CommandError, match="tampered"):
        call_command("verify_audit", stdout=out)
    assert "row 2: changed" in out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_leave_whole_chains(people, monkeypatch):
    lanes = iter(range(1_000_000))
    monkeypatch.setattr(
        chains.threading, "get_native_id", lambda: next(lanes) % 3
    )  # three lanes, several writers in each
    failed = []

    def write():
        try:
            for place in range(15):
                audit.look(people["street"], None, purpose=f"at once {place}")
        except Exception as error:
            failed.append(error)
            raise
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert AuditEntry.objects.count() == 90
    assert AuditEntry.objects.values("lane").distinct().count() == 3
    assert problems() == []


def test_a_field_name_longer_than_its_column_does_not_break_the_chain(people):
    audit.look(people["auditor"], None, purpose="test", fields=["message " + "0" * 60])
    assert [problem for _read, problems in audit.verify() for problem in problems] == []


def test_an_id_number_typed_into_a_filter_is_not_kept_for_ever(people):
    audit.search(people["auditor"], "321299198504129014", found=0)
    audit.look(people["check"], None, purpose="applications?reference=321299198504129014 → 0", action="api")
    purposes = AuditEntry.objects.values_list("purpose", flat=True)
    assert sorted(purposes) == ["(number) → 0", "applications?reference=(number) → 0"]
