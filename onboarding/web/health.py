"""Liveness and readiness, for supervisors and load balancers. Says nothing about anybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from onboarding.records import heartbeats
from temporal_app import gateway

LIMIT = timedelta(seconds=2)


@never_cache
def livez(_request: HttpRequest) -> HttpResponse:
    """This process answers. Nothing else is asked."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
def readyz(_request: HttpRequest) -> JsonResponse:
    """200 when database, Temporal and a polling worker are there; 503 and which of them is not, otherwise."""
    parts = {"database": _database(), "temporal": "away", "worker": "away"}
    try:
        polling = gateway.workers_polling(LIMIT)
    except gateway.GatewayError:
        pass
    else:
        parts["temporal"] = "ok"
        # The server remembers pollers for minutes: only one that is alive as well really polls.
        if parts["database"] == "ok" and heartbeats.alive() & set(polling):
            parts["worker"] = "ok"
    ready = set(parts.values()) == {"ok"}
    return JsonResponse({"ready": ready, **parts}, status=200 if ready else 503)


PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {"/livez": livez, "/readyz": readyz}


class Probes:
    """Answers the probes before the name of the host is looked at.

    Balancers and containers ask by address, which is none of `ALLOWED_HOSTS`; the answers name no host.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return PROBES.get(request.path, self.get_response)(request)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "away"
    return "ok"
