"""The departments, the province and the banks: whom a check can ask, and how."""

from collections.abc import Mapping
from datetime import time
from functools import reduce
from operator import and_
from typing import ClassVar

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bureau.fields import ProtectedTextField
from verification.facts import RecordKind
from verification.querysets import SourceQuerySet

# The limits of a source, each with the least and the most that it may be. Far beyond what any source needs, near enough
# that a slip of the keyboard does not stop the asking of all of them.
LIMITS = {
    "batch_size": (1, 200),  # docs/source-contract.md, section 4
    "concurrency": (1, 100_000),
    "connect_seconds": (0.01, 60),
    "read_seconds": (0.01, 600),
    "total_seconds": (0.01, 600),
    "max_attempts": (1, 20),
    "backoff_seconds": (0.001, 600),
    "per_minute": (1, 1_000_000),
    "circuit_failures": (1, 1000),
    "circuit_seconds": (0.01, 3600),
}
# The same of what may be left empty.
LIMITS_IF_SET = {
    "last_known_days": (1, 730),
    "stale_after_days": (1, 3650),
    "patience_hours": (1, 720),
    "answer_seconds": (1, 432_000),
}


def _within(name: str) -> list[MinValueValidator | MaxValueValidator]:
    least, most = (LIMITS | LIMITS_IF_SET)[name]
    return [MinValueValidator(least), MaxValueValidator(most)]


def _unset_or_within(name: str) -> Q:
    least, most = LIMITS_IF_SET[name]
    return Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gte": least, f"{name}__lte": most})


class Dialect(models.TextChoices):
    """The wire dialects of docs/source-contract.md."""

    GOV_JSON = "gov_json", _("Government JSON")
    BANK_XML = "bank_xml", _("Bank XML")
    PROVINCE_BATCH = "province_batch", _("Provincial batch")


