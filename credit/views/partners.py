"""The pages of departments: the list, one department with its grants and keys, and each deed on it."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from bureau import workdays
from bureau.confirming import reason_page
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.roles import Role
from credit import hooks, partners
from credit.models import Grant, Partner, PartnerCall, PartnerKey
from credit.partner_forms import GrantForm, KeyForm, RotateForm, TestCallForm
from credit.refusals import REFUSALS
from credit.views.scope import require_officer, require_registry, staff_of

LAST = 20


@require_GET
def partner_list(request: HttpRequest) -> HttpResponse:
    """All departments, with how much each may and does."""
    require_registry(request, Role.ADMINISTRATOR)
    today = workdays.today()
    live = Q(keys__revoked_at=None, keys__expires_on__gt=today)
    granted = Q(grants__from_on__lte=today) & (Q(grants__to_on=None) | Q(grants__to_on__gt=today))
    newest = PartnerCall.objects.filter(partner=OuterRef("pk")).order_by("-pk").values("at")[:1]
    rows = Partner.objects.annotate(
        live_keys=Count("keys", live, distinct=True),
        granted=Count("grants", granted, distinct=True),
        last=Subquery(newest),
    )
    context = {"rows": rows, "may_enter": staff_of(request).holds(Role.ADMINISTRATOR)}
    return render(request, "credit/partners.html", context)


@require_GET
@never_cache
def partner_page(request: HttpRequest, code: str) -> HttpResponse:
    """One department; with a purpose and an endpoint in the query, also what would come of a request."""
    require_registry(request, Role.ADMINISTRATOR)
    return _page(request, _partner(code), {})


@require_http_methods(["GET", "POST"])
@never_cache
def add_grant(request: HttpRequest, code: str) -> HttpResponse:
    """Let a department ask for a purpose."""
    require_officer(request)
    partner = _partner(code)
    if request.method == "GET":
        return redirect("credit:partner", code)
    form = GrantForm(request.POST, prefix="grant")
    if form.is_valid():
        try:
            partners.grant(partner, by=staff_of(request), **form.cleaned_data)
        except UnfitDataError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Granted."))
            return redirect("credit:partner", code)
    return _page(request, partner, {"grant_form": form}, 422)


@require_http_methods(["GET", "POST"])
@never_cache
def end_grant(request: HttpRequest, pk: int) -> HttpResponse:
    """End a grant today."""
    require_officer(request)
    granted: Grant = get_object_or_404(Grant.objects.select_related("partner"), pk=pk)
    if request.method == "POST":
        partners.end(granted, by=staff_of(request))
        messages.success(request, _("The grant has ended."))
    return redirect("credit:partner", granted.partner.code)


@require_http_methods(["GET", "POST"])
@never_cache
def issue_key(request: HttpRequest, code: str) -> HttpResponse:
    """A new key, whose secret this one answer shows."""
    _require_keeper(request)
    partner = _partner(code)
    if request.method == "GET":
        return redirect("credit:partner", code)
    form = KeyForm(request.POST, prefix="key")
    if form.is_valid():
        try:
            key, secret = partners.issue(partner, by=staff_of(request), **form.cleaned_data)
        except UnfitDataError as error:
            form.add_error("expires_on", str(error))
        else:
            return _shown_once(request, partner, key.key_id, secret)
    return _page(request, partner, {"key_form": form}, 422)


@require_http_methods(["GET", "POST"])
@never_cache
def rotate_key(request: HttpRequest, pk: int) -> HttpResponse:
    """A new key beside an old one that goes on for some days."""
    _require_keeper(request)
    old = _key(pk)
    form = RotateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            key, secret = partners.rotate(old, by=staff_of(request), **form.cleaned_data)
        except UnfitDataError as error:
            for name, words in error.fields.items():
                form.add_error(name, words)
        else:
            return _shown_once(request, key.partner, key.key_id, secret)
    context = {
        "title": _("Renew key %(key)s") % {"key": old.key_id},
        # Translators: 新密钥只显示一次；旧密钥到所填日期停用，其间两把密钥均可使用。
        "warning": _("The new secret is shown once. Until the old key ends, both are valid."),
        "form": form,
        "action": _("Renew"),
        "cancel_url": reverse("credit:partner", args=[old.partner.code]),
    }
    return render(request, "_parts/confirm_page.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@never_cache
def revoke_key(request: HttpRequest, pk: int) -> HttpResponse:
    """End a key at once, with a reason."""
    _require_keeper(request)
    key = _key(pk)
    if key.revoked_at is not None or key.expires_on <= workdays.today():
        raise MoveRefusedError(_("This key is over."))
    return reason_page(
        request,
        title=_("Revoke key %(key)s") % {"key": key.key_id},
        # Translators: 吊销立即生效，用该密钥签名的下一个请求即被拒绝。
        warning=_("It ends at once: the next request that is signed with it is refused."),
        action=_("Revoke"),
        after=reverse("credit:partner", args=[key.partner.code]),
        do=lambda reason: partners.revoke(key, reason=reason, by=staff_of(request)),
    )


@require_http_methods(["GET", "POST"])
@never_cache
def webhook_secret(request: HttpRequest, code: str) -> HttpResponse:
    """A new secret of the webhook, which this one answer shows."""
    _require_keeper(request)
    partner = _partner(code)
    if request.method == "GET":
        return redirect("credit:partner", code)
    if not hooks.is_allowed(partner.webhook_url):
        raise MoveRefusedError(_("An administrator enters the address of the webhook first."))
    return _shown_once(request, partner, partner.code, partners.renew_webhook_secret(partner))


def _require_keeper(request: HttpRequest) -> None:
    if not staff_of(request).holds(Role.CREDIT_OFFICER, Role.ADMINISTRATOR):
        raise NotAllowedError(_("Your posting does not include this work."))


def _partner(code: str) -> Partner:
    found: Partner = get_object_or_404(Partner, code=code)
    return found


def _key(pk: int) -> PartnerKey:
    found: PartnerKey = get_object_or_404(PartnerKey.objects.select_related("partner"), pk=pk)
    return found


def _shown_once(request: HttpRequest, partner: Partner, key_id: str, secret: str) -> HttpResponse:
    context = {"partner": partner, "key_id": key_id, "secret": secret}
    return render(request, "credit/partner_key.html", context)


def _page(request: HttpRequest, partner: Partner, forms: dict[str, Any], status: int = 200) -> HttpResponse:
    staff, today = staff_of(request), workdays.today()
    test = TestCallForm(request.GET if "purpose" in request.GET else None)
    refused = (
        partners.rehearse(partner, test.cleaned_data["purpose"], test.cleaned_data["endpoint"])
        if test.is_valid()
        else None
    )
    in_day, in_minute = partners.used(partner)
    officer = staff.holds(Role.CREDIT_OFFICER)
    context = {
        "partner": partner,
        "grants": [
            (each, each.from_on <= today and (each.to_on is None or each.to_on > today))
            for each in partner.grants.select_related("purpose", "by")
        ],
        "keys": [
            (each, each.revoked_at is None and each.expires_on > today)
            for each in partner.keys.select_related("issued_by")
        ],
        "calls": [(each, answer_of(each)) for each in partner.calls.select_related("purpose", "key")[:LAST]],
        "in_day": in_day,
        "in_minute": in_minute,
        "test_form": test,
        "test_answer": "" if refused is None else _test_words(refused),
        "test_good": refused == "",
        "may_grant": officer,
        "may_key": officer or staff.holds(Role.ADMINISTRATOR),
        "may_edit": staff.holds(Role.ADMINISTRATOR),
        "grant_form": GrantForm(prefix="grant"),
        "key_form": KeyForm(prefix="key"),
        "now": timezone.now(),
        **forms,
    }
    return render(request, "credit/partner.html", context, status=status)


def _test_words(refused: str) -> Any:
    if not refused:
        # Translators: 此请求将得到答复。
        return _("A request would be answered.")
    if refused == "unknown_key":
        # Translators: 该部门没有有效密钥。
        return _("The department has no live key.")
    return REFUSALS[refused].text


def answer_of(call: PartnerCall) -> tuple[str, Any]:
    """The tone and the words of what was answered."""
    if call.outcome in PartnerCall.ANSWERS:
        return ("warning" if call.outcome == PartnerCall.HIT else "neutral"), PartnerCall.ANSWERS[call.outcome]
    return "danger", REFUSALS[call.outcome].text if call.outcome in REFUSALS else call.outcome
