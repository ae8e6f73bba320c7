"""The household is told its result at its window: who may open it, when, what stands on it, and that it is recorded."""

import pypdfium2
import pytest
from django.urls import reverse
from django.utils import timezone, translation

from applications import decisions, household_copies
from bureau import letters, workdays
from bureau.errors import NotAllowedError, UnfitDataError
from bureau.models import AuditEntry, Document, Relative, Staff
from tests.factories.applications import checking, concluded, household_of
from tests.factories.objections import object_to
from verification import assessing, pages, reports
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


# --- the letter -----------------------------------------------------------------------------------------------------


def letter(client, case, **choice):
    answer = client.post(url(case, "case_copy_print"), choice)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return Document.objects.filter(kind="household_copy").latest("pk")


def text_of(document: Document) -> str:
    pages = pypdfium2.PdfDocument(letters.pdf_of(document))
    return "\n".join(page.get_textpage().get_text_bounded() for page in pages).replace("\r\n", "\n")


def joined(text: str) -> str:
    """Without the breaks that the narrow columns make."""
    return "".join(text.split())


def test_the_letter_tells_each_figure_what_failed_the_evidence_and_how_to_object(case, people, as_user):
    document = letter(as_user("window", "en"), case, recipient="m2")
    assert document.number.startswith("泰房告〔")
    assert (document.title, document.by) == ("家庭核对结果告知书", people["window"])
    text = joined(text_of(document))
    for words in ("林玉珍：", "不符合", "车辆价格", "168,000.00元", "不超过120,000.00元", "40.0%", "苏M9K168"):
        assert words in text
    today = workdays.today()
    until = workdays.add_workdays(today, 10)
    for day in (today, until, timezone.localdate(case.current_check.conclusion.at)):
        assert f"{day.year}年{day.month}月{day.day}日" in text
    assert "十个工作日" in text or "10个工作日" in text
    assert case.office.name_zh in text
    assert document.check_code in text
    evidence = assessing.result_of(case.current_check.conclusion.assessment).statement.evidence
    for each in evidence.values():
        assert joined(each.request_number) in text
        assert joined(reports.moment(each.replied_at)) in text


def test_the_letter_says_what_the_page_says(case, as_user):
    conclusion = case.current_check.conclusion
    with translation.override("zh-hans"):
        shown = pages.copy_context(conclusion, recipient="m1", agreed=frozenset({"m2"}))
    text = joined(text_of(letter(as_user("window"), case, recipient="m1", agreed=["m2"])))
    for section in shown["statement"]["sections"]:
        for figure in section["figures"]:
            for words in ("name", "value", "declared", "used", "limit", "standard", "article", "distance", "rule"):
                assert joined(figure[words]) in text, figure[words]
            for row in figure["sources"]:
                assert joined(row["says"]) in text
                assert joined(row["used"]) in text
        for line in section["lines"]:
            assert joined(line["found"]) in text
            assert joined(line["counted"]) in text


@pytest.mark.parametrize("agreed", [[], ["m1", "m2", "m3"]])
def test_the_letter_holds_no_number_telephone_address_or_officers_name(case, people, sources, as_user, agreed):
    declared: Declared = household_of(sources, "hidden-car")
    for recipient, own in (("m1", "胡建军"), ("m2", "林玉珍")):
        document = letter(as_user("window"), case, recipient=recipient, agreed=agreed)
        text = joined(text_of(document))
        assert own in text
        for person in declared.persons:
            assert person.name == own or person.name not in text
            assert person.id_number not in text
            assert not person.phone or person.phone not in text
        for home in declared.homes:
            assert home.address not in text
        assert [each.name for each in Staff.objects.all() if each.name in text] == []
        assert case.current_check.conclusion.opinion not in text
        assert ("苏M9K168" in text) is (recipient == "m2")


