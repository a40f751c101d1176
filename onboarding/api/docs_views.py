"""The description of the API as JSON, and as a page with local assets only."""

from __future__ import annotations

import functools
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView

from onboarding.api.callers import MayReadTheDocs


class KeptDescription(SchemaGenerator):
    """Made once for each language: nothing but the code has a say in it, and it takes a third of a second."""

    def get_schema(self, request: Any = None, public: bool = False) -> Any:
        return _described(translation.get_language())


@functools.cache
def _described(_language: str | None) -> Any:
    return SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]


class SchemaView(SpectacularJSONAPIView):
    generator_class = KeptDescription
    http_method_names = ["get", "head"]
    throttle_scope = "api-read"
    permission_classes = (MayReadTheDocs,)


class DocsView(SpectacularSwaggerSplitView):
    """Swagger UI. The script that starts it has an address of its own, so our content policy can stay."""

    http_method_names = ["get", "head"]
    throttle_scope = "api-read"
    permission_classes = (MayReadTheDocs,)
    url_name = "api_schema"

    def handle_exception(self, exc: Exception) -> Any:
        """People without a session are shown where to sign in."""
        answer: HttpResponse = super().handle_exception(exc)
        asked: HttpRequest = self.request._request
        return redirect_to_login(asked.get_full_path()) if answer.status_code == 401 else answer
