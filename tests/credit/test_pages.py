"""The pages of the registry: a lead becomes a case, and the case goes its whole way through the doors."""

import pytest
from django.urls import reverse

from bureau import workdays
from bureau.fields import blind_index
from bureau.models import AuditEntry, Relative
from credit import catalogue, deadlines
from credit.models import Case, Lead, Sanction
from tests.credit.doors import done, page
from tests.factories import credit as given

pytestmark = pytest.mark.django_db


def new_lead(client, **change):
    form = {
        "kind": "report",
        "subject_kind": "person",
        "name": "胡建军",
        "identifier": given.HUSBAND.identifier,
        "text": "房屋长期转租他人",
        "received_on": str(workdays.today()),
    }
    return client.post(reverse("credit:lead_new"), {**form, **change})


def test_a_case_goes_its_whole_way_through_the_doors(as_user, go, later, people):
    officer = as_user("credit")
    today = str(workdays.today())
    assert new_lead(officer).status_code == 302
    lead = Lead.objects.get()
    address = reverse("credit:lead", args=[lead.number])
    assert "房屋长期转租他人" in officer.get(address).content.decode()
    actor = str(lead.subjects.get().pk)
    opened = officer.post(address, {"act_code": "F08", "actors": [actor], "occurred_on": today})
    case = Case.objects.get()
    assert opened.url == reverse("credit:case", args=[case.number])
    for kind in case.act.evidence:
        assert done(go(case, "evidence", kind=kind, reference="卷1"), case) == "opened"
    assert done(go(case, "propose"), case) == "proposed"
    assert done(go(case, "serve", way="hand", on=today, reached="on", proof="回证1"), case) == "proposed"
    told = {"text": "只是借住", "weighed": "与证据不符", "received_on": today}
    assert done(go(case, "hear", **told), case) == "proposed"
    members = [str(people[name].pk) for name in ("panel", "panel2", "panel3")]
    assert done(go(case, "seat", members=members), case) == "at_panel"
    for name in ("panel", "panel2"):
        vote = {"finds": "yes", "severity": "more_serious", "reason": "证据充分"}
        assert done(go(case, "vote", name, **vote), case) == "at_panel"
    assert done(go(case, "vote", "panel3", finds="no", severity="", reason="证据不足"), case) == "found"
    assert done(go(case, "cures", kind="pay", text="补缴租金", amount="1340.00"), case) == "found"
    assert go(case, "serve", way="hand", on=today, reached="on", proof="回证2").status_code == 409
    assert done(go(case, "notice"), case) == "found"
    assert done(go(case, "serve", way="hand", on=today, reached="on", proof="回证2"), case) == "found"
    assert done(go(case, "notify"), case) == "notified"
    assert go(case, "record").status_code == 409
    later(to=deadlines.cure_until(case))
    later(days=1)
    assert done(go(case, "record"), case) == "recorded"
    shown = page(as_user("credit"), case).content.decode()
    assert "No end before the home is returned" in shown
    returned = {"event": "home_returned", "on": str(workdays.today()), "basis": "交接单7号"}
    assert done(go(case, "tell", **returned), case) == "recorded"
    assert Sanction.objects.filter(case=case).first().holds_until is not None
    address = reverse("credit:deed", args=[case.number, "withdraw"])
    officer = as_user("credit")
    assert "Every ban of this case ends today" in officer.get(address).content.decode()
    assert done(officer.post(address, {"reason": "法院判决撤销"}), case) == "withdrawn"
    assert "The finding was withdrawn" in page(officer, case).content.decode()


def test_what_does_not_fit_stands_above_the_form_and_nothing_is_written(as_user, go):
    case = given.case()
    answer = go(case, "evidence", kind=case.act.evidence[0], reference="")
    assert answer.status_code == 422
    found = given.proposed(lead=given.lead(origin="finding:2"))
    today = str(workdays.today())
    announced = go(found, "serve", way="announced", on=today, reached="on", proof="泰州日报3版", medium="泰州日报")
    assert (announced.status_code, "last resort" in announced.content.decode()) == (422, True)
    assert not found.services.exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"identifier": "321299198306259177"}, "its last one does not fit"),
        ({"subject_kind": "employer"}, "credit code"),
        ({"text": ""}, "required"),
        ({"received_on": "2099-01-01"}, "ahead"),
        ({"kind": "finding"}, "valid choice"),
    ],
)
def test_a_lead_that_makes_no_sense_is_refused(as_user, change, words):
    answer = new_lead(as_user("credit"), **change)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not Lead.objects.exists()


