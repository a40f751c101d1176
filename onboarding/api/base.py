"""What every address of the API has in common: who may come, how bodies are read, how answers leave."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from onboarding.api import problems
from onboarding.api.callers import NO_SCOPES, Caller, Scope, not_allowed
from onboarding.api.idempotency import answered_once
from onboarding.models.cases import Case


class ApiView(APIView):
    """One address. Its attributes say who may come; `callers.MayCome` reads them."""

    http_method_names = ["get", "head", "post", "put", "delete"]
    scopes: ClassVar[Mapping[str, Scope]] = NO_SCOPES
    """What an integration's token needs, by method. A method that is not here is not for integrations."""
    integrations_only = False
    staff_only = False
    session_only = False
    write_rate = "api-write"
    key_required = False
    """Whether a request that changes something must carry an `Idempotency-Key`."""

    @property
    def throttle_scope(self) -> str:
        return "api-read" if self.request.method in {"GET", "HEAD"} else self.write_rate

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    # --- for the views -----------------------------------------------------------------------------

    @property
    def caller(self) -> Caller:
        return Caller.of(self.request)

    def case(self, case_id: uuid.UUID) -> Case:
        """The case, if it exists for this caller.

        Raises:
            Problem: 404.
        """
        row = self.caller.cases.select_related("applicant", "profile").filter(pk=case_id).first()
        if row is None:
            raise problems.not_found()
        return row

    def own_case(self, case_id: uuid.UUID) -> Case:
        """The case, for what only its applicant does.

        Raises:
            Problem: 404; 403 for staff, who may look at it.
        """
        row = self.case(case_id)
        if not self.caller.owns(row):
            raise not_allowed()
        return row

    def typed(self, body: type[serializers.Serializer[Any]], data: Any = None) -> dict[str, Any]:
        """The checked content of the body, or of `data`.

        Raises:
            ValidationError: 422 with one entry a field.
        """
        filled = body(data=self.request.data if data is None else data)
        filled.is_valid(raise_exception=True)
        typed: dict[str, Any] = filled.validated_data
        return typed

    def once(self, work: Callable[[str], Response]) -> HttpResponse:
        """Runs `work(key)`, once for each `Idempotency-Key`."""
        return answered_once(self.request, self.key_required, work)
