"""The check centre's pages: who sees what, what an officer can do there, what bad input is answered with."""

import pgtrigger
import pytest
from django.urls import reverse

from bureau.models import AuditEntry, Posting
from bureau.roles import Role
from tests.factories.checks import order_scenario
from verification import asking, assessing
from verification.mock_departments import scenarios_shelf
from verification.models import Check, Conclusion, Finding, Inquiry

SCENARIOS = sorted(scenarios_shelf.read_all())
OPINION = "经核对，情况如上。"


def url(name: str, check: Check, *args: object) -> str:
    return reverse(f"verification:{name}", args=[check.number, *args])


def settle(client, check: Check, finding: Finding, name: str = "confirm", **fields: str):
    data = {f"{name}-{finding.pk}-{field}": value for field, value in fields.items()}
    return client.post(url(name, check, finding.pk), data)


def settle_all(client, check: Check) -> None:
    for finding in check.findings.open():
        assert settle(client, check, finding, reason="plain").status_code == 302


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_of_every_scenario_is_whole_and_shows_no_id_number(check_of, as_user, scenario, language):
    check = check_of(scenario)
    page = as_user("check", language).get(url("check", check))
    assert page.status_code == 200
    text = page.content.decode()
    assert "%(" not in text
    for person in scenarios_shelf.read_all()[scenario].household["persons"]:
        assert person["id_number"] not in text


def test_the_list_has_the_checks_by_status_and_no_query_per_row(check_of, as_user, django_assert_max_num_queries):
    check = check_of("fit")
    client = as_user("check")
    with django_assert_max_num_queries(14):
        page = client.get(reverse("verification:list"))
    assert check.number in page.content.decode()
    assert check.number not in client.get(reverse("verification:list"), {"tab": "concluded"}).content.decode()
    assert check.number in client.get(reverse("verification:list"), {"tab": "assessed"}).content.decode()


def test_the_list_filters_by_purpose_office_and_day(check_of, as_user):
    check = check_of("fit")
    client = as_user("check")

    def shows(**query: str) -> bool:
        return check.number in client.get(reverse("verification:list"), query).content.decode()

    assert shows(purpose="rehearsal", office="321202")
    assert not shows(purpose="public_rental")
    assert not shows(office="321203")
    assert shows(office="321200")
    assert not shows(since="2999-01-01")


def test_a_wrong_filter_says_what_is_wrong_and_keeps_what_was_typed(check_of, as_user):
    query = {"since": "2026-02-30", "until": "2026-01-01"}
    page = as_user("check").get(reverse("verification:list"), query)
    assert page.status_code == 422
    assert "2026-02-30" in page.content.decode()
    later = as_user("check").get(reverse("verification:list"), {"since": "2026-02-01", "until": "2026-01-01"})
    assert "before the first" in later.content.decode()


@pytest.mark.parametrize("username", ["window", "street", "district", "housing", "credit"])
def test_who_is_no_check_officer_or_auditor_has_no_pages_of_the_check_centre(check_of, as_user, username):
    client = as_user(username)
    assert client.get(reverse("verification:list")).status_code == 403
    assert client.get(url("check", check_of("fit"))).status_code in {403, 404}


def test_the_clerk_of_the_next_street_does_not_learn_that_there_is_such_a_check(check_of, as_user):
    client = as_user("window2")
    for name in ("check", "progress"):
        assert client.get(url(name, check_of("fit"))).status_code == 404


def test_the_anonymous_are_sent_to_the_sign_in_page(check_of, client):
    for name in ("check", "progress"):
        page = client.get(url(name, check_of("fit")))
        assert page.status_code == 302
        assert "sign-in" in page["Location"]


@pytest.mark.parametrize("username", ["window", "street", "district", "check", "auditor"])
def test_who_has_the_case_in_scope_sees_its_progress(check_of, as_user, username):
    check = check_of("fit")
    with pgtrigger.ignore("verification.Check:check_order_does_not_change"):
        Check.objects.filter(pk=check.pk).update(purpose="public_rental")
    page = as_user(username).get(url("progress", check))
    assert page.status_code == 200
    assert "24/24" in page.content.decode()


@pytest.mark.parametrize(
    ("username", "status"), [("window", 403), ("street", 403), ("district", 403), ("housing", 404), ("credit", 404)]
)
def test_the_progress_of_a_check_without_a_case_is_for_the_check_centre(check_of, as_user, username, status):
    check = check_of("fit")
    assert as_user(username).get(url("progress", check)).status_code == status
    assert not AuditEntry.objects.filter(reference=check.number).exists()


def test_every_look_at_a_check_is_written_down_with_who_looked(check_of, as_user, people):
    check = check_of("fit")
    as_user("auditor").get(url("check", check))
    entry = AuditEntry.objects.latest("pk")
    assert (entry.staff, entry.reference, entry.action) == (people["auditor"], check.number, "look")


