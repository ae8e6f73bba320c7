"""Whatever is stuck stands on the board, with who is to act and the door to repair it, for whose work it is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications.models import Application, NoticeObjection, PublicNotice
from bureau import workdays
from bureau.models import Office, Posting
from credit import announcing
from credit.models import Announcement, Delivery, Lead, Partner, RegistryEvent, Service
from credit.serving import Way
from housing_credit.dashboard import fairness
from housing_credit.supervision import pages
from tests.factories import credit as given
from tests.factories import feeds
from tests.factories import figures as made
from tests.factories.cases import case_at, check_at
from tests.supervision.boards import board, objection
from verification import rounds
from verification.models import Check, Hold, Inquiry, Source

pytestmark = pytest.mark.django_db
TODAY = workdays.today()
MONTH_AGO = timezone.now() - timedelta(days=40)


def overdue(people, _later):
    case = case_at("at_street", keyed_by=people["window"])
    Application.objects.filter(pk=case.pk).update(due_on=TODAY - timedelta(days=3))


def notice_objections(people, _later):
    case = made.concluded_case(people["check"], "fit", at=timezone.now())
    notice = PublicNotice.objects.create(
        application=case, opens_on=TODAY, closes_on=TODAY + timedelta(days=5), masked_name="仲*妮", household_size=3
    )
    NoticeObjection.objects.create(notice=notice, text="有房", recorded_by=people["window"])


def failed_checks(people, _later):
    check = check_at("settled")
    Check.objects.filter(pk=check.pk).update(
        assess_failed_at=timezone.now(), assess_after=timezone.now(), assess_failure="KeyError in rules/income.py"
    )


def silent_checks(people, _later):
    check = check_at("assessed")
    source = Source.objects.first()
    Inquiry.objects.create(check_ordered=check, source=source, state="failed", reason="timeout")


def holds(people, _later):
    Hold.objects.create(
        source=Source.objects.first(), ground=Hold.Ground.OFFICER, reason="数据异常", held_by=people["check"]
    )


def paused_rounds(people, _later):
    opened = rounds.open_round("年度复核", {}, by=people["check"])
    rounds.pause(opened, by=people["check"], reason="来源维护，暂停。")


def late_objections(people, _later):
    objection(people)


def unproved(people, later):
    given.proposed()
    later(days=8)


def uncorrected(people, later):
    given.after_time_to_correct(later, given.notified())


def unvoted(people, later):
    given.seated()
    later(days=8)


def announcements(people, _later):
    case = given.proposed(lead=given.lead(kind=Lead.Kind.REPORT, by=people["credit"]))
    given.serve(case, Service.Letter.PROPOSAL, way=Way.POST, reached=False)
    announcing.write(case, by=people["credit"], medium="泰州日报")
    assert Announcement.objects.exists()


def leads(people, _later):
    lead = given.lead(kind=Lead.Kind.REPORT, by=people["credit"])
    Lead.objects.filter(pk=lead.pk).update(received_on=TODAY - timedelta(days=40))


def dead_deliveries(people, later):
    feeds.recorded(later)
    partner = Partner.objects.first()
    event = RegistryEvent.objects.first()
    Delivery.objects.create(partner=partner, event=event, state="dead", last_error="status 503")


MAKERS = [
    (overdue, {"housing", "check", "auditor"}),
    (notice_objections, {"housing", "auditor"}),
    (failed_checks, {"check", "auditor"}),
    (silent_checks, {"check", "auditor"}),
    (holds, {"check", "auditor"}),
    (paused_rounds, {"check", "auditor"}),
    (late_objections, {"check", "auditor"}),
    (unproved, {"credit", "auditor"}),
    (uncorrected, {"credit", "auditor"}),
    (unvoted, {"credit", "auditor"}),
    (announcements, {"check", "credit", "auditor"}),
    (leads, {"credit", "auditor"}),
    (dead_deliveries, {"credit", "auditor"}),
]


@pytest.mark.parametrize(("make", "sees"), MAKERS, ids=lambda value: getattr(value, "__name__", ""))
def test_what_is_stuck_stands_on_the_board_of_whose_work_it_is(make, sees, people, later, as_user):
    code = make.__name__
    for name in ("check", "credit", "auditor"):
        before = {kind["trouble"].code: kind["count"] for kind in board(people[name])}
        assert before.get(code, 0) == 0
    make(people, later)
    for name in ("housing", "check", "credit", "auditor"):
        kinds = {kind["trouble"].code: kind for kind in board(people[name])}
        expected = name in sees and not (make is overdue and name == "housing")  # she sees a case once it was checked
        assert bool(kinds.get(code, {"count": 0})["count"]) == expected, name
        page = as_user(name).get(f"/supervision/stuck/{code}/")
        assert page.status_code == (200 if code in kinds else 404)
        if expected:
            [line, *_more] = page.context["lines"]
            assert line.who
            [part] = [part for part, (_label, kinds) in pages.PARTS.items() if pages.TROUBLES[code] in kinds]
            assert line.name in as_user(name).get(f"/supervision/stuck/parts/{part}/").content.decode()
            assert as_user(name).get(line.url).status_code == 200


def test_the_button_of_a_row_repairs_it(people, as_user):
    silent_checks(people, None)
    [line] = as_user("check").get("/supervision/stuck/silent_checks/").context["lines"]
    assert as_user("check").post(line.post).status_code == 302
    assert as_user("check").get("/supervision/stuck/silent_checks/").context["lines"] == []


def test_who_only_reads_gets_no_button(people, later, as_user):
    silent_checks(people, later)
    dead_deliveries(people, later)
    for code in ("silent_checks", "dead_deliveries"):
        assert all(not line.post for line in as_user("auditor").get(f"/supervision/stuck/{code}/").context["lines"])


def test_many_of_a_kind_are_counted_and_cut(people, as_user):
    for _ in range(8):
        overdue(people, None)
    [kind] = [kind for kind in board(people["auditor"]) if kind["trouble"].code == "overdue"]
    assert (kind["count"], len(kind["lines"]), kind["is_cut"]) == (8, pages.SHOWN, True)
    assert "All 8" in as_user("auditor").get("/supervision/stuck/").content.decode()


def test_the_board_costs_a_bounded_number_of_queries(people, as_user, django_assert_max_num_queries):
    client = as_user("auditor")
    for _ in range(8):
        overdue(people, None)
        failed_checks(people, None)
    for address in ("/supervision/stuck/", *(f"/supervision/stuck/parts/{code}/" for code in pages.PARTS)):
        with django_assert_max_num_queries(34):
            client.get(address)
    with django_assert_max_num_queries(26):
        client.get("/supervision/")
    for group in fairness.GROUPS:
        with django_assert_max_num_queries(26):
            client.get(f"/supervision/fairness/{group.code}/")


def test_the_districts_stand_side_by_side_with_lists_behind_each_number(people, as_user):
    overdue(people, None)
    case_at("at_district", keyed_by=people["window"], office_code="321202002001")
    done = case_at("at_city", keyed_by=people["window"])
    Application.objects.filter(pk=done.pk).update(**{"status": "withdrawn"}, status_since=timezone.now())
    client = as_user("auditor")
    context = client.get("/supervision/").context
    [first] = [row for row in context["districts"] if any(cell["value"] for cell in row["cells"])]
    assert [cell["value"] for cell in first["cells"]] == [2, 1, 0, 0, 1, 1]
    for row in (first, context["total"], *context["desks"]):
        for cell in row["cells"]:
            if cell["value"]:
                assert client.get(cell["url"]).context["page"].paginator.count == cell["value"]


def test_an_auditor_of_another_district_sees_nothing_of_it(people, as_user):
    overdue(people, None)
    Posting.objects.filter(staff=people["auditor"]).delete()
    Posting.objects.create(staff=people["auditor"], office=Office.objects.get(code="321203"), role="auditor")
    kinds = {kind["trouble"].code: kind["count"] for kind in board(people["auditor"])}
    assert kinds["overdue"] == 0
    assert len(as_user("auditor").get("/supervision/").context["districts"]) == 1


def test_the_board_tells_the_first_part_at_once_and_asks_for_the_others(people, as_user):
    overdue(people, None)
    client = as_user("auditor")
    page = client.get("/supervision/stuck/").content.decode()
    assert 'id="cases"' in page
    assert 'id="overdue"' in page
    for code in ("benefits", "credit"):
        assert f'hx-get="/supervision/stuck/parts/{code}/"' in page
        alone = client.get(f"/supervision/stuck/parts/{code}/").content.decode()
        asked = client.get(f"/supervision/stuck/parts/{code}/", headers={"HX-Request": "true"}).content.decode()
        assert ("<html" in alone, "<html" in asked) == (True, False)
        assert all(f'id="{code}"' in text and "Nothing is stuck" in text for text in (alone, asked))


def test_a_part_in_which_somebody_sees_nothing_is_not_there_for_him(people, as_user):
    assert list(pages.parts_for(people["check"])) == ["cases", "credit"]
    assert as_user("check").get("/supervision/stuck/parts/benefits/").status_code == 404
    assert as_user("auditor").get("/supervision/stuck/parts/nothing/").status_code == 404
    assert as_user("window").get("/supervision/stuck/parts/cases/").status_code == 403


@pytest.mark.parametrize("name", ["window", "street", "district", "panel", "admin"])
def test_nobody_else_supervises(people, as_user, name):
    for address in ("/supervision/", "/supervision/stuck/", "/supervision/stuck/overdue/", "/supervision/fairness/"):
        assert as_user(name).get(address).status_code == 403
