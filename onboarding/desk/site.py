"""The admin site of reviewers and support."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse

from onboarding.desk import pages


class DeskSite(AdminSite):
    """Django's admin with our pages; people sign in where everybody does. `registry` says what is on it."""

    site_header = "Onboarding desk"
    site_title = "Onboarding desk"
    index_title = "Desk"
    enable_nav_sidebar = False
    """Four kinds of rows need no tree; documents need the room."""

    def get_urls(self) -> list[Any]:
        """Without "view on site": no row here has a page there, and a bad id would be a server error."""
        known = [each for each in super().get_urls() if getattr(each, "name", "") != "view_on_site"]
        return [*pages.urls(self), *known]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "desk_links": pages.links(request)}

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Sends people to the one login page, with its rate limits; others get a 403."""
        response: HttpResponse = secure_admin_login(super().login)(request, extra_context)
        return response
