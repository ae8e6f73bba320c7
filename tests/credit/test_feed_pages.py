"""The pages of feeds: officers make, hand over, bring in and reconcile; auditors read masked; others stay outside."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bureau import workdays
from bureau.models import AuditEntry
from credit import feed_replies, feeding
from credit.models import Batch, PriorNotice, Receipt, Reconciliation
from tests.factories import credit as given
from tests.factories import feeds as fed

pytestmark = pytest.mark.django_db
CITY = ["city-credit"]


def send(client, name, content, field="receipt"):
    file = SimpleUploadedFile("reply.txt", content)
    return client.post(reverse(name, args=CITY), {f"{field}-file": file})


@pytest.fixture
def batch(later):
    """One record was told."""
    fed.recorded(later)
    return fed.told(fed.city())


def address(batch, name="batch"):
    return reverse(f"credit:{name}", args=[batch.name])


def test_a_batch_goes_its_whole_way_through_the_doors(later, as_user):
    _case, key = fed.recorded(later)
    officer = as_user("credit")
    listed = officer.get(reverse("credit:feeds")).content.decode()
    assert "泰州市公共信用信息系统" in listed
    made = officer.post(reverse("credit:feed_make", args=CITY))
    batch = Batch.objects.get()
    assert made.url == address(batch)
    assert "To be handed over" in officer.get(made.url).content.decode()
    file = officer.post(address(batch, "batch_file"))
    assert (file.content, f"{batch.name}.txt" in file["Content-Disposition"]) == (feeding.content_of(batch), True)
    assert "Receipt awaited" in officer.get(made.url).content.decode()
    assert send(officer, "credit:feed_receipt", fed.receipt(batch, key)).url == address(batch)
    shown = officer.get(address(batch), {"errors": "1"}).content.decode()
    assert "主体名称与证件号码不一致" in shown
    again = officer.post(address(batch, "batch_rejected"))
    assert again.url == address(Batch.objects.latest("pk"))
    assert officer.post(address(batch, "batch_rejected")).status_code == 409


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda _content: b"", "The file is empty"),
        (lambda content: content[:-9], "cut short"),
        (lambda content: content.replace(b"|1|0|", b"|0|1|"), "does not fit the content"),
        (lambda content: content + "姓名".encode("gb18030"), "not written in utf-8"),
        (lambda _content: b"%PDF-1.7", "no such file"),
    ],
)
def test_a_receipt_that_cannot_be_used_says_why_and_nothing_is_written(as_user, batch, change, words):
    answer = send(as_user("credit"), "credit:feed_receipt", change(fed.receipt(batch)))
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not Receipt.objects.exists()


def test_a_receipt_of_an_unknown_batch_or_a_second_one_is_refused(as_user, batch):
    officer = as_user("credit")
    unknown = send(officer, "credit:feed_receipt", fed.receipt(batch, batch="TZZFBZ_LHCJ_20200101_0001"))
    assert "No batch TZZFBZ_LHCJ_20200101_0001 has gone" in unknown.content.decode()
    assert send(officer, "credit:feed_receipt", fed.receipt(batch)).status_code == 302
    assert "brought in already" in send(officer, "credit:feed_receipt", fed.receipt(batch)).content.decode()


def test_a_batch_is_sent_anew_after_a_reason(as_user, batch):
    officer, anew = as_user("credit"), address(batch, "batch_anew")
    assert officer.post(anew, {"reason": ""}).status_code == 422
    assert officer.post(anew, {"reason": "对方未收到"}).status_code == 302
    assert Batch.objects.latest("pk").note == "对方未收到"
    assert "对方未收到" in officer.get(address(batch)).content.decode()
    assert officer.post(anew, {"reason": "再发"}).status_code == 409


def test_a_reconciliation_is_set_right_with_a_button(as_user, batch):
    officer = as_user("credit")
    answer = send(officer, "credit:feed_reconcile", fed.holdings(fed.city(), {}), "holdings")
    found = Reconciliation.objects.get()
    assert answer.url == reverse("credit:reconciliation", args=[found.pk])
    shown = officer.get(answer.url).content.decode()
    assert "Missing there" in shown
    made = officer.post(reverse("credit:reconciliation_correct", args=[found.pk]))
    assert made.url == address(Batch.objects.latest("pk"))
    assert officer.post(reverse("credit:reconciliation_correct", args=[found.pk])).status_code == 409
    again = send(officer, "credit:feed_reconcile", fed.holdings(fed.city(), {}), "holdings")
    assert (again.status_code, "brought in already" in again.content.decode()) == (422, True)


def test_a_receiver_that_is_off_offers_nothing_and_makes_nothing(as_user):
    officer, off = as_user("credit"), ["central-bank"]
    shown = officer.get(reverse("credit:feed", args=off))
    assert ("This receiver is off" in shown.content.decode(), shown.context["may_work"]) == (True, False)
    assert officer.post(reverse("credit:feed_make", args=off)).status_code == 422


def test_what_is_held_back_is_shown_with_its_reason_until_the_party_is_told(later, as_user):
    case, _key = fed.recorded(later)
    bank, officer = fed.bank(), as_user("credit")
    feeding.make(bank, by=None)
    page = reverse("credit:feed", args=[bank.code])
    assert "The party has not been told before" in officer.get(page).content.decode()
    party = case.parties.get().subject
    told = {"prior_notice-subject": party.pk, "prior_notice-on": workdays.today(), "prior_notice-proof": "回证9号"}
    deed = reverse("credit:deed", args=[case.number, "prior_notice"])
    assert officer.post(deed, {**told, "prior_notice-on": given.day(1)}).status_code == 422
    assert officer.post(deed, told).status_code == 302
    assert PriorNotice.objects.get().proof == "回证9号"
    assert "回证9号" in officer.get(reverse("credit:case", args=[case.number])).content.decode()
    assert officer.post(deed, told).status_code == 409
    assert officer.post(reverse("credit:feed_make", args=[bank.code])).status_code == 302
    assert "has not been told" not in officer.get(page).content.decode()


def test_an_auditor_reads_masked_and_does_nothing(later, as_user, batch):
    key = batch.lines.get().record_key
    feed_replies.take_receipt(fed.city(), fed.receipt(batch, key), by=given.staff("credit"))
    feed_replies.reconcile(fed.city(), fed.holdings(fed.city(), {key: {}}), by=given.staff("credit"))
    found, auditor = Reconciliation.objects.get(), as_user("auditor")
    pages = (reverse("credit:feeds"), reverse("credit:feed", args=CITY), address(batch))
    for page in (*pages, reverse("credit:reconciliation", args=[found.pk])):
        shown = auditor.get(page)
        assert shown.status_code == 200, page
        assert "胡建军" not in shown.content.decode()
    posts = [reverse(f"credit:{name}", args=CITY) for name in ("feed_make", "feed_receipt", "feed_reconcile")]
    posts += [address(batch, name) for name in ("batch_file", "batch_rejected", "batch_anew")]
    for page in (*posts, reverse("credit:reconciliation_correct", args=[found.pk])):
        assert auditor.post(page).status_code == 403, page


@pytest.mark.parametrize("name", ["window", "street", "district", "check", "housing", "admin", "panel"])
def test_feeds_are_closed_to_others(as_user, batch, name):
    client = as_user(name)
    for page in (reverse("credit:feeds"), reverse("credit:feed", args=CITY), address(batch)):
        assert client.get(page).status_code == 403, page
    assert client.post(address(batch, "batch_file")).status_code == 403


def test_every_look_and_every_download_is_written_down_for_whom_it_showed(as_user, batch):
    officer, subject = as_user("credit"), batch.lines.get().subject
    officer.get(address(batch))
    officer.post(address(batch, "batch_file"))
    mine = AuditEntry.objects.filter(subject_kind="credit.subject", subject_id=subject.pk).order_by("pk")
    assert [(entry.action, entry.purpose) for entry in mine] == [("look", "credit"), ("download", "credit")]


def test_what_is_not_there_is_not_found(as_user):
    officer = as_user("credit")
    for page in ("/credit/feeds/nobody/", "/credit/feeds/batches/x/", "/credit/feeds/reconciliations/1/"):
        assert officer.get(page).status_code == 404


def test_a_page_has_as_many_queries_however_many_lines(later, as_user, django_assert_max_num_queries):
    for place, person in enumerate(fed.OTHERS):
        fed.recorded(later, about=person, origin=f"finding:{place}")
    batch, officer = fed.told(fed.city()), as_user("credit")
    for page, most in ((address(batch), 25), (reverse("credit:feed", args=CITY), 30), (reverse("credit:feeds"), 25)):
        with django_assert_max_num_queries(most):
            officer.get(page)


def test_the_pages_are_in_chinese_first(as_user, batch):
    client = as_user("credit", "zh-hans")
    shown = client.get(reverse("credit:feed", args=CITY)).content.decode()
    for words in ("信用报送", "导入回执", "待报送记录", "日常增量"):
        assert words in shown
