"""Five years of one family and of one cheat, through the doors."""

import re
from datetime import date
from decimal import Decimal

import pytest

from applications import guards
from applications.models import Application
from benefits import duties, ledger, life_events, plans, reviews, self_reports
from benefits.models import Entry, Home, Plan, Reminder, Review, Tenancy
from bureau import workdays
from credit import grading, releasing
from credit.models import Case, Lead
from credit.policies import Letter
from tests.factories.later import FLAT, tell
from tests.journeys import credit_case, tenant
from tests.journeys.years import Years, approved, page, years

pytestmark = pytest.mark.django_db
RENT = Decimal("200.00")  # 50 m² at 4.00
RAW = re.compile(r"\b[a-z]+_[a-z_]+\b")


@pytest.fixture
def it(people, sources, as_user):
    with years(date(2024, 3, 4), sources, as_user) as calendar:
        yield calendar


def pays_every_month(it, home, until):
    while workdays.today() < until:
        tenant.month_passes(it)
        tenant.pays(it, home, ledger.owed(home.account))


def stopped(case):
    """Whether the window refuses somebody of the household."""
    return bool(guards.barred({bytes(row.id_index): row.name for row in case.members.all()}))


def history(it, home, who="housing"):
    return it.as_(who).open(page("benefits:tenancy_part", home.number, "history")).text


def in_order(text, *words):
    """Each of these stands on the page, the newest first."""
    places = [text.index(word) for word in words]
    assert places == sorted(places), [text[place : place + 60] for place in places]


def test_a_family_applies_lives_falls_behind_pays_it_off_buys_a_flat_and_leaves(it: Years, people):
    case = approved(it, people)
    home = tenant.housed(it, case)

    # It pays for some months, then somebody falls ill.
    pays_every_month(it, home, date(2024, 6, 1))
    for _month in range(4):
        tenant.month_passes(it)
    assert Reminder.objects.get(tenancy=home).referred_on is None
    assert ledger.arrears_of([home.account], on=workdays.today())[home.account_id].months == 3

    # Instalments are agreed and kept: the registry never hears of it.
    days = [date(2024, 10, 15), date(2024, 11, 15), date(2024, 12, 15)]
    tenant.account_deed(it, home, "plan", first="200.00", first_on=days[0].isoformat(), more="2")
    for day in days:
        it.to(day)
        tenant.pays(it, home, 2 * RENT)
        tenant.month_passes(it)
    tenant.pays(it, home, ledger.owed(home.account))
    assert plans.states_of([Plan.objects.get()], on=workdays.today())[Plan.objects.get().pk].way == "kept"
    assert not Lead.objects.exists()

    # Reviewed and found as it was.
    review = tenant.review_opens(people, "2025年度年审")
    tenant.window_closes(it, review.review_round)
    assert tenant.checked(it, review, "fit").status == Review.Status.RENEWED

    # Years later it buys a flat, says so in time, and leaves of itself.
    pays_every_month(it, home, date(2028, 5, 1))
    review = tenant.review_opens(people, "2028年度年审")
    bought = life_events.Event(kind="home_got", member="m1", on=workdays.today(), area=Decimal("84"), address="海陵区")
    self_reports.take(review, [bought], by=people["window"], words="已购商品房，愿意退房。")
    tenant.deed(it, home, "leave", reason="voluntary", text="购房后自愿退出。")
    it.on(20)
    tenant.deed(it, home, "give_back", on=workdays.today().isoformat(), condition="完好，钥匙三把已收。")
    assert it.as_("cashier").refused(page("benefits:account_deed", home.account.number, "close")) == 409
    over = -ledger.owed(home.account)  # the days after the keys were back
    assert over > 0
    tenant.account_deed(it, home, "refund", amount=str(over), reference="JS-TUI-1")
    tenant.account_deed(it, home, "close")
    assert home.status == Tenancy.Status.ENDED
    assert (ledger.owed(home.account), home.account.entries.filter(kind=Entry.Kind.RECOVERY).count()) == (0, 0)
    reviews.take_up_due()
    review.refresh_from_db()
    assert review.status == Review.Status.OVER

    # Nothing is held against it, and it may apply anew.
    case.refresh_from_db()
    assert case.status == Application.Status.CLOSED
    assert not Lead.objects.exists()
    assert not stopped(case)
    grades = {grading.grade(bytes(row.id_index), on=workdays.today()).letter for row in case.members.all()}
    assert grades == {Letter.A}
    assert Home.objects.get(pk=home.home_id).status == Home.Status.REPAIR
    in_order(
        history(it, home),
        *("Account settled; the tenancy has ended", "Home given back", "The household leaves of itself"),
        *("The household reported its changes", "Review passed: renewed as before", "Instalments kept to the end"),
        *("Instalments agreed", "Reminded of the rent", "Home handed over", "Lease signed", "Home offered"),
        *("On the waiting list", "approved", "To be granted", "Check ordered", "Handed in", "Draft opened"),
    )


