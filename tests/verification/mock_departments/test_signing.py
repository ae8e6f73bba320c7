"""Who is let in: section 3 of the contract."""

from time import time

import pytest

from tests.verification.mock_departments.asker import Asker, office_body, question

PATH = "/police/v1/queries"
BODY = office_body("police", question(("李建国", "321299197503189010")))


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "demo-icbc"},
        {"key": ""},
        {"off_by": -400},
        {"off_by": 400},
        {"moment": "yesterday"},
        {"moment": "9" * 5_000},
        {"signature": "0" * 64},
        {"signature": ""},
        {"nonce": "short"},
    ],
)
def test_a_request_with_one_wrong_header_is_refused(asker: Asker, wrong: dict[str, str | int]) -> None:
    if "off_by" in wrong:
        wrong = {"moment": str(int(time()) + int(wrong["off_by"]))}  # from now, not from when the tests were collected
    assert asker.send("POST", PATH, BODY, asker.headers("police", "POST", PATH, BODY, **wrong)).status == 401


def test_a_request_without_headers_is_refused(asker: Asker) -> None:
    assert asker.send("POST", PATH, BODY).status == 401


def test_a_nonce_serves_once(asker: Asker) -> None:
    headers = asker.headers("police", "POST", PATH, BODY)
    assert asker.send("POST", PATH, BODY, headers).status == 200
    assert asker.send("POST", PATH, BODY, headers).status == 401


def test_a_signature_binds_body_and_path(asker: Asker) -> None:
    headers = asker.headers("police", "POST", PATH, BODY)
    assert asker.send("POST", PATH, BODY + b" ", headers).status == 401
    assert asker.send("POST", "/police/v1/query", BODY, headers).status == 401


def test_the_key_of_one_source_opens_no_other(asker: Asker) -> None:
    headers = asker.headers("icbc", "POST", PATH, BODY, key="demo-police")
    assert asker.send("POST", PATH, BODY, headers).status == 401


def test_a_right_signature_on_a_wrong_path_is_404(asker: Asker) -> None:
    assert asker.signed("police", "POST", "/police/v2/queries", BODY).status == 404
    assert asker.send("GET", "/nobody/v1/queries").status == 404