def test_the_auditor_reads_and_is_offered_nothing_to_do(check_of, as_user):
    check = check_of("hidden-car")
    client = as_user("auditor")
    text = client.get(url("check", check)).content.decode()
    assert "/findings/" not in text
    assert "/conclude/" not in text
    finding = check.findings.open()[0]
    assert settle(client, check, finding, reason="plain").status_code == 403
    assert client.post(url("ask_again", check)).status_code == 403


def test_the_progress_asks_on_while_the_check_is_asked_and_stops_by_itself(sources, as_user):
    check = order_scenario(sources, "fit")
    client = as_user("check")
    moving = client.get(url("progress", check))
    assert 'hx-trigger="every 1s"' in moving.content.decode()
    assert "0/24" in moving.content.decode()
    assert "HX-Refresh" not in moving.headers
    Check.objects.filter(pk=check.pk).update(status="cancelled")
    still = client.get(url("progress", check))
    assert "hx-get" not in still.content.decode()
    assert still["HX-Refresh"] == "true"


def test_the_progress_tells_of_a_silent_source_what_happens_next(sources, as_user):
    check = order_scenario(sources, "fit")
    row = check.inquiries.get(source__code="icbc")
    Inquiry.objects.filter(pk=row.pk).update(reason="timeout", attempts=1, asked_at=row.not_before)
    text = as_user("check").get(url("progress", check)).content.decode()
    assert "has not answered since" in text
    assert 'name="source" value="icbc"' in text


def test_a_source_that_is_silent_is_not_counted_as_answered(check_of, as_user):
    text = as_user("check").get(url("progress", check_of("two-banks-silent"))).content.decode()
    assert "22/24" in text


def test_the_number_of_queries_of_the_progress_does_not_grow_with_the_household(
    check_of, as_user, django_assert_max_num_queries
):
    client = as_user("check")
    for scenario in ("fit-single-elder", "dead-member"):
        client.get(url("progress", check_of(scenario)))  # the look is written down once, not at every second
        with django_assert_max_num_queries(15):
            client.get(url("progress", check_of(scenario)))


def test_an_officer_reads_the_exact_message_and_that_is_written_down(sources, as_user, people):
    check = order_scenario(sources, "rare-character-name")
    asking.ask([check.pk])
    client = as_user("check")
    for code, sign in (("police", "&quot;questions&quot;"), ("icbc", "&lt;")):
        pk = check.inquiries.get(source__code=code).exchange_id
        assert url("exchange", check, pk) in client.get(url("progress", check)).content.decode()
        text = client.get(url("exchange", check, pk)).content.decode()
        assert sign in text
        assert assessing.declared_of(check).persons[0].name in text
        assert check.inquiries.get(source__code=code).exchange.request_number in text  # what the source knows
        entry = AuditEntry.objects.latest("pk")
        assert (entry.staff, entry.action, entry.reference) == (people["check"], "reveal", check.number)


def test_a_message_that_carries_other_households_too_is_not_shown(check_of, as_user):
    check = check_of("fit")
    row = check.inquiries.select_related("exchange").get(source__code="police")
    assert row.exchange.households > 1
    client = as_user("check")
    assert client.get(url("exchange", check, row.exchange_id)).status_code == 404
    assert "/exchanges/" not in client.get(url("progress", check)).content.decode()
    assert not AuditEntry.objects.filter(action="reveal", reference=check.number).exists()


def test_nobody_else_reads_a_message(check_of, as_user):
    check = check_of("fit")
    pk = check.inquiries.first().exchange_id
    assert as_user("auditor").get(url("exchange", check, pk)).status_code == 403
    assert as_user("window2").get(url("exchange", check, pk)).status_code == 404


def test_a_finding_is_confirmed_with_a_reason_and_the_page_says_who_and_why(check_of, as_user):
    check = check_of("hidden-car")
    client = as_user("check")
    finding = check.findings.open()[0]
    assert settle(client, check, finding, reason="plain", words="登记清楚。").status_code == 302
    finding.refresh_from_db()
    assert (finding.state, finding.settled_by.username) == ("confirmed", "check")
    assert finding.reason.endswith("登记清楚。")
    assert "登记清楚。" in client.get(url("check", check)).content.decode()


def test_a_finding_without_a_reason_stays_open_and_what_was_typed_is_kept(check_of, as_user):
    check = check_of("hidden-car")
    finding = check.findings.open()[0]
    page = settle(as_user("check"), check, finding, words="说明在此")
    assert page.status_code == 422
    assert "说明在此" in page.content.decode()
    finding.refresh_from_db()
    assert finding.state == "open"


