"""Django's settings, from the typed environment. Nothing here starts a server or reads the database."""

import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import django_stubs_ext
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from bureau import ciphers
from housing_credit import companions, embedded
from housing_credit.env import read_env
from housing_credit.keys import load_keys

django_stubs_ext.monkeypatch()  # QuerySet[Row] and the like, at run time too

ENV = read_env()
BASE_DIR = Path(__file__).resolve().parent.parent
STATE_DIR = embedded.state_dir()
TESTING = "pytest" in sys.modules

KEYS = load_keys(ENV, STATE_DIR)
SECRET_KEY = KEYS["secret_key"]
KEYRING = ciphers.Keyring.from_settings(
    KEYS["protected_keys"],
    active=ENV.protected_active_key,
    blind_index_key=KEYS["blind_index_key"],
    signing_key=KEYS["signing_key"],
)
ciphers.install(KEYRING)

DEMO = not ENV.production
DEBUG = ENV.debug
ALLOWED_HOSTS = [host.strip() for host in ENV.allowed_hosts.split(",") if host.strip()]
PUBLIC_URL = ENV.public_url or f"http://127.0.0.1:{ENV.port}"
MOCK_PORT = companions.mock_port()
MOCK_DEPARTMENTS_URL = ENV.mock_departments_url or f"http://127.0.0.1:{MOCK_PORT}"

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "housing_credit.admin_config.SystemAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pgtrigger",
    "pghistory",
    "axes",
    "bureau",
    "credit",
    "verification",
    "applications",
    "benefits",
    "housing_credit.dashboard.apps.DashboardConfig",
    "housing_credit",
]
AUTH_USER_MODEL = "bureau.Staff"
MIDDLEWARE = [
    "housing_credit.request_log.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "housing_credit.security_headers.SecurityHeadersMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "housing_credit.departments_door.DepartmentsDoorMiddleware",  # what follows serves persons only
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "housing_credit.idle.IdleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "housing_credit.signed_in.SignedInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "housing_credit.clean_input.CleanInputMiddleware",  # below language and person, which its page needs
    "django_htmx.middleware.HtmxMiddleware",
    "housing_credit.own_password.OwnPasswordMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "housing_credit.error_responses.CaseErrorMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "housing_credit.urls"
WSGI_APPLICATION = "housing_credit.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "housing_credit.menu.menu",
            ],
            "libraries": {"i18n": "housing_credit.templatetags.kept_words"},
        },
    },
]
FORM_RENDERER = "housing_credit.form_renderer.Renderer"

# --- data -----------------------------------------------------------------------------------------------------------


# These make or change tables, or rows that everyday work may not touch: they connect as the owner of the tables. All
# else connects as a role that owns nothing (housing_credit.database_roles).
OWNER_COMMANDS = {"flush", "makemigrations", "migrate", "pgtrigger", "rotate_protected_fields", "test"}
AS_OWNER = TESTING or not OWNER_COMMANDS.isdisjoint(sys.argv[1:2])
EVERYDAY_URL = urlsplit(ENV.database_url or embedded.addresses().everyday_url)
OWNER_URL = urlsplit(ENV.database_owner_url or ENV.database_url or embedded.addresses().database_url)
EVERYDAY_ROLE, EVERYDAY_PASSWORD = unquote(EVERYDAY_URL.username or ""), unquote(EVERYDAY_URL.password or "")


def _database() -> dict[str, object]:
    url = OWNER_URL if AS_OWNER else EVERYDAY_URL
    query = dict(pair.split("=", 1) for pair in url.query.split("&") if "=" in pair)
    return {
        "ENGINE": "housing_credit.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": unquote(query.get("host", url.hostname or "")),
        "PORT": str(url.port or query.get("port", "")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = ENV.redis_url or embedded.addresses().redis_url
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

# --- work in the background (architecture.md §3) --------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "work"
CELERY_TASK_ROUTES = {"verification.ask_checks": {"queue": "checks"}, "verification.ask_round": {"queue": "rounds"}}
CELERY_TASK_TIME_LIMIT = 300
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "max_connections": 200}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- people, sessions, passwords (GB/T 22239 8.1.4.1) ---------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "registration/locked_out.html"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_USERNAME_CALLABLE = "housing_credit.sign_in.attempted_username"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the tests sign in thousands of times
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
SESSION_COOKIE_AGE = 30 * 60  # idle time-out (housing_credit.idle)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.secure_cookies
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "housing_credit.error_responses.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if ENV.production:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000

# --- words, dates, files --------------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = STATE_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "bureau.storage.ProtectedStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS, WHITENOISE_AUTOREFRESH = DEMO, TESTING  # no client of a test reads all files beforehand
PROTECTED_ROOT = STATE_DIR / "protected"
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024  # a filled request list, full of ID numbers, is never laid on the disk

# --- programmers' door ----------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.SessionAuthentication",
        "rest_framework.authentication.BasicAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 50,
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.UserRateThrottle",
        "rest_framework.throttling.AnonRateThrottle",
    ],
    # A program that needs more asks for larger pages. The tests call thousands of times.
    "DEFAULT_THROTTLE_RATES": {
        "user": None if TESTING else "300/minute",
        "anon": None if TESTING else "60/minute",
        "failed_sign_in": None if TESTING else "30/minute",
    },
    "NUM_PROXIES": 0,  # the address that speaks to us; X-Forwarded-For is anybody's word
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "housing_credit.error_responses.api_error",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Housing Credit 住房保障诚信管理系统",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "DESCRIPTION": _(
        "The same work as on the pages, for programs: what a caller sees and may do follows from the postings of the"
        " member of staff who signs in. Lists are filtered by the named fields only. Every look at a household's data"
        " is recorded. Errors have one shape: code, message, fields."
    ),
    "ENUM_NAME_OVERRIDES": {
        "ApplicationStatus": "applications.models.Application.Status",
        "CheckStatus": "verification.models.Check.Status",
        "InquiryState": "verification.models.Inquiry.State",
        "FindingState": "verification.models.Finding.State",
        "Conclusion": "verification.models.Conclusion.Outcome",
        "OpinionOutcome": "applications.models.Opinion.Outcome",
        "DecisionOutcome": "applications.models.Decision.Outcome",
        "Programme": "applications.models.Application.Kind",
        "ObjectionStatus": "verification.models.Objection.Status",
        "ObjectionOutcome": "verification.models.Objection.Outcome",
        "DisputeOutcome": "verification.models.Dispute.Outcome",
        "AcknowledgementState": "credit.models.Acknowledgement.State",
    },
}

UNFOLD = {
    "SITE_TITLE": _("Housing Credit administration"),
    "SITE_HEADER": _("Housing Credit administration"),
    "SITE_URL": reverse_lazy("home"),
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("img/favicon.svg")}],
    "COLORS": {  # the blue of static/css/app.css and its shades
        "primary": {
            "50": "#f4f8fd",
            "100": "#e9f2fb",
            "200": "#c9dff4",
            "300": "#9cc3e9",
            "400": "#5f9dd8",
            "500": "#2b78c0",
            "600": "#0b57a4",
            "700": "#0a4c8f",
            "800": "#083f78",
            **{"900": "#073561", "950": "#04213e"},
        }
    },
}
SILENCED_SYSTEM_CHECKS = ["templates.W003"]  # `i18n` is ours on purpose (templatetags/kept_words.py)

# --- what is written down about the running program -----------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "housing_credit.request_log.formatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": ENV.log_level},
    "loggers": {name: {"level": "WARNING"} for name in ("django.server", "axes", "pikepdf", "urllib3")},
}