ANSWER_SECONDS: Mapping[str, int] = {Dialect.GOV_JSON: 60, Dialect.BANK_XML: 60, Dialect.PROVINCE_BATCH: 24 * 60 * 60}


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    append_only=True,
    # The secret is nobody's to read; how the source fared is not what a person changed.
    exclude=[
        "secret",
        "failures_in_row",
        "open_until",
        "allowance",
        "allowance_at",
        "last_success_at",
        "last_failure_at",
    ],
)
class Source(models.Model):
    """A department, the province or a bank that can be asked:
    how to reach it, how gently, and what its silence means.
    """

    class Policy(models.TextChoices):
        """What follows when the source does not answer."""

        MUST_ANSWER = "must_answer", _("Must answer")
        MAY_BE_MISSING = "may_be_missing", _("May be missing")
        # Translators: 可沿用最近一次反馈
        LAST_KNOWN = "last_known", _("Last known answer serves")

    KIND_CHOICES: ClassVar = [(kind.value, kind.value) for kind in RecordKind]

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name_zh = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80)
    place = models.SmallIntegerField(_("order"), default=0)
    dialect = models.CharField(_("dialect"), max_length=20, choices=Dialect)
    kinds = ArrayField(models.CharField(max_length=20, choices=KIND_CHOICES), verbose_name=_("record kinds"))
    url = models.URLField(_("address"))
    key_id = models.CharField(_("key id"), max_length=60)
    secret = ProtectedTextField(_("secret"), max_length=200, help_text=_("Hexadecimal. Written, never shown."))
    enabled = models.BooleanField(_("in use"), default=True)
    agreement_from = models.DateField(_("agreement from"), null=True, blank=True)
    agreement_to = models.DateField(_("agreement until"), null=True, blank=True)
    policy = models.CharField(_("when it does not answer"), max_length=20, choices=Policy, default=Policy.MUST_ANSWER)
    last_known_days = models.PositiveSmallIntegerField(
        # Translators: 沿用的反馈最长天数
        _("last known answer at most (days old)"),
        null=True,
        blank=True,
        validators=_within("last_known_days"),
        # Translators: 仅用于“可沿用最近一次反馈”。按数据日期计算，无数据日期的按反馈日期计算。
        help_text=_("Only with “last known answer serves”. Counted by the day of its data, else of the reply."),
    )
    stale_after_days = models.PositiveSmallIntegerField(
        # Translators: 数据过期天数
        _("data are old after (days)"),
        null=True,
        blank=True,
        validators=_within("stale_after_days"),
        # Translators: 数据日期早于核对日超过此天数即为过期；留空则不限。须反馈的来源数据过期时，相关条件不能判定。
        help_text=_(
            "An answer whose data are older on the day of the check is old. Of a source whose answer is needed it"
            " leaves open what it does not show. Empty: no limit."
        ),
    )
    patience_hours = models.PositiveSmallIntegerField(
        # Translators: 等待时限（小时）
        _("patience (hours)"),
        null=True,
        blank=True,
        default=24,
        validators=_within("patience_hours"),
        # Translators: 来源持续失败达此时限后，等待中的查询按“来源不可用”结束，核对继续；可再重发。留空则一直等待。
        help_text=_(
            "A source that fails all this time is waited for no longer: the inquiries end as unavailable and can be"
            " asked again. Empty: waits for ever."
        ),
    )
    answer_seconds = models.PositiveIntegerField(
        # Translators: 约定反馈时限（秒）
        _("agreed time for an answer (s)"),
        null=True,
        blank=True,
        validators=_within("answer_seconds"),
        # Translators: 自首次发出至反馈。留空：接口 60 秒，批量 24 小时；请求清单以清单所注反馈期限为准。
        help_text=_(
            "From the first request to the answer. Empty: a minute, of a batch a day; of a request list its own day."
        ),
    )
    contact = models.CharField(_("contact"), max_length=120, blank=True)

    batch_size = models.PositiveSmallIntegerField(
        _("households per request"), default=200, validators=_within("batch_size")
    )
    concurrency = models.PositiveIntegerField(
        _("households in flight"), default=2000, validators=_within("concurrency")
    )
    connect_seconds = models.FloatField(_("connect limit (s)"), default=2, validators=_within("connect_seconds"))
    read_seconds = models.FloatField(_("read limit (s)"), default=8, validators=_within("read_seconds"))
    total_seconds = models.FloatField(_("total limit (s)"), default=20, validators=_within("total_seconds"))
    max_attempts = models.PositiveSmallIntegerField(_("attempts"), default=4, validators=_within("max_attempts"))
    backoff_seconds = models.FloatField(
        _("first pause between attempts (s)"), default=2, validators=_within("backoff_seconds")
    )
    per_minute = models.PositiveIntegerField(
        _("households per minute"),
        null=True,
        blank=True,
        validators=_within("per_minute"),
        help_text=_("Over all workers; empty: no limit."),
    )
    quiet_from = models.TimeField(_("not asked daily from"), null=True, blank=True)
    quiet_to = models.TimeField(_("not asked daily until"), null=True, blank=True)
    circuit_failures = models.PositiveSmallIntegerField(
        _("failures that open the circuit"), default=10, validators=_within("circuit_failures")
    )
    circuit_seconds = models.FloatField(
        _("pause of an open circuit (s)"), default=15, validators=_within("circuit_seconds")
    )

    failures_in_row = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    open_until = models.DateTimeField(_("circuit open until"), null=True, editable=False)
    allowance = models.FloatField(default=0, editable=False)  # households that may be asked at once, of `per_minute`
    allowance_at = models.DateTimeField(null=True, editable=False)
    last_success_at = models.DateTimeField(_("last success"), null=True, editable=False)
    last_failure_at = models.DateTimeField(_("last failure"), null=True, editable=False)

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ("place", "code")
        constraints = (
            models.CheckConstraint(condition=Q(dialect__in=Dialect.values), name="source_dialect_is_known"),
            models.CheckConstraint(
                condition=Q(
                    **{f"{name}__gte": least for name, (least, _most) in LIMITS.items() if name != "per_minute"}
                )
                & (Q(per_minute__isnull=True) | Q(per_minute__gte=1)),
                name="source_limits_are_positive",
            ),
            models.CheckConstraint(  # not a number is more than any number to PostgreSQL
                condition=Q(**{f"{name}__lte": most for name, (_least, most) in LIMITS.items() if name != "per_minute"})
                & (Q(per_minute__isnull=True) | Q(per_minute__lte=LIMITS["per_minute"][1])),
                name="source_limits_are_sensible",
            ),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="source_quiet_hours_have_both_ends",
            ),
            models.CheckConstraint(
                condition=Q(policy__in=["must_answer", "may_be_missing", "last_known"]), name="source_policy_is_known"
            ),
            models.CheckConstraint(
                condition=Q(policy="last_known", last_known_days__isnull=False)
                | (~Q(policy="last_known") & Q(last_known_days__isnull=True)),
                name="source_last_known_says_how_old",
            ),
            models.CheckConstraint(  # what serves for want of another is not old at the same time
                condition=Q(last_known_days__isnull=True)
                | Q(stale_after_days__isnull=True)
                | Q(stale_after_days__gte=F("last_known_days")),
                name="source_last_known_is_not_stale",
            ),
            models.CheckConstraint(
                condition=reduce(and_, map(_unset_or_within, LIMITS_IF_SET)), name="source_days_and_hours_are_sensible"
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="source_once_asked_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func="""
                IF EXISTS (SELECT 1 FROM verification_inquiry WHERE source_id = OLD.id) THEN
                    RAISE EXCEPTION 'a source of which a check is on file stays: switch it off' USING ERRCODE =
                    'foreign_key_violation';
                END IF;
                RETURN OLD;
                """,
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.named(self.name_zh, self.name_en)

    @staticmethod
    def named(name_zh: str, name_en: str) -> str:
        """Of two names the one in the reader's language."""
        return name_en if (get_language() or "").startswith("en") else name_zh

    @property
    def agreed_seconds(self) -> int:
        """Within how many seconds an answer is in time."""
        return self.answer_seconds or ANSWER_SECONDS[self.dialect]

    @property
    def is_down(self) -> bool:
        """Whether it failed so often in a row that only one household after a pause is put to it."""
        return self.failures_in_row >= self.circuit_failures

    def is_quiet(self, clock: time) -> bool:
        """Whether it is not asked at this time of the day; hours may run over midnight."""
        if self.quiet_from is None or self.quiet_to is None:
            return False
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= clock < self.quiet_to
        return clock >= self.quiet_from or clock < self.quiet_to

    @property
    def is_open(self) -> bool:
        """Whether the circuit is open: the source failed too often and is left alone for a while."""
        return self.open_until is not None and self.open_until > timezone.now()
