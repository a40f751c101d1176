"""What an applicant does, or an integration for them: details, pictures, submit, withdraw, reopen."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from rest_framework.request import Request
from rest_framework.response import Response

from onboarding import clock
from onboarding.api import answers, bodies, problems, representation
from onboarding.api.base import ApiView
from onboarding.api.callers import Scope
from onboarding.api.parsers import FormParser
from onboarding.api.problems import FieldError
from onboarding.api.schema import described
from onboarding.domain.status import DocumentType, Slot
from onboarding.models.cases import Case, Profile
from onboarding.usecases import applicant, staff
from onboarding.web.details_form import DetailsForm

DETAILS = (
    *("given_name", "family_name", "birth_date", "country", "document_type"),
    *("document_number", "expiry_date", "mrz"),
)


class DetailsView(ApiView):
    scopes = {"GET": Scope.READ, "PUT": Scope.WRITE}

    @described(
        "Read the details",
        answers.DetailsShape,
        operation="readDetails",
        about="For the applicant and who acts for them; 404 before they are given.",
    )
    def get(self, request: Request, case_id: uuid.UUID) -> HttpResponse:
        profile = Profile.objects.filter(case=self.own_case(case_id)).exclude(birth_date=None).first()
        if profile is None:
            raise problems.not_found()
        return Response({name: getattr(profile, name) for name in DETAILS})

    @described(
        "Give the details",
        answers.CaseShape,
        body=bodies.DetailsBody,
        operation="giveDetails",
        about="All of them at once; correctable until everything is submitted.",
    )
    def put(self, request: Request, case_id: uuid.UUID) -> HttpResponse:
        row = self.own_case(case_id)
        given = _details(row, self.typed(bodies.DetailsBody))

        def work(key: str) -> Response:
            applicant.complete_profile(row, **given, key=key)
            return Response(representation.case_for(self.caller, _fresh(row)))

        return self.once(work)


def _details(row: Case, typed: dict[str, Any]) -> dict[str, Any]:
    """The details as the page of the applicant would take them: the same form checks both.

    Raises:
        Problem: 422, with the page's own words.
    """
    today = timezone.localdate(clock.case_now(row))
    form = DetailsForm({**typed, "key": str(uuid.uuid4())}, today=today)
    if not form.is_valid():
        raise problems.invalid(
            *(
                FieldError(field if field in DETAILS else "", each["code"] or "invalid", each["message"])
                for field, complaints in form.errors.get_json_data().items()
                for each in complaints
            )
        )
    given = {name: form.cleaned_data[name] for name in DETAILS}
    return {**given, "document_type": DocumentType(given["document_type"])}


class DocumentsView(ApiView):
    scopes = {"POST": Scope.WRITE}
    parser_classes = (FormParser,)
    write_rate = "api-upload"

    @described(
        "Upload a picture",
        answers.DocumentShape,
        body=bodies.UploadBody,
        operation="uploadDocument",
        status=201,
        about="One file for one slot. It is decoded and re-encoded before it is stored; metadata is lost.",
        form=True,
    )
    def post(self, request: Request, case_id: uuid.UUID) -> HttpResponse:
        row = self.own_case(case_id)
        typed = self.typed(bodies.UploadBody)
        file = typed["file"]

        def work(key: str) -> Response:
            data = file.read(settings.UPLOAD_MAX_BYTES + 1)
            taken = applicant.upload(row, Slot(typed["slot"]), data, declared_name=file.name, key=key)
            return Response(representation.document(taken), status=201)

        return self.once(work)


class SubmitView(ApiView):
    scopes = {"POST": Scope.WRITE}

    @described(
        "Submit for review",
        answers.CaseShape,
        body=bodies.Nothing,
        operation="submitCase",
        about="When every requirement is met.",
    )
    def post(self, request: Request, case_id: uuid.UUID) -> HttpResponse:
        row = self.own_case(case_id)
        self.typed(bodies.Nothing)

        def work(key: str) -> Response:
            applicant.submit(row, key=key)
            return Response(representation.case_for(self.caller, _fresh(row)))

        return self.once(work)


class WithdrawView(ApiView):
    scopes = {"POST": Scope.WRITE}

    @described(
        "Withdraw",
        answers.CaseShape,
        body=bodies.StaffReasonBody,
        operation="withdrawCase",
        about="By the applicant, or by an operator with a reason. It can be reopened for a while.",
    )
    def post(self, request: Request, case_id: uuid.UUID) -> HttpResponse:
        row = self.case(case_id)
        reason = _reason(self.typed(bodies.StaffReasonBody), own=self.caller.owns(row))

        def work(key: str) -> Response:
            if self.caller.owns(row):
                applicant.withdraw(row, key=key)
            else:
                staff.withdraw(self.caller.user, row, reason=reason, key=key)
            return Response(representation.case_for(self.caller, _fresh(row)))

        return self.once(work)


class ReopenView(ApiView):
    scopes = {"POST": Scope.WRITE}

    @described(
        "Reopen",
        answers.CaseShape,
        body=bodies.StaffReasonBody,
        operation="reopenCase",
        about="An expired or withdrawn case, by the applicant, or by support with a reason.",
    )
    def post(self, request: Request, case_id: uuid.UUID) -> HttpResponse:
        row = self.case(case_id)
        reason = _reason(self.typed(bodies.StaffReasonBody), own=self.caller.owns(row))

        def work(key: str) -> Response:
            if self.caller.owns(row):
                applicant.reopen(row, key=key)
            else:
                staff.reopen(self.caller.user, row, reason=reason, key=key)
            return Response(representation.case_for(self.caller, _fresh(row), answered=True))

        return self.once(work)


def _reason(typed: dict[str, Any], *, own: bool) -> str:
    """Staff say why; whoever acts for themselves need not, and nobody would read it.

    Raises:
        Problem: 422.
    """
    reason = str(typed.get("reason", "")).strip()
    if own and reason:
        raise problems.invalid(FieldError("reason", "unknown_field", gettext("Only staff give a reason.")))
    if not own and not reason:
        raise problems.invalid(FieldError("reason", "required", gettext("Give a reason.")))
    return reason


def _fresh(row: Case) -> Case:
    return Case.objects.select_related("applicant", "profile").get(pk=row.pk)
