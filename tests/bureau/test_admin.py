"""The administration: who enters, what is shown, what is kept; no household's data anywhere."""

from base64 import b64encode
from datetime import date

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client

from bureau.fields import blind_index
from bureau.models import Office, Posting, Relative, Staff
from bureau.roles import Role

pytestmark = pytest.mark.django_db
NUMBER = "321299198003150018"


def lines(prefix: str, *rows: dict[str, object], initial: int = 0) -> dict[str, object]:
    """The lines of an inline as a browser posts them."""
    form: dict[str, object] = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
    for place, row in enumerate(rows):
        form |= {f"{prefix}-{place}-{name}": value for name, value in row.items()}
    return form


def page_of(person: Staff, *postings: dict[str, object], relatives: tuple[dict[str, object], ...] = (), **fields):
    kept = [
        {"id": row.pk, "office": row.office_id, "role": row.role, "from_on": row.from_on, "to_on": row.to_on or ""}
        for row in person.postings.all()
    ]
    known = {"username": person.username, "name": person.name, "is_active": "on", "phone": "", "email": ""}
    everything = [{"staff": person.pk, **row} for row in (*kept, *postings)]
    return {
        **known,
        **lines("postings", *everything, initial=len(kept)),
        **lines("relatives", *({"staff": person.pk, **row} for row in relatives)),
        **fields,
    }


def test_only_administrators_enter_and_everybody_else_is_refused(as_user, people, client):
    assert as_user("admin").get("/admin/").status_code == 200
    for username in ("window", "street", "check", "housing", "credit", "auditor"):
        assert as_user(username).get("/admin/").status_code == 403
        assert as_user(username).get("/admin/bureau/staff/").status_code == 403
    assert client.get("/admin/").status_code == 302
    there = client.get("/admin/login/?next=/admin/bureau/staff/")
    assert there["Location"] == "/sign-in/?next=/admin/bureau/staff/"


def test_a_posting_opens_the_door_and_its_end_closes_it(as_user, people):
    street = people["street"]
    office = Office.objects.get(code="321200")
    seat = Posting.objects.create(staff=street, office=office, role=Role.ADMINISTRATOR, from_on=date(2020, 1, 1))
    assert as_user("street").get("/admin/bureau/staff/").status_code == 200
    Posting.objects.filter(pk=seat.pk).update(to_on=date(2020, 2, 1))
    assert as_user("street").get("/admin/bureau/staff/").status_code == 403


def test_no_household_data_is_registered():
    shown = {model._meta.label for model in admin.site._registry}
    assert shown == {
        "bureau.Office",
        "bureau.Staff",
        "verification.ControlPerson",  # known for being in no household; its ID number is never shown
        "verification.Source",
        "verification.SourceChange",
        "verification.Standard",
        "verification.Exchange",
        "applications.Procedure",
        "applications.PatternThreshold",
        "benefits.AllotmentPolicy",
        "benefits.ReviewPolicy",
        "credit.Policy",
        "credit.Act",
        "credit.LetterText",
        "credit.Receiver",
        "credit.FeedMapping",
        "credit.Partner",
        "credit.Purpose",
    }


@pytest.mark.parametrize(
    "model",
    [
        "bureau.Office",
        "bureau.Staff",
        "applications.Procedure",
        "applications.PatternThreshold",
        "benefits.AllotmentPolicy",
        "benefits.ReviewPolicy",
    ],
)
def test_every_page_opens(as_user, model):
    client = as_user("admin")
    kind = apps.get_model(model)
    base = f"/admin/{kind._meta.app_label}/{kind._meta.model_name}/"
    for address in (base, f"{base}add/", f"{base}{kind.objects.first().pk}/change/", f"{base}?q=1"):
        assert client.get(address).status_code == 200, address
    assert client.get(f"{base}{kind.objects.first().pk}/delete/").status_code == 403


def test_a_new_person_gets_an_account_and_then_a_posting(as_user):
    client = as_user("admin")
    account = {"username": "new", "name": "新人", "usable_password": "true"}
    answer = client.post(
        "/admin/bureau/staff/add/", {**account, "password1": "Long-2026-x", "password2": "Long-2026-x"}
    )
    assert answer.status_code == 302
    person = Staff.objects.get(username="new")
    office = Office.objects.get(code="321202001")
    posting = {"id": "", "office": office.pk, "role": "reviewer", "from_on": "2026-01-01", "to_on": ""}
    assert client.post(f"/admin/bureau/staff/{person.pk}/change/", page_of(person, posting)).status_code == 302
    assert person.postings.get().role == "reviewer"


