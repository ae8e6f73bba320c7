"""The applications' addresses of the programmers' door: what is shown, to whom, and the same moves as on the pages."""

import pytest

from applications import tiers
from applications.models import Application, Opinion
from bureau.models import AuditEntry
from tests.api_cases import caller, submitted
from tests.verification.household import FATHER

pytestmark = pytest.mark.django_db
MOVES = ("forward", "return", "reject", "order", "publish", "refuse", "recheck", "withdraw", "discard")
WORDS = {"opinion": "Complete.", "reason": "They moved away."}


@pytest.fixture
def case(people) -> Application:
    return submitted(people["window"])


@pytest.fixture
def address(case) -> str:
    return f"/api/v1/applications/{case.reference}"


def test_a_list_masks_names_and_shows_no_id_number(case, people):
    answer = caller(people["street"]).get("/api/v1/applications")
    assert answer.status_code == 200
    row = answer.json()["results"][0]
    assert (row["reference"], row["status"], row["applicant"]) == (case.reference, "at_street", "张*")
    assert FATHER.id_number not in answer.content.decode()


def test_a_list_holds_only_the_cases_of_the_callers_offices(case, people):
    assert caller(people["window2"]).get("/api/v1/applications").json()["count"] == 0
    assert caller(people["admin"]).get("/api/v1/applications").json()["count"] == 0
    assert caller(people["district"]).get("/api/v1/applications").json()["count"] == 1


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("status=at_street", 1),
        ("status=at_street&status=at_city", 1),
        ("status=at_city", 0),
        ("kind=rental_subsidy", 0),
        ("office=321202", 1),
        ("office=321203", 0),
        ("overdue=true", 0),
        ("overdue=false", 1),
        ("mine=true", 1),
        ("due_by=2000-01-01", 0),
        ("submitted_from=2000-01-01", 1),
        ("submitted_to=2000-01-01", 0),
    ],
)
def test_a_list_is_filtered_by_its_named_fields(case, people, query, count):
    assert caller(people["street"]).get(f"/api/v1/applications?{query}").json()["count"] == count


def test_reports_are_read_by_reference_and_other_documents_are_not_among_them(case, people):
    client = caller(people["street"])
    assert client.get("/api/v1/documents").json()["results"][0]["kind_name"] == "Receipt"
    assert client.get(f"/api/v1/reports?reference={case.reference}").json()["count"] == 0
    assert client.post("/api/v1/reports", {}).status_code == 405


def test_an_address_that_does_not_exist_is_told_as_such(people):
    answer = caller(people["street"]).get("/api/v1/report")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer.json()["message"] == "There is no such address."


def test_a_misspelt_filter_is_refused_and_not_ignored(people):
    answer = caller(people["street"]).get("/api/v1/applications?stauts=at_street")
    assert answer.status_code == 422
    assert set(answer.json()["fields"]) == {"stauts"}


def test_a_filter_value_that_does_not_exist_is_refused_with_its_field(people):
    answer = caller(people["street"]).get("/api/v1/applications?status=lost&submitted_from=yesterday")
    assert answer.status_code == 422
    assert set(answer.json()["fields"]) == {"status", "submitted_from"}


def test_a_list_takes_no_query_per_row(people, django_assert_max_num_queries):
    client = caller(people["window"])
    client.get("/api/v1/applications")  # the very first look of all lays the heads of the access log
    for rows in (20, 40):
        Application.objects.bulk_create(
            Application(
                reference=f"GZ2020-{rows + place:06d}",
                kind="public_rental",
                office=people["window"].seats[0].office,
                office_code="321202001001",
                keyed_by=people["window"],
                applicant_name="王五",
            )
            for place in range(20)
        )
        with django_assert_max_num_queries(16):
            assert len(client.get("/api/v1/applications").json()["results"]) == rows


def test_one_case_is_shown_whole_with_masked_id_numbers_and_the_moves_open_to_the_caller(case, address, people):
    answer = caller(people["street"]).get(address)
    shown = answer.json()
    assert shown["members"][0]["name"] == "张三"
    assert shown["members"][0]["id_number"] == "321299********0017"
    assert FATHER.id_number not in answer.content.decode()
    assert [move["name"] for move in shown["available_moves"]] == ["forward", "return", "reject"]
    assert [move["name"] for move in caller(people["window"]).get(address).json()["available_moves"]] == ["withdraw"]
    assert caller(people["district"]).get(address).json()["available_moves"] == []


def test_every_look_at_a_household_is_recorded(case, address, people):
    caller(people["street"]).get(address)
    caller(people["street"]).get("/api/v1/applications?status=at_street")
    looks = AuditEntry.objects.filter(staff=people["street"], action="api").order_by("at")
    assert [look.purpose for look in looks] == [case.reference, "applications?status=at_street → 1"]
    assert looks[0].reference == case.reference
    assert "members.name" in looks[0].fields


