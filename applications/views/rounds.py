"""Open a round over the cases that wait for their check. How it goes on is on the check centre's own page."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from applications import rounds
from applications.models import Application
from applications.views.frame import staff_of
from bureau.errors import NotAllowedError, UnfitDataError
from bureau.forms import offer
from bureau.models import Office
from bureau.roles import Role, Tier


class RoundForm(forms.Form):
    """What the round is called, and whom it covers."""

    # Translators: 批次名称
    name = forms.CharField(label=gettext_lazy("Name of the round"), max_length=80)
    kinds = forms.MultipleChoiceField(
        # Translators: 核对事项
        label=gettext_lazy("What is to be checked"),
        choices=Application.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    # Translators: 范围
    area = forms.ChoiceField(label=gettext_lazy("Area"))

    def __init__(self, *args: Any, areas: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "area", areas)


@require_http_methods(["GET", "POST"])
def open_round(request: HttpRequest) -> HttpResponse:
    """The form with how many wait where; then the round's page."""
    staff = staff_of(request)
    if not staff.holds(Role.CHECK_OFFICER):
        raise NotAllowedError(_("Your posting does not include this work."))
    offices = Office.objects.visible_to(staff).filter(tier__in=[Tier.CITY, Tier.DISTRICT]).order_by("code")
    areas = [(office.code, office.name) for office in offices]
    form = RoundForm(request.POST or None, areas=areas, initial={"kinds": list(Application.Kind.values)})
    if request.method == "POST" and form.is_valid():
        try:
            found = rounds.open_round(**form.cleaned_data, by=staff)
        except UnfitDataError as error:
            for name, texts in error.fields.items():
                form.add_error(name, texts[0])
        else:
            # Translators: 批次 %(number)s 已建立，正在发出核对指令。
            messages.success(
                request, _("Round %(number)s is open; its checks are being ordered.") % {"number": found.number}
            )
            return redirect("verification:round", found.number)
    waiting = rounds.waiting(Application.Kind.values, areas[0][0], by=staff).count() if areas else 0
    context = {"form": form, "waiting": waiting}
    return render(request, "applications/round.html", context, status=422 if form.errors else 200)
