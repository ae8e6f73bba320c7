"""The housing officer's pages on checks that really went to all sources: grant, refuse, have checked again."""

import pytest
from django.utils import translation
from msgspec.structs import replace

from applications import decisions, letters_out, tiers
from applications.models import Application, Decision
from bureau.errors import MoveRefusedError
from bureau.models import Document
from tests.applications.windows import printed
from tests.factories.applications import FAMILY, check_due, checking, concluded, submitted
from verification.facts import DeclaredVehicle
from verification.models import Check

pytestmark = pytest.mark.django_db
S = Application.Status


@pytest.fixture
def fit(people, sources):
    return concluded(people, sources, "fit", "fit")


@pytest.fixture
def unfit(people, sources):
    return concluded(people, sources, "unfit-income", "unfit")


@pytest.fixture
def incomplete(people, sources):
    return concluded(people, sources, "two-banks-silent", "incomplete")


def page(case, name):
    return f"/applications/{case.reference}/{name}/"


def send(client, case, name, opinion="经审查，按规定办理。", token=None):
    now = Application.objects.get(pk=case.pk).status_since.isoformat() if token is None else token
    return client.post(page(case, name), {"opinion": opinion, "token": now})


def status_of(case):
    return Application.objects.get(pk=case.pk).status


def test_a_fit_household_is_granted_and_put_on_notice(people, as_user, fit):
    assert fit.status == S.CHECKED
    shown = as_user("housing").get(page(fit, "grant")).content.decode()
    assert "刘*明" in shown
    assert send(as_user("housing"), fit, "grant").status_code == 302
    assert status_of(fit) == S.ON_NOTICE
    decision = fit.decisions.get()
    assert (decision.outcome, decision.by) == (Decision.Outcome.GRANT, people["housing"])
    assert fit.notices.get().closed_at is None


def test_a_fit_household_cannot_be_refused(as_user, fit):
    assert as_user("housing").get(page(fit, "refuse")).status_code == 409
    assert send(as_user("housing"), fit, "refuse").status_code == 409
    assert status_of(fit) == S.CHECKED
    assert not fit.decisions.exists()


def test_an_unfit_household_is_refused_with_every_failed_criterion_in_the_letter(people, as_user, unfit):
    asked = as_user("housing").get(page(unfit, "refuse"))
    shown = asked.content.decode()
    failed = asked.context["failed"]
    assert [criterion.name for criterion in failed] == ["Income per person a month"]
    for criterion in failed:
        assert criterion.explanation
        assert criterion.found in shown
    assert send(as_user("housing"), unfit, "refuse").status_code == 302
    assert status_of(unfit) == S.REFUSED
    letter = Document.objects.of(unfit).get(kind="refusal")
    assert len(letter.data["failed"]) == len(failed)
    assert unfit.decisions.get().letter == letter


def test_the_letter_of_refusal_states_the_period_once_and_what_was_declared(people, unfit):
    decision = decisions.refuse(unfit, by=people["housing"], opinion="人均收入超过标准。")
    text = printed(decision.letter)
    assert "自收到之日起六十日内，向市人民政府申请行政复议" in text
    assert "（60日内）" not in text
    assert "--" not in text.replace(unfit.reference, "")
    assert "人均收入超过标准。" in text
    assert "一、人均收入超过标准。" not in text


@pytest.mark.parametrize(("plates", "said"), [(("苏M12345", "苏M12346"), "2辆"), ((), "未申报")])
def test_a_refusal_says_where_nothing_was_declared(plates, said):
    declared = replace(FAMILY, vehicles=tuple(DeclaredVehicle(owner="m1", plate=plate) for plate in plates))
    failed = {
        "name": "vehicles",
        "value": 3,
        "unit": "vehicles",
        "operator": "<=",
        "limit": 1,
        "reason": "vehicles.failed",
        "params": {"value": "3", "limit": "1", "operator": "<="},
        "article": "",
    }
    with translation.override("zh-hans"):
        assert letters_out.failed_criteria([failed], declared)[0].declared.replace(" ", "") == said


