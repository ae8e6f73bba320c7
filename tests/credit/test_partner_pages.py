"""The pages of departments: who may look, grant, issue, revoke, send again; what each shows and what none shows."""

import re
from datetime import timedelta

import pytest

from bureau import workdays
from bureau.models import AuditEntry
from credit import cases as work
from credit import hooks, partners
from credit.models import Delivery, Grant, Partner, PartnerCall, PartnerKey, RegistryEvent
from tests.factories import credit as cases
from tests.factories.partners import NOBODY, Caller

pytestmark = pytest.mark.django_db
PAGES = ("partners/", "partners/civil_affairs/", "queries/", "deliveries/", "still-applied/")


def text(answer):
    return answer.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_officers_and_auditors_read_each_page_and_others_do_not(as_user, page):
    for username in ("credit", "auditor"):
        assert as_user(username).get(f"/credit/{page}").status_code == 200
    for username in ("window", "check", "housing", "panel"):
        assert as_user(username).get(f"/credit/{page}").status_code == 403


def test_an_administrator_sees_departments_and_no_query(as_user):
    client = as_user("admin")
    assert client.get("/credit/partners/civil_affairs/").status_code == 200
    assert client.get("/credit/deliveries/").status_code == 200
    assert client.get("/credit/queries/").status_code == 403
    assert client.get("/credit/still-applied/").status_code == 403


def test_a_key_is_shown_once_and_works(as_user):
    client = as_user("credit")
    until = workdays.today() + timedelta(days=30)
    page = client.post("/credit/partners/civil_affairs/keys/", {"key-expires_on": until.isoformat()})
    assert page.status_code == 200
    assert page["Cache-Control"].count("no-store")
    secret = re.search(r"[0-9a-f]{64}", text(page))[0]
    key = PartnerKey.objects.get()
    assert Caller(key=key, secret=secret).ask(NOBODY).status_code == 200
    assert secret not in text(client.get("/credit/partners/civil_affairs/"))


def test_a_day_too_far_is_refused_beside_its_field(as_user):
    answer = as_user("credit").post("/credit/partners/civil_affairs/keys/", {"key-expires_on": "2099-01-01"})
    assert answer.status_code == 422
    assert "within two years" in text(answer)
    assert not PartnerKey.objects.exists()


def test_a_key_is_renewed_and_revoked_on_its_pages(as_user):
    caller, client = Caller(), as_user("credit")
    old = workdays.today() + timedelta(days=3)
    form = {"expires_on": (workdays.today() + timedelta(days=90)).isoformat(), "old_until": old.isoformat()}
    page = client.post(f"/credit/keys/{caller.key.pk}/renew/", form)
    assert re.search(r"[0-9a-f]{64}", text(page))
    caller.key.refresh_from_db()
    assert caller.key.expires_on == old
    assert client.post(f"/credit/keys/{caller.key.pk}/revoke/", {"reason": ""}).status_code == 422
    assert client.post(f"/credit/keys/{caller.key.pk}/revoke/", {"reason": "lost"}).status_code == 302
    assert caller.ask(NOBODY).json()["code"] == "revoked_key"
    assert client.get(f"/credit/keys/{caller.key.pk}/revoke/").status_code == 409


def test_an_officer_grants_and_ends_and_nobody_else(as_user):
    form = {
        "grant-purpose": "hardship_worker",
        "grant-endpoint": "standing",
        "grant-basis": "部门协议〔2026〕3号",
        "grant-from_on": workdays.today().isoformat(),
        "grant-to_on": "",
    }
    address = "/credit/partners/civil_affairs/grants/"
    for username in ("admin", "auditor", "window"):
        assert as_user(username).post(address, form).status_code == 403
    client = as_user("credit")
    assert client.post(address, form).status_code == 302
    again = client.post(address, form)
    assert again.status_code == 422
    assert "granted already" in text(again)
    granted = Grant.objects.get(partner__code="civil_affairs", purpose__code="hardship_worker")
    assert as_user("auditor").post(f"/credit/grants/{granted.pk}/end/").status_code == 403
    assert client.post(f"/credit/grants/{granted.pk}/end/").status_code == 302
    assert client.post(f"/credit/grants/{granted.pk}/end/").status_code == 409


