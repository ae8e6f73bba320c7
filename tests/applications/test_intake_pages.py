"""The window's pages, over HTTP: a household from blank to submitted, each wrong turn answered with what to correct."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications import intake, tiers
from applications.models import Application, Attachment, Authorisation, Draft
from bureau import workdays
from tests.applications.windows import (
    MAN,
    PDF,
    SECTIONS,
    changed_row,
    keyed,
    post_of,
    sections,
    sign_all,
    submitted,
)

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def clerk(as_user):
    return as_user("window")


@pytest.fixture
def draft(people) -> Application:
    return intake.open_draft("public_rental", by=people["window"])


def url(name: str, application: Application, *args: object) -> str:
    return reverse(f"applications:{name}", args=[application.reference, *args])


def text_of(response) -> str:
    return response.content.decode()


def save(clerk, application, name, content, **more):
    version = str(Draft.objects.get(application=application).version)
    return clerk.post(url("section", application, name), post_of(content, **{"version": version, **more}))


def kept(application) -> dict:
    return Draft.objects.get(application=application).sections


def signatures_on(scan: Attachment) -> dict[str, str]:
    """Everybody signs on this scan today, the mother for the child."""
    return {
        "signed_on": workdays.today().isoformat(),
        "scan": str(scan.pk),
        "m1-chosen": "on",
        "m1-signer": "张建国",
        "m2-chosen": "on",
        "m2-signer": "李秀英",
        "m3-chosen": "on",
        "m3-signer": "李秀英",
        "m3-guardian": "母亲",
    }


# --- the whole way -------------------------------------------------------------------------------------------


def test_a_household_goes_from_blank_to_submitted_without_a_line_of_javascript(clerk):
    assert clerk.get(reverse("applications:start")).status_code == 200
    tasks = clerk.post(reverse("applications:start"), {"kind": "rental_subsidy"})
    application = Application.objects.get()
    assert tasks.url == url("task_list", application)
    for name, content in sections().items():
        assert clerk.get(url("section", application, name)).status_code == 200
        assert save(clerk, application, name, content).status_code == 302, name
    for section in ("identity", "hukou", "marriage", "income"):
        upload = {"section": section, "member_key": "m1", "title": "", "file": SimpleUploadedFile("a.pdf", PDF)}
        assert clerk.post(url("papers", application), upload).status_code == 302
    for which in ("commitment", "authorisation"):
        printed = clerk.post(url("print_form", application, which))
        assert clerk.get(printed.url)["Content-Type"] == "application/pdf"
    assert clerk.post(url("signing_scan", application), {"file": SimpleUploadedFile("s.pdf", PDF)}).status_code == 302
    signatures = signatures_on(Attachment.objects.get(section="signing"))
    assert clerk.post(url("sign", application), signatures).status_code == 302
    assert Authorisation.objects.count() == 3
    done = clerk.post(url("answers", application))
    assert done.url == url("submitted", application)
    page = text_of(clerk.get(done.url))
    assert application.reference in page
    assert "working days" in page
    application.refresh_from_db()
    assert application.status == "at_street"


def test_the_task_list_tells_how_far_each_section_is(clerk, draft, people):
    intake.save_section(draft, "homes", {"none": "on", "rows": []}, version=1, by=people["window"])
    intake.save_section(draft, "assets", changed_row("assets", amount="-1"), version=1, by=people["window"])
    page = text_of(clerk.get(url("task_list", draft)))
    for word in ("Completed", "Has errors", "Not started", "Not yet open"):
        assert word in page


# --- sections ------------------------------------------------------------------------------------------------


def test_a_wrong_section_says_so_beside_the_box_and_in_the_summary_and_keeps_what_was_typed(clerk, draft):
    response = save(clerk, draft, "assets", changed_row("assets", amount="-5", institution="江苏银行"))
    page = text_of(response)
    assert response.status_code == 422
    assert page.count("never negative") == 2
    assert 'href="#id_rows-0-amount"' in page
    assert "data-take-focus" in page
    assert 'value="-5"' in page
    assert kept(draft)["assets"]["rows"][0]["amount"] == "-5"


def test_a_wrong_id_number_is_told_in_the_language_of_the_page(draft, as_user):
    wrong = MAN[:-1] + ("1" if MAN[-1] != "1" else "2")
    for language, words in (("zh-hans", "校验位不符"), ("en", "its last one does not fit")):
        clerk = as_user("window", language)
        page = text_of(save(clerk, draft, "applicant", changed_row("applicant", id_number=wrong)))
        assert words in page


def test_save_and_go_back_asks_nothing_and_keeps_everything(clerk, draft):
    response = save(clerk, draft, "assets", changed_row("assets", amount="?"), leave="1")
    assert response.url == url("task_list", draft)
    assert kept(draft)["assets"]["rows"][0]["amount"] == "?"


def test_rows_are_added_and_removed_by_plain_buttons_with_what_was_typed(clerk, draft):
    page = text_of(save(clerk, draft, "assets", changed_row("assets", amount="7x"), add="1"))
    assert 'value="7x"' in page
    assert "rows-1-institution" in page
    assert "Enter a number" not in page
    content = {**kept(draft)["assets"], "none": ""}
    page = text_of(save(clerk, draft, "assets", content, remove="0"))
    assert 'value="7x"' not in page


def test_rows_are_added_and_removed_within_the_page_by_htmx(clerk, draft):
    response = clerk.post(
        url("section", draft, "members"), post_of(SECTIONS["members"], version="1", add="1"), headers=HTMX
    )
    page = text_of(response)
    assert "<html" not in page
    assert 'value="m4"' in page


def test_a_page_that_is_saved_as_it_is_typed_in_gets_version_time_and_what_the_id_number_tells(clerk, draft):
    response = clerk.post(
        url("autosave", draft, "applicant"), post_of(SECTIONS["applicant"], version="1"), headers=HTMX
    )
    page = text_of(response)
    assert 'value="2"' in page
    assert "Saved automatically" in page
    assert "born 1985-03-12" in page
    assert MAN not in page
    again = clerk.post(url("autosave", draft, "applicant"), post_of(SECTIONS["applicant"], version="1"), headers=HTMX)
    assert again.status_code == 200


def test_a_page_that_is_left_while_it_saves_itself_is_not_in_its_own_way(clerk, draft):
    """The answer to what it saved by itself is still under way, so it knows of the earlier version only."""
    typed = post_of(SECTIONS["applicant"], version="1") | {"page": "p1"}
    assert clerk.post(url("autosave", draft, "applicant"), typed, headers=HTMX).status_code == 200
    assert clerk.post(url("section", draft, "applicant"), typed).status_code == 302
    assert clerk.post(url("autosave", draft, "applicant"), typed, headers=HTMX).status_code == 422  # too late
    other = clerk.post(url("section", draft, "applicant"), typed | {"page": "p2"})
    assert other.status_code == 409


def test_the_income_page_shows_the_sum_per_head_as_it_is_typed(clerk, people):
    application = keyed(people["window"], sections())
    page = text_of(
        clerk.post(url("autosave", application, "income"), post_of(SECTIONS["income"], version="99"), headers=HTMX)
    )
    assert "1,666.68" in page


def test_a_stale_page_is_told_overwrites_nothing_and_loses_nothing(clerk, draft, people):
    intake.save_section(draft, "assets", SECTIONS["assets"], version=1, by=people["window"])
    typed = post_of(changed_row("assets", amount="42"), version="1")
    response = clerk.post(url("section", draft, "assets"), typed)
    page = text_of(response)
    assert response.status_code == 409
    assert "Nothing was overwritten" in page
    assert 'value="42"' in page
    assert kept(draft)["assets"]["rows"][0]["amount"] == "31000"
    version = re.search(r'id="draft-version" value="(\d+)"', page)[1]
    assert clerk.post(url("section", draft, "assets"), {**typed, "version": version}).status_code == 302
    assert kept(draft)["assets"]["rows"][0]["amount"] == "42"


def test_a_stale_page_that_saves_itself_is_told_and_overwrites_nothing(clerk, draft, people):
    intake.save_section(draft, "assets", SECTIONS["assets"], version=1, by=people["window"])
    typed = post_of(changed_row("assets", amount="42"), version="1")
    response = clerk.post(url("autosave", draft, "assets"), typed, headers=HTMX)
    assert response.status_code == 422
    assert "Nothing was overwritten" in text_of(response)
    assert kept(draft)["assets"]["rows"][0]["amount"] == "31000"


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999"])
def test_a_page_without_a_sensible_version_has_seen_nothing(clerk, draft, people, version):
    intake.save_section(draft, "assets", SECTIONS["assets"], version=1, by=people["window"])
    response = clerk.post(url("section", draft, "assets"), post_of(SECTIONS["assets"], version=version))
    assert response.status_code == 409


def test_what_was_typed_is_shown_as_text_never_as_markup(clerk, draft):
    page = text_of(
        save(clerk, draft, "assets", changed_row("assets", institution='"><script>alert(1)</script>'), leave="")
    )
    assert "<script>alert" not in page


# --- check and submit ----------------------------------------------------------------------------------------


def test_every_answer_is_shown_with_its_change_link_and_the_sums(clerk, people):
    application = keyed(people["window"])
    page = text_of(clerk.get(url("answers", application)))
    assert "1,666.68" in page
    assert "17.33" not in page  # the home is rented: no area of theirs
    assert "泰州海阳纺织有限公司" in page
    assert f"{url('section', application, 'applicant')}?check=answers#id_rows-0-id_number" in page
    assert "张建国 has not signed" in page


def test_a_change_from_the_check_page_leads_back_to_it(clerk, people):
    application = keyed(people["window"])
    page = text_of(clerk.get(url("section", application, "assets") + "?check=answers"))
    assert 'name="next" value="answers"' in page
    response = save(clerk, application, "assets", SECTIONS["assets"], next="answers")
    assert response.url == url("answers", application)


def test_an_incomplete_application_is_not_submitted_and_says_what_is_missing(clerk, people):
    application = keyed(people["window"], sections(homes={"none": "", "rows": []}))
    response = clerk.post(url("answers", application))
    assert response.status_code == 422
    assert "“Housing” is not complete" in text_of(response)
    application.refresh_from_db()
    assert application.status == "draft"


def test_a_person_of_another_live_application_is_named_before_submitting(clerk, people):
    submitted(people["window2"])
    application = keyed(people["window"])
    sign_all(application, people["window"])
    response = clerk.post(url("answers", application))
    assert response.status_code == 422
    assert "one person, one benefit" in text_of(response)


def test_a_draft_is_discarded_only_after_asking(clerk, draft):
    assert clerk.get(url("discard", draft)).status_code == 200
    draft.refresh_from_db()
    assert draft.status == "draft"
    assert clerk.post(url("discard", draft)).status_code == 302
    draft.refresh_from_db()
    assert draft.status == "discarded"


def test_a_returned_case_opens_its_task_list_with_the_desks_opinion(clerk, people):
    application = submitted(people["window"])
    tiers.return_for_correction(application, by=people["street"], opinion="请补充租赁合同")
    page = text_of(clerk.get(url("task_list", application)))
    assert "请补充租赁合同" in page
    assert "王立新" in page
    assert save(clerk, application, "homes", changed_row("homes", area="53")).status_code == 302
    refused = clerk.post(url("answers", application))
    assert refused.status_code == 422
    assert "signs the commitment anew" in text_of(refused)
    sign_all(application, people["window"])
    assert clerk.post(url("answers", application)).status_code == 302
    application.refresh_from_db()
    assert application.status == "at_street"
    assert application.declaration.version == 2
