"""Queries on what receivers were told."""

from collections.abc import Iterable
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef


class BatchLineQuerySet(models.QuerySet[Any]):
    """Lines of batches."""

    def held(self, keys: Iterable[str] | None = None, *, acknowledged: bool = False) -> Self:
        """The line by which each record stands as it does at its receiver, by what we know: the newest that was not
        refused, in no batch that was refused or sent anew as a whole. `acknowledged`: of batches with a receipt only.
        """
        batches = self.model._meta.get_field("batch").related_model._default_manager
        anew = batches.filter(replaces=OuterRef("batch"), reason="resend_all")
        lines = self.filter(error__isnull=True).exclude(batch__receipt__refuses_all=True).exclude(Exists(anew))
        if keys is not None:
            lines = lines.filter(record_key__in=list(keys))
        if acknowledged:
            lines = lines.filter(batch__receipt__isnull=False)
        return lines.order_by("receiver_id", "record_key", "-pk").distinct("receiver_id", "record_key")
