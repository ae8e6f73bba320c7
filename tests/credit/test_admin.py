"""The administration of the registry: policies are read before they are kept, acts fit theirs; nobody's data show."""

import copy
import json
from datetime import date

import pytest

from credit import catalogue, sanctions
from credit.models import Act, Policy
from credit.policies import Severity
from tests.factories import credit as given

DAY = date(2024, 5, 10)
POLICIES, ACTS = "/admin/credit/policy/", "/admin/credit/act/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def ours():
    return catalogue.row_on(DAY)


@pytest.fixture
def draft(ours):
    """Next year's policy of Taizhou."""
    content = copy.deepcopy(ours.content)
    return content | {"id": "taizhou-2027", "name": "泰州市失信分级（2027）", "effective_from": "2027-01-01"}


def post(client, address, **form):
    return client.post(address, {"in_use": "on", **form})


def act_form(act, **change):
    """An act as the page posts it, with the management form of its thresholds."""
    names = ("code", "name_zh", "name_en", "subject_kind", "stage", "severity", "graver", "graver_when", "basis")
    form = {name: getattr(act, name) for name in names}
    form |= {"policy": act.policy_id, "effective_from": act.effective_from, "evidence": ",".join(act.evidence)}
    form |= {"thresholds-TOTAL_FORMS": 0, "thresholds-INITIAL_FORMS": 0}
    return {**form, **change}


def test_the_pages_open_for_administrators_and_for_nobody_else(as_user, ours):
    act = Act.objects.first()
    pages = [
        POLICIES,
        f"{POLICIES}add/",
        f"{POLICIES}{ours.pk}/change/",
        f"{POLICIES}{ours.pk}/history/",
        ACTS,
        f"{ACTS}add/",
        f"{ACTS}{act.pk}/change/",
        f"{ACTS}{act.pk}/history/",
    ]
    for page in pages:
        assert as_user("admin").get(page).status_code == 200, page
        assert as_user("window").get(page).status_code != 200, page


def test_subjects_and_sanctions_are_not_shown(as_user):
    for name in ("subject", "sanction"):
        assert as_user("admin").get(f"/admin/credit/{name}/").status_code == 404


def test_a_policy_is_read_before_it_is_kept(as_user, draft):
    client = as_user("admin")
    broken = copy.deepcopy(draft)
    broken["grades"][0]["person"][0]["basis"] = ""
    refused = post(client, f"{POLICIES}add/", content=json.dumps(broken))
    assert "grades[0].person[0].basis" in refused.content.decode()
    assert post(client, f"{POLICIES}add/", content="{").status_code == 200
    assert not Policy.objects.filter(code="taizhou-2027").exists()
    assert post(client, f"{POLICIES}add/", content=json.dumps(draft)).status_code == 302
    kept = Policy.objects.get(code="taizhou-2027")
    assert (kept.name, kept.effective_from) == ("泰州市失信分级（2027）", date(2027, 1, 1))
    assert catalogue.policy_on(date(2027, 1, 1)).id == "taizhou-2027"


@pytest.mark.parametrize(
    ("change", "words"),
    [({"id": "taizhou-2017"}, "There is a policy of this id"), ({"effective_from": "2017-03-07"}, "from this day")],
)
def test_a_policy_that_is_there_already_is_refused(as_user, draft, change, words):
    answer = post(as_user("admin"), f"{POLICIES}add/", content=json.dumps(draft | change))
    assert words in answer.content.decode()


def test_a_policy_on_which_sanctions_rest_keeps_its_content_but_can_be_ended(as_user, ours):
    values = {
        "name": "胡建军",
        "id_number": "321299198306259176",
        "act": "隐瞒车辆",
        "basis": "办法",
        "by": given.staff("credit"),
    }
    sanctions.impose(severity=Severity.GENERAL, banned_from=DAY, **values)
    changed = json.dumps(ours.content | {"name": "changed"})
    form = {"content": changed, "effective_to": "2099-01-01"}
    assert post(as_user("admin"), f"{POLICIES}{ours.pk}/change/", **form).status_code == 302
    before = ours.name
    ours.refresh_from_db()
    assert (ours.name, ours.effective_to) == (before, date(2099, 1, 1))


def test_nothing_is_removed(as_user, ours):
    for address in (f"{POLICIES}{ours.pk}/delete/", f"{ACTS}{Act.objects.first().pk}/delete/"):
        assert as_user("admin").post(address, {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"graver": "serious", "graver_when": ""}, "Say when"),
        ({"graver": "", "graver_when": "再犯"}, "Choose the graver severity"),
        ({"graver": "general", "graver_when": "再犯"}, "another severity"),
        ({"effective_to": "2017-03-07"}, "after the first day"),
        ({"subject_kind": "employer", "from_return": "on"}, "no home to return"),
        ({"evidence": ""}, "This field is required"),
        ({"basis": ""}, "This field is required"),
    ],
)
def test_an_act_that_makes_no_sense_is_refused_in_words(as_user, change, words):
    act = catalogue.act_on("F04", DAY)
    answer = as_user("admin").post(f"{ACTS}{act.pk}/change/", act_form(act, **change))
    assert words in answer.content.decode()


def test_an_act_names_no_severity_that_its_policy_does_not_know(as_user):
    act = Act.objects.get(policy__code="lianyungang-2019", code="F04")
    answer = as_user("admin").post(f"{ACTS}{act.pk}/change/", act_form(act, severity="more_serious"))
    assert "does not know this severity" in answer.content.decode()


def test_a_new_act_is_entered_with_its_thresholds_and_its_history_told(as_user):
    old = catalogue.act_on("F06", DAY)
    client = as_user("admin")
    form = act_form(old, code="f15", name_zh="拖欠物业费", name_en="Is in arrears with the property fee")
    form |= {
        "thresholds-TOTAL_FORMS": 1,
        "thresholds-0-months": 6,
        "thresholds-0-severity": "general",
    }
    assert client.post(f"{ACTS}add/", form).status_code == 302
    found = catalogue.act_on("F15", DAY)
    assert catalogue.severity_of(found, months=6) == Severity.GENERAL
    assert client.post(f"{ACTS}{found.pk}/change/", act_form(found, basis="新依据")).status_code == 302
    history = client.get(f"{ACTS}{found.pk}/history/").content.decode()
    assert "新依据" in history


def test_a_page_in_chinese_says_what_is_to_be_confirmed(as_user):
    page = as_user("admin", "zh-hans").get(POLICIES).content.decode()
    assert "待主管部门确认" in page
    assert "单位公示期" in page
