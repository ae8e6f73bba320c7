"""Without a session nothing opens, and a page that asks by itself is told so instead of led away (its text stays)."""

import pytest

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "Accept-Language": "en"}


def test_a_page_is_led_to_sign_in(client):
    answer = client.get("/applications/")
    assert answer.status_code == 302
    assert answer.url == "/sign-in/?next=/applications/"


def test_a_part_that_asks_by_itself_is_told_in_words(client):
    answer = client.post("/applications/GZ2026-000001/intake/assets/autosave/", headers=HTMX)
    assert answer.status_code == 401
    assert "signed out" in answer.content.decode()


def test_what_was_sent_without_a_session_is_said_to_be_lost(client):
    address, english = "/applications/GZ2026-000001/intake/assets/", {"Accept-Language": "en"}
    answer = client.post(address, {"none": "on"}, follow=True, headers=english)
    assert "it was not saved" in answer.content.decode()


def test_a_page_asks_whether_the_session_stands_before_it_sends(client, as_user):
    assert client.get("/session/", headers=HTMX).status_code == 401
    assert as_user("window").get("/session/", headers=HTMX).status_code == 204
    assert 'data-session="/session/"' in as_user("window").get("/").content.decode()
