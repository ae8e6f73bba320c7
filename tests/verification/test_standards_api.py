"""The addresses of standards and trials under /api/v1/: figures for who reads standards, households for nobody."""

import pytest

from tests.api_cases import caller
from tests.factories import trials as made
from verification import trials

pytestmark = pytest.mark.django_db


@pytest.fixture
def standard(four, people):
    standard = made.coming(**made.income_line(4700))
    trials.sign(made.run(standard, people["check"]), note="同意。", by=people["check2"])
    return standard


def test_a_standard_tells_when_it_begins_and_who_tried_it(standard, people):
    told = caller(people["auditor"]).get("/api/v1/standards?programme=public_rental").json()["results"]
    assert [(row["code"], row["state"]) for row in told] == [(made.NEXT, "coming"), (made.CODE, "in_force")]
    assert told[0]["effective_from"] == standard.effective_from.isoformat()
    assert told[0]["trial"]["signed_by"] == people["check2"].name
    assert told[1]["trial"] is None
    one = caller(people["admin"]).get(f"/api/v1/standards/{made.NEXT}").json()
    assert one == told[0]


def test_a_trial_tells_figures_and_no_household(standard, people, four):
    told = caller(people["admin"]).get(f"/api/v1/standards/{made.NEXT}/trials").json()
    assert told["count"] == 1
    trial = caller(people["check"]).get(f"/api/v1/standards/{made.NEXT}/trials/1").json()
    assert trial == told["results"][0]
    assert trial["districts"] == {"321202": {"joins": 1, "stays": 2}, "321203": {"stays": 1}}
    assert trial["criteria"] == {"income": {"joins": 1}}
    assert not any(check.number in str(told) for check in four)


@pytest.mark.parametrize("username", ["window", "street", "district", "housing", "credit"])
def test_others_read_neither(standard, people, username):
    client = caller(people[username])
    for path in ("standards", f"standards/{made.NEXT}", f"standards/{made.NEXT}/trials"):
        answer = client.get(f"/api/v1/{path}")
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_what_is_not_there_and_what_is_no_filter(standard, people):
    client = caller(people["check"])
    assert client.get("/api/v1/standards/nowhere").status_code == 404
    assert client.get("/api/v1/standards/nowhere/trials").status_code == 404
    assert client.get(f"/api/v1/standards/{made.NEXT}/trials/9").status_code == 404
    assert client.get("/api/v1/standards?nonsense=1").status_code == 422
    assert client.post(f"/api/v1/standards/{made.NEXT}/trials", {}, format="json").status_code == 405


def test_the_administration_shows_commencement_and_trial(standard, as_user):
    page = as_user("admin").get(f"/admin/verification/standard/{standard.pk}/change/").content.decode()
    assert f"Comes into force by itself on {standard.effective_from}" in page
    assert f"/checks/standards/{made.NEXT}/" in page
