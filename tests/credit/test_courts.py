"""The lawyer's letter and proceedings: order, outcomes, and what they do to the record."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from bureau import workdays
from bureau.errors import NotAllowedError, UnfitDataError
from bureau.fields import blind_index
from credit import cases, courts, standing, stream
from credit.clocks import Kind
from credit.courts import Brought, Ended
from credit.models import Case, LawyersLetter, Lead, Proceeding, RegistryEvent
from credit.policies import Severity
from tests.factories import credit as given

pytestmark = pytest.mark.django_db
K, Outcome = Proceeding.Kind, Proceeding.Outcome


@pytest.fixture
def officer(people):
    """Who keeps the registry."""
    return people["credit"]


def letter(case, by, **more):
    """A lawyer's letter that leaves ten days."""
    values = {"firm": "江苏海陵律师事务所", "lawyer": "周正", "telephone": "0523-80000000", "days": 10, **more}
    return courts.send_lawyers_letter(case, by=by, **values)


def brought(case, by, kind=K.SUIT, **more):
    """A proceeding filed today."""
    values = {
        **{"kind": kind, "body": "泰州市海陵区人民法院", "number": "（2026）苏1202民初88号"},
        **{"filed_on": workdays.today(), "claim": "腾退住房并支付租金", **more},
    }
    return courts.bring(case, Brought(**values), by=by)


def ended(found, by, outcome, **more):
    """It ended today."""
    courts.conclude(found, Ended(outcome=outcome, **{"on": workdays.today(), "paper": "判决书88号", **more}), by=by)
    return found


def company(later):
    """An employer's record, which is published."""
    lead = given.lead(kind=Lead.Kind.REPORT, about=(given.COMPANY,), act_code="U01", text="虚开收入证明")
    return given.recorded(later, lead=lead, act_code="U01", actor_kind="employer", severity=Severity.MORE_SERIOUS)


def test_from_the_lawyers_letter_through_suit_and_enforcement_to_the_home(later, officer):
    case = given.recorded(later, act_code="F11", severity=Severity.SERIOUS)
    with pytest.raises(UnfitDataError, match="after a lawyer's letter has run out"):
        brought(case, officer)
    letter(case, officer)
    with pytest.raises(UnfitDataError, match="after a lawyer's letter has run out"):
        brought(case, officer)
    later(days=11)
    ended(brought(case, officer), officer, Outcome.WON)
    later(days=30)
    found = brought(case, officer, K.ENFORCEMENT, number="（2026）苏1202执9号")
    ended(found, officer, Outcome.ENFORCED, recovered=Decimal("1340.00"), home_recovered=True)
    until = standing.standing(blind_index(given.HUSBAND.identifier), on=workdays.today()).until
    assert (until.year, until.month) == (workdays.today().year + 5, workdays.today().month)
    assert case.happenings.get(event="home_returned").basis == "判决书88号"


@pytest.mark.parametrize(
    ("more", "words"),
    [({"firm": " "}, "law firm"), ({"telephone": ""}, "telephone"), ({"days": 0}, "at least one day")],
)
def test_a_lawyers_letter_that_does_not_fit_is_refused(later, officer, more, words):
    case = given.recorded(later)
    with pytest.raises(UnfitDataError, match=words):
        letter(case, officer, **more)
    assert not LawyersLetter.objects.exists()


def test_no_lawyers_letter_where_nothing_is_left_or_nothing_is_recorded(later, officer):
    with pytest.raises(UnfitDataError, match="recorded case"):
        letter(given.notified(lead=given.lead(origin="finding:9")), officer)
    case = given.recorded(later)
    cases.correct(case.cure_items.get(), by=officer, on=workdays.today(), proof="收据")
    with pytest.raises(UnfitDataError, match="has been done"):
        letter(case, officer)


