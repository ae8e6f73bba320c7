"""The household is told its result at its window: who may open it, when, what stands on it, and that it is recorded."""

import pytest
from django.urls import reverse

from bureau.models import AuditEntry, Staff
from tests.factories.applications import checking, concluded, household_of
from verification.facts import Declared

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(people, sources):
    return concluded(people, sources, "hidden-car", "unfit")


def url(case, name: str = "case_copy") -> str:
    return reverse(f"applications:{name}", args=[case.reference])


def page(client, case, status: int = 200, **query) -> str:
    answer = client.get(url(case), query)
    assert answer.status_code == status
    return answer.content.decode()


def main_of(text: str) -> str:
    """The page without the bar, where the reader's own name stands."""
    return text[text.index("<main") :]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_window_is_shown_what_failed_by_how_much_and_until_when_to_object(case, as_user, language):
    text = page(as_user("window", language), case)
    assert "40.0%" in text
    assert "48,000.00" in text
    assert case.office.name_zh in text or case.office.name_en in text
    assert "%(" not in text
    assert ("Objection until" in text) is (language == "en")
    assert ("提出异议的期限" in text) is (language == "zh-hans")


def test_the_recipient_is_the_applicant_unless_another_adult_is_chosen(case, as_user):
    client = as_user("window")
    assert "苏M9K168" not in page(client, case)
    assert "苏M9K168" in page(client, case, recipient="m2")
    assert "苏M9K168" not in page(client, case, recipient="m1", agreed=["m2", "m3"])


def test_a_child_receives_no_copy_and_nobody_who_is_not_of_the_household_does(case, as_user):
    client = as_user("window")
    for wrong in ("m3", "m9", "", "<b>", "王", "m1 OR 1=1"):
        answer = client.get(url(case), {"recipient": wrong})
        assert answer.status_code == 422, wrong
        assert "168,000.00" not in answer.content.decode()
    assert client.get(url(case), {"recipient": "m1", "agreed": "m9"}).status_code == 422
    assert client.get(url(case), {"recipient": "m1\0"}).status_code == 400


def test_no_number_telephone_address_or_officers_name_stands_on_the_page(case, people, sources, as_user):
    declared: Declared = household_of(sources, "hidden-car")
    for recipient in ("m1", "m2"):
        text = main_of(page(as_user("window"), case, recipient=recipient, agreed=["m1", "m2", "m3"]))
        for person in declared.persons:
            assert person.id_number not in text
            assert not person.phone or person.phone not in text
        for home in declared.homes:
            assert home.address not in text
        assert [each.name for each in Staff.objects.all() if each.name in text] == []
        conclusion = case.current_check.conclusion
        assert conclusion.opinion not in text
        for finding in case.current_check.findings.all():
            assert finding.reason not in text


def test_every_look_is_recorded_with_its_purpose_the_recipient_and_who_agreed(case, people, as_user):
    page(as_user("window"), case, recipient="m1", agreed=["m3"])
    entry = AuditEntry.objects.latest("pk")
    assert (entry.staff, entry.reference, entry.purpose) == (people["window"], case.reference, "household copy")
    assert entry.fields == ["copy:m1", "agreed:m3"]
    log = as_user("window", "en").get(reverse("applications:case_audit", args=[case.reference])).content.decode()
    assert "Telling the household its result" in log
    assert "Consent of a member to show lines" in log


def test_the_clerk_of_another_window_does_not_learn_that_there_is_such_a_case(case, as_user):
    assert as_user("window2").get(url(case)).status_code == 404


@pytest.mark.parametrize("username", ["admin", "credit"])
def test_who_sees_no_households_sees_no_copy(case, as_user, username):
    assert as_user(username).get(url(case)).status_code in {403, 404}


def test_an_auditor_reads_it_with_everything_masked_and_to_audit(case, as_user):
    text = main_of(page(as_user("auditor"), case, recipient="m2"))
    assert "苏M9K168" not in text
    assert "林玉珍" not in text
    assert 'name="recipient"' not in text
    assert AuditEntry.objects.latest("pk").purpose == "audit"


def test_before_the_conclusion_there_is_nothing_to_tell(people, as_user):
    case = checking(people)
    answer = as_user("window").get(url(case))
    assert answer.status_code == 409
    assert "once the check has been concluded" in answer.content.decode()
    statement = as_user("window").get(reverse("applications:case_statement", args=[case.reference]))
    assert url(case) not in statement.content.decode()


def test_the_statement_leads_to_it_once_there_is_a_conclusion(case, as_user):
    statement = as_user("window").get(reverse("applications:case_statement", args=[case.reference]))
    assert url(case) in statement.content.decode()


def test_the_page_reads_the_result_once_however_large_the_household(case, as_user, django_assert_max_num_queries):
    client = as_user("window")
    page(client, case)
    with django_assert_max_num_queries(30):
        page(client, case, recipient="m2", agreed=["m1", "m3"])
