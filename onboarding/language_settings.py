"""Which languages there are, and the cookie that remembers one: no variable of the environment among it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

LANGUAGES = [("en", "English"), ("es", "Español")]
"""Each by its own name. A language is offered once every page and mail speaks it: docs/languages.md."""


def settings(*, secure: bool) -> dict[str, Any]:
    """All of them by name.

    Args:
        secure: whether the site is reached by https alone.
    """
    return {
        "LANGUAGE_CODE": "en",
        "LANGUAGES": LANGUAGES,
        "LOCALE_PATHS": [Path(__file__).resolve().parent / "locale"],
        "FORMAT_MODULE_PATH": "onboarding.formats",
        "LANGUAGE_COOKIE_NAME": "__Host-language" if secure else "language",
        "LANGUAGE_COOKIE_AGE": 365 * 24 * 3600,
        "LANGUAGE_COOKIE_SECURE": secure,
        "LANGUAGE_COOKIE_HTTPONLY": True,
        "LANGUAGE_COOKIE_SAMESITE": "Lax",
        "USE_TZ": True,
        "TIME_ZONE": "UTC",
    }
