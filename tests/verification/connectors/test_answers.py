import asyncio
import json
import re
import time
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.verification.connectors.source import ANSWERED_AT, HAN, LI, Source, failure, question, replying, saved
from verification.connector import SourceUnavailableError
from verification.facts import Outcome, Person, ReplyMode
from verification.records.deposit import AccountType
from verification.records.housing import HousingUse
from verification.wire import reading
from verification.wire.matching import Heard


def outcomes(dialect, name):
    [answer] = Source(dialect, replying(saved(dialect, name))).ask().answers
    return [(reply.person, reply.outcome) for reply in answer.replies]


def test_a_department_answers_with_a_home_held_under_an_old_15_digit_number():
    source = Source("gov_json", replying(saved("gov_json", "found")))
    exchange = source.ask()
    [answer] = exchange.answers
    assert (answer.reference, answer.replied_at, answer.mode) == ("Q-20261122-000001", ANSWERED_AT, ReplyMode.API)
    first, second = answer.replies
    assert (first.outcome, first.data_date) == (Outcome.FOUND, date(2026, 11, 21))
    assert (first.operator, first.remark) == ("张燊", "按旧证号登记")
    [home] = first.records
    assert (home.area, home.share, home.own_area, home.use) == (
        Decimal("86.42"),
        Decimal("0.5"),
        Decimal("43.21"),
        HousingUse.DWELLING,
    )
    assert (second.outcome, second.records) == (Outcome.NONE, ())
    assert exchange.request == source.requests[0].body
    assert b"\xe5\xbc\xa0\xe7\x87\x8a" in exchange.reply
    assert exchange.request_number == source.requests[0].number


def test_a_bank_answers_with_two_accounts_and_a_remark_in_rare_characters():
    [answer] = Source("bank_xml", replying(saved("bank_xml", "found"))).ask().answers
    first, second = answer.replies
    assert (answer.replied_at, first.outcome, second.outcome) == (ANSWERED_AT, Outcome.FOUND, Outcome.NONE)
    assert first.remark == "开户网点:王坔村、㛃、𬱖"
    account, product = first.records
    assert (account.balance, account.outflow_6m, account.average_12m) == (Decimal("12345.60"), Decimal("61000"), None)
    assert (product.account_type, product.worth) == (AccountType.WEALTH_PRODUCT, Decimal("80000.00"))


@pytest.mark.parametrize("dialect", ["gov_json", "bank_xml"])
@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("none", Outcome.NONE),
        ("identity_mismatch", Outcome.IDENTITY_MISMATCH),
        ("not_in_charge", Outcome.NOT_IN_CHARGE),
        ("failed", Outcome.UNAVAILABLE),
        ("other_persons_records", Outcome.BROKEN),
    ],
)
def test_each_result_code_has_its_own_outcome_and_another_persons_records_are_none(dialect, name, outcome):
    assert outcomes(dialect, name) == [("m1", outcome), ("m2", Outcome.NONE)]


@pytest.mark.parametrize(
    ("dialect", "name"),
    [
        ("gov_json", "unasked_person"),
        ("gov_json", "malformed_record"),
        ("gov_json", "unknown_code"),
        ("gov_json", "missing_field"),
        ("gov_json", "nul_character"),
        ("gov_json", "wrong_kind"),
        ("gov_json", "id_number_as_key"),
        ("gov_json", "found_without_records"),
        ("gov_json", "none_with_records"),
        ("gov_json", "no_data_date"),
        ("gov_json", "contradicting_persons"),
        ("gov_json", "contradicting_records"),
        ("bank_xml", "malformed_amount"),
        ("bank_xml", "negative_amount"),
        ("bank_xml", "malformed_date"),
        ("bank_xml", "repeated_element"),
        ("bank_xml", "unknown_result"),
    ],
)
def test_what_is_wrong_for_one_person_is_broken_for_that_person_alone(dialect, name):
    [answer] = Source(dialect, replying(saved(dialect, name))).ask().answers
    broken, other = answer.replies
    assert (broken.outcome, broken.records) == (Outcome.BROKEN, ())
    assert broken.remark
    assert LI.id_number not in broken.remark
    assert other.outcome == Outcome.NONE


def test_what_is_said_twice_counts_once():
    [answer] = Source("gov_json", replying(saved("gov_json", "repeated"))).ask().answers
    assert len(answer.replies[0].records) == 1


