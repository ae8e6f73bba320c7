"""Each fault, turned on over the control panel and felt on the wire."""

import http.client
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep

import pytest
from lxml import etree

from tests.verification.mock_departments.asker import Asker, bank_body, is_signed, office_body, question
from tests.verification.mock_departments.conftest import running

LI = ("李建国", "321299197503189010")


def set_faults(asker: Asker, code: str, **faults: object) -> None:
    assert asker.control("PUT", f"sources/{code}", faults).status == 200


def test_a_fixed_latency_is_waited_for(asker: Asker) -> None:
    set_faults(asker, "police", latency={"kind": "fixed", "median_ms": 300})
    begun = monotonic()
    assert asker.ask_office("police", question(LI)).status == 200
    assert monotonic() - begun >= 0.3


def test_a_lognormal_latency_differs_by_request_and_repeats(asker: Asker) -> None:
    set_faults(asker, "police", latency={"kind": "lognormal", "median_ms": 60, "p99_ms": 400})

    def seconds(number: str) -> float:
        begun = monotonic()
        asker.ask_office("police", question(LI, reference=number), request_no=number)
        return monotonic() - begun

    first = [seconds(f"late-{place}") for place in range(6)]
    asker.control("POST", "reset")
    set_faults(asker, "police", latency={"kind": "lognormal", "median_ms": 60, "p99_ms": 400})
    again = [seconds(f"late-{place}") for place in range(6)]
    assert max(first) - min(first) > 0.02
    order = sorted(range(6), key=first.__getitem__)
    assert again[order[-1]] > again[order[0]]


def test_an_error_is_503_and_with_retry_after_429(asker: Asker) -> None:
    set_faults(asker, "police", error_rate=1)
    assert asker.ask_office("police", question(LI)).status == 503
    set_faults(asker, "police", error_rate=1, retry_after=7)
    busy = asker.ask_office("police", question(LI))
    assert (busy.status, busy.headers["retry-after"]) == (429, "7")


def test_errors_fall_on_the_same_requests_in_every_run(asker: Asker) -> None:
    def statuses() -> list[int]:
        asker.control("POST", "reset")
        set_faults(asker, "police", error_rate=0.5)
        return [
            asker.ask_office("police", question(LI, reference=f"lot-{n}"), request_no=f"lot-{n}").status
            for n in range(20)
        ]

    first = statuses()
    assert set(first) == {200, 503}
    assert statuses() == first


def test_a_second_attempt_draws_a_new_lot(asker: Asker) -> None:
    set_faults(asker, "police", error_rate=0.5)
    body = office_body("police", question(LI))
    statuses = {asker.signed("police", "POST", "/police/v1/queries", body).status for _ in range(20)}
    assert statuses == {200, 503}


def test_a_malformed_answer_is_rightly_signed(asker: Asker) -> None:
    set_faults(asker, "police", malformed_rate=1)
    set_faults(asker, "icbc", malformed_rate=1)
    office = asker.ask_office("police", question(LI))
    with pytest.raises(json.JSONDecodeError):
        json.loads(office.body)
    bank = asker.signed("icbc", "POST", "/icbc/query", bank_body("icbc", question(LI)))
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(bank.body)


def test_a_truncated_answer_ends_before_its_length(asker: Asker) -> None:
    set_faults(asker, "police", truncate_rate=1)
    with pytest.raises(http.client.IncompleteRead) as cut:
        asker.ask_office("police", question(LI))
    assert cut.value.expected


def test_a_duplicate_comes_as_a_second_answer_under_one_reference(asker: Asker) -> None:
    set_faults(asker, "police", duplicate_rate=1)
    asked = question(LI, kinds=["registration"])
    answers = asker.ask_office("police", asked).json["answers"]
    assert [answer["reference"] for answer in answers] == [asked["reference"]] * 2
    assert answers[1]["persons"][0]["records"] == answers[0]["persons"][0]["records"] * 2


def test_a_wrong_signature_does_not_fit(asker: Asker) -> None:
    set_faults(asker, "police", wrong_signature_rate=1)
    body = office_body("police", question(LI))
    headers = asker.headers("police", "POST", "/police/v1/queries", body)
    reply = asker.send("POST", "/police/v1/queries", body, headers)
    assert reply.status == 200
    assert not is_signed("police", headers["X-Check-Nonce"], reply)


def test_a_wrong_person_is_somebody_who_was_not_asked_about(asker: Asker) -> None:
    set_faults(asker, "police", wrong_person_rate=1)
    person = asker.ask_office("police", question(LI)).json["answers"][0]["persons"][0]
    assert person["id_no"] not in {LI[1], LI[1][:6] + LI[1][8:17]}


