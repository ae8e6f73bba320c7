"""The administration of the check centre: a secret that never comes out, a test question, a standard that is read."""

import copy
import json
from datetime import date

import pytest
from django.db import IntegrityError
from django.utils import timezone

from tests.factories.checks import order_scenario
from verification import asking
from verification.models import Exchange, Source, SourceChange, Standard

pytestmark = pytest.mark.django_db
SECRET = "0123456789abcdef" * 4
FIELDS = (
    *("name_zh", "name_en", "place", "kinds", "policy", "contact", "dialect", "url", "key_id", "batch_size"),
    *("concurrency", "connect_seconds", "read_seconds", "total_seconds", "max_attempts", "backoff_seconds"),
    *("circuit_failures", "circuit_seconds", "agreement_from", "agreement_to", "last_known_days", "stale_after_days"),
    *("patience_hours", "answer_seconds", "per_minute", "quiet_from", "quiet_to"),
)


def source_page(source: Source, **changed: object) -> dict[str, object]:
    form = {name: "" if getattr(source, name) is None else getattr(source, name) for name in FIELDS}
    no_bands = {"bands-TOTAL_FORMS": "0", "bands-INITIAL_FORMS": "0"}
    return {**form, **no_bands, "enabled": "on", "secret": "", **changed}


@pytest.fixture
def police(db) -> Source:
    return Source.objects.get(code="police")


def test_the_pages_of_sources_standards_and_exchanges_open(as_user, police):
    client = as_user("admin")
    for address in (
        "source/",
        "source/add/",
        f"source/{police.pk}/change/",
        f"source/{police.pk}/test/",
        "standard/",
        "standard/add/",
        f"standard/{Standard.objects.first().pk}/change/",
        "exchange/",
    ):
        assert client.get(f"/admin/verification/{address}").status_code == 200, address


def settle(client, change: SourceChange, action: str):
    form = {"action": action, "_selected_action": [change.pk]}
    return client.post("/admin/verification/sourcechange/", form, follow=True)


def test_the_secret_is_never_rendered_and_blank_keeps_it(as_user, police):
    client, address = as_user("admin"), f"/admin/verification/source/{police.pk}/change/"
    before = police.secret
    assert before not in client.get(address).content.decode()
    assert client.post(address, source_page(police, contact="王工 0523")).status_code == 302
    police.refresh_from_db()
    assert (police.secret, police.contact) == (before, "王工 0523")
    assert not SourceChange.objects.exists()
    assert client.post(address, source_page(police, secret=SECRET)).status_code == 302
    assert settle(as_user("admin2"), SourceChange.objects.get(), "confirm").status_code == 200
    police.refresh_from_db()
    assert police.secret == SECRET
    for shown in (address, "/admin/verification/sourcechange/", f"{address.replace('change', 'history')}"):
        assert SECRET not in client.get(shown).content.decode()


def test_an_address_key_or_secret_holds_once_another_administrator_confirms_it(as_user, police):
    first, second = as_user("admin"), as_user("admin2")
    before = police.url
    page = f"/admin/verification/source/{police.pk}/change/"
    first.post(page, source_page(police, url="http://127.0.0.1:9/other", key_id="other"))
    police.refresh_from_db()
    change = SourceChange.objects.get()
    assert (police.url, change.url) == (before, "http://127.0.0.1:9/other")
    assert "You proposed this change" in settle(first, change, "confirm").content.decode()
    police.refresh_from_db()
    assert police.url == before
    settle(second, change, "confirm")
    police.refresh_from_db()
    assert (police.url, police.key_id) == ("http://127.0.0.1:9/other", "other")
    assert "settled already" in settle(second, change, "drop").content.decode()
    assert second.get(f"/admin/verification/sourcechange/{change.pk}/change/").status_code == 200
    assert "http://127.0.0.1:9/other" in second.get(page.replace("/change/", "/history/")).content.decode()


