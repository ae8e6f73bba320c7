"""A person's own password: changed by that person, and first of all when somebody else has set it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _

from bureau.api_sign_in import MUST_CHANGE

ALWAYS_OPEN = ("own_password", "logout", "signed_out", "set_language", "health")


class OwnPasswordForm(PasswordChangeForm):
    """The present password and a new one."""

    def clean(self) -> dict[str, Any]:
        """The new one is another than the old one, which somebody else may know."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("new_password1") and cleaned["new_password1"] == cleaned.get("old_password"):
            self.add_error("new_password1", ValidationError(_("Choose another password than the present one.")))
        return cleaned

    def save(self, commit: bool = True) -> Any:
        """Known to nobody else from now on."""
        self.user.must_change_password = False
        return super().save(commit)


class OwnPasswordView(PasswordChangeView):
    """The page on which everybody changes the own password."""

    form_class = OwnPasswordForm
    template_name = "registration/own_password.html"
    success_url = reverse_lazy("home")

    def form_valid(self, form: Any) -> HttpResponse:
        """Changed; every other session of this person ends."""
        messages.success(self.request, _("Your password has been changed."))
        return super().form_valid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        """The form again, with what is wrong."""
        return self.render_to_response(self.get_context_data(form=form), status=422)


class OwnPasswordMiddleware:
    """Nothing opens to whoever signed in with a password that somebody else has set, before it is changed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not getattr(request.user, "must_change_password", False) or request.path in map(reverse, ALWAYS_OPEN):
            return self.get_response(request)
        if request.path.startswith("/api/"):
            return JsonResponse({"code": "not_allowed", "message": str(MUST_CHANGE), "fields": {}}, status=403)
        return redirect("own_password")
