"""What there is to let: estates and their homes."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from benefits.querysets import HomeQuerySet
from bureau.models import kept


class Estate(models.Model):
    """Homes of one place, in the charge of one office."""

    name = models.CharField(pgettext_lazy("estate", "name"), max_length=60, unique=True)
    address = models.CharField(_("address"), max_length=120)
    office_code = models.CharField(_("division"), max_length=12)  # of the district or street in which it lies

    class Meta:
        # Translators: 小区（房源项目）
        verbose_name = _("estate")
        verbose_name_plural = _("estates")
        ordering = ("office_code", "name")
        triggers = (kept("estate_is_kept"),)

    def __str__(self) -> str:
        return self.name


class Home(models.Model):
    """One flat. Its status says whether it can be offered; who lives in it is told by its tenancies."""

    class Status(models.TextChoices):
        """Where it stands (房态)."""

        # Translators: 空置可配租
        VACANT = "vacant", _("Vacant")
        # Translators: 已分配待确认
        OFFERED = "offered", pgettext_lazy("home", "Offered")
        # Translators: 已出租
        LET = "let", _("Let")
        # Translators: 维修整备
        REPAIR = "repair", _("Under repair")
        # Translators: 停用
        WITHDRAWN = "withdrawn", pgettext_lazy("home", "Out of use")

    number = models.CharField(_("number"), max_length=20, unique=True)
    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="homes", verbose_name=_("estate"))
    building = models.CharField(_("building"), max_length=20)
    unit = models.CharField(_("flat"), max_length=20)
    area = models.DecimalField(_("floor area"), max_digits=7, decimal_places=2)
    rooms = models.PositiveSmallIntegerField(_("rooms"))
    floor = models.SmallIntegerField(_("floor"))
    has_lift = models.BooleanField(_("lift"), default=False)
    office_code = models.CharField(max_length=12)
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.VACANT)
    status_since = models.DateTimeField(default=timezone.now)

    objects = HomeQuerySet.as_manager()

    class Meta:
        verbose_name = _("home")
        verbose_name_plural = _("homes")
        ordering = ("estate", "building", "unit")
        constraints = (
            models.CheckConstraint(
                condition=Q(status__in=["vacant", "offered", "let", "repair", "withdrawn"]), name="home_status_is_known"
            ),
            models.CheckConstraint(condition=Q(area__gt=0, rooms__gte=1), name="home_has_an_area_and_rooms"),
            models.UniqueConstraint(fields=["estate", "building", "unit"], name="home_is_entered_once"),
        )
        indexes = (
            models.Index(fields=["office_code"], name="home_office_prefix", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["status", "rooms"], name="home_of_status"),
        )
        triggers = (kept("home_is_kept"),)

    def __str__(self) -> str:
        return f"{self.estate} {self.building}-{self.unit}"