def test_no_finding_is_entered_by_hand(as_user):
    """A finding is confirmed in casework; the form of the registry does not offer it."""
    kinds = as_user("credit").get(reverse("credit:lead_new")).context["form"].fields["kind"].choices
    assert {"finding", "arrears", "misuse"}.isdisjoint({kind for kind, _label in kinds})


def test_a_lead_that_was_opened_leads_to_its_case_and_opens_no_other(as_user):
    case = given.case()
    shown = as_user("credit").get(reverse("credit:lead", args=[case.lead.number]))
    assert shown.status_code == 200
    assert shown.context["form"] is None
    assert reverse("credit:case", args=[case.number]) in shown.content.decode()


def test_a_lead_is_dismissed_after_a_reason(as_user):
    lead = given.lead()
    client, address = as_user("credit"), reverse("credit:dismiss", args=[lead.number])
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "查无实据"}).status_code == 302
    assert client.get(address).status_code == 409


@pytest.mark.parametrize("name", ["window", "street", "district", "check", "housing", "admin"])
def test_the_registry_is_closed_to_casework(as_user, name):
    case = given.case()
    for address in ("credit:leads", "credit:cases", "credit:lead_new"):
        assert as_user(name).get(reverse(address)).status_code == 403, address
    for address, row in (("credit:case", case), ("credit:lead", case.lead)):
        assert as_user(name).get(reverse(address, args=[row.number])).status_code == 404, address


def test_a_panel_member_sees_the_cases_of_own_seats_and_no_leads(as_user, people):
    case, other = given.seated(), given.case(lead=given.lead(origin="finding:2"))
    client = as_user("panel")
    assert page(client, case).status_code == 200
    assert page(client, other).status_code == 404
    assert client.get(reverse("credit:lead", args=[case.lead.number])).status_code == 404
    listed = client.get(reverse("credit:cases")).content.decode()
    assert case.number in listed
    assert other.number not in listed
    assert [deed["name"] for deed in page(client, case).context["deeds"]] == ["vote"]


def test_nobody_sees_how_another_voted_before_the_panel_has_decided(as_user, go):
    case = given.seated()
    go(case, "vote", "panel", finds="yes", severity="serious", reason="理由一二三")
    assert "理由一二三" in page(as_user("panel"), case).content.decode()
    for name in ("panel2", "credit", "auditor"):
        assert "理由一二三" not in page(as_user(name), case).content.decode()
    for name in ("panel2", "panel3"):
        go(case, "vote", name, finds="no", reason="证据不足")
    assert "理由一二三" in page(as_user("credit"), case).content.decode()


def test_an_auditor_reads_masked_and_does_nothing(as_user, go):
    case = given.case(facts="胡建军将住房转租", lead=given.lead(text="胡建军与刘敏未住"))
    lead = as_user("auditor").get(reverse("credit:lead", args=[case.lead.number])).content.decode()
    assert "未住" in lead
    assert "刘敏" not in lead
    answer = page(as_user("auditor"), case)
    assert "将住房转租" in answer.content.decode()
    shown = answer.content.decode()
    assert "胡建军" not in shown
    assert given.HUSBAND.identifier not in shown
    assert answer.context["deeds"] == []
    assert go(case, "evidence", "auditor", kind="x", reference="y").status_code == 403
    assert AuditEntry.objects.filter(reference=case.number, purpose="audit").exists()


def test_who_is_related_is_offered_nothing(as_user, people, go):
    case = given.case()
    Relative.objects.create(staff=people["credit"], person_index=blind_index(given.WIFE.identifier))
    assert page(as_user("credit"), case).context["deeds"] == []
    assert go(case, "evidence", kind=case.act.evidence[0], reference="卷1").status_code == 409