def test_a_dripping_answer_takes_its_time_and_comes_whole(asker: Asker) -> None:
    set_faults(asker, "police", drip=1_000)
    begun = monotonic()
    reply = asker.ask_office("police", question(LI))
    assert reply.json["answers"]
    assert monotonic() - begun >= len(reply.body) / 1_000 * 0.8


def test_a_refusing_source_says_403(asker: Asker) -> None:
    set_faults(asker, "police", refuse=True)
    assert asker.ask_office("police", question(LI)).status == 403


def test_a_source_that_is_down_closes_the_connection(asker: Asker) -> None:
    set_faults(asker, "police", down=True)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        asker.ask_office("police", question(LI))
    assert asker.ask_office("transport", question(LI)).status == 200


def test_an_outage_holds_within_its_window_only(asker: Asker) -> None:
    now = datetime.now(UTC)

    def window(begin: int, end: int) -> dict[str, str]:
        return {key: (now + timedelta(hours=h)).isoformat() for key, h in (("from", begin), ("to", end))}

    set_faults(asker, "police", outages=[window(-2, -1), window(1, 2)])
    assert asker.ask_office("police", question(LI)).status == 200
    set_faults(asker, "police", outages=[window(-1, 1)])
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        asker.ask_office("police", question(LI))


def test_a_silent_source_takes_the_request_and_never_answers(asker: Asker) -> None:
    set_faults(asker, "police", silent=True)
    impatient = Asker(asker.port, seconds=0.5)
    with pytest.raises(TimeoutError):
        impatient.ask_office("police", question(LI))
    assert asker.control("GET", "counters").json["police"]["requests"] == 1


def test_counters_tell_what_was_asked_and_how_often(asker: Asker) -> None:
    asked = question(LI, LI, reference="once")
    body = office_body("police", asked, question(LI, reference="twice"))
    asker.signed("police", "POST", "/police/v1/queries", body)
    asker.ask_office("police", question(LI, reference="twice"))
    counts = asker.control("GET", "counters").json["police"]
    assert (counts["requests"], counts["questions"], counts["persons"], counts["errors"]) == (2, 3, 4, 0)
    assert counts["numbers"] == {"once": 1, "twice": 2}


def test_the_counter_knows_how_many_asked_at_once(asker: Asker) -> None:
    set_faults(asker, "police", latency={"kind": "fixed", "median_ms": 400})
    with ThreadPoolExecutor(3) as pool:
        replies = list(pool.map(lambda _: asker.ask_office("police", question(LI)).status, range(3)))
    assert replies == [200] * 3
    counts = asker.control("GET", "counters").json["police"]
    assert (counts["max_concurrency"], counts["in_flight"]) == (3, 0)


@pytest.mark.parametrize(
    "faults",
    [{"error_rate": 2}, {"latency": {"kind": "odd"}}, {"latency": {"kind": "lognormal"}}, {"drip": -1}, {"typo": 1}],
)
def test_a_setting_that_makes_no_sense_is_refused_and_changes_nothing(asker: Asker, faults: dict[str, object]) -> None:
    set_faults(asker, "police", refuse=True)
    assert asker.control("PUT", "sources/police", faults).status == 422
    assert asker.control("GET", "sources/police").json["refuse"] is True


def test_one_setting_can_be_given_to_all_sources_and_taken_back(asker: Asker) -> None:
    asker.control("PUT", "sources", {"*": {"refuse": True}, "icbc": {}})
    assert asker.ask_office("police", question(LI)).status == 403
    assert asker.ask_bank("icbc", question(LI))
    asker.control("POST", "reset")
    assert asker.ask_office("police", question(LI)).status == 200
    assert asker.control("PUT", "sources", {"nobody": {}}).status == 404


def test_the_program_stops_while_somebody_still_waits_for_an_answer() -> None:
    with running(seed=7) as here, ThreadPoolExecutor(1) as pool:
        set_faults(here, "police", silent=True)
        waiting = pool.submit(Asker(here.port, seconds=30).ask_office, "police", question(LI))
        while here.control("GET", "counters").json["police"]["in_flight"] == 0:
            sleep(0.02)
        begun = monotonic()
        here.program.terminate()
        here.program.wait(timeout=10)
        assert monotonic() - begun < 5
        with pytest.raises((http.client.HTTPException, OSError)):
            waiting.result(timeout=5)
