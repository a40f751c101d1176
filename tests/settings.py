"""Settings of the test run: the real ones, with an environment of their own."""

import os
import tempfile
from pathlib import Path

VAR = Path(tempfile.mkdtemp(prefix="onboarding-tests-"))
(VAR / "static").mkdir()  # whitenoise warns of a missing folder
for name in list(os.environ):
    if name.startswith(("TEMPORAL_", "WORKER_", "EMAIL_", "DOCUMENT_", "CLAMD_")):
        del os.environ[name]
os.environ.update(
    {
        "DEMO": "1",
        "VAR_DIR": str(VAR),
        "SECRET_KEY": "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF",
        "DOCUMENT_KEYS": "tests:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "SITE_URL": "http://testserver",
        "ALLOWED_HOSTS": "testserver,127.0.0.1,localhost",
        "EMAIL_URL": "console",
        "ACCOUNT_RATE_LIMITS": "off",
        "API_RATE_LIMITS": "off",
        "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", f"sqlite:///{VAR / 'tests.sqlite3'}"),
        # Nobody listens here: a test that needs Temporal starts it and says so.
        "TEMPORAL_ADDRESS": "127.0.0.1:9",
        "TEMPORAL_TIMEOUT_SECONDS": "3",
    }
)

from onboarding.settings import *  # noqa: E402, F403

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if DATABASES["default"]["ENGINE"] == "onboarding.sqlite":  # noqa: F405
    # A file, as in production: a database in memory would have other locks.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / "tests.sqlite3")}  # noqa: F405
