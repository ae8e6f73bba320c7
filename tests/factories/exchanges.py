"""Round trips with sources, as kept evidence."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from bureau import ciphers
from verification import evidence
from verification.models import Exchange, Source


def trip(source, body=b"reply"):
    """A round trip with a source, not yet written."""
    now = timezone.now()
    return Exchange(
        source=source,
        number=uuid.uuid4(),
        request_number="R1",
        asked_at=now - timedelta(seconds=1),
        ended_at=now,
        outcome="answered",
        detail="in order",
        households=2,
        settled=1,
        request=b"request",
        reply=body,
        request_digest=ciphers.sm3(b"request").hex(),
        reply_digest=ciphers.sm3(body).hex(),
    )


def keep(*codes):
    """One round trip with each of these sources, in one transaction."""
    with transaction.atomic():
        evidence.keep([trip(Source.objects.get(code=code)) for code in codes])


def keep_trips(count, *codes):
    """So many round trips with each of these sources, one after another."""
    for _ in range(count):
        keep(*codes)
