"""What was sent and received is chained per source; what is changed behind our back shows."""

import io
import json
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from bureau import chains
from bureau.models import ChainHead
from tests.factories.checks import order_scenario
from tests.factories.exchanges import keep, keep_trips, trip
from tests.tampering import behind_our_back, rewind
from verification import asking, evidence
from verification.models import Exchange, Source

ROWS = 5
CHAIN = "exchange:police"


@pytest.fixture
def kept(db):
    """Five round trips with the police and one with a bank, in one lane."""
    keep_trips(ROWS - 1, "police")
    keep("police", "icbc")
    return list(Exchange.objects.filter(source__code="police").order_by("place"))


def problems():
    return [(found.place, found.problem) for _read, many in evidence.verify() for found in many]


def verdict():
    out = io.StringIO()
    try:
        call_command("verify_exchanges", json=True, stdout=out)
        passed = True
    except CommandError:
        passed = False
    return passed, json.loads(out.getvalue())


def test_untouched_evidence_verifies(kept):
    assert verdict() == (True, {"rows": ROWS + 1, "problems": [], "unchained": 0})


def test_no_evidence_verifies(db):
    assert verdict() == (True, {"rows": 0, "problems": [], "unchained": 0})


def test_each_row_follows_the_row_before_it_of_its_own_source(kept):
    assert [row.place for row in kept] == list(range(1, ROWS + 1))
    assert bytes(kept[0].previous) == chains.FIRST
    for before, after in zip(kept, kept[1:], strict=False):
        assert bytes(after.previous) == bytes(before.digest)
    assert Exchange.objects.get(source__code="icbc").place == 1


def test_many_rows_of_many_sources_are_linked_by_two_statements(kept):
    sources = list(Source.objects.all())
    with transaction.atomic():
        evidence.keep([trip(source) for source in sources])
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        evidence.keep([trip(source) for source in sources for _ in range(3)])
    about_heads = [query for query in queries.captured_queries if "bureau_chainhead" in query["sql"]]
    assert len(about_heads) == 2
    assert problems() == []


CONTENT = {
    "source_id": "(SELECT id FROM verification_source WHERE code = 'jsb')",
    "number": "gen_random_uuid()",
    "request_number": "'R2'",
    "asked_at": "asked_at + interval '1 microsecond'",
    "ended_at": "ended_at + interval '1 microsecond'",
    "outcome": "'timeout'",
    "detail": "''",
    "households": "households + 1",
    "settled": "settled + 1",
    "round_id": "1",
    "request_digest": "reply_digest",
    "reply_digest": "request_digest",
    "digest": "set_byte(digest, 31, (get_byte(digest, 31) + 1) %% 256)",
    "previous": "set_byte(previous, 0, (get_byte(previous, 0) + 1) %% 256)",
}


@pytest.mark.parametrize("column", sorted(CONTENT))
def test_one_thing_of_one_row_changed_is_found(kept, column):
    sql = f"UPDATE verification_exchange SET {column} = {CONTENT[column]} WHERE id = %s"  # noqa: S608 -- the words above
    behind_our_back(sql, kept[1].pk)
    passed, said = verdict()
    assert not passed
    assert "changed" in {row["problem"] for row in said["problems"]}


@pytest.mark.parametrize("body", ["request", "reply"])
def test_a_body_that_is_not_what_its_digest_says_is_found(kept, body):
    other = Exchange._meta.get_field(body).sealed(b"another")  # by somebody who has the key of protected columns
    behind_our_back(f"UPDATE verification_exchange SET {body} = %s WHERE id = %s", other, kept[1].pk)  # noqa: S608
    assert problems() == [(2, f"{body} changed")]


@pytest.mark.parametrize("body", ["request", "reply"])
def test_one_byte_of_a_sealed_body_changed_is_found_and_does_not_end_the_walk(kept, body):
    byte = f"set_byte({body}, 20, (get_byte({body}, 20) + 1) %% 256)"
    behind_our_back(f"UPDATE verification_exchange SET {body} = {byte} WHERE id = %s", kept[1].pk)  # noqa: S608
    behind_our_back("UPDATE verification_exchange SET settled = 9 WHERE id = %s", kept[3].pk)
    assert problems() == [(2, f"{body} does not open"), (4, "changed")]


def test_a_row_removed_is_found(kept):
    behind_our_back("DELETE FROM verification_exchange WHERE id = %s", kept[2].pk)
    assert problems() == [(4, "gap")]


def test_two_rows_swapped_are_found(kept):
    for place, row in ((99, 1), (2, 2), (3, 1)):
        behind_our_back("UPDATE verification_exchange SET place = %s WHERE id = %s", place, kept[row].pk)
    assert {place for place, _ in problems()} == {2, 3, 4}


