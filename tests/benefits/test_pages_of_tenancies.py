"""A household through the doors: from the offer to the keys, and out again."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from benefits import exits, ledger
from benefits.models import Exit, Home, RentTerm, Tenancy, Turn
from bureau.fields import blind_index
from bureau.models import AuditEntry, Document, Relative
from tests.benefits.doors import address, do, offered, page
from tests.factories import benefits

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
PARTS = ("contracts", "rents", "exits", "letters", "timeline", "history")


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_a_household_goes_from_the_list_to_the_keys_and_out_again(people, sources, as_user):
    officer, turn, home = as_user("housing"), benefits.waiting(people, sources), benefits.home()
    assert offered(officer, turn) == {"offer", "give_up", "fall_out"}
    assert do(officer, turn, "offer", home=home.number, reason="").url == address(turn)
    assert offered(officer, turn) == {"accept", "refuse", "take_back"}
    accepted = do(officer, turn, "accept", months="24")
    tenancy = Tenancy.objects.get()
    assert accepted.url == address(tenancy)
    assert fresh(turn).status == Turn.Status.HOUSED
    assert offered(officer, tenancy) == {"hand_over", "call_off"}
    assert do(officer, tenancy, "hand_over").url == address(tenancy)
    assert offered(officer, tenancy) == {"change_rent", "order_out", "leave"}
    facts = "家庭购房一套，不再符合条件。"
    assert do(officer, tenancy, "order_out", reason="changed", text=facts).status_code == 302
    shown = page(officer, tenancy).content.decode()
    assert facts in shown
    assert offered(officer, tenancy) >= {"let_stay", "give_back"}
    back = {"on": str(TODAY()), "condition": "完好，钥匙两把", "damage": ""}
    assert do(officer, tenancy, "give_back", **back).status_code == 302
    assert "closes the account" in page(officer, tenancy).content.decode()
    left = ledger.owed(tenancy.account)  # the rent of one day
    ledger.receive(tenancy.account, amount=left, on=TODAY(), reference="NB1", by=people["cashier"])
    exits.settle(tenancy, by=people["cashier"])
    assert fresh(tenancy).status == Tenancy.Status.ENDED
    assert offered(officer, tenancy) == set()
    history = page(officer, tenancy, "history").content.decode()
    for words in ("On the waiting list", "Home offered", "Lease signed", "Ordered to leave", "the tenancy has ended"):
        assert words in history


def test_every_part_opens_in_both_languages_and_says_what_is_there(people, sources, as_user):
    tenancy = benefits.running(people, sources)
    ledger.bill(tenancy.account, month=TODAY(), amount=Decimal("200.00"), due_on=TODAY(), by=None)
    words = {
        "contracts": (tenancy.contracts.get().number, "合同编号"),
        "rents": ("200.00", "每平方米单价"),
        "exits": ("Nothing has been said", "尚无退出事项"),
        "letters": (Document.objects.of(tenancy).get().number, "公共租赁住房租赁合同"),
        "timeline": ("Home handed over", "已交房"),
        "history": ("billed CNY 200.00", "账单 200.00 元"),
    }
    for part in PARTS:
        english, chinese = words[part]
        assert english in page(as_user("housing"), tenancy, part).content.decode()
        assert chinese in page(as_user("housing", "zh-hans"), tenancy, part).content.decode()
    overview = page(as_user("housing", "zh-hans"), tenancy).content.decode()
    assert "应缴余额" in overview
    assert tenancy.tenant_name not in overview


@pytest.mark.parametrize("name", ["window", "street", "district", "check", "auditor"])
def test_who_works_on_the_case_reads_and_only_a_housing_officer_does(people, sources, as_user, name):
    tenancy = benefits.running(people, sources)
    client = as_user(name)
    assert page(client, tenancy).status_code == 200
    assert offered(client, tenancy) == set()
    assert client.get(address(tenancy, "order_out")).status_code == 403
    assert client.post(address(tenancy, "leave"), {"reason": "death", "text": "x"}).status_code == 403
    assert not Exit.objects.exists()


@pytest.mark.parametrize("name", ["window", "street", "check", "housing", "auditor"])
def test_every_part_that_is_offered_opens(people, sources, as_user, name):
    tenancy, client = benefits.running(people, sources), as_user(name)
    parts = [part["url"] for part in page(client, tenancy).context["subnav"]]
    assert len(parts) == 7 + (name in {"housing", "auditor"})
    assert [client.get(url).status_code for url in parts] == [200] * len(parts)


@pytest.mark.parametrize("name", ["window2", "credit", "panel", "cashier", "admin"])
def test_whom_it_does_not_concern_finds_nothing(people, sources, as_user, name):
    tenancy = benefits.running(people, sources)
    client = as_user(name)
    for part in ("", *PARTS):
        assert page(client, tenancy, part).status_code == 404
    assert client.get(address(tenancy, "order_out")).status_code == 404


def test_the_account_is_shown_to_who_keeps_the_ledger_and_who_audits_it(people, sources, as_user):
    tenancy = benefits.running(people, sources)
    assert page(as_user("housing"), tenancy).context["money"]["owed"] == 0
    assert page(as_user("auditor"), tenancy).context["money"]["owed"] == 0
    assert page(as_user("street"), tenancy).context["money"] is None


def test_every_look_is_written_down_under_the_tenancy_and_the_case(people, sources, as_user):
    tenancy = benefits.running(people, sources)
    page(as_user("auditor"), tenancy, "rents")
    looks = AuditEntry.objects.filter(staff=people["auditor"], fields=["rents"])
    assert {(row.reference, row.purpose) for row in looks} == {
        (tenancy.number, "audit"),
        (tenancy.application.reference, "audit"),
    }


def test_an_auditor_reads_notes_without_the_names_of_the_household(people, sources, as_user):
    tenancy = benefits.running(people, sources)
    exits.leave(tenancy, reason=Exit.Reason.VOLUNTARY, text=f"{tenancy.tenant_name}迁往外地。", by=people["housing"])
    assert tenancy.tenant_name in page(as_user("housing"), tenancy, "timeline").content.decode()
    for part in ("", "exits", "timeline", "history"):
        assert tenancy.tenant_name not in page(as_user("auditor"), tenancy, part).content.decode(), part


def test_what_is_wrong_stands_in_the_form_and_nothing_is_written(people, sources, as_user):
    tenancy, officer = benefits.running(people, sources), as_user("housing")
    assert do(officer, tenancy, "order_out", reason="changed", text="").status_code == 422
    assert do(officer, tenancy, "order_out", reason="death", text="x").status_code == 422
    assert not Exit.objects.exists()
    exits.leave(tenancy, reason=Exit.Reason.VOLUNTARY, text="迁往外地。", by=people["housing"])
    ahead = str(TODAY() + timedelta(days=2))
    answer = do(officer, tenancy, "give_back", on=ahead, condition="完好", damage="")
    assert (answer.status_code, "or ahead" in answer.content.decode()) == (422, True)
    assert officer.get(address(tenancy, "order_out")).status_code == 409
    assert fresh(tenancy).status == Tenancy.Status.RUNNING


def test_a_page_that_is_old_writes_nothing(people, sources, as_user):
    tenancy, officer = benefits.signed(people, sources), as_user("housing")
    first = officer.get(address(tenancy, "hand_over")).context["form"].initial["token"]
    Tenancy.objects.filter(pk=tenancy.pk).update(status_since=timezone.now())
    assert officer.post(address(tenancy, "hand_over"), {"token": first}).status_code == 409
    assert fresh(tenancy).status == Tenancy.Status.SIGNED


def test_nobody_acts_for_a_relative(people, sources, as_user):
    tenancy = benefits.running(people, sources)
    member = tenancy.application.members.first()
    Relative.objects.create(staff=people["housing"], person_index=blind_index(member.id_number), relation="兄弟")
    assert offered(as_user("housing"), tenancy) == set()
    assert as_user("housing").get(address(tenancy, "leave")).status_code == 403


def test_a_rent_is_changed_from_a_month_that_has_not_been_billed(people, sources, as_user):
    tenancy, officer = benefits.running(people, sources), as_user("housing")
    month = TODAY().replace(day=1)
    Tenancy.objects.filter(pk=tenancy.pk).update(billed_until=month)
    shown = officer.get(address(tenancy, "change_rent"))
    assert "CNY 200.00" in shown.content.decode()
    offered_months = [value for value, _label in shown.context["form"].fields["from_month"].choices]
    assert month.isoformat() not in offered_months
    assert do(officer, tenancy, "change_rent", from_month=month.isoformat(), reason="年审").status_code == 422
    assert do(officer, tenancy, "change_rent", from_month=offered_months[0], reason="年审").status_code == 302
    assert tenancy.rents.filter(kind=RentTerm.Kind.REVIEW).get().reason == "年审"


def test_the_list_is_filtered_counted_and_read_in_a_bounded_number_of_queries(
    people, sources, as_user, django_assert_max_num_queries
):
    tenancy, client = benefits.running(people, sources), as_user("housing")
    shown = client.get("/benefits/tenancies/")
    assert tenancy.number in shown.content.decode()
    assert {tab["label"]: tab["count"] for tab in shown.context["tabs"]}["Tenancy running"] == 1
    assert tenancy.number not in client.get("/benefits/tenancies/?tab=ended").content.decode()
    assert tenancy.number not in client.get("/benefits/tenancies/?due=ends").content.decode()
    with benefits.later(34 * 30 + 20):
        assert tenancy.number in as_user("housing").get("/benefits/tenancies/?due=ends").content.decode()
    exits.order_out(tenancy, reason=Exit.Reason.BREACH, text="转租。", by=people["housing"])
    assert tenancy.number not in client.get("/benefits/tenancies/?due=late").content.decode()
    with benefits.later(20):
        assert tenancy.number in as_user("housing").get("/benefits/tenancies/?due=late").content.decode()
    assert as_user("window2").get("/benefits/tenancies/").context["rows"] == []
    with django_assert_max_num_queries(15):
        client.get("/benefits/tenancies/")
    assert as_user("credit").get("/benefits/tenancies/").status_code == 403


def test_a_home_tells_who_lives_there_and_what_happened_to_it(people, sources, as_user):
    tenancy, officer = benefits.running(people, sources), as_user("housing")
    shown = page(officer, tenancy.home).content.decode()
    for words in (tenancy.number, "Let", "Kept for a household", tenancy.offer.turn.number):
        assert words in shown
    assert tenancy.tenant_name not in shown
    assert offered(officer, tenancy.home) == set()
    assert AuditEntry.objects.filter(reference=tenancy.application.reference, staff=people["housing"]).exists()
    assert fresh(tenancy.home).status == Home.Status.LET
