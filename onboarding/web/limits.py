"""Too many tries: the status, the header and the page that say when the next one counts.

allauth counts and refuses. It keeps the moments of the last tries, from which the end of the wait follows.
"""

from __future__ import annotations

import math
import time
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

APP = "allauth.account"
ACTIONS = {
    "account_signup": ("signup", "confirm_email"),
    "account_login": ("login", "confirm_email"),
    "account_email_verification_sent": ("confirm_email",),
    "account_reset_password": ("reset_password",),
    "account_reset_password_from_key": ("reset_password_from_key",),
    "account_change_password": ("change_password",),
    "account_email": ("manage_email", "confirm_email"),
    "account_reauthenticate": ("reauthenticate",),
    "mfa_reauthenticate": ("reauthenticate",),
    "mfa_reauthenticate_webauthn": ("reauthenticate",),
}
"""What allauth counts at which page."""
AT_LEAST = 1
WHERE_UNKNOWN = 60
LIMIT_CODES = ("too_many_login_attempts", "rate_limited")
"""What allauth calls the complaint of a form whose try did not count."""


def wait_seconds(request: HttpRequest, action: str, key: str | None = None) -> int:
    """How long it takes until the next try at this action counts; 0 when it does now.

    Args:
        action: as in allauth's `RATE_LIMITS`.
        key: for the limits per key: an address in lower case, or what the adapter makes of it.
    """
    longest = 0.0
    for rate in ratelimit.get_rates(app=APP, action=action):
        if (rate.per == "key" and not key) or (rate.per == "user" and not request.user.is_authenticated):
            continue
        name = ratelimit.get_cache_key(request, app=APP, action=action, rate=rate, key=key)
        tries = cache.get(name, [])  # the newest first, and never more than the rate allows
        if len(tries) >= rate.amount:
            longest = max(longest, tries[rate.amount - 1] + rate.duration - time.time())
    return math.ceil(longest)


def until(seconds: int) -> datetime:
    """The moment so many seconds from now, in the zone of the reader."""
    return timezone.localtime().replace(microsecond=0) + timedelta(seconds=seconds)


def too_many(request: HttpRequest) -> HttpResponse:
    """The answer to a request that allauth refuses before its form is looked at."""
    found = request.resolver_match
    actions = ACTIONS.get(found.url_name or "", ()) if found else ()
    key = str(request.POST.get("email") or request.POST.get("login") or "").lower()
    waits = max((wait_seconds(request, action, key) for action in actions), default=0)
    response = render(request, "429.html", when(waits or WHERE_UNKNOWN), status=HTTPStatus.TOO_MANY_REQUESTS)
    return told(response, waits or WHERE_UNKNOWN)


def when(seconds: int) -> dict[str, Any]:
    """What a template needs to say when."""
    return {"wait_seconds": seconds, "wait_until": until(seconds)}


def told(response: HttpResponse, seconds: int) -> HttpResponse:
    """The answer with the status and the header of somebody who has to wait."""
    response.status_code = HTTPStatus.TOO_MANY_REQUESTS
    response["Retry-After"] = str(max(seconds, AT_LEAST))
    return response


def is_limit(form: Any) -> bool:
    """Whether a form was refused because of too many tries, whatever was typed."""
    return any(error.code in LIMIT_CODES for errors in form.errors.as_data().values() for error in errors)


def failures_wait(request: HttpRequest, form: Any) -> int:
    """How long until a password or a code is looked at again, after too many wrong ones."""
    user = getattr(form, "user", None)
    keys = [f"mfa-auth-user-{user.pk}"] if user else []
    address = user.email if user else form.data.get("login", "")
    keys.append(get_adapter()._get_login_attempts_cache_key(request, email=str(address).strip()))
    return max(wait_seconds(request, "login_failed", key) for key in keys) or WHERE_UNKNOWN
