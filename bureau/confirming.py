"""The page before a deed that wants a reason: what it does, why, and then the deed."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class WhyForm(forms.Form):
    """Why something is stopped, taken back or goes on."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


def reason_page(
    request: HttpRequest,
    *,
    title: str,
    warning: str,
    action: str,
    after: str,
    do: Callable[[str], Any],
    summary: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    """A page that tells what the deed does and asks why; then the deed, and back."""
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        do(form.cleaned_data["reason"])
        # Translators: 已完成：%(what)s。
        messages.success(request, _("Done: %(what)s.") % {"what": title})
        return redirect(after)
    context = {
        "title": title,
        "warning": warning,
        "summary": summary or [],
        "form": form,
        "action": action,
        "cancel_url": after,
    }
    return render(request, "_parts/confirm_page.html", context, status=422 if form.errors else 200)
