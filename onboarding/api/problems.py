"""Errors of the API: problem+json (RFC 9457) with a stable code, once for everything that can go wrong."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import ceil
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions

from onboarding import roles
from onboarding.desk.words import Names
from onboarding.documents import intake, vault
from onboarding.documents.refusals import Refusal as UploadRefusal
from onboarding.domain.refusals import FORBIDDEN, SENTENCES, Refusal, RefusalCode
from onboarding.models.people import User
from onboarding.usecases.applicant import TurnedAway
from temporal_app import gateway

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
AGAIN_SECONDS = 5
"""`Retry-After` where a service is away."""


class Code(StrEnum):
    """What only this edge says. The others are `RefusalCode` (rules) and the codes of refused uploads."""

    NOT_AUTHENTICATED = "not_authenticated"
    BAD_TOKEN = "bad_token"  # noqa: S105  a code, no secret
    CSRF_FAILED = "csrf_failed"
    SECOND_FACTOR_MISSING = "second_factor_missing"
    SCOPE_MISSING = "scope_missing"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    BAD_REQUEST = "bad_request"
    BAD_LENGTH = "bad_length"
    BAD_JSON = "bad_json"
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type"
    TOO_LARGE = "too_large"
    INVALID = "invalid"
    KEY_MISSING = "idempotency_key_missing"
    KEY_INVALID = "idempotency_key_invalid"
    KEY_REUSED = "idempotency_key_reused"
    IN_FLIGHT = "idempotency_in_flight"
    THROTTLED = "throttled"
    TOO_MANY_STREAMS = "too_many_streams"
    UNAVAILABLE = "unavailable"
    INTERNAL_ERROR = "internal_error"


TITLES = {
    400: _("The request can't be read"),
    401: _("Who is asking?"),
    403: _("Not allowed"),
    404: _("There is nothing here"),
    405: _("Not this way"),
    409: _("Not now"),
    413: _("Too large"),
    415: _("Another kind of body is needed"),
    422: _("Something in it can't be accepted"),
    429: _("Too many requests"),
    500: _("Our fault"),
    503: _("Try again"),
}
UPLOAD_STATUS = {UploadRefusal.TOO_LARGE: 413, UploadRefusal.BUSY: 503}


@dataclass(frozen=True, slots=True)
class FieldError:
    """`field` is a path like "items.0.slot"; empty for what concerns the whole body."""

    field: str
    code: str
    detail: str


@dataclass
class Problem(Exception):
    """An answer that is no success. `more` are extension members of the body."""

    status: int
    code: str
    detail: str
    errors: Sequence[FieldError] = ()
    more: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def body(self) -> dict[str, Any]:
        return {
            "type": f"urn:onboarding:problem:{self.code}",
            "title": str(TITLES[self.status]),
            "status": self.status,
            "detail": str(self.detail),
            "code": str(self.code),
            "errors": [
                {"field": each.field, "code": each.code, "detail": each.detail} for each in self.errors
            ],
            **self.more,
        }


def rendered(problem: Problem) -> HttpResponse:
    """ASCII only: whatever a caller sent as the name of a field can be told back."""
    headers = {"Cache-Control": "no-store", **problem.headers}
    return HttpResponse(json.dumps(problem.body), MEDIA_TYPE, problem.status, headers=headers)


def not_found() -> Problem:
    """The same for what does not exist and for what is somebody else's."""
    return Problem(404, Code.NOT_FOUND, gettext("There is nothing at this address, or it isn't yours."))


def second_factor_missing() -> Problem:
    detail = gettext("Prove your second factor on the site first, or use a token.")
    return Problem(403, Code.SECOND_FACTOR_MISSING, detail)


def invalid(*errors: FieldError) -> Problem:
    return Problem(422, Code.INVALID, gettext("Some fields can't be accepted: see `errors`."), errors)


@csrf_exempt
def unknown_path(_request: HttpRequest, **_: str) -> HttpResponse:
    """Whatever else lies under /api/."""
    return rendered(not_found())


