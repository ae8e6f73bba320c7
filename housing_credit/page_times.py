"""How long pages take at the server: asked in this process, with all that lies between the request and its answer."""

import statistics
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bureau.models import Posting, Staff
from housing_credit import garbage, process_use
from housing_credit.measured_pages import Page, pages

BACKEND = "django.contrib.auth.backends.ModelBackend"
Row = dict[str, Any]


class PageError(Exception):
    """The pages cannot be measured; the text says why."""


def measure(*, times: int, limit: int, say: Callable[[Row], None] = lambda _row: None) -> dict[str, Any]:
    """Each page with its milliseconds and queries, the slowest one, how many took longer than the limit, and the share
    of the processors that the host gave to others meanwhile.

    A page is asked once and then `times` times; the median counts. Garbage is looked for as in the web server. Raises
    `PageError` where nobody may ask.
    """
    garbage.look_less_often()
    stolen = process_use.Stolen()
    clients: dict[tuple[str, str], tuple[Staff, Client]] = {}
    rows: list[Row] = []
    for page in pages():
        desk = (page.role, page.tier)
        if desk not in clients:
            clients[desk] = _signed_in(page)
        staff, client = clients[desk]
        address = page.address if isinstance(page.address, str) else page.address(staff)
        if address is not None:
            rows.append(_measured(page, address, staff, client, times))
            say(rows[-1])
    return {
        "pages": rows,
        "worst": max(rows, key=lambda row: row["ms"]),
        "over": sum(row["ms"] > limit for row in rows),
        "limit": limit,
        "stolen": round(stolen.share(), 3),
        "failed": [row["page"] for row in rows if row["status"] != 200],
    }


def _signed_in(page: Page) -> tuple[Staff, Client]:
    held = Posting.objects.current().filter(role=page.role, office__tier=page.tier)
    posting = held.select_related("staff").order_by("pk").first()
    if posting is None:
        raise PageError(f"Nobody is {page.role} at an office of the tier {page.tier}: seed the demonstration's people.")
    client = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0])
    client.force_login(posting.staff, backend=BACKEND)
    return posting.staff, client


def _measured(page: Page, address: str, staff: Staff, client: Client, times: int) -> Row:
    headers = {"HX-Request": "true"} if page.part else {}

    def ask() -> Any:
        if page.sent is not None:
            return client.post(address, dict(page.sent))
        return client.get(address, headers=headers)

    with CaptureQueriesContext(connection) as seen:
        answer = ask()
    queries = len(seen)  # before the next request clears the log
    took = []
    for _ in range(times):
        begun = time.perf_counter()
        ask()
        took.append((time.perf_counter() - begun) * 1000)
    sent = " ".join(f"{name}={value}" for name, value in (page.sent or {}).items())
    return {
        "who": staff.username,
        "page": f"{address} {sent}".strip(),
        "ms": round(statistics.median(took), 1),
        "queries": queries,
        "status": answer.status_code,
    }


def lines(found: dict[str, Any]) -> list[str]:
    """The same for people to read, the slowest page last but for the sum."""
    told = [_line(row) for row in sorted(found["pages"], key=lambda row: row["ms"])]
    over = f"{len(told)} pages, {found['over']} of them over {found['limit']} ms"
    return [*told, f"{over}; {found['stolen']:.1%} of the processors went to others meanwhile"]


def _line(row: Row) -> str:
    failed = "" if row["status"] == 200 else f" answers {row['status']}"
    return f"{row['ms']:8.1f} ms {row['queries']:4d} queries  {row['who']:8} {row['page']}{failed}"
