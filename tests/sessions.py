"""Sessions of people who signed in a moment ago, for tests that are not about signing in."""

from __future__ import annotations

import time
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from onboarding.models.people import User
from onboarding.web import sessions

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def with_every_factor(user: User) -> dict[str, Any]:
    """What allauth writes into a session of somebody who has proven a second factor, too."""
    return {
        "account_authentication_methods": [{"method": "mfa", "type": "totp", "at": time.time()}],
        "account_authentication_methods_user": str(user.pk),
    }


def open_session(user: User) -> str:
    """Signs in; returns the value of the session's cookie."""
    now = time.time()
    session = sessions.SessionStore()
    session.update(
        {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: BACKEND,
            HASH_SESSION_KEY: user.get_session_auth_hash(),
            sessions.SIGNED_IN_AT: now,
            sessions.SEEN_AT: now,
            sessions.OF_STAFF: user.is_staff or user.is_superuser,
            **with_every_factor(user),
        }
    )
    session.save()
    return str(session.session_key)