@pytest.mark.parametrize("cut", [1, 2, ROWS])
def test_the_newest_rows_cut_off_are_found(kept, cut):
    behind_our_back(
        "DELETE FROM verification_exchange WHERE place > %s AND source_id = %s", ROWS - cut, kept[0].source_id
    )
    assert problems() == [(ROWS - cut, "cut off")]


def test_rows_cut_off_and_the_head_set_back_without_the_key_is_found(kept):
    behind_our_back("DELETE FROM verification_exchange WHERE place > %s", ROWS - 2)
    newest = Exchange.objects.get(place=ROWS - 2, source__code="police")
    behind_our_back(
        "UPDATE bureau_chainhead SET place = %s, digest = %s WHERE lane = %s AND chain = %s",
        newest.place,
        bytes(newest.digest),
        newest.lane,
        CHAIN,
    )
    assert problems() == [(ROWS - 2, "forged head")]


def test_a_head_put_back_to_what_it_once_was_is_found(kept):
    earlier = ChainHead.objects.get(chain=CHAIN, lane=kept[0].lane)
    keep("police")
    rewind(earlier)
    assert problems() == [(ROWS + 1, "beyond the head")]


def test_the_head_of_another_source_does_not_serve(kept):
    other = ChainHead.objects.get(chain="exchange:icbc", lane=kept[0].lane)
    other.pk = ChainHead.objects.get(chain=CHAIN, lane=kept[0].lane).pk
    rewind(other)
    assert (ROWS, "forged head") in problems()


def test_a_source_removed_from_the_chains_with_all_its_heads_is_found(kept):
    behind_our_back("DELETE FROM bureau_chainhead WHERE chain = %s", CHAIN)
    assert problems() == [(ROWS, "no head")]


def test_a_row_slipped_in_beside_the_chains_is_found(kept):
    columns = "source_id, number, request_number, asked_at, ended_at, outcome, detail, households, settled, told, hits"
    behind_our_back(
        f"INSERT INTO verification_exchange ({columns}, request, reply, request_digest, reply_digest)"  # noqa: S608
        f" SELECT {columns.replace('number,', 'gen_random_uuid(),', 1)}, request, reply, request_digest, reply_digest"
        " FROM verification_exchange WHERE id = %s",
        kept[0].pk,
    )
    passed, said = verdict()
    assert (passed, said["unchained"]) == (False, 1)
    assert [(row["source"], row["problem"]) for row in said["problems"]] == [("police", "in no chain")]


def test_the_database_takes_no_row_outside_a_chain(kept):
    with pytest.raises(InternalError), transaction.atomic():
        trip(kept[0].source).save()
    copy = trip(kept[0].source)
    copy.lane, copy.place, copy.previous, copy.digest = kept[0].lane, 1, chains.FIRST, chains.FIRST
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save()


def test_what_was_really_asked_verifies(sources):
    asking.ask([order_scenario(sources, "fit").pk])
    assert verdict() == (True, {"rows": 24, "problems": [], "unchained": 0})


def test_the_command_prints_each_broken_row_and_fails(kept):
    behind_our_back("UPDATE verification_exchange SET settled = 9 WHERE id = %s", kept[1].pk)
    out = io.StringIO()
    with pytest.raises(CommandError, match="tampered"):
        call_command("verify_exchanges", stdout=out)
    assert f"police lane {kept[0].lane} row 2: changed" in out.getvalue()


def test_evidence_that_cannot_be_linked_is_not_written(kept):
    behind_our_back("UPDATE bureau_chainhead SET seal = digest WHERE chain = %s", CHAIN)
    with pytest.raises(evidence.BrokenChainError, match="police"), transaction.atomic():
        evidence.keep([trip(kept[0].source)])
    assert Exchange.objects.count() == ROWS + 1
    assert (ROWS, "forged head") in problems()


@pytest.mark.django_db(transaction=True)
def test_writers_of_several_lanes_leave_whole_chains_and_do_not_wait_for_one_another(sources, monkeypatch):
    lanes = threading.local()
    monkeypatch.setattr(chains, "own_lane", lambda: getattr(lanes, "mine", 0))
    keep("police", "icbc")
    both, failed = threading.Barrier(2, timeout=20), []

    def write(lane):
        lanes.mine = lane
        try:
            with transaction.atomic():
                evidence.keep([trip(Source.objects.get(code=code)) for code in ("icbc", "police")])
                both.wait()  # each still holds the heads of its lane
            for _ in range(5):
                keep("police", "icbc")
        except Exception as error:
            failed.append(error)
            raise
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=[lane]) for lane in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert Exchange.objects.filter(lane=1).count() == Exchange.objects.filter(lane=2).count() == 12
    assert problems() == []
