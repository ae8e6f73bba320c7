"""The programmers' door as a whole: one error shape, sign-in, documents, the OpenAPI document, a journey by program."""

import io
from base64 import b64encode

import pgtrigger
import pytest
import yaml
from django.core.management import call_command
from django.test import Client
from rest_framework.test import APIClient

from applications import checks, publicity
from applications.models import Application, PublicNotice
from bureau.models import AuditEntry, Document
from housing_credit.seeds.people import DEMO_PASSWORD
from tests.api_cases import answered, caller, household_of, submitted
from verification.models import Check

pytestmark = pytest.mark.django_db
READS = (
    "me",
    "offices",
    "offices/321200",
    "applications",
    "checks",
    "inquiries",
    "sources",
    "scorecards",
    "standards",
    "standards/taizhou-demo-public-rental/trials",
    "documents",
    "documents/1",
)


def basic(username: str, password: str) -> APIClient:
    token = b64encode(f"{username}:{password}".encode()).decode()
    return APIClient(headers={"authorization": f"Basic {token}", "accept-language": "en"})


def test_the_openapi_document_is_complete_and_valid():
    document = io.StringIO()
    call_command("spectacular", "--fail-on-warn", "--validate", stdout=document)
    paths = yaml.safe_load(document.getvalue())["paths"]
    assert "/api/v1/applications/{reference}/forward" in paths
    for path, methods in paths.items():
        for method, operation in methods.items():
            assert operation.get("summary"), (path, method)
            wanted = {"401", "403", "404", "409", "422"} if method == "post" else {"401"}
            if path.startswith("/api/v1/credit/"):  # nobody signs in there, and nothing moves
                wanted = {"401", "403", "413", "429"} | ({"400", "422"} if method == "post" else set())
            assert wanted <= set(operation["responses"]), (path, method)


@pytest.mark.parametrize("path", READS)
def test_the_anonymous_caller_reads_nothing(db, path):
    answer = caller(None).get(f"/api/v1/{path}")
    assert answer.status_code == 401
    assert set(answer.json()) == {"code", "message", "fields"}
    assert answer["WWW-Authenticate"].startswith("Basic")


def test_every_kind_of_refusal_has_the_same_shape(people):
    client = caller(people["street"])
    cases = {
        404: client.get("/api/v1/nothing/here"),
        405: client.delete("/api/v1/applications"),
        406: client.get("/api/v1/applications", headers={"accept": "text/csv"}),
        415: client.post("/api/v1/applications/GZ2026-000001/forward", "x", content_type="text/plain"),
        422: client.get("/api/v1/applications?nonsense=1"),
    }
    case = submitted(people["window"])
    cases[415] = client.post(f"/api/v1/applications/{case.reference}/forward", "x", content_type="text/plain")
    cases[400] = client.post(f"/api/v1/applications/{case.reference}/forward", "{", content_type="application/json")
    for status, answer in cases.items():
        assert answer.status_code == status
        assert answer["Content-Type"] == "application/json"
        body = answer.json()
        assert set(body) == {"code", "message", "fields"}, status
        assert body["code"]
        assert body["message"]


def test_a_page_that_is_not_there_is_a_404_in_the_same_shape(people):
    answer = caller(people["street"]).get("/api/v1/applications?page=99")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_messages_are_chinese_unless_english_is_asked_for(people):
    chinese = Client().get("/api/v1/applications").json()["message"]
    english = Client(headers={"accept-language": "en"}).get("/api/v1/applications").json()["message"]
    assert not chinese.isascii()
    assert english.isascii()


def test_user_name_and_password_open_the_door(people):
    assert basic("street", DEMO_PASSWORD).get("/api/v1/me").json()["postings"][0]["role"] == "reviewer"
    wrong = basic("street", "wrong").get("/api/v1/me")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "authentication_failed")


def test_five_wrong_passwords_lock_the_door_even_for_the_right_one(people):
    answers = [basic("street", "wrong").get("/api/v1/me").status_code for _ in range(6)]
    assert answers[0] == 401
    locked = basic("street", DEMO_PASSWORD).get("/api/v1/me")
    assert (locked.status_code, locked.json()["code"]) == (429, "locked_out")


def test_a_session_without_a_token_moves_nothing(people):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(people["street"], backend="django.contrib.auth.backends.ModelBackend")
    case = submitted(people["window"])
    answer = client.post(f"/api/v1/applications/{case.reference}/forward", {"opinion": "x"}, format="json")
    assert answer.status_code == 403
    assert set(answer.json()) == {"code", "message", "fields"}


def test_offices_are_shown_by_scope_and_found_by_prefix(people):
    whole = caller(people["check"]).get("/api/v1/offices?tier=street&under=321202").json()
    assert whole["count"] > 5
    assert caller(people["street"]).get("/api/v1/offices/321202001").json()["parent"] == "321202"
    assert caller(people["street"]).get("/api/v1/offices/321203").status_code == 404
    assert caller(people["street"]).get("/api/v1/offices?tier=village").status_code == 422


