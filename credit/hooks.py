"""Webhooks: the events of the registry, sent to the departments that have entered an address for them.

A row a department and event is laid out first and then sent, with a pause that doubles after each failure. Who does not
take it after all tries is on the board of what was given up, from where an officer sends it again. What is sent is what
`GET events` tells; a department may receive it twice or out of order, and knows it by its cursor.
"""

import time
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

import msgspec
import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau import workdays
from bureau.errors import MoveRefusedError
from credit import query_log, signing, stream
from credit.following import told
from credit.models import Delivery, Endpoint, Grant, Partner, PartnerCall
from credit.query_log import Call, Line

log = structlog.stdlib.get_logger(__name__)

SECONDS = 10.0  # of each wait in a sending: to be connected, and between two bytes of the answer
LEASE = timedelta(seconds=300)  # longer than what is claimed at a time may take
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)
MOST_ATTEMPTS = 10
AT_A_TIME = 20
LAID_OUT_AT_A_TIME = 500
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def is_allowed(url: str) -> bool:
    """Whether we send anything there: by https alone, without a name and password in it; in a demo also to this very
    machine.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    if not parts.hostname or parts.username or parts.password or port == 0:
        return False
    return parts.scheme == "https" or (settings.DEMO and parts.scheme == "http" and parts.hostname in LOOPBACK)


def lay_out_due() -> int:
    """Make a delivery of each event that is new to a department which is granted the events and has a webhook."""
    today = workdays.today()
    granted = Grant.objects.filter(endpoint=Endpoint.EVENTS, from_on__lte=today).exclude(to_on__lte=today)
    followers = Partner.objects.filter(active=True, webhook_key__isnull=False, pk__in=granted.values("partner"))
    return sum(_lay_out(number) for number in followers.exclude(webhook_url="").values_list("pk", flat=True))


@transaction.atomic
def _lay_out(number: int) -> int:
    partner = Partner.objects.select_for_update(skip_locked=True).filter(pk=number).first()
    events = stream.after(partner.told_up_to, limit=LAID_OUT_AT_A_TIME) if partner else []
    if partner is None or not events:
        return 0
    Delivery.objects.bulk_create([Delivery(partner=partner, event=event) for event in events], ignore_conflicts=True)
    partner.told_up_to = events[-1].pk
    partner.save(update_fields=["told_up_to"])
    return len(events)


def deliver_due() -> int:
    """Send what is due. Returns how many arrived."""
    arrived = 0
    for delivery in _claim():
        error = _send(delivery)
        arrived += not error
        _note(delivery, error)
    return arrived


@transaction.atomic
def _claim() -> list[Delivery]:
    """What is due, leased: who dies over it leaves it due again after five minutes."""
    now = timezone.now()
    rows = Delivery.objects.due(now).select_for_update(skip_locked=True, of=("self",))
    found = list(rows.select_related("partner", "event__subject", "event__sanction__case")[:AT_A_TIME])
    Delivery.objects.filter(pk__in=[row.pk for row in found]).update(not_before=now + LEASE)
    return found


def _send(delivery: Delivery) -> str:
    """Send one event, signed; a code of why it did not arrive, or nothing. A redirect is a failure and not followed."""
    partner = delivery.partner
    if not partner.active or not is_allowed(partner.webhook_url) or partner.webhook_key is None:
        return "not_allowed"
    parts = urlsplit(partner.webhook_url)
    path = parts.path or "/"
    body = msgspec.json.encode({"event": told(delivery.event)})
    message = signing.Message("POST", path, parts.query, body)
    signature = signing.sign(message, key_id=partner.code, key=partner.webhook_key, now=time.time())
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    link = kind(str(parts.hostname), parts.port, timeout=SECONDS)
    try:
        link.request(
            "POST",
            f"{path}?{parts.query}" if parts.query else path,
            body,
            {"Content-Type": "application/json", **signature.headers},
        )
        status = link.getresponse().status
    except (OSError, HTTPException, ValueError) as error:
        return f"no_connection {type(error).__name__}"
    finally:
        link.close()
    return "" if 200 <= status < 300 else f"status {status}"


@transaction.atomic
def _note(delivery: Delivery, error: str) -> None:
    """Write how it went, unless somebody else has written meanwhile that it arrived."""
    row = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if row.state != Delivery.State.WAITING:
        return
    now = timezone.now()
    row.attempts += 1
    row.last_error = error
    if not error:
        row.state, row.delivered_at = Delivery.State.DELIVERED, now
        _write_down(delivery)
    elif row.attempts >= MOST_ATTEMPTS:
        row.state = Delivery.State.DEAD
        log.warning("webhook_given_up", partner=delivery.partner.code, delivery=row.pk, error=error)
    else:
        row.not_before = _next(now, row.attempts)
    row.save(update_fields=["attempts", "last_error", "state", "delivered_at", "not_before"])


def _next(now: datetime, attempts: int) -> datetime:
    pause: timedelta = min(FIRST_PAUSE * int(2 ** (attempts - 1)), LONGEST_PAUSE)
    return now + pause


def _write_down(delivery: Delivery) -> None:
    """The subject finds it among who was told of it."""
    subject = delivery.event.subject
    call = Call(endpoint=Endpoint.EVENTS, request_number="", partner=delivery.partner_id, claimed="webhook")
    query_log.write(call, [Line(PartnerCall.TOLD, subject.kind, subject.identifier_index)])


@transaction.atomic
def resend(delivery: Delivery) -> None:
    """Send again what was given up: now, with all its tries before it."""
    row = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if row.state != Delivery.State.DEAD:
        raise MoveRefusedError(_("This delivery has not been given up."))
    row.state, row.attempts, row.not_before = Delivery.State.WAITING, 0, timezone.now()
    row.save(update_fields=["state", "attempts", "not_before"])
