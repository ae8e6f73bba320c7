"""The short line that tells what has just been done."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from applications.models import Application


def done(request: HttpRequest, case: Application) -> None:
    """Say where the case is now."""
    messages.success(
        request,
        _("%(reference)s is now “%(status)s”.") % {"reference": case.reference, "status": case.get_status_display()},
    )