def test_a_cheat_is_found_announced_banned_sued_put_out_and_released(it: Years, people, sources):
    case = approved(it, people)
    home = tenant.housed(it, case)
    pays_every_month(it, home, date(2025, 1, 1))

    # The yearly review finds a flat that nobody told of.
    it.to(date(2025, 2, 3))
    review = tenant.review_opens(people, "2025年度年审")
    tenant.window_closes(it, review.review_round)
    tell(sources, "fit", {(0, "housing_bureau"): [FLAT]})
    review = tenant.checked(it, review, "unfit")
    assert review.status == Review.Status.CHECKING, "an officer decides"
    findings = [each.finding.pk for each in duties.candidates(review) if not each.why_not]
    duties.refer_findings(review, findings, by=people["housing"])
    reviews.send_out(review, text="名下另有住房一套，未按规定申报，不再符合保障条件。", by=people["housing"])
    lead = Lead.objects.get(kind="finding")

    # The registry: found by the panel, announced because nobody can be reached, recorded, banned for five years.
    wrong = credit_case.opened(it, lead, act_code="F04", graver=True)
    credit_case.found(it, wrong, "serious")
    credit_case.deed(it, wrong, "cures", kind="hand_back", text="腾退住房")
    credit_case.deed(it, wrong, "notice")
    credit_case.announced(it, wrong)
    assert not stopped(case)
    credit_case.recorded(it, wrong)
    assert stopped(case)

    # It does not go: lawyer's letter, suit, enforcement; the home and the rent come back.
    for _month in range(3):
        tenant.month_passes(it)
    tenant.deed(it, home, "go_to_court", reason="逾期未腾退")
    firm = {"firm": "江苏海陵律师事务所", "lawyer": "周正", "telephone": "0523-80000000", "days": "10"}
    credit_case.deed(it, wrong, "lawyer", **firm)
    it.on(11)
    today = workdays.today().isoformat()
    court = {"body": "泰州市海陵区人民法院", "claim": "腾退住房、支付租金", "amount": "3000.00", "filed_on": today}
    credit_case.deed(it, wrong, "bring", kind="suit", number="（2025）苏1202民初88号", **court)
    suit = wrong.proceedings.get()
    credit_case.deed(it, wrong, "conclude", proceeding=suit.pk, outcome="won", on=today, paper="判决书")
    it.on(60)
    today = workdays.today().isoformat()
    court["filed_on"] = today
    credit_case.deed(it, wrong, "bring", kind="enforcement", number="（2025）苏1202执9号", **court)
    tenant.deed(it, home, "give_back", on=today, condition="法院强制腾退，室内完好。")
    owed = ledger.owed(home.account)
    assert owed > 0
    tenant.pays(it, home, owed)
    execution = wrong.proceedings.get(kind="enforcement")
    result = {"outcome": "enforced", "on": today, "paper": "结案通知书", "recovered": str(owed), "home_recovered": "on"}
    credit_case.deed(it, wrong, "conclude", proceeding=execution.pk, **result)
    recovered = home.account.entries.get(kind=Entry.Kind.RECOVERY)
    assert recovered.amount == owed
    tenant.account_deed(it, home, "close")
    assert home.status == Tenancy.Status.ENDED
    case.refresh_from_db()
    assert case.status == Application.Status.CLOSED
    assert stopped(case), "the ban outlives the tenancy"

    # The ban ends by itself.
    until = wrong.sanctions.filter(kind="ban").order_by("-pk")[0].holds_until
    assert until.year - date(2025, 1, 1).year >= 5
    it.to(until)
    assert not stopped(case)
    releasing.release_due()
    assert Case.objects.get(pk=wrong.pk).status == Case.Status.RELEASED
    told = history(it, home, "auditor")
    in_order(
        told,
        *("Account settled; the tenancy has ended", "Home given back", "Taken to court", "Ordered to leave"),
        *("Confirmed finding referred", "Finding confirmed", "Yearly review opened", "Home handed over"),
    )
    assert wrong.number in told
    assert not RAW.findall(told), "every event is told in words"
