"""Sign-ups by integrations."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.http import HttpResponse
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from onboarding import clock
from onboarding.api import answers, bodies, problems, sign_ups
from onboarding.api.base import ApiView
from onboarding.api.callers import Scope
from onboarding.api.schema import described
from onboarding.models.api import ApiSignUp


class SignUpsView(ApiView):
    scopes: ClassVar = {"POST": Scope.SIGN_UP}
    integrations_only = True
    key_required = True
    write_rate = "api-sign-up"

    @described(
        "Sign somebody up",
        answers.SignUpShape,
        body=bodies.SignUpBody,
        operation="createSignUp",
        status=202,
        about=(
            "The applicant gets a mail and confirms. Only then is the case yours to see; until then the "
            "answer is the same whether or not the address has an account already."
        ),
    )
    def post(self, request: Request) -> HttpResponse:
        typed = self.typed(bodies.SignUpBody)
        integration = self.caller.integration
        assert integration is not None

        def work(key: str) -> Response:
            made = sign_ups.sign_up(integration, typed["email"], typed.get("time_zone", ""), key)
            where = reverse("api_sign_up", args=[made.pk])
            # As it is at the beginning, also for whoever repeats the request later.
            body = {**sign_ups.as_json(made, made.asked_at), "status": "pending", "case": None}
            return Response(body, status=202, headers={"Location": where})

        return self.once(work)


class SignUpView(ApiView):
    scopes: ClassVar = {"GET": Scope.SIGN_UP}
    integrations_only = True

    @described(
        "Read a sign-up",
        answers.SignUpShape,
        operation="readSignUp",
        about="Becomes `confirmed`, with the id of the case, once the applicant has confirmed.",
    )
    def get(self, request: Request, sign_up_id: uuid.UUID) -> HttpResponse:
        rows = ApiSignUp.objects.select_related("case").filter(integration=self.caller.integration)
        row = rows.filter(pk=sign_up_id).first()
        if row is None:
            raise problems.not_found()
        return Response(sign_ups.as_json(row, clock.now()))
