"""Control persons: people of whom it is known what each source must say, so that sources are tried before a round."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureau.fields import BlindIndexField, ProtectedJSONField, ProtectedTextField
from bureau.models import kept
from verification.control_querysets import KnownAnswerQuerySet
from verification.facts import Outcome
from verification.models.source import Source


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), append_only=True, exclude=["name", "id_number", "id_index"]
)
class ControlPerson(models.Model):
    """Somebody who has agreed that sources are tried with their data (校验样本), kept by administrators.

    Who it is does not change once entered. Asked about only while in use and the authorisation lasts.
    """

    label = models.CharField(
        # Translators: 样本名称
        _("called"),
        max_length=40,
        unique=True,
        # Translators: 核对页面只显示此名称，不显示姓名和身份证号。
        help_text=_("By this the check centre's pages name the person; name and ID number are not shown there."),
    )
    name = ProtectedTextField(_("name"), max_length=60)
    id_number = ProtectedTextField(_("ID number"), max_length=18)
    id_index = BlindIndexField(of="id_number")
    authorisation = models.CharField(
        # Translators: 授权书编号
        _("number of the authorisation"),
        max_length=60,
    )
    valid_to = models.DateField(
        # Translators: 授权截止日
        _("authorised until"),
        null=True,
        blank=True,
    )
    in_use = models.BooleanField(_("in use"), default=True)

    class Meta:
        # Translators: 校验样本
        verbose_name = _("control person")
        # Translators: 校验样本
        verbose_name_plural = _("control persons")
        ordering = ("label",)
        constraints = (
            models.UniqueConstraint(fields=["id_index"], name="control_person_is_entered_once"),
            models.CheckConstraint(condition=~Q(authorisation=""), name="control_person_has_authorised"),
        )
        triggers = (
            kept("control_person_is_kept"),
            pgtrigger.Protect(
                name="control_person_stays_the_same_person",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.id_index IS DISTINCT FROM NEW.id_index"),
            ),
        )

    def __str__(self) -> str:
        return self.label


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), append_only=True)
class KnownAnswer(models.Model):
    """What one source must say of a control person: whether it knows of something, and facts of what it knows."""

    OUTCOMES = ((Outcome.FOUND.value, _("Found")), (Outcome.NONE.value, _("No record")))

    person = models.ForeignKey(ControlPerson, on_delete=models.PROTECT, related_name="known", verbose_name=_("person"))
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="known", verbose_name=_("source"))
    # Translators: 应有结果
    outcome = models.CharField(_("must say"), max_length=10, choices=OUTCOMES)
    # By record kind, the records that must be there with these fields (verification.control_answers).
    # Translators: 关键信息
    facts = ProtectedJSONField(_("key facts"), default=dict, blank=True)
    in_use = models.BooleanField(_("in use"), default=True)

    objects = KnownAnswerQuerySet.as_manager()

    class Meta:
        # Translators: 已知结果
        verbose_name = _("known answer")
        # Translators: 已知结果
        verbose_name_plural = _("known answers")
        ordering = ("person", "source__place")
        constraints = (
            models.UniqueConstraint(fields=["person", "source"], name="known_answer_is_one_per_person_and_source"),
            models.CheckConstraint(condition=Q(outcome__in=["found", "none"]), name="known_answer_outcome_is_known"),
        )
        triggers = (kept("known_answer_is_kept"),)

    def __str__(self) -> str:
        return f"{self.person} · {self.source}"