def test_a_test_call_says_what_would_come_of_it_and_writes_nothing(as_user):
    client = as_user("credit")
    address = "/credit/partners/civil_affairs/?endpoint=standing&purpose="
    assert "no live key" in text(client.get(address + "dibao_review"))
    Caller()
    assert "would be answered" in text(client.get(address + "dibao_review"))
    assert "purpose has not been granted" in text(client.get(address + "hardship_worker"))
    assert not PartnerCall.objects.exists()


def test_the_webhook_has_a_secret_once_it_has_an_address(as_user):
    client, address = as_user("credit"), "/credit/partners/civil_affairs/webhook/"
    assert client.post(address).status_code == 409
    Partner.objects.filter(code="civil_affairs").update(webhook_url="https://dept.example.gov.cn/take")
    assert re.search(r"[0-9a-f]{64}", text(client.post(address)))


def test_who_asked_about_a_person_is_found_by_number_and_the_search_is_recorded(as_user):
    caller = Caller()
    caller.ask(NOBODY)
    caller.ask(cases.HUSBAND.identifier)
    client = as_user("auditor")
    page = client.post("/credit/queries/", {"subject": NOBODY})
    assert [call.outcome for call, _answer in page.context["rows"]] == ["none"]
    assert NOBODY not in AuditEntry.objects.latest("pk").purpose
    assert "one subject" in AuditEntry.objects.latest("pk").purpose
    refused = client.post("/credit/queries/", {"outcome": "refused"})
    assert refused.context["rows"] == []
    wrong = client.post("/credit/queries/", {"subject": "321299196707125015"})
    assert wrong.status_code == 422


def test_what_was_given_up_is_sent_again_from_the_board(as_user, later):
    cases.recorded(later)
    event = RegistryEvent.objects.filter(kind="sharing").first()
    partner = Partner.objects.get(code="civil_affairs")
    dead = Delivery.objects.create(partner=partner, event=event, state="dead", last_error="status 503")
    client = as_user("credit")
    page = text(client.get("/credit/deliveries/"))
    assert event.sanction.record_key in page
    assert "status 503" in page
    assert cases.HUSBAND.name not in page
    assert as_user("auditor").post(f"/credit/deliveries/{dead.pk}/resend/").status_code == 403
    assert client.post(f"/credit/deliveries/{dead.pk}/resend/").status_code == 302
    dead.refresh_from_db()
    assert (dead.state, dead.attempts) == ("waiting", 0)
    assert client.post(f"/credit/deliveries/{dead.pk}/resend/").status_code == 409


def test_the_report_names_the_record_and_the_department_that_still_punishes(as_user, later):
    case = cases.recorded(later)
    event = RegistryEvent.objects.filter(kind="sharing").first()
    body = {"record": event.sanction.record_key, "cursor": event.pk, "state": "applied"}
    assert Caller().post("acknowledgements", body).status_code == 200
    client = as_user("credit")
    assert event.sanction.record_key not in text(client.get("/credit/still-applied/"))
    work.withdraw(case, by=cases.staff("credit"), reason="撤销")
    page = text(client.get("/credit/still-applied/"))
    assert event.sanction.record_key in page
    assert "Civil Affairs Bureau" in page


def test_an_administrator_enters_a_department_and_no_address_that_we_do_not_send_to(as_user):
    client = as_user("admin")
    form = {"code": "tax", "name_zh": "税务局", "name_en": "Tax", "active": "on", "quota_day": 5, "quota_minute": 5}
    wrong = client.post("/admin/credit/partner/add/", {**form, "webhook_url": "http://10.0.0.1/"})
    assert b"https address" in wrong.content
    answer = client.post("/admin/credit/partner/add/", {**form, "webhook_url": "https://tax.example.gov.cn/take"})
    assert answer.status_code == 302
    partner = Partner.objects.get(code="tax")
    assert client.get(f"/admin/credit/partner/{partner.pk}/change/").status_code == 200
    assert client.get(f"/admin/credit/partner/{partner.pk}/history/").status_code == 200
    assert hooks.lay_out_due() == 0
    assert partners.used(partner) == (0, 0)
    purpose = {"code": "school", "name_zh": "入学", "name_en": "School", "active": "on"}
    assert client.post("/admin/credit/purpose/add/", purpose).status_code == 302