def test_a_letter_is_read_in_scope_as_metadata_and_as_pdf_and_the_look_is_recorded(people):
    case = submitted(people["window"])
    receipt = Document.objects.get(reference=case.reference, kind="receipt")
    client = caller(people["street"])
    shown = client.get(f"/api/v1/documents?reference={case.reference}&kind=receipt").json()["results"][0]
    assert shown["number"] == receipt.number
    assert "data" not in shown
    pdf = client.get(f"/api/v1/documents/{receipt.pk}/pdf", headers={"accept": "application/pdf"})
    assert (pdf.status_code, pdf["Content-Type"], pdf.content[:5]) == (200, "application/pdf", b"%PDF-")
    receipt.refresh_from_db()
    assert pdf["SM3"] == receipt.digest
    assert AuditEntry.objects.filter(action="api", subject_id=receipt.pk, fields=["pdf"]).count() == 1
    stranger = caller(people["window2"])
    assert stranger.get(f"/api/v1/documents/{receipt.pk}").status_code == 404
    refused = stranger.get(f"/api/v1/documents/{receipt.pk}/pdf", headers={"accept": "application/pdf"})
    assert (refused.status_code, refused["Content-Type"]) == (404, "application/json")


def test_the_description_and_its_page_are_for_those_who_work_here(people):
    assert Client().get("/api/schema/").status_code == 401
    assert Client().get("/api/docs/").status_code == 302
    page = caller(people["street"]).get("/api/docs/")
    assert page.status_code == 200
    assert b"//cdn" not in page.content
    assert caller(people["street"]).get("/api/schema/").status_code == 200


def test_a_household_goes_from_the_street_to_approval_by_program_alone(people, sources):
    case = submitted(people["window"], household_of(sources, "fit"))
    address = f"/api/v1/applications/{case.reference}"

    def move(username: str, name: str, body: dict[str, str] | None = None) -> dict:
        answer = caller(people[username]).post(f"{address}/{name}", body or {}, format="json")
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()

    opinion = {"opinion": "Agreed."}
    assert move("street", "forward", opinion)["status"] == "at_district"
    assert move("district", "forward", opinion)["status"] == "at_city"
    assert move("check", "forward", opinion)["status"] == "check_due"
    number = move("check", "order")["current_check"]
    check = answered(Check.objects.get(number=number))
    assert check.status == "assessed"
    officer = caller(people["check"])
    for finding in officer.get(f"/api/v1/checks/{number}/findings?state=open").json()["results"]:
        done = officer.post(f"/api/v1/checks/{number}/findings/{finding['id']}/dismiss", {"reason": "x"}, "json")
        assert done.status_code == 200
    body = {"outcome": "fit", "opinion": "All criteria met."}
    assert officer.post(f"/api/v1/checks/{number}/conclude", body, "json").status_code == 200
    checks.take_up_due()
    assert move("housing", "publish", opinion)["status"] == "on_notice"
    notice = PublicNotice.objects.get(application=case)
    with pgtrigger.ignore("applications.PublicNotice:notice_only_closes"):  # its days have run
        PublicNotice.objects.filter(pk=notice.pk).update(opens_on="2020-01-01", closes_on="2020-01-11")
    publicity.close_due()
    shown = caller(people["housing"]).get(address).json()
    assert (shown["status"], shown["decisions"][0]["outcome"]) == ("approved", "grant")
    assert shown["decisions"][0]["letter"]
    assert Application.objects.get().current_check_id == check.pk


@pytest.mark.parametrize("body", ["[" * 200_000, '{"a":' * 20_000])
def test_json_nested_without_end_is_refused_and_not_followed(people, body):
    case = submitted(people["window"])
    path = f"/api/v1/applications/{case.reference}/forward"
    answer = caller(people["street"]).post(path, data=body, content_type="application/json")
    assert answer.status_code == 400
    assert set(answer.json()) == {"code", "message", "fields"}


@pytest.mark.parametrize("moment", ["0001-01-01", "0001-01-01T00:00:00", "9999-12-31T23:59:59-12:00", "tomorrow"])
def test_a_moment_that_no_calendar_holds_is_refused_beside_its_field(people, moment):
    case = submitted(people["window"])
    path = f"/api/v1/applications/{case.reference}/forward"
    answer = caller(people["street"]).post(path, {"opinion": "同意", "status_since": moment})
    assert answer.status_code in {409, 422}
    case.refresh_from_db()
    assert case.status == "at_street"


@pytest.mark.parametrize("tag", ["2026-13-01T00:00:00", "2026-11-24T00:00:00", "W/x"])
def test_an_etag_that_is_no_moment_is_refused(people, tag):
    case = submitted(people["window"])
    path = f"/api/v1/applications/{case.reference}/forward"
    answer = caller(people["street"]).post(path, {"opinion": "同意"}, headers={"if-match": tag})
    assert answer.status_code == 422
