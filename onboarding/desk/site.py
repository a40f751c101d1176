"""The admin site of reviewers and support."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.utils import get_next_redirect_url
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from onboarding.desk import pages


class DeskSite(AdminSite):
    """Django's admin with our pages; people sign in where everybody does. `registry` says what is on it."""

    site_header = _("Onboarding desk")
    site_title = _("Onboarding desk")
    index_title = _("Desk")
    enable_nav_sidebar = False
    """Four kinds of rows need no tree; documents need the room."""

    def get_urls(self) -> list[Any]:
        """Without "view on site": no row here has a page there, and a bad id would be a server error."""
        known = [each for each in super().get_urls() if getattr(each, "name", "") != "view_on_site"]
        return [*pages.urls(self), *known]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "desk_links": pages.links(request)}

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002
        """Sends people to the one login page, with its limits and its second factor; others get a 403.

        Django's own form is never shown and never read: it knows neither.
        """
        response: HttpResponse = secure_admin_login(_on)(request)
        return response

    def password_change(
        self,
        request: HttpRequest,  # noqa: ARG002
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> Any:
        """Where everybody changes theirs: there it is written down, and the owner gets a mail."""
        return redirect("account_change_password")


def _on(request: HttpRequest) -> HttpResponse:
    """To where somebody wanted to go who is let in already."""
    return redirect(get_next_redirect_url(request) or "admin:index")
