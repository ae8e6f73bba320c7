"""A member takes the authorisation back: at the window, by page or program, and what then is no longer asked."""

import pytest

from applications import checks, intake, rounds, signing, tiers
from applications.models import Authorisation
from bureau.errors import MoveRefusedError
from bureau.models import AuditEntry
from tests.api_cases import caller
from tests.factories.applications import CHILD, FATHER, MOTHER, ask_all, check_due, checking, submitted
from verification.models import Exchange

pytestmark = pytest.mark.django_db
REASON = "本人到窗口要求撤回。"


def page(case, key="m2"):
    return f"/applications/{case.reference}/household/{key}/withdraw-authorisation/"


def review(client, case):
    return client.get(f"/applications/{case.reference}/review/").content.decode()


def keys(case):
    return set(Authorisation.objects.filter(application=case, ended_at=None).values_list("member_key", flat=True))


@pytest.fixture
def case(people):
    return submitted(people["window"])


def test_the_household_tab_leads_the_own_clerk_to_the_page_of_each_member(case, as_user):
    tab = f"/applications/{case.reference}/household/"
    shown = as_user("window").get(tab).content.decode()
    assert all(page(case, person.key) in shown for person in (FATHER, MOTHER, CHILD))
    for other in ("street", "check", "auditor"):
        assert "withdraw-authorisation" not in as_user(other).get(tab).content.decode()


def test_the_page_tells_whose_authorisation_ends_and_is_written_down(case, as_user, people):
    shown = as_user("window").get(page(case)).content.decode()
    assert MOTHER.name in shown
    assert Authorisation.objects.get(application=case, member_key="m2").number in shown
    entry = AuditEntry.objects.of(case).get()
    assert (entry.staff, entry.fields) == (people["window"], ["signing"])


def test_an_authorisation_ends_with_its_reason_and_its_page_is_offered_no_more(case, as_user):
    client = as_user("window")
    assert client.post(page(case), {"reason": REASON}).status_code == 302
    assert keys(case) == {FATHER.key, CHILD.key}
    ended = Authorisation.objects.get(application=case, member_key="m2")
    assert ended.end_reason == REASON
    assert case.commitments.filter(member_key="m2", ended_at=None).exists()
    assert page(case) not in client.get(f"/applications/{case.reference}/household/").content.decode()
    assert client.get(page(case)).status_code == 409
    assert client.post(page(case), {"reason": REASON}).status_code == 409


@pytest.mark.parametrize("reason", ["", "  ", "长" * 201])
def test_an_authorisation_does_not_end_without_a_fit_reason(case, as_user, reason):
    assert as_user("window").post(page(case), {"reason": reason}).status_code == 422
    assert len(keys(case)) == 3


@pytest.mark.parametrize(
    ("person", "status"), [("street", 403), ("check", 403), ("housing", 404), ("auditor", 403), ("window2", 404)]
)
def test_nobody_but_the_own_clerk_ends_an_authorisation(case, as_user, people, person, status):
    client = as_user(person)
    assert client.get(page(case)).status_code == status
    assert client.post(page(case), {"reason": REASON}).status_code == status
    assert client.post(page(case), {"reason": ""}).status_code == status
    body = {"member": "m2", "reason": REASON}
    address = f"/api/v1/applications/{case.reference}/withdraw-authorisation"
    assert caller(people[person]).post(address, body, format="json").status_code == status
    assert len(keys(case)) == 3


def test_who_is_no_member_has_no_such_page(case, as_user):
    assert as_user("window").get(page(case, "m9")).status_code == 404


def test_a_program_ends_an_authorisation_in_the_same_way(case, people):
    address = f"/api/v1/applications/{case.reference}/withdraw-authorisation"
    client = caller(people["window"])
    assert client.post(address, {"member": "m2"}, format="json").json()["fields"].keys() == {"reason"}
    assert client.post(address, {"member": "m2", "reason": REASON}, format="json").status_code == 200
    assert keys(case) == {FATHER.key, CHILD.key}
    again = client.post(address, {"member": "m2", "reason": REASON}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "not_now")


def test_what_is_still_queued_about_that_person_is_not_asked_afterwards(people, as_user, sources):
    case = checking(people)
    assert as_user("window").post(page(case), {"reason": REASON}).status_code == 302
    check = case.current_check
    check.refresh_from_db()
    ask_all(check)
    sent = b"".join(bytes(row.request) for row in Exchange.objects.filter(inquiries__check_ordered=check).distinct())
    assert FATHER.id_number.encode() in sent
    assert MOTHER.id_number.encode() not in sent
    assert {row.outcomes.get("m2", "not_asked") for row in check.inquiries.all()} == {"not_asked"}


def test_when_the_last_authorisation_ends_no_source_is_asked(people, as_user, sources):
    case = checking(people)
    for person in (FATHER, MOTHER, CHILD):
        assert as_user("window").post(page(case, person.key), {"reason": REASON}).status_code == 302
    check = case.current_check
    check.refresh_from_db()
    ask_all(check)
    assert not Exchange.objects.filter(inquiries__check_ordered=check).exists()


def test_the_case_goes_on_after_an_authorisation_has_ended(case, as_user, people):
    as_user("window").post(page(case), {"reason": REASON})
    case.refresh_from_db()
    intake.withdraw(case, by=people["window"], reason="迁往外地")
    assert keys(case) == set()


def test_no_check_is_ordered_of_an_adult_without_an_authorisation(people, as_user):
    case = check_due(people)
    signing.withdraw_authorisation(case, "m2", by=people["window"], reason=REASON)
    with pytest.raises(MoveRefusedError, match="no authorisation in force"):
        checks.order(case, by=people["check"])
    assert not rounds.waiting(["public_rental"], "321200", by=people["check"]).exists()
    case.refresh_from_db()
    assert (case.status, case.current_check) == ("check_due", None)
    assert "took the authorisation back" in review(as_user("check"), case)


def test_a_child_whose_guardian_took_it_back_stops_no_check(people):
    case = check_due(people)
    signing.withdraw_authorisation(case, "m3", by=people["window"], reason=REASON)
    assert rounds.waiting(["public_rental"], "321200", by=people["check"]).exists()
    assert checks.order(case, by=people["check"]).authorisations.keys() == {"m1", "m2"}


def test_a_desk_is_warned_of_an_authorisation_taken_back_and_may_forward(people, as_user):
    case = submitted(people["window"])
    signing.withdraw_authorisation(case, "m2", by=people["window"], reason=REASON)
    assert "took the authorisation back" in review(as_user("street"), case)
    tiers.forward(case, by=people["street"], opinion="同意")
