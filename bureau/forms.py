"""What the ground's pages take in."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bureau import sniffing


def offer(form: forms.Form, name: str, choices: Iterable[Any]) -> None:
    """Set what a field offers, which is known once the form is made."""
    field: Any = form.fields[name]  # the stubs see a field without choices
    field.choices = list(choices)


ACCEPT = ",".join(f".{ending}" for ending in sniffing.KINDS)


def scan_field(label: Any, **more: Any) -> forms.FileField:
    """A scan. What is in it is judged by `uploads.read`; an empty one too, so that all messages come from there."""
    return forms.FileField(
        label=label,
        allow_empty_file=True,
        help_text=_("PDF, JPEG, PNG or HEIC, at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        **more,
    )


class ReasonForm(forms.Form):
    """Why an auditor opens a household's paper."""

    reason = forms.CharField(label=_("Reason"), min_length=4, max_length=100)


class AuditFilterForm(forms.Form):
    """Which looks to list: by whom, at which case, from when to when."""

    staff = forms.CharField(label=_("Staff member"), max_length=60, required=False)
    # Translators: 案件或核对编号
    reference = forms.CharField(label=_("Case or check number"), max_length=40, required=False)
    from_on = forms.DateField(label=_("From"), required=False)
    to_on = forms.DateField(label=_("Until"), required=False)


def ask_reason(request: HttpRequest, form: ReasonForm, what: str) -> HttpResponse:
    """The page on which an auditor says why a paper is opened."""
    context = {
        "title": gettext("Open “%(what)s”") % {"what": what},
        # Translators: 为审计打开家庭的材料，理由会记入访问记录
        "warning": gettext("You open a household's paper as an auditor. Your reason goes into the access log."),
        "form": form,
        "action": gettext("Open"),
        "cancel_url": request.META.get("HTTP_REFERER", "") if _is_own(request) else reverse("audit_list"),
    }
    return render(request, "_parts/confirm_page.html", context, status=422 if form.errors else 200)


def _is_own(request: HttpRequest) -> bool:
    """Whether the person came from a page of ours."""
    return url_has_allowed_host_and_scheme(request.META.get("HTTP_REFERER", ""), {request.get_host()})
