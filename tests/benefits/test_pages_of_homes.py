"""What there is to let, and who waits for it, through the doors."""

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.models import Application
from benefits import allotting
from benefits.models import AllotmentPolicy, Estate, Home, Offer, Turn
from tests.benefits.doors import address, do, offered, page
from tests.factories import benefits

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
NEW, ESTATE = reverse("benefits:homes_new"), reverse("benefits:estate_new")


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def flats(text: str, estate: Estate) -> dict[str, object]:
    return {"estate": estate.pk, "building": "7", "has_lift": "on", "flats": text}


class TestEntering:
    def test_an_estate_and_several_flats_are_entered_at_once(self, people, as_user):
        officer = as_user("housing")
        form = {"name": "新丰家园", "address": "泰州市海陵区新丰路", "office_code": "321202001"}
        assert officer.post(ESTATE, form).url == NEW
        estate = Estate.objects.get(name="新丰家园")
        assert officer.post(NEW, flats("301 3 48.60 2\n\n302 3 59.8 3\n", estate)).status_code == 302
        rows = list(Home.objects.filter(estate=estate).order_by("unit"))
        assert [(row.unit, row.rooms, row.has_lift, row.status) for row in rows] == [
            ("301", 2, True, "vacant"),
            ("302", 3, True, "vacant"),
        ]
        assert rows[0].number.startswith(f"FY{TODAY().year}-")
        assert "Home entered" in page(officer, rows[0]).content.decode()

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("301 3 48.60", "Line 1 cannot be read"),
            ("301 3 48.60 2\n302 x 48.60 2", "Line 2 cannot be read"),
            ("301 3 0 2", "cannot be right"),
            ("301 3 48.60 2\n301 3 48.60 2", "Entered already or twice: 301"),
            ("", "required"),
        ],
    )
    def test_what_cannot_be_read_is_named_by_its_line_and_nothing_is_entered(self, people, as_user, text, words):
        before = Home.objects.count()
        answer = as_user("housing").post(NEW, flats(text, Estate.objects.first()))
        assert (answer.status_code, words in answer.content.decode()) == (422, True)
        assert Home.objects.count() == before

    def test_a_flat_that_is_there_is_not_entered_again(self, people, as_user):
        estate = Estate.objects.first()
        assert as_user("housing").post(NEW, flats("301 3 48.60 2", estate)).status_code == 302
        assert as_user("housing").post(NEW, flats("301 3 48.60 2\n302 3 48.60 2", estate)).status_code == 422
        assert Home.objects.filter(estate=estate, building="7").count() == 1

    def test_an_estate_has_a_name_of_its_own(self, people, as_user):
        form = {"name": Estate.objects.first().name, "address": "x", "office_code": "321202001"}
        answer = as_user("housing").post(ESTATE, form)
        assert (answer.status_code, "There is an estate" in answer.content.decode()) == (422, True)

    @pytest.mark.parametrize("name", ["window", "street", "check", "auditor", "credit", "admin"])
    def test_nobody_but_a_housing_officer_enters(self, people, as_user, name):
        for url in (NEW, ESTATE):
            assert as_user(name).get(url).status_code == 403
            assert as_user(name).post(url, {}).status_code == 403


class TestHomes:
    def test_a_home_is_taken_out_and_put_back_with_a_note(self, people, as_user):
        home, officer = benefits.home(), as_user("housing")
        assert offered(officer, home) == {"to_repair", "take_out"}
        assert do(officer, home, "to_repair", reason=" ").status_code == 422
        assert do(officer, home, "to_repair", reason="水管漏水").status_code == 302
        assert fresh(home).status == Home.Status.REPAIR
        assert do(officer, home, "ready", reason="已修复").status_code == 302
        assert do(officer, home, "take_out", reason="拆迁").status_code == 302
        shown = page(officer, home).content.decode()
        for words in ("水管漏水", "拆迁", "Taken out of use"):
            assert words in shown
        assert officer.get(address(home, "to_repair")).status_code == 409

    def test_who_only_reads_has_no_buttons_and_the_wrong_office_no_page(self, people, as_user):
        home = benefits.home()
        for name in ("street", "auditor"):
            assert offered(as_user(name), home) == set()
            assert as_user(name).post(address(home, "take_out"), {"reason": "x"}).status_code == 403
        for name in ("window", "window2", "check", "credit", "admin"):
            assert page(as_user(name), home).status_code == 404

    def test_the_list_is_filtered_and_bounded(self, people, as_user, django_assert_max_num_queries):
        home, client = benefits.home(rooms=3), as_user("housing")
        url = reverse("benefits:homes")
        assert {tab["label"]: tab["count"] for tab in client.get(url).context["tabs"]}["Vacant"] == Home.objects.count()
        found = client.get(f"{url}?estate={home.estate_id}&rooms=3&tab=vacant").context["page"]
        assert found.paginator.count == Home.objects.filter(estate=home.estate, rooms=3).count()
        assert client.get(f"{url}?estate=x&rooms=q&tab=nothing").status_code == 200
        with django_assert_max_num_queries(15):
            client.get(url)
        for name in ("window", "check", "credit"):
            assert as_user(name).get(url).status_code == 403