@pytest.mark.parametrize("name", ["unanswered", "unasked_question"])
def test_a_question_without_an_answer_stays_open_and_an_answer_without_a_question_is_dropped(name):
    assert Source("gov_json", replying(saved("gov_json", name))).ask().answers == ()


def test_answers_come_in_the_order_asked_and_persons_of_two_households_are_not_mixed_up():
    reply = json.loads(saved("gov_json", "found"))
    second = json.loads(saved("gov_json", "none"))["answers"][0]
    reply["answers"] = [{**second, "reference": "Q-2"}, reply["answers"][0]]
    source = Source("gov_json", replying(json.dumps(reply).encode()))
    answers = source.ask(question("gov_json"), question("gov_json", "Q-2")).answers
    assert [answer.reference for answer in answers] == ["Q-20261122-000001", "Q-2"]
    assert [answer.replies[0].outcome for answer in answers] == [Outcome.FOUND, Outcome.NONE]


@pytest.mark.parametrize(
    ("dialect", "name"),
    [
        ("gov_json", "another_request"),
        ("gov_json", "not_an_answer"),
        ("bank_xml", "another_request"),
        ("bank_xml", "malformed_time"),
        ("bank_xml", "declares_utf8"),
        ("bank_xml", "entity_bomb"),
        ("bank_xml", "outside_entity"),
        ("bank_xml", "undefined_entity"),
    ],
)
def test_an_answer_that_cannot_be_read_is_broken_and_kept_as_evidence(dialect, name):
    source = Source(dialect, replying(saved(dialect, name)))
    with pytest.raises(SourceUnavailableError) as caught:
        source.ask()
    assert caught.value.outcome == Outcome.BROKEN
    assert caught.value.request == source.requests[0].body
    assert caught.value.reply == saved(dialect, name).replace(b"@REQUEST@", source.requests[0].number.encode())


@pytest.mark.parametrize(
    ("dialect", "body"),
    [
        ("gov_json", b""),
        ("gov_json", b"<html>"),
        ("gov_json", saved("gov_json", "found")[:-40]),
        ("gov_json", b'{"answers":' + b"[" * 200_000),
        ("gov_json", b'{"request_no":"\xff"}'),
        ("bank_xml", b""),
        ("bank_xml", b"{}"),
        ("bank_xml", saved("bank_xml", "found")[:-40]),
        ("bank_xml", b'<?xml version="1.0" encoding="GB18030"?><RESPONSE>\xff\xff</RESPONSE>'),
        ("bank_xml", b'<?xml version="1.0" encoding="GB18030"?>' + b"<A>" * 100_000),
    ],
)
def test_rightly_signed_nonsense_is_broken_too(dialect, body):
    with pytest.raises(SourceUnavailableError) as caught:
        Source(dialect, replying(body)).ask()
    assert caught.value.outcome == Outcome.BROKEN


def test_rare_characters_reach_a_bank_unchanged():
    persons = (LI, HAN, Person("m3", "阿卜杜·热合曼", "321299199001011013"))
    source = Source("bank_xml", replying(saved("bank_xml", "none")))
    source.ask(question("bank_xml", persons=persons))
    sent = source.requests[0].body
    text = sent.decode("gb18030")
    assert text.startswith('<?xml version="1.0" encoding="GB18030"?>')
    for name in ("王坔", "李㛃𬱖", "阿卜杜·热合曼"):
        assert f"<CUSTNM>{name}</CUSTNM>" in text
    assert b"&#" not in sent


def test_rare_characters_reach_a_department_unchanged():
    source = Source("gov_json", replying(saved("gov_json", "none")))
    source.ask()
    persons = json.loads(source.requests[0].body)["questions"][0]["persons"]
    assert [person["person_name"] for person in persons] == ["王坔", "李㛃𬱖"]
    assert {person["id_type"] for person in persons} == {"111"}


def test_a_name_cannot_smuggle_elements_into_a_request():
    source = Source("bank_xml", replying(saved("bank_xml", "none")))
    source.ask(question("bank_xml", persons=(Person("m1", "<IDNO>&", LI.id_number),)))
    assert b"<CUSTNM>&lt;IDNO&gt;&amp;</CUSTNM>" in source.requests[0].body


