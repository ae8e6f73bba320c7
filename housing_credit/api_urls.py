"""The programmers' door: every address under /api/."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.urls import include, path, re_path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import NotFound
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

from applications.api import ApplicationDoor
from bureau.api import DocumentDoor, MeDoor, OfficeDoor
from bureau.api_sign_in import StaffBasicAuthentication
from housing_credit.report_door import ReportDoor
from verification.api import (
    CheckDoor,
    FindingDoor,
    InquiryDoor,
    ObjectionDoor,
    ScorecardDoor,
    SourceDoor,
    StandardDoor,
    TrialDoor,
)

router = SimpleRouter(trailing_slash=False)
router.register("me", MeDoor, basename="api-me")
router.register("offices", OfficeDoor, basename="api-office")
router.register("applications", ApplicationDoor, basename="api-application")
router.register("checks", CheckDoor, basename="api-check")
router.register(r"checks/(?P<number>[A-Z]{2}\d{4}-\d{6,})/findings", FindingDoor, basename="api-finding")
router.register("objections", ObjectionDoor, basename="api-objection")
router.register("inquiries", InquiryDoor, basename="api-inquiry")
router.register("sources", SourceDoor, basename="api-source")
router.register("scorecards", ScorecardDoor, basename="api-scorecard")
router.register("standards", StandardDoor, basename="api-standard")
router.register(r"standards/(?P<code>[-\w]+)/trials", TrialDoor, basename="api-trial")
router.register("reports", ReportDoor, basename="api-report")
router.register("documents", DocumentDoor, basename="api-document")

SIGNED_IN = (StaffBasicAuthentication, SessionAuthentication)


@extend_schema(exclude=True)
class UnknownAddress(APIView):
    """Whatever is not an address of the API is refused in its own error shape."""

    authentication_classes = SIGNED_IN

    def http_method_not_allowed(self, request: Any, *args: object, **kwargs: object) -> Response:
        """No method is known here, so every one ends in a 404, once the caller has signed in."""
        raise NotFound(_("There is no such address."))


schema = SpectacularAPIView.as_view(authentication_classes=SIGNED_IN, permission_classes=[IsAuthenticated])
docs = SpectacularSwaggerView.as_view(
    url_name="api_schema", authentication_classes=SIGNED_IN, permission_classes=[IsAuthenticated]
)

urlpatterns = [
    path("v1/credit/", include("credit.api.urls")),
    path("v1/", include(router.urls)),
    re_path(r"^v1/.*$", UnknownAddress.as_view(), name="api_unknown"),
    path("schema/", schema, name="api_schema"),
    path("docs/", login_required(docs), name="api_docs"),
]
