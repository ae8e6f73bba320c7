"""How each source fared: what every round trip adds to the figures of its month, and the months that have ended."""

from typing import Final

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureau.models import Staff, append_only
from verification.models.inquiry import Exchange
from verification.models.source import Source
from verification.scorecard_querysets import ScorecardPaperQuerySet, ScorecardRowQuerySet

FAILURES: Final = ("timeout", "refused", "broken", "unavailable")  # facts.Outcome: the reasons of no answer


def _counter() -> models.PositiveIntegerField[int, int]:
    return models.PositiveIntegerField(default=0)


class Counted(models.Model):
    """What is counted, of real checks only (verification/scorecards.py says what each figure means)."""

    asked = _counter()  # inquiries put to the source for the first time
    in_time = _counter()  # of those, answered within the agreed time
    answered = _counter()  # inquiries answered, of whatever run and however late
    asked_again = _counter()  # inquiries that a person put to it once more
    calls = _counter()  # requests over the wire
    calls_timeout = _counter()  # … that brought no answer, by sort
    calls_refused = _counter()
    calls_broken = _counter()
    calls_unavailable = _counter()
    ended_timeout = _counter()  # inquiries that ended without an answer, by sort
    ended_refused = _counter()
    ended_broken = _counter()
    ended_unavailable = _counter()
    resting_seconds = models.FloatField(default=0)  # with an open circuit

    class Meta:
        abstract = True


COUNTERS: Final = tuple(field.name for field in Counted._meta.local_fields)


class Tally(Counted):
    """What one round trip, or one act of a person or of the system, adds to the figures of a month.

    Written beside the evidence in the same transaction, one row for each exchange (two where its households were asked
    for the first time in different months). Inquiries change when they are asked again; these rows never do.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+", db_index=False)
    exchange = models.ForeignKey(Exchange, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    month = models.DateField()  # its first day, in the city
    at = models.DateTimeField(default=timezone.now)
    milliseconds = models.PositiveIntegerField(null=True)  # of a request over the wire that was answered

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        constraints = (
            models.CheckConstraint(condition=Q(month__day=1), name="tally_month_is_its_first_day"),
            models.CheckConstraint(
                condition=Q(milliseconds__isnull=True) | Q(calls=1), name="tally_time_is_of_one_request"
            ),
        )
        # Rows are written in the order of their months: a few pages of ranges find a month, and a write costs nothing.
        indexes = (BrinIndex(fields=["month"], name="tally_of_month", pages_per_range=16, autosummarize=True),)
        triggers = (append_only("tally_is_append_only"),)

    def __str__(self) -> str:
        return f"{self.source} {self.month:%Y-%m}"


class ScorecardRow(Counted):
    """A month of a source that has ended, or of all together (`source` null): written once, when nothing can be added.

    Only what is contradicted later is not in it: that goes on growing.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    month = models.DateField(_("month"))
    answer_seconds = models.PositiveIntegerField(null=True)  # agreed with the source when the month ended
    median_ms = models.PositiveIntegerField(null=True)
    p95_ms = models.PositiveIntegerField(null=True)
    held_seconds = models.FloatField(default=0)
    frozen_at = models.DateTimeField(default=timezone.now)

    objects = ScorecardRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of the scorecard")
        verbose_name_plural = _("rows of the scorecard")
        ordering = ("month", "source")
        constraints = (
            models.UniqueConstraint(
                fields=["month", "source"], nulls_distinct=False, name="scorecard_row_is_one_per_month_and_source"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="scorecard_month_is_its_first_day"),
        )
        triggers = (append_only("scorecard_row_is_append_only"),)

    def __str__(self) -> str:
        return f"{self.source or '*'} {self.month:%Y-%m}"

    @property
    def in_time_share(self) -> float | None:
        """Of the asked; None where nobody was asked."""
        return self.in_time / self.asked if self.asked else None

    @property
    def failed_calls(self) -> int:
        """Requests over the wire that brought no answer, of every sort."""
        return sum(getattr(self, f"calls_{sort}") for sort in FAILURES)

    @property
    def failed_share(self) -> float | None:
        """Of the requests; None where there was none."""
        return self.failed_calls / self.calls if self.calls else None

    @property
    def ended(self) -> int:
        """Inquiries that ended without an answer, of every sort."""
        return sum(getattr(self, f"ended_{sort}") for sort in FAILURES)


class ScorecardPaper(models.Model):
    """A scorecard that went out under a number, for the joint meeting: what the document is filed under.

    The document keeps the figures as they were then.
    """

    number = models.CharField(_("number"), max_length=20, unique=True)
    month = models.DateField(_("month"))
    office_code = models.CharField(max_length=12)
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")  # null: by a command
    made_at = models.DateTimeField(default=timezone.now)

    objects = ScorecardPaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("scorecard on paper")
        verbose_name_plural = _("scorecards on paper")
        ordering = ("-made_at", "-pk")
        constraints = (models.CheckConstraint(condition=Q(month__day=1), name="scorecard_paper_is_of_a_month"),)
        indexes = (models.Index(fields=["month"], name="scorecard_paper_of_month"),)
        triggers = (append_only("scorecard_paper_is_append_only"),)

    def __str__(self) -> str:
        return self.number
