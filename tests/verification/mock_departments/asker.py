"""A check centre in its plainest form, by hand from docs/source-contract.md: signs, asks, checks the signature."""

import http.client
import json
import subprocess
from datetime import datetime, timedelta
from itertools import count
from secrets import token_hex
from time import time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives import hashes

_numbers = count(1)


class Reply(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def sm3(data: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


def hmac_sm3(secret: bytes, text: str) -> str:
    """RFC 2104 by hand: block of 64 bytes."""
    block = secret.ljust(64, b"\0")
    inner = sm3(bytes(byte ^ 0x36 for byte in block) + text.encode())
    return sm3(bytes(byte ^ 0x5C for byte in block) + inner).hex()


def demo_secret(code: str) -> bytes:
    return sm3(f"demo secret {code}".encode())


class Asker:
    """Talks to one running program of mock departments."""

    def __init__(self, port: int, seconds: float = 10.0, program: "subprocess.Popen[bytes] | None" = None) -> None:
        self.port = port
        self.program = program
        self.seconds = seconds

    def send(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.seconds)
        try:
            connection.request(method, path, body or None, headers or {})
            answer = connection.getresponse()
            return Reply(answer.status, {key.lower(): value for key, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def headers(self, code: str, method: str, path: str, body: bytes, **wrong: str) -> dict[str, str]:
        moment, nonce = wrong.get("moment", str(int(time()))), wrong.get("nonce", token_hex(16))
        text = f"{method}\n{path}\n{moment}\n{nonce}\n{sm3(body).hex()}"
        return {
            "X-Check-Key": wrong.get("key", f"demo-{code}"),
            "X-Check-Time": moment,
            "X-Check-Nonce": nonce,
            "X-Check-Signature": wrong.get("signature", hmac_sm3(demo_secret(code), text)),
        }

    def signed(self, code: str, method: str, path: str, body: bytes = b"") -> Reply:
        """Ask, and check the signature of what was answered with 200 or 202."""
        headers = self.headers(code, method, path, body)
        reply = self.send(method, path, body, headers)
        if reply.status in {200, 202}:
            assert is_signed(code, headers["X-Check-Nonce"], reply)
        return reply

    def ask_office(self, code: str, *questions: dict[str, Any], request_no: str = "") -> Reply:
        return self.signed(code, "POST", f"/{code}/v1/queries", office_body(code, *questions, request_no=request_no))

    def ask_bank(self, code: str, *questions: dict[str, Any], request_no: str = "") -> str:
        body = bank_body(code, *questions, request_no=request_no)
        reply = self.signed(code, "POST", f"/{code}/query", body)
        assert reply.status == 200
        return reply.body.decode("gb18030")

    def control(self, method: str, path: str, content: Any = None) -> Reply:
        return self.send(method, f"/control/{path}", b"" if content is None else json.dumps(content).encode())


def is_signed(code: str, nonce: str, reply: Reply) -> bool:
    text = f"{reply.status}\n{nonce}\n{reply.headers['x-check-time']}\n{sm3(reply.body).hex()}"
    return (
        reply.headers["x-check-nonce"] == nonce
        and abs(int(reply.headers["x-check-time"]) - time()) < 300
        and reply.headers["x-check-signature"] == hmac_sm3(demo_secret(code), text)
    )


ALL_KINDS = ["housing", "registration", "marriage", "vehicle", "business", "tax", "fund", "insurance", "assistance"]


def question(*persons: tuple[str, str], reference: str = "", **changes: Any) -> dict[str, Any]:
    """A question on (name, ID number) pairs; keys are m1, m2, …"""
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    asked = [
        {"person": f"m{place}", "person_name": name, "id_type": "111", "id_no": number}
        for place, (name, number) in enumerate(persons, start=1)
    ]
    return {
        "reference": reference or f"Q-{next(_numbers):06d}",
        "authorisation_no": "泰核授〔2026〕0001号",
        "purpose_code": "rehearsal",
        "kinds": ALL_KINDS,
        "asof_date": today.isoformat(),
        "since_date": (today - timedelta(days=1826)).isoformat(),
        "persons": asked,
    } | changes


def office_body(code: str, *questions: dict[str, Any], request_no: str = "") -> bytes:
    number = request_no or f"{code}-{next(_numbers)}"
    return json.dumps({"request_no": number, "questions": questions}, ensure_ascii=False).encode()


def bank_body(code: str, *questions: dict[str, Any], request_no: str = "") -> bytes:
    items = "".join(
        f"<ITEM><REFNO>{each['reference']}</REFNO><AUTHNO>{each['authorisation_no']}</AUTHNO><USECD>99</USECD>"
        f"<ASOFDT>{each['asof_date'].replace('-', '')}</ASOFDT><SINCEDT>{each['since_date'].replace('-', '')}</SINCEDT>"
        + "".join(
            f"<CUST><CUSTSEQ>{person['person']}</CUSTSEQ><CUSTNM>{person['person_name']}</CUSTNM>"
            f"<IDTP>111</IDTP><IDNO>{person['id_no']}</IDNO></CUST>"
            for person in each["persons"]
        )
        + "</ITEM>"
        for each in questions
    )
    number = request_no or f"{code}-{next(_numbers)}"
    return (
        '<?xml version="1.0" encoding="GB18030"?>\n<REQUEST><HEAD><TXCODE>HC2001</TXCODE>'
        f"<REQNO>{number}</REQNO></HEAD><BODY>{items}</BODY></REQUEST>"
    ).encode("gb18030")
