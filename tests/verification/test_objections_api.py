"""Objections to results at the programmers' door: in scope, with the same moves and refusals as the pages."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bureau import workdays
from bureau.models import AuditEntry
from tests.api_cases import caller
from tests.factories.later import asked, concluded
from tests.factories.objections import GROUNDS, SCENARIO, SOURCE, object_to, only_line, set_right, unfit
from verification.models import Check, Objection

pytestmark = pytest.mark.django_db


@pytest.fixture
def disputed(check_of, sources, people) -> Check:
    return unfit(check_of(SCENARIO), people)


@pytest.fixture
def objection(disputed, people) -> Objection:
    return object_to(disputed, people)


def address(objection, *move):
    return "/".join(("/api/v1/objections", objection.number, *move))


def test_an_objection_is_shown_in_scope_with_its_lines_and_moves_and_the_look_is_recorded(objection, people):
    shown = caller(people["check2"]).get(address(objection))
    assert shown.status_code == 200
    body = shown.json()
    assert (body["number"], body["grounds"], body["status"]) == (objection.number, GROUNDS, "received")
    (line,) = body["lines"]
    assert (line["source"], line["act"], line["outcome"]) == (SOURCE, "", "")
    assert "84.00" in line["text"]
    assert [proof["title"] for proof in body["proofs"]] == ["售房合同"]
    assert {move["name"] for move in body["available_moves"]} == {"decide", "write_reply"}
    assert AuditEntry.objects.filter(action="api", fields=["objection"]).count() == 1
    assert caller(people["check"]).get(address(objection)).json()["available_moves"] == []
    assert caller(people["window2"]).get(address(objection)).status_code == 404
    assert caller(None).get(address(objection)).status_code == 401


def test_the_list_is_filtered_and_takes_no_query_per_row(objection, people):
    client = caller(people["check2"])
    for query, count in (
        ("", 1),
        ("?status=received", 1),
        ("?status=answered", 0),
        (f"?subject={objection.subject}", 1),
        (f"?check={objection.check_ordered.number}", 1),
        (f"?due_to={objection.received_on}", 0),
        ("?office=3212020", 1),
    ):
        assert client.get(f"/api/v1/objections{query}").json()["count"] == count, query
    assert client.get("/api/v1/objections?name=x").status_code == 422
    with CaptureQueriesContext(connection) as one:
        (row,) = client.get("/api/v1/objections").json()["results"]
    assert "grounds" not in row
    Objection.objects.update(status="withdrawn")
    object_to(objection.check_ordered, people)
    with CaptureQueriesContext(connection) as two:
        assert len(client.get("/api/v1/objections").json()["results"]) == 2
    assert len(two) == len(one)


def test_who_concluded_and_who_has_no_such_work_are_refused(objection, people):
    line = only_line(objection).line
    body = {"line": line, "act": "refuse", "reason": "无据。"}
    for username in ("check", "window", "street", "housing", "auditor"):
        answer = caller(people[username]).post(address(objection, "decide"), body, format="json")
        assert answer.status_code == 403, username
    assert only_line(objection).act == ""


@pytest.mark.parametrize(
    ("move", "body", "status", "field"),
    [
        ("decide", {"act": "refuse"}, 422, "line"),
        ("decide", {"line": 0, "act": "refuse"}, 422, "line"),
        ("decide", {"line": 999, "act": "refuse", "reason": "x"}, 404, ""),
        ("decide", {"line": "own", "act": "guess"}, 422, "act"),
        ("decide", {"line": "own", "act": "refuse"}, 422, "reason"),
        ("reply", {"line": "own", "reply": "corrected", "words": "x"}, 422, "replied_on"),
        ("answer", {}, 422, "answer"),
        ("answer", {"answer": "尚未处理。"}, 409, ""),
        ("check-again", {}, 409, ""),
    ],
)
def test_a_bad_body_names_its_field_and_an_early_move_is_a_conflict(objection, people, move, body, status, field):
    own = {name: only_line(objection).line if value == "own" else value for name, value in body.items()}
    answer = caller(people["check2"]).post(address(objection, move), own, format="json")
    assert answer.status_code == status
    assert set(answer.json()) == {"code", "message", "fields"}
    assert not field or field in answer.json()["fields"]


def test_from_the_first_line_to_the_answer_by_program_alone(objection, people, sources):
    client, line = caller(people["check2"]), only_line(objection).line
    asked_for = {"line": line, "act": "correction", "reason": "请核实。"}
    decided = client.post(address(objection, "decide"), asked_for, "json")
    assert decided.status_code == 200
    assert decided.json()["lines"][0]["letter"].startswith("泰房函〔")
    stale = client.post(
        address(objection, "decide"), {"line": line, "act": "refuse", "reason": "x"}, "json",
        headers={"if-match": f'"{objection.status_since.isoformat()}"'},
    )  # fmt: skip
    assert stale.status_code == 409
    told = {"line": line, "reply": "corrected", "words": "现已更正。", "replied_on": f"{workdays.today()}"}
    assert client.post(address(objection, "reply"), told, "json").status_code == 200
    set_right(sources)
    again = client.post(address(objection, "check-again"), {}, "json").json()
    check = asked(Check.objects.get(number=again["recheck"]))
    concluded(check, people["check2"])
    answered = client.post(address(objection, "answer"), {"answer": "异议成立。"}, "json").json()
    assert (answered["status"], answered["outcome"]) == ("answered", "upheld")
    assert answered["letter"].startswith("泰房复〔")
    assert answered["available_moves"] == []
    report = objection.check_ordered.conclusion.report
    shown = client.get(f"/api/v1/documents/{report.pk}").json()
    assert shown["superseded_by"] == check.conclusion.report.number


def test_the_household_withdraws_by_its_window(objection, people):
    body = {"reason": "家庭撤回。"}
    assert caller(people["check2"]).post(address(objection, "withdraw"), body, "json").status_code == 403
    shown = caller(people["window"]).post(address(objection, "withdraw"), body, "json")
    assert shown.status_code == 200
    assert (shown.json()["status"], shown.json()["lines"][0]["outcome"]) == ("withdrawn", "withdrawn")
