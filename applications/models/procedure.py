"""The time limits that every desk of the procedure works to."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), append_only=True)
class Procedure(models.Model):
    """Time limits of the procedure, dated, with their basis. Working days except where said."""

    effective_from = models.DateField(_("in force from"), unique=True)
    street_days = models.PositiveSmallIntegerField(_("street review"), default=5)
    district_days = models.PositiveSmallIntegerField(_("district review"), default=5)
    city_days = models.PositiveSmallIntegerField(_("city review"), default=3)
    check_days = models.PositiveSmallIntegerField(_("check by the sources"), default=5)
    decision_days = models.PositiveSmallIntegerField(_("decision"), default=5)
    correction_days = models.PositiveSmallIntegerField(_("correction by the household"), default=10)
    notice_days = models.PositiveSmallIntegerField(_("public notice (calendar days)"), default=10)
    # In the fast lane of households whose members all stand at grade A, and for papers that follow there.
    fast_street_days = models.PositiveSmallIntegerField(_("street review, fast lane"), default=2)
    fast_district_days = models.PositiveSmallIntegerField(_("district review, fast lane"), default=2)
    fast_city_days = models.PositiveSmallIntegerField(_("city review, fast lane"), default=1)
    fast_decision_days = models.PositiveSmallIntegerField(_("decision, fast lane"), default=2)
    supplement_days = models.PositiveSmallIntegerField(_("papers to be brought later"), default=10)
    # Of an objection to the result of a check: until when it is taken, answered, and answered by a department.
    objection_days = models.PositiveSmallIntegerField(_("objection to the result of a check"), default=10)
    recheck_days = models.PositiveSmallIntegerField(_("answer to such an objection"), default=10)
    department_days = models.PositiveSmallIntegerField(_("correction by a department"), default=10)
    basis = models.CharField(_("basis"), max_length=200)

    class Meta:
        verbose_name = _("time limits")
        verbose_name_plural = _("time limits")
        ordering = ("-effective_from",)

    def __str__(self) -> str:
        return f"{self.effective_from} {self.basis}"
