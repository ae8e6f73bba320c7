"""Departments on the programmers' door: what they may ask, and the keys with which they sign."""

import secrets
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau import workdays
from bureau.errors import MoveRefusedError, UnfitDataError
from bureau.models import Staff
from credit import callers, signing
from credit.models import Endpoint, Grant, Partner, PartnerKey, Purpose, RegistryEvent
from credit.refusals import CallRefusedError

LONGEST_DAYS = 731  # two years
USUAL_DAYS = 365


def grant(
    partner: Partner,
    purpose: Purpose,
    endpoint: str,
    *,
    basis: str,
    by: Staff,
    from_on: date | None = None,
    to_on: date | None = None,
) -> Grant:
    """Let a department use an endpoint for a purpose. `UnfitDataError` when that is granted already."""
    begins = from_on or workdays.today()
    if to_on is not None and to_on <= begins:
        raise UnfitDataError(_("Enter a day after the first day."), {"to_on": [_("Enter a day after the first day.")]})
    try:
        with transaction.atomic():
            return Grant.objects.create(
                partner=partner,
                purpose=purpose,
                endpoint=Endpoint(endpoint),
                basis=basis,
                from_on=begins,
                to_on=to_on,
                by=by,
            )
    except IntegrityError as error:
        if "grant_stands_once" not in str(error):
            raise
        raise UnfitDataError(_("This is granted already on some of these days.")) from None


@transaction.atomic
def end(granted: Grant, *, by: Staff) -> None:
    """End a grant today; the next request is refused."""
    row = Grant.objects.select_for_update().get(pk=granted.pk)
    today = workdays.today()
    if row.to_on is not None and row.to_on <= today:
        raise MoveRefusedError(_("This grant has ended already."))
    row.to_on, row.ended_by = max(today, row.from_on), by
    row.save(update_fields=["to_on", "ended_by"])


def issue(partner: Partner, *, by: Staff | None, expires_on: date | None = None) -> tuple[PartnerKey, str]:
    """A new key and its secret, which nobody can be shown again."""
    today = workdays.today()
    ends = expires_on or today + timedelta(days=USUAL_DAYS)
    if not today < ends <= today + timedelta(days=LONGEST_DAYS):
        words = _("Enter a day after today and within two years.")
        raise UnfitDataError(words, {"expires_on": [words]})
    secret = signing.new_secret()
    key = PartnerKey.objects.create(
        partner=partner,
        key_id=f"{partner.code}-{secrets.token_hex(6)}",
        digest=signing.key_of(secret),
        expires_on=ends,
        issued_by=by,
    )
    return key, secret


@transaction.atomic
def rotate(key: PartnerKey, *, old_until: date, by: Staff, expires_on: date | None = None) -> tuple[PartnerKey, str]:
    """A new key for the department of an old one, which goes on until the day."""
    row = _live(key)
    if not workdays.today() <= old_until <= row.expires_on:
        words = _("Enter a day from today on on which the old key is still valid.")
        raise UnfitDataError(words, {"old_until": [words]})
    row.expires_on = old_until
    row.save(update_fields=["expires_on"])
    return issue(row.partner, by=by, expires_on=expires_on)


@transaction.atomic
def revoke(key: PartnerKey, *, reason: str, by: Staff) -> None:
    """End a key at once: the next request that is signed with it is refused."""
    row = _live(key)
    row.revoked_at, row.revoked_by, row.revoked_because = timezone.now(), by, reason
    row.save(update_fields=["revoked_at", "revoked_by", "revoked_because"])


@transaction.atomic
def renew_webhook_secret(partner: Partner) -> str:
    """A new secret for what we send to a department; the one before ends with it, and nobody is shown it again.

    With its first secret a department begins at the newest event; what came before it reads from the stream.
    """
    secret = signing.new_secret()
    row = Partner.objects.select_for_update().get(pk=partner.pk)
    if row.webhook_key is None:
        row.told_up_to = RegistryEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    row.webhook_key = signing.key_of(secret)
    row.save(update_fields=["webhook_key", "told_up_to"])
    return secret


def _live(key: PartnerKey) -> PartnerKey:
    row = PartnerKey.objects.select_for_update(of=("self",)).select_related("partner").get(pk=key.pk)
    if row.revoked_at is not None or row.expires_on <= workdays.today():
        raise MoveRefusedError(_("This key is over."))
    return row


def rehearse(partner: Partner, purpose: Purpose, endpoint: str) -> str:
    """Why a request of the department would be refused now, as a code; empty when it would be answered. Nobody is asked
    about and nothing is written.
    """
    live = partner.keys.filter(revoked_at=None, expires_on__gt=workdays.today()).first()
    found = callers.find(live.key_id) if live else None
    if found is None:
        return "unknown_key"
    if not found.active:
        return "partner_closed"
    try:
        found.purpose(endpoint, purpose.code)
        found.spend(1)
    except CallRefusedError as refusal:
        return refusal.code
    return ""


def used(partner: Partner) -> tuple[int, int]:
    """About how many subjects the department has asked today, and in this minute."""
    in_day = partner.uses.filter(day=workdays.today()).aggregate(sum=Sum("in_day"))["sum"]
    in_minute = partner.uses.filter(minute=callers.this_minute()).aggregate(sum=Sum("in_minute"))["sum"]
    return in_day or 0, in_minute or 0
