"""Subsidies through the doors, the figures on the desk, and the search."""

import pytest
from django.urls import reverse
from django.utils import timezone

from benefits import allotting, subsidies
from benefits.models import Grant
from bureau.models import AuditEntry, Document
from tests.benefits.doors import address, do, offered, page
from tests.factories import benefits

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
ACCOUNT = "6228480012345678901"
PARTS = ("amounts", "exits", "letters", "timeline", "history")


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def granted(people, sources) -> Grant:
    case = benefits.approved(people, sources, kind="rental_subsidy")
    subsidies.grant_due()
    return Grant.objects.get(application=case)


def test_a_subsidy_goes_its_whole_way_through_the_doors(people, sources, as_user):
    grant, clerk, officer = granted(people, sources), as_user("window"), as_user("housing")
    assert offered(clerk, grant) == {"set_up"}
    wrong = do(clerk, grant, "set_up", bank="工行", account="12", rent_paid="")
    assert (wrong.status_code, "12 to 30 digits" in wrong.content.decode()) == (422, True)
    assert do(clerk, grant, "set_up", bank="江苏银行", account=ACCOUNT, rent_paid="").status_code == 302
    assert fresh(grant).status == Grant.Status.RUNNING
    assert offered(clerk, grant) == {"correct_account"}
    assert do(clerk, grant, "correct_account", bank="工行", account="622848001234567").status_code == 302
    month = officer.get(address(grant, "stop")).context["form"].fields["from_month"].choices[1][0]
    assert do(officer, grant, "stop", from_month=month, reason="未参加年审").status_code == 302
    assert offered(officer, grant) == {"correct_account", "resume", "end"}
    assert do(officer, grant, "resume", reason="已补办年审").status_code == 302
    month = officer.get(address(grant, "change_amount")).context["form"].fields["from_month"].choices[0][0]
    assert do(officer, grant, "change_amount", from_month=month, reason="年审").status_code == 302
    assert do(officer, grant, "end", reason="changed", text="收入超标。").status_code == 302
    assert fresh(grant).status == Grant.Status.ENDED
    shown = {part: page(officer, grant, part).content.decode() for part in PARTS}
    assert "Standard area of such a household" in shown["amounts"]
    assert "收入超标。" in shown["exits"]
    assert all(letter.number in shown["letters"] for letter in Document.objects.of(grant))
    for words in ("Subsidy stopped", "Subsidy resumed", "Subsidy ended", "Benefit ended"):
        assert words in shown["history"]


def test_the_bank_account_is_masked_and_shown_on_the_record(people, sources, as_user):
    grant = benefits.paid(people, sources)
    url = reverse("benefits:subsidy_reveal", args=[grant.number])
    for name in ("window", "auditor"):
        assert ACCOUNT not in page(as_user(name), grant).content.decode()
    assert ACCOUNT in as_user("window").post(url).content.decode()
    assert ACCOUNT in as_user("window").post(url, headers={"hx-request": "true"}).content.decode()
    look = AuditEntry.objects.filter(action="reveal", reference=grant.number).first()
    assert (look.staff.username, look.fields) == ("window", ["bank_account"])
    assert as_user("auditor").post(url).status_code == 403
    assert as_user("window2").post(url).status_code == 404
    assert as_user("window").get(url).status_code == 302


@pytest.mark.parametrize("name", ["street", "check", "auditor"])
def test_who_reads_has_no_buttons(people, sources, as_user, name):
    grant = benefits.paid(people, sources)
    assert offered(as_user(name), grant) == set()
    assert as_user(name).get(address(grant, "stop")).status_code == 403


@pytest.mark.parametrize("name", ["window2", "credit", "cashier", "admin"])
def test_whom_it_does_not_concern_finds_nothing(people, sources, as_user, name):
    grant = benefits.paid(people, sources)
    for part in ("", *PARTS):
        assert page(as_user(name), grant, part).status_code == 404


def test_the_list_is_bounded_and_shows_no_name(people, sources, as_user, django_assert_max_num_queries):
    grant, url = benefits.paid(people, sources), reverse("benefits:subsidies")
    client = as_user("housing", "zh-hans")
    with django_assert_max_num_queries(15):
        shown = client.get(f"{url}?tab=running&q={grant.number}").content.decode()
    assert grant.number in shown
    assert grant.payee not in shown
    assert grant.number not in client.get(f"{url}?tab=stopped").content.decode()


class TestTheDeskAndTheSearch:
    def test_each_figure_leads_to_the_list_that_makes_it(self, people, sources, as_user):
        tenancy = benefits.signed(people, sources)
        turn = benefits.waiting(people, sources, "fit-single-elder")
        allotting.offer(turn, benefits.home(rooms=1), by=people["housing"])
        officer = as_user("housing")
        figures = {row["label"]: row for row in officer.get("/").context["figures"]}
        expected = {
            "Homes to hand over": tenancy.number,
            "Offers to be answered": turn.number,
            "Homes vacant": None,
            "Households waiting": None,
            "Offers not answered": None,
            "Leases that end": None,
            "Households that stay on": None,
        }
        for label, number in expected.items():
            listed = officer.get(figures[label]["url"])
            assert listed.context["page"].paginator.count == figures[label]["value"], label
            assert number is None or number in listed.content.decode()
        assert figures["Homes to hand over"]["value"] == figures["Offers to be answered"]["value"] == 1

    def test_the_search_finds_a_benefit_by_its_number_within_scope(self, people, sources, as_user):
        tenancy = benefits.signed(people, sources)
        for subject in (tenancy, tenancy.offer.turn, tenancy.home):
            assert as_user("housing").post("/search/", {"q": subject.number.lower()}).url == address(subject)
        account = as_user("cashier").post("/search/", {"q": tenancy.account.number})
        assert account.url == reverse("benefits:account", args=[tenancy.account.number])
        assert as_user("window2").post("/search/", {"q": tenancy.number}).status_code == 200
        assert AuditEntry.objects.filter(action="search", purpose=f"{tenancy.number} → 1").exists()

    def test_the_menu_leads_to_what_one_may_open(self, people, as_user):
        for name, count in (("housing", 4), ("street", 4), ("window", 3), ("auditor", 4), ("credit", 0), ("admin", 0)):
            menu = as_user(name).get("/").context["menu"]
            items = [item for group in menu for item in group["items"] if item["url"].startswith("/benefits/")]
            own = [item for item in items if item["url"].count("/") == 3 and not item["url"].endswith("new/")]
            assert len([item for item in own if item["url"].split("/")[2] in PAGES]) == count, name
            for item in own:
                assert as_user(name).get(item["url"]).status_code == 200, (name, item["url"])


PAGES = {"homes", "waiting", "tenancies", "subsidies"}


@pytest.mark.parametrize(("lang", "words"), [("en", "Months left out"), ("zh-hans", "停发期间")])
def test_the_months_that_a_stop_left_out_stand_on_the_page(people, sources, as_user, lang, words):
    grant = benefits.paid(people, sources)
    first = grant.paid_from
    with benefits.later(62):
        subsidies.stop(grant, from_month=first, reason="未参加年审", by=people["housing"])
        subsidies.resume(grant, reason="已补办年审", by=people["housing"])
        last = grant.pauses.get().last_month
        client = as_user("housing")
        client.cookies["django_language"] = lang
        shown = page(client, grant).content.decode()
    assert words in shown
    assert (f"{first:%Y-%m} to {last:%Y-%m}" if lang == "en" else f"{first:%Y-%m} 至 {last:%Y-%m}") in shown