@pytest.mark.parametrize(
    ("dialect", "moment"),
    [
        ("gov_json", "0001-01-01T00:00:00+14:00"),  # such a moment has no local time
        ("gov_json", "9999-12-31T23:59:59-12:00"),
        ("gov_json", f"{ANSWERED_AT - timedelta(days=32):%Y-%m-%dT%H:%M:%SZ}"),
        ("gov_json", f"{ANSWERED_AT + timedelta(days=2):%Y-%m-%dT%H:%M:%SZ}"),
        ("bank_xml", "00010101000000"),
        ("bank_xml", "99991231235959"),
    ],
    ids=["first day", "last day", "long ago", "in the future", "first day of a bank", "last day of a bank"],
)
def test_an_answer_dated_long_ago_or_in_the_future_is_broken(dialect, moment):
    body = re.sub(rb'(?<="replied_at": ")[^"]+|(?<=<RSPTM>)[^<]+', moment.encode(), saved(dialect, "found"))
    error = failure(Source(dialect, replying(body)))
    assert (error.outcome, "dated" in str(error)) == (Outcome.BROKEN, True)
    assert moment.encode() in error.reply


@pytest.mark.parametrize("days", [-30, 0])
def test_an_answer_that_was_made_days_ago_is_taken(days):
    moment = f"{ANSWERED_AT + timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"
    body = re.sub(rb'(?<="replied_at": ")[^"]+', moment.encode(), saved("gov_json", "found"))
    assert Source("gov_json", replying(body)).ask().answers[0].replies[0].outcome == Outcome.FOUND


def told_of_home(**changes):
    """The outcomes of both persons when the first one's home is told with these changes."""
    reply = json.loads(saved("gov_json", "found"))
    reply["answers"][0]["persons"][0]["records"][0] |= changes
    [answer] = Source("gov_json", replying(json.dumps(reply).encode())).ask().answers
    return [each.outcome for each in answer.replies]


@pytest.mark.parametrize("day", ["1900-01-01", "2026-11-22", "2126-11-22", None])
def test_a_date_that_a_source_can_know_of_is_taken(day):
    assert told_of_home(lease_to=day) == [Outcome.FOUND, Outcome.NONE]


@pytest.mark.parametrize("day", ["0001-01-01", "0999-12-31", "1899-12-31", "2126-11-23", "9999-12-31"])
def test_a_made_up_date_breaks_the_answer_on_that_person_alone(day):
    assert told_of_home(lease_to=day) == [Outcome.BROKEN, Outcome.NONE]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_made_up_date_of_the_data_breaks_the_answer_on_that_person_alone(day):
    reply = json.loads(saved("gov_json", "found"))
    reply["answers"][0]["persons"][0]["source_data_date"] = day
    [answer] = Source("gov_json", replying(json.dumps(reply).encode())).ask().answers
    assert [each.outcome for each in answer.replies] == [Outcome.BROKEN, Outcome.NONE]


def many_homes(count):
    reply = json.loads(saved("gov_json", "found"))
    [home] = reply["answers"][0]["persons"][0]["records"]
    homes = [home | {"record_key": f"home {number}"} for number in range(count)]
    reply["answers"][0]["persons"][0]["records"] = homes
    return Source("gov_json", replying(json.dumps(reply).encode()))


@pytest.mark.parametrize(("count", "outcome"), [(2000, Outcome.FOUND), (2001, Outcome.BROKEN), (9000, Outcome.BROKEN)])
def test_more_records_of_one_person_than_agreed_break_that_persons_answer(count, outcome):
    started = time.process_time()
    [answer] = many_homes(count).ask().answers
    assert [each.outcome for each in answer.replies] == [outcome, Outcome.NONE]
    assert time.process_time() - started < 5  # seconds; they are not compared each with each


def test_a_large_answer_is_read_beside_the_loop_that_other_sources_wait_for():
    loops = []

    def read(body):
        try:
            loops.append(asyncio.get_running_loop())
        except RuntimeError:
            loops.append(None)
        return Heard(ANSWERED_AT, ())

    async def both():
        for size in (reading.LARGE, reading.LARGE + 1):
            assert await reading.answers([question("gov_json")], b" " * size, read, ReplyMode.API) == ()

    asyncio.run(both())
    assert loops[0] is not None
    assert loops[1] is None
