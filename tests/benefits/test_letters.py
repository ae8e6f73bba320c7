"""The letters of benefits: issued by the deed that they tell of, in Chinese, with the facts of that day."""

from datetime import timedelta
from decimal import Decimal

import pypdfium2
import pytest
from django.utils import timezone, translation

from benefits import allotting, exits, letters_out, subsidies, tenancies
from benefits.arrears import Arrears
from benefits.models import Exit
from bureau import letters, typesetting
from bureau.models import Document
from tests.bureau.letter_samples import sample
from tests.bureau.letter_samples_of_benefits import KINDS
from tests.factories import benefits

pytestmark = pytest.mark.django_db


def read(document: Document) -> str:
    """The words of a letter as they stand on its paper, in one line."""
    pdf = pypdfium2.PdfDocument(letters.pdf_of(document))
    return "".join(page.get_textpage().get_text_bounded() for page in pdf).replace("\r", "").replace("\n", "")


def only(subject, kind: str) -> Document:
    return Document.objects.of(subject).get(kind=kind)


def has(text: str, *words: str) -> None:
    assert [word for word in words if word not in text] == []


HEADINGS = {
    "home_offer": "配租通知书",
    "lease": "公共租赁住房租赁合同",
    "order_to_leave": "腾退通知书",
    "rent_reminder": "催缴通知书",
    "subsidy_notice": "租赁补贴停发通知书",
    "review_notice": "年审告知书",
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_is_headed_by_the_name_that_the_pages_give_it(kind):
    with translation.override("zh-hans"):
        assert str(letters_out.TITLES["stopped" if kind == "subsidy_notice" else kind]) == HEADINGS[kind]
        if kind != "subsidy_notice":
            assert Document.Kind(kind).label == HEADINGS[kind]
    pdf = typesetting.render_pdf(kind, sample(kind), check_url="https://housing.example/check/X")
    assert HEADINGS[kind] in pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_bounded().splitlines()


def test_an_offer_says_which_home_what_it_costs_and_until_when(people, sources):
    turn = benefits.waiting(people, sources)
    offer = allotting.offer(turn, benefits.home(), by=people["housing"])
    assert offer.letter == only(turn, "home_offer")
    text = read(offer.letter)
    until = f"{offer.answer_by.year}年{offer.answer_by.month}月{offer.answer_by.day}日"
    has(
        text,
        turn.number,
        "凤城家园",
        "50.00 平方米",
        "200.00 元",
        until,
        "达到2次",
        "已有0次未接受",
        turn.policy.basis[:6],
    )


def test_a_lease_has_both_parties_the_home_the_rent_with_its_working_the_term_and_the_duties(people, sources):
    tenancy = benefits.signed(people, sources)
    contract = tenancy.contracts.get()
    assert contract.letter == only(tenancy, "lease")
    text = read(contract.letter)
    begins, ends = (f"{day.year}年{day.month}月{day.day}日" for day in (contract.begins_on, contract.ends_on))
    has(text, contract.number, tenancy.tenant_name, begins, ends, "200.00 元", "每平方米单价", "计算面积", "押金")
    has(text, "不得转借、转租", "三个月前申请", "六个月以上拖欠租金", "（盖章）")
    assert "（续租）" not in text


def test_a_renewal_says_that_it_is_one(people, sources):
    tenancy = benefits.running(people, sources)
    with benefits.later(35 * 30):
        contract = tenancies.renew(tenancy, by=people["housing"], months=12)
        assert "（续租）" in read(contract.letter)


def test_an_order_to_leave_has_the_reason_the_last_day_the_rent_after_it_and_the_rights(people, sources):
    tenancy = benefits.running(people, sources)
    facts = "家庭购房一套，不再符合条件。"
    found = exits.order_out(tenancy, reason=Exit.Reason.CHANGED, text=facts, by=people["housing"])
    assert found.letter == only(tenancy, "order_to_leave")
    text = read(found.letter)
    last = f"{found.leave_by.year}年{found.leave_by.month}月{found.leave_by.day}日"
    has(text, facts, last, "情况变化", "第三十一条", "第1至", "个月起", "元/月")
    has(text, "陈述申辩", "六十日内", "六个月内", "市人民政府", "人民法院")


def test_a_reminder_has_the_sum_the_months_and_the_ages(people, sources):
    tenancy = benefits.running(people, sources)
    nothing = Decimal("0.00")
    since = timezone.localdate() - timedelta(days=100)
    owing = Arrears(Decimal("600.00"), 3, since, (Decimal("400.00"), Decimal("200.00"), nothing, nothing))
    text = read(letters_out.reminder(tenancy, owing, by=None))
    has(text, tenancy.account.number, "3个月", "600.00 元", "不满3个月", "400.00 元", "3个月以上", "分期缴纳")
    assert "12个月以上" not in text


def test_a_subsidy_that_is_stopped_or_ended_is_told_with_month_and_reason(people, sources):
    grant = benefits.paid(people, sources)
    subsidies.stop(grant, from_month=grant.paid_from, reason="未参加年审", by=people["housing"])
    text = read(only(grant, "subsidy_notice"))
    has(
        text,
        "租赁补贴停发通知书",
        grant.number,
        f"{grant.paid_from.year}年{grant.paid_from.month}月",
        "未参加年审",
        "恢复",
    )
    found = exits.end_subsidy(grant, reason=Exit.Reason.CHANGED, text="收入超标。", by=people["housing"])
    has(read(found.letter), "租赁补贴终止通知书", "收入超标。", "可以重新申请")


@pytest.mark.parametrize("make", [benefits.running, benefits.paid])
def test_a_notice_of_the_review_says_until_when_to_report_and_what_follows(people, sources, make):
    subject, until = make(people, sources), timezone.localdate() + timedelta(days=30)
    text = read(letters_out.review_notice(subject, reports_until=until, by=people["housing"]))
    has(text, subject.number, f"{until.year}年{until.month}月{until.day}日", "主动如实申报变化的，不作为失信行为")
    assert ("补贴停发" in text) == (make is benefits.paid)


def test_a_letter_is_read_by_who_sees_the_case_and_by_nobody_else(people, sources, as_user):
    tenancy = benefits.signed(people, sources)
    address = f"/documents/{only(tenancy, 'lease').pk}/"
    assert as_user("housing").get(address).status_code == 200
    assert as_user("window2").get(address).status_code == 404
