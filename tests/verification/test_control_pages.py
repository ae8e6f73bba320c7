"""The administration of control persons, and the pages that show what came of control questions."""

import json

import pytest
from django.urls import reverse

from housing_credit.seeds.control_persons import KNOWN_TO_ALL, seed_control_persons
from tests.factories.checks import orders_of
from verification import canaries, rounds
from verification.models import ControlPerson, Hold, KnownAnswer, Source

pytestmark = pytest.mark.django_db
ADMIN = "/admin/verification/controlperson/"
PERSON = {
    "label": "样本丙",
    "name": "柳青青",
    "id_number": "321299197803129511",
    "authorisation": "泰房权〔2026〕0009号",
    "valid_to": "2030-12-31",
    "in_use": "on",
}


def form_of(*rows: dict[str, object], existing: int = 0, **changed: object) -> dict[str, object]:
    """The administration's form with these lines of known answers."""
    form: dict[str, object] = {**PERSON, "known-TOTAL_FORMS": len(rows), "known-INITIAL_FORMS": existing, **changed}
    for place, row in enumerate(rows):
        form |= {f"known-{place}-{name}": value for name, value in row.items()}
    return form


def line(code: str, outcome: str = "found", facts: object = "", **more: object) -> dict[str, object]:
    text = facts if isinstance(facts, str) else json.dumps(facts, ensure_ascii=False)
    return {"source": Source.objects.get(code=code).pk, "outcome": outcome, "known_facts": text, "in_use": "on", **more}


def test_an_administrator_enters_a_control_person_with_known_answers(as_user):
    client = as_user("admin")
    assert client.get(ADMIN + "add/").status_code == 200
    rows = [line("police", facts={"vehicle": {"plate_no": "苏M10001"}}), line("icbc", "none")]
    answer = client.post(ADMIN + "add/", form_of(*rows))
    assert answer.status_code == 302, answer.context["errors"]
    person = ControlPerson.objects.get()
    assert (person.name, person.id_number, person.label) == ("柳青青", PERSON["id_number"], "样本丙")
    known = {each.source.code: (each.outcome, each.facts) for each in person.known.select_related("source")}
    assert known == {"police": ("found", {"vehicle": [{"plate_no": "苏M10001"}]}), "icbc": ("none", {})}


def test_who_it_is_is_never_shown_and_does_not_change(as_user):
    client = as_user("admin")
    client.post(ADMIN + "add/", form_of(line("police")))
    person, known = ControlPerson.objects.get(), KnownAnswer.objects.get()
    for address in (ADMIN, f"{ADMIN}{person.pk}/change/", f"{ADMIN}{person.pk}/history/"):
        page = client.get(address)
        assert page.status_code == 200
        assert "柳青青" not in page.content.decode()
        assert PERSON["id_number"] not in page.content.decode()
    row = line("police", "none", id=known.pk, person=person.pk)
    changed = form_of(row, existing=1, name="别人", id_number="321299198509279521", label="样本丁")
    assert client.post(f"{ADMIN}{person.pk}/change/", changed).status_code == 302
    person.refresh_from_db()
    known.refresh_from_db()
    assert (person.name, person.id_number, person.label) == ("柳青青", PERSON["id_number"], "样本丁")
    assert (known.source.code, known.outcome) == ("police", "none")
    history = client.get(f"{ADMIN}{person.pk}/history/").content.decode()
    assert "样本丁" in history


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ({"facts": "plate"}, "JSON"),
        ({"facts": {"vehicle": {"colour": "red"}}}, "vehicle.colour"),
        ({"facts": {"vehicle": {"insured_value": "dear"}}}, "vehicle.insured_value"),
        ({"facts": {"deposit": {"balance": "1"}}}, "deposit"),
        ({"facts": {"vehicle": []}}, "vehicle"),
        ({"facts": ["vehicle"]}, "{…}"),
        ({"outcome": "none", "facts": {"vehicle": {"plate_no": "苏M10001"}}}, "nothing"),
    ],
)
def test_facts_that_the_source_cannot_be_asked_for_are_refused(as_user, row, word):
    answer = as_user("admin").post(ADMIN + "add/", form_of(line("police", **row)))
    assert answer.status_code == 200
    assert word in str(answer.context["errors"])
    assert not ControlPerson.objects.exists()


def test_a_wrong_number_and_one_that_is_entered_already_are_refused_without_telling_it(as_user):
    client = as_user("admin")
    client.post(ADMIN + "add/", form_of())
    for number in ("321299197803129510", PERSON["id_number"]):
        answer = client.post(ADMIN + "add/", form_of(label="样本丁", id_number=number))
        assert answer.status_code == 200
        assert number not in answer.content.decode()
    assert ControlPerson.objects.count() == 1


@pytest.mark.parametrize("username", ["check", "auditor", "street"])
def test_control_persons_are_kept_by_administrators_only(as_user, username):
    assert as_user(username).get(ADMIN).status_code == 403


@pytest.fixture
def held(sources, people):
    """The police lied about control persons before a round."""
    seed_control_persons()
    found = rounds.open_round("年度复核", {}, by=people["check"])
    rounds.add(found, orders_of(sources, "fit", 1))
    sources.set("police", control_wrong=True)
    canaries.ask(found.pk)
    return Hold.objects.get()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_an_officer_sees_what_was_asked_expected_and_told(held, as_user, language):
    client = as_user("check", language)
    for address in (
        reverse("verification:release", args=[held.pk]),
        reverse("verification:board_source", args=["police"]),
    ):
        page = client.get(address)
        assert page.status_code == 200
        text = page.content.decode()
        assert KNOWN_TO_ALL[0] in text
        assert "苏M99001" in text
        assert KNOWN_TO_ALL[1] not in text
        assert KNOWN_TO_ALL[2] not in text
        assert "%(" not in text


def test_the_board_leads_an_officer_to_the_release_and_nobody_else(held, as_user):
    release = reverse("verification:release", args=[held.pk])
    board = reverse("verification:board")
    assert release in as_user("check").get(board).content.decode()
    auditor = as_user("auditor")
    assert release not in auditor.get(board).content.decode()
    assert '<form method="post" class="form"' not in auditor.get(release).content.decode()
    assert auditor.post(release, {"reason": "x", "verdict": "stand"}).status_code == 403
    assert as_user("street").get(release).status_code == 403
    assert as_user("check").post(release, {"reason": " ", "verdict": "stand"}).status_code == 422
    assert Hold.objects.live().exists()


def test_the_page_of_a_round_says_that_a_source_is_tried_first(sources, people, as_user):
    seed_control_persons()
    found = rounds.open_round("年度复核", {}, by=people["check"])
    page = as_user("check").get(reverse("verification:round", args=[found.number]))
    words = {row["words"] for row in page.context["progress"]["sources"]}
    assert words == {"Asked about control persons first"}