def test_the_timeline_is_shown_newest_first(address, people):
    answer = caller(people["street"]).get(f"{address}/timeline")
    assert answer.status_code == 200
    events = [entry["event"] for entry in answer.json()["results"]]
    assert events[-1] == "opened"
    assert "submit" in events


@pytest.mark.parametrize("move", MOVES)
def test_the_anonymous_caller_moves_nothing(case, address, move):
    answer = caller(None).post(f"{address}/{move}", WORDS, format="json")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


@pytest.mark.parametrize("move", MOVES)
def test_the_clerk_of_the_next_street_does_not_even_learn_that_the_case_exists(case, address, people, move):
    assert caller(people["window2"]).post(f"{address}/{move}", WORDS, format="json").status_code == 404
    assert caller(people["window2"]).get(address).status_code == 404


@pytest.mark.parametrize("move", MOVES)
def test_whoever_sees_the_case_without_this_work_is_refused(case, address, people, move):
    answer = caller(people["auditor"]).post(f"{address}/{move}", WORDS, format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    case.refresh_from_db()
    assert case.status == "at_street"


@pytest.mark.parametrize(
    ("move", "username"),
    [("order", "check"), ("discard", "window")],
)
def test_a_move_whose_time_has_not_come_is_a_conflict(case, address, people, move, username):
    answer = caller(people[username]).post(f"{address}/{move}", WORDS, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_now")
    case.refresh_from_db()
    assert case.status == "at_street"


@pytest.mark.parametrize(
    ("move", "field"),
    [
        ("forward", "opinion"),
        ("return", "opinion"),
        ("reject", "opinion"),
        ("publish", "opinion"),
        ("refuse", "opinion"),
        ("recheck", "reason"),
        ("withdraw", "reason"),
    ],
)
def test_a_move_without_its_words_names_the_field(address, people, move, field):
    for body in ({}, {field: "  "}, {field: ["x"]}, {field: "x" * 2001}, {field: "a\x00b"}):
        answer = caller(people["street"]).post(f"{address}/{move}", body, format="json")
        assert answer.status_code == 422
        assert list(answer.json()["fields"]) == [field]


def test_forwarding_hands_the_case_one_tier_up_with_the_opinion(case, address, people):
    answer = caller(people["street"]).post(f"{address}/forward", {"opinion": "Complete."}, format="json")
    assert answer.status_code == 200
    assert answer.json()["status"] == "at_district"
    opinion = Opinion.objects.get(application=case)
    assert (opinion.by, opinion.text) == (people["street"], "Complete.")


def test_returning_rejecting_and_withdrawing_move_the_case(people):
    reference = ""
    for move, username, body, status in (
        ("return", "street", {"opinion": "Bring the certificate."}, "returned"),
        ("withdraw", "window", {"reason": "They moved away."}, "withdrawn"),
        ("reject", "street", {"opinion": "Not registered here."}, "rejected"),
    ):
        reference = submitted(people["window"]).reference if move != "withdraw" else reference
        answer = caller(people[username]).post(f"/api/v1/applications/{reference}/{move}", body, format="json")
        assert (answer.status_code, answer.json().get("status")) == (200, status)


def test_a_move_on_what_the_caller_saw_goes_through_and_on_an_older_state_it_is_stale(case, address, people):
    client = caller(people["street"])
    seen = client.get(address)
    district = caller(people["district"])
    case.refresh_from_db()
    tiers.forward(case, by=people["street"], opinion="Complete.")
    for stale in (
        district.post(f"{address}/forward", {"opinion": "x", "status_since": seen.json()["status_since"]}, "json"),
        district.post(f"{address}/forward", {"opinion": "x"}, "json", headers={"if-match": seen["ETag"]}),
    ):
        assert (stale.status_code, stale.json()["code"]) == (409, "stale")
    fresh = district.get(address)
    moved = district.post(f"{address}/forward", {"opinion": "x"}, "json", headers={"if-match": fresh["ETag"]})
    assert (moved.status_code, moved.json()["status"]) == (200, "at_city")


def test_an_if_match_that_is_no_etag_of_ours_is_refused(address, people):
    answer = caller(people["street"]).post(
        f"{address}/forward", {"opinion": "x"}, "json", headers={"if-match": '"abc"'}
    )
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == ["If-Match"]


def test_refusals_speak_the_callers_language(address, people):
    english = caller(people["auditor"], "en").post(f"{address}/forward", WORDS, "json").json()
    assert english["message"] == "Your posting does not include this work."
