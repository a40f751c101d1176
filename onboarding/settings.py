"""Every setting, read once from the environment, typed; nonsense is refused with the variable's name.

Each variable is described in docs/operations.md; a test compares that page with `VARIABLES`.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from onboarding import account_settings, api_settings, language_settings
from onboarding.environment import Environment, is_loopback

BASE_DIR = Path(__file__).resolve().parent.parent

env = Environment()

# --- what kind of installation is this -------------------------------------------------------

DEMO = env.boolean("DEMO", default=False)
"""Demo people, the mail box page and the demo clock. Never on for real people."""

DEBUG = env.boolean("DJANGO_DEBUG", default=False)
VAR_DIR = env.path("VAR_DIR", default=BASE_DIR / "var")
SITE_URL = env.url("SITE_URL", default="http://127.0.0.1:8000" if DEMO else None)
SECURE = SITE_URL.startswith("https://")
SECRET_KEY = env.secret("SECRET_KEY", demo_file=VAR_DIR / "secret-key" if DEMO or DEBUG else None)
ALLOWED_HOSTS = env.hosts(
    "ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if DEMO or DEBUG else None
)
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])
if DEBUG and not DEMO:
    env.refuse("DJANGO_DEBUG", "shows internals to everybody; it needs DEMO=1 beside it")
if not DEMO and "*" in ALLOWED_HOSTS:
    env.refuse("ALLOWED_HOSTS", "must name the hosts of this site, not '*'")
if not (DEMO or SECURE or is_loopback(urlsplit(SITE_URL).hostname or "")):
    env.refuse("SITE_URL", "would carry passwords and identity documents in the clear; write https://")

# --- applications ----------------------------------------------------------------------------

INSTALLED_APPS = [
    "onboarding.apps.OnboardingConfig",
    "onboarding.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "onboarding.web.health.Probes",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "onboarding.web.languages.LanguageMiddleware",
    "onboarding.web.timezones.TimeZoneMiddleware",
    "onboarding.web.second_factor.StaffMiddleware",
    "onboarding.web.sessions.SeenMiddleware",
]

ROOT_URLCONF = "onboarding.urls"
ASGI_APPLICATION = "onboarding.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "onboarding.web.context.site",
            ],
        },
    }
]

# --- database --------------------------------------------------------------------------------

DATABASES: dict[str, dict[str, Any]] = {
    "default": env.database("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'onboarding.sqlite3'}")
}
DATABASE_POOL_SIZE = env.integer("DATABASE_POOL_SIZE", default=16, minimum=1, maximum=1000)
"""Connections of one process to Postgres, at most; without a pool every request would open its own."""
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["ENGINE"] = "onboarding.sqlite"  # the same, with a queue for its one writer
    # Deferred transactions that turn into writers fail under contention; immediate ones wait.
    DATABASES["default"]["CONN_MAX_AGE"] = None  # opening the file takes longer than most statements
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    if not DEMO and DATABASES["default"].get("PASSWORD") in {"onboarding", "postgres", "password"}:
        env.refuse("DATABASE_URL", "carries a development password; choose a real one")
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    DATABASES["default"]["OPTIONS"] = {
        # What the address says after its question mark, such as sslmode=verify-full.
        **DATABASES["default"].get("OPTIONS", {}),
        "pool": {"min_size": 1, "max_size": DATABASE_POOL_SIZE, "timeout": 4},
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
        # Tries and used codes live here. With Django's 300, a few hundred made-up addresses drive them out.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

# --- people ----------------------------------------------------------------------------------

AUTH_USER_MODEL = "onboarding.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "onboarding.hashers.OwaspArgon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email",)},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LIMITED = env.rate_limits("ACCOUNT_RATE_LIMITS") is not False
vars().update(account_settings.settings(limited=ACCOUNT_LIMITED))
PASSKEY_HOST = account_settings.passkey_host(urlsplit(SITE_URL).hostname or "")

# --- Temporal --------------------------------------------------------------------------------

TEMPORAL_ADDRESS = env.host_port("TEMPORAL_ADDRESS", default="127.0.0.1:7233")
TEMPORAL_NAMESPACE = env.word("TEMPORAL_NAMESPACE", default="onboarding")
TEMPORAL_TASK_QUEUE = env.word("TEMPORAL_TASK_QUEUE", default="onboarding")
TEMPORAL_RETENTION_DAYS = env.integer("TEMPORAL_RETENTION_DAYS", default=30, minimum=1, maximum=36500)
TEMPORAL_TLS = env.boolean("TEMPORAL_TLS", default=False)
TEMPORAL_TLS_CA_FILE = env.file("TEMPORAL_TLS_CA_FILE")
TEMPORAL_TLS_CERT_FILE = env.file("TEMPORAL_TLS_CERT_FILE")
TEMPORAL_TLS_KEY_FILE = env.file("TEMPORAL_TLS_KEY_FILE")
TEMPORAL_API_KEY = env.word("TEMPORAL_API_KEY", default="")
TEMPORAL_ALLOW_PLAINTEXT = env.boolean("TEMPORAL_ALLOW_PLAINTEXT", default=False)
"""For a Temporal server in a private network, such as that of docker-compose.yml."""
TEMPORAL_TIMEOUT_SECONDS = env.number("TEMPORAL_TIMEOUT_SECONDS", default=3.0, minimum=0.1, maximum=4.5)
"""Limit of one call of the web to Temporal. Every page must answer within 5 s."""
if bool(TEMPORAL_TLS_CERT_FILE) != bool(TEMPORAL_TLS_KEY_FILE):
    env.refuse("TEMPORAL_TLS_CERT_FILE", "and TEMPORAL_TLS_KEY_FILE go together; write both or none")
if (TEMPORAL_TLS_CA_FILE or TEMPORAL_TLS_CERT_FILE) and not TEMPORAL_TLS:
    env.refuse("TEMPORAL_TLS", "is off, but its certificate files are set; write TEMPORAL_TLS=1")
if not (DEMO or TEMPORAL_TLS or TEMPORAL_API_KEY or TEMPORAL_ALLOW_PLAINTEXT) and not is_loopback(
    TEMPORAL_ADDRESS.rpartition(":")[0]
):
    env.refuse(
        "TEMPORAL_ADDRESS",
        "is another machine, and nothing on the way is encrypted; write TEMPORAL_TLS=1, "
        "or TEMPORAL_ALLOW_PLAINTEXT=1 for a private network",
    )

WORKER_WORKFLOW_SLOTS = env.integer("WORKER_WORKFLOW_SLOTS", default=100, minimum=2, maximum=10_000)
WORKER_ACTIVITY_THREADS = env.integer("WORKER_ACTIVITY_THREADS", default=8, minimum=1, maximum=1000)
WORKER_CACHED_WORKFLOWS = env.integer("WORKER_CACHED_WORKFLOWS", default=2000, minimum=0)
WORKER_DRAIN_SECONDS = env.number("WORKER_DRAIN_SECONDS", default=8.0, minimum=0, maximum=3600)
RELAY_SWEEP_SECONDS = env.number("RELAY_SWEEP_SECONDS", default=2.0, minimum=0.1, maximum=3600)

POLICY = env.json("POLICY")
"""Changes to the default policy for new cases; refused at the start when they cannot work."""

# --- e-mail ----------------------------------------------------------------------------------

EMAIL_CONFIG = env.email("EMAIL_URL", default="file" if DEMO else None, folder=VAR_DIR / "mail")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.address("DEFAULT_FROM_EMAIL", default="Onboarding <no-reply@onboarding.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- documents -------------------------------------------------------------------------------

DOCUMENT_DIR = env.path("DOCUMENT_DIR", default=VAR_DIR / "documents")
"""Private: outside the web root, no URL points into it."""
DOCUMENT_KEYS = env.key_ring("DOCUMENT_KEYS", demo_file=VAR_DIR / "document-keys" if DEMO else None)
DOCUMENT_S3_BUCKET = env.word("DOCUMENT_S3_BUCKET", default="")
DOCUMENT_S3_ENDPOINT = env.url("DOCUMENT_S3_ENDPOINT", default="")
DOCUMENT_S3_REGION = env.word("DOCUMENT_S3_REGION", default="")
if DOCUMENT_S3_BUCKET and not find_spec("storages"):
    env.refuse("DOCUMENT_S3_BUCKET", "needs libraries that are missing; run pip install '.[s3]'")
CLAMD_ADDRESS = env.host_port("CLAMD_ADDRESS", default="", or_path=True)
CLAMD_TIMEOUT_SECONDS = env.number("CLAMD_TIMEOUT_SECONDS", default=1.5, minimum=0.1, maximum=3)
UPLOAD_MAX_BYTES = env.integer("UPLOAD_MAX_BYTES", default=10 * 1024 * 1024, minimum=1024, maximum=1024**3)
REQUEST_MAX_BYTES = UPLOAD_MAX_BYTES + 64 * 1024
"""The whole request: one file and its form. Enforced in front of Django."""
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 4
MEDIA_ROOT = ""
MEDIA_URL = ""

# --- pages -----------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "onboarding" / "static"]
STATIC_ROOT = env.path("STATIC_ROOT", default=VAR_DIR / "static")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
vars().update(language_settings.settings(secure=SECURE))
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- API -------------------------------------------------------------------------------------

API_DOCS_PUBLIC = env.boolean("API_DOCS_PUBLIC", default=False)
"""Whether everybody may read the description of the API; else staff."""
API_RATE_LIMITS = env.rate_limits("API_RATE_LIMITS")
vars().update(api_settings.settings(limited=API_RATE_LIMITS is not False))

# --- security --------------------------------------------------------------------------------

SESSION_ENGINE = "onboarding.web.sessions"
SESSION_COOKIE_NAME = "__Host-sessionid" if SECURE else "sessionid"
SESSION_COOKIE_SECURE = SECURE
SESSION_SECONDS = env.integer("SESSION_SECONDS", default=14 * 24 * 3600, minimum=300, maximum=400 * 24 * 3600)
SESSION_IDLE_SECONDS = env.integer("SESSION_IDLE_SECONDS", default=3 * 24 * 3600, minimum=60)
STAFF_SESSION_SECONDS = env.integer("STAFF_SESSION_SECONDS", default=12 * 3600, minimum=300)
STAFF_SESSION_IDLE_SECONDS = env.integer("STAFF_SESSION_IDLE_SECONDS", default=3600, minimum=60)
SESSION_COOKIE_AGE = SESSION_SECONDS
CSRF_COOKIE_NAME = "__Host-csrftoken" if SECURE else "csrftoken"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "onboarding.web.errors.csrf_failure"
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
if env.boolean("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # else all people together would have the rate limits of one
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- logs ------------------------------------------------------------------------------------

LOG_LEVEL = env.choice("LOG_LEVEL", default="INFO", choices=["DEBUG", "INFO", "WARNING", "ERROR"])
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "onboarding.logs.LineFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {"django.server": {"handlers": ["console"], "propagate": False}},
}

env.refuse_unfinished()
VARIABLES = env.variables
