"""A member takes the authorisation to check back: recorded at the window, after the page has told what it does."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications import guards, signing
from applications.forms.casework import AuthorisationForm
from applications.models import Application, Authorisation
from applications.views import declared as words
from applications.views.frame import case_of, looked, staff_of
from bureau.errors import MoveRefusedError, NotAllowedError


def withdrawable(request: HttpRequest, case: Application) -> frozenset[str]:
    """The keys of the members whose authorisation this person can end: live ones, at the own window."""
    if guards.own_window(case, staff_of(request)):
        return frozenset()
    return frozenset(_live(case).values_list("member_key", flat=True))


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    """Ask for the reason, then end it. 403 at any other window, 404 for who is no member, 409 when none is live."""
    case = case_of(request, reference)
    person = next((row for row in words.persons(words.read(case.declaration)) if row["key"] == key), None)
    if person is None:
        raise Http404
    form = AuthorisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        signing.withdraw_authorisation(case, key, by=staff_of(request), reason=form.cleaned_data["reason"])
        messages.success(request, _("The authorisation of %(name)s has ended.") % {"name": person["name"]})
        return redirect("applications:case_household", reference)
    return _page(request, case, person["key"], person["name"], form)


def _page(request: HttpRequest, case: Application, key: str, name: str, form: AuthorisationForm) -> HttpResponse:
    if reason := guards.own_window(case, staff_of(request)):
        raise NotAllowedError(reason)
    grant = _live(case).filter(member_key=key).first()
    if grant is None:
        raise MoveRefusedError(_("There is no live authorisation of this member."))
    looked(request, case, "signing")
    context = {
        # Translators: 撤回核对授权
        "title": _("Withdraw the authorisation to check"),
        "warning": _("Sources that have not been asked about this person yet are not asked any more."),
        "consequence": _("Answers already in are kept. Without a new authorisation the check stays incomplete."),
        "summary": [
            (_("Member"), name),
            (_("Authorisation to check"), grant.number),
            (_("Signed on"), grant.signed_on),
        ],
        "form": form,
        "action": _("Withdraw the authorisation"),
        "cancel_url": reverse("applications:case_household", args=[case.reference]),
    }
    return render(request, "_parts/confirm_page.html", context, status=422 if form.errors else 200)


def _live(case: Application) -> QuerySet[Authorisation]:
    return Authorisation.objects.filter(application=case, ended_at=None)