class TestTheWaitingList:
    def test_a_place_says_why_it_stands_there_and_who_stands_before(self, people, sources, as_user):
        turn = benefits.waiting(people, sources)
        other = benefits.waiting(people, sources, "fit-single-elder")
        Turn.objects.filter(pk=other.pk).update(rooms=turn.rooms, rank=99)
        first, second = (page(as_user("street"), row) for row in (turn, other))
        assert "Nobody: it is this household" in first.content.decode()
        assert second.context["place"] == 2
        assert [row["row"].number for row in second.context["before"]] == [turn.number]
        shown = second.content.decode()
        assert turn.application.applicant_name not in shown
        assert turn.policy.basis[:4] in shown
        listed = as_user("housing").get(reverse("benefits:waiting")).context["rows"]
        assert {row["row"].number: row["place"] for row in listed} == {turn.number: 1, other.number: 2}

    def test_whoever_is_passed_over_is_passed_over_with_a_reason(self, people, sources, as_user):
        turn, officer = benefits.waiting(people, sources), as_user("housing")
        other = benefits.waiting(people, sources, "fit-single-elder")
        Turn.objects.filter(pk=other.pk).update(rooms=turn.rooms, rank=99)
        home = benefits.home()
        refused = do(officer, other, "offer", home=home.number, reason="")
        assert (refused.status_code, turn.number in refused.content.decode()) == (409, True)
        assert not Offer.objects.exists()
        assert do(officer, other, "offer", home=home.number, reason="前一家庭要求一楼，本套为五楼").status_code == 302
        assert "本套为五楼" in page(officer, other).content.decode()

    def test_only_homes_that_fit_are_offered_in_the_form(self, people, sources, as_user):
        turn, officer = benefits.waiting(people, sources), as_user("housing")
        small, fitting = benefits.home(rooms=turn.rooms - 1), benefits.home(rooms=turn.rooms)
        choices = dict(officer.get(address(turn, "offer")).context["form"].fields["home"].choices)
        assert fitting.number in choices
        assert small.number not in choices
        assert do(officer, turn, "offer", home=small.number, reason="").status_code == 422

    def test_the_window_writes_a_refusal_down_and_takes_nothing_back(self, people, sources, as_user):
        turn, clerk = benefits.waiting(people, sources), as_user("window")
        allotting.offer(turn, benefits.home(), by=people["housing"])
        assert offered(clerk, turn) == {"refuse"}
        assert do(clerk, turn, "take_back", reason="x").status_code == 403
        assert do(clerk, turn, "refuse", reason="").status_code == 422
        assert do(clerk, turn, "refuse", reason="离工作地太远").status_code == 302
        assert turn.offers.get().reason == "离工作地太远"
        assert do(clerk, turn, "refuse", reason="再次").status_code == 409

    def test_who_gives_up_may_apply_anew(self, people, sources, as_user):
        turn = benefits.waiting(people, sources)
        assert do(as_user("street"), turn, "give_up", reason="x").status_code == 403
        assert do(as_user("window"), turn, "give_up", reason="已购房").status_code == 302
        assert fresh(turn).status == Turn.Status.GIVEN_UP
        assert turn.application.__class__.objects.get(pk=turn.application_id).status == Application.Status.CLOSED
        assert not turn.application.members.filter(live=True).exists()

    def test_who_is_no_longer_fit_falls_out_by_an_officer(self, people, sources, as_user):
        turn = benefits.waiting(people, sources)
        assert do(as_user("window"), turn, "fall_out", reason="x").status_code == 403
        assert do(as_user("housing"), turn, "fall_out", reason="收入超标").status_code == 302
        assert fresh(turn).status == Turn.Status.UNFIT

    def test_the_list_is_bounded_and_closed_to_others(self, people, sources, as_user, django_assert_max_num_queries):
        turn, url = benefits.waiting(people, sources), reverse("benefits:waiting")
        for query in (f"?q={turn.number}", f"?rooms={turn.rooms}", "?tab=waiting", "?group=x&due=y"):
            assert turn.number in as_user("window").get(url + query).content.decode(), query
        assert turn.number not in as_user("window").get(f"{url}?due=open").content.decode()
        assert as_user("window2").get(url).context["rows"] == []
        client = as_user("auditor")
        with django_assert_max_num_queries(15):
            client.get(url)
        assert as_user("credit").get(url).status_code == 403


def test_the_policy_of_allotment_is_entered_by_an_administrator(people, as_user):
    policy = AllotmentPolicy.objects.first()
    url = f"/admin/benefits/allotmentpolicy/{policy.pk}/change/"
    assert as_user("admin").get(url).status_code == 200
    assert as_user("housing").get(url).status_code == 403
