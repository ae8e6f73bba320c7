"""The letters of a case: each goes out where the case does, says what it must, and can be read out of its PDF."""

from datetime import timedelta
from decimal import Decimal

import pypdfium2
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from bureau import letters, workdays
from bureau.errors import UnfitDataError
from bureau.models import Document
from credit import cases, deadlines, letters_out, moves, releasing
from credit.cases import ToDo
from credit.clocks import Event
from credit.letter_wording import Kind
from credit.models import CureItem, LetterText, Service
from credit.policies import Severity
from tests.factories import credit as given

GRADES = {"general": "“一般”", "more_serious": "“较重”", "serious": "“严重”"}
pytestmark = pytest.mark.django_db
THINGS = (
    ToDo("pay", "补缴租金", Decimal("1340.00")),
    ToDo("pay", "退还补贴", Decimal("60.50")),
    ToDo("file", "补报住房"),
)


def words(document) -> str:
    """The text of a letter's PDF without its line breaks."""
    pdf = pypdfium2.PdfDocument(letters.pdf_of(document))
    return "".join("".join(page.get_textpage().get_text_bounded() for page in pdf).split())


def chinese(day) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def says(document, *wanted) -> None:
    text = words(document)
    assert [each for each in wanted if "".join(each.split()) not in text] == []
    assert "{" not in text
    assert "（盖章）" in text
    assert document.number in text
    assert document.check_code in text


def kinds_of(case):
    return sorted(document.kind for document in Document.objects.of(case))


def employer(**more):
    """What makes a case one of a company that certified falsely."""
    lead = given.lead(kind="pattern", about=(given.COMPANY,), act_code="U01", text="出具虚假收入证明14份。")
    return {"lead": lead, "act_code": "U01", "actor_kind": "employer", **more}


@pytest.fixture(params=["person", "employer"])
def about(request, people):
    """Whom a case is about, as the factories take it: a family or a company; and how the letter calls it."""
    if request.param == "person":
        return {}, "胡建军", "你户"
    return employer(), "泰州市恒昌物业有限公司", "你单位"


def test_a_proposal_tells_facts_act_basis_severity_what_would_follow_and_the_right_to_be_heard(about):
    more, name, you = about
    case = given.proposed(**more)
    (letter,) = Document.objects.of(case)
    until = workdays.add_workdays(workdays.today(), 5)
    says(letter, "拟认定失信行为告知书", name, you, case.facts, case.act.name_zh, case.act.basis, GRADES[case.severity])
    says(letter, "自收到本告知书之日起5个工作日内", chinese(until), "与有关部门共享：自记入诚信档案之日起", "卷1")
    assert letter.number.startswith("泰房诚拟〔")
    assert given.HUSBAND.identifier not in words(letter)


def test_a_proposal_made_anew_is_a_letter_of_its_own(people):
    case = given.heard()
    cases.move(case, moves.GATHER_MORE, by=people["credit"], reason="补充登记材料")
    cases.propose(case, by=people["credit"])
    assert kinds_of(case) == ["credit_proposal", "credit_proposal"]


def test_a_notice_lists_exactly_what_is_to_be_corrected_with_amounts_sum_last_day_and_remedies(about):
    more, name, you = about
    case = given.issued(given.found_by_panel(**more), THINGS)
    letter = letters_out.latest(case, Kind.NOTICE)
    until = deadlines.cure_until_if_served(case, workdays.today())
    says(letter, "失信行为告知函", name, you, "构成“" + case.act.name_zh, "自收到本函之日起15日内", chinese(until))
    says(letter, "补缴租金 缴款 1,340.00 元", "退还补贴 缴款 60.50 元", "合计 -- 1,400.50 元", "补报住房")
    says(letter, f"你方于{chinese(workdays.today())}提出的陈述申辩", "六十日内", "六个月内", "与有关部门共享")


def test_the_notice_is_issued_once_after_its_list_and_closes_it(people):
    case, officer = given.found_by_panel(), people["credit"]
    with pytest.raises(UnfitDataError, match="List first"):
        cases.issue_notice(case, by=officer)
    cases.list_cures(case, by=officer, things=THINGS)
    cases.issue_notice(case, by=officer)
    for again in (
        lambda: cases.issue_notice(case, by=officer),
        lambda: cases.list_cures(case, by=officer, things=given.TODO),
    ):
        with pytest.raises(UnfitDataError):
            again()
    with pytest.raises(IntegrityError, match="closes the list"), transaction.atomic():
        CureItem.objects.create(case=case, kind="file", text="再补一项")
    assert case.cure_items.count() == 3


