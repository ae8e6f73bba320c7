"""The departments that may ask the registry: for which purpose, at which endpoint, with which key."""

import pghistory
import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bureau.fields import ProtectedBytesField
from bureau.models import DateRange, Staff, changes_only, kept


class Endpoint(models.TextChoices):
    """What can be granted."""

    STANDING = "standing", _("Ask about one subject")
    STANDINGS = "standings", _("Ask about up to 500 subjects")
    EVENTS = "events", _("Read the events")
    ACKNOWLEDGEMENTS = "acknowledgements", _("Acknowledge events")


class _Named(models.Model):
    """Something with a code and a name in two languages."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=120)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """In the reader's language."""
        return self.name_zh if (get_language() or "zh").startswith("zh") else self.name_en


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), append_only=True)
class Purpose(_Named):
    """To what purpose a department asks."""

    class Meta:
        verbose_name = _("purpose of a query")
        verbose_name_plural = _("purposes of queries")
        ordering = ("code",)
        triggers = (kept("purpose_is_kept"),)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    append_only=True,
    exclude=["webhook_key", "told_up_to"],  # nobody's to read; not what a person changed
)
class Partner(_Named):
    """A department that the registry answers."""

    quota_day = models.PositiveIntegerField(
        _("subjects a day"), default=10_000, validators=[MinValueValidator(1)], help_text=_("All endpoints together.")
    )
    quota_minute = models.PositiveIntegerField(_("subjects a minute"), default=600, validators=[MinValueValidator(1)])
    webhook_url = models.CharField(
        _("webhook"), max_length=300, blank=True, help_text=_("Where events are sent to, by https; empty: nowhere.")
    )
    webhook_key = ProtectedBytesField(null=True)  # of our signatures; the secret that it stands for is shown once
    told_up_to = models.BigIntegerField(default=0)  # the event up to which deliveries have been laid out
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        # Translators: 共享部门
        verbose_name = _("partner department")
        verbose_name_plural = _("partner departments")
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(condition=Q(quota_day__gt=0, quota_minute__gt=0), name="partner_has_quotas"),
        )
        triggers = (kept("partner_is_kept"),)


class Grant(models.Model):
    """A department may use an endpoint for a purpose, from a day on. What no row grants is refused."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="grants")
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="+", verbose_name=_("purpose"))
    endpoint = models.CharField(_("endpoint"), max_length=16, choices=Endpoint)
    basis = models.CharField(_("rests on"), max_length=200)
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("until, that day not included"), null=True, blank=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    ended_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        # Translators: 查询授权
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        ordering = ("endpoint", "purpose__code", "-from_on")
        constraints = (
            models.CheckConstraint(condition=Q(endpoint__in=Endpoint.values), name="grant_endpoint_is_known"),
            models.CheckConstraint(condition=~Q(basis=""), name="grant_rests_on_something"),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name="grant_ends_after_it_begins"
            ),
            ExclusionConstraint(
                name="grant_stands_once",
                expressions=(
                    ("partner", RangeOperators.EQUAL),
                    ("purpose", RangeOperators.EQUAL),
                    ("endpoint", RangeOperators.EQUAL),
                    (DateRange("from_on", "to_on"), RangeOperators.OVERLAPS),
                ),
            ),
        )
        triggers = (
            kept("grant_is_kept"),
            changes_only("grant_only_ends", "to_on", "ended_by_id", filled_in_once=False),
            pgtrigger.Protect(
                name="grant_is_not_prolonged",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.to_on IS NOT NULL AND (NEW.to_on IS NULL OR NEW.to_on > OLD.to_on)"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.partner} · {self.purpose} · {self.get_endpoint_display()}"


class PartnerKey(models.Model):
    """A key with which a department signs. Its secret is shown once and kept by nobody; what is kept, sealed, is the
    secret's digest, by which a signature is checked (ADR 0013).
    """

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="keys")
    key_id = models.CharField(_("key id"), max_length=64, unique=True)
    digest = ProtectedBytesField()
    expires_on = models.DateField(_("valid until, that day not included"))
    issued_at = models.DateTimeField(_("issued at"), default=timezone.now)
    issued_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(_("revoked at"), null=True)
    revoked_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_because = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        # Translators: 接口密钥
        verbose_name = _("key of a partner")
        verbose_name_plural = _("keys of partners")
        ordering = ("-issued_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_because="")
                | Q(revoked_at__isnull=False) & ~Q(revoked_because=""),
                name="partner_key_is_revoked_with_a_reason",
            ),
        )
        triggers = (
            kept("partner_key_is_kept"),
            changes_only(
                "partner_key_only_ends",
                "expires_on",
                "revoked_at",
                "revoked_by_id",
                "revoked_because",
                filled_in_once=False,
            ),
            pgtrigger.Protect(
                name="partner_key_is_not_revived",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "NEW.expires_on > OLD.expires_on OR (OLD.revoked_at IS NOT NULL AND OLD.* IS DISTINCT FROM NEW.*)"
                ),
            ),
        )

    def __str__(self) -> str:
        return self.key_id


class PartnerUse(models.Model):
    """How many subjects a department has asked about, in the newest day and minute.

    Sixteen rows a department, of which each thread of the web server writes one: nobody waits for another's commit.
    """

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="uses")
    slot = models.SmallIntegerField()
    day = models.DateField()
    in_day = models.IntegerField()
    minute = models.IntegerField()  # since 1970
    in_minute = models.IntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["partner", "slot"], name="partner_use_is_one_per_slot"),)

    def __str__(self) -> str:
        return f"{self.partner} {self.day}: {self.in_day}"
