"""Looking at cases: one, a page of them, or those that a term finds."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from onboarding.api import answers, bodies, representation
from onboarding.api.base import ApiView
from onboarding.api.callers import Scope
from onboarding.api.pages import page, page_found
from onboarding.api.schema import described


class CasesView(ApiView):
    """Applicants have one, integrations those they signed up, staff all."""

    scopes = {"GET": Scope.READ}

    @described(
        "List cases",
        answers.CasePageShape,
        query=bodies.CaseQuery,
        operation="listCases",
        about="Newest first. Applicants see their own, integrations those they signed up, staff all.",
    )
    def get(self, request: Request) -> HttpResponse:
        wanted = self.typed(bodies.CaseQuery, request.query_params.dict())
        rows = self.caller.cases
        if "status" in wanted:
            rows = rows.filter(status=wanted["status"])
        return Response(page(self.caller, rows, wanted))


class SearchView(ApiView):
    """By POST, because what is searched for is personal data."""

    staff_only = True
    write_rate = "api-search"

    @described(
        "Search cases",
        answers.FoundPageShape,
        body=bodies.SearchBody,
        operation="searchCases",
        about="By reference, e-mail address or names: every word whole, or how it begins. For staff.",
        key=False,
    )
    def post(self, request: Request) -> HttpResponse:
        wanted = self.typed(bodies.SearchBody)
        return Response(page_found(self.caller, wanted))


class CaseView(ApiView):
    scopes = {"GET": Scope.READ}

    @described(
        "Read a case",
        answers.CaseShape,
        operation="readCase",
        about="Where it stands, what is owed, what may be done, what happens next and what happened.",
    )
    def get(self, request: Request, case_id: uuid.UUID) -> HttpResponse:
        return Response(representation.case_for(self.caller, self.case(case_id)))
