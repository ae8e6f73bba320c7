"""The pages of yearly reviews and visits, through the doors: who may, what is shown, what is written down."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from benefits import duties, exits, visits
from benefits.models import Exit, Review, ReviewRound, Visit
from bureau.models import AuditEntry
from credit.models import Lead
from tests import papers
from tests.factories import benefits, later
from tests.factories import credit as given
from tests.factories import reviews as made

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def tenancy(people, sources):
    return benefits.running(people, sources)


def token(client, url):
    return client.get(url).context["token"]


def do(client, subject, kind, deed, **data):
    url = reverse(f"benefits:{kind}_deed", args=[subject.number, deed])
    return client.post(url, {"token": token(client, url), **data})


def test_a_review_from_opening_to_its_close(people, as_user, sources, tenancy):
    housing, window, check = as_user("housing"), as_user("window"), as_user("check")
    answer = housing.post(
        reverse("benefits:review_new"), {"name": "2026年审", "kinds": ["public_rental"], "area": "321200"}
    )
    found = ReviewRound.objects.get()
    assert answer.url == reverse("benefits:review_round", args=[found.number])
    member = tenancy.application.members.order_by("key").first()
    for wanted in (tenancy.number.lower(), member.id_number):
        answer = window.post(reverse("benefits:review_find"), {"q": wanted})
        assert answer.status_code == 302
    page = window.get(answer.url)
    assert page.status_code == 200
    report = {"token": page.context["token"], "made_on": TODAY(), "kind_1": "income", "member_1": "m1"}
    assert window.post(answer.url, report | {"amount_1": "52000", "words_1": "涨薪", "words": ""}).status_code == 302
    row = found.reviews.get()
    assert row.reports.get().events[0]["kind"] == "income"
    assert do(check, found, "review_round", "order_checks").status_code == 302
    made.checked(ReviewRound.objects.get(), people)
    shown = housing.get(reverse("benefits:review", args=[row.number])).content.decode()
    assert "Income has changed" in shown
    assert "In time" in shown
    listed = as_user("street").get(reverse("benefits:review_round", args=[found.number]))
    assert [each["row"].pk for each in listed.context["rows"]] == [row.pk]
    answer = do(housing, row, "review", "renew_review", reason="符合条件")
    assert answer.status_code == 302
    assert do(housing, found, "review_round", "close").status_code == 302
    assert ReviewRound.objects.get().status == "closed"


def test_a_hidden_flat_is_seen_referred_and_the_household_sent_out(people, as_user, sources, tenancy):
    later.tell(sources, "fit", {(0, "housing_bureau"): [later.FLAT]})
    [row] = made.checked(made.opened(people), people)
    housing = as_user("housing")
    page = housing.get(reverse("benefits:review", args=[row.number]))
    labels = [action["label"] for action in page.context["actions"]]
    assert labels == ["End the benefit", "Refer what was not reported"]
    assert AuditEntry.objects.filter(staff=people["housing"], subject_kind="benefits.review").exists()
    [flat] = [each for each in duties.candidates(row) if not each.why_not]
    assert do(housing, row, "review", "refer", findings=[flat.finding.pk]).status_code == 302
    assert do(housing, row, "review", "send_out", text="家庭购房。").status_code == 302
    assert Lead.objects.get().act.code == "F04"
    assert Exit.objects.get().reason == Exit.Reason.CHANGED
    shown = housing.get(reverse("benefits:tenancy_part", args=[tenancy.number, "exits"])).content.decode()
    assert "Last day to leave" in shown
    assert housing.get(reverse("benefits:review_deed", args=[row.number, "renew_review"])).status_code == 409


def test_pages_of_reviews_are_for_who_works_on_them(people, as_user, tenancy):
    found = made.opened(people)
    row = found.reviews.get()
    for who, status in (("admin", 403), ("window", 403), ("street", 403), ("housing", 200)):
        assert as_user(who).get(reverse("benefits:review_new")).status_code == status
    for who, status in (("admin", 403), ("street", 403), ("check", 403), ("window", 200)):
        assert as_user(who).get(reverse("benefits:review_find")).status_code == status
    for who, status in (("window2", 404), ("credit", 404), ("window", 200), ("auditor", 200)):
        assert as_user(who).get(reverse("benefits:review", args=[row.number])).status_code == status
        assert as_user(who).get(reverse("benefits:review_round", args=[found.number])).status_code == status
    assert as_user("window").post(reverse("benefits:review_find"), {"q": "GZ0000-1"}).status_code == 422
    assert as_user("window").get(reverse("benefits:review", args=["NS2026-x"])).status_code == 404


def test_a_visit_is_planned_made_on_a_telephone_and_confirmed(people, as_user, tenancy):
    housing, street = as_user("housing"), as_user("street")
    plan = {"area": "321200", "percent": "10", "due_on": TODAY()}
    assert housing.post(reverse("benefits:visit_new"), plan).status_code == 302
    visit = Visit.objects.get()
    assert street.get(reverse("benefits:visits")).context["rows"][0]["row"] == visit
    room = SimpleUploadedFile("room.png", papers.picture(), "image/png")
    found = {"finding": "vacant", "words": "多次敲门无人", "on": TODAY(), "photograph": room}
    assert do(street, visit, "visit", "record", **(found | {"words": ""})).status_code == 422
    room.seek(0)
    assert do(street, visit, "visit", "record", **found).status_code == 302
    page = street.get(reverse("benefits:visit", args=[visit.number]))
    assert page.context["actions"] == []
    photo = visit.photographs.get()
    opened = street.get(reverse("benefits:visit_photograph", args=[visit.number, photo.pk]))
    assert b"".join(opened.streaming_content if opened.streaming else [opened.content]) == papers.picture()
    assert as_user("window2").get(reverse("benefits:visit", args=[visit.number])).status_code == 404
    assert do(housing, visit, "visit", "confirm", reason="邻居证实").status_code == 302
    assert Lead.objects.get().kind == Lead.Kind.MISUSE
    assert do(housing, visit, "visit", "order_out", text="连续空置").status_code == 302
    assert Visit.objects.get().exit.reason == Exit.Reason.BREACH


def test_a_credit_case_leads_to_the_homes_behind_it(people, as_user, tenancy):
    exits.order_out(tenancy, reason=Exit.Reason.CHANGED, text="家庭购房。", by=people["housing"])
    with benefits.later(17):
        duties.refer_due_stays()
    case = given.case(lead=Lead.objects.get(), act_code="F12")
    page = as_user("credit").get(reverse("benefits:credit_case", args=[case.number]))
    assert page.status_code == 200
    assert tenancy.number in page.content.decode()
    assert as_user("credit").get(reverse("credit:case", args=[case.number])).status_code == 200
    assert as_user("window").get(reverse("benefits:credit_case", args=[case.number])).status_code == 404
    stages = as_user("housing").get(reverse("benefits:tenancy_part", args=[tenancy.number, "exits"])).content.decode()
    assert "Credit case opened" in stages


def test_the_lists_ask_as_often_for_many_as_for_one(people, as_user, tenancy, django_assert_max_num_queries):
    found = made.opened(people)
    visits.plan("321200", percent=100, due_on=TODAY(), by=people["housing"])
    client = as_user("housing")
    client.get(reverse("benefits:reviews"))
    for address in (
        reverse("benefits:reviews"),
        reverse("benefits:review_round", args=[found.number]),
        reverse("benefits:visits"),
    ):
        with django_assert_max_num_queries(22):
            assert client.get(address).status_code == 200
    assert Review.objects.count() == 1
