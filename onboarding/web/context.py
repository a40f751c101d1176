"""What every template knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """`here` is where a change of language leads back to; a page that answers a form may set it."""
    return {"demo": settings.DEMO, "languages": settings.LANGUAGES, "here": request.get_full_path()}