def test_a_later_change_drops_the_one_that_waits_and_a_dropped_one_changes_nothing(as_user, police):
    before, page = police.url, f"/admin/verification/source/{police.pk}/change/"
    for place in ("one", "two"):
        as_user("admin").post(page, source_page(police, url=f"http://127.0.0.1:9/{place}"))
    waiting = SourceChange.objects.get(settled_at=None)
    assert waiting.url.endswith("two")
    settle(as_user("admin"), waiting, "drop")
    police.refresh_from_db()
    assert police.url == before
    assert not SourceChange.objects.filter(confirmed=True).exists()


def test_a_new_source_is_off_until_its_address_is_confirmed(as_user, police):
    entered = source_page(police, code="new", secret=SECRET, url="http://127.0.0.1:9/new")
    assert as_user("admin").post("/admin/verification/source/add/", entered).status_code == 302
    source = Source.objects.get(code="new")
    assert (source.enabled, source.url) == (False, "")
    page = f"/admin/verification/source/{source.pk}/change/"
    answer = as_user("admin").post(page, {**entered, "enabled": "on"})
    assert b"Another administrator confirms the address first" in answer.content
    assert as_user("admin").post(page.replace("change", "test")).status_code == 409
    settle(as_user("admin2"), SourceChange.objects.get(settled_at=None), "confirm")
    source.refresh_from_db()
    assert (source.enabled, source.url) == (False, "http://127.0.0.1:9/new")
    assert as_user("admin").post(page, {**entered, "secret": "", "enabled": "on"}).status_code == 302
    source.refresh_from_db()
    assert source.enabled


def test_the_database_lets_nobody_confirm_the_own_change(people, police):
    admin = people["admin"]
    change = SourceChange.objects.create(source=police, url="http://x", key_id="k", secret=SECRET, proposed_by=admin)
    settled = {"settled_by": admin, "settled_at": timezone.now(), "confirmed": True}
    with pytest.raises(IntegrityError, match="confirmed_by_another"):
        SourceChange.objects.filter(pk=change.pk).update(**settled)


def test_in_real_use_every_address_is_https(as_user, police, settings):
    settings.DEMO = False
    page = f"/admin/verification/source/{police.pk}/change/"
    assert b"begins with https://" in as_user("admin").post(page, source_page(police)).content
    assert as_user("admin").post(page, source_page(police, url="https://police.example/hd")).status_code == 302


@pytest.mark.parametrize("secret", ["xyz", "abc", "ab", "0123456789abcdef" * 20])
def test_a_secret_that_is_no_hexadecimal_key_is_refused_and_not_repeated(as_user, police, secret):
    address = f"/admin/verification/source/{police.pk}/change/"
    answer = as_user("admin").post(address, source_page(police, secret=secret))
    assert answer.status_code == 200
    assert b"hexadecimal characters" in answer.content
    assert f'value="{secret}"' not in answer.content.decode()


def test_impossible_limits_and_agreements_are_refused_at_their_fields(as_user, police):
    form = source_page(police, read_seconds=0, agreement_from="2026-02-01", agreement_to="2026-01-01", batch_size=0)
    answer = as_user("admin").post(f"/admin/verification/source/{police.pk}/change/", form)
    assert answer.status_code == 200
    assert b"Enter more than 0" in answer.content
    assert b"after the agreement" in answer.content
    police.refresh_from_db()
    assert police.batch_size > 0


@pytest.mark.parametrize("code", ["police", "icbc", "province"])
def test_the_test_button_asks_one_rehearsal_question_over_the_wire(as_user, sources, code):
    source = Source.objects.get(code=code)
    address = f"/admin/verification/source/{source.pk}/test/"
    client = as_user("admin")
    assert b"It answers" not in client.get(address).content
    page = client.post(address).content.decode()
    assert "It answers" in page
    assert " ms" in page
    assert not Exchange.objects.exists()


