"""Lists, home page and search: what a person sees of the cases, and what not."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from msgspec.structs import replace

from applications import tiers
from applications.models import Application
from bureau import masks
from bureau.models import AuditEntry
from tests.factories.applications import FAMILY, FATHER, MOTHER, at_district, draft, submitted
from verification.facts import Declared

pytestmark = pytest.mark.django_db
QUEUE = "/applications/"


def another_family(number: int):
    """A household of one, with an ID number of its own."""
    digits = f"32129919800101{number:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    check = "10X98765432"[sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11]
    return Declared(
        persons=(replace(FATHER, id_number=digits + check, name="周" + "一二三四五六七八九十"[number % 10]),)
    )


def test_a_submitted_case_is_on_the_desk_of_its_street_and_nobody_elses(people, as_user):
    case = submitted(people["window"])
    assert case.reference in as_user("street").get(QUEUE).content.decode()
    for other in ("window2", "district", "check", "housing"):
        assert case.reference not in as_user(other).get(QUEUE).content.decode()


def test_the_tabs_count_what_their_lists_show(people, as_user):
    submitted(people["window"])
    client = as_user("street")
    counts = {tab["label"]: tab["count"] for tab in client.get(QUEUE).context["tabs"]}
    assert counts == {"To do": 1, "Under way": 1, "Done": 0, "All": 1}
    for tab in ("todo", "open", "all"):
        assert len(client.get(QUEUE, {"tab": tab}).context["rows"]) == 1
    assert len(client.get(QUEUE, {"tab": "done"}).context["rows"]) == 0


def test_a_draft_is_its_windows_own(people, as_user):
    case = draft(people["window"])
    assert case.reference in as_user("window").get(QUEUE).content.decode()
    for other in ("street", "district", "check", "auditor"):
        assert case.reference not in as_user(other).get(QUEUE, {"tab": "all"}).content.decode()


def test_the_list_is_in_the_order_of_the_due_date_and_can_be_turned_round(people, as_user):
    later, sooner = (submitted(people["window"], another_family(number)) for number in (1, 2))
    Application.objects.filter(pk=later.pk).update(due_on=date(2027, 3, 2))
    Application.objects.filter(pk=sooner.pk).update(due_on=date(2027, 3, 1))
    client = as_user("street")

    def shown(sort=""):
        return [row.case.pk for row in client.get(QUEUE, {"sort": sort}).context["rows"]]

    assert shown() == [sooner.pk, later.pk]
    assert shown("-due") == [later.pk, sooner.pk]
    assert shown("no such column") == [sooner.pk, later.pk]


def test_filters_narrow_the_list_together(people, as_user):
    rental = submitted(people["window"], another_family(1))
    subsidy = submitted(people["window"], another_family(2), kind="rental_subsidy")
    Application.objects.filter(pk=subsidy.pk).update(due_on=date(2020, 1, 2))
    client = as_user("street")

    def shown(**filters):
        return {row.case.pk for row in client.get(QUEUE, filters).context["rows"]}

    assert shown(kind="rental_subsidy") == {subsidy.pk}
    assert shown(due="overdue") == {subsidy.pk}
    assert shown(due="overdue", kind="public_rental") == set()
    assert shown(status="at_street") == {rental.pk, subsidy.pk}
    assert shown(office="321202001001") == {rental.pk, subsidy.pk}
    assert shown(kind="nonsense", page="nonsense") == {rental.pk, subsidy.pk}


def test_a_longer_list_costs_no_more_queries(people, as_user):
    client = as_user("street")

    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert client.get(QUEUE).status_code == 200
        return len(caught)

    submitted(people["window"], another_family(0))
    queries()  # the session is written once
    one = queries()
    for number in range(1, 6):
        submitted(people["window"], another_family(number))
    assert queries() == one
    assert one <= 16


def test_a_long_list_comes_in_pages_that_keep_the_filters(people, as_user):
    for number in range(21):
        submitted(people["window"], another_family(number))
    client = as_user("street")
    first = client.get(QUEUE, {"kind": "public_rental"})
    second = client.get(QUEUE, {"kind": "public_rental", "page": 2})
    assert len(first.context["rows"]) == 20
    assert len(second.context["rows"]) == 1
    assert "kind=public_rental&amp;page=2" in first.content.decode()


def test_names_are_masked_in_lists(people, as_user):
    submitted(people["window"])
    page = as_user("street").get(QUEUE).content.decode()
    assert masks.name(FATHER.name) in page
    assert FATHER.name not in page


def test_the_figures_of_the_home_page_lead_to_lists_of_that_length(people, as_user):
    case = submitted(people["window"], another_family(1))
    submitted(people["window"], another_family(2))
    Application.objects.filter(pk=case.pk).update(due_on=date(2020, 1, 2))
    client = as_user("street")
    for figure in client.get("/").context["figures"]:
        page = client.get(figure["url"])
        assert len(page.context["rows"]) == figure["value"], figure["label"]


def test_a_returned_case_is_on_the_clerks_home_page(people, as_user):
    case = submitted(people["window"])
    tiers.return_for_correction(case, by=people["street"], opinion="缺收入证明")
    figures = {figure["label"]: figure["value"] for figure in as_user("window").get("/").context["figures"]}
    assert figures["Returned to me"] == 1
    assert figures["Waiting for me"] == 1


def test_an_administrator_sees_no_case_at_all(people, as_user):
    case = submitted(people["window"])
    client = as_user("admin")
    assert "covers" in client.get("/").content.decode() or "cover no household" in client.get("/").content.decode()
    assert case.reference not in client.get(QUEUE, {"tab": "all"}).content.decode()


# Search


def search(client, query):
    return client.post("/search/", {"q": query})


def test_a_person_is_found_by_the_id_number_in_either_form_within_scope(people, as_user):
    case = submitted(people["window"])
    old = MOTHER.id_number[:6] + MOTHER.id_number[8:17]
    for query in (MOTHER.id_number, MOTHER.id_number.lower(), f" {MOTHER.id_number[:6]} {MOTHER.id_number[6:]}", old):
        assert case.reference in search(as_user("street"), query).content.decode()
    assert case.reference not in search(as_user("window2"), MOTHER.id_number).content.decode()


def test_a_person_is_found_by_name_of_any_member(people, as_user):
    case = submitted(people["window"])
    assert case.reference in search(as_user("street"), MOTHER.name).content.decode()
    assert case.reference not in search(as_user("window2"), MOTHER.name).content.decode()


def test_a_case_number_leads_straight_to_the_case(people, as_user):
    case = submitted(people["window"])
    answer = search(as_user("street"), case.reference.lower())
    assert answer.status_code == 302
    assert answer.url == reverse("applications:case", args=[case.reference])
    assert search(as_user("street"), case.reference[2:]).status_code == 302
    assert search(as_user("window2"), case.reference).status_code == 200


def test_every_search_is_written_down_with_its_query_masked(people, as_user):
    submitted(people["window"])
    search(as_user("street"), MOTHER.id_number)
    search(as_user("street"), MOTHER.name)
    search(as_user("street"), MOTHER.id_number[:-1])
    entries = AuditEntry.objects.filter(action="search").order_by("at")
    assert [entry.staff for entry in entries] == [people["street"]] * 3
    written = " ".join(entry.purpose for entry in entries)
    assert MOTHER.id_number[6:14] not in written
    assert MOTHER.name not in written
    assert entries[0].purpose.endswith("→ 1")


def test_the_result_page_never_shows_the_number_that_was_typed(people, as_user):
    submitted(people["window"])
    for number in (MOTHER.id_number, MOTHER.id_number[:-1], MOTHER.id_number[:-1] + "9"):
        assert number not in search(as_user("street"), number).content.decode()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("321299198207080021", "does not fit"),
        ("32129919820708", "has 18 characters"),
        ("李", "at least two characters"),
    ],
)
def test_a_search_that_cannot_be_made_says_why(people, as_user, query, words):
    assert words in search(as_user("street"), query).content.decode()


def test_an_address_never_searches_so_that_no_id_number_gets_there(people, as_user):
    submitted(people["window"])
    answer = as_user("street").get("/search/", {"q": MOTHER.id_number})
    assert (answer.status_code, answer.url) == (302, "/")
    assert not AuditEntry.objects.filter(action="search").exists()


def test_the_street_of_another_district_does_not_see_the_case(people, as_user):
    case = at_district(people)
    assert FAMILY.persons[0].name == case.applicant_name
    client = as_user("window2")
    assert case.reference not in client.get(QUEUE, {"tab": "all"}).content.decode()
