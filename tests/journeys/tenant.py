"""What becomes of an approved household, through the doors: waiting, housed, paying or not, reviewed, gone."""

from collections.abc import Mapping
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from applications.models import Application
from benefits import allotting, billing, chasing, plans, review_rounds, reviews
from benefits.models import Home, Review, ReviewRound, Tenancy, Turn
from benefits.rent import month_after
from bureau import workdays
from bureau.models import Staff
from tests.benefits import bank
from tests.factories import benefits as given
from tests.journeys.years import Years, concluded, page

People = Mapping[str, Staff]


def housed(it: Years, case: Application) -> Tenancy:
    """On the waiting list by itself, offered a home, signed for five years, moved in."""
    allotting.register_due()
    turn = Turn.objects.get(application=case)
    home = given.home()
    it.as_("housing").open(page("benefits:turn_deed", turn.number, "offer")).send(home=home.number)
    it.on(3)
    it.as_("housing").open(page("benefits:turn_deed", turn.number, "accept")).send(months="60")
    tenancy = Tenancy.objects.get(application=case)
    deed(it, tenancy, "hand_over")
    assert tenancy.status == Tenancy.Status.RUNNING
    assert Home.objects.get(pk=home.pk).status == Home.Status.LET
    return tenancy


def deed(it: Years, tenancy: Tenancy, name: str, who: str = "housing", **values: object) -> None:
    """One deed on the page of the tenancy."""
    it.as_(who).open(page("benefits:tenancy_deed", tenancy.number, name)).send(**values)
    tenancy.refresh_from_db()


def month_passes(it: Years) -> None:
    """The first of the next month: rents are billed, who is behind is reminded, then referred."""
    it.to(month_after(workdays.today()))
    billing.bill_due()
    chasing.remind_due()
    chasing.refer_due()
    plans.note_due()


def pays(it: Years, tenancy: Tenancy, amount: Decimal) -> None:
    """The bank's statement of today, which the cashier brings in, has a line that names the tenancy."""
    today = workdays.today()
    line = (today, str(amount), tenancy.tenant_name, f"房租 {tenancy.number}", f"JS{today:%Y%m%d}{tenancy.pk:04d}")
    file = SimpleUploadedFile(f"{today:%Y%m%d}.csv", bank.statement(line), "text/csv")
    it.as_("cashier").open(page("benefits:statements")).send(file=file)


def account_deed(it: Years, tenancy: Tenancy, name: str, **values: object) -> None:
    """One deed on the page of its rent account."""
    it.as_("cashier").open(page("benefits:account_deed", tenancy.account.number, name)).send(**values)
    tenancy.refresh_from_db()


def review_opens(people: People, name: str) -> Review:
    """A yearly review of everyone who is in benefit."""
    found = review_rounds.open_round(name, ["public_rental"], "321200", by=people["housing"])
    return found.reviews.get()


def window_closes(it: Years, found: ReviewRound) -> None:
    """Nobody reports any more: who is still in benefit is checked."""
    it.to(found.reports_until)
    it.on(1)
    review_rounds.order_due()
    review_rounds.fill_due()


def checked(it: Years, review: Review, outcome: str) -> Review:
    """The sources have answered, and the check officer concludes."""
    review.refresh_from_db()
    assert review.check_ordered is not None
    concluded(it, review.check_ordered, outcome)
    reviews.take_up_due()
    review.refresh_from_db()
    return review