def test_only_the_clerk_of_its_window_hands_it_out(case, as_user):
    for username, status in {"street": 403, "check": 403, "housing": 403, "auditor": 403, "window2": 404}.items():
        assert as_user(username).post(url(case, "case_copy_print"), {"recipient": "m1"}).status_code == status, username
        if status == 403:
            assert url(case, "case_copy_print") not in as_user(username).get(url(case)).content.decode()
    assert not Document.objects.filter(kind="household_copy").exists()


def test_a_relative_of_the_household_hands_out_nothing(case, people):
    member = case.members.get(key="m1")
    Relative.objects.create(staff=people["window"], person_index=member.id_index, relation="兄弟")
    with pytest.raises(NotAllowedError):
        household_copies.issue(case, recipient="m1", agreed=frozenset(), by=Staff.objects.get(pk=people["window"].pk))


@pytest.mark.parametrize("recipient", ["", "m3", "m9", "<b>", "王"])
def test_a_recipient_who_may_not_have_it_gets_no_letter(case, people, as_user, recipient):
    answer = as_user("window").post(url(case, "case_copy_print"), {"recipient": recipient})
    assert answer.status_code == 422
    with pytest.raises(UnfitDataError):
        household_copies.issue(case, recipient=recipient, agreed=frozenset(), by=people["window"])
    assert not Document.objects.filter(kind="household_copy").exists()


def test_a_nul_in_the_form_is_refused_and_no_letter_is_numbered(case, as_user):
    assert as_user("window").post(url(case, "case_copy_print"), {"recipient": "m1\0"}).status_code == 400
    assert not Document.objects.filter(kind="household_copy").exists()


def test_before_the_conclusion_no_letter_is_made(people, as_user):
    case = checking(people)
    assert as_user("window").post(url(case, "case_copy_print"), {"recipient": "m1"}).status_code == 409


def test_each_letter_has_its_number_and_stands_on_page_documents_and_timeline(case, as_user):
    client = as_user("window", "en")
    first, second = letter(client, case, recipient="m1"), letter(client, case, recipient="m2", agreed=["m1"])
    assert first.number != second.number
    for name in ("case_copy", "case_documents", "case_timeline"):
        text = client.get(url(case, name)).content.decode()
        assert first.number in text, name
        assert second.number in text, name
    assert "The household was told its result" in client.get(url(case, "case_timeline")).content.decode()
    assert client.get(f"/documents/{first.pk}/").status_code == 200
    assert as_user("window2").get(f"/documents/{first.pk}/").status_code == 404
    genuine = as_user("window2").get(reverse("check_document", args=[first.check_code])).content.decode()
    assert first.number in genuine
    assert "胡建军" not in genuine


def test_who_has_objected_already_is_told_so_and_no_new_term(case, people, as_user):
    client = as_user("window", "en")
    assert url(case, "case_object_to_result") in client.get(url(case)).content.decode()
    result = assessing.result_of(case.current_check.conclusion.assessment)
    car = result.statement.lines_of("vehicles")[0]
    with_objection = object_to(case.current_check, people, car.number)
    text = client.get(url(case)).content.decode()
    assert f"objection {with_objection.number} to the result is still to be answered" in text
    assert url(case, "case_object_to_result") not in text
    printed = joined(text_of(letter(client, case, recipient="m1")))
    assert with_objection.number in printed
    assert "携带本告知书和证明材料提出" not in printed


def test_while_it_is_checked_again_the_last_result_is_told_with_a_word_of_that(case, people, as_user):
    decisions.have_checked_again(case, by=people["housing"], reason="数据有变，重新核对。")
    text = as_user("window", "en").get(url(case)).content.decode()
    assert "being checked again; a new result follows" in text
    assert "168,000.00" in text


def test_odd_characters_in_a_household_are_printed(people, sources, as_user):
    case = concluded(people, sources, "rare-character-name", "fit")
    text = text_of(letter(as_user("window"), case, recipient="m1"))
    applicant = household_of(sources, "rare-character-name").persons[0].name
    assert applicant in text or "[U+" in text
