"""Every address of the system."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import include, path
from django.views.generic import TemplateView
from django.views.i18n import set_language

from housing_credit import own_password, signed_in, views

# Open to everybody, because they are what a person without a session needs: to leave, and to read in one's language.
sign_out = login_not_required(LogoutView.as_view(next_page="signed_out"))
signed_out = login_not_required(TemplateView.as_view(template_name="registration/logged_out.html"))

urlpatterns = [
    path("api/", include("housing_credit.api_urls")),  # first: there every millisecond counts
    path("", views.home, name="home"),
    path("inbox/", views.inbox, name="inbox"),
    path("search/", views.search, name="search"),
    path("sign-in/", views.SignInView.as_view(), name="login"),
    path("password/", own_password.OwnPasswordView.as_view(), name="own_password"),
    path("sign-out/", sign_out, name="logout"),
    path("session/", signed_in.session, name="session"),
    path("signed-out/", signed_out, name="signed_out"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("health/", views.health, name="health"),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("", include("applications.urls")),
    path("checks/", include("verification.urls")),
    path("credit/", include("credit.urls")),
    path("benefits/", include("benefits.urls")),
    path("dashboard/", include("housing_credit.dashboard.urls")),
    path("supervision/", include("housing_credit.supervision.urls")),
    path("", include("bureau.urls")),
    path("admin/", admin.site.urls),
]
handler404 = "housing_credit.views.not_found"
handler500 = "housing_credit.views.failed"