@pytest.mark.parametrize("kind", [K.RECONSIDERATION, K.LAWSUIT])
def test_a_finding_that_is_revoked_falls_everywhere(later, officer, kind):
    case = given.recorded(later)
    ended(brought(case, officer, kind), officer, Outcome.REVOKED)
    case.refresh_from_db()
    assert case.status == Case.Status.REVOKED
    assert not standing.standing(blind_index(given.WIFE.identifier), on=workdays.today()).blocked
    assert stream.after(0)[-1].what == RegistryEvent.What.WITHDRAWN


def test_a_review_before_the_record_can_end_the_case(officer):
    case = given.notified()
    ended(brought(case, officer, K.RECONSIDERATION), officer, Outcome.REVOKED)
    case.refresh_from_db()
    assert case.status == Case.Status.REVOKED
    assert not case.sanctions.exists()


def test_a_review_that_upholds_leaves_everything(later, officer):
    case = given.recorded(later)
    before = list(case.sanctions.order_by("pk").values())
    ended(brought(case, officer, K.LAWSUIT), officer, Outcome.UPHELD)
    case.refresh_from_db()
    assert (case.status, list(case.sanctions.order_by("pk").values())) == (Case.Status.RECORDED, before)


def test_publication_stops_by_order_and_goes_on_after_the_outcome(later, officer):
    case = company(later)
    end = case.sanctions.get(kind=Kind.PUBLICATION).holds_until
    later(days=10)
    found = brought(case, officer, K.RECONSIDERATION, body="泰州市人民政府", number="泰政复〔2026〕7号")
    assert case.sanctions.holding(workdays.today()).filter(kind=Kind.PUBLICATION).exists()
    courts.stay(found, on=workdays.today(), order="停止执行通知书7号", by=officer)
    assert not case.sanctions.holding(workdays.today()).filter(kind=Kind.PUBLICATION).exists()
    assert case.sanctions.holding(workdays.today()).filter(kind=Kind.SHARING).exists()
    with pytest.raises(UnfitDataError, match="once"):
        courts.stay(found, on=workdays.today(), order="停止执行通知书8号", by=officer)
    later(days=50)
    ended(found, officer, Outcome.UPHELD)
    again = case.sanctions.holding(workdays.today()).get(kind=Kind.PUBLICATION)
    assert (again.holds_from, again.holds_until) == (workdays.today(), end)
    told = [each.what for each in stream.after(0, kinds=(Kind.PUBLICATION,))]
    assert told[0] == told[-1] == "recorded"
    assert "lifted" in told


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"number": " "}, "case number"),
        ({"claim": ""}, "claim"),
        ({"filed_on": 1}, "ahead"),
        ({"filed_on": -4000}, "before the case"),
    ],
)
def test_a_proceeding_that_does_not_fit_is_refused(later, officer, more, words):
    case = given.recorded(later)
    more = {name: given.day(value) if name == "filed_on" else value for name, value in more.items()}
    with pytest.raises(UnfitDataError, match=words):
        brought(case, officer, K.LAWSUIT, **more)
    assert not Proceeding.objects.exists()


def test_an_outcome_fits_its_kind_and_is_written_once(later, officer):
    case = given.recorded(later)
    found = brought(case, officer, K.LAWSUIT)
    with pytest.raises(UnfitDataError, match="does not end like this"):
        ended(found, officer, Outcome.WON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proceeding.objects.filter(pk=found.pk).update(outcome="won", outcome_on=workdays.today(), paper="x")
    with pytest.raises(UnfitDataError, match="judgment"):
        ended(found, officer, Outcome.UPHELD, paper=" ")
    ended(found, officer, Outcome.UPHELD)
    with pytest.raises(UnfitDataError, match="already"):
        ended(found, officer, Outcome.REVOKED)


def test_a_case_is_not_revoked_without_a_judgment(later, people):
    case = given.recorded(later)
    with pytest.raises(Exception, match="on file"):
        cases.revoke(case, by=people["credit"], paper="x")
    with pytest.raises(NotAllowedError):
        cases.revoke(case, by=people["auditor"], paper="x")
