"""Times in the reader's own zone: from the browser's cookie, else from the account, else UTC."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from onboarding.models.people import User

COOKIE = "time_zone"
LONGEST_NAME = 64


class TimeZoneMiddleware:
    """Activates the zone for the length of the request, and keeps it for the mails of the account."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = reported(request)
        # Without a session nobody is signed in: then nothing is looked up, also for probes and assets.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            if name and name != request.user.time_zone:
                User.objects.filter(pk=request.user.pk).update(time_zone=name)
                request.user.time_zone = name
            name = request.user.time_zone
        with timezone.override(zoneinfo.ZoneInfo(name) if is_zone(name) else zoneinfo.ZoneInfo("UTC")):
            return self.get_response(request)


def reported(request: HttpRequest) -> str:
    """The zone that the browser reports, or an empty text."""
    name = request.COOKIES.get(COOKIE, "")
    return name if is_zone(name) else ""


def is_zone(name: str) -> bool:
    """True for a name that the zone database knows."""
    if not 0 < len(name) <= LONGEST_NAME:
        return False
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
