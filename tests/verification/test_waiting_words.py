"""Who waits is told the truth of every source: what holds it up, until when, and that there is nothing to do."""

from datetime import time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from tests.factories.checks import order_scenario, orders_of
from verification import manual, orders, wording
from verification.models import Check, Hold, Inquiry, Maintenance, Round, Source
from verification.pages import progress_context
from verification.pages.progress import OPEN_TAGS
from verification.wording.inquiries import OPEN, open_state

pytestmark = pytest.mark.django_db
CODE = "icbc"


@pytest.fixture
def check(sources) -> Check:
    return order_scenario(sources, "fit")


@pytest.fixture
def source(check) -> Source:
    return Source.objects.get(code=CODE)


def row(check: Check) -> Inquiry:
    return check.inquiries.select_related("source").with_obstacles().get(source__code=CODE)


def change(**fields) -> None:
    Source.objects.filter(code=CODE).update(**fields)


def words(check: Check, language: str = "en") -> str:
    with translation.override(language):
        return wording.inquiry_words(row(check))


def test_never_asked_yet(check):
    assert open_state(row(check)) == "waiting"
    assert "is about to be asked" in words(check)


@pytest.mark.parametrize("ground", Hold.Ground.values)
def test_of_a_held_source_a_caseworker_learns_no_more_than_that_it_is_being_verified(check, source, ground):
    Hold.objects.create(source=source, ground=ground, reason="three control persons came back wrong")
    assert open_state(row(check)) == "held"
    text = words(check)
    assert "is being verified by the check centre" in text
    assert "control" not in text
    assert "核验中" in words(check, "zh-hans")


def test_a_hold_in_another_round_is_none_of_this_households(check, source):
    other = Round.objects.create(number="PC2026-0009", name="x", office_code="321200", status="running")
    Hold.objects.create(source=source, round=other, ground="officer", reason="x")
    assert open_state(row(check)) == "waiting"


def test_maintenance_says_until_when_and_only_while_it_lasts(check, source):
    now = timezone.now()
    Maintenance.objects.create(source=source, starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=2))
    assert open_state(row(check)) == "waiting"
    window = Maintenance.objects.create(source=source, starts_at=now, ends_at=now + timedelta(days=2))
    assert open_state(row(check)) == "maintained"
    assert f"until {timezone.localtime(window.ends_at):%Y-%m-%d %H:%M}" in words(check)


@pytest.mark.parametrize(
    ("begin", "end", "quiet"),
    [(-1, 1, True), (1, 2, False), (-2, -1, False), (1, -1, False), (-1, -2, True)],
    ids=["within", "before", "after", "over midnight, outside", "over midnight, within"],
)
def test_quiet_hours_say_until_when(check, begin, end, quiet):
    now = timezone.localtime()
    hours = [(now + timedelta(hours=each)).time().replace(second=0, microsecond=0) for each in (begin, end)]
    change(quiet_from=hours[0], quiet_to=hours[1])
    assert (open_state(row(check)) == "quiet") is quiet
    if quiet:
        assert f"from {hours[0]:%H:%M} to {hours[1]:%H:%M}" in words(check)


@pytest.mark.parametrize(("clock", "quiet"), [(time(21), False), (time(22), True), (time(2), True), (time(6), False)])
def test_quiet_hours_begin_with_their_first_minute_and_end_before_their_last(clock, quiet):
    assert Source(quiet_from=time(22), quiet_to=time(6)).is_quiet(clock) is quiet
    assert Source().is_quiet(clock) is False


def test_a_source_with_a_rate_lets_wait_ones_turn(check):
    change(per_minute=30)
    assert open_state(row(check)) == "rated"
    assert "30 households a minute" in words(check)


def test_a_paused_round_is_told(sources, people):
    mine = Round.objects.create(number="PC2026-0001", name="x", office_code="321200", status="paused")
    check = orders.place_many(orders_of(sources, "fit", 1), by=None, within=mine)[0]
    assert open_state(row(check)) == "paused"
    assert "round of this household is paused" in words(check)