def test_the_same_role_at_the_same_office_cannot_be_held_twice_at_a_time(as_user, people):
    street = people["street"]
    office = street.postings.get().office
    posting = {"id": "", "office": office.pk, "role": "reviewer", "from_on": "2026-01-01", "to_on": ""}
    answer = as_user("admin").post(f"/admin/bureau/staff/{street.pk}/change/", page_of(street, posting))
    assert answer.status_code == 200
    assert b"held already" in answer.content
    assert street.postings.count() == 1


def test_an_own_id_number_is_kept_as_a_digest_and_never_shown(as_user, people):
    client, street = as_user("admin"), people["street"]
    address = f"/admin/bureau/staff/{street.pk}/change/"
    assert client.post(address, page_of(street, id_number=NUMBER)).status_code == 302
    street.refresh_from_db()
    assert street.person_index == blind_index(NUMBER)
    assert NUMBER not in client.get(address).content.decode()
    assert client.post(address, page_of(street)).status_code == 302
    street.refresh_from_db()
    assert street.person_index == blind_index(NUMBER)


def test_a_wrong_id_number_is_refused_without_being_repeated(as_user, people):
    answer = as_user("admin").post(
        f"/admin/bureau/staff/{people['street'].pk}/change/", page_of(people["street"], id_number="321299198003150017")
    )
    assert answer.status_code == 200
    assert b"its last one does not fit" in answer.content
    assert b"321299198003150017" not in answer.content


def test_a_relative_is_declared_once_by_digest(as_user, people):
    client, street = as_user("admin"), people["street"]
    address = f"/admin/bureau/staff/{street.pk}/change/"
    row = {"id": "", "relation": "父亲", "id_number": NUMBER, "declared_on": "2026-01-01"}
    twice = client.post(address, page_of(street, relatives=(row, row)))
    assert twice.status_code == 200
    assert b"declared already" in twice.content
    nameless = client.post(address, page_of(street, relatives=({**row, "id_number": ""},)))
    assert b"Enter the ID number of the relative" in nameless.content
    assert not Relative.objects.exists()
    assert client.post(address, page_of(street, relatives=(row,))).status_code == 302
    assert Relative.objects.get().person_index == blind_index(NUMBER)
    assert NUMBER not in client.get(address).content.decode()


def test_an_administrator_cannot_change_the_superuser(as_user, people):
    office = Office.objects.get(code="321200")
    Posting.objects.create(staff=people["street"], office=office, role=Role.ADMINISTRATOR, from_on=date(2020, 1, 1))
    client, superuser = as_user("street"), people["admin"]
    assert client.post(f"/admin/bureau/staff/{superuser.pk}/change/", page_of(superuser)).status_code == 403
    form = {"usable_password": "true", "password1": "Long-2026-x", "password2": "Long-2026-x"}
    assert client.post(f"/admin/bureau/staff/{superuser.pk}/password/", form).status_code == 403


def test_an_administrator_cannot_make_a_superuser(as_user, people):
    street = people["street"]
    as_user("admin").post(f"/admin/bureau/staff/{street.pk}/change/", page_of(street, is_superuser="on", is_staff="on"))
    street.refresh_from_db()
    assert not street.is_superuser


def test_nobody_changes_the_own_account_postings_or_password(as_user, people):
    for username in ("admin", "admin2"):
        person, client = people[username], as_user(username)
        seat = {"id": "", "office": Office.objects.get(code="321200").pk, "role": "check_officer"}
        page = f"/admin/bureau/staff/{person.pk}/"
        posted = page_of(person, {**seat, "from_on": "2026-01-01", "to_on": ""})
        assert client.post(f"{page}change/", posted).status_code == 403
        form = {"usable_password": "true", "password1": "Long-2026-x", "password2": "Long-2026-x"}
        assert client.post(f"{page}password/", form).status_code == 403
        assert client.get(f"{page}change/").status_code == 200
        assert person.postings.get().role == Role.ADMINISTRATOR