def test_a_return_notice_gives_every_point_a_row(people):
    case = submitted(people["window"])
    tiers.return_for_correction(case, by=people["street"], opinion="缺少收入证明；户口簿不清晰\n请补签名")
    notice = Document.objects.of(case).get(kind="return_notice")
    assert [each["problem"] for each in notice.data["corrections"]] == ["缺少收入证明", "户口簿不清晰", "请补签名"]
    text = printed(notice)
    assert "3请补签名" in text
    assert "如何补正" not in text
    assert "--" not in text


def test_the_receipt_tells_the_streets_last_day(people):
    case = submitted(people["window"])
    day = case.due_on
    text = printed(Document.objects.of(case).get(kind="receipt"))
    assert f"{day.year}年{day.month}月{day.day}日" in text.split("最迟日期")[1]
    assert "请报受理编号" in text


def test_the_report_names_the_paper_that_was_signed_once(fit):
    paper = Document.objects.of(fit).get(kind="authorisation")
    report = fit.current_check.conclusion.report
    assert report.data["authorisation"] == paper.number
    assert printed(report).count(paper.number) == 1


def test_an_unfit_household_cannot_be_granted(as_user, unfit):
    assert as_user("housing").get(page(unfit, "grant")).status_code == 409
    assert send(as_user("housing"), unfit, "grant").status_code == 409
    assert status_of(unfit) == S.CHECKED
    assert not unfit.notices.exists()


def test_an_incomplete_check_carries_no_decision_only_another_check(people, as_user, incomplete):
    for name in ("grant", "refuse"):
        assert send(as_user("housing"), incomplete, name).status_code == 409
    assert send(as_user("housing"), incomplete, "recheck", "两家银行未反馈，重新核对。").status_code == 302
    assert status_of(incomplete) == S.CHECK_DUE
    token = Application.objects.get(pk=incomplete.pk).status_since.isoformat()
    assert as_user("check").post(page(incomplete, "order"), {"token": token}).status_code == 302
    assert Check.objects.filter(subject=incomplete.reference).count() == 2


def test_only_a_housing_officer_decides(as_user, fit):
    outsiders = {"window": 403, "street": 403, "district": 403, "check": 403, "auditor": 403, "window2": 404}
    for person, status in outsiders.items():
        for name in ("grant", "recheck"):
            assert as_user(person).get(page(fit, name)).status_code == status, (person, name)
            assert send(as_user(person), fit, name).status_code == status, (person, name)
    assert status_of(fit) == S.CHECKED
    assert not fit.decisions.exists()


@pytest.mark.parametrize("name", ["grant", "refuse", "recheck"])
def test_nothing_is_decided_before_the_check_is_concluded(people, as_user, name):
    case = checking(people)
    assert send(as_user("housing"), case, name).status_code == 404
    assert not case.decisions.exists()


def test_two_officers_with_the_same_page_open_do_not_both_decide(people, as_user, fit):
    token = fit.status_since.isoformat()
    assert send(as_user("housing"), fit, "grant", token=token).status_code == 302
    late = send(as_user("housing"), fit, "recheck", token=token)
    assert late.status_code == 409
    assert status_of(fit) == S.ON_NOTICE
    assert fit.notices.filter(closed_at=None).count() == 1


def test_a_decision_needs_words(people, as_user, fit):
    answer = send(as_user("housing"), fit, "grant", opinion="   ")
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert status_of(fit) == S.CHECKED


def test_a_case_that_waits_for_its_check_cannot_be_sent_back_to_it(people):
    case = check_due(people)
    with pytest.raises(MoveRefusedError):
        decisions.have_checked_again(case, by=people["housing"], reason="x")


def test_the_overview_tells_the_conclusion_and_the_decision(people, as_user, unfit):
    send(as_user("housing"), unfit, "refuse", "人均收入超过标准。")
    steps = as_user("auditor").get(f"/applications/{unfit.reference}/").context["steps"]
    assert [step["state"] for step in steps] == ["done", "done", "done", "done", "stopped"]
    assert steps[4]["opinion"] == "人均收入超过标准。"
