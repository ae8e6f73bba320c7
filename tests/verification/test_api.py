"""The check centre's addresses of the programmers' door: progress, findings and the officer's moves."""

import pytest

from bureau.models import AuditEntry, Document
from tests.api_cases import answered, caller
from tests.factories.checks import order_scenario
from verification.models import Check

pytestmark = pytest.mark.django_db
MOVES = ("conclude", "ask-again", "cancel")
BODY = {"outcome": "fit", "opinion": "All criteria met.", "reason": "Ordered by mistake."}


@pytest.fixture
def check(sources) -> Check:
    """A check that has just been ordered; nobody has been asked yet."""
    return order_scenario(sources, "hidden-car")


@pytest.fixture
def assessed(check) -> Check:
    """The same after all sources have answered over HTTP."""
    return answered(check)


def test_a_check_shows_every_source_with_its_state_and_never_a_raw_answer(assessed, people):
    shown = caller(people["check"]).get(f"/api/v1/checks/{assessed.number}").json()
    assert shown["status"] == "assessed"
    assert len(shown["inquiries"]) == 24
    assert {row["state"] for row in shown["inquiries"]} == {"answered"}
    police = next(row for row in shown["inquiries"] if row["source"] == "police")
    assert police["outcomes"]["m1"] == "found"
    assert police["milliseconds"] is not None
    assert not {"answer", "exchange", "lease", "ticket"} & set(police)
    assert {move["name"] for move in shown["available_moves"]} == {"ask_again", "cancel"}
    assert shown["assessment"]["asked"] == shown["assessment"]["answered"] == 24
    assert all(criterion["reason"] for criterion in shown["assessment"]["criteria"])
    assert AuditEntry.objects.filter(action="api", reference=assessed.number, staff=people["check"]).count() == 1


def test_before_the_answers_are_in_there_is_no_assessment_and_no_conclusion(check, people):
    shown = caller(people["check"]).get(f"/api/v1/checks/{check.number}").json()
    assert (shown["assessment"], shown["conclusion"]) == (None, None)
    assert {row["state"] for row in shown["inquiries"]} == {"open"}


def test_the_lists_of_checks_and_inquiries_hold_the_callers_scope_only(check, people):
    for path, count in (("checks", 1), ("inquiries", 24)):
        assert caller(people["check"]).get(f"/api/v1/{path}").json()["count"] == count
        assert caller(people["window2"]).get(f"/api/v1/{path}").json()["count"] == 0
        assert caller(people["admin"]).get(f"/api/v1/{path}").json()["count"] == 0


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("checks?status=asking", 1),
        ("checks?status=concluded", 0),
        ("checks?office=321202001", 1),
        ("checks?purpose=rehearsal", 1),
        ("checks?conclusion=fit", 0),
        ("checks?ordered_to=2000-01-01", 0),
        ("inquiries?source=icbc", 1),
        ("inquiries?state=open", 24),
        ("inquiries?state=failed", 0),
    ],
)
def test_the_lists_are_filtered_by_their_named_fields(check, people, query, count):
    assert caller(people["check"]).get(f"/api/v1/{query}").json()["count"] == count


def test_the_lists_take_no_query_per_row(check, sources, people, django_assert_max_num_queries):
    client = caller(people["check"])
    order_scenario(sources, "fit")
    order_scenario(sources, "hidden-flat")
    client.get("/api/v1/checks")  # the very first look of all lays the heads of the access log
    with django_assert_max_num_queries(16):
        assert len(client.get("/api/v1/inquiries?page_size=200").json()["results"]) == 72
    with django_assert_max_num_queries(16):
        assert len(client.get("/api/v1/checks").json()["results"]) == 3


def test_one_check_takes_a_bounded_number_of_queries(assessed, people, django_assert_max_num_queries):
    client = caller(people["check"])
    with django_assert_max_num_queries(24):
        client.get(f"/api/v1/checks/{assessed.number}")


@pytest.mark.parametrize("move", MOVES)
def test_anonymous_stranger_and_onlooker_are_each_refused_in_their_own_way(check, people, move):
    address = f"/api/v1/checks/{check.number}/{move}"
    assert caller(None).post(address, BODY, "json").status_code == 401
    assert caller(people["window2"]).post(address, BODY, "json").status_code == 404
    assert caller(people["auditor"]).post(address, BODY, "json").status_code == 403
    check.refresh_from_db()
    assert check.status == "asking"


def test_concluding_before_the_answers_are_in_is_a_conflict(check, people):
    answer = caller(people["check"]).post(f"/api/v1/checks/{check.number}/conclude", BODY, "json")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_now")