@pytest.mark.parametrize(("until", "refused"), [("", True), ("2025-12-01", True), ("2024-01-01", False)])
def test_an_administrator_gets_no_casework_within_a_year(as_user, people, until, refused):
    person = people["admin2"]
    Posting.objects.filter(staff=person).update(to_on=until or None)
    office = Office.objects.get(code="321200")
    seat = {"id": "", "office": office.pk, "role": "check_officer", "from_on": "2026-01-01", "to_on": ""}
    answer = as_user("admin").post(f"/admin/bureau/staff/{person.pk}/change/", page_of(person, seat))
    assert (b"holds no other posting" in answer.content) is refused
    assert person.postings.filter(role="check_officer").exists() is not refused


def test_a_caseworker_becomes_no_administrator_and_ending_a_posting_is_always_possible(as_user, people):
    street = people["street"]
    office = Office.objects.get(code="321200")
    seat = {"id": "", "office": office.pk, "role": "administrator", "from_on": "2026-01-01", "to_on": ""}
    page = f"/admin/bureau/staff/{street.pk}/change/"
    assert b"holds no other posting" in as_user("admin").post(page, page_of(street, seat)).content
    Posting.objects.create(staff=street, office=office, role=Role.ADMINISTRATOR, from_on=date(2020, 1, 1))
    form = page_of(street)
    ends = next(name for name, value in form.items() if value == "administrator").replace("role", "to_on")
    assert as_user("admin").post(page, {**form, ends: "2026-01-01"}).status_code == 302


def test_a_password_that_an_administrator_set_is_changed_at_the_next_sign_in(as_user, people, client):
    street, first = people["street"], "Given-by-2026"
    form = {"usable_password": "true", "password1": first, "password2": first}
    assert as_user("admin").post(f"/admin/bureau/staff/{street.pk}/password/", form).status_code == 302
    assert client.post("/sign-in/", {"username": "street", "password": first}).status_code == 302
    for address in ("/", "/inbox/", "/applications/"):
        assert client.get(address)["Location"] == "/password/"
    assert client.get("/api/v1/me").status_code == 403
    basic = "Basic " + b64encode(f"street:{first}".encode()).decode()
    assert Client(headers={"authorization": basic}).get("/api/v1/me").status_code == 403
    assert "管理员" in client.get("/password/", headers={"accept-language": "zh-hans"}).content.decode()
    same = {"old_password": first, "new_password1": first, "new_password2": first}
    assert client.post("/password/", same).status_code == 422
    own = {**same, "new_password1": "My-own-2026-word", "new_password2": "My-own-2026-word"}
    assert client.post("/password/", own)["Location"] == "/"
    assert client.get("/").status_code == 200
    street.refresh_from_db()
    assert not street.must_change_password


def test_a_new_account_begins_with_a_password_to_be_changed(as_user):
    account = {"username": "new", "name": "新人", "usable_password": "true"}
    passwords = {"password1": "Long-2026-x", "password2": "Long-2026-x"}
    as_user("admin").post("/admin/bureau/staff/add/", {**account, **passwords})
    assert Staff.objects.get(username="new").must_change_password


def test_an_office_code_tier_and_parent_must_agree(as_user):
    city = Office.objects.get(code="321200")
    form = {
        "code": "321299",
        "name_zh": "新区",
        "name_en": "New",
        "tier": "street",
        "parent": "",
        "opened_on": "2026-01-01",
    }
    answer = as_user("admin").post("/admin/bureau/office/add/", form)
    assert answer.status_code == 200
    assert b"belongs to another tier" in answer.content
    assert b"must have the code 321200" in answer.content
    good = {**form, "tier": "district", "parent": city.pk}
    assert as_user("admin").post("/admin/bureau/office/add/", good).status_code == 302


def test_a_change_of_posting_is_told_with_before_and_after(as_user, people):
    street = people["street"]
    seat = street.postings.get()
    seat.to_on = date(2030, 1, 1)
    seat.save()
    page = as_user("admin").get(f"/admin/bureau/staff/{street.pk}/history/").content.decode()
    assert "2030-01-01" in page
    assert "Changed" in page


def test_a_role_that_does_not_belong_at_the_tier_is_refused_beside_its_field(as_user, people):
    street = people["street"]
    row = {
        "id": "",
        "office": Office.objects.get(code="321202001").pk,
        "role": "check_officer",
        "from_on": "2026-01-01",
    }
    answer = as_user("admin").post(f"/admin/bureau/staff/{street.pk}/change/", page_of(street, row))
    assert answer.status_code == 200
    assert b"not held at an office of this tier" in answer.content
    assert street.postings.count() == 1
