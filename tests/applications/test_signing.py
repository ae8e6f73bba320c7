"""Commitment and authorisation: who must sign, who may sign for whom, and what a signature rests on."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from applications import drafting, intake, signing, tiers
from applications.models import Application, Authorisation, Commitment, Draft
from bureau import workdays
from bureau.errors import MoveRefusedError, NotAllowedError, StaleError, UnfitDataError
from bureau.models import Document
from tests.applications.windows import household, keyed, printed, scan_of, sections, sign_all, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(people):
    return keyed(people["window"])


def sign(draft, place: int, by, **changes):
    declared = household(draft).declared
    person = declared.persons[place]
    facts = {"signer": person.name, "guardian": "", "signed_on": workdays.today(), "scan": scan_of(draft, by), "by": by}
    signing.sign(draft, declared, person, **(facts | changes))


def test_both_papers_name_the_members_and_have_numbers(draft, people):
    declared = household(draft).declared
    papers = [
        signing.print_form(draft, which, declared, by=people["window"]) for which in ("commitment", "authorisation")
    ]
    assert papers[0].number != papers[1].number
    assert [member["name"] for member in papers[1].data["members"]] == ["张建国", "李秀英", "张子涵"]


def test_a_member_signs_in_person_and_gets_a_numbered_authorisation(draft, people):
    sign(draft, 0, people["window"])
    granted = Authorisation.objects.get()
    assert granted.member_key == "m1"
    assert set(granted.purposes) == {"public_rental", "periodic_review"}
    assert Commitment.objects.get().digest == granted.scan.digest


def test_an_authorisation_bears_the_number_of_the_paper_and_the_place_on_it(people):
    application = keyed(people["window"])
    sign_all(application, people["window"])
    paper = Document.objects.of(application).get(kind="authorisation")
    granted = Authorisation.objects.filter(application=application).order_by("member_key")
    assert [each.number for each in granted] == [f"{paper.number}-{place}" for place in (1, 2, 3)]
    assert {each.form for each in granted} == {paper}


def test_who_was_entered_after_the_printing_is_not_put_on_that_paper(draft, people):
    declared = household(draft).declared
    early = signing.print_form(
        draft, "authorisation", replace(declared, persons=declared.persons[:1]), by=people["window"]
    )
    sign(draft, 1, people["window"])
    later = Authorisation.objects.get()
    assert later.form != early
    assert [member["name"] for member in later.form.data["members"]] == ["张建国", "李秀英", "张子涵"]
    assert later.number == f"{later.form.number}-2"


def test_when_a_member_leaves_or_joins_everybody_signs_anew(people):
    application = keyed(people["window"])
    sign_all(application, people["window"])
    declared = household(application).declared
    assert signing.unsigned(application, declared) == []
    fewer = replace(declared, persons=declared.persons[:2])
    assert [person.name for person in signing.unsigned(application, fewer)] == ["张建国", "李秀英"]
    with pytest.raises(MoveRefusedError, match="has not signed"):
        intake.submit(application, fewer, by=people["window"])
    turned = replace(declared, persons=declared.persons[::-1])  # the same members, another declaration
    assert signing.missing_papers(application, turned) == {"m1": ("commitment",)}


def test_the_papers_leave_a_line_for_the_guardians_name(draft, people):
    for which in ("commitment", "authorisation"):
        text = printed(signing.print_form(draft, which, household(draft).declared, by=people["window"]))
        assert text.count("监护人：") == 1
        assert "监护人：监护人" not in text
        assert f"受理编号：{draft.reference}" in text


@pytest.mark.parametrize(
    ("place", "changes", "field"),
    [
        (0, {"signer": "王五"}, "signer"),
        (2, {"signer": "李秀英", "guardian": ""}, "guardian"),
        (2, {"signer": "张子涵", "guardian": "母亲"}, "signer"),
        (2, {"signer": " ", "guardian": "母亲"}, "signer"),
        (0, {"signed_on": workdays.today() + timedelta(days=1)}, "signed_on"),
        (0, {"signed_on": workdays.today() - timedelta(days=200)}, "signed_on"),
    ],
)
def test_a_signature_that_does_not_hold_is_refused_beside_its_field(draft, people, place, changes, field):
    with pytest.raises(UnfitDataError) as refused:
        sign(draft, place, people["window"], **changes)
    assert field in refused.value.fields
    assert not Commitment.objects.exists()
    assert not Authorisation.objects.exists()


def test_a_scan_of_another_case_is_refused(draft, people):
    other = scan_of(intake.open_draft("public_rental", by=people["window"]), people["window"])
    with pytest.raises(UnfitDataError) as refused:
        sign(draft, 0, people["window"], scan=other)
    assert "scan" in refused.value.fields


def test_signing_anew_ends_the_earlier_signature_and_keeps_it(draft, people):
    sign(draft, 0, people["window"])
    sign(draft, 0, people["window"])
    assert Authorisation.objects.count() == 2
    assert Authorisation.objects.get(ended_at=None).member_key == "m1"


def test_who_still_has_to_sign_is_told_by_name(draft, people):
    sign(draft, 0, people["window"])
    assert [person.name for person in signing.unsigned(draft, household(draft).declared)] == ["李秀英", "张子涵"]


def test_another_windows_clerk_records_no_signature(draft, people):
    with pytest.raises(NotAllowedError):
        sign(draft, 0, people["window2"], scan=scan_of(draft, people["window"]))
    assert not Authorisation.objects.exists()


def test_who_leaves_the_household_leaves_no_live_signature(people):
    window = people["window"]
    application = submitted(window)
    tiers.return_for_correction(application, by=people["street"], opinion="子女户口不在本户，请更正成员")
    fewer = replace(household(application).declared, persons=household(application).declared.persons[:2])
    scan = scan_of(application, window)
    for person in fewer.persons:
        facts = {"signer": person.name, "guardian": "", "signed_on": workdays.today(), "scan": scan, "by": window}
        signing.sign(application, fewer, person, **facts)
    intake.submit(application, fewer, by=window)
    live = Authorisation.objects.filter(application=application, ended_at=None)
    assert sorted(live.values_list("member_key", flat=True)) == ["m1", "m2"]


def test_a_withdrawn_application_has_no_live_authorisation(people):
    application = submitted(people["window"])
    intake.withdraw(application, by=people["window"], reason="迁往外地")
    assert not Authorisation.objects.filter(ended_at=None).exists()


# --- what was declared is what the applicant committed to -----------------------------------------------------------


def declares(application, **changes):
    return replace(household(application).declared, **changes)


def renamed(declared, name):
    first, *others = declared.persons
    return replace(declared, persons=(replace(first, name=name), *others))


def test_the_commitment_prints_the_main_figures_and_the_digest(draft, people):
    declared = household(draft).declared
    form = signing.print_form(draft, "commitment", declared, by=people["window"])
    assert form.data["declaration"] == drafting.digest(declared)
    text = printed(form)
    for expected in ("60,000.50", "31,000.00", drafting.digest(declared)):
        assert expected in text


def test_when_the_declaration_changes_the_applicant_and_nobody_else_signs_anew(people):
    application = keyed(people["window"])
    sign_all(application, people["window"])
    poorer = declares(application, assets=())
    assert signing.missing_papers(application, poorer) == {"m1": ("commitment",)}
    assert signing.declaration_changed(application, poorer)
    with pytest.raises(MoveRefusedError, match="张建国 has not signed the commitment"):
        intake.submit(application, poorer, by=people["window"])
    scan = scan_of(application, people["window"])
    facts = {"signer": "张建国", "guardian": "", "signed_on": workdays.today(), "scan": scan, "by": people["window"]}
    signing.sign(application, poorer, poorer.persons[0], **facts)
    assert Commitment.objects.get(member_key="m1", ended_at=None).form.data["declaration"] == drafting.digest(poorer)
    assert Authorisation.objects.filter(member_key="m1").count() == 1  # it still holds and stays
    intake.submit(application, poorer, by=people["window"])
    assert application.declaration.digest == drafting.digest(poorer)


def test_a_returned_case_is_not_handed_in_with_other_figures_under_the_old_signature(people):
    application = submitted(people["window"])
    tiers.return_for_correction(application, by=people["street"], opinion="请补充材料")
    with pytest.raises(MoveRefusedError, match="has not signed"):
        intake.submit(application, declares(application, assets=(), homes=()), by=people["window"])
    assert application.declarations.count() == 1


def test_unchanged_after_a_return_nobody_signs_anew(people):
    application = submitted(people["window"])
    tiers.return_for_correction(application, by=people["street"], opinion="请补充材料")
    intake.submit(application, household(application).declared, by=people["window"])
    assert application.status == "at_street"


def test_under_another_name_everybody_signs_anew(people):
    application = submitted(people["window"])
    tiers.return_for_correction(application, by=people["street"], opinion="请更正姓名")
    other = renamed(household(application).declared, "王冒名")
    assert set(signing.missing_papers(application, other)) == {"m1", "m2", "m3"}
    with pytest.raises(MoveRefusedError, match="王冒名 has not signed"):
        intake.submit(application, other, by=people["window"])


def test_the_window_is_told_that_the_declaration_changed(people, as_user):
    application = keyed(people["window"])
    sign_all(application, people["window"])
    version = Draft.objects.get(application=application).version
    nothing = {"none": "on", "rows": []}
    intake.save_section(application, "assets", nothing, version=version, by=people["window"])
    client = as_user("window")
    address = f"/applications/{application.reference}/intake/"
    assert "print the commitment again" in client.get(address).content.decode()
    page = client.get(f"{address}signing/")
    assert "The declaration has changed since it was signed" in page.content.decode()
    assert [person.key for person, _needs, _form in page.context["signers"]] == ["m1"]
    assert "signs the commitment anew" in client.get(f"{address}answers/").content.decode()


def test_who_prints_before_the_sections_are_filled_is_told_what_it_means(people, as_user):
    content = {name: typed for name, typed in sections().items() if name != "vehicles"}
    application = keyed(people["window"], content)
    page = as_user("window").get(f"/applications/{application.reference}/intake/signing/")
    assert "Fill in the other sections first" in page.content.decode()


# --- at the same moment ---------------------------------------------------------------------------------------------


def test_the_same_signatures_sent_twice_are_recorded_once(draft, people):
    scan = scan_of(draft, people["window"])
    sign(draft, 0, people["window"], scan=scan)
    sign(draft, 0, people["window"], scan=scan)
    assert (Commitment.objects.count(), Authorisation.objects.count()) == (1, 1)


def test_nothing_is_signed_attached_or_taken_out_once_it_is_handed_in(people):
    application = keyed(people["window"])
    early = Application.objects.get(pk=application.pk)  # as a page read it before
    sign_all(application, people["window"])
    scan = application.attachments.get()
    declared = household(application).declared
    intake.submit(application, declared, by=people["window"])
    facts = {"signer": "张建国", "guardian": "", "signed_on": workdays.today(), "scan": scan, "by": people["window"]}
    for late in (
        lambda: signing.sign(early, declared, declared.persons[0], **facts),
        lambda: scan_of(early, people["window"]),
        lambda: intake.save_section(early, "homes", {"none": "on", "rows": []}, version=99, by=people["window"]),
    ):
        early.status = "draft"
        with pytest.raises(StaleError, match="submitted"):
            late()
    scan.application.status = "draft"
    with pytest.raises(StaleError, match="submitted"):
        intake.remove_attachment(scan, by=people["window"])
    assert application.attachments.count() == 1