def test_an_agreement_that_has_not_begun_is_told_with_its_day(sources):
    begins = timezone.localdate() + timedelta(days=10)
    change(agreement_from=begins)
    check = order_scenario(sources, "fit")
    assert row(check).state == "not_asked"
    assert f"begins on {begins.isoformat()}" in words(check)
    change(agreement_from=None)
    assert "no live authorisation" in words(check)


def test_on_a_request_list_its_number_and_since_when(check, source, people):
    found = manual.export(source, by=people["check"])
    assert open_state(row(check)) == "listed"
    text = words(check)
    assert found.number in text
    assert found.due_on.isoformat() in text


@pytest.mark.parametrize("paused", [True, False], ids=["in its pause", "between two probes"])
def test_of_a_source_that_is_down_it_is_told_since_when_and_how_long_it_is_waited_for(check, paused):
    well = timezone.now() - timedelta(days=1, hours=2)
    later = timezone.now() + timedelta(seconds=15)
    change(failures_in_row=10, last_success_at=well, open_until=later if paused else None, patience_hours=48)
    assert open_state(row(check)) == "resting"
    text = words(check)
    assert f"has not answered since {timezone.localtime(well):%Y-%m-%d %H:%M}" in text
    assert "Nothing for you to do" in text
    until = timezone.localtime(row(check).not_before + timedelta(hours=48))
    assert f"waited for until {until:%Y-%m-%d %H:%M}" in text
    change(patience_hours=None)
    assert "waited for" not in words(check)
    change(last_success_at=None)
    assert "has not answered so far" in words(check)


def test_what_was_given_up_unasked_says_so(check):
    Inquiry.objects.filter(pk=row(check).pk).update(state="failed", reason="unavailable")
    assert "is not waited for" in words(check)
    Inquiry.objects.filter(pk=row(check).pk).update(attempts=4)
    assert "after 4 tries" in words(check)


def test_a_hold_is_told_before_everything_that_the_source_itself_tells(check, source):
    Hold.objects.create(source=source, ground="officer", reason="x")
    change(failures_in_row=10, per_minute=3, quiet_from=time(0), quiet_to=time(23, 59))
    assert open_state(row(check)) == "held"


def test_every_state_has_words_in_both_languages_and_a_tag(check):
    assert set(OPEN) - {"never_well"} == set(OPEN_TAGS)
    for language in ("en", "zh-hans"):
        with translation.override(language):
            assert all(str(each) for each in OPEN.values())
    with translation.override("zh-hans"):
        assert not [name for name, each in OPEN.items() if str(each).isascii()]


def test_all_rows_of_a_check_are_told_in_as_many_queries_however_many_wait(check, source, people):
    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            progress_context(Check.objects.get(pk=check.pk), people["check"])
        return len(counted)

    before = queries()
    for each in Source.objects.order_by("pk")[:6]:
        Hold.objects.create(source=each, ground="canary", reason="x")
    now = timezone.now()
    for each in Source.objects.order_by("-pk")[:6]:
        Maintenance.objects.create(source=each, starts_at=now, ends_at=now + timedelta(hours=1))
    manual.export(source, by=people["check"])
    assert queries() <= before


def test_the_page_of_who_waits_and_the_api_say_the_same(check, source, as_user):
    Hold.objects.create(source=source, ground="flood", reason="share of hits 40 %")
    client = as_user("check")
    page = client.get(f"/checks/{check.number}/progress/").content.decode()
    assert "is being verified by the check centre" in page
    assert "share of hits" not in page
    told = client.get(f"/api/v1/checks/{check.number}").json()["inquiries"]
    assert next(each["words"] for each in told if each["source"] == CODE) in page
    listed = client.get("/api/v1/inquiries").json()["results"]
    assert "share of hits" not in str(listed)
