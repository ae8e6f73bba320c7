"""Scopes of the ground's tables. Everything about households is closed by default: `visible_to` decides."""

import functools
import operator
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Substr
from django.utils import timezone

from bureau.divisions import DISTRICT_DIGITS
from bureau.roles import CASE_ROLES, CREDIT_WORK


def array_of(numbers: Iterable[int]) -> str:
    """Numbers as PostgreSQL writes an array: one text, as thousands of single values would be parsed one by one."""
    return "{" + ",".join(map(str, numbers)) + "}"


Row = TypeVar("Row", bound=models.Model, covariant=True)

if TYPE_CHECKING:
    from bureau.models import Staff


def within(scopes: list[str], field: str = "office_code") -> Q:
    """Rows whose office code begins with one of the prefixes; no prefix, no rows."""
    parts = [Q(**{f"{field}__startswith": scope}) for scope in scopes]
    return functools.reduce(operator.or_, parts) if parts else Q(pk__in=[])


def district_of(column: str) -> Substr:
    """The code of the district of an office, by the column of the office's code."""
    return Substr(F(column), 1, DISTRICT_DIGITS, output_field=models.CharField())


class ScopedQuerySet(models.QuerySet[Row]):
    """Rows that carry the code of the office in charge."""

    def visible_to(self, staff: "Staff") -> Self:
        """What this person's postings of today cover, of those who have to do with households' cases."""
        return self.filter(within(staff.scopes_as(*CASE_ROLES)))


class OfficeQuerySet(models.QuerySet[Any]):
    """Offices."""

    def visible_to(self, staff: "Staff") -> Self:
        """The offices inside this person's scopes."""
        return self.filter(within(staff.scopes, "code"))

    def open(self) -> Self:
        """Offices that work today."""
        today = timezone.localdate()
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=today), opened_on__lte=today)


class PostingQuerySet(models.QuerySet[Any]):
    """Postings."""

    def current(self) -> Self:
        """Postings held today."""
        today = timezone.localdate()
        return self.filter(Q(to_on__isnull=True) | Q(to_on__gt=today), from_on__lte=today)


class TimelineQuerySet(models.QuerySet[Any]):
    """What happened."""

    def of(self, *subjects: Any) -> Self:
        """The entries of these subjects, newest first."""
        clauses = [Q(subject_kind=subject._meta.label_lower, subject_id=subject.pk) for subject in subjects]
        return self.filter(functools.reduce(operator.or_, clauses, Q(pk__in=[]))).select_related("by", "office")


class AuditQuerySet(models.QuerySet[Any]):
    """Who looked."""

    def of(self, *subjects: Any) -> Self:
        """The looks at these subjects, newest first."""
        clauses = [Q(subject_kind=subject._meta.label_lower, subject_id=subject.pk) for subject in subjects]
        return self.filter(functools.reduce(operator.or_, clauses, Q(pk__in=[]))).select_related("staff")


class DocumentQuerySet(ScopedQuerySet[Any]):
    """Letters and reports."""

    def visible_to(self, staff: "Staff") -> Self:
        """Letters about what this person may see: whoever has no case before the eyes has none of its letters."""
        subjects = [
            Q(subject_kind=model._meta.label_lower, subject_id__in=rows.visible_to(staff).values("pk"))
            for model in apps.get_models()
            if isinstance(rows := model._default_manager.all(), ScopedQuerySet) and not issubclass(model, self.model)
        ]
        mine = within(staff.scopes_as(*CASE_ROLES, *CREDIT_WORK))
        return self.filter(mine).filter(functools.reduce(operator.or_, subjects))

    def of(self, *subjects: Any) -> Self:
        """The documents of these subjects, newest first."""
        clauses = [Q(subject_kind=subject._meta.label_lower, subject_id=subject.pk) for subject in subjects]
        return self.filter(functools.reduce(operator.or_, clauses, Q(pk__in=[]))).select_related("by")

    def to_typeset(self) -> Self:
        """Documents that have a number and no PDF yet."""
        return self.filter(typeset_at__isnull=True)