def test_no_notice_is_issued_before_the_panel_has_found_the_act(people):
    with pytest.raises(UnfitDataError, match="panel has found"):
        cases.issue_notice(given.seated(), by=people["credit"])


def test_a_letter_that_was_not_issued_is_not_served(people):
    case, today = given.found_by_panel(), workdays.today()
    attempt = cases.Attempt(way=cases.Way.HAND, on=today, proof="回证")
    with pytest.raises(UnfitDataError, match="not been issued"):
        cases.serve(case, Service.Letter.NOTICE, attempt, by=people["credit"])
    values = {"way": "hand", "tried_on": today, "proof": "回证", "by": people["credit"]}
    for unknown in ({"letter": "notice"}, {"letter": "proposal", "turn": 2}):
        with pytest.raises(IntegrityError, match="was issued"), transaction.atomic():
            case.services.create(**values, **unknown)


def test_who_corrects_in_time_is_told_that_nothing_is_recorded(about, people):
    more, name, you = about
    case = given.notified(things=THINGS, **more)
    for place, item in enumerate(case.cure_items.all(), start=1):
        cases.correct(item, by=people["credit"], on=workdays.today(), proof=f"凭证{place}号")
    cases.close_as_cured(case, by=people["credit"])
    letter = letters_out.latest(case, Kind.CURE)
    says(letter, "改正结案通知书", name, you, "不记入诚信档案", "凭证1号", "凭证3号", "1,340.00 元", "不予公示")
    says(letter, letters_out.latest(case, Kind.NOTICE).number, chinese(deadlines.cure_until(case)))


def test_record_and_repair_are_told_at_once_in_two_letters(about, later, people):
    more, name, you = about
    case = given.recorded(later, **more)
    record, repair = letters_out.latest(case, Kind.RECORD), letters_out.latest(case, Kind.REPAIR)
    today = workdays.today()
    three_years = today.replace(year=today.year + 3) - timedelta(days=1)
    says(
        record, "记入诚信档案通知书", name, you, "补报家庭住房情况", "失信等级“较重”", chinese(three_years), "六十日内"
    )
    says(record, letters_out.latest(case, Kind.NOTICE).number, "7个工作日内答复", "《信用修复告知书》")
    says(repair, "信用修复告知书", record.number, "3个工作日内", "7个工作日内", "与有关部门共享", "不收取任何费用")
    assert record.issued_on == repair.issued_on == today


def test_a_record_without_its_letters_is_no_record(later, people):
    case = given.after_time_to_correct(later, given.notified())
    LetterText.objects.filter(kind=Kind.REPAIR).update(effective_to="2020-01-01")
    with pytest.raises(UnfitDataError, match="An administrator enters it first"):
        cases.record(case, by=people["credit"])
    case.refresh_from_db()
    assert (case.status, letters_out.latest(case, Kind.RECORD)) == ("notified", None)


def test_a_record_that_waits_for_the_home_says_so(later, people):
    lead = given.lead(act_code="F08", text="将住房转租他人。")
    case = given.recorded(later, act_code="F08", lead=lead, severity=Severity.MORE_SERIOUS)
    says(letters_out.latest(case, Kind.NOTICE), "至住房退回之日起满3年止")
    says(letters_out.latest(case, Kind.RECORD), "住房退回之日起满3年")


def test_a_lawyer_demands_what_is_left(about, later, people):
    more, name, you = about
    case = given.recorded(later, things=THINGS, **more)
    cases.correct(case.cure_items.first(), by=people["credit"], on=workdays.today(), proof="缴款书")
    told = {"firm": "江苏凤城律师事务所", "lawyer": "许志远", "telephone": "0523-86000000", "days": 10}
    letter = letters_out.lawyers_letter(case, **told, by=people["credit"])
    says(letter, "律师函", name, you, "江苏凤城律师事务所", "许志远律师", "0523-86000000", "60.50 元", "补报住房")
    says(letter, chinese(given.day(10)), "提起诉讼或者申请强制执行")
    assert "1,340.00" not in words(letter)


