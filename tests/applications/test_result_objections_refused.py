"""Objections to results that are not taken, who has no part in one, who sees it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from bureau import workdays
from bureau.models import AuditEntry
from tests import papers
from tests.api_cases import caller
from tests.factories.applications import concluded
from tests.factories.objection_pages import form, fresh, object_to, page
from tests.factories.objections import GROUNDS, SCENARIO, line_of, proof
from verification.models import Objection

pytestmark = pytest.mark.django_db


@pytest.fixture
def unfit(people, sources):
    """A case that lies before its decision, its household concluded as unfit for a hidden flat."""
    return concluded(people, sources, SCENARIO, "unfit")


def test_what_is_wrong_is_told_beside_its_field_with_everything_kept(unfit, as_user):
    today, day = workdays.today(), timedelta(days=1)
    for changed, field in (
        ({"grounds": ""}, "grounds"),
        ({"lines": []}, "lines"),
        ({"lines": ["999"]}, "lines"),
        ({"file_1": ""}, "file_1"),
        ({"file_1": proof(b"MZ\x90\x00 no scan", "sold.pdf")}, "file_1"),
        ({"received_on": f"{today + day}"}, "received_on"),
        ({"received_on": f"{today - day}"}, "received_on"),
    ):
        answer = as_user("window").post(page(unfit), form(unfit, **changed))
        assert answer.status_code == 422, changed
        assert field in answer.context["form"].errors
        assert answer.context["form"]["title_1"].value() == "售房合同"
    assert not Objection.objects.exists()
    assert fresh(unfit).due_on is not None


def test_an_objection_after_the_term_is_refused(unfit, as_user, monkeypatch):
    told = workdays.today()
    last = workdays.add_workdays(told, 10)
    monkeypatch.setattr(workdays, "today", lambda: last + timedelta(days=1))
    answer = as_user("window").post(page(unfit), form(unfit, received_on=told.isoformat()))
    assert answer.status_code == 422
    assert f"ended on {last}" in str(answer.context["form"].errors["received_on"])
    monkeypatch.setattr(workdays, "today", lambda: last)
    assert object_to(unfit, as_user, received_on=told.isoformat()).result_on == told


def test_a_second_one_is_refused_while_the_first_is_open_and_only_the_own_window_takes_any(unfit, as_user):
    for username, status in (("window2", 404), ("street", 403), ("check2", 403), ("housing", 403)):
        assert as_user(username).post(page(unfit), form(unfit)).status_code == status
    objection = object_to(unfit, as_user)
    answer = as_user("window").post(page(unfit), form(unfit))
    assert answer.status_code == 409
    assert objection.number in answer.content.decode()
    assert as_user("window").get(page(unfit)).status_code == 409


def test_who_concluded_is_told_beforehand_and_refused(unfit, as_user):
    objection = object_to(unfit, as_user)
    line = objection.disputes.get().line
    shown = as_user("check").get(reverse("verification:objection", args=[objection.number]))
    assert "Somebody else deals with this objection" in shown.content.decode()
    assert shown.context["lines"][0]["form"] is None
    address = reverse("verification:objection_decide", args=[objection.number, line])
    answer = as_user("check").post(address, {f"line-{line}-act": "refuse", f"line-{line}-reason": "无据。"})
    assert answer.status_code == 403
    wrong = as_user("check2").post(address, {f"line-{line}-act": "refuse", f"line-{line}-reason": ""})
    assert wrong.status_code == 422
    assert as_user("check2").post(address, {f"line-{line}-act": "guess"}).status_code == 422
    assert objection.disputes.get().act == ""


def test_the_pages_are_for_the_office_in_charge_and_a_proof_is_a_recorded_download(unfit, as_user):
    objection = object_to(unfit, as_user)
    shown = reverse("verification:objection", args=[objection.number])
    file = reverse("verification:objection_proof", args=[objection.number, objection.proofs.get().pk])
    for username, status in (("window", 200), ("street", 200), ("check", 200), ("housing", 200), ("auditor", 200),
                             ("window2", 404), ("credit", 404), ("admin", 404)):  # fmt: skip
        assert as_user(username).get(shown).status_code == status, username
    assert as_user("window2").get(file).status_code == 404
    answer = as_user("check2").get(file)
    assert b"".join(answer.streaming_content) == papers.PDF
    assert AuditEntry.objects.filter(action="download", fields=["proof"]).count() == 1
    asks = as_user("auditor").get(file)
    assert "text/html" in asks["Content-Type"]
    assert as_user("auditor").post(file, {"reason": "专项审计抽查"})["Content-Type"] == "application/pdf"
    entries = as_user("window").get(reverse("applications:case_timeline", args=[unfit.reference])).content.decode()
    assert "Objection to the result received" in entries
    assert (
        "Objection to the result"
        in as_user("window").get(reverse("applications:case_audit", args=[unfit.reference])).content.decode()
    )


def test_the_list_is_found_by_number_and_by_what_is_overdue(unfit, as_user, monkeypatch):
    objection = object_to(unfit, as_user)
    address = reverse("verification:objections")
    for query in (
        "",
        f"?q={objection.number}",
        f"?q={unfit.reference}",
        f"?q={unfit.current_check.number}",
        "?tab=received",
    ):
        assert [row["objection"] for row in as_user("check2").get(address + query).context["rows"]] == [objection], (
            query
        )
    for query in ("?q=YY0000-000000", "?tab=answered", "?overdue=on"):
        assert as_user("auditor").get(address + query).context["rows"] == [], query
    later = objection.due_on + timedelta(days=1)
    monkeypatch.setattr(workdays, "today", lambda: later)
    late = as_user("check2").get(address + "?overdue=on")
    assert late.context["rows"][0]["days_left"] <= 0
    for username in ("window", "street", "housing", "admin"):
        assert as_user(username).get(address).status_code == 403
    assert "Objections to results" in as_user("check2").get("/").content.decode()


def test_a_program_takes_it_in_by_the_same_rules(unfit, people):
    address = f"/api/v1/applications/{unfit.reference}/object-to-result"
    given = {"received_on": f"{workdays.today()}", "lines": [line_of(unfit.current_check)], "grounds": GROUNDS}
    window = caller(people["window"])
    assert window.post(address, given, format="multipart").status_code == 422
    wrong = window.post(address, {**given, "proofs": [proof(b"MZ no scan")]}, format="multipart")
    assert (wrong.status_code, list(wrong.json()["fields"])) == (422, ["proofs"])
    body = {**given, "proofs": [proof()], "titles": ["售房合同"]}
    assert caller(people["check2"]).post(address, body, format="multipart").status_code == 403
    taken = window.post(address, {**body, "proofs": [proof()]}, format="multipart")
    assert taken.status_code == 200, taken.json()
    objection = Objection.objects.get()
    assert (objection.subject, objection.proofs.get().title) == (unfit.reference, "售房合同")
    assert "object_to_result" not in {move["name"] for move in taken.json()["available_moves"]}
    again = window.post(address, {**body, "proofs": [proof()]}, format="multipart")
    assert again.status_code == 409