def test_another_reason_needs_words(check_of, as_user):
    check = check_of("hidden-car")
    finding = check.findings.open()[0]
    page = settle(as_user("check"), check, finding, name="dismiss", reason="other", words=" ")
    assert page.status_code == 422
    assert "Write the reason." in page.content.decode()


def test_a_dismissed_finding_has_the_household_assessed_anew(check_of, as_user):
    check = check_of("sold-vehicle")
    finding = check.findings.open()[0]
    before = check.assessments.count()
    assert settle(as_user("check"), check, finding, name="dismiss", reason="refuted").status_code == 302
    assert check.assessments.count() == before + 1


def test_a_finding_that_a_colleague_has_settled_meanwhile_is_refused(check_of, as_user):
    check = check_of("hidden-car")
    client = as_user("check")
    finding = check.findings.open()[0]
    settle(client, check, finding, reason="plain")
    again = settle(client, check, finding, name="dismiss", reason="refuted")
    assert again.status_code == 409
    assert "Somebody else has settled" in again.content.decode()


def test_a_finding_of_another_check_is_not_found_under_this_one(check_of, as_user):
    finding = check_of("hidden-flat").findings.open()[0]
    assert settle(as_user("check"), check_of("hidden-car"), finding, reason="plain").status_code == 404


def test_an_officer_concludes_unfit_on_confirmed_findings_and_the_report_is_linked(check_of, as_user):
    check = check_of("hidden-car")
    client = as_user("check")
    settle_all(client, check)
    done = client.post(url("conclude", check), {"outcome": "unfit", "opinion": OPINION})
    assert done.status_code == 302
    report = Conclusion.objects.get(check_ordered=check).report
    text = client.get(url("check", check)).content.decode()
    assert report.number in text
    assert reverse("document_pdf", args=[report.pk]) in text


def test_nothing_is_concluded_while_a_finding_is_open(check_of, as_user):
    check = check_of("hidden-car")
    page = as_user("check").post(url("conclude", check), {"outcome": "unfit", "opinion": OPINION})
    assert page.status_code == 409
    assert "still to be settled" in page.content.decode()
    assert not Conclusion.objects.filter(check_ordered=check).exists()


def test_a_conclusion_without_an_opinion_is_asked_for_again(check_of, as_user):
    check = check_of("fit")
    page = as_user("check").post(url("conclude", check), {"outcome": "fit", "opinion": "  "})
    assert page.status_code == 422
    assert not Conclusion.objects.filter(check_ordered=check).exists()


def test_an_incomplete_check_cannot_be_concluded_fit(check_of, as_user):
    check = check_of("two-banks-silent")
    client = as_user("check")
    assert 'value="fit"' not in client.get(url("check", check)).content.decode()
    page = client.post(url("conclude", check), {"outcome": "fit", "opinion": OPINION})
    assert page.status_code == 409
    assert "every required answer" in page.content.decode()


def test_the_silent_sources_are_asked_again_and_the_others_are_not(check_of, as_user):
    check = check_of("two-banks-silent")
    assert as_user("check").post(url("ask_again", check)).status_code == 302
    check.refresh_from_db()
    assert check.status == Check.Status.ASKING
    assert check.inquiries.filter(state="open").count() == 2


def test_a_check_is_cancelled_only_with_a_reason(check_of, as_user):
    check = check_of("fit")
    client = as_user("check")
    assert client.get(url("cancel", check)).status_code == 200
    assert client.post(url("cancel", check), {"reason": ""}).status_code == 422
    assert client.post(url("cancel", check), {"reason": "重复下单。"}).status_code == 302
    check.refresh_from_db()
    assert check.status == Check.Status.CANCELLED
    assert client.get(url("cancel", check)).status_code == 409


@pytest.mark.parametrize("wanted", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_a_form_leads_back_only_to_our_own_pages(check_of, as_user, wanted):
    check = check_of("hidden-car")
    finding = check.findings.open()[0]
    data = {f"confirm-{finding.pk}-reason": "plain", "next": wanted}
    assert as_user("check").post(url("confirm", check, finding.pk), data)["Location"] == url("check", check)
    other = check.findings.open()[0]
    data = {f"confirm-{other.pk}-reason": "plain", "next": "/applications/"}
    assert as_user("check").post(url("confirm", check, other.pk), data)["Location"] == "/applications/"


def test_who_works_in_another_area_does_not_find_the_check(check_of, as_user, people):
    Posting.objects.filter(staff=people["check"]).delete()
    office = people["district"].postings.get().office
    other = type(office).objects.get(code="321203")
    Posting.objects.create(staff=people["check"], office=other, role=Role.REVIEWER)
    assert as_user("check").get(url("check", check_of("fit"))).status_code == 404