def test_a_release_is_certified_once_with_what_ended_and_why(about, later, people):
    more, name, _you = about
    case = given.recorded(later, **more)
    since = workdays.today()
    later(to=since.replace(year=since.year + 3))
    releasing.release_due()
    (letter,) = [each for each in Document.objects.of(case) if each.kind == Kind.RELEASE]
    says(letter, "解除惩戒证明", name, case.act.name_zh, "期限届满", chinese(workdays.today() - timedelta(days=1)))
    assert letters_out.release_certificate(case) == letter
    assert letter.by is None


def test_nobody_stays_banned_because_a_text_is_missing(later, people):
    case = given.recorded(later)
    texts = LetterText.objects.filter(kind=Kind.RELEASE)
    texts.update(effective_to="2020-01-01")
    since = workdays.today()
    later(to=since.replace(year=since.year + 3))
    releasing.release_due()
    case.refresh_from_db()
    assert (case.status, letters_out.latest(case, Kind.RELEASE)) == ("released", None)
    texts.update(effective_to=None)
    says(cases.certify(case, by=people["credit"]), "期限届满")


def test_what_is_withdrawn_after_the_record_is_certified_to_have_ended(later, people):
    case = given.recorded(later)
    later(days=10)
    cases.withdraw(case, by=people["credit"], reason="法院判决撤销")
    says(letters_out.latest(case, Kind.RELEASE), "认定已撤销")
    with pytest.raises(UnfitDataError, match="once everything has ended"):
        cases.certify(case, by=people["credit"])


def test_a_repair_is_the_reason_that_the_certificate_gives(later, people):
    case = given.recorded(later, **employer())
    later(days=100)
    case.happenings.create(event=Event.REPAIRED, on=workdays.today(), basis="修复决定", by=people["credit"])
    says(letters_out.release_certificate(case), "信用修复", "向社会公示")


def test_a_letter_takes_the_text_of_its_day(later, people):
    old = LetterText.objects.get(kind=Kind.PROPOSAL, subject_kind="person")
    tomorrow = given.day(1)
    LetterText.objects.filter(pk=old.pk).update(effective_to=tomorrow)
    new = {"heading": "拟认定告知书（新版）", "text": old.text.replace("一案", "事项")}
    since = tomorrow + timedelta(days=1)
    LetterText.objects.create(kind=Kind.PROPOSAL, subject_kind="person", **new, effective_from=since)
    first = given.proposed()
    later(days=2)
    second = given.proposed(lead=given.lead(origin="finding:2"))
    says(letters_out.latest(first, Kind.PROPOSAL), "拟认定失信行为告知书")
    says(letters_out.latest(second, Kind.PROPOSAL), "拟认定告知书（新版）", "住房保障失信事项")


def test_facts_with_braces_and_markup_stay_as_they_are(people):
    lead = given.lead(text="登记为 {act.__class__} 与 {subject}，#panic() *粗*")
    letter = letters_out.latest(given.proposed(lead=lead), Kind.PROPOSAL)
    assert "登记为{act.__class__}与{subject}，#panic()*粗*" in words(letter)


def test_two_texts_of_one_letter_do_not_hold_on_one_day(people):
    old = LetterText.objects.get(kind=Kind.CURE, subject_kind="employer")
    values = {"kind": old.kind, "subject_kind": "employer", "heading": "x", "text": "y"}
    with pytest.raises(IntegrityError, match="letter_text_is_one_on_a_day"), transaction.atomic():
        LetterText.objects.create(**values, effective_from=workdays.today())


def test_the_letters_of_a_case_are_listed_and_opened_from_its_page(as_user):
    case = given.issued(given.found_by_panel())
    for name in ("credit", "panel"):
        shown = as_user(name).get(reverse("credit:case", args=[case.number]))
        assert {letter.kind for letter in shown.context["letters"]} == {"credit_proposal", "credit_notice"}
        for letter in shown.context["letters"]:
            address = reverse("document_pdf", args=[letter.pk])
            assert address in shown.content.decode()
            assert as_user(name).get(address)["Content-Type"] == "application/pdf"
    assert as_user("window").get(address).status_code == 404
    assert letter.number in as_user("auditor").get(reverse("check_document", args=[letter.check_code])).content.decode()
