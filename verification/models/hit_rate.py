"""How often a source finds something: in one round, and how often it usually does."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bureau.models import kept
from verification.facts import RecordKind
from verification.models.round import Hold, Round
from verification.models.source import Source

KINDS = [(kind.value, kind.value) for kind in RecordKind]
KIND_IS_KNOWN = Q(kind__in=[kind.value for kind in RecordKind])


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), append_only=True)
class HitBand(models.Model):
    """The usual share of persons of whom a source has records of a kind, as an administrator knows it (命中率区间).

    Where there is none, earlier rounds tell what is usual (verification.flood).
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="bands", verbose_name=_("source"))
    kind = models.CharField(_("record kind"), max_length=20, choices=KINDS)
    # Translators: 最低（%）
    low = models.PositiveSmallIntegerField(_("at least (%)"), default=0)
    # Translators: 最高（%）
    high = models.PositiveSmallIntegerField(_("at most (%)"), default=100)
    least = models.PositiveIntegerField(
        # Translators: 起判人数
        _("judged from (persons)"),
        default=200,
        # Translators: 本批次已反馈人数达到此数后才判断。
        help_text=_("A round is judged once the source has told of so many persons in it."),
    )

    class Meta:
        # Translators: 命中率区间
        verbose_name = _("usual hit rate")
        # Translators: 命中率区间
        verbose_name_plural = _("usual hit rates")
        constraints = (
            models.UniqueConstraint(fields=["source", "kind"], name="hit_band_is_one_per_source_and_kind"),
            models.CheckConstraint(
                condition=Q(low__lt=F("high"), high__lte=100, least__gte=1), name="hit_band_is_a_band"
            ),
            models.CheckConstraint(condition=KIND_IS_KNOWN, name="hit_band_kind_is_known"),
        )

    def __str__(self) -> str:
        return f"{self.source} · {self.kind} {self.low}-{self.high} %"


class HitRate(models.Model):
    """How often a source found something in one round, by kind of record; counted from its exchanges as they come."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="hit_rates")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="hit_rates")
    kind = models.CharField(max_length=20, choices=KINDS)
    told = models.PositiveIntegerField(default=0)  # persons of whom it told
    found = models.PositiveIntegerField(default=0)  # persons of whom it has such records
    counted_from = models.DateTimeField(null=True)  # what came before is asked for again, and not counted
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, null=True, related_name="hit_rates")  # that it led to

    class Meta:
        verbose_name = _("hit rate")
        verbose_name_plural = _("hit rates")
        constraints = (
            models.UniqueConstraint(
                fields=["round", "source", "kind"], name="hit_rate_is_one_per_round_source_and_kind"
            ),
            models.CheckConstraint(condition=Q(found__lte=F("told")), name="hit_rate_is_a_share"),
            models.CheckConstraint(condition=KIND_IS_KNOWN, name="hit_rate_kind_is_known"),
        )
        indexes = (models.Index(fields=["source", "kind"], name="hit_rate_of_source"),)
        triggers = (
            kept("hit_rate_is_kept"),
            pgtrigger.Protect(
                name="hit_rate_stays_of_its_round",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "((OLD.round_id, OLD.source_id, OLD.kind) IS DISTINCT FROM (NEW.round_id, NEW.source_id, NEW.kind))"
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.round} · {self.source} · {self.kind}"

    @property
    def share(self) -> float:
        """The share of persons, 0 to 1."""
        return self.found / self.told if self.told else 0.0
