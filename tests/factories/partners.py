"""Departments with keys, and requests as they sign them."""

import json
import time
from typing import Any

from django.test import Client

from credit import partners, signing
from credit.models import Partner, PartnerKey
from credit.signing import Message
from tests.factories.credit import staff

BASE = "/api/v1/credit/"
NOBODY = "321299196707125014"  # a good number that the registry does not know


class Caller:
    """A program of a department: its key, and requests signed with it."""

    def __init__(self, code: str = "civil_affairs", *, key: PartnerKey | None = None, secret: str = "") -> None:
        self.partner = Partner.objects.get(code=code)
        if key is None:
            key, secret = partners.issue(self.partner, by=staff("credit"))
        self.key, self.secret = key, secret
        self.client = Client(headers={"accept-language": "en"})

    def headers(self, method: str, path: str, query: str = "", body: bytes = b"", **more: Any) -> dict[str, str]:
        """The four headers; `now` to sign at another time, others take the place of a header."""
        message = Message(method, path, query, body)
        now = more.pop("now", time.time())
        key = signing.key_of(self.secret)
        headers = signing.sign(message, key_id=self.key.key_id, key=key, now=now).headers
        return headers | {f"X-Credit-{name.capitalize()}": value for name, value in more.items()}

    def post(self, name: str, content: Any, **more: Any) -> Any:
        """A signed POST; `content` as it is when it is bytes."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        path = BASE + name
        headers = more.pop("headers", None) or self.headers("POST", path, body=body, **more)
        return self.client.post(path, body, content_type="application/json", headers=headers)

    def get(self, name: str, query: str = "", **more: Any) -> Any:
        """A signed GET."""
        path = BASE + name
        headers = more.pop("headers", None) or self.headers("GET", path, query, **more)
        return self.client.get(f"{path}?{query}" if query else path, headers=headers)

    def ask(self, id_number: str, **more: Any) -> Any:
        """About one person, for the purpose of the department."""
        return self.post("standing", {"purpose": "dibao_review", "id_number": id_number, **more})