@pytest.mark.parametrize(
    ("move", "body", "field"),
    [
        ("conclude", {"opinion": "x"}, "outcome"),
        ("conclude", {"outcome": "fine", "opinion": "x"}, "outcome"),
        ("conclude", {"outcome": "fit", "opinion": " "}, "opinion"),
        ("ask-again", {"sources": ["nobody"]}, "sources"),
        ("ask-again", {"sources": "icbc"}, "sources"),
        ("cancel", {}, "reason"),
    ],
)
def test_a_bad_body_names_the_field(check, people, move, body, field):
    answer = caller(people["check"]).post(f"/api/v1/checks/{check.number}/{move}", body, "json")
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [field]


def test_asking_again_puts_the_named_source_back_in_the_queue(assessed, people):
    address = f"/api/v1/checks/{assessed.number}"
    answer = caller(people["check"]).post(f"{address}/ask-again", {"sources": ["icbc"]}, "json")
    assert answer.status_code == 200
    assert answer.json()["status"] == "asking"
    assert [row["source"] for row in answer.json()["inquiries"] if row["state"] == "open"] == ["icbc"]


def test_cancelling_stops_what_is_queued(check, people):
    answer = caller(people["check"]).post(f"/api/v1/checks/{check.number}/cancel", BODY, "json")
    assert answer.status_code == 200
    assert answer.json()["status"] == "cancelled"
    assert {row["state"] for row in answer.json()["inquiries"]} == {"cancelled"}


def test_findings_are_confirmed_with_a_reason_and_then_carry_an_unfit_conclusion_with_its_report(assessed, people):
    client = caller(people["check"])
    address = f"/api/v1/checks/{assessed.number}"
    listed = client.get(f"{address}/findings?state=open").json()["results"]
    assert listed
    assert all(finding["text"] for finding in listed)
    early = client.post(f"{address}/conclude", {"outcome": "unfit", "opinion": "Hidden car."}, "json")
    assert early.status_code == 409
    for finding in listed:
        done = client.post(f"{address}/findings/{finding['id']}/confirm", {"reason": "It is their car."}, "json")
        assert (done.status_code, done.json()["state"]) == (200, "confirmed")
    again = client.post(f"{address}/findings/{listed[0]['id']}/confirm", {"reason": "Once more."}, "json")
    assert (again.status_code, again.json()["code"]) == (409, "stale")
    concluded = client.post(f"{address}/conclude", {"outcome": "unfit", "opinion": "Hidden car."}, "json").json()
    assert (concluded["status"], concluded["conclusion"]["outcome"]) == ("concluded", "unfit")
    report = Document.objects.get(pk=concluded["conclusion"]["report_id"])
    assert report.number == concluded["conclusion"]["report"]
    for reference in (concluded["number"], concluded["subject"]):
        found = client.get(f"/api/v1/reports?reference={reference}").json()["results"]
        assert [(row["number"], row["kind_name"]) for row in found] == [(report.number, "Check report")]
    assert client.get("/api/v1/reports?reference=GZ2020-000009").json()["count"] == 0


def test_dismissing_a_finding_assesses_the_household_anew(assessed, people):
    client = caller(people["check"])
    address = f"/api/v1/checks/{assessed.number}"
    before = client.get(address).json()["assessment"]["version"]
    finding = client.get(f"{address}/findings").json()["results"][0]
    answer = client.post(f"{address}/findings/{finding['id']}/dismiss", {"reason": "Sold in spring."}, "json")
    assert (answer.status_code, answer.json()["state"]) == (200, "dismissed")
    assert client.get(address).json()["assessment"]["version"] == before + 1


def test_a_finding_is_settled_by_the_check_officer_only_with_a_reason_and_in_scope(assessed, people):
    finding = assessed.findings.first()
    address = f"/api/v1/checks/{assessed.number}/findings/{finding.pk}/confirm"
    body = {"reason": "It is their car."}
    assert caller(None).post(address, body, "json").status_code == 401
    assert caller(people["window2"]).post(address, body, "json").status_code == 404
    assert caller(people["auditor"]).post(address, body, "json").status_code == 403
    empty = caller(people["check"]).post(address, {"reason": ""}, "json")
    assert (empty.status_code, list(empty.json()["fields"])) == (422, ["reason"])
    finding.refresh_from_db()
    assert finding.state == "open"


def test_sources_are_read_by_all_who_work_here_without_address_and_keys(people, sources):
    shown = caller(people["window"]).get("/api/v1/sources/police").json()
    assert shown["kinds"] == ["registration", "vehicle"]
    assert not {"url", "key_id", "secret"} & set(shown)
    assert caller(people["window"]).get("/api/v1/sources").json()["count"] == 24
    assert caller(None).get("/api/v1/sources").status_code == 401
