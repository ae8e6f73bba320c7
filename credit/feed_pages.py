"""What the pages of feeds show: receivers with what waits, a batch with its lines and errors, a reconciliation."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau import masks
from bureau.models import Staff
from bureau.roles import Role
from credit import feeding
from credit.feeds import FileFault, UnfitFileError
from credit.models import Batch, BatchLine, Discrepancy, HeldBack, Receiver, Reconciliation, Subject
from credit.pages import name_of

SHOWN = 100  # held back, discrepancies: as many as a person goes through

WHY_HELD = {
    # Translators: 未事先告知当事人
    "no_prior_notice": gettext_lazy("The party has not been told before"),
    # Translators: 必填列为空
    "missing": gettext_lazy("A column that must be filled is empty"),
    # Translators: 超过列长
    "too_long": gettext_lazy("Longer than the column may be"),
    # Translators: 代码表中没有对应代码
    "no_code": gettext_lazy("The code table of the template does not know the word"),
}
FAULTS = {
    FileFault.EMPTY: gettext_lazy("The file is empty."),
    FileFault.TOO_LARGE: gettext_lazy("The file is larger than 50 MB."),
    FileFault.WRONG_ENCODING: gettext_lazy("The characters are not written in %(what)s, as the template says."),
    FileFault.NO_HEADER: gettext_lazy("This is no such file: its header is not what it should be."),
    FileFault.TRUNCATED: gettext_lazy("The file is cut short: its trailer is missing or not whole."),
    FileFault.BAD_LINE: gettext_lazy("This line does not have the form that it should have."),
    FileFault.WRONG_COUNT: gettext_lazy("The counts do not agree with the lines."),
    FileFault.WRONG_DIGEST: gettext_lazy("The digest does not fit the content: the file was changed on its way."),
    FileFault.UNKNOWN_BATCH: gettext_lazy("No batch %(what)s has gone to this receiver."),
    FileFault.OTHER_BATCH: gettext_lazy(
        "The receipt is of another file than the one that we made as %(what)s: its digest is not ours."
    ),
    FileFault.ANSWERED: gettext_lazy("The receipt of batch %(what)s has been brought in already."),
    FileFault.REPLACED: gettext_lazy("This batch was sent anew as %(what)s; the receipt of that one counts."),
    FileFault.UNKNOWN_KEY: gettext_lazy("The batch holds no record %(what)s."),
    FileFault.KEY_TWICE: gettext_lazy("The record %(what)s stands in the file twice."),
    FileFault.UNKNOWN_COLUMN: gettext_lazy("The template has no column %(what)s."),
    FileFault.OTHER_RECEIVER: gettext_lazy("This file is of other data: %(what)s."),
    FileFault.WRONG_DAY: gettext_lazy("Its day, %(what)s, lies ahead or before the batch."),
    FileFault.TAKEN: gettext_lazy("This very file has been brought in already."),
}


def fault_words(error: UnfitFileError) -> str:
    """Why a file was not taken, and where in it."""
    words = str(FAULTS[error.fault]) % {"what": masks.without_id_numbers(error.where.what)}
    if error.where.line:
        # Translators: 第 %(line)s 行：%(words)s
        return _("Line %(line)s: %(words)s") % {"line": error.where.line, "words": words}
    return words


def receiver_rows() -> list[dict[str, Any]]:
    """The receivers, each with its last batch, what waits and what is held back."""
    receivers = Receiver.objects.annotate(held=Count("held_back")).order_by("-in_use", "code")
    last = {
        batch.receiver_id: batch
        for batch in Batch.objects.order_by("receiver_id", "-pk").distinct("receiver_id").select_related("receipt")
    }
    return [
        {
            "receiver": receiver,
            "waiting": feeding.waiting(receiver) if receiver.in_use else None,
            "last": last.get(receiver.pk),
            "state": state_of(last[receiver.pk]) if receiver.pk in last else None,
        }
        for receiver in receivers
    ]


def state_of(batch: Batch) -> tuple[str, str]:
    """How a batch stands: tone and words."""
    receipt = getattr(batch, "receipt", None)
    if receipt is None:
        if batch.handed_over_at is None:
            # Translators: 待交付
            return "warning", _("To be handed over")
        # Translators: 待回执
        return "info", _("Receipt awaited")
    if receipt.refuses_all:
        # Translators: 整批退回
        return "danger", _("Refused as a whole")
    if receipt.rejected:
        # Translators: %(count)s 条退回
        return "danger", _("%(count)s rejected") % {"count": receipt.rejected}
    # Translators: 全部接收
    return "success", _("All accepted")


def batch_rows(batches: Iterable[Batch]) -> list[dict[str, Any]]:
    """The lines of the list of batches; their receipts come with them."""
    return [{"batch": batch, "state": state_of(batch)} for batch in batches]


def receiver_context(receiver: Receiver, staff: Staff) -> dict[str, Any]:
    """One receiver: what waits, what is held back and why, how it was reconciled."""
    held = list(receiver.held_back.select_related("subject", "sanction__case")[:SHOWN])
    found = receiver.reconciliations.select_related("by", "batch").annotate(apart=Count("discrepancies"))
    return {
        "receiver": receiver,
        "may_work": staff.holds(Role.CREDIT_OFFICER) and receiver.in_use,
        "waiting": feeding.waiting(receiver),
        "unanswered": receiver.batches.filter(receipt__isnull=True)
        .exclude(replaced_by__reason=Batch.Reason.RESEND_ALL)
        .count(),
        "held_count": receiver.held_back.count(),
        "held": [_held_row(row, staff) for row in held],
        "shown": SHOWN,
        "reconciliations": found[:12],
    }


def _held_row(row: HeldBack, staff: Staff) -> dict[str, Any]:
    return {
        "row": row,
        "name": name_of(row.subject, staff),
        "case": row.sanction.case,
        "why": WHY_HELD[row.code],
    }


def subjects_of(rows: Iterable[HeldBack | BatchLine | Discrepancy]) -> list[Subject]:
    """Whom these rows name."""
    return [row.subject for row in rows if row.subject]


def batch_context(batch: Batch, lines: Iterable[BatchLine], staff: Staff) -> dict[str, Any]:
    """One batch, these of its lines, what can be done with it."""
    receipt = getattr(batch, "receipt", None)
    anew = batch.replaced_by.first()
    words = feeding.template_of(batch).errors
    may_work = staff.holds(Role.CREDIT_OFFICER) and batch.receiver.in_use and anew is None
    return {
        "batch": batch,
        "state": state_of(batch),
        "receipt": receipt,
        "refused_because": words.get(receipt.code, receipt.code) if receipt and receipt.refuses_all else "",
        "anew": anew,
        "may_download": staff.holds(Role.CREDIT_OFFICER),
        "may_resend_rejected": may_work and receipt and receipt.rejected and not receipt.refuses_all,
        "may_resend_all": may_work and (receipt is None or receipt.refuses_all),
        "lines": [_line_row(line, words, staff) for line in lines],
    }


def _line_row(line: BatchLine, words: dict[str, str], staff: Staff) -> dict[str, Any]:
    error = getattr(line, "error", None)
    message = error.message if error else ""
    if error and line.subject and line.subject.kind == "person" and not staff.holds(Role.CREDIT_OFFICER):
        message = masks.names(message, [line.subject.name])
    return {
        "line": line,
        "name": name_of(line.subject, staff) if line.subject else "",
        "case": line.sanction.case if line.sanction else None,
        "error": error,
        "code": words.get(error.code, error.code) if error else "",
        "message": masks.without_id_numbers(message),
    }


def lines_of(batch: Batch, *, errors_only: bool) -> Any:
    """The lines of a batch in their order, with what their page shows of each."""
    rows = batch.lines.select_related("subject", "sanction__case", "error").defer("values")
    return rows.filter(error__isnull=False) if errors_only else rows


def reconciliation_context(found: Reconciliation, staff: Staff) -> dict[str, Any]:
    """One reconciliation: the counts, and each record on which both sides differ."""
    counted = found.discrepancies.aggregate(
        all=Count("pk"), **{kind: Count("pk", Q(kind=kind)) for kind in Discrepancy.KINDS}
    )
    return {
        "found": found,
        "counts": [(label, counted[kind]) for kind, label in Discrepancy.KINDS.items()],
        "apart": counted["all"],
        "may_correct": staff.holds(Role.CREDIT_OFFICER)
        and found.receiver.in_use
        and found.batch is None
        and counted["all"],
    }


def discrepancy_rows(rows: Iterable[Discrepancy], staff: Staff) -> list[dict[str, Any]]:
    """The records of one page of a reconciliation."""
    return [
        {
            "row": row,
            "name": name_of(row.subject, staff) if row.subject else "",
            "columns": _(", ").join(row.columns),
        }
        for row in rows
    ]
