"""The real settings, with a password hash that costs nothing and static files that need no release step.

The environment comes from `bed.py`. A real hash costs 16 ms, which would hide everything that is measured;
the one row that measures what it does to others sets `REAL_HASHER`.
"""

import os

from onboarding.settings import *  # noqa: F403

if os.environ.get("REAL_HASHER") != "1":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
LOG_LEVEL = "ERROR"
