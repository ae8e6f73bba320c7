"""The pages of feeds: receivers, batches, receipts, reconciliations. Officers work on them, auditors read."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bureau import audit
from bureau.confirming import reason_page
from credit import feed_pages, feed_replies, feeding
from credit.feed_forms import HoldingsForm, ReceiptForm
from credit.feeds import UnfitFileError
from credit.feeds.framing import LARGEST_FILE
from credit.models import Batch, Receiver, Reconciliation, Subject
from credit.views.scope import purpose_of, require_officer, require_registry, staff_of

PAGE_SIZE = 50
Forms = dict[str, forms.Form]


@require_GET
@never_cache
def feed_list(request: HttpRequest) -> HttpResponse:
    """Who is told of records by file, when last, and what waits."""
    require_registry(request)
    return render(request, "credit/feeds.html", {"rows": feed_pages.receiver_rows()})


@require_GET
@never_cache
def receiver_page(request: HttpRequest, code: str) -> HttpResponse:
    """One receiver."""
    require_registry(request)
    return _receiver(request, get_object_or_404(Receiver, code=code), {})


def _receiver(request: HttpRequest, receiver: Receiver, wrong: Forms, status: int = 200) -> HttpResponse:
    batches = receiver.batches.select_related("receipt", "made_by")
    page = Paginator(batches, PAGE_SIZE).get_page(request.GET.get("page"))
    context = feed_pages.receiver_context(receiver, staff_of(request))
    _saw(request, [row["row"].subject for row in context["held"]])
    context |= {
        "page": page,
        "rows": feed_pages.batch_rows(page.object_list),
        "receipt_form": wrong.get("receipt") or ReceiptForm(prefix="receipt"),
        "holdings_form": wrong.get("holdings") or HoldingsForm(prefix="holdings"),
        "wrong": list(wrong.values()),
    }
    return render(request, "credit/feed.html", context, status=status)


@require_POST
def make(request: HttpRequest, code: str) -> HttpResponse:
    """Make what is waiting into batches now, before they are due."""
    require_officer(request)
    receiver = get_object_or_404(Receiver, code=code)
    made = feeding.make(receiver, by=staff_of(request))
    if not made:
        messages.info(request, _("Nothing is waiting for this receiver."))
        return redirect("credit:feed", code)
    # Translators: 已生成 %(count)s 个批次。
    text = ngettext("%(count)s batch has been made.", "%(count)s batches have been made.", len(made))
    messages.success(request, text % {"count": len(made)})
    return redirect("credit:batch", made[0].name) if len(made) == 1 else redirect("credit:feed", code)


@require_POST
@never_cache
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """Bring in the receipt of a batch."""
    require_officer(request)
    receiver, form = _form(request, code, ReceiptForm, "receipt")
    if taken := _take(form, lambda content: feed_replies.take_receipt(receiver, content, by=staff_of(request))):
        messages.success(
            request,
            _("The receipt is brought in: %(accepted)s accepted, %(rejected)s rejected.")
            % {"accepted": taken.accepted, "rejected": taken.rejected},
        )
        return redirect("credit:batch", taken.batch.name)
    return _receiver(request, receiver, {"receipt": form}, 422)


@require_POST
@never_cache
def reconcile(request: HttpRequest, code: str) -> HttpResponse:
    """Set what a receiver says that it holds beside what it should hold."""
    require_officer(request)
    receiver, form = _form(request, code, HoldingsForm, "holdings")
    if taken := _take(form, lambda content: feed_replies.reconcile(receiver, content, by=staff_of(request))):
        return redirect("credit:reconciliation", taken.pk)
    return _receiver(request, receiver, {"holdings": form}, 422)


def _form(request: HttpRequest, code: str, kind: type[forms.Form], prefix: str) -> tuple[Receiver, forms.Form]:
    return get_object_or_404(Receiver, code=code), kind(request.POST, request.FILES, prefix=prefix)


def _take(form: forms.Form, work: Callable[[bytes], Any]) -> Any:
    """What the work makes of the uploaded file; None, and the form says why it was not taken."""
    if not form.is_valid():
        return None
    given = form.cleaned_data["file"]
    try:
        return work(given.read(LARGEST_FILE + 1))
    except UnfitFileError as error:
        form.add_error("file", feed_pages.fault_words(error))
        return None


@require_GET
@never_cache
def batch_page(request: HttpRequest, batch: str) -> HttpResponse:
    """One batch; `?errors=1` shows what was rejected only."""
    require_registry(request)
    found, staff = _batch(batch), staff_of(request)
    lines = feed_pages.lines_of(found, errors_only=bool(request.GET.get("errors")))
    page = Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    _saw(request, feed_pages.subjects_of(shown))
    return render(request, "credit/batch.html", feed_pages.batch_context(found, shown, staff) | {"page": page})


def _batch(name: str) -> Batch:
    rows = Batch.objects.select_related("receiver", "mapping", "receipt__by", "replaces", "made_by", "handed_over_by")
    found: Batch = get_object_or_404(rows, name=name)
    return found


@require_POST
def batch_file(request: HttpRequest, batch: str) -> HttpResponse:
    """The file, to be handed over. It is full of ID numbers: kept by nobody on the way, a look at everybody in it."""
    require_officer(request)
    found = _batch(batch)
    content = feeding.hand_over(found, by=staff_of(request))
    named = Subject.objects.filter(pk__in=found.lines.exclude(action="delete").values("subject"))
    _saw(request, named, "download", ("name", "identifier"))
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=f"{found.name}.txt") or "",
        "Cache-Control": "no-store",
    }
    return HttpResponse(content, content_type="application/octet-stream", headers=headers)


@require_POST
def resend_rejected(request: HttpRequest, batch: str) -> HttpResponse:
    """Tell again of what was rejected."""
    require_officer(request)
    made = feeding.resend_rejected(_batch(batch), by=staff_of(request))
    messages.success(request, _("Sent again as batch %(name)s.") % {"name": made.name})
    return redirect("credit:batch", made.name)


@require_http_methods(["GET", "POST"])
def resend_all(request: HttpRequest, batch: str) -> HttpResponse:
    """Tell again of everything in a batch that did not arrive or was refused, after a reason."""
    require_officer(request)
    found = _batch(batch)
    return reason_page(
        request,
        # Translators: 整批重报 %(name)s
        title=_("Send batch %(name)s anew") % {"name": found.name},
        # Translators: 重报后使用新批次号；原批次的回执不再接收，请通知对方作废原文件。
        warning=_("It goes out under a new number. No receipt of the old one is taken any more: tell the receiver."),
        action=_("Send anew as a whole"),
        after=reverse("credit:feed", args=[found.receiver.code]),
        do=lambda reason: feeding.resend_all(found, by=staff_of(request), note=reason),
    )


@require_GET
@never_cache
def reconciliation_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One reconciliation."""
    require_registry(request)
    staff = staff_of(request)
    found = get_object_or_404(Reconciliation.objects.select_related("receiver", "batch", "by"), pk=pk)
    page = Paginator(found.discrepancies.select_related("subject"), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    _saw(request, feed_pages.subjects_of(shown))
    context = feed_pages.reconciliation_context(found, staff) | {"page": page}
    context["rows"] = feed_pages.discrepancy_rows(shown, staff)
    return render(request, "credit/reconciliation.html", context)


@require_POST
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the batch that sets a reconciliation right."""
    require_officer(request)
    found = get_object_or_404(Reconciliation.objects.select_related("receiver"), pk=pk)
    made = feeding.correct(found, by=staff_of(request))
    messages.success(request, _("Batch %(name)s sets it right.") % {"name": made.name})
    return redirect("credit:batch", made.name)


def _saw(
    request: HttpRequest, subjects: Iterable[Subject], action: str = "look", fields: tuple[str, ...] = ("name",)
) -> None:
    """Write down whom this person saw."""
    staff = staff_of(request)
    number = request.META.get("REQUEST_NUMBER", "")
    audit.look_many(
        staff, list(subjects), purpose=purpose_of(staff), action=action, fields=fields, request_number=number
    )