def test_the_test_button_names_what_is_wrong(as_user, sources):
    source = Source.objects.get(code="icbc")
    Source.objects.filter(pk=source.pk).update(read_seconds=0.3, total_seconds=0.5)
    sources.set("icbc", down=True)
    page = as_user("admin").post(f"/admin/verification/source/{source.pk}/test/").content.decode()
    assert "It does not answer" in page


def test_only_administrators_ask_the_test_question(as_user, police):
    assert as_user("check").post(f"/admin/verification/source/{police.pk}/test/").status_code == 403


def test_a_standard_is_read_before_it_is_kept_and_every_problem_is_told(as_user):
    own = Standard.objects.filter(in_use=True).first()
    content = copy.deepcopy(own.content) | {"id": "new-one", "city": "3212", "effective_from": "2030-01-01", "extra": 1}
    client = as_user("admin")
    answer = client.post("/admin/verification/standard/add/", {"content": json.dumps(content), "in_use": "on"})
    assert answer.status_code == 200
    assert b"extra" in answer.content
    del content["extra"]
    answer = client.post("/admin/verification/standard/add/", {"content": json.dumps(content), "in_use": "on"})
    assert b"city: " in answer.content
    answer = client.post("/admin/verification/standard/add/", {"content": "{", "in_use": "on"})
    assert b"not JSON" in answer.content
    content["city"] = "321200"
    answer = client.post("/admin/verification/standard/add/", {"content": json.dumps(content), "in_use": "on"})
    assert answer.status_code == 302
    kept = Standard.objects.get(code="new-one")
    assert (kept.effective_from, kept.city, kept.in_use) == (date(2030, 1, 1), "321200", True)


def test_a_standard_that_is_there_already_is_refused(as_user):
    own = Standard.objects.filter(in_use=True).first()
    content = copy.deepcopy(own.content)
    client = as_user("admin")
    same = client.post("/admin/verification/standard/add/", {"content": json.dumps(content)})
    assert b"of this id already" in same.content
    other = client.post("/admin/verification/standard/add/", {"content": json.dumps(content | {"id": "other"})})
    assert b"from this day already" in other.content


def test_a_standard_on_which_checks_rest_keeps_its_content_but_can_be_ended(as_user, sources):
    standard = order_scenario(sources, "fit").standard
    changed = copy.deepcopy(standard.content) | {"name": "changed"}
    form = {"content": json.dumps(changed), "in_use": "on", "effective_to": "2099-01-01"}
    assert as_user("admin").post(f"/admin/verification/standard/{standard.pk}/change/", form).status_code == 302
    before = standard.content
    standard.refresh_from_db()
    assert standard.content == before
    assert standard.effective_to == date(2099, 1, 1)


def test_samples_and_the_demonstration_are_marked(as_user):
    page = as_user("admin").get("/admin/verification/standard/").content.decode()
    assert "Sample of another city" in page
    assert "Demonstration, not policy" in page


def test_exchanges_are_read_only_and_without_what_was_asked_or_answered(as_user, sources):
    asking.ask([order_scenario(sources, "fit").pk])
    row = Exchange.objects.filter(source__code="police").first()
    client = as_user("admin")
    page = client.get(f"/admin/verification/exchange/{row.pk}/change/").content.decode()
    assert row.request_digest in page
    assert client.post(f"/admin/verification/exchange/{row.pk}/change/", {"detail": "x"}).status_code == 403
    assert client.get("/admin/verification/exchange/add/").status_code == 403
    assert client.get("/admin/verification/exchange/").status_code == 200


def test_the_history_of_a_source_tells_what_changed_and_never_the_secret(as_user, police):
    client = as_user("admin")
    client.post(f"/admin/verification/source/{police.pk}/change/", source_page(police, read_seconds=5, secret=SECRET))
    page = client.get(f"/admin/verification/source/{police.pk}/history/").content.decode()
    assert "5.0" in page
    assert "郑强" in page
    assert SECRET not in page
