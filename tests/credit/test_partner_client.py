"""What docs/partner-api.md prints is so: its client runs against the real server, its vector and table are right."""

import re

import pytest
from django.conf import settings

from credit import signing
from credit.models import Acknowledgement, PartnerCall
from credit.refusals import REFUSALS
from tests.factories import credit as cases
from tests.factories.partners import NOBODY, Caller

DOCUMENT = (settings.BASE_DIR / "docs" / "partner-api.md").read_text(encoding="utf-8")
CLIENT, USE = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)


@pytest.mark.django_db(transaction=True)
def test_the_printed_client_asks_follows_and_acknowledges_as_printed(live_server, people, later, capsys):
    cases.recorded(later)
    caller = Caller()
    known = {"KEY_ID": caller.key.key_id, "SECRET": caller.secret}
    exec(compile(CLIENT, "partner-api.md", "exec"), known)  # noqa: S102
    exec(USE.replace("https://credit.example.gov.cn", live_server.url), known)  # noqa: S102
    first, *answers = capsys.readouterr().out.splitlines()
    assert first.startswith("until 20")
    assert "'hit': True" in answers[0]
    assert "bad_identifier" in answers[1]
    assert [row.state for row in Acknowledgement.objects.all()] == ["applied"]
    assert set(PartnerCall.objects.values_list("outcome", flat=True)) == {"hit", "bad_identifier", "told", "taken"}

    registry, refused = known["registry"], known["RefusedError"]
    assert not registry.standing("dibao_review", id_number=NOBODY)["hit"]
    with pytest.raises(refused) as error:
        registry.standing("hardship_worker", id_number=NOBODY)
    assert (error.value.status, error.value.code) == (403, "purpose_not_granted")


def test_the_vector_is_right():
    said = dict(re.findall(r"^\| ([a-z, ]+) \| (.*) \|$", DOCUMENT.split("Test vector")[1].split("## 3")[0], re.M))
    texts = {name: re.findall(r"`([^`]*)`", value) for name, value in said.items()}
    (method, path), (moment, nonce) = texts["method, path, query"], texts["time, nonce"]
    message = signing.Message(method, path, "", texts["body"][0].encode())
    signature = signing.Signature("a", int(moment), nonce, texts["signature"][0])
    assert signature.is_of(message, signing.key_of(texts["secret"][0]))


def test_every_refusal_stands_in_the_table_with_its_status_and_words():
    for code, why in REFUSALS.items():
        assert f"| `{code}` | {why.status} | {why.text} |" in DOCUMENT
