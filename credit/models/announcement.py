"""Public announcements of letters that reached nobody in another way (公告送达)."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureau.models import Document, Staff, changes_only, kept
from credit.models.case import Case
from credit.models.service import Service
from credit.querysets import AnnouncementQuerySet


class Announcement(models.Model):
    """The masked text by which a letter is announced: written by one person, checked by another, out in a medium from
    a day until the day on which the letter counts as served. Where it stands follows from its days.
    """

    class State(models.TextChoices):
        """Where it stands on a day; it is not stored."""

        TO_CHECK = "to_check", _("To be checked")
        CHECKED = "checked", _("Checked; to appear")
        OUT = "out", _("Out")
        DOWN = "down", _("Taken down")

    class Because(models.TextChoices):
        """Why it ended."""

        RETURNED = "returned", _("Returned by who checked it")
        SERVED = "served", _("The letter counts as served")
        ENDED = "ended", _("The case went on or ended")

    number = models.CharField(_("number"), max_length=20, unique=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="announcements", verbose_name=_("case"))
    letter = models.CharField(_("letter"), max_length=8, choices=Service.Letter)
    turn = models.PositiveSmallIntegerField(default=1)  # of which proposal
    medium = models.CharField(_("medium"), max_length=100)
    heading = models.CharField(_("heading"), max_length=60)
    text = models.TextField(_("text"))  # masked
    office_code = models.CharField(max_length=12)
    written_at = models.DateTimeField(_("written at"), default=timezone.now)
    written_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("written by"))
    checked_at = models.DateTimeField(_("checked at"), null=True)
    checked_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("checked by")
    )
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    appeared_on = models.DateField(_("appeared on"), null=True)
    comes_down_on = models.DateField(_("comes down on"), null=True)  # the letter counts as served
    taken_down_on = models.DateField(_("taken down on"), null=True)
    because = models.CharField(_("why it ended"), max_length=8, choices=Because, blank=True)
    returned_because = models.CharField(_("reason"), max_length=500, blank=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        # Translators: 送达公告
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ("-written_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(letter__in=["proposal", "notice"]), name="announcement_letter_is_known"),
            models.CheckConstraint(
                condition=~Q(medium="") & ~Q(heading="") & ~Q(text=""), name="announcement_says_what_and_where"
            ),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True, checked_by__isnull=True, document__isnull=True)
                | Q(checked_at__isnull=False, checked_by__isnull=False, document__isnull=False)
                & ~Q(checked_by=F("written_by")),
                name="announcement_is_checked_by_another_person",
            ),
            models.CheckConstraint(
                condition=Q(appeared_on__isnull=True, comes_down_on__isnull=True)
                | Q(appeared_on__isnull=False, comes_down_on__gt=F("appeared_on"), checked_at__isnull=False),
                name="announcement_appears_once_it_is_checked",
            ),
            models.CheckConstraint(
                condition=Q(taken_down_on__isnull=True, because="")
                | Q(taken_down_on__isnull=False, because__in=["returned", "served", "ended"]),
                name="announcement_ends_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(because="returned") | ~Q(returned_because=""),
                name="announcement_is_returned_with_a_reason",
            ),
            models.UniqueConstraint(
                fields=["case", "letter", "turn"],
                condition=Q(taken_down_on__isnull=True) | Q(appeared_on__isnull=False),
                name="letter_is_announced_once",
            ),
        )
        indexes = (
            models.Index(
                fields=["comes_down_on"],
                condition=Q(taken_down_on__isnull=True, appeared_on__isnull=False),
                name="announcement_to_take_down",
            ),
        )
        triggers = (
            kept("announcement_is_kept"),
            changes_only(
                "announcement_goes_on_only",
                *("checked_at", "checked_by_id", "document_id", "appeared_on", "comes_down_on"),
                *("taken_down_on", "because", "returned_because"),
            ),
        )

    def __str__(self) -> str:
        return self.number

    def state(self, on: date) -> "Announcement.State":
        """Where it stands on the day, whether or not a sweep has run."""
        if self.taken_down_on is not None or (self.comes_down_on is not None and self.comes_down_on <= on):
            return self.State.DOWN
        if self.appeared_on is not None:
            return self.State.OUT
        return self.State.CHECKED if self.checked_at is not None else self.State.TO_CHECK
