"""Sessions in the database, written once where a transaction wants them inside, and over in time.

A sign-in ends for good after so many seconds, and earlier when nobody uses it (OWASP ASVS 5.0, 7.3). Both
moments stand in the session itself, so that whoever loads it, the list of devices too, finds it over.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from onboarding.models.people import User

SIGNED_IN_AT, SEEN_AT, OF_STAFF = "signed_in_at", "seen_at", "of_staff"
NOTED = 24
"""A use is written down when the last one is older than the idle time divided by this."""
LOOKS_FOR_NEWS = frozenset({"case_live", "case_events", "onboarding_case_pulse"})
"""Pages that ask by themselves: an open page is not a person."""


class SessionStore(DatabaseSessions):
    """Django's own, with a memory: what was saved and has not changed since is not saved again.

    So a view can save the session inside its transaction, and the middleware, which saves at the end of each
    request that changed it, only sets the cookie.
    """

    _unsaved = False

    @property
    def modified(self) -> bool:
        return self._modified

    @modified.setter
    def modified(self, value: bool) -> None:
        self._modified = value
        self._unsaved = self._unsaved or value

    def load(self) -> dict[str, Any]:
        """What is in it; nothing when the sign-in is over, and then its row goes, too."""
        data: dict[str, Any] = super().load()
        if _is_over(data):
            self.delete(self.session_key)
            self._session_key = None
            return {}
        return data

    def save(self, must_create: bool = False) -> None:
        if self._unsaved or must_create or self.session_key is None:
            super().save(must_create)
        self._unsaved = False

    def _get_new_session_key(self) -> str:
        """Not looked for beforehand: 128 bits are enough, and `create` draws again where one is taken."""
        return secrets.token_hex(16)


def _is_over(data: dict[str, Any]) -> bool:
    if SESSION_KEY not in data:
        return False
    now, (whole, idle) = time.time(), _limits(data)
    return bool(now - data.get(SIGNED_IN_AT, 0) > whole or now - data.get(SEEN_AT, 0) > idle)


def _limits(data: Any) -> tuple[int, int]:
    """How long this sign-in lasts at most, and without being used, in seconds."""
    if data.get(OF_STAFF):
        return settings.STAFF_SESSION_SECONDS, settings.STAFF_SESSION_IDLE_SECONDS
    return settings.SESSION_SECONDS, settings.SESSION_IDLE_SECONDS


@receiver(user_logged_in)
def begin(request: HttpRequest, user: User, **_named: Any) -> None:
    """Django's signal of every sign-in, by whichever way."""
    now = time.time()
    request.session.update({SIGNED_IN_AT: now, SEEN_AT: now, OF_STAFF: user.is_staff or user.is_superuser})


class SeenMiddleware:
    """Notes now and then that a session is used."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        found = request.resolver_match
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or (
            found is not None and found.url_name in LOOKS_FOR_NEWS
        ):
            return
        session = request.session
        if SESSION_KEY in session:
            now, (_whole, idle) = time.time(), _limits(session)
            if now - session[SEEN_AT] > idle / NOTED:
                session[SEEN_AT] = now


def end_all(user: User) -> None:
    """Ends every session of an account, on all devices, at once."""
    for session in UserSession.objects.filter(user=user):
        session.end()