def answer_to(error: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """REST framework's exception handler."""
    problem = problem_of(error, getattr(context["request"], "_user", None))
    if problem is None:
        logger.error("the API could not answer", exc_info=error)
        detail = gettext("This should not have happened, and we have noted it. Please try again later.")
        problem = Problem(500, Code.INTERNAL_ERROR, detail)
    return rendered(problem)


def problem_of(error: Exception, user: Any = None) -> Problem | None:
    """What an exception means for the caller; None for what nobody expected.

    Args:
        user: the caller, where known; staff are told who was faster.
    """
    match error:
        case Problem():
            return error
        case TurnedAway() | gateway.Refused():
            return _refused(error.refusal, user)
        case intake.Refused():
            status = UPLOAD_STATUS.get(error.code, 422)
            return Problem(status, error.code, error.message, headers=_again() if status == 503 else {})
        case gateway.Finished():
            return Problem(409, RefusalCode.FINISHED, gettext(SENTENCES[RefusalCode.FINISHED]))
        case gateway.GatewayError() | vault.VaultUnavailable():
            return _unavailable()
        case Http404():
            return not_found()
        case RequestDataTooBig():
            return Problem(413, Code.TOO_LARGE, gettext("The body is too large. Send less."))
        case SuspiciousOperation():
            return Problem(400, Code.BAD_REQUEST, gettext("The request has too many parts, or bad ones."))
        case exceptions.APIException():
            return _of_the_framework(error)
    return None


def _refused(refusal: Refusal, user: Any) -> Problem:
    more: dict[str, Any] = {}
    if isinstance(user, User) and roles.roles_of(user):
        if refusal.account:
            more["by"] = {"account": refusal.account, "name": Names([refusal.account]).of(refusal.account)}
        if refusal.moment:
            more["at"] = refusal.moment.isoformat()
    status = 403 if refusal.code in FORBIDDEN else 409
    return Problem(status, refusal.code, gettext(SENTENCES[refusal.code]), more=more)


def _unavailable() -> Problem:
    detail = gettext(
        "There was no answer, so it isn't known whether this was recorded. "
        "Send it again with the same Idempotency-Key: it will not be done twice."
    )
    return Problem(503, Code.UNAVAILABLE, detail, headers=_again())


def _again(seconds: int = AGAIN_SECONDS) -> dict[str, str]:
    return {"Retry-After": str(seconds)}


def in_flight() -> Problem:
    detail = gettext("The same request is being worked on. Ask again in a moment.")
    return Problem(409, Code.IN_FLIGHT, detail, headers=_again(1))


def _of_the_framework(error: exceptions.APIException) -> Problem | None:
    match error:
        case exceptions.ValidationError():
            return invalid(*_field_errors(error.get_full_details()))
        case exceptions.NotAuthenticated():
            detail = gettext("Send a token (Authorization: Bearer …) or sign in.")
            return Problem(401, Code.NOT_AUTHENTICATED, detail, headers=_challenge(error))
        case exceptions.AuthenticationFailed():
            detail = gettext("This token is unknown, has run out or was revoked. Ask for a new one.")
            return Problem(401, Code.BAD_TOKEN, detail, headers=_challenge(error))
        case exceptions.Throttled():
            seconds = max(1, ceil(getattr(error, "wait", None) or 60))
            detail = gettext("Too many requests. Wait {n} seconds.").format(n=seconds)
            return Problem(429, Code.THROTTLED, detail, headers=_again(seconds))
        case exceptions.NotFound():
            return not_found()
        case exceptions.MethodNotAllowed():
            detail = gettext("This address doesn't know that method: see the header Allow.")
            return Problem(405, Code.METHOD_NOT_ALLOWED, detail)
        case exceptions.UnsupportedMediaType():
            detail = gettext("Send application/json; for files multipart/form-data.")
            return Problem(415, Code.UNSUPPORTED_MEDIA_TYPE, detail)
        case exceptions.ParseError():
            return Problem(400, Code.BAD_REQUEST, gettext("The body can't be read as what it says it is."))
        case exceptions.PermissionDenied():
            return Problem(403, RefusalCode.NOT_ALLOWED, gettext(SENTENCES[RefusalCode.NOT_ALLOWED]))
    return None


def _challenge(error: exceptions.APIException) -> dict[str, str]:
    return {"WWW-Authenticate": str(getattr(error, "auth_header", "Bearer"))}


def _field_errors(details: Any, path: str = "") -> Iterator[FieldError]:
    """Flattens the framework's nested details."""
    if isinstance(details, Mapping) and {"message", "code"} == set(details):
        yield FieldError(path, str(details["code"]), str(details["message"]))
    elif isinstance(details, Mapping):
        for name, below in details.items():
            own = "" if name == "non_field_errors" else str(name)
            yield from _field_errors(below, ".".join(part for part in (path, own) if part))
    elif isinstance(details, Sequence):
        for number, below in enumerate(details):
            leaf = isinstance(below, Mapping) and {"message", "code"} == set(below)
            yield from _field_errors(below, path if leaf else f"{path}.{number}".strip("."))
