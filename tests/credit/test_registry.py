"""Search first: by number, code, name, case, lead or letter, within scope, and recorded."""

import pytest

from bureau import letters
from bureau.models import AuditEntry, Office, Posting, Staff
from bureau.roles import Role
from credit import registry
from credit.models import Lead, Subject
from tests.factories import credit as factory
from tests.factories.credit import COMPANY, HUSBAND, WIFE, Named, staff

pytestmark = pytest.mark.django_db
SEARCH = "/credit/registry/"


def found(client, query):
    return client.post(SEARCH, {"q": query})


@pytest.fixture
def case(people):
    factory.lead(kind=Lead.Kind.PATTERN, about=[COMPANY], act_code="U01", text="证明与社保不符")
    return factory.case()


@pytest.fixture
def far(people):
    """An auditor of a district: cases of the city are outside this scope."""
    auditor = Staff.objects.create(username="far", name="顾远")
    Posting.objects.create(staff=auditor, office=Office.objects.get(code="321203"), role=Role.AUDITOR)
    people["far"] = auditor
    return auditor


def names(query, username="credit"):
    return [subject.name for subject in registry.find(query, by=staff(username)).subjects]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (HUSBAND.identifier, ["胡建军"]),
        (" 321299 19830625 9176 ", ["胡建军"]),
        (COMPANY.identifier, [COMPANY.name]),
        (COMPANY.identifier.lower(), [COMPANY.name]),
        ("胡建军", ["胡建军"]),
        ("胡建", ["胡建军"]),
        ("建军", []),  # a person is not found by the rest of a name
        ("恒昌物业", [COMPANY.name]),
        ("张三", []),
    ],
)
def test_a_subject_is_found_by_number_code_or_name(case, query, expected):
    assert names(query) == expected


def test_a_case_and_a_lead_are_found_by_their_numbers(case):
    by_case = registry.find(case.number.lower(), by=staff("credit"))
    assert [row.number for row in by_case.cases] == [case.number]
    assert {subject.name for subject in by_case.subjects} == {HUSBAND.name, WIFE.name}
    by_lead = registry.find(case.lead.number, by=staff("credit"))
    assert [row.number for row in by_lead.leads] == [case.lead.number]


def test_a_case_is_found_by_the_number_of_its_letter(case):
    letter = letters.issue("receipt", "告知书", case, {}, by=staff("credit"))
    assert [row.number for row in registry.find(letter.number, by=staff("credit")).cases] == [case.number]


@pytest.mark.parametrize("query", ["321299198306259177", "32129919830625917", "91321200MA1MTY6R05", "胡"])
def test_what_cannot_be_searched_for_is_told_and_finds_nothing(case, query):
    result = registry.find(query, by=staff("credit"))
    assert result.problem
    assert not result.count


def test_many_of_a_name_are_cut(people):
    for place in range(registry.MOST + 2):
        Subject.objects.create(kind="person", name="胡某某", identifier=f"321299198306{place:02}")
    factory.lead(kind=Lead.Kind.REPORT, about=[HUSBAND])
    Lead.objects.get().subjects.set(Subject.objects.all())
    result = registry.find("胡某", by=staff("credit"))
    assert (len(result.subjects), result.is_cut) == (registry.MOST, True)


def test_the_page_shows_nobody_before_a_search(case, as_user):
    page = as_user("credit").get(SEARCH)
    assert page.status_code == 200
    assert HUSBAND.name not in page.content.decode()


def test_a_search_is_recorded_masked_with_whom_it_showed(case, as_user):
    page = found(as_user("credit"), HUSBAND.identifier)
    assert HUSBAND.name in page.content.decode()
    search, shown = AuditEntry.objects.order_by("pk").filter(action="search")
    assert (search.subject_id, search.purpose) == (None, "321************176 → 1")
    assert (shown.subject_kind, shown.subject_id) == ("credit.subject", Subject.objects.get(name=HUSBAND.name).pk)
    assert not AuditEntry.objects.filter(purpose__contains=HUSBAND.identifier).exists()


def test_an_auditor_finds_the_same_masked(case, as_user):
    text = found(as_user("auditor"), HUSBAND.identifier).content.decode()
    assert "胡*军" in text
    assert HUSBAND.name not in text
    assert "321************176" in text


def test_an_auditor_of_another_district_finds_nobody(case, far, as_user):
    text = found(as_user("far"), HUSBAND.identifier).content.decode()
    assert "Nothing found" in text


@pytest.mark.parametrize("username", ["window", "street", "check", "housing", "panel", "admin"])
def test_nobody_else_searches_the_registry(people, as_user, username):
    client = as_user(username)
    assert client.get(SEARCH).status_code == 403
    assert found(client, HUSBAND.identifier).status_code == 403


def test_an_empty_search_says_what_is_missing(people, as_user):
    assert found(as_user("credit"), " ").status_code == 422


def test_a_search_takes_a_bounded_number_of_queries(people, as_user, django_assert_max_num_queries):
    about = [Named(f"李某{place}", number) for place, number in enumerate(numbers())]
    factory.lead(kind=Lead.Kind.REPORT, about=about)
    client = as_user("credit")
    with django_assert_max_num_queries(40):
        page = found(client, "李某")
    assert len(page.context["subjects"]) == len(about)


def numbers():
    """ID numbers that are right, of one day."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    for place in range(100, 112):
        body = f"32129919900101{place:03}"
        yield body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11]
