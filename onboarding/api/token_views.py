"""Tokens of one's own. Those of integrations are made in the admin."""

from __future__ import annotations

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from onboarding.api import answers, bodies, tokens
from onboarding.api.base import ApiView
from onboarding.api.callers import not_allowed
from onboarding.api.schema import described
from onboarding.models.api import ApiToken


class TokensView(ApiView):
    session_only = True
    write_rate = "api-token"

    @described(
        "Make a token",
        answers.TokenShape,
        body=bodies.TokenBody,
        operation="makeToken",
        status=201,
        about="For whoever is signed in: it may what they may, and ends with their password.",
        key=False,
    )
    def post(self, request: Request) -> HttpResponse:
        typed = self.typed(bodies.TokenBody)
        row, token = tokens.for_person(self.caller.user, typed["label"], typed["days"])
        body = {"token": token, "label": row.label, "expires_at": row.expiry}
        return Response(body, status=201)


class TokenInUseView(ApiView):
    scopes = {}

    @described(
        "Revoke this token",
        None,
        operation="revokeToken",
        status=204,
        about="The one that the request carries. For people; those of integrations are revoked in the admin.",
        key=False,
    )
    def delete(self, request: Request) -> HttpResponse:
        if not isinstance(request.auth, ApiToken):
            raise not_allowed()
        request.auth.delete()
        return Response(status=204)
