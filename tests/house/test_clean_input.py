"""What no text can hold: a NUL is refused before any view or database, on pages and at the programmers' door."""

import base64

import pytest
from axes.models import AccessAttempt
from django.test import Client, RequestFactory

from applications import intake
from applications.models import Draft
from housing_credit.sign_in import attempted_username
from tests.applications.windows import SECTIONS, changed_row, post_of

pytestmark = pytest.mark.django_db


def basic(name: str, password: str = "wrong") -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


@pytest.mark.parametrize("address", ["/verify/%00/", "/sign-in/?next=%00", "/language/?%00=1"])
def test_a_nul_in_an_open_address_is_a_bad_request(address):
    answer = Client(headers={"accept-language": "en"}).get(address)
    assert answer.status_code == 400
    assert "a character that no text can hold" in answer.content.decode()
    assert answer["X-Request-Number"] in answer.content.decode()
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize("address", ["/checks/HD%00/", "/checks/?office=%00", "/documents/1/?%00", "/no/such/%00"])
def test_a_nul_in_an_address_is_a_bad_request_for_those_signed_in(as_user, address):
    assert as_user("check").get(address).status_code == 400


def test_a_nul_in_a_form_is_a_bad_request(as_user):
    client = as_user("street")
    assert client.post("/search/", {"q": "张\0"}).status_code == 400
    assert client.post("/search/", {"q": "张建国", "\0": ""}).status_code == 400
    assert client.post("/search/", {"q": "张建国"}).status_code == 200
    assert Client().post("/sign-in/", {"username": "a\0", "password": "x"}).status_code == 400


def test_the_bad_request_speaks_the_readers_language(as_user):
    assert "没有改动任何内容" in as_user("street", "zh-hans").post("/search/", {"q": "\0"}).content.decode()


def test_the_programmers_door_answers_a_nul_in_its_one_shape(as_user):
    answer = as_user("street").get("/api/v1/applications?office=%00")
    assert answer.status_code == 400
    assert set(answer.json()) == {"code", "message", "fields"}


@pytest.mark.parametrize("name", ["wind\0ow", "\0", "w" * 300, "字" * 300])
def test_a_strange_user_name_at_the_programmers_door_is_not_signed_in(name):
    answer = Client().get("/api/v1/me", headers=basic(name))
    assert answer.status_code == 401
    assert set(answer.json()) == {"code", "message", "fields"}


def test_a_failed_sign_in_is_kept_under_a_name_that_fits_the_table():
    assert Client().get("/api/v1/me", headers=basic("w" * 300)).status_code == 401
    assert AccessAttempt.objects.get().username == "w" * 150
    request = RequestFactory().post("/sign-in/", {"username": "a\0b"})
    assert attempted_username(request) == "ab"


@pytest.fixture
def draft(people):
    return intake.open_draft("public_rental", by=people["window"])


@pytest.mark.parametrize("page", ["applicant/", "applicant/autosave/"])
def test_a_nul_in_a_box_of_the_declaration_is_not_kept(as_user, draft, page):
    form = post_of(changed_row("applicant", name="张\0建国"), version="0")
    assert as_user("window").post(f"/applications/{draft.reference}/intake/{page}", form).status_code == 400
    assert Draft.objects.get(application=draft).sections == {}


@pytest.mark.parametrize("page", ["homes/", "homes/autosave/"])
def test_control_characters_that_no_letter_prints_are_left_out_of_what_is_kept(as_user, draft, page):
    form = post_of(changed_row("homes", address="鼓楼\x07南路\x1b118\x7f号\t3幢\x85"), version="0")
    as_user("window").post(f"/applications/{draft.reference}/intake/{page}", form)
    row = Draft.objects.get(application=draft).sections["homes"]["rows"][0]
    assert row["address"] == "鼓楼南路118号\t3幢"
    assert row["area"] == SECTIONS["homes"]["rows"][0]["area"]
