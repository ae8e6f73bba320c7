"""Those who are told of records by file, and the dated layout of their files (clauses B9, B11)."""

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bureau.models import kept


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["cursor", "looked_at"],
    append_only=True,
)
class Receiver(models.Model):
    """A system that is told of records by file: the city credit system, a branch of the central bank."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=120)
    in_use = models.BooleanField(
        # Translators: 启用报送
        _("is sent batches"),
        default=False,
        help_text=_("Off until both sides have agreed. The first batch then tells of every record in force."),
    )
    cursor = models.BigIntegerField(default=0, editable=False)  # the newest event of the registry that was told
    looked_at = models.DateTimeField(null=True, editable=False)  # when it was last seen whether a batch is due

    class Meta:
        # Translators: 报送对象
        verbose_name = _("receiver of feeds")
        verbose_name_plural = _("receivers of feeds")
        ordering = ("code",)
        triggers = (kept("receiver_is_kept"),)

    def __str__(self) -> str:
        return self.name


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), append_only=True)
class FeedMapping(models.Model):
    """The layout of a receiver's files, in force from a day to a day, both included."""

    receiver = models.ForeignKey(
        Receiver, on_delete=models.PROTECT, related_name="mappings", verbose_name=_("receiver of feeds")
    )
    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    document = models.CharField(_("document"), max_length=200)
    effective_from = models.DateField(_("in force from"))
    effective_to = models.DateField(_("in force until"), null=True, blank=True)
    content = models.JSONField(_("content"))  # credit.feeds.Mapping

    class Meta:
        # Translators: 报送模板
        verbose_name = _("mapping template")
        verbose_name_plural = _("mapping templates")
        ordering = ("receiver", "-effective_from")
        constraints = (
            models.UniqueConstraint(fields=["receiver", "effective_from"], name="feed_mapping_is_one_per_day"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gt=F("effective_from")),
                name="feed_mapping_ends_after_it_begins",
            ),
        )
        triggers = (kept("feed_mapping_is_kept"),)

    def __str__(self) -> str:
        return self.name