def test_every_look_is_written_down(as_user):
    case = given.case()
    page(as_user("credit"), case)
    entry = AuditEntry.objects.get(reference=case.number)
    assert (entry.action, entry.purpose) == ("look", "credit")


def offered(client, case):
    """The names of the deeds that the page of a case offers."""
    return {deed["name"] for deed in page(client, case).context["deeds"]}


def test_a_page_offers_what_fits_and_no_more(as_user, go):
    officer = as_user("credit")
    told = given.proposed()
    assert offered(officer, told) == {"serve", "gather_more", "drop"}
    given.serve(told, "proposal")
    assert offered(officer, told) == {"hear", "seat", "gather_more", "drop"}
    seated = given.seated(lead=given.lead(origin="finding:2"))
    go(seated, "vote", "panel", finds="no", reason="证据不足")
    assert (offered(as_user("panel"), seated), offered(as_user("panel2"), seated)) == (set(), {"vote"})
    assert go(seated, "vote", "panel", finds="no", reason="证据不足").status_code == 409
    found = given.found_by_panel(lead=given.lead(origin="finding:3"))
    assert offered(officer, found) == {"cures", "notice", "notify", "withdraw"}
    given.issued(found)
    assert offered(officer, found) == {"serve", "notify", "withdraw"}
    given.serve(found, "notice")
    assert offered(officer, found) == {"notify", "withdraw"}


def test_an_act_is_offered_once_however_many_policies_there_are(as_user):
    old = catalogue.row_on(workdays.today())
    acts = list(old.acts.all())
    old.pk, old.code, old.effective_from = None, "taizhou-2026", workdays.today()
    old.save(force_insert=True)
    for act in acts:
        act.pk, act.policy, act.effective_from = None, old, workdays.today()
        act.save(force_insert=True)
    lead = given.lead()
    form = as_user("credit").get(reverse("credit:lead", args=[lead.number])).context["form"]
    codes = [code for code, _label in form.fields["act_code"].choices]
    assert len(codes) == len(set(codes)) == 14


def test_an_unknown_deed_is_no_page(go):
    assert go(given.case(), "forgive").status_code == 404


def test_a_deed_of_another_stage_is_refused(go):
    case = given.case()
    assert go(case, "vote", "panel", finds="yes", severity="general", reason="x").status_code == 404
    assert go(case, "cures", kind="file", text="x").status_code == 409
    assert go(case, "notify").status_code == 409


def test_the_lists_show_each_by_status_with_few_queries(as_user, django_assert_max_num_queries):
    for place in range(6):
        given.case(lead=given.lead(origin=f"finding:{place}"))
    client = as_user("credit")
    for address, empty in ((reverse("credit:leads"), "dismissed"), (reverse("credit:cases"), "dropped")):
        with django_assert_max_num_queries(16):
            shown = client.get(address, {"tab": "opened"})
        assert len(shown.context["rows"]) == 6
        assert client.get(address, {"tab": empty}).context["rows"] == []
        assert client.get(address, {"q": "SX0000-000000"}).context["rows"] == []


def test_a_page_has_as_many_queries_however_much_is_on_file(as_user, django_assert_max_num_queries):
    case = given.found_by_panel()
    with django_assert_max_num_queries(52):
        page(as_user("credit"), case)


def test_the_pages_are_in_chinese_first(as_user):
    case = given.case()
    shown = page(as_user("credit", "zh-hans"), case).content.decode()
    for words in ("失信案件", "隐报、瞒报、假报家庭住房", "证据入卷", "尚缺目录要求的证据"):
        assert words in shown


def test_the_desk_tells_what_waits_in_the_registry(as_user, go):
    given.lead(origin="finding:9")
    case = given.seated()

    def figures(name):
        shown = as_user(name).get(reverse("home")).context
        return {figure["url"]: figure["value"] for figure in shown["registry"]}

    leads, votes = f"{reverse('credit:leads')}?tab=received", f"{reverse('credit:cases')}?tab=at_panel"
    assert figures("credit") == {leads: 1, reverse("credit:cases"): 1}
    assert figures("panel") == {votes: 1}
    go(case, "vote", "panel", finds="no", reason="证据不足")
    assert (figures("panel"), figures("panel2")) == ({votes: 0}, {votes: 1})
    assert figures("admin") == {}
