from __future__ import annotations

from django.http import HttpRequest, HttpResponse


def csrf_failure(_request: HttpRequest, reason: str = "") -> HttpResponse:
    return HttpResponse("This form has grown old: go back, reload the page and send it again.", status=403)
